package charge

import (
	"testing"

	"kvit/internal/decimal"
	"kvit/internal/money"
)

// TestCauseOfASumAlone: where a register tells readings and a sum, the one change that comes to the sum is its cause.
func TestCauseOfASumAlone(t *testing.T) {
	line := func(volume int64, rate float64) comparedLine {
		return comparedLine{volume: decimal.FromInt(volume), rate: decimal.Decimal(int64(rate*100+0.5) * kopeck)}
	}
	one, two := []comparedLine{line(112, 7.13)}, []comparedLine{line(126, 8.2), line(37, 5.35)}
	for _, x := range []struct {
		name   string
		theirs money.Amount
		own    []comparedLine
		want   Cause
	}{
		{"107 kWh", 76291, one, CauseVolume},
		{"at 4.99", 55888, one, CauseRate},
		{"three roubles more", 80156, one, CauseSum},
		{"nothing", 0, one, CauseSum},
		{"day and night swapped", 37*820 + 126*535, two, CauseZones},
		{"a night of 40", 126*820 + 40*535, two, CauseVolume},
		{"a kopeck more", 126*820 + 37*535 + 1, two, CauseSum},
	} {
		if got := inferred(x.theirs, x.own); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
	if !roundedTo(2_805_810, 2_805_816) || !roundedTo(50_000_000, 46_000_000) || roundedTo(57_700_000, 37_700_000) {
		t.Error("rounding is not told from another volume")
	}
}
