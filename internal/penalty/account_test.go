package penalty

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// said is each month's principal, rest and penalty.
func said(dues []Due) string {
	text := ""
	for i := range dues {
		d := &dues[i]
		text += fmt.Sprintf("%s %s: %s rest %s penalty %s more %s; ", d.Group, d.Month, d.Principal, d.Rest, d.Total, d.More())
	}
	return text
}

func TestAccount(t *testing.T) {
	const may = 20250531
	owed := []Owed{{"housing", 202501, 202501, 620_000}, {"housing", 202502, 202502, 100_000}}
	for _, c := range []struct {
		name string
		a    Account
		at   calendar.Date
		want string
	}{
		{
			"WD-34 both bands, charged before in part", Account{Owed: owed[:1], Paid: []Incoming{{ID: 1, On: 20250620, Sum: 620_000}}, Charged: []Charged{{"housing", 202501, 11_780}}}, 20250630,
			"housing 2025-01: 6200.00 rest 0.00 penalty 299.03 more 181.23; ",
		},
		{
			"the youngest month waits", Account{Owed: owed, Paid: []Incoming{{ID: 1, On: 20250301, Sum: 700_000}}}, may,
			"housing 2025-01: 6200.00 rest 0.00 penalty 0.00 more 0.00; housing 2025-02: 1000.00 rest 200.00 penalty 3.29 more 3.29; ",
		},
		{
			"a correction lowers the month it is about", Account{Owed: append(slices.Clone(owed[:1]), Owed{"housing", 202501, 202504, -620_000}), Charged: []Charged{{"housing", 202501, 500}}}, may,
			"housing 2025-01: 0.00 rest 0.00 penalty 0.00 more -5.00; ",
		},
		{
			"one that adds is owed with the month it was charged in", Account{Owed: []Owed{{"", 202501, 202501, 100}, {"", 202501, 202503, 900_000}}, Paid: []Incoming{{ID: 1, On: 20250201, Sum: 100}}}, may,
			" 2025-01: 1.00 rest 0.00 penalty 0.00 more 0.00;  2025-03: 9000.00 rest 9000.00 penalty 59.85 more 59.85; ",
		},
		{
			"and taken back leaves nothing", Account{Owed: []Owed{{"", 202501, 202501, 100}, {"", 202501, 202502, 900}, {"", 202501, 202503, -900}}, Paid: []Incoming{{ID: 1, On: 20250201, Sum: 100}}}, may,
			" 2025-01: 1.00 rest 0.00 penalty 0.00 more 0.00;  2025-02: 0.00 rest 0.00 penalty 0.00 more 0.00; ",
		},
		{
			"a month below nothing pays the next", Account{Owed: []Owed{{"", 202412, 202412, -5_000}, {"", 202501, 202501, 5_000}}}, may,
			" 2024-12: 0.00 rest 0.00 penalty 0.00 more 0.00;  2025-01: 50.00 rest 0.00 penalty 0.00 more 0.00; ",
		},
		{
			"paid back on another day", Account{Owed: owed[:1], Paid: []Incoming{{ID: 2, On: 20250501, Sum: -620_000}, {ID: 1, On: 20250201, Sum: 620_000}}}, 20250511,
			"housing 2025-01: 6200.00 rest 6200.00 penalty 117.80 more 117.80; ",
		},
		{
			"its own group first", Account{Owed: []Owed{{"housing", 202501, 202501, 100_000}, {"utilities", 202501, 202501, 100_000}}, Paid: []Incoming{{ID: 1, On: 20250201, Sum: 100_000, Group: "utilities"}}}, 20250312,
			"housing 2025-01: 1000.00 rest 1000.00 penalty 0.00 more 0.00; utilities 2025-01: 1000.00 rest 0.00 penalty 0.00 more 0.00; ",
		},
		{
			"none named: in proportion", Account{Owed: []Owed{{"housing", 202501, 202501, 300_000}, {"utilities", 202501, 202501, 100_000}}, Paid: []Incoming{{ID: 1, On: 20250201, Sum: 100_000}}}, 20250312,
			"housing 2025-01: 3000.00 rest 2250.00 penalty 0.00 more 0.00; utilities 2025-01: 1000.00 rest 750.00 penalty 0.00 more 0.00; ",
		},
		{"a moratorium", Account{Owed: []Owed{{"", 202001, 202001, 100_000}}}, 20201231, " 2020-01: 1000.00 rest 1000.00 penalty 3.54 more 3.54; "},
	} {
		dues, _, err := compiled(t, law(t)).Of(&c.a, c.at)
		if got := said(dues); err != nil || got != c.want {
			t.Errorf("%s:\n%s (%v), want\n%s", c.name, got, err, c.want)
		}
	}
}

