package appeal

import (
	"context"
	"errors"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Link looks for corrections that were promised and are not on the bill yet: in a register the supplier sent again, in a later
// one, in a month Kvit charged. One that fails does not hold up the others.
func (m *Module) Link(ctx context.Context) error {
	var list []Appeal
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listAppeals(ctx, tx, "WHERE outcome = 'corrected' AND state IN ('answered', 'solved') AND shown_in = 0 AND answered_at > $1 ORDER BY changed_at LIMIT 500", int64(m.Now())-linkLife)
		return err
	})
	for i := range list {
		err = errors.Join(err, m.link(ctx, &list[i]))
	}
	return err
}

// linkLife is how long a correction is waited for: half a year, in microseconds.
const linkLife = 183 * 24 * 3600 * 1_000_000

// link notes a correction that is on the bill now.
func (m *Module) link(ctx context.Context, a *Appeal) error {
	if a.Outcome != Corrected || a.ShownIn != 0 {
		return nil
	}
	b, err := m.Bills.At(ctx, bill.Ref{Building: a.Building, Household: a.Household}, 0)
	if fault.Is(err, fault.NotFound) {
		return nil // the household is gone: nothing will show
	}
	if err != nil {
		return err
	}
	found := a.onBill(b)
	if found == nil {
		return nil
	}
	_, err = m.change(ctx, access.Actor{Role: access.System}, "answer", a.Number, func(_ *db.Tx, now *Appeal) (*Step, error) {
		if now.Outcome != Corrected || now.ShownIn != 0 {
			return nil, nil
		}
		now.Shown, now.ShownIn, now.ShownSource = found.Shown, found.ShownIn, found.ShownSource
		*a = *now
		return &Step{Kind: StepShown, Words: fmt.Sprintf("%s, счёт за %s", now.Shown.Format(), now.ShownIn.Title())}, nil
	})
	return err
}

// onBill finds the correction of an appeal on a bill: the line's month told again with another sum, or a recalculation of a
// later month. What was recorded before the appeal was sent is not its answer.
func (a *Appeal) onBill(b *bill.Bill) *Appeal {
	x, err := a.Calculation()
	if err != nil {
		return nil
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.AccountID != a.AccountID || l.ServiceID != a.ServiceID || l.Source.Recorded <= a.SentAt {
			continue
		}
		out := Appeal{ShownIn: l.BillMonth, ShownSource: l.Source.File}
		switch {
		case l.BillMonth == a.Month && a.Penalty:
			out.Shown = l.Penalty - x.Penalty
		case l.BillMonth == a.Month:
			out.Shown = l.Charge + l.Recalc - x.Charge - x.Recalc
		case l.BillMonth > a.Month:
			out.Shown = l.Recalc
		}
		if out.Shown != 0 {
			return &out
		}
	}
	return nil
}
