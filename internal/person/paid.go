package person

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Paid notes that a person began a payment, by its public id: payments for other homes are found by it. Noting twice changes
// nothing.
func (m *Module) Paid(ctx context.Context, person int64, publicID string) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO person_payment (person_id, public_id, recorded_at) VALUES ($1, $2, $3) ON CONFLICT (person_id, public_id) DO NOTHING", person, publicID, int64(m.now()))
		return err
	})
}

// Began tells whether a person began a payment.
func (m *Module) Began(ctx context.Context, person int64, publicID string) (yes bool, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM person_payment WHERE person_id = $1 AND public_id = $2", person, publicID).Scan(&n)
		yes = n > 0
		return err
	})
	return yes, err
}

// Payments are the public ids of payments a person began, the latest first.
func (m *Module) Payments(ctx context.Context, person int64, limit int) (ids []string, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		rows, err := tx.QueryContext(ctx, "SELECT public_id FROM person_payment WHERE person_id = $1 ORDER BY recorded_at DESC, public_id LIMIT $2", person, int64(limit))
		if err != nil {
			return fmt.Errorf("list payments of a person: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return rows.Err()
	})
	return ids, err
}
