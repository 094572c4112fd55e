package supplier

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// NamedServices gives the services of a supplier by the names he writes.
func NamedServices(ctx context.Context, tx *db.Tx, supplierID int64) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT name, service_id FROM service WHERE supplier_id = $1", supplierID)
	if err != nil {
		return nil, fmt.Errorf("services of supplier %d: %w", supplierID, err)
	}
	defer rows.Close()
	names := map[string]int64{}
	for rows.Next() {
		var name string
		var id int64
		if err := rows.Scan(&name, &id); err != nil {
			return nil, err
		}
		names[name] = id
	}
	return names, rows.Err()
}
