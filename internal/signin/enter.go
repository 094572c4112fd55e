package signin

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// Device is what a person signs in with.
type Device struct {
	Secret string // of the browser's lasting cookie
	Name   string // «Firefox, Windows»
}

// Entered is a person who has come in.
type Entered struct {
	Person int64
	Token  string // of his session
}

// Enter starts the session of whoever has proved a contact or a passkey; a contact nobody has makes a new person. A device he
// has not used before is told to him.
func (m *Module) Enter(ctx context.Context, p Proof, d Device) (e Entered, err error) {
	if p.Purpose != SignIn {
		return e, errPurpose
	}
	e.Person = p.Person
	if p.Value != "" {
		if e.Person, _, err = m.People.ByContact(ctx, p.Kind, p.Value); err != nil {
			return e, err
		}
	}
	if err := m.meet(ctx, e.Person, d); err != nil {
		return e, err
	}
	e.Token, err = m.Access.StartEntry(ctx, access.Entry{Person: e.Person, Device: d.Name, Limited: p.Limited})
	return e, err
}

var errPurpose = fault.New(fault.Invalid, "proof.purpose", "Этот код был для другого действия. Начните сначала.")

// Refresh ends the proof that a person of a session is himself; the session gets a new id.
func (m *Module) Refresh(ctx context.Context, p Proof, actor int64, token string) (renewed string, err error) {
	if p.Purpose != Fresh || p.Person != actor || actor == 0 {
		return "", errPurpose
	}
	return m.Access.RenewSession(ctx, token)
}

// AddContact gives a person the contact he has proved.
func (m *Module) AddContact(ctx context.Context, p Proof, actor int64) error {
	if p.Purpose != Contact || p.Person != actor || actor == 0 {
		return errPurpose
	}
	return m.People.AddContact(ctx, actor, p.Kind, p.Value)
}

// RemoveContact takes a contact of a person back, unless he could not sign in any more.
func (m *Module) RemoveContact(ctx context.Context, who, contact int64) error {
	list, err := m.People.Contacts(ctx, who)
	if err != nil {
		return err
	}
	keys, err := m.Passkeys(ctx, who)
	if err != nil {
		return err
	}
	ways := len(keys)
	for _, c := range list {
		if c.ID != contact && (c.Kind == person.Phone || c.Kind == person.Email || c.Kind == person.ESIA) {
			ways++
		}
	}
	if ways == 0 {
		return fault.New(fault.Conflict, "contact.last", "Это единственный способ войти. Сначала добавьте другой.")
	}
	return m.People.CloseContact(ctx, who, contact)
}

// meet notes the device of a person and tells him when it is another than those he had.
func (m *Module) meet(ctx context.Context, who int64, d Device) error {
	now := int64(m.Now())
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		var known, same int64
		err := tx.QueryRowContext(ctx, "SELECT count(*), COALESCE(sum(CASE WHEN digest = $2 THEN 1 ELSE 0 END), 0) FROM person_device WHERE person_id = $1", who, digest(d.Secret)).Scan(&known, &same)
		if err != nil {
			return fmt.Errorf("devices: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO person_device (person_id, digest, name, first_at, seen_at) VALUES ($1, $2, $3, $4, $4)
			ON CONFLICT (person_id, digest) DO UPDATE SET seen_at = excluded.seen_at, name = excluded.name`, who, digest(d.Secret), d.Name, now)
		if err != nil {
			return fmt.Errorf("note a device: %w", err)
		}
		if known == 0 || same > 0 {
			return nil
		}
		contacts, err := m.People.ContactsIn(ctx, tx, who)
		if err != nil {
			return err
		}
		return m.warn(ctx, tx, who, alarmDevice, digest(d.Secret), contacts, d.Name+", "+m.dayAndTime())
	})
}

// dayAndTime is now as a message says it.
func (m *Module) dayAndTime() string { return m.Now().Time().In(m.Zone).Format("02.01 в 15:04") }

// browsers and systems by what a browser says of itself; the first found holds.
var (
	browsers = [][2]string{{"YaBrowser", "Яндекс Браузер"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"}}
)

// DeviceName makes words of what a browser says of itself.
func DeviceName(userAgent string) string {
	find := func(table [][2]string, unknown string) string {
		for _, row := range table {
			if strings.Contains(userAgent, row[0]) {
				return row[1]
			}
		}
		return unknown
	}
	return find(browsers, "Браузер") + ", " + find(systems, "устройство")
}
