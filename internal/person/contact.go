package person

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Kind is what sort of contact it is.
type Kind string

// Kinds of contacts.
const (
	Phone    Kind = "phone" // +79001234567
	Email    Kind = "email"
	Telegram Kind = "telegram" // id of a chat
	Max      Kind = "max"      // id of a chat
	ESIA     Kind = "esia"     // id of the account of Госуслуги
	Caller   Kind = "caller"   // a telephone we were written or called from: its number may be forged, so it opens no page and is told nothing
)

// Contact is a way to reach a person, and to know him again.
type Contact struct {
	ID          int64
	PersonID    int64
	Kind        Kind
	Value       string
	Masked      string          // «+7 900 ***-**-67»: may be shown
	ConfirmedAt calendar.Micros // 0: not proved yet
}

// Normal writes a value the one way it is stored and compared: telephones of Russia as +7 and ten digits, mail in small
// letters. Invalid when it is none.
func Normal(k Kind, value string) (string, error) {
	value = strings.TrimSpace(value)
	switch k {
	case Phone:
		return normalPhone(value)
	case Email:
		return normalEmail(value)
	}
	if value == "" {
		return "", fault.New(fault.Invalid, "contact.empty", "Контакт пустой.")
	}
	return value, nil
}

func normalPhone(value string) (string, error) {
	var digits []byte
	for _, c := range []byte(value) {
		if c >= '0' && c <= '9' {
			digits = append(digits, c)
		}
	}
	s := string(digits)
	if len(s) == 11 && (s[0] == '8' || s[0] == '7') {
		s = s[1:]
	}
	if len(s) != 10 || strings.ContainsFunc(value, func(r rune) bool { return !strings.ContainsRune("0123456789+()-– \u00a0.", r) }) {
		return "", fault.New(fault.Invalid, "contact.phone", "Телефон пишут так: +7 900 123-45-67").WithField("phone")
	}
	return "+7" + s, nil
}

func normalEmail(value string) (string, error) {
	s := strings.ToLower(value)
	name, host, found := strings.Cut(s, "@")
	if !found || name == "" || len(s) > 254 || !strings.Contains(host, ".") || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") ||
		strings.ContainsAny(s, " \t\r\n<>\",;:()\\") || strings.Contains(host, "@") {
		return "", fault.New(fault.Invalid, "contact.email", "Почту пишут так: name@example.ru").WithField("email")
	}
	return s, nil
}

// Mask is what of a value may be shown to who has not proved that it is his.
func Mask(k Kind, value string) string {
	switch k {
	case Phone:
		if len(value) == 12 {
			return value[:2] + " " + value[2:5] + " ***-**-" + value[10:]
		}
	case Email:
		if name, host, found := strings.Cut(value, "@"); found {
			first := []rune(name)[:1]
			return string(first) + "***@" + host
		}
	}
	return "***"
}

func (m *Module) mark(k Kind, value string) string { return m.access.Mark("contact:"+string(k), value) }

const contactColumns = "contact_id, person_id, kind, sealed, masked, confirmed_at"

// FindByContact gives the person a contact leads to; NotFound when it leads to nobody. The value is in its normal form.
func (m *Module) FindByContact(ctx context.Context, k Kind, value string) (c Contact, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		c, err = m.findContact(ctx, tx, k, value)
		return err
	})
	return c, db.Fold(err)
}

func (m *Module) findContact(ctx context.Context, tx *db.Tx, k Kind, value string) (Contact, error) {
	return m.scanContact(tx.QueryRowContext(ctx, "SELECT "+contactColumns+" FROM person_contact WHERE kind = $1 AND mark = $2 AND closed_at = 0", string(k), m.mark(k, value)))
}

func (m *Module) scanContact(row interface{ Scan(...any) error }) (c Contact, err error) {
	var sealed []byte
	if err = row.Scan(&c.ID, &c.PersonID, &c.Kind, &sealed, &c.Masked, &c.ConfirmedAt); err != nil {
		return c, err
	}
	value, err := m.access.Unseal("contact", sealed)
	if err != nil {
		return c, fmt.Errorf("contact %d: %w", c.ID, err)
	}
	c.Value = string(value)
	return c, nil
}

// Contacts are the contacts of a person that stand, in the order they came.
func (m *Module) Contacts(ctx context.Context, person int64) (list []Contact, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = m.ContactsIn(ctx, tx, person)
		return err
	})
	return list, err
}

