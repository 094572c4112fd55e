package cashdesk

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
)

const shiftColumns = "shift_id, desk, number, clerk, opened_at, opening_kop, opening_note, closed_at, counted_kop, handed_kop, reason"

// listShifts gives shifts with their movements.
func listShifts(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Shift, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+shiftColumns+" FROM cash_shift "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list shifts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s Shift
		if err := rows.Scan(&s.ID, &s.Desk, &s.Number, &s.Clerk, &s.OpenedAt, &s.Opening, &s.OpeningNote, &s.ClosedAt, &s.Counted, &s.Handed, &s.Reason); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Movements, err = listMovements(ctx, tx, list[i].ID); err != nil {
			return nil, err
		}
		list[i].sum()
	}
	return list, nil
}

func oneShift(ctx context.Context, tx *db.Tx, none error, rest string, args ...any) (Shift, error) {
	list, err := listShifts(ctx, tx, rest, args...)
	if err != nil {
		return Shift{}, err
	}
	if len(list) == 0 {
		return Shift{}, none
	}
	return list[0], nil
}

func current(ctx context.Context, tx *db.Tx, clerk string) (Shift, error) {
	return oneShift(ctx, tx, errNoShift, "WHERE clerk = $1 AND closed_at = 0", clerk)
}

func findShift(ctx context.Context, tx *db.Tx, desk string, number int64) (Shift, error) {
	return oneShift(ctx, tx, fault.Newf(fault.NotFound, "cash.unknown_shift", "Смены № %s-%d нет.", desk, number), "WHERE desk = $1 AND number = $2", desk, number)
}

func listMovements(ctx context.Context, tx *db.Tx, shift int64) (list []Movement, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT movement_no, kind, amount_kop, given_kop, public_id, of_no, form_key, note, at FROM cash_movement WHERE shift_id = $1 ORDER BY movement_no", shift)
	if err != nil {
		return nil, fmt.Errorf("movements of shift %d: %w", shift, err)
	}
	defer rows.Close()
	for rows.Next() {
		var m Movement
		if err := rows.Scan(&m.No, &m.Kind, &m.Amount, &m.Given, &m.PublicID, &m.Of, &m.key, &m.Note, &m.At); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

// add writes a movement with the next number of its shift. The shift's row first: movements of one shift, and its close, wait
// for each other here; a closed shift takes none.
func add(ctx context.Context, tx *db.Tx, s *Shift, m *Movement) error {
	res, err := tx.ExecContext(ctx, "UPDATE cash_shift SET closed_at = 0 WHERE shift_id = $1 AND closed_at = 0", s.ID)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errClosed.Because(err)
	}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(movement_no), 0) + 1 FROM cash_movement WHERE shift_id = $1", s.ID).Scan(&m.No); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO cash_movement (shift_id, movement_no, kind, amount_kop, given_kop, public_id, of_no, form_key, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.ID, int64(m.No), m.Kind, int64(m.Amount), int64(m.Given), m.PublicID, int64(m.Of), m.key, m.Note, int64(m.At))
	if err != nil {
		return fmt.Errorf("movement of shift %d: %w", s.ID, err)
	}
	m.Name = fmt.Sprintf("%s-%d", s.Name, m.No)
	return nil
}

// pressed is the movement an earlier press of a form made, with its shift; nil when there was none.
func pressed(ctx context.Context, tx *db.Tx, key string) (*Shift, *Movement, error) {
	list, err := listShifts(ctx, tx, "WHERE shift_id IN (SELECT shift_id FROM cash_movement WHERE form_key = $1)", key)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	for i := range list[0].Movements {
		if list[0].Movements[i].key == key {
			return &list[0], &list[0].Movements[i], nil
		}
	}
	return nil, nil, nil
}
