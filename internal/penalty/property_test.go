package penalty

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// story is a debt with its payments and the day it is counted on.
type story struct {
	debt Debt
	paid []Payment
	at   calendar.Date
}

func drawStory(t *rapid.T) story {
	first := calendar.Date(20180101).Ordinal()
	s := story{debt: Debt{
		Month:     calendar.FromOrdinal(first + rapid.IntRange(0, 3200).Draw(t, "month")).Month(),
		Group:     rapid.SampledFrom([]string{"", "utilities", "capital_repair"}).Draw(t, "group"),
		Supplier:  rapid.SampledFrom([]string{"", "bankrupt", "contract"}).Draw(t, "supplier"),
		Principal: money.Amount(rapid.Int64Range(1, 5_000_000).Draw(t, "principal")),
	}}
	zero := s.debt.Month.First().Ordinal()
	for range rapid.IntRange(0, 6).Draw(t, "payments") {
		s.paid = append(s.paid, Payment{
			On:  calendar.FromOrdinal(zero + rapid.IntRange(0, 1500).Draw(t, "day")),
			Sum: money.Amount(rapid.Int64Range(1, 3_000_000).Draw(t, "sum")),
		})
	}
	s.at = calendar.FromOrdinal(zero + rapid.IntRange(0, 1500).Draw(t, "at"))
	return s
}

func counted(t *rapid.T, rules *Rules, s story) *Result {
	var res Result
	if err := rules.Compute(s.debt, s.paid, s.at, &res); err != nil {
		t.Fatal(err)
	}
	return &res
}

// byDays is the law read literally, a day and a kopeck's owner at a time: each paid part, and the rest, is charged
// for every day from 1 to its own by the fraction of that day and the rate of its own day.
func byDays(rules *Rules, c *tariff.Catalog, s story) *big.Rat {
	due, _ := rules.DueDate(s.debt.Month, s.debt.Supplier)
	total := new(big.Rat)
	charge := func(part money.Amount, until calendar.Date) {
		rate, _, err := rules.Rate(until)
		if err != nil {
			panic(err)
		}
		n := 0
		for day := due.AddDays(1); day <= until; day = day.AddDays(1) {
			if n++; n <= 30 || idle(c, s.debt, due, day) {
				continue
			}
			over := int64(300)
			if n > 90 && s.debt.Group != "capital_repair" {
				over = 130
			}
			v := new(big.Rat).SetFrac64(int64(part), 100)
			total.Add(total, v.Mul(v, big.NewRat(int64(rate), 100*10_000_000*over)))
		}
	}
	paid := slices.Clone(s.paid)
	slices.SortFunc(paid, func(a, b Payment) int { return int(a.On - b.On) })
	left := s.debt.Principal
	for _, p := range paid {
		if p.On <= s.at {
			charge(min(p.Sum, left), p.On)
			left -= min(p.Sum, left)
		}
	}
	charge(left, s.at)
	return total
}

func idle(c *tariff.Catalog, d Debt, due, day calendar.Date) bool {
	for _, m := range c.Moratoria {
		if m.Holds(day) && (m.Supplier == "" || m.Supplier == d.Supplier) && (m.DebtsBefore == 0 || due < m.DebtsBefore) {
			return true
		}
	}
	return false
}

// exactOf is the sum of the intervals before rounding, roubles.
func exactOf(r *Result) (sum decimal.Ratio) {
	for i := range r.Intervals {
		sum = sum.Plus(r.Intervals[i].Exact)
	}
	return sum
}

