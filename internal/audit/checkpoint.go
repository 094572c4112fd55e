package audit

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

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
		return Key{}, fault.Newf(fault.Invalid, "audit.key_broken", "Ключ журнала %s испорчен. Верните его из резервной копии.", path).Because(err)
	}
	return Key{private}, nil
}

// Public is the key others verify checkpoints with; keep a copy outside the installation.
func (k Key) Public() string {
	return base64.StdEncoding.EncodeToString(k.private.Public().(ed25519.PublicKey))
}

// Checkpoint is the head of the chain at a moment, signed: so many records, the last of them with this digest.
type Checkpoint struct {
	Seq       int64           `json:"seq"`
	Digest    string          `json:"digest"`
	At        calendar.Micros `json:"at"`
	Signature string          `json:"signature"`
	Key       string          `json:"key"` // the public key it verifies with
}

func (c *Checkpoint) signed() []byte {
	return fmt.Appendf(nil, "kvit audit 1\n%d\n%s\n%d", c.Seq, c.Digest, c.At)
}

// verifies tells whether the checkpoint was signed with a key.
func (c *Checkpoint) verifies(public string) bool {
	key, err := base64.StdEncoding.DecodeString(public)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(c.Signature)
	return err == nil && ed25519.Verify(key, c.signed(), raw)
}

// Checkpoint signs the head of the chain, unless it is signed already.
func (k Key) Checkpoint(ctx context.Context, tx *db.Tx, at calendar.Micros) error {
	c := Checkpoint{At: at}
	var last int64
	err := tx.QueryRowContext(ctx, "SELECT seq, digest, (SELECT coalesce(max(seq), 0) FROM audit_checkpoint) FROM audit_head WHERE id = 1").Scan(&c.Seq, &c.Digest, &last)
	if err != nil || c.Seq <= last {
		return err
	}
	c.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, c.signed()))
	_, err = tx.ExecContext(ctx, "INSERT INTO audit_checkpoint (seq, digest, at, signature) VALUES ($1, $2, $3, $4) ON CONFLICT (seq) DO NOTHING", c.Seq, c.Digest, int64(c.At), c.Signature)
	return err
}

// Unsigned is how many records came after the last checkpoint.
func Unsigned(ctx context.Context, tx *db.Tx) (n int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT seq - (SELECT coalesce(max(seq), 0) FROM audit_checkpoint) FROM audit_head WHERE id = 1").Scan(&n)
	return n, err
}

// listCheckpoints gives the checkpoints after a record, oldest first.
func listCheckpoints(ctx context.Context, tx *db.Tx, after int64) (list []Checkpoint, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT seq, digest, at, signature FROM audit_checkpoint WHERE seq > $1 ORDER BY seq", after)
	if err != nil {
		return nil, fmt.Errorf("list checkpoints: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Checkpoint
		if err := rows.Scan(&c.Seq, &c.Digest, &c.At, &c.Signature); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}
