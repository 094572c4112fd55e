package bill

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

const snapshotColumns = `building_id, household_id, month, version, supersedes, run_id, published_at, published_by, reason, number, total_kop, advance_kop, digest, body`

func scanSnapshot(scan func(...any) error) (s snapshot, err error) {
	err = scan(&s.ref.Building, &s.ref.Household, &s.month, &s.version, &s.supersedes, &s.run, &s.publishedAt, &s.publishedBy, &s.reason, &s.number, &s.total, &s.advance, &s.digest, &s.body)
	return s, err
}

func insertSnapshot(ctx context.Context, tx *db.Tx, s *snapshot) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO bill_snapshot ("+snapshotColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
		s.ref.Building, s.ref.Household, int64(s.month), s.version, s.supersedes, s.run, int64(s.publishedAt), s.publishedBy, s.reason, s.number, int64(s.total), int64(s.advance), s.digest, s.body)
	if err != nil {
		return fmt.Errorf("insert bill %s: %w", s.name(), err)
	}
	return nil
}

// listVersions gives the versions of a household's bill for a month, the first one first.
func listVersions(ctx context.Context, tx *db.Tx, ref Ref, month calendar.Month) (list []snapshot, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+snapshotColumns+" FROM bill_snapshot WHERE building_id = $1 AND household_id = $2 AND month = $3 ORDER BY version", ref.Building, ref.Household, int64(month))
	if err != nil {
		return nil, fmt.Errorf("list versions of a bill: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		s, err := scanSnapshot(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// withdrawal is a person's taking back of an issued bill.
type withdrawal struct {
	at     calendar.Micros
	by     string
	reason string
}

// findWithdrawal gives the withdrawal of a version, nil when it was not withdrawn.
func findWithdrawal(ctx context.Context, tx *db.Tx, s *snapshot) (*withdrawal, error) {
	var w withdrawal
	err := tx.QueryRowContext(ctx, "SELECT withdrawn_at, withdrawn_by, reason FROM bill_withdrawal WHERE building_id = $1 AND household_id = $2 AND month = $3 AND version = $4",
		s.ref.Building, s.ref.Household, int64(s.month), s.version).Scan(&w.at, &w.by, &w.reason)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &w, err
}

func notIssued(month calendar.Month) error {
	return fault.Newf(fault.NotFound, "bill.not_issued", "Счёт за %s ещё не выставлен.", month.Title())
}

// IssuedFor gives the bill as it was issued to a household for a month: a version of it, or the newest for 0.
func (m *Module) IssuedFor(ctx context.Context, ref Ref, month calendar.Month, version int) (b *Bill, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err := listVersions(ctx, tx, ref, month)
		if err != nil {
			return err
		}
		if version == 0 {
			version = len(list)
		}
		if version < 1 || version > len(list) {
			return notIssued(month)
		}
		s := &list[version-1]
		if b, err = s.bill(); err != nil {
			return err
		}
		b.Issued = m.told(s)
		if version < len(list) {
			b.Issued.State, b.Issued.Replaced, b.Issued.ReplacedAt = IssuedReplaced, list[version].publishedAt, m.stamp(list[version].publishedAt)
		}
		w, err := findWithdrawal(ctx, tx, s)
		if err != nil || w == nil {
			return err
		}
		b.Issued.State, b.Issued.Withdrawn, b.Issued.WithdrawnAt, b.Issued.Withdrawal = IssuedWithdrawn, w.at, m.stamp(w.at), w.reason
		return nil
	})
	return b, err
}

func (m *Module) told(s *snapshot) *Issued {
	return &Issued{Month: s.month.String(), Number: s.number, Version: s.version, State: IssuedLive, Digest: s.digest, PublishedAt: m.stamp(s.publishedAt), Published: s.publishedAt, Run: s.run, Reason: s.reason}
}

// ListIssued gives what was issued to a household, the newest month and version first, without the bills themselves.
func (m *Module) ListIssued(ctx context.Context, ref Ref) (list []Issued, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = []Issued{}
		rows, err := tx.QueryContext(ctx, `SELECT s.month, s.version, s.run_id, s.published_at, s.reason, s.number, s.digest, coalesce(w.withdrawn_at, 0), coalesce(w.reason, ''),
			coalesce((SELECT n.published_at FROM bill_snapshot n WHERE n.building_id = s.building_id AND n.household_id = s.household_id AND n.month = s.month AND n.supersedes = s.version), 0)
			FROM bill_snapshot s LEFT JOIN bill_withdrawal w ON w.building_id = s.building_id AND w.household_id = s.household_id AND w.month = s.month AND w.version = s.version
			WHERE s.building_id = $1 AND s.household_id = $2 ORDER BY s.month DESC, s.version DESC`, ref.Building, ref.Household)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			s := snapshot{ref: ref}
			var w, r calendar.Micros
			var reason string
			if err := rows.Scan(&s.month, &s.version, &s.run, &s.publishedAt, &s.reason, &s.number, &s.digest, &w, &reason, &r); err != nil {
				return err
			}
			x := m.told(&s)
			if r != 0 {
				x.State, x.Replaced, x.ReplacedAt = IssuedReplaced, r, m.stamp(r)
			}
			if w != 0 {
				x.State, x.Withdrawn, x.WithdrawnAt, x.Withdrawal = IssuedWithdrawn, w, m.stamp(w), reason
			}
			list = append(list, *x)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list issued bills: %w", err)
	}
	return list, nil
}

