package charge

import (
	"context"
	"math"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
)

// Engine gives the engine of the catalogue in force.
func (m *Module) Engine(ctx context.Context) (*calc.Engine, error) {
	e, _, err := m.engineAt(ctx, m.Now())
	return e, err
}

// Charged gives the months a building was charged for, the earliest first: a fact about them is late.
func Charged(ctx context.Context, tx *db.Tx, building int64) ([]calendar.Month, error) {
	return listMonths(ctx, tx, building, 0, math.MaxInt32)
}
