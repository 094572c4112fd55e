package bill

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

var errExpired = fault.New(fault.Gone, "bill.code_expired", "Код этой квитанции больше не действует. Возьмите код с последней квитанции.")

// RenewCode gives a household another code and closes the one before: papers printed so far open nothing any more. For
// papers in strange hands, or when other people live there now.
func (m *Module) RenewCode(ctx context.Context, ref Ref, actor string) (Code, error) {
	if _, err := m.CodeOf(ctx, ref); err != nil { // what was never shown is closed too
		return Code{}, err
	}
	secret, err := m.secret.Of(ctx, m.db)
	if err != nil {
		return Code{}, err
	}
	var c Code
	now := m.now()
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		epoch, err := epochOf(ctx, tx, ref)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE bill_code SET closed_at = $3 WHERE building_id = $1 AND household_id = $2 AND closed_at = 0", ref.Building, ref.Household, int64(now)); err != nil {
			return err
		}
		c = derive(secret, ref, epoch+1)
		if err := insertCode(ctx, tx, c, ref, epoch+1, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "bill.code_renewed", fmt.Sprintf("household:%d/%d", ref.Building, ref.Household), nil)
	})
	if err != nil {
		return Code{}, fmt.Errorf("renew a bill code: %w", err)
	}
	return c, nil
}

// FormerCode gives the code a household had before the last renewal, as a paper still carries it; NotFound without one.
func (m *Module) FormerCode(ctx context.Context, ref Ref) (c Code, err error) {
	secret, err := m.secret.Of(ctx, m.db)
	if err != nil {
		return c, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		epoch, err := epochOf(ctx, tx, ref)
		if err == nil && epoch < 2 {
			err = errCode
		}
		c = derive(secret, ref, epoch-1)
		return err
	})
	return c, err
}

// epochOf counts the codes a household has had; the first is 1.
func epochOf(ctx context.Context, tx *db.Tx, ref Ref) (epoch int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(epoch), 1) FROM bill_code WHERE building_id = $1 AND household_id = $2", ref.Building, ref.Household).Scan(&epoch)
	return epoch, err
}

func insertCode(ctx context.Context, tx *db.Tx, c Code, ref Ref, epoch int, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO bill_code (token_digest, code_digest, building_id, household_id, epoch, created_at, closed_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (token_digest) DO NOTHING`, digestOf(c.Token), digestOf(c.Typed), ref.Building, ref.Household, epoch, int64(at))
	return err
}

// paperMark is what the link of a printed bill says of it, «2026-10.1»: the month and the version, nothing about money or
// people.
func (x *Issued) paperMark() string { return x.Month + "." + strconv.Itoa(x.Version) }

// Newer tells whether a bill was issued to a household after the one a paper's mark names; it gives that one, as it was
// issued. Nil: the mark names none, or the newest.
func (m *Module) Newer(ctx context.Context, ref Ref, mark string) (*Bill, error) {
	text, no, _ := strings.Cut(mark, ".")
	month, err := calendar.ParseMonth(text)
	version, bad := strconv.Atoi(no)
	if err := errors.Join(err, bad); err != nil {
		return nil, nil // whatever stands there, the live bill is shown
	}
	list, err := m.ListIssued(ctx, ref)
	if err != nil || len(list) == 0 || list[0].Month == month.String() && list[0].Version <= version || list[0].Month < month.String() {
		return nil, err
	}
	b, err := m.IssuedFor(ctx, ref, month, version)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return b, err
}
