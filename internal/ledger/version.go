package ledger

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Version tells one state of a building's book from another. Numbers come in blocks, several at once: the greatest alone would
// not tell that one below it was posted.
type Version struct{ Transactions, Last int64 }

// VersionOf is the state of a building's book.
func VersionOf(ctx context.Context, tx *db.Tx, building int64) (v Version, err error) {
	err = tx.QueryRowContext(ctx, "SELECT count(*), coalesce(max(txn_id), 0) FROM ledger_transaction WHERE building_id = $1", building).Scan(&v.Transactions, &v.Last)
	if err != nil {
		return v, fmt.Errorf("state of the book of building %d: %w", building, err)
	}
	return v, nil
}
