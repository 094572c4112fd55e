package app

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/notice"
)

// noticeInvariants runs the checks of messages.
func noticeInvariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	list := make([]ledger.Check, len(notice.Checks))
	for i, c := range notice.Checks {
		list[i] = ledger.Check{ID: c.ID, Query: c.Query}
	}
	return ledger.Breaches(ctx, tx, list)
}