// TestJumpsEqualDays: the intervals are the walk over days, to the last digit; each is rounded by half a kopeck at
// most, and none is empty or negative.
func TestJumpsEqualDays(t *testing.T) {
	c := law(t)
	rules := compiled(t, c)
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		res := counted(t, rules, s)
		if want := byDays(rules, c, s); exactOf(res).Rat().Cmp(want) != 0 {
			t.Fatalf("exact %s, by days %s\n%s", exactOf(res).Text(6), want.FloatString(6), linesOf(res))
		}
		off := new(big.Rat).Sub(exactOf(res).Rat(), big.NewRat(int64(res.Total), 100))
		if off.Abs(off).Cmp(big.NewRat(int64(len(res.Intervals)), 200)) > 0 {
			t.Fatalf("total %s of %s in %d intervals", res.Total, exactOf(res).Text(6), len(res.Intervals))
		}
		for _, i := range res.Intervals {
			if i.Days < 1 || i.Balance <= 0 || i.Amount < 0 || i.To.Days(i.From)+1 != i.Days || i.From.Days(res.Due) <= 30 {
				t.Fatalf("interval %s", &i)
			}
		}
	})
}

// TestCutInTwo: cutting an interval by a day of calculation changes nothing but roundings.
func TestCutInTwo(t *testing.T) {
	c := law(t)
	c.Regimes = []tariff.Regime{{Rule: "fixed", Rate: percent(t, "9.5")}} // else the rest changes its rate with the day
	rules := compiled(t, c)
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		whole := counted(t, rules, s)
		s.at = calendar.FromOrdinal(s.at.Ordinal() - 1)
		day := counted(t, rules, s)
		diff := whole.Total - day.Total - day.NextDay
		if diff < -1 || diff > 1 { // three roundings of half a kopeck
			t.Fatalf("%s, the day before %s and a day %s", whole.Total, day.Total, day.NextDay)
		}
	})
}

// TestOrderOfPayments: neither the order nor the parts of what came on one day matter.
func TestOrderOfPayments(t *testing.T) {
	rules := compiled(t, law(t))
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		want := linesOf(counted(t, rules, s))
		var parts []Payment
		for _, p := range s.paid {
			cut := money.Amount(rapid.Int64Range(0, int64(p.Sum)).Draw(t, "cut"))
			parts = append(parts, Payment{p.On, cut}, Payment{p.On, p.Sum - cut})
		}
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(parts), func(i, k int) { parts[i], parts[k] = parts[k], parts[i] })
		s.paid = parts
		if got := linesOf(counted(t, rules, s)); got != want {
			t.Fatalf("in parts\n%s, whole\n%s", got, want)
		}
	})
}

// TestReversalRestores: a payment and its reversal leave what was before, whatever else was paid; so does money
// returned later than it came when nothing came between.
func TestReversalRestores(t *testing.T) {
	rules := compiled(t, law(t))
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		want := counted(t, rules, s)
		sum := money.Amount(rapid.Int64Range(1, 3_000_000).Draw(t, "reversed"))
		on := calendar.FromOrdinal(s.debt.Month.First().Ordinal() + rapid.IntRange(0, 1500).Draw(t, "on"))
		back := on
		if rapid.Bool().Draw(t, "later") && !slices.ContainsFunc(s.paid, func(p Payment) bool { return p.On >= on }) {
			back = min(on.AddDays(5), max(s.at, on))
		}
		s.paid = append(s.paid, Payment{back, -sum}, Payment{on, sum})
		if got := counted(t, rules, s); linesOf(got) != linesOf(want) || got.Rest != want.Rest {
			t.Fatalf("after a reversal\n%s, before\n%s", linesOf(got), linesOf(want))
		}
	})
}

// TestGrowsWithTime: a later day of calculation under one rate never takes penalty away.
func TestGrowsWithTime(t *testing.T) {
	c := law(t)
	c.Regimes = []tariff.Regime{{Rule: "fixed", Rate: percent(t, "9.5")}}
	rules := compiled(t, c)
	rapid.Check(t, func(t *rapid.T) {
		s := drawStory(t)
		before := counted(t, rules, s)
		s.at = s.at.AddDays(rapid.IntRange(1, 400).Draw(t, "days"))
		after := counted(t, rules, s)
		if exactOf(after).Cmp(exactOf(before)) < 0 {
			t.Fatalf("fell from %s to %s", exactOf(before).Text(6), exactOf(after).Text(6))
		}
	})
}

