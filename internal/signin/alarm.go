package signin

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// What a person is told of, and takes back by «это не я».
const (
	alarmDevice  = "device"
	alarmAdded   = "contact.added"
	alarmClosed  = "contact.closed"
	alarmPasskey = "passkey"
)

// alarmLife is how long «это не я» works; alarmDigits is its code: there are no links in messages (ux.md section 16).
const (
	alarmLife   = 30 * 24 * time.Hour
	alarmDigits = 12
)

// Warning tells a contact of a person what was done in his name.
type Warning struct {
	Key    string // of this warning at this contact
	Person int64
	Case   string // device, added, closed, passkey
	What   string // the device, the contact or the key, as it may be shown, with the moment
	Kind   person.Kind
	To     string // +79001234567 or an address of mail
	Code   string // takes it back: its receiver alone may read it
}

// cases are the words of warnings.
var cases = map[string]string{alarmDevice: "device", alarmAdded: "added", alarmClosed: "closed", alarmPasskey: "passkey"}

// warn tells a person at each of his contacts what was done in his name, with a code that takes it back.
func (m *Module) warn(ctx context.Context, tx *db.Tx, who int64, kind, subject string, contacts []person.Contact, what string) error {
	if m.Tell == nil {
		return nil
	}
	for _, c := range contacts {
		if c.ConfirmedAt == 0 || c.Kind != person.Phone && c.Kind != person.Email {
			continue
		}
		code := newCode(alarmDigits)
		_, err := tx.ExecContext(ctx, "INSERT INTO person_alarm (digest, person_id, kind, subject, expires_at, spent_at) VALUES ($1, $2, $3, $4, $5, 0)",
			m.alarmMark(code), who, kind, subject, after(m.Now(), alarmLife))
		if err != nil {
			return fmt.Errorf("keep an alarm: %w", err)
		}
		err = m.Tell(ctx, tx, Warning{Key: m.alarmMark(code)[:24], Person: who, Case: cases[kind], What: what, Kind: c.Kind, To: c.Value, Code: code[:4] + " " + code[4:8] + " " + code[8:]})
		if err != nil {
			return err
		}
	}
	return nil
}

// alarmMark finds an alarm by its code; the code itself is not kept.
func (m *Module) alarmMark(code string) string { return m.Access.Mark("alarm", code) }

// contactChanged tells the contacts a person had before, and the one that went.
func (m *Module) contactChanged(ctx context.Context, tx *db.Tx, c person.Contact, added bool, others []person.Contact) error {
	kind := alarmAdded
	if !added {
		kind, others = alarmClosed, append(others, c)
	}
	return m.warn(ctx, tx, c.PersonID, kind, strconv.FormatInt(c.ID, 10), others, named(c))
}

// named is a contact in a message that others may see.
func named(c person.Contact) string {
	if c.Kind == person.Phone || c.Kind == person.Email {
		return person.Mask(c.Kind, c.Value)
	}
	return contactTitles[c.Kind]
}

var contactTitles = map[person.Kind]string{person.Telegram: "Telegram", person.Max: "MAX", person.ESIA: "Госуслуги", person.Caller: "показания по телефону и SMS"}

var errAlarm = fault.New(fault.Invalid, "alarm.unknown", "Код не подошёл. Сверьте 12 цифр из сообщения или позвоните нам.").WithField("code")

// NotMe ends all sessions of the person a warning went to and takes back what it told of. The same code again says the same. A
// network that guesses has few tries.
func (m *Module) NotMe(ctx context.Context, typed, network string) error {
	subject := "not-me:" + network
	if err := m.Access.MayTry(ctx, subject); err != nil {
		return err
	}
	code, err := clean(typed, alarmDigits)
	if err == nil {
		err = m.spendAlarm(ctx, m.alarmMark(code))
	}
	if fault.CodeOf(err) == errAlarm.Code {
		return errors.Join(err, m.Access.Missed(ctx, subject))
	}
	return err
}

func (m *Module) spendAlarm(ctx context.Context, mark string) error {
	var who int64
	var kind, subject string
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT person_id, kind, subject FROM person_alarm WHERE digest = $1 AND expires_at > $2", mark, int64(m.Now())).Scan(&who, &kind, &subject)
	})
	if fault.Is(db.Fold(err), fault.NotFound) {
		return errAlarm
	}
	if err != nil {
		return db.Fold(err)
	}
	if err := m.Access.EndSessions(ctx, who, ""); err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE person_alarm SET spent_at = $2 WHERE digest = $1 AND spent_at = 0", mark, int64(m.Now()))
		if err != nil {
			return fmt.Errorf("spend an alarm: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := m.takeBack(ctx, tx, who, kind, subject); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), person.Text(who), "person.not_me", person.Text(who), map[string]string{"kind": kind})
	})
}

// takeBack undoes what a warning told of.
func (m *Module) takeBack(ctx context.Context, tx *db.Tx, who int64, kind, subject string) error {
	id, _ := strconv.ParseInt(subject, 10, 64) // of contacts only
	switch kind {
	case alarmDevice:
		_, err := tx.ExecContext(ctx, "DELETE FROM person_device WHERE person_id = $1 AND digest = $2", who, subject)
		return err
	case alarmPasskey:
		_, err := tx.ExecContext(ctx, "DELETE FROM passkey WHERE person_id = $1 AND credential = $2", who, subject)
		return err
	case alarmAdded:
		return m.People.DropContact(ctx, tx, who, id)
	}
	return m.People.ReopenContact(ctx, tx, who, id)
}
