package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// RequestMax bounds the records of one request, in bytes.
const RequestMax = 16 << 20

// Request is records sent by a program.
type Request struct {
	Lines  bool // one JSON object a line; else a JSON list
	DryRun bool
	Key    string // the same key with the same input is answered as the first time
	Body   []byte
}

// Take takes the records of a request. Sent again under its key it gives the first answer; another input is refused.
func (m *Module) Take(ctx context.Context, actor access.Actor, r Request) (*Report, error) {
	if err := actor.Require("fact", "write"); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(fmt.Appendf(slices.Clip(r.Body), "\n%t %t", r.DryRun, r.Lines))
	input := hex.EncodeToString(digest[:])
	if earlier, err := m.answered(ctx, actor.SupplierID, r.Key, input); earlier != nil || err != nil {
		return earlier, err
	}
	by, err := m.caller(ctx, actor)
	if err != nil {
		return nil, err
	}
	name := "body.json"
	if r.Lines {
		name = "body.ndjson"
	}
	report, err := m.Load(ctx, actor, Load{Sources: []Source{{name, bytes.NewReader(r.Body)}}, DryRun: r.DryRun, By: by})
	if err != nil || r.Key == "" {
		return report, err
	}
	return report, m.answer(ctx, actor.SupplierID, r.Key, input, report)
}

// caller is who tells, in the source of facts.
func (m *Module) caller(ctx context.Context, actor access.Actor) (by string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := supplier.FindByID(ctx, tx, actor.SupplierID)
		by = "api:" + s.Code
		return err
	})
	return by, err
}

// answered gives the first answer to a request with a key; nil when there was none.
func (m *Module) answered(ctx context.Context, supplierID int64, key, input string) (*Report, error) {
	if key == "" {
		return nil, nil
	}
	var was, text string
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT input, answer FROM charge_request WHERE supplier_id = $1 AND client_key = $2", supplierID, key).Scan(&was, &text))
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case was != input:
		return nil, fault.New(fault.Conflict, "key.other_input", "С этим ключом Idempotency-Key уже переданы другие записи. Возьмите новый ключ.").WithField("Idempotency-Key")
	}
	var r Report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return nil, fmt.Errorf("answer of request %q: %w", key, err)
	}
	r.Repeated = true
	return &r, nil
}

// answer keeps the answer to a request. Of two at once the first stays: both told the same.
func (m *Module) answer(ctx context.Context, supplierID int64, key, input string, r *Report) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO charge_request (supplier_id, client_key, input, answer, recorded_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
			supplierID, key, input, string(text), int64(m.Now()))
		return err
	})
}
