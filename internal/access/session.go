package access

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// A session library was weighed and left out: the whole need is the three statements below, on our own table and
// both databases.

// startSession gives a new 256-bit session id; only its digest is stored. Whoever signs in has just proved who he is.
func (m *Module) startSession(ctx context.Context, a Actor, life time.Duration, device string) (token string, err error) {
	token = hex.EncodeToString(random(32))
	now := m.now()
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO session (digest, user_id, role, supplier_id, building_id, household_id, home_id, name, created_at, seen_at, expires_at, device, fresh_at, limited)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $9, $12)`, digestOf(token), a.UserID, string(a.Role), a.SupplierID, a.BuildingID, a.HouseholdID, a.HomeID, a.Name, int64(now),
			int64(now)+int64(life/time.Microsecond), device, flag(a.Limited))
		return err
	})
	return token, err
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// seenEvery is how often a session's last use is written down.
const seenEvery = calendar.Micros(60 * 1_000_000)

// SessionColumns are those of v_session a Stored session is read from, for who reads something beside it in the same query; the view is
// called s there.
const SessionColumns = "s.user_id, s.role, s.supplier_id, s.building_id, s.household_id, s.home_id, s.name, s.fresh_at, s.limited, s.seen_at, s.expires_at, s.acting_id"

// Stored is a session as it is stored.
type Stored struct {
	actor         Actor
	limited       int64
	seen, expires calendar.Micros
	acting        int64 // what staff acts for a resident under
}

// Fields are where SessionColumns are read to.
func (s *Stored) Fields() []any {
	a := &s.actor
	return []any{&a.UserID, &a.Role, &a.SupplierID, &a.BuildingID, &a.HouseholdID, &a.HomeID, &a.Name, &a.FreshAt, &s.limited, &s.seen, &s.expires, &s.acting}
}

// SessionDigest is what a session is found by; false for what is no id of a session.
func SessionDigest(token string) (string, bool) { return digestOf(token), len(token) == 64 }

// FindSession gives the actor of a session id; an unknown, idle or ended one is anonymous.
func (m *Module) FindSession(ctx context.Context, token string) (Actor, error) {
	var s Stored
	digest, ok := SessionDigest(token)
	if ok {
		ok = false
		err := m.db.Ask(ctx, "SELECT "+SessionColumns+" FROM v_session s WHERE s.digest = $1", []any{digest}, func(scan func(...any) error) error {
			ok = true
			return scan(s.Fields()...)
		})
		if err != nil {
			return Actor{Role: Anonymous}, err
		}
	}
	if !ok {
		return Actor{Role: Anonymous}, nil
	}
	return m.Admit(ctx, token, &s)
}

// Admit gives the actor of a session that was read, and writes down from time to time that it is used; one that has ended is
// anonymous. Staff who act for a resident are the resident, with the acting named.
func (m *Module) Admit(ctx context.Context, token string, s *Stored) (Actor, error) {
	found := s.actor
	found.Limited = s.limited != 0
	now := m.now()
	if now > s.expires || found.Role != Resident && now-s.seen > calendar.Micros(staffIdle/time.Microsecond) {
		return Actor{Role: Anonymous}, nil
	}
	if now-s.seen > seenEvery {
		err := m.db.WriteLocal(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE session SET seen_at = $2 WHERE digest = $1", digestOf(token), int64(now))
			return err
		})
		if err != nil {
			return found, err
		}
	}
	if s.acting == 0 {
		return found, nil
	}
	return m.actAs(ctx, found, s.acting)
}

// StartPerson starts the session of a person who has proved who he is; homeID is the home he looks at first, 0 none yet.
func (m *Module) StartPerson(ctx context.Context, person, homeID int64) (token string, err error) {
	return m.StartEntry(ctx, Entry{Person: person, Home: homeID})
}

// ChooseHome changes the home a person's session looks at. Whose home it is, is looked at with every request (person.Enter).
func (m *Module) ChooseHome(ctx context.Context, token string, homeID int64) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE session SET home_id = $2 WHERE digest = $1 AND role = $3", digestOf(token), homeID, string(Resident))
		return err
	})
}

// EndSession ends a session; an unknown one is no error.
func (m *Module) EndSession(ctx context.Context, token string) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM session WHERE digest = $1", digestOf(token))
		return err
	})
}

// DemoLink makes a one-time sign-in link for the demo; the server accepts it on loopback only.
func (m *Module) DemoLink(ctx context.Context, a Actor) (token string, err error) {
	token = hex.EncodeToString(random(16))
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO demo_link (digest, role, supplier_id, building_id, household_id, person_id, home_id, name, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
			digestOf(token), string(a.Role), a.SupplierID, a.BuildingID, a.HouseholdID, a.UserID, a.HomeID, a.Name, int64(m.now())+int64(demoLinkLife/time.Microsecond))
		return err
	})
	return token, err
}

// SpendDemoLink starts a session by a demo link. Links may be used again: the demo's page lists them for good.
func (m *Module) SpendDemoLink(ctx context.Context, token string) (session string, a Actor, err error) {
	var role string
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT role, supplier_id, building_id, household_id, person_id, home_id, name FROM demo_link WHERE digest = $1 AND expires_at > $2", digestOf(token), int64(m.now())).
			Scan(&role, &a.SupplierID, &a.BuildingID, &a.HouseholdID, &a.UserID, &a.HomeID, &a.Name)
	})
	if err != nil {
		return "", a, fault.New(fault.NotFound, "demo.link", "Ссылка для показа не подошла. Откройте её со страницы показа.").Because(err)
	}
	a.Role = Role(role)
	life := staffLife
	if a.Role == Resident {
		life = residentLife
	}
	session, err = m.startSession(ctx, a, life, "")
	return session, a, err
}

// tokenPrefix marks our API tokens, so that they are found when leaked.
const tokenPrefix = "kvit_"

// CreateToken gives a supplier's program a token with scopes such as intake:write; it is shown once.
func (m *Module) CreateToken(ctx context.Context, actor Actor, name string, supplierID int64, scopes []string, life time.Duration) (number int64, token string, err error) {
	for _, s := range scopes {
		if r, a, ok := strings.Cut(s, ":"); !ok || !Declared(r, a) {
			return 0, "", fault.Newf(fault.Invalid, "token.scope", "Право %q неизвестно. Пример: intake:write, register:read.", s).WithField("scopes")
		}
	}
	token = tokenPrefix + hex.EncodeToString(random(24))
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return 0, "", err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO api_token (digest, token_id, name, supplier_id, scopes, created_at, used_at, expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 0)",
			digestOf(token), id, name, supplierID, strings.Join(scopes, " "), int64(m.now()), int64(m.now())+int64(life/time.Microsecond))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.now(), actor.String(), "token.created", fmt.Sprintf("token:%d", id), map[string]any{"supplier": supplierID, "scopes": scopes})
	})
	return id, token, err
}

// FindToken gives the actor of an API token, or Unauthenticated.
func (m *Module) FindToken(ctx context.Context, token string) (Actor, error) {
	a := Actor{Role: APIToken}
	refused := fault.New(fault.Unauthenticated, "token.unknown", "Ключ API не подошёл: его нет, он отозван или истёк.")
	if !strings.HasPrefix(token, tokenPrefix) {
		return a, refused
	}
	var scopes string
	err := m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now := int64(m.now())
		return tx.QueryRowContext(ctx, "UPDATE api_token SET used_at = $2 WHERE digest = $1 AND revoked_at = 0 AND expires_at > $2 RETURNING token_id, name, supplier_id, scopes", digestOf(token), now).
			Scan(&a.UserID, &a.Name, &a.SupplierID, &scopes)
	})
	if fault.Is(err, fault.NotFound) {
		return a, refused
	}
	a.Scopes = strings.Fields(scopes)
	return a, err
}

// Token is what is known of a token of the API; the token itself is not.
type Token struct {
	Name      string
	Scopes    []string
	UsedAt    calendar.Micros
	ExpiresAt calendar.Micros
	RevokedAt calendar.Micros
}

// ListTokens lists a supplier's tokens, newest first.
func (m *Module) ListTokens(ctx context.Context, supplierID int64) (list []Token, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT name, scopes, used_at, expires_at, revoked_at FROM api_token WHERE supplier_id = $1 ORDER BY token_id DESC", supplierID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t Token
			var scopes string
			if err := rows.Scan(&t.Name, &scopes, &t.UsedAt, &t.ExpiresAt, &t.RevokedAt); err != nil {
				return err
			}
			t.Scopes = strings.Fields(scopes)
			list = append(list, t)
		}
		return rows.Err()
	})
	return list, err
}

// RevokeToken ends a token by its number.
func (m *Module) RevokeToken(ctx context.Context, actor Actor, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE api_token SET revoked_at = $2 WHERE token_id = $1 AND revoked_at = 0", id, int64(m.now()))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fault.Newf(fault.NotFound, "token.none", "Действующего ключа № %d нет.", id).Because(err)
		}
		return audit.Record(ctx, tx, m.now(), actor.String(), "token.revoked", fmt.Sprintf("token:%d", id), struct{}{})
	})
}
