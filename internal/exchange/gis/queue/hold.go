package queue

import (
	"context"

	"kvit/internal/db"
)

// Holds tells how far each supplier's feed was read: old messages after it must not be removed.
func (m *Module) Holds(ctx context.Context) (map[int64]int64, error) {
	holds := map[int64]int64{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		clear(holds)
		return tx.Scan(ctx, "SELECT c.supplier_id, c.position FROM gis_cursor c JOIN supplier s ON s.supplier_id = c.supplier_id WHERE c.source = $1 AND s.gis <> ''", []any{sourceFeed}, func(v []int64, _ []byte) error {
			holds[v[0]] = v[1]
			return nil
		})
	})
	return holds, err
}
