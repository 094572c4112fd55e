// Package replay answers a request that a program sends again under its key as it was answered the first time.
//
// Owns no table: a feature keeps its answers in one of its own, with the columns supplier_id, client_key, input, answer,
// recorded_at and the first two as its key. Does not own: what the request does, which is idempotent by itself.
package replay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Request is a request under the key of its client. Without a key nothing is kept.
type Request struct {
	Table      string // of the feature: a constant, never input
	SupplierID int64  // who sends; 0 is the centre
	Key        string
	Input      string // digest of what was sent
}

// Digest tells inputs apart: the body, and the options it was sent with.
func Digest(body []byte, options string) string {
	d := sha256.Sum256(append(slices.Clip(body), "\n"+options...))
	return hex.EncodeToString(d[:])
}

// First gives the first answer to a request; nil when there was none. Another input under the same key is a Conflict.
func First[T any](ctx context.Context, d *db.DB, r Request) (*T, error) {
	if r.Key == "" {
		return nil, nil
	}
	var input, text string
	err := d.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT input, answer FROM "+r.Table+" WHERE supplier_id = $1 AND client_key = $2", r.SupplierID, r.Key).Scan(&input, &text))
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case input != r.Input:
		return nil, fault.New(fault.Conflict, "key.other_input", "С этим ключом Idempotency-Key уже переданы другие записи. Возьмите новый ключ.").WithField("Idempotency-Key")
	}
	var answer T
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return nil, fmt.Errorf("answer of request %q: %w", r.Key, err)
	}
	return &answer, nil
}

// Keep keeps the answer to a request. Of two sent at once the first stays: what they did is one.
func (r Request) Keep(ctx context.Context, d *db.DB, answer any, at calendar.Micros) error {
	if r.Key == "" {
		return nil
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return d.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO "+r.Table+" (supplier_id, client_key, input, answer, recorded_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
			r.SupplierID, r.Key, r.Input, string(text), int64(at))
		return err
	})
}
