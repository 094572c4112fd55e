package refund

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

const requestColumns = "request_id, public_id, building_id, household_id, kind, sum_kop, comment, state, attempt, answer_by, answer, actor, asked_at, agreed_by, agreed_at, decided_by, decided_at, changed_at, account_id"

func listRequests(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Request, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+requestColumns+" FROM refund_request "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list requests of refunds: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Request
		if err := rows.Scan(&r.ID, &r.PublicID, &r.BuildingID, &r.HouseholdID, &r.Kind, &r.Sum, &r.Comment, &r.State, &r.Attempt, &r.AnswerBy, &r.Answer, &r.Actor, &r.AskedAt,
			&r.AgreedBy, &r.AgreedAt, &r.DecidedBy, &r.DecidedAt, &r.ChangedAt, &r.AccountID); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func findRequest(ctx context.Context, tx *db.Tx, id int64) (r Request, err error) {
	list, err := listRequests(ctx, tx, "WHERE request_id = $1", id)
	if err == nil && len(list) == 0 {
		err = fault.Newf(fault.NotFound, "refund.request_unknown", "Заявления № %d нет.", id)
	}
	if err != nil {
		return r, err
	}
	return list[0], nil
}

func insertRequest(ctx context.Context, tx *db.Tx, key string, r *Request) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO refund_request (client_key, "+requestColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
		key, r.ID, r.PublicID, r.BuildingID, r.HouseholdID, r.Kind, int64(r.Sum), r.Comment, r.State, int64(r.Attempt), int64(r.AnswerBy), r.Answer, r.Actor, int64(r.AskedAt),
		r.AgreedBy, int64(r.AgreedAt), r.DecidedBy, int64(r.DecidedAt), int64(r.ChangedAt), r.AccountID)
	if err != nil {
		return fmt.Errorf("request of a refund: %w", err)
	}
	return nil
}

func updateRequest(ctx context.Context, tx *db.Tx, r *Request) error {
	_, err := tx.ExecContext(ctx, "UPDATE refund_request SET state = $2, attempt = $3, answer = $4, agreed_by = $5, agreed_at = $6, decided_by = $7, decided_at = $8, changed_at = $9 WHERE request_id = $1",
		r.ID, r.State, int64(r.Attempt), r.Answer, r.AgreedBy, int64(r.AgreedAt), r.DecidedBy, int64(r.DecidedAt), int64(r.ChangedAt))
	if err != nil {
		return fmt.Errorf("decide a refund: %w", err)
	}
	return nil
}

// askedFor is what open requests about a payment ask for that its refunds do not count yet.
func askedFor(ctx context.Context, tx *db.Tx, publicID string) (sum, advance money.Amount, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce(CAST(sum(sum_kop) AS BIGINT), 0), coalesce(CAST(sum(CASE WHEN kind = 'advance' THEN sum_kop ELSE 0 END) AS BIGINT), 0)
		FROM refund_request WHERE public_id = $1 AND state IN ('asked', 'agreed', 'failed')`, publicID).Scan(&sum, &advance)
	if err != nil {
		err = fmt.Errorf("requests of a payment: %w", err)
	}
	return sum, advance, err
}
