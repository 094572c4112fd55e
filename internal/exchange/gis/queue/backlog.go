package queue

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/db"
	"kvit/internal/supplier"
)

// Participants are the suppliers the centre posts for.
func (m *Module) Participants(ctx context.Context) ([]supplier.Supplier, error) {
	return participants(ctx, m.DB)
}

// Sends tells whether messages can be sent: a proxy is set.
func (m *Module) Sends() bool { return m.Client != nil }

// Backlog is what is not there yet, in figures.
type Backlog struct {
	Waiting int64
	Refused int64
	Age     time.Duration // of the oldest that waits
	Reason  string        // the most frequent of refusals
}

// Backlog tells what of a supplier, or of all for 0, is not there yet. It reads what is open only, however much was done.
func (m *Module) Backlog(ctx context.Context, supplierID int64) (b Backlog, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		var oldest int64
		err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(min(created_at), 0) FROM gis_object WHERE state = 'waiting' AND ($1 = 0 OR supplier_id = $1)`, supplierID).Scan(&b.Waiting, &oldest)
		if err != nil {
			return err
		}
		if oldest > 0 {
			b.Age = time.Duration(int64(m.Now())-oldest) * time.Microsecond
		}
		rows, err := tx.QueryContext(ctx, `SELECT reason, count(*) FROM gis_object WHERE state = 'refused' AND ($1 = 0 OR supplier_id = $1) GROUP BY reason ORDER BY count(*), reason`, supplierID)
		if err != nil {
			return err
		}
		defer rows.Close()
		b.Refused = 0
		for rows.Next() {
			var n int64
			if err := rows.Scan(&b.Reason, &n); err != nil {
				return err
			}
			b.Refused += n
		}
		return rows.Err()
	})
	if err != nil {
		return b, fmt.Errorf("backlog of the state system: %w", err)
	}
	return b, nil
}
