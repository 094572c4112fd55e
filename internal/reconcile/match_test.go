package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/exchange/statement"
	"kvit/internal/money"
)

const first = calendar.Date(20261005) // a Monday

func paid(key string, day calendar.Date, sum money.Amount) ours {
	return ours{Key: key, IDs: []string{key}, Day: day, Sum: sum}
}

func line(op string, day calendar.Date, sum, fee money.Amount) Line {
	return Line{Operation: op, Day: day, Amount: sum, Fee: fee, key: op + "||||" + fmt.Sprint(sum)}
}

// found compares days and tells the cases in short.
func found(partner Partner, mine []ours, theirs []Line) string {
	c := &comparison{partner: partner, days: map[calendar.Date]*Day{}}
	var days []calendar.Date
	for i := range mine {
		days = append(days, mine[i].Day)
	}
	for i := range theirs {
		days = append(days, theirs[i].Day)
	}
	slices.Sort(days)
	for _, d := range slices.Compact(days) {
		c.compareDay(d, slices.DeleteFunc(slices.Clone(mine), func(o ours) bool { return o.Day != d }), slices.DeleteFunc(slices.Clone(theirs), func(x Line) bool { return x.Day != d }))
	}
	c.compareLeft()
	c.alone(func(*Line) string { return "" }, func(calendar.Date) bool { return true })
	return causesOf(c.cases)
}

func causesOf(cases []Case) string {
	var list []string
	for _, c := range cases {
		list = append(list, fmt.Sprintf("%s %d/%d", c.Cause, int64(c.Ours), int64(c.Theirs)))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func TestOursAgainstARegister(t *testing.T) {
	back := ours{Key: "r1", IDs: []string{"r1"}, Parent: []string{"p1"}, Day: first, Sum: -50}
	for name, c := range map[string]struct {
		mine   []ours
		theirs []Line
		want   string
	}{
		"equal":                      {[]ours{paid("a", first, 100)}, []Line{line("a", first, 100, 1)}, ""},
		"only ours":                  {[]ours{paid("a", first, 100), paid("b", first, 7)}, []Line{line("a", first, 100, 1)}, "only_ours 7/0"},
		"only theirs":                {[]ours{paid("a", first, 100)}, []Line{line("a", first, 100, 1), line("b", first, 9, 0)}, "only_theirs 0/9"},
		"sums differ":                {[]ours{paid("a", first, 100)}, []Line{line("a", first, 90, 1)}, "sum 100/90"},
		"an operation twice":         {[]ours{paid("a", first, 100)}, []Line{line("a", first, 100, 1), line("a", first, 100, 1)}, "doubled 0/100"},
		"one operation in two lines": {[]ours{paid("a", first, 100)}, []Line{line("a", first, 60, 1), line("a", first, 40, 1)}, ""},
		"near midnight":              {[]ours{paid("a", first, 100), paid("b", first.AddDays(1), 5)}, []Line{line("b", first.AddDays(1), 5, 0), line("a", first.AddDays(1), 100, 1)}, "wrong_day 100/100"},
		"given back":                 {[]ours{paid("p1", first, 100), back}, []Line{line("p1", first, 100, 1), {Operation: "x", Parent: "p1", Day: first, Amount: -50}}, ""},
		"given back on another day":  {[]ours{paid("p1", first, 100), back}, []Line{line("p1", first, 100, 1), {Operation: "x", Parent: "p1", Day: first.AddDays(2), Amount: -50}}, "refund_day -50/-50"},
		"another currency":           {nil, []Line{{Operation: "a", Day: first, Amount: 100, Currency: "USD"}}, "currency 0/100"},
		"no register of a day":       {[]ours{paid("a", first, 100), paid("b", first, 20)}, nil, "no_register 120/0"},
	} {
		if got := found(Partner{Code: "x"}, c.mine, c.theirs); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// came is a credit on our account.
func came(number string, on calendar.Date, sum money.Amount, purpose string) *transfer {
	x := &movement{Movement: statement.Movement{Incoming: true, Number: number, Date: on, DocDate: on, Sum: sum, Purpose: purpose, Payer: statement.Party{Name: "Банк"}}}
	x.Key = key(&x.Movement)
	return &transfer{movement: x, purpose: ReadPurpose(purpose, "")}
}

func TestRegistersAgainstTheBank(t *testing.T) {
	fee := int64(100)
	days := func() []*Day {
		var list []*Day
		for i, sum := range []money.Amount{10000, 20000, 30000} { // Friday, Saturday, Sunday
			list = append(list, &Day{Day: calendar.NewDate(2026, 10, 9).AddDays(i), Ours: sum, Register: sum, HasRegister: true, lines: 1})
		}
		return list
	}
	monday := calendar.NewDate(2026, 10, 12)
	for name, c := range map[string]struct {
		list []*transfer
		regs []registerRow
		want string
	}{
		"three days in one sum":           {[]*transfer{came("1", monday, 59400, "Платежи населения")}, nil, ""},
		"a day each":                      {[]*transfer{came("1", monday, 9900, "Платежи населения"), came("2", monday, 19800, "Платежи населения"), came("3", monday, 29700, "Платежи населения")}, nil, ""},
		"rounding of fees":                {[]*transfer{came("1", monday, 59402, "Платежи населения")}, nil, ""},
		"by the register's payment order": {[]*transfer{came("77", monday.AddDays(3), 59400, "перевод")}, []registerRow{{Order: "77", OrderDay: monday.AddDays(3), From: 20261009, To: 20261011, Gross: 60000, Fee: 600, FeeTold: false}}, ""},
		"another fee":                     {[]*transfer{came("1", monday, 58800, "Платежи населения за 09–11.10.2026, принято 600.00")}, nil, "fee 600/1200"},
		"another sum":                     {[]*transfer{came("1", monday, 50000, "Платежи населения за 09–11.10.2026")}, nil, "bank_sum 59400/50000"},
		"nothing came":                    {nil, nil, "bank_missing 19800/0, bank_missing 29700/0, bank_missing 9900/0"},
		"the same twice":                  {[]*transfer{came("1", monday, 59400, "Платежи населения за 09–11.10.2026"), came("1", monday.AddDays(1), 59400, "Платежи населения за 09–11.10.2026")}, nil, "bank_doubled 0/59400"},
		"money for which there is no day": {[]*transfer{came("1", monday, 59400, "Платежи населения"), came("2", monday, 777, "Платежи населения")}, nil, "bank_only 0/777"},
	} {
		var cases []Case
		s := &side{partner: Partner{Code: "x", Fee: &fee}, days: days(), settled: map[calendar.Date]bool{}, cases: &cases, registers: c.regs}
		for _, x := range c.list {
			x.partner = s
		}
		settleAll([]*side{s}, c.list)
		missing([]*side{s}, c.list, calendar.NewDate(2026, 11, 30), &cases)
		if got := causesOf(cases); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
