package payment

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/db"
)

// headsMax is how many orders one statement asks for.
const headsMax = 500

// ListHeads gives orders by their ids, without parts.
func ListHeads(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]Order, error) {
	heads := make(map[int64]Order, len(ids))
	for part := range slices.Chunk(ids, headsMax) {
		if err := addHeads(ctx, tx, part, heads); err != nil {
			return nil, fmt.Errorf("list orders: %w", err)
		}
	}
	return heads, nil
}

func addHeads(ctx context.Context, tx *db.Tx, ids []int64, into map[int64]Order) error {
	var args []any
	in := db.In("order_id", ids, &args)
	rows, err := tx.QueryContext(ctx, "SELECT "+orderColumns+" FROM payment_order WHERE "+in, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		o, err := scanOrder(rows.Scan)
		if err != nil {
			return err
		}
		into[o.ID] = o
	}
	return rows.Err()
}

// Origin is where an order came from: our own page, or a row of a file.
type Origin struct {
	FileID int64 `json:"fileId,omitempty"`
	Row    int64 `json:"row,omitempty"`
}

// FindOrder gives an order with its parts and origin by its public number, by the key its client made, or by the short number
// its payer reads aloud.
func FindOrder(ctx context.Context, tx *db.Tx, name string) (o Order, from Origin, err error) {
	if o, err = findOrder(ctx, tx, "public_id", name); err != nil {
		if o, err = findOrder(ctx, tx, "client_key", name); err != nil {
			o, err = findByShortNumber(ctx, tx, name)
		}
	}
	if err != nil {
		return o, from, err
	}
	err = tx.QueryRowContext(ctx, "SELECT file_id, row_no FROM payment_order WHERE order_id = $1", o.ID).Scan(&from.FileID, &from.Row)
	return o, from, err
}
