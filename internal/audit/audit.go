// Package audit is the log of who changed what: append-only, chained by digest, with signed checkpoints.
//
// Staff's and system changes are recorded (users, tokens, decisions, intakes, refunds, assignments); single
// payments are not: the ledger tells of them, and a chain in their path would be a row all wait for.
//
// Owns: tables audit_event, audit_head, audit_checkpoint. Invariants (reliability.md I16): each event's digest
// covers the one before; a checkpoint's signature verifies with a key the database does not hold, and checkpoints are
// copied to an anchor outside of it: whoever owns the database can neither rewrite nor cut the chain unseen. Events
// hold ids, never personal data or secrets.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Event is one change.
type Event struct {
	Seq    int64           `json:"seq"`
	At     calendar.Micros `json:"at"`
	Actor  string          `json:"actor"`
	Action string          `json:"action"`
	Object string          `json:"object"`
	Detail string          `json:"detail"` // JSON of what changed
	Prev   string          `json:"prev"`
	Digest string          `json:"digest"`
}

func (e *Event) digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%d\n%s\n%s\n%s\n%s\n%s", e.Seq, e.At, e.Actor, e.Action, e.Object, e.Detail, e.Prev)
	return hex.EncodeToString(h.Sum(nil))
}

// Record appends an event in the caller's transaction. Appenders wait for each other on the head row.
func Record(ctx context.Context, tx *db.Tx, at calendar.Micros, actor, action, object string, detail any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	e := Event{At: at, Actor: actor, Action: action, Object: object, Detail: string(text)}
	if err := tx.QueryRowContext(ctx, "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, digest").Scan(&e.Seq, &e.Prev); err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	e.Digest = e.digest()
	if _, err := tx.ExecContext(ctx, "INSERT INTO audit_event (seq, at, actor, action, object, detail, prev_digest, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		e.Seq, int64(e.At), e.Actor, e.Action, e.Object, e.Detail, e.Prev, e.Digest); err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	_, err = tx.ExecContext(ctx, "UPDATE audit_head SET digest = $1 WHERE id = 1", e.Digest)
	return err
}

// List gives the latest events, newest first.
func List(ctx context.Context, tx *db.Tx, limit int) ([]Event, error) {
	return list(ctx, tx, "ORDER BY seq DESC LIMIT $1", limit)
}

func list(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]Event, error) {
	rows, err := tx.QueryContext(ctx, "SELECT seq, at, actor, action, object, detail, prev_digest, digest FROM audit_event "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list audit: %w", err)
	}
	defer rows.Close()
	var out []Event
	for rows.Next() {
		var e Event
		if err := rows.Scan(&e.Seq, &e.At, &e.Actor, &e.Action, &e.Object, &e.Detail, &e.Prev, &e.Digest); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}
