package app

import (
	"context"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/payment"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// around is what decides where the advance of an account goes: what its home owes, to whom, and by which rules.
type around struct {
	debts []payment.Debt
	rules *payment.Rules
	ended map[int64]bool     // accounts of the house all of whose services have ended
	sold  map[int64][]string // services by supplier
}

func (a *App) aroundOf(ctx context.Context, b *bill.Bill) (*around, error) {
	x := &around{}
	x.debts, x.rules = bill.Payable([]*bill.Bill{b})
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		x.ended, x.sold = map[int64]bool{}, map[int64][]string{}
		for i := range x.debts {
			s, err := supplier.FindByID(ctx, tx, x.debts[i].SupplierID)
			if err != nil {
				return err
			}
			x.sold[s.ID] = s.Services
		}
		today := calendar.DateOf(a.now().Time().In(a.Zone))
		return tx.Scan(ctx, "SELECT account_id, ended_on FROM v_account_ended WHERE building_id = $1 AND ended_on < $2", []any{b.BuildingID, int64(today)}, func(v []int64, _ []byte) error {
			x.ended[v[0]] = true
			return nil
		})
	})
	return x, err
}

// locality is that of the home: rules may be a town's own.
func (x *around) locality() string {
	if len(x.debts) == 0 {
		return ""
	}
	return x.debts[0].Locality
}

// cause says why an account's supplier is no longer on the bill; ” when he is.
func (x *around) cause(l *Leaver) string {
	if _, left := x.rules.Leaving(l.Supplier, x.locality()); left {
		return LeaverLeft
	}
	if x.ended[l.account] {
		return LeaverEnded
	}
	return ""
}

// waysOf are what is tried by each word of the catalogue, before the money goes back to its payer.
var waysOf = map[string][]string{tariff.LeavingSuccessor: {tariff.LeavingSuccessor}, tariff.LeavingOthers: {tariff.LeavingSuccessor, tariff.LeavingOthers}}

// direct says where the advance goes: shared as any payment over who may have it; back to its payer where nobody may.
func (x *around) direct(l *Leaver) {
	word, _ := x.rules.Leaving(l.Supplier, x.locality())
	for _, way := range waysOf[word] {
		plan, err := payment.Split(x.heirs(l, way), payment.Wish{Sum: l.Sum, Ahead: true}, x.rules)
		if err != nil { // nobody there, or he takes no advances
			continue
		}
		for i := range plan.Parts {
			plan.Parts[i].Reason = payment.ReasonMoved
		}
		l.Way, l.Parts = way, plan.Parts
		return
	}
	l.Way = tariff.LeavingRefund
}

// heirs are the debts an advance may go to: of the same home, in the same house, of suppliers still on the bill; of a
// successor, of the same services.
func (x *around) heirs(l *Leaver, way string) (list []payment.Debt) {
	services := map[string]bool{}
	for i := range x.debts {
		if d := &x.debts[i]; d.AccountID == l.account {
			services[x.title(d)] = true
		}
	}
	for i := range x.debts {
		d := &x.debts[i]
		_, left := x.rules.Leaving(d.Supplier, d.Locality)
		if left || x.ended[d.AccountID] || d.AccountID == l.account || d.BuildingID != l.building || d.Supplier == l.Supplier && way == tariff.LeavingSuccessor {
			continue
		}
		if way == tariff.LeavingOthers || services[x.title(d)] {
			list = append(list, *d)
		}
	}
	return list
}

// title is a service as people call it: suppliers write one service in many ways.
func (x *around) title(d *payment.Debt) string {
	return supplier.ServiceTitle(d.Service, x.sold[d.SupplierID])
}
