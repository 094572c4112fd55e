package webhook

import (
	"context"

	"kvit/internal/db"
)

// Holds tells how far each supplier's feed was delivered: old messages after it must not be removed. A disabled endpoint
// holds nothing.
func (m *Module) Holds(ctx context.Context) (map[int64]int64, error) {
	holds := map[int64]int64{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		clear(holds)
		return tx.Scan(ctx, `SELECT e.supplier_id, min(coalesce((SELECT min(d.position) - 1 FROM webhook_delivery d WHERE d.endpoint_id = e.endpoint_id AND d.state = 'waiting'), e.position))
			FROM webhook_endpoint e WHERE e.state = 'active' GROUP BY e.supplier_id`, nil, func(v []int64, _ []byte) error {
			holds[v[0]] = v[1]
			return nil
		})
	})
	return holds, err
}

// Drop forgets the deliveries of messages that are removed as old. A disabled endpoint that waited for some of them goes
// on after them, and says so.
func Drop(ctx context.Context, tx *db.Tx, supplierID, upTo int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE webhook_endpoint SET position = CASE WHEN position < $2 THEN $2 ELSE position END, reason = $3 WHERE supplier_id = $1 AND state = 'disabled'
		AND (position < $2 OR EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = webhook_endpoint.endpoint_id AND d.state = 'waiting' AND d.position <= $2))`, supplierID, upTo, missed)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM webhook_delivery WHERE position <= $2 AND endpoint_id IN (SELECT endpoint_id FROM webhook_endpoint WHERE supplier_id = $1)", supplierID, upTo)
	}
	return err
}

// missed is what a disabled endpoint says once messages it never had are gone.
const missed = "Пока адрес был отключён, срок хранения части событий вышел: сверьте их по реестрам."
