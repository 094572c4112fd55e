package courier

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Skip follows the places of feeds that went up after a return. An exchange without files yet begins where it began.
func Skip(ctx context.Context, tx *db.Tx, by int64) error {
	for _, q := range []string{
		"UPDATE courier_state SET position = position + $1",
		"UPDATE courier_file SET after_position = after_position + $1, to_position = to_position + $1, next_at = 0",
		"UPDATE courier_refusal SET position = position + $1",
	} {
		if _, err := tx.ExecContext(ctx, q, by); err != nil {
			return fmt.Errorf("skip places of exchanges: %w", err)
		}
	}
	return nil
}

// Numbers are the last numbers of files, by «supplier/exchange».
func Numbers(ctx context.Context, tx *db.Tx) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT supplier_id || '/' || code, last_number FROM courier_state")
	if err != nil {
		return nil, fmt.Errorf("numbers of files: %w", err)
	}
	defer rows.Close()
	last := map[string]int64{}
	for rows.Next() {
		var of string
		var n int64
		if err := rows.Scan(&of, &n); err != nil {
			return nil, err
		}
		last[of] = n
	}
	return last, rows.Err()
}

// wasSent is why a file stands as sent that nobody saw go.
const wasSent = "Отправлен до возврата данных: решил сотрудник."

// SkipSent takes the files made up to a moment that still wait for sent: they were, in a time that is lost.
func SkipSent(ctx context.Context, tx *db.Tx, madeUpTo, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "UPDATE courier_file SET state = 'sent', sent_at = $2, trouble = $3 WHERE state = 'waiting' AND made_at <= $1", int64(madeUpTo), int64(at), wasSent)
	if err != nil {
		return fmt.Errorf("files sent before a return: %w", err)
	}
	return nil
}
