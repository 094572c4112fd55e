package record

import (
	"bytes"
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/replay"
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
	kept := replay.Request{Table: "charge_request", SupplierID: actor.SupplierID, Key: r.Key, Input: replay.Digest(r.Body, fmt.Sprintf("%t %t", r.DryRun, r.Lines))}
	if earlier, err := replay.First[Report](ctx, m.DB, kept); earlier != nil || err != nil {
		if earlier != nil {
			earlier.Repeated = true
		}
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
	if err != nil {
		return report, err
	}
	return report, kept.Keep(ctx, m.DB, report, m.Now())
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
