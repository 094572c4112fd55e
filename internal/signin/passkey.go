package signin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// passkeyLife is how long the person may take to touch the key.
const passkeyLife = 5 * time.Minute

// passkeysMax is how many keys one person may have.
const passkeysMax = 20

// Passkey is a key of a person as he sees it.
type Passkey struct {
	ID        string
	Name      string
	CreatedAt calendar.Micros
	UsedAt    calendar.Micros // 0: never
}

var errPasskey = fault.New(fault.Invalid, "passkey.wrong", "Ключ доступа не подошёл. Попробуйте ещё раз или войдите по телефону.")

// keyHolder is a person as the library sees him. His name on the device's own list is the mark's beginning, never a contact.
type keyHolder struct {
	handle string
	name   string
	keys   []webauthn.Credential
}

// WebAuthnID is what a key knows its person by.
func (h *keyHolder) WebAuthnID() []byte { return []byte(h.handle) }

// WebAuthnName is what a device lists.
func (h *keyHolder) WebAuthnName() string { return h.name }

// WebAuthnDisplayName is what a device shows.
func (h *keyHolder) WebAuthnDisplayName() string { return h.name }

// WebAuthnCredentials are the keys he has.
func (h *keyHolder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// party is our side of the exchange: the name browsers reach us by. Keys are not for bare addresses of machines; on one's own
// machine they work under the name localhost.
func (m *Module) party() (*webauthn.WebAuthn, error) {
	u, err := url.Parse(m.BaseURL())
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("passkeys: the address of the pages %q: %w", m.BaseURL(), err)
	}
	name, origin := u.Hostname(), u.Scheme+"://"+u.Host
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		name = "localhost"
		origin = u.Scheme + "://localhost"
		if u.Port() != "" {
			origin += ":" + u.Port()
		}
	}
	return webauthn.New(&webauthn.Config{
		RPID: name, RPDisplayName: "Квит", RPOrigins: []string{origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
	})
}

// BeginPasskeyEntry gives the browser what to ask its keys; any key of ours may answer.
func (m *Module) BeginPasskeyEntry(ctx context.Context, browser, next string) (options any, err error) {
	party, err := m.party()
	if err != nil {
		return nil, err
	}
	assertion, session, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("begin with a passkey: %w", err)
	}
	return assertion, m.keepSession(ctx, browser, session, &pending{Purpose: SignIn, Next: next})
}

func (m *Module) keepSession(ctx context.Context, browser string, session *webauthn.SessionData, p *pending) (err error) {
	if p.Session, err = json.Marshal(session); err != nil {
		return err
	}
	p.Until = calendar.Micros(after(m.Now(), passkeyLife))
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return m.save(ctx, tx, browser, wayPasskey, "", p) })
}

// spendSession takes what a browser has begun with its keys: an answer is checked once.
func (m *Module) spendSession(ctx context.Context, browser string) (p pending, session webauthn.SessionData, err error) {
	if p, err = m.spend(ctx, browser, wayPasskey); err != nil {
		return p, session, err
	}
	return p, session, json.Unmarshal(p.Session, &session)
}

// FinishPasskeyEntry checks the answer of a key and says whose it is.
func (m *Module) FinishPasskeyEntry(ctx context.Context, browser, response string) (Proof, error) {
	p, session, err := m.spendSession(ctx, browser)
	if err != nil {
		return Proof{}, err
	}
	party, err := m.party()
	if err != nil {
		return Proof{}, err
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(response))
	if err != nil {
		return Proof{}, errPasskey.Because(err)
	}
	var who int64
	credential, err := party.ValidateDiscoverableLogin(func(id, handle []byte) (webauthn.User, error) {
		owner, holder, err := m.findKey(ctx, encode(id))
		who = owner
		if err == nil && holder.handle != string(handle) {
			err = errPasskey
		}
		return holder, err
	}, session, answer)
	if err != nil {
		return Proof{}, errPasskey.Because(err)
	}
	if credential.Authenticator.CloneWarning {
		return Proof{}, errPasskey.Because(fmt.Errorf("passkey of person %d: its counter went back", who))
	}
	return Proof{Purpose: p.Purpose, Person: who, Next: p.Next}, m.noteUse(ctx, credential)
}

