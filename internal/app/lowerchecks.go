package app

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// lower runs the checks of a module that may not know of the ledger.
func lower[C ~struct{ ID, Query string }](checks []C) func(context.Context, *db.Tx) ([]ledger.Breach, error) {
	list := make([]ledger.Check, len(checks))
	for i, c := range checks {
		list[i] = ledger.Check(c)
	}
	return func(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) { return ledger.Breaches(ctx, tx, list) }
}
