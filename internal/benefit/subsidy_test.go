package benefit

import (
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
)

func TestSubsidy(t *testing.T) {
	for _, c := range []struct {
		name   string
		family Family
		want   money.Amount
	}{
		{"WE-28 single, above the minimum", Family{1, 4661_00, 12500_00, 12000_00, MaxShare}, 1911_00},
		{"WD-43 three, below the minimum", Family{3, 3119_76, 34500_00, 3 * 14200_00, MaxShare}, 3212_45},
		{"income of the minimum itself", Family{1, 4661_00, 12500_00, 12500_00, MaxShare}, 1911_00},
		{"a lower regional share", Family{1, 4661_00, 12500_00, 12000_00, decimal.FromInt(16)}, 2661_00},
		{"minimums that differ: adult, pensioner, child", Family{3, 3119_76, 34500_00, 15478_00 + 12212_00 + 13774_01, MaxShare}, 3044_04},
		{"no income", Family{2, 3119_76, 0, 28400_00, MaxShare}, 6239_52},
		{"income too high", Family{1, 4661_00, 60000_00, 14200_00, MaxShare}, 0},
	} {
		got, err := Subsidy(c.family)
		if err != nil || got.Sum != c.want {
			t.Errorf("%s: %s (%v), want %s", c.name, got.Sum, err, c.want)
		}
	}
}

// TestFactorIsExact is К and the sum of WD-43 before rounding.
func TestFactorIsExact(t *testing.T) {
	a, err := Subsidy(Family{3, 3119_76, 34500_00, 3 * 14200_00, MaxShare})
	if err != nil || a.Factor.Text(6) != "0.809859…" || a.Exact.Text(6) != "3212.449014…" || a.Standard != 9359_28 {
		t.Errorf("К %s, %s of %s (%v)", a.Factor.Text(6), a.Exact.Text(6), a.Standard, err)
	}
}

func TestWithinExpenses(t *testing.T) {
	a, err := Subsidy(Family{1, 4661_00, 12500_00, 12000_00, MaxShare})
	if err != nil {
		t.Fatal(err)
	}
	for expenses, want := range map[money.Amount]money.Amount{1911_00: 1911_00, 1910_99: 1910_99, 0: 0, -5_00: 0, 9000_00: 1911_00} {
		if got := a.Within(expenses); got.Sum != want || got.Capped != (want < 1911_00) {
			t.Errorf("of expenses %s: %s, capped %v", expenses, got.Sum, got.Capped)
		}
	}
}

func TestSubsidyRefuses(t *testing.T) {
	good := Family{3, 3119_76, 34500_00, 3 * 14200_00, MaxShare}
	for code, change := range map[string]func(*Family){
		"subsidy.members": func(f *Family) { f.Members = 0 }, "subsidy.standard": func(f *Family) { f.Standard = -1 },
		"subsidy.income": func(f *Family) { f.Income = -1 }, "subsidy.minimum": func(f *Family) { f.Minimum = 0 },
		"subsidy.share": func(f *Family) { f.Share = MaxShare + 1 },
	} {
		f := good
		change(&f)
		if _, err := Subsidy(f); fault.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

// TestSubsidyFallsWithIncome: more income never means more support, a larger minimum never less.
func TestSubsidyFallsWithIncome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Family{
			Members: rapid.IntRange(1, 9).Draw(t, "members"), Standard: money.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "standard")),
			Income: money.Amount(rapid.Int64Range(0, 20_000_000).Draw(t, "income")), Minimum: money.Amount(rapid.Int64Range(1, 10_000_000).Draw(t, "minimum")),
			Share: decimal.Decimal(rapid.Int64Range(0, MaxShare).Draw(t, "share")),
		}
		less, err := Subsidy(f)
		if err != nil {
			t.Fatal(err)
		}
		f.Income += money.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "more"))
		more, err := Subsidy(f)
		if err != nil || more.Sum > less.Sum || less.Sum < 0 || less.Sum > less.Standard {
			t.Fatalf("%s, with more income %s (%v)", less.Sum, more.Sum, err)
		}
		f.Minimum += money.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "minimum grows"))
		if raised, err := Subsidy(f); err != nil || raised.Sum < more.Sum {
			t.Fatalf("%s, with a larger minimum %s (%v)", more.Sum, raised.Sum, err)
		}
	})
}