// TestResultIsReused: a Result keeps nothing of the debt before it, and one set of rules serves all at once.
func TestResultIsReused(t *testing.T) {
	rules := compiled(t, law(t))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var reused Result
			for range 3 {
				for _, c := range workedCases {
					debt := Debt{Month: c.month, Group: c.group, Supplier: c.supplier, Principal: sum(t, c.sum)}
					if err := rules.Compute(debt, payments(t, c.paid), c.at, &reused); err != nil || linesOf(&reused) != c.lines {
						t.Errorf("%s: %s (%v)", c.name, linesOf(&reused), err)
					}
				}
			}
		})
	}
	wg.Wait()
}

// FuzzDates: no date, sum or row makes the count fail other than by a fault, lie or hang.
func FuzzDates(f *testing.F) {
	f.Add(202501, 0, 20250620, 20250301, int64(620_000), int64(100), 31, 300)
	f.Add(202002, 20200229, 20991231, 19000101, int64(-1), int64(-1), 1, 0)
	f.Add(0, 0, 0, 0, int64(1<<40), int64(1<<40), 4000, 1)
	f.Fuzz(func(t *testing.T, month, due, at, on int, principal, paid int64, day, over int) {
		c := law(t)
		c.Stages = append(c.Stages, tariff.Stage{Group: "own", Day: day, Over: over})
		rules, err := Compile(c, calendar.DayOff)
		if err != nil {
			return
		}
		var res Result
		debt := Debt{Month: calendar.Month(month), Group: "own", Due: calendar.Date(due), Principal: money.Amount(principal)}
		if err := rules.Compute(debt, []Payment{{calendar.Date(on), money.Amount(paid)}}, calendar.Date(at), &res); err != nil {
			return
		}
		if res.Total < 0 || res.NextDay < 0 || res.Rest < 0 || principal > 0 && res.Rest > money.Amount(principal) {
			t.Errorf("total %s, next day %s, rest %s", res.Total, res.NextDay, res.Rest)
		}
		for _, i := range res.Intervals {
			if i.From < res.Due || i.To > calendar.Date(at) || i.Days < 1 {
				t.Errorf("interval %s of a debt due %s on %d", &i, res.Due.Dotted(), at)
			}
		}
	})
}

func TestComputeDoesNotAllocate(t *testing.T) {
	rules := compiled(t, law(t))
	paid := []Payment{{20250601, 400_000}, {20250815, 600_000}}
	var res Result
	if got := testing.AllocsPerRun(100, func() {
		if err := rules.Compute(Debt{Month: 202503, Group: "utilities", Principal: 1_000_000}, paid, 20260815, &res); err != nil {
			t.Fatal(err)
		}
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkCompute(b *testing.B) {
	rules := compiled(b, law(b))
	for name, c := range map[string]struct {
		paid []Payment
		at   calendar.Date
	}{
		"free_days":     {nil, 20250420},
		"two_payments":  {[]Payment{{20250601, 400_000}, {20250815, 600_000}}, 20250901},
		"ten_years":     {nil, 20350415},
		"fifty_partial": {slices.Repeat([]Payment{{20250601, 1000}, {20250702, 1000}, {20250803, 1000}, {20250904, 1000}, {20251005, 1000}}, 10), 20260601},
	} {
		b.Run(name, func(b *testing.B) {
			var res Result
			b.ReportAllocs()
			for b.Loop() {
				if err := rules.Compute(Debt{Month: 202503, Group: "utilities", Principal: 1_000_000}, c.paid, c.at, &res); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDueDate(b *testing.B) {
	rules := compiled(b, law(b))
	for b.Loop() {
		if _, err := rules.DueDate(202512, "water"); err != nil {
			b.Fatal(err)
		}
	}
}
