package exchange

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
)

// PurposeHandover marks what another settlement centre handed over with a house: figures stand on it as on a register, and no
// supplier sent it to us.
const PurposeHandover = "handover"

// Handed is what another centre handed over of one supplier: the rows of its accounts, and which payments their «paid» counts.
type Handed struct {
	ID         int64 // of the file it stands as
	SupplierID int64
	Name       string
	Digest     string // of the package
	Month      calendar.Month
	Day        int // of the cutoff, as in a profile
	Months     int
	Received   calendar.Micros // when the other centre had got the register
	Rows       int64
}

// KeepHanded writes what was handed over as files taken in, of one batch.
func KeepHanded(ctx context.Context, tx *db.Tx, batch int64, actor string, list []Handed, now calendar.Micros) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at) VALUES ($1, $2, 'applied', $3, $4, 0, $4, $4)`,
		batch, fmt.Sprintf("%s:%d", PurposeHandover, batch), actor, int64(now))
	for i := range list {
		if err != nil {
			break
		}
		h := &list[i]
		_, err = tx.ExecContext(ctx, `INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state,
			duplicate_of, encoding, refusal, rows, applied, repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at)
			VALUES ($1, $2, $3, $4, $5, 0, $6, 'line', $7, $8, '{}', $9, 'applied', 0, '', '', $10, $10, 0, 0, 0, 0, 0, 0, $11, $12)`,
			h.ID, batch, h.SupplierID, h.Name, h.Digest, PurposeHandover, int64(h.Day), int64(h.Months), int64(h.Month), h.Rows, int64(h.Received), int64(now))
	}
	if err != nil {
		return fmt.Errorf("keep what was handed over: %w", err)
	}
	return nil
}

// Alone does something while no files are being taken in: Conflict when some are.
func (m *Module) Alone(do func() error) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return do()
}

// findCame notes the accounts of a supplier that came from another centre.
func (b *batch) findCame(ctx context.Context, tx *db.Tx, supplierID int64) error {
	if b.came == nil {
		b.came = map[int64]calendar.Month{}
	}
	err := tx.Scan(ctx, "SELECT account_id, last_month FROM v_handover_came WHERE supplier_id = $1", []any{supplierID}, func(v []int64, _ []byte) error {
		b.came[v[0]] = calendar.Month(v[1])
		return nil
	})
	if err != nil {
		return fmt.Errorf("accounts that came: %w", err)
	}
	return nil
}

// billedElsewhere leaves out the rows of an account that another centre bills: it left with its house, or they are of months
// before it came.
func (b *batch) billedElsewhere(f *file, j *judged, id, building int64) bool {
	x := finding{Pos: j.Pos, Account: j.Printed, Type: "handover", Verdict: VerdictIgnored, Field: "account", Value: j.Printed}
	switch until := b.came[id]; {
	case account.IsGone(building):
		x.Code, x.Hint = "handover.left", "Дом этого счёта передан другому расчётному центру. Начисляет теперь он: отправьте файл ему."
	case until != 0 && len(j.Lines) > 0 && !j.hasAfter(f, until):
		x.Code, x.Hint = "handover.before", fmt.Sprintf("По %s счёт выставлял прежний расчётный центр, и этот долг уже принят от него. Второй раз месяц не начисляется.", until)
	default:
		return false
	}
	f.note(x)
	f.leaveOut(j)
	return true
}

// hasAfter tells whether the account has a line of a later month.
func (j *judged) hasAfter(f *file, month calendar.Month) bool {
	for i := range j.Lines {
		if j.Lines[i].month(f) > month {
			return true
		}
	}
	return false
}
