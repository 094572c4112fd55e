package db

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
)

// Secret is a key of the installation: made when it is first asked for, kept among the settings and so in every copy of the data,
// read once a process. The zero value with a name is ready.
type Secret struct {
	Name string // of the setting

	mu  sync.Mutex
	key []byte
}

// secretSize is in bytes: a key of HMAC-SHA-256 (RFC 2104).
const secretSize = 32

// Of gives the key. It must be asked outside of a transaction: it may need one of its own.
func (s *Secret) Of(ctx context.Context, d *DB) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key != nil {
		return s.key, nil
	}
	fresh := make([]byte, secretSize)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	var text string
	err := d.WriteLocal(ctx, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", s.Name, hex.EncodeToString(fresh)); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = $1", s.Name).Scan(&text)
	})
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", s.Name, err)
	}
	s.key, err = hex.DecodeString(text)
	return s.key, err
}
