// Package person knows the people who sign in: how each is reached, and which homes are his or were opened to him.
//
// Owns: tables person, person_contact, person_home, person_invite, person_refusal, person_share, person_agreement,
// person_agreement_part, person_payment. Does not own: sessions and rights (access), what a home owes (bill), whose account is
// in which household (account, match), how a value is proved (whoever proves it).
//
// Invariants: a telephone, an address of mail or another contact leads to one person at most; its value is stored sealed and
// found by a keyed mark; a person never has the same home twice; who lost a home cannot open it from the next request on; who
// moved out keeps what is of his own time, to read; whoever comes after him sees nothing before his own day; nobody takes a
// home from its owner but the owner himself and the centre.
package person

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Person is one who signs in.
type Person struct {
	ID        int64
	CreatedAt calendar.Micros
	ErasedAt  calendar.Micros // 0: not erased
}

// Module holds the operations on people.
type Module struct {
	db     *db.DB
	access *access.Module
	now    func() calendar.Micros
	// Day is today where the homes are; nil: in UTC.
	Day func() calendar.Date
	// Tell sends a person of a telephone a message, in the transaction of what it is about; nil sends none.
	Tell func(ctx context.Context, tx *db.Tx, m Message) error

	// ContactChanged hears of a contact that came to a person who is known, or went from him, in the same transaction; others are
	// the proved contacts he has besides. Nil: nobody does.
	ContactChanged func(ctx context.Context, tx *db.Tx, c Contact, added bool, others []Contact) error
}

// Message is what a person is told about his homes: to himself (Person), or to a telephone that may be nobody's yet.
type Message struct {
	Key    string // the same message is sent once
	Person int64
	Phone  string
	Text   string
}

// tell sends a message where somebody sends them.
func (m *Module) tell(ctx context.Context, tx *db.Tx, x Message) error {
	if m.Tell == nil {
		return nil
	}
	return m.Tell(ctx, tx, x)
}

// Today is the day where the homes are.
func (m *Module) Today() calendar.Date {
	if m.Day != nil {
		return m.Day()
	}
	return calendar.DateOf(m.now().Time())
}

// New makes the module.
func New(d *db.DB, a *access.Module, now func() calendar.Micros) *Module {
	return &Module{db: d, access: a, now: now}
}

// Create makes a person nobody knows yet.
func (m *Module) Create(ctx context.Context) (id int64, err error) {
	if id, err = m.db.NextIDs(ctx, 1); err != nil {
		return 0, err
	}
	return id, m.db.Write(ctx, func(tx *db.Tx) error { return m.insert(ctx, tx, id) })
}

func (m *Module) insert(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.ExecContext(ctx, "INSERT INTO person (person_id, created_at, erased_at) VALUES ($1, $2, 0)", id, int64(m.now())); err != nil {
		return fmt.Errorf("add a person: %w", err)
	}
	return nil
}

// Text names a person in the audit log.
func Text(id int64) string { return fmt.Sprintf("person:%d", id) }
