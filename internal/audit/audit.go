// Package audit is the log of who changed what: append-only, chained by digest, with signed checkpoints.
//
// Staff's and system changes are recorded (users, tokens, decisions, intakes, refunds, assignments); single
// payments are not: the ledger tells of them, and a chain in their path would be a row all wait for.
//
// Owns: tables audit_event, audit_head, audit_checkpoint. Invariants (reliability.md I16): each event's digest
// covers the one before; a checkpoint's signature verifies with the public key kept outside the database. Events
// hold ids, never personal data or secrets.
package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
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

// Key signs checkpoints.
type Key struct{ private ed25519.PrivateKey }

// OpenKey reads the installation's key, made on first use with the rights of its owner only.
func OpenKey(dir string) (Key, error) {
	path := filepath.Join(dir, "audit.key")
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		_, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			return Key{}, err
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return Key{}, err
		}
		return Key{private}, os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(private)), 0o600)
	}
	if err != nil {
		return Key{}, fault.Newf(fault.Unavailable, "audit.key", "Ключ журнала %s не читается. Проверьте права.", path).Because(err)
	}
	private, err := base64.StdEncoding.DecodeString(string(b))
	if err != nil || len(private) != ed25519.PrivateKeySize {
		return Key{}, fault.Newf(fault.Invalid, "audit.key", "Ключ журнала %s испорчен. Верните его из резервной копии.", path).Because(err)
	}
	return Key{private}, nil
}

// Public is the key others verify checkpoints with; keep a copy outside the installation.
func (k Key) Public() string {
	return base64.StdEncoding.EncodeToString(k.private.Public().(ed25519.PublicKey))
}

// Checkpoint signs the head of the chain.
func (k Key) Checkpoint(ctx context.Context, tx *db.Tx, at calendar.Micros) error {
	var seq int64
	var digest string
	if err := tx.QueryRowContext(ctx, "SELECT seq, digest FROM audit_head WHERE id = 1").Scan(&seq, &digest); err != nil || seq == 0 {
		return err
	}
	signature := base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, fmt.Appendf(nil, "%d:%s", seq, digest)))
	_, err := tx.ExecContext(ctx, "INSERT INTO audit_checkpoint (seq, digest, at, signature) VALUES ($1, $2, $3, $4) ON CONFLICT (seq) DO NOTHING", seq, digest, int64(at), signature)
	return err
}

// Verify walks the chain and the checkpoints and names what is broken; nothing means intact.
func (k Key) Verify(ctx context.Context, tx *db.Tx) (broken []string, err error) {
	events, err := list(ctx, tx, "ORDER BY seq")
	if err != nil {
		return nil, err
	}
	bySeq, prev, next := map[int64]string{}, "", int64(1)
	for i := range events {
		e := &events[i]
		if e.Seq != next || e.Prev != prev || e.digest() != e.Digest {
			broken = append(broken, fmt.Sprintf("event %d", e.Seq))
		}
		bySeq[e.Seq], prev, next = e.Digest, e.Digest, e.Seq+1
	}
	rows, err := tx.QueryContext(ctx, "SELECT seq, digest, signature FROM audit_checkpoint ORDER BY seq")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var digest, signature string
		if err := rows.Scan(&seq, &digest, &signature); err != nil {
			return nil, err
		}
		raw, err := base64.StdEncoding.DecodeString(signature)
		if err != nil || bySeq[seq] != digest || !ed25519.Verify(k.private.Public().(ed25519.PublicKey), fmt.Appendf(nil, "%d:%s", seq, digest), raw) {
			broken = append(broken, fmt.Sprintf("checkpoint %d", seq))
		}
	}
	return broken, rows.Err()
}
