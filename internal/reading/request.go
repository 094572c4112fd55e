package reading

import (
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

// RequestMax bounds the readings of one request, in bytes.
const RequestMax = 16 << 20

// Message is readings sent by a program: one object, a list, or one object a line.
type Message struct {
	Channel Channel
	DryRun  bool
	Key     string // the same key with the same input is answered as the first time
	Device  string
	Body    []byte
}

// Take takes the readings of a program. Sent again under its key it gives the first answer; another input is refused.
func (m *Module) Take(ctx context.Context, actor access.Actor, msg Message) (*Outcome, error) {
	if err := actor.Require("reading", "write"); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(fmt.Appendf(slices.Clip(msg.Body), "\n%t %s", msg.DryRun, msg.Channel))
	input := hex.EncodeToString(digest[:])
	if earlier, err := m.answered(ctx, actor.SupplierID, msg.Key, input); earlier != nil || err != nil {
		return earlier, err
	}
	code := "centre"
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		if actor.SupplierID == 0 {
			return nil
		}
		s, err := supplier.FindByID(ctx, tx, actor.SupplierID)
		code = s.Code
		return err
	})
	if err != nil {
		return nil, err
	}
	l := Load{Origin: Origin{Channel: msg.Channel, Author: code, Device: msg.Device}, DryRun: msg.DryRun, Every: true, Entries: Source{Body: msg.Body}.Entries}
	if actor.SupplierID != 0 {
		l.Supplier = code
	}
	report, err := m.Load(ctx, actor, l)
	if err != nil || msg.Key == "" {
		return report, err
	}
	return report, m.answer(ctx, actor.SupplierID, msg.Key, input, report)
}

// answered gives the first answer to a request with a key; nil when there was none.
func (m *Module) answered(ctx context.Context, supplierID int64, key, input string) (*Outcome, error) {
	if key == "" {
		return nil, nil
	}
	var was, text string
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT input, answer FROM reading_request WHERE supplier_id = $1 AND client_key = $2", supplierID, key).Scan(&was, &text))
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case was != input:
		return nil, fault.New(fault.Conflict, "key.other_input", "С этим ключом Idempotency-Key уже переданы другие записи. Возьмите новый ключ.").WithField("Idempotency-Key")
	}
	var r Outcome
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return nil, fmt.Errorf("answer of request %q: %w", key, err)
	}
	r.Repeated = true
	return &r, nil
}

// answer keeps the answer to a request. Of two at once the first stays: the readings themselves are one.
func (m *Module) answer(ctx context.Context, supplierID int64, key, input string, r *Outcome) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO reading_request (supplier_id, client_key, input, answer, recorded_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
			supplierID, key, input, string(text), int64(m.Now()))
		return err
	})
}
