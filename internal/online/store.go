package online

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Latest is the last known balance of an account at a moment, or NotFound.
func Latest(ctx context.Context, tx *db.Tx, building, account int64, at calendar.Micros) (b Balance, err error) {
	b.Account = account
	err = db.Fold(tx.QueryRowContext(ctx, `SELECT supplier_id, recorded_at, as_of, due_kop FROM online_balance WHERE building_id = $1 AND account_id = $2 AND recorded_at <= $3
		ORDER BY recorded_at DESC LIMIT 1`, building, account, int64(at)).Scan(&b.Supplier, &b.RecordedAt, &b.AsOf, &b.Due))
	return b, err
}

// insert appends a balance unless it is what is known last, word for word.
func insert(ctx context.Context, tx *db.Tx, building int64, b *Balance, request string) error {
	last, err := Latest(ctx, tx, building, b.Account, b.RecordedAt)
	switch {
	case err == nil && last.Due == b.Due && last.AsOf == b.AsOf:
		return nil
	case err != nil && !fault.Is(err, fault.NotFound):
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO online_balance (building_id, account_id, recorded_at, supplier_id, as_of, due_kop, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (building_id, account_id, recorded_at) DO NOTHING`, building, b.Account, int64(b.RecordedAt), b.Supplier, int64(b.AsOf), int64(b.Due), request)
	return err
}