// TestAccountPolicy: penalties are charged unless the supplier says otherwise; where he comes to say so, what was charged
// goes back.
func TestAccountPolicy(t *testing.T) {
	for value, want := range map[string]money.Amount{ChargeThem: 11_280, ShowThem: -500, NoPenalties: -500} {
		c := law(t)
		c.Policies = append(c.Policies, tariff.Policy{Name: "penalty", Supplier: "uk", Value: value})
		a := Account{Supplier: "uk", Owed: []Owed{{"", 202501, 202501, 620_000}}, Charged: []Charged{{"", 202501, 500}}}
		dues, unpaid, err := compiled(t, c).Of(&a, 20250511)
		if err != nil || len(dues) != 1 || dues[0].More() != want || dues[0].Total != 11_780 || unpaid != 500 {
			t.Errorf("%s: %s unpaid %s (%v), want %s more", value, said(dues), unpaid, err, want)
		}
		a.Supplier = "another"
		if dues, _, _ = compiled(t, c).Of(&a, 20250511); dues[0].More() != 11_280 {
			t.Errorf("%s of another supplier: %s", value, said(dues))
		}
	}
}

// TestAccountWithoutRules: a debt older than the rules is refused by itself and keeps what was charged.
func TestAccountWithoutRules(t *testing.T) {
	c := law(t)
	for i := range c.DueDays {
		c.DueDays[i].FromMonth = max(c.DueDays[i].FromMonth, 202503)
	}
	dues, _, err := compiled(t, c).Of(&Account{Owed: []Owed{{"", 202501, 202501, 100}}, Charged: []Charged{{"", 202501, 7}}}, 20260101)
	if err != nil || len(dues) != 1 || dues[0].Code() != "penalty.no_due_day" || dues[0].More() != 0 || dues[0].Unpaid() != 100 {
		t.Errorf("%s %v", said(dues), err)
	}
}

// TestAccountMonthByMonth: charged month by month as payments come to be known, penalties add up to what the last day makes
// of all facts; the order facts were told in changes nothing; what is unpaid of them is never more than charged.
func TestAccountMonthByMonth(t *testing.T) {
	rules := compiled(t, law(t))
	rapid.Check(t, func(t *rapid.T) {
		var all Account
		known := map[int]calendar.Month{} // payments by the month they come to be known in
		first := calendar.Month(202506)
		for i := range rapid.IntRange(1, 4).Draw(t, "months") {
			group := rapid.SampledFrom([]string{"utilities", "capital_repair"}).Draw(t, "group")
			all.Owed = append(all.Owed, Owed{group, first.Add(i), first.Add(i), money.Amount(rapid.Int64Range(1, 900_000).Draw(t, "owed"))})
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "payments") {
			on := first.First().AddDays(rapid.IntRange(0, 300).Draw(t, "day"))
			all.Paid = append(all.Paid, Incoming{ID: int64(i + 1), On: on, Sum: money.Amount(rapid.Int64Range(-200_000, 900_000).Draw(t, "paid"))})
			known[i] = on.Month().Add(rapid.IntRange(0, 3).Draw(t, "late"))
		}
		last := first.Add(14)
		charged := Account{Owed: all.Owed}
		for m := first; m <= last; m = m.Add(1) {
			charged.Paid = nil
			for i, p := range all.Paid {
				if known[i] <= m {
					charged.Paid = append(charged.Paid, p)
				}
			}
			dues, unpaid, err := rules.Of(&charged, m.Last())
			if err != nil || unpaid < 0 {
				t.Fatalf("%v, unpaid %s", err, unpaid)
			}
			for i := range dues {
				charged.Charged = append(charged.Charged, Charged{dues[i].Group, dues[i].Month, dues[i].More()})
			}
		}
		rand.Shuffle(len(all.Owed), func(i, j int) { all.Owed[i], all.Owed[j] = all.Owed[j], all.Owed[i] })
		rand.Shuffle(len(all.Paid), func(i, j int) { all.Paid[i], all.Paid[j] = all.Paid[j], all.Paid[i] })
		dues, _, err := rules.Of(&all, last.Last())
		if err != nil {
			t.Fatal(err)
		}
		for i := range dues {
			var sum money.Amount
			for _, c := range charged.Charged {
				if c.Group == dues[i].Group && c.Month == dues[i].Month {
					sum += c.Sum
				}
			}
			if sum != dues[i].Total {
				t.Fatalf("%s: %s charged month by month, %s in all", dues[i].Month, sum, dues[i].Total)
			}
		}
	})
}