func encode(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

func (m *Module) findKey(ctx context.Context, id string) (who int64, h *keyHolder, err error) {
	h = &keyHolder{keys: make([]webauthn.Credential, 1)}
	var data string
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT person_id, handle, data FROM passkey WHERE credential = $1", id).Scan(&who, &h.handle, &data)
	})
	if err == nil {
		err = json.Unmarshal([]byte(data), &h.keys[0])
	}
	return who, h, db.Fold(err)
}

func (m *Module) noteUse(ctx context.Context, c *webauthn.Credential) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE passkey SET data = $2, used_at = $3 WHERE credential = $1", encode(c.ID), string(data), int64(m.Now()))
		return err
	})
}

// BeginPasskey gives the browser of a person what to make a new key of; the keys he has are left out.
func (m *Module) BeginPasskey(ctx context.Context, browser string, who int64) (options any, err error) {
	party, err := m.party()
	if err != nil {
		return nil, err
	}
	holder, err := m.holder(ctx, who)
	if err != nil {
		return nil, err
	}
	if len(holder.keys) >= passkeysMax {
		return nil, fault.New(fault.Conflict, "passkey.many", "Ключей уже 20. Удалите лишний.")
	}
	creation, session, err := party.BeginRegistration(holder, webauthn.WithExclusions(webauthn.Credentials(holder.keys).CredentialDescriptors()))
	if err != nil {
		return nil, fmt.Errorf("begin a passkey: %w", err)
	}
	return creation, m.keepSession(ctx, browser, session, &pending{Purpose: Contact, Person: who})
}

// holder is a person with the keys he has.
func (m *Module) holder(ctx context.Context, who int64) (*keyHolder, error) {
	h := &keyHolder{handle: m.Access.Mark("passkey", person.Text(who))}
	h.name = "Квит " + h.handle[:4]
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		h.keys = nil
		rows, err := tx.QueryContext(ctx, "SELECT data FROM passkey WHERE person_id = $1", who)
		if err != nil {
			return fmt.Errorf("list passkeys: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var data string
			var c webauthn.Credential
			if err := rows.Scan(&data); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(data), &c); err != nil {
				return err
			}
			h.keys = append(h.keys, c)
		}
		return rows.Err()
	})
	return h, err
}

// FinishPasskey keeps the key a person's browser has made, and tells his contacts.
func (m *Module) FinishPasskey(ctx context.Context, browser string, who int64, response, name string) error {
	p, session, err := m.spendSession(ctx, browser)
	if err != nil {
		return err
	}
	if p.Purpose != Contact || p.Person != who {
		return errPurpose
	}
	party, err := m.party()
	if err != nil {
		return err
	}
	holder, err := m.holder(ctx, who)
	if err != nil {
		return err
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes([]byte(response))
	if err != nil {
		return errPasskey.Because(err)
	}
	credential, err := party.CreateCredential(holder, session, answer)
	if err != nil {
		return errPasskey.Because(err)
	}
	data, err := json.Marshal(credential)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO passkey (credential, person_id, handle, data, name, created_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, 0)",
			encode(credential.ID), who, holder.handle, string(data), name, int64(m.Now()))
		if err != nil {
			return fmt.Errorf("keep a passkey: %w", err)
		}
		if err := audit.Record(ctx, tx, m.Now(), person.Text(who), "person.passkey.added", person.Text(who), struct{}{}); err != nil {
			return err
		}
		contacts, err := m.People.ContactsIn(ctx, tx, who)
		if err != nil {
			return err
		}
		return m.warn(ctx, tx, who, alarmPasskey, encode(credential.ID), contacts, name+", "+m.dayAndTime())
	})
}

// Passkeys are the keys of a person, the oldest first.
func (m *Module) Passkeys(ctx context.Context, who int64) (list []Passkey, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT credential, name, created_at, used_at FROM passkey WHERE person_id = $1 ORDER BY created_at, credential", who)
		if err != nil {
			return fmt.Errorf("list passkeys: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var k Passkey
			if err := rows.Scan(&k.ID, &k.Name, &k.CreatedAt, &k.UsedAt); err != nil {
				return err
			}
			list = append(list, k)
		}
		return rows.Err()
	})
	return list, err
}

// RemovePasskey takes a key of a person back; one that is not his, or is gone, is no error. A person always has a contact
// besides, so he can still sign in.
func (m *Module) RemovePasskey(ctx context.Context, who int64, id string) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM passkey WHERE person_id = $1 AND credential = $2", who, id)
		if err != nil {
			return fmt.Errorf("remove a passkey: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), person.Text(who), "person.passkey.removed", person.Text(who), struct{}{})
	})
}
