package payment

import (
	"slices"
	"testing"

	"kvit/internal/event"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// TestWhatIsToldOfParts: one event an account, of a payment, a reversal of a bank, a refund; nothing of money nobody
// could place.
func TestWhatIsToldOfParts(t *testing.T) {
	part := func(account int64, kind string, amount int64) Part {
		return Part{BuildingID: 1, OrderID: 9, AccountID: account, Kind: kind, Amount: money.Amount(amount), PaidOn: 20261124, Channel: "sber"}
	}
	for _, c := range []struct {
		name  string
		order Order
		parts []Part
		want  []event.Body
	}{
		{"a payment of two accounts, services added up", Order{PublicID: "x", Sum: 60}, []Part{part(8, PartDebt, 10), part(7, PartDebt, 20), part(8, PartAdvance, 30)},
			[]event.Body{event.Payment{Operation: "x", Day: "2026-11-24", Channel: "sber", Sum: 20}, event.Payment{Operation: "x", Day: "2026-11-24", Channel: "sber", Sum: 40}}},
		{"a refund", Order{PublicID: "x", Sum: 60}, []Part{part(8, PartDebt, -10)}, []event.Body{event.Refund{Operation: "x", Day: "2026-11-24", Sum: 10}}},
		{"a reversal in a register", Order{PublicID: "x", Sum: -10}, []Part{part(8, PartDebt, -10)}, []event.Body{event.Payment{Operation: "x", Day: "2026-11-24", Channel: "sber", Sum: -10}}},
		{"unknown account", Order{PublicID: "x", Sum: 60}, []Part{part(0, ledger.Suspense, 60)}, nil},
	} {
		var got []event.Body
		for _, e := range eventsOf(&c.order, c.parts, 5) {
			if e.FactID != 9 || e.BuildingID != 1 || e.At != 5 || e.AccountID == 0 {
				t.Errorf("%s: %+v", c.name, e)
			}
			got = append(got, e.Body)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
