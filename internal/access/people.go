package access

import (
	"context"
	"encoding/hex"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Entry is how a person has come in.
type Entry struct {
	Person  int64
	Home    int64  // he looks at first; 0: his first one
	Device  string // «Firefox, Windows», for his own list
	Limited bool   // see Actor.Limited
}

// StartEntry starts the session of a person who has just proved who he is.
func (m *Module) StartEntry(ctx context.Context, e Entry) (token string, err error) {
	return m.startSession(ctx, Actor{UserID: e.Person, Role: Resident, HomeID: e.Home, Limited: e.Limited}, residentLife, e.Device)
}

// RenewSession gives a person's session a new id once he has proved again who he is: an id that was planted or stolen before
// gets none of the rights that come with it (reliability.md S6). NotFound when the session has ended.
func (m *Module) RenewSession(ctx context.Context, token string) (renewed string, err error) {
	renewed = hex.EncodeToString(random(32))
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		var person int64
		return tx.QueryRowContext(ctx, "UPDATE session SET digest = $2, fresh_at = $3 WHERE digest = $1 AND role = $4 AND expires_at > $3 RETURNING user_id",
			digestOf(token), digestOf(renewed), int64(m.now()), string(Resident)).Scan(&person)
	})
	return renewed, err
}

// Session is a session of a person, as he sees it himself.
type Session struct {
	Key    string // names it, and opens nothing
	Device string // "": not known
	Since  calendar.Micros
	SeenAt calendar.Micros
}

// keyLength is how much of a session's digest names it.
const keyLength = 16

// SessionKey is the name of the session a token opens.
func SessionKey(token string) string { return digestOf(token)[:keyLength] }

// Sessions are the sessions of a person that stand, the last used first.
func (m *Module) Sessions(ctx context.Context, person int64) (list []Session, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT digest, device, created_at, seen_at FROM session WHERE user_id = $1 AND role = $2 AND expires_at > $3 ORDER BY seen_at DESC, digest",
			person, string(Resident), int64(m.now()))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s Session
			if err := rows.Scan(&s.Key, &s.Device, &s.Since, &s.SeenAt); err != nil {
				return err
			}
			s.Key = s.Key[:keyLength]
			list = append(list, s)
		}
		return rows.Err()
	})
	return list, err
}

// EndSessionOf ends one session of a person; one that is not his, or has ended, is no error.
func (m *Module) EndSessionOf(ctx context.Context, person int64, key string) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM session WHERE user_id = $1 AND role = $2 AND substr(digest, 1, 16) = $3", person, string(Resident), key)
		return err
	})
}

// EndSessions ends all sessions of a person but the one a token opens; "" spares none.
func (m *Module) EndSessions(ctx context.Context, person int64, spared string) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM session WHERE user_id = $1 AND role = $2 AND digest <> $3", person, string(Resident), digestOf(spared))
		return err
	})
}
