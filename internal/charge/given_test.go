package charge

import (
	"testing"

	"kvit/internal/decimal"
)

// TestFiguresOfSuppliers: of two services of the catalogue under one of the supplier's none is lost and the sum counts
// once; heat he gives apart stands beside its water.
func TestFiguresOfSuppliers(t *testing.T) {
	line := func(volume int64) *figure {
		return &figure{Line: &Line{Charge: 1, Volume: decimal.FromInt(volume), Given: GivenCharge}}
	}
	f := figures{{7, 1}: line(5), {7, 2}: line(3), {7, 3}: line(4)}
	first, second := f.of(7, 1, 0), f.of(7, 1, 0)
	if first == nil || first.Amount != 1 || second == nil || second.Amount != 0 || second.Volume != decimal.FromInt(5) {
		t.Errorf("two services under one: %+v and %+v", first, second)
	}
	if g := f.of(7, 2, 3); g == nil || g.Heat == nil || g.Volume != decimal.FromInt(3) || g.Heat.Volume != decimal.FromInt(4) {
		t.Errorf("water and heat: %+v", g)
	}
	if g := f.of(7, 9, 3); g == nil || g.Amount != 0 || g.Heat == nil {
		t.Errorf("heat alone: %+v", g)
	}
	if g := f.of(8, 1, 3); g != nil {
		t.Errorf("nothing given: %+v", g)
	}
}
