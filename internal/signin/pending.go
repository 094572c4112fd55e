package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// Ways of a pending proof: a browser has one of each at most.
const (
	wayCode    = "code"
	wayPasskey = "passkey"
	wayESIA    = "esia"
)

// pending is a proof that has begun.
type pending struct {
	Kind    person.Kind     `json:"kind,omitempty"`
	Value   string          `json:"value,omitempty"`
	Channel Channel         `json:"channel,omitempty"`
	Purpose Purpose         `json:"purpose"`
	Person  int64           `json:"person,omitempty"`
	Next    string          `json:"next,omitempty"`
	Code    string          `json:"code,omitempty"`
	SentAt  calendar.Micros `json:"sent,omitempty"`
	State   string          `json:"state,omitempty"`
	Session json.RawMessage `json:"session,omitempty"` // of the library of passkeys
	Until   calendar.Micros `json:"until"`
}

// keptExpired is how long an expired proof is kept, so that a new code can be asked for without typing the number again.
const keptExpired = time.Hour

// save keeps a proof begun by a browser in the place of its earlier one, and forgets old ones of others.
func (m *Module) save(ctx context.Context, tx *db.Tx, browser, way, link string, p *pending) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if link != "" {
		link = digest(link)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO proof_pending (browser, way, link, sealed, tries, expires_at) VALUES ($1, $2, $3, $4, 0, $5)
		ON CONFLICT (browser, way) DO UPDATE SET link = excluded.link, sealed = excluded.sealed, tries = 0, expires_at = excluded.expires_at`,
		digest(browser), way, link, m.Access.Seal("proof", body), int64(p.Until))
	if err != nil {
		return fmt.Errorf("keep a proof: %w", err)
	}
	if _, err = tx.ExecContext(ctx, "DELETE FROM proof_pending WHERE expires_at < $1", int64(m.Now())-keptExpired.Microseconds()); err != nil {
		return fmt.Errorf("forget proofs: %w", err)
	}
	return nil
}

func (m *Module) unseal(sealed []byte) (p pending, err error) {
	body, err := m.Access.Unseal("proof", sealed)
	if err == nil {
		err = json.Unmarshal(body, &p)
	}
	return p, err
}

// find gives the proof a browser has begun, expired or not; NotFound when there is none.
func (m *Module) find(ctx context.Context, browser, way string) (p pending, err error) {
	var sealed []byte
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT sealed FROM proof_pending WHERE browser = $1 AND way = $2", digest(browser), way).Scan(&sealed)
	})
	if err != nil {
		return p, db.Fold(err)
	}
	return m.unseal(sealed)
}

// spend takes the proof a browser has begun by a way: whoever takes it is the only one.
func (m *Module) spend(ctx context.Context, browser, way string) (pending, error) {
	return m.take(ctx, "browser = $1 AND way = $2", digest(browser), way)
}

func (m *Module) take(ctx context.Context, where string, args ...any) (p pending, err error) {
	var sealed []byte
	args = append(args, int64(m.Now()))
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, fmt.Sprintf("DELETE FROM proof_pending WHERE %s AND expires_at > $%d RETURNING sealed", where, len(args)), args...).Scan(&sealed)
	})
	if fault.Is(err, fault.NotFound) {
		return p, errLate
	}
	if err != nil {
		return p, err
	}
	return m.unseal(sealed)
}
