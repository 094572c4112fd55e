package bill

import (
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/money"
)

// billVerdict is how an issued bill compares with what the household's bill is now.
type billVerdict uint8

const (
	billSame billVerdict = iota
	billChanged
	billOther // withdrawn, or the household's bill is of another month by now
)

// comparedBill is an issued bill beside what it would be now.
type comparedBill struct {
	was        *snapshot
	now        *Bill
	verdict    billVerdict
	difference money.Amount // of what is charged
}

// compareIssued compares the newest issued bills of a batch with what they come to at a moment.
func (m *Module) compareIssued(ctx context.Context, x *Reissue, of *batch, at calendar.Micros) (list []*comparedBill, err error) {
	reader, err := m.charges.Reader(ctx, at)
	if err != nil {
		return nil, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		newest, err := listNewest(ctx, tx, of.first, of.last, x.Month)
		if err != nil {
			return err
		}
		return m.each(ctx, tx, reader, of.first, of.last, at, func(b *Bill) error {
			one := newest[Ref{b.BuildingID, b.HouseholdID}]
			if one == nil || !slices.Contains(of.buildings, b.BuildingID) {
				return nil
			}
			c := &comparedBill{was: &one.snapshot, now: b}
			list = append(list, c)
			return c.compare(x, one.withdrawn)
		})
	})
	return list, err
}

// newestBill is the newest version of a household's bill of a month.
type newestBill struct {
	snapshot
	withdrawn bool
}

// listNewest gives the newest bills of a stretch of buildings for a month.
func listNewest(ctx context.Context, tx *db.Tx, first, last int64, month calendar.Month) (map[Ref]*newestBill, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+snapshotColumns+` FROM bill_snapshot s WHERE building_id BETWEEN $1 AND $2 AND month = $3
		AND NOT EXISTS (SELECT 1 FROM bill_snapshot n WHERE n.building_id = s.building_id AND n.household_id = s.household_id AND n.month = s.month AND n.version > s.version)`, first, last, int64(month))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[Ref]*newestBill{}
	for rows.Next() {
		s, err := scanSnapshot(rows.Scan)
		if err != nil {
			return nil, err
		}
		list[s.ref] = &newestBill{snapshot: s}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	err = tx.Scan(ctx, "SELECT building_id, household_id, version FROM bill_withdrawal WHERE building_id BETWEEN $1 AND $2 AND month = $3", []any{first, last, int64(month)}, func(v []int64, _ []byte) error {
		if one := list[Ref{v[0], v[1]}]; one != nil && one.version == int(v[2]) {
			one.withdrawn = true
		}
		return nil
	})
	return list, err
}

// lineFigures are what a line says that no payment changes.
type lineFigures struct{ opening, charge, recalc, penalty, claimed money.Amount }

func (f *lineFigures) charged() money.Amount { return f.charge + f.recalc + f.penalty }

// figureKey is a service of an account, with whose it is.
type figureKey struct{ account, service, supplier int64 }

// chargedFigures are the figures of a bill's lines. What stood before is the supplier's word; on Kvit's own line payments are
// in it.
func chargedFigures(b *Bill) map[figureKey]lineFigures {
	of := map[figureKey]lineFigures{}
	for i := range b.Lines {
		l := &b.Lines[i]
		f := lineFigures{charge: l.Charge, recalc: l.Recalc, penalty: l.Penalty}
		if l.Origin == why.BySupplier {
			f.opening, f.claimed = l.Opening, l.Claimed
		}
		if f != (lineFigures{}) {
			of[figureKey{l.AccountID, l.ServiceID, l.SupplierID}] = f
		}
	}
	return of
}

// compare tells what a bill's figures have become.
func (c *comparedBill) compare(x *Reissue, withdrawn bool) error {
	if withdrawn || c.now.Month != x.Month.String() {
		c.verdict = billOther
		return nil
	}
	old, err := c.was.bill()
	if err != nil {
		return err
	}
	was, now := chargedFigures(old), chargedFigures(c.now)
	for k, f := range now {
		if before := was[k]; before != f {
			c.differs(x, k)
			c.difference += f.charged() - before.charged()
		}
		delete(was, k)
	}
	for k, f := range was {
		c.differs(x, k)
		c.difference -= f.charged()
	}
	return nil
}

// differs makes a bill one to be replaced, if the changed line is of a supplier that is asked for.
func (c *comparedBill) differs(x *Reissue, k figureKey) {
	if len(x.Scope.Suppliers) == 0 || slices.Contains(x.Scope.Suppliers, k.supplier) {
		c.verdict = billChanged
	}
}
