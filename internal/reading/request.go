package reading

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/replay"
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
	kept := replay.Request{Table: "reading_request", SupplierID: actor.SupplierID, Key: msg.Key, Input: replay.Digest(msg.Body, fmt.Sprintf("%t %s", msg.DryRun, msg.Channel))}
	if earlier, err := replay.First[Outcome](ctx, m.DB, kept); earlier != nil || err != nil {
		if earlier != nil {
			earlier.Repeated = true
		}
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
	if err != nil {
		return report, err
	}
	return report, kept.Keep(ctx, m.DB, report, m.Now())
}
