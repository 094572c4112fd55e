package webhook

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Skip follows the places of feeds that went up after a return, and gives up the claims of jobs that are not there any more.
func Skip(ctx context.Context, tx *db.Tx, by int64) error {
	for _, q := range []string{
		"UPDATE webhook_delivery SET position = position + $1",
		"UPDATE webhook_endpoint SET position = position + $1, claim = 0, claimed_until = 0",
	} {
		if _, err := tx.ExecContext(ctx, q, by); err != nil {
			return fmt.Errorf("skip places of webhooks: %w", err)
		}
	}
	return nil
}

// wasSent is the answer of a message that nobody saw delivered.
const wasSent = "Отправлено до возврата данных: решил сотрудник."

// SkipSent takes a supplier's messages up to a place for delivered: they were, in a time that is lost.
func SkipSent(ctx context.Context, tx *db.Tx, supplierID, upTo int64, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, `UPDATE webhook_delivery SET state = 'delivered', tried_at = $3, answer = $4 WHERE state = 'waiting' AND position <= $2
		AND endpoint_id IN (SELECT endpoint_id FROM webhook_endpoint WHERE supplier_id = $1)`, supplierID, upTo, int64(at), wasSent)
	if err == nil {
		_, err = tx.ExecContext(ctx, "UPDATE webhook_endpoint SET position = $2 WHERE supplier_id = $1 AND position < $2", supplierID, upTo)
	}
	if err != nil {
		return fmt.Errorf("messages sent before a return: %w", err)
	}
	return nil
}
