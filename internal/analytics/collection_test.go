package analytics

import (
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/decimal"
	"kvit/internal/money"
)

// october is WD-46.
var october = Collection{Charged: 12_400_000_00, Received: 11_532_000_00, OldDebt: 1_116_000_00, Advance: 620_000_00}

func TestCollection(t *testing.T) {
	for name, c := range map[string]struct {
		rate Rate
		want string
	}{
		"gross": {october.Gross(), "93"}, "current": {october.Current(), "79"}, "advance": {october.AdvanceShare(), "5.3763441"},
		"cumulative":        {october.Plus(Collection{Charged: 12_400_000_00, Received: 12_028_000_00}).Gross(), "95"},
		"more than charged": {Rate{130, 100}, "130"},
	} {
		if got, known := c.rate.Percent(); !known || got.String() != c.want {
			t.Errorf("%s: %s %%, want %s", name, got, c.want)
		}
	}
	if got, known := (Collection{Received: 100}).Gross().Percent(); known {
		t.Errorf("a rate of nothing charged is %s %%", got)
	}
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		rate Rate
		want string
	}{
		{october.Gross(), "высокий"},
		{october.Current(), "недоступный"},
		{Rate{92, 100}, "высокий"},
		{Rate{91_999_999_999, 100_000_000_000}, "допустимый"},
		{Rate{85, 100}, "допустимый"},
		{Rate{84, 100}, "недоступный"},
		{Rate{-5, 100}, "недоступный"},
		{Rate{5, 0}, ""},
	} {
		if got := LevelOf(c.rate, Levels); got != c.want {
			t.Errorf("%+v is %q, want %q", c.rate, got, c.want)
		}
	}
	if got := LevelOf(Rate{1, 2}, []Level{{decimal.FromInt(90), "план"}}); got != "" {
		t.Errorf("below every level is %q", got)
	}
}

// TestCumulative: adding periods in any grouping gives one rate, between the lowest and the highest of them.
func TestCumulative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Collection {
			sum := func(what string) money.Amount { return money.Amount(rapid.Int64Range(1, 1e14).Draw(t, name+what)) }
			return Collection{Charged: sum(" charged"), Received: sum(" received"), OldDebt: sum(" old"), Advance: sum(" advance")}
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		if a.Plus(b).Plus(c) != a.Plus(b.Plus(c)) {
			t.Fatal("grouping matters")
		}
		low, _ := a.Gross().Percent()
		high, _ := b.Gross().Percent()
		if got, _ := a.Plus(b).Gross().Percent(); got < min(low, high) || got > max(low, high) {
			t.Fatalf("%s %% of %s and %s", got, low, high)
		}
	})
}
