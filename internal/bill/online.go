package bill

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/online"
)

// OnlineBalance is what a supplier said an account owes, at a moment of his own. It stands beside the bill: what is to pay
// follows from registers and payments alone.
type OnlineBalance struct {
	Due   money.Amount    `json:"due"`
	AsOf  string          `json:"asOf"`
	At    calendar.Micros `json:"-"`
	Fresh bool            `json:"-"` // answered now
}

// tellOnline adds the last known balances of suppliers who are asked for them, as known at the moment of the bill.
func (m *Module) tellOnline(ctx context.Context, tx *db.Tx, b *Bill) error {
	for i := range b.Suppliers {
		t := &b.Suppliers[i]
		s, err := m.supplierOf(ctx, tx, t.SupplierID)
		if err != nil {
			return err
		}
		if s.Online == nil {
			continue
		}
		last, err := online.Latest(ctx, tx, b.BuildingID, t.AccountID, b.Moment)
		switch {
		case fault.Is(err, fault.NotFound):
		case err != nil:
			return err
		default:
			t.Online = &OnlineBalance{Due: last.Due, AsOf: m.stamp(last.AsOf), At: last.AsOf}
		}
	}
	return nil
}

// AddOnline puts balances that suppliers answered just now in the place of those known before.
func (b *Bill) AddOnline(known map[int64]online.Balance, stamp func(calendar.Micros) string) {
	for i := range b.Suppliers {
		if x, ok := known[b.Suppliers[i].AccountID]; ok {
			b.Suppliers[i].Online = &OnlineBalance{Due: x.Due, AsOf: stamp(x.AsOf), At: x.AsOf, Fresh: x.Fresh}
		}
	}
}