// ContactsIn is Contacts inside a transaction.
func (m *Module) ContactsIn(ctx context.Context, tx *db.Tx, person int64) (list []Contact, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+contactColumns+" FROM person_contact WHERE person_id = $1 AND closed_at = 0 ORDER BY contact_id", person)
	if err != nil {
		return nil, fmt.Errorf("list contacts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		c, err := m.scanContact(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// ByContact gives the person a proved contact leads to, and makes one where it leads to nobody: two who prove the same
// contact at once get the same person.
func (m *Module) ByContact(ctx context.Context, k Kind, value string) (person int64, created bool, err error) {
	ids, err := m.db.NextIDs(ctx, 2)
	if err != nil {
		return 0, false, err
	}
	find := func() error {
		c, err := m.FindByContact(ctx, k, value)
		person, created = c.PersonID, false
		return err
	}
	if err = find(); !fault.Is(err, fault.NotFound) {
		return person, false, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		if err := m.insert(ctx, tx, ids); err != nil {
			return err
		}
		person, created = ids, true
		return m.addContact(ctx, tx, Contact{ID: ids + 1, PersonID: ids, Kind: k, Value: value, ConfirmedAt: m.now()})
	})
	if fault.Is(err, fault.Conflict) {
		err = find() // another was quicker
	}
	return person, created, err
}

// AddContact gives a person a contact that was proved. Conflict when it leads to somebody else.
func (m *Module) AddContact(ctx context.Context, person int64, k Kind, value string) error {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		c, err := m.findContact(ctx, tx, k, value)
		switch err = db.Fold(err); {
		case err == nil && c.PersonID == person:
			return nil
		case err == nil:
			return errTaken
		case !fault.Is(err, fault.NotFound):
			return err
		}
		c = Contact{ID: id, PersonID: person, Kind: k, Value: value, Masked: Mask(k, value), ConfirmedAt: m.now()}
		if err := m.addContact(ctx, tx, c); err != nil {
			return err
		}
		return m.tellChange(ctx, tx, c, true)
	})
	if fault.Is(err, fault.Conflict) {
		return errTaken
	}
	return err
}

// tellChange tells who listens that a contact came or went.
func (m *Module) tellChange(ctx context.Context, tx *db.Tx, c Contact, added bool) error {
	if m.ContactChanged == nil {
		return nil
	}
	list, err := m.ContactsIn(ctx, tx, c.PersonID)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(list, func(x Contact) bool { return x.ID == c.ID || x.ConfirmedAt == 0 })
	return m.ContactChanged(ctx, tx, c, added, others)
}

var errTaken = fault.New(fault.Conflict, "contact.taken", "С этим контактом входит другой человек. Войдите с ним или укажите другой.")

func (m *Module) addContact(ctx context.Context, tx *db.Tx, c Contact) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO person_contact (contact_id, person_id, kind, mark, sealed, masked, confirmed_at, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		c.ID, c.PersonID, string(c.Kind), m.mark(c.Kind, c.Value), m.access.Seal("contact", []byte(c.Value)), Mask(c.Kind, c.Value), int64(c.ConfirmedAt))
	if err != nil {
		return fmt.Errorf("add a contact: %w", err)
	}
	return audit.Record(ctx, tx, m.now(), Text(c.PersonID), "person.contact.added", Text(c.PersonID), map[string]string{"kind": string(c.Kind)})
}

// CloseContact takes a contact of a person back; one that is gone stays so.
func (m *Module) CloseContact(ctx context.Context, person, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		c, err := m.scanContact(tx.QueryRowContext(ctx, "UPDATE person_contact SET closed_at = $3 WHERE person_id = $1 AND contact_id = $2 AND closed_at = 0 RETURNING "+contactColumns, person, id, int64(m.now())))
		if fault.Is(db.Fold(err), fault.NotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("close a contact: %w", err)
		}
		if err := audit.Record(ctx, tx, m.now(), Text(person), "person.contact.closed", Text(person), struct{}{}); err != nil {
			return err
		}
		return m.tellChange(ctx, tx, c, false)
	})
}

// Masked is how a person is named to others who share a home with him: his proved contact, masked.
func (m *Module) Masked(ctx context.Context, person int64) (name string, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT masked FROM person_contact WHERE person_id = $1 AND closed_at = 0 AND kind IN ('phone', 'email') ORDER BY CASE WHEN kind = 'phone' THEN 0 ELSE 1 END, contact_id LIMIT 1", person).Scan(&name)
	})
	if fault.Is(db.Fold(err), fault.NotFound) {
		return "без телефона", nil
	}
	return name, db.Fold(err)
}

// DropContact takes a contact from a person who says that it never was his. Nobody is told: he has told it himself.
func (m *Module) DropContact(ctx context.Context, tx *db.Tx, person, id int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE person_contact SET closed_at = $3 WHERE person_id = $1 AND contact_id = $2 AND closed_at = 0", person, id, int64(m.now()))
	return err
}

// ReopenContact gives a person back a contact that was taken from him; one that leads to somebody else by now stays gone.
func (m *Module) ReopenContact(ctx context.Context, tx *db.Tx, person, id int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE person_contact SET closed_at = 0 WHERE person_id = $1 AND contact_id = $2 AND closed_at <> 0
		AND NOT EXISTS (SELECT 1 FROM person_contact o WHERE o.kind = person_contact.kind AND o.mark = person_contact.mark AND o.closed_at = 0)`, person, id)
	return err
}
