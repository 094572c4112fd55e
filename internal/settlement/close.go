package settlement

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/restore"
)

// States of a close. They only move forward; a crash between is gone on from.
const (
	CloseCounting = "counting" // transactions are being marked
	CloseSealed   = "sealed"   // no more are; sums are being made
	CloseClosed   = "closed"
)

// countMax is how many transactions are marked at once: people's payments wait for a stretch of buildings no longer than
// that takes.
const countMax = 5000

// CloseDay closes the money dated up to a day (0: yesterday) that no close has counted yet, and gives the close. Money dated to a
// day closed before is counted with this one and named late. A close that a crash left open is finished first. It
// refuses with Conflict when an invariant of money is broken, when the day was closed, or is still to come. Closing today
// is allowed: what is paid later in the day is late in the next close.
func (m *Module) CloseDay(ctx context.Context, actor string, day calendar.Date) (*Close, error) {
	if day == 0 {
		day = m.Today().AddDays(-1)
	}
	if day > m.Today() {
		return nil, fault.Newf(fault.Conflict, "day.future", "День %s ещё не наступил.", day.Dotted()).WithField("day")
	}
	if err := restore.RefuseNow(ctx, m.DB, restore.StepReconcile); err != nil {
		return nil, err
	}
	broken, err := m.Check(ctx)
	if err == nil {
		err = refuse(broken, "day.broken", "День не закрыть")
	}
	if err != nil {
		return nil, err
	}
	if err := m.finishOpenClose(ctx); err != nil {
		return nil, err
	}
	c, err := m.beginClose(ctx, actor, day)
	if err != nil {
		return nil, err
	}
	return m.finishClose(ctx, c)
}

// refuse is a Conflict that names the invariants that do not hold; nil when all hold.
func refuse(list []ledger.Breach, code, what string) error {
	var broken []string
	for i := range list {
		if list[i].Count > 0 {
			broken = append(broken, inWords(&list[i]))
		}
	}
	if len(broken) == 0 {
		return nil
	}
	return fault.Newf(fault.Conflict, code, "%s: не сходится %s. Разберитесь: kvit check.", what, strings.Join(broken, "; "))
}

// finishOpenClose goes on with a close that a crash left.
func (m *Module) finishOpenClose(ctx context.Context) error {
	var open []Close
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		open, err = listCloses(ctx, tx, "WHERE state <> 'closed' ORDER BY close_no")
		return err
	})
	for i := range open {
		if err == nil {
			_, err = m.finishClose(ctx, &open[i])
		}
	}
	return err
}

// beginClose gives a day the next number.
func (m *Module) beginClose(ctx context.Context, actor string, day calendar.Date) (c *Close, err error) {
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		last, err := lastClose(ctx, tx)
		if err != nil {
			return err
		}
		switch {
		case last != nil && last.State != CloseClosed:
			return fault.New(fault.Conflict, "day.busy", "День уже закрывается. Подождите и повторите.")
		case last != nil && day <= last.Day:
			return fault.Newf(fault.Conflict, "day.closed", "День %s уже закрыт: последний закрытый – %s, № %d.", day.Dotted(), last.Day.Dotted(), last.No)
		}
		least, err := restore.Least(ctx, tx, restore.NumberClose, "")
		if err != nil {
			return err
		}
		c = &Close{No: max(1, least), Day: day, State: CloseCounting, Actor: actor, BeganAt: m.Now()}
		if last != nil {
			c.No, c.Previous = max(last.No+1, least), last.Digest
		}
		return insertClose(ctx, tx, c)
	})
	return c, err
}

// finishClose marks what is to be counted, counts it, and writes the close down.
func (m *Module) finishClose(ctx context.Context, c *Close) (*Close, error) {
	if c.State == CloseCounting {
		if err := m.count(ctx, c); err != nil {
			return nil, err
		}
	}
	var sums *totals
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		terms, err := listContracts(ctx, tx, c.BeganAt)
		if err != nil {
			return err
		}
		sums = newTotals(terms)
		return sums.gather(ctx, tx, c.No)
	})
	if err != nil {
		return nil, fmt.Errorf("totals of close %d: %w", c.No, err)
	}
	return m.sign(ctx, c, sums)
}

// count marks the transactions of the close, a stretch of buildings at a time, then seals it. Each stretch holds the row
// of the close, so nothing is marked after the seal, by this process or another.
func (m *Module) count(ctx context.Context, c *Close) error {
	var open []ledger.Open
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		open, err = ledger.ListOpen(ctx, tx, c.Day)
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range stretches(open) {
		err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			if err := moveClose(ctx, tx, c.No, CloseCounting, CloseCounting); err != nil {
				return err
			}
			_, err := ledger.Count(ctx, tx, c.No, c.Day, s[0], s[1])
			return err
		})
		if err != nil {
			return err
		}
	}
	c.State = CloseSealed
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return moveClose(ctx, tx, c.No, CloseCounting, CloseSealed) })
}

// stretches are ranges of buildings with about countMax transactions each.
func stretches(open []ledger.Open) (list [][2]int64) {
	n := int64(0)
	for _, o := range open {
		if n == 0 || n+o.Transactions > countMax {
			list, n = append(list, [2]int64{o.BuildingID, o.BuildingID}), 0
		}
		list[len(list)-1][1] = o.BuildingID
		n += o.Transactions
	}
	return list
}

// sign writes the sums of a close, its posting in the centre's book and its document, all at once.
func (m *Module) sign(ctx context.Context, c *Close, sums *totals) (*Close, error) {
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if err := moveClose(ctx, tx, c.No, CloseSealed, CloseClosed); err != nil {
			return err
		}
		c.State, c.ClosedAt, c.Transactions = CloseClosed, m.Now(), sums.transactions
		if err := insertTotals(ctx, tx, c, sums); err != nil {
			return err
		}
		if entries := sums.entries(); len(entries) > 0 {
			t := ledger.Transaction{ID: id, BuildingID: ledger.Centre, Key: fmt.Sprintf("close:%d", c.No), Kind: "close", EffectiveOn: c.Day, RecordedAt: c.ClosedAt, Entries: entries}
			if _, err := ledger.Post(ctx, tx, &t); err != nil {
				return err
			}
		}
		d, err := m.document(ctx, tx, c, sums)
		if err != nil {
			return err
		}
		if err := c.seal(d); err != nil {
			return err
		}
		if err := saveDocument(ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, c.ClosedAt, c.Actor, "day.closed", fmt.Sprintf("close:%d", c.No), map[string]string{"day": c.Day.String(), "digest": c.Digest})
	})
	return c, err
}