// Decision is a person's act on an issued bill. Version is the one he saw; 0 is whichever is the newest.
type Decision struct {
	Ref     Ref
	Month   calendar.Month
	Version int
	Reason  string // the household reads it
	Actor   string
}

func (d *Decision) check() error {
	if d.Reason = strings.TrimSpace(d.Reason); d.Reason == "" {
		return fault.New(fault.Invalid, "bill.reason", "Напишите причину: её прочитает житель.").WithField("reason")
	}
	return nil
}

// Withdraw takes an issued bill back. The same version withdrawn again stays as it is.
func (m *Module) Withdraw(ctx context.Context, d Decision) error {
	if err := d.check(); err != nil {
		return err
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listVersions(ctx, tx, d.Ref, d.Month)
		if err != nil {
			return err
		}
		last := len(list)
		switch {
		case last == 0:
			return notIssued(d.Month)
		case d.Version != 0 && d.Version != last:
			return fault.Newf(fault.Conflict, "bill.replaced", "Этот счёт уже заменён: действует № %s.", list[last-1].number)
		}
		s := &list[last-1]
		if w, err := findWithdrawal(ctx, tx, s); err != nil || w != nil {
			return err
		}
		at := m.now()
		if _, err := tx.ExecContext(ctx, "INSERT INTO bill_withdrawal (building_id, household_id, month, version, withdrawn_at, withdrawn_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			s.ref.Building, s.ref.Household, int64(s.month), s.version, int64(at), d.Actor, d.Reason); err != nil {
			return fmt.Errorf("withdraw bill %s: %w", s.name(), err)
		}
		if err := audit.Record(ctx, tx, at, d.Actor, "bill.withdrawn", "bill:"+s.name(), map[string]any{"number": s.number, "reason": d.Reason}); err != nil {
			return err
		}
		return tellWithdrawn(ctx, tx, s, at)
	})
}

// Issue issues a household's bill of a month as it is now: the first one, or a newer one instead of the one before.
func (m *Module) Issue(ctx context.Context, d Decision) (*Issued, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	b, err := m.At(ctx, d.Ref, m.now())
	switch {
	case err != nil:
		return nil, err
	case b.Month != d.Month.String():
		return nil, fault.Newf(fault.Conflict, "bill.other_month", "Счёт семьи сейчас не за %s: начислений за этот месяц нет или пришли более поздние.", d.Month.Title())
	}
	var made *snapshot
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listVersions(ctx, tx, d.Ref, d.Month)
		if err != nil {
			return err
		}
		last := len(list)
		switch {
		case d.Version != 0 && last == 0:
			return notIssued(d.Month)
		case d.Version != 0 && d.Version != last:
			return fault.Newf(fault.Conflict, "bill.replaced", "Этот счёт уже заменён: действует № %s.", list[last-1].number)
		}
		recipients, err := m.recipientsOf(ctx, tx, b)
		if err != nil {
			return err
		}
		if made, err = newSnapshot(b, d.Month, last+1, recipients); err != nil {
			return err
		}
		made.publishedBy, made.reason = d.Actor, d.Reason
		if err := insertSnapshot(ctx, tx, made); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, m.now(), d.Actor, "bill.issued", "bill:"+made.name(), map[string]any{"number": made.number, "reason": d.Reason}); err != nil {
			return err
		}
		return tellIssued(ctx, tx, []*snapshot{made})
	})
	if err != nil {
		return nil, err
	}
	return m.told(made), nil
}

// recipientsOf are the suppliers of a bill with their requisites.
func (m *Module) recipientsOf(ctx context.Context, tx *db.Tx, b *Bill) (map[int64]supplier.Supplier, error) {
	list := map[int64]supplier.Supplier{}
	for i := range b.Suppliers {
		s, err := m.supplierOf(ctx, tx, b.Suppliers[i].SupplierID)
		if err != nil {
			return nil, err
		}
		list[s.ID] = s
	}
	return list, nil
}

// RecipientsOf are the suppliers of a bill with their requisites: of an issued bill those it named.
func (m *Module) RecipientsOf(ctx context.Context, b *Bill) (list map[int64]supplier.Supplier, err error) {
	if b.recipients != nil {
		return b.recipients, nil
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = m.recipientsOf(ctx, tx, b)
		return err
	})
	return list, err
}
