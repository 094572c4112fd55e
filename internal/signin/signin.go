// Package signin proves who a person is: by a code to his telephone or mail, by a link in a letter, by a passkey, by an account of
// Госуслуги. It says when a proof is fresh enough, and tells a person of new devices and changed contacts.
//
// Owns: tables proof_pending, proof_limit, proof_day, passkey, person_device, person_alarm. Does not own: people and their contacts
// (person), sessions and rights (access), how a message travels (Deps.Deliver), pages.
//
// Invariants (reliability.md S2–S4, S6): a proof is finished by the browser that began it, once, in its time and tries; nothing
// tells whether a contact leads to somebody; codes and links are stored sealed or as digests; an outside call is never made inside
// a transaction.
package signin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/person"
	"kvit/internal/person/esia"
)

// Channel is how a code travels.
type Channel string

// Channels of codes.
const (
	SMS  Channel = "sms"
	Call Channel = "call" // a voice reads it
	Mail Channel = "mail"
)

// Purpose is what a proof is for.
type Purpose string

// Purposes of proofs.
const (
	SignIn  Purpose = "sign_in"
	Fresh   Purpose = "fresh"   // the person of a session shows again who he is
	Contact Purpose = "contact" // the contact becomes one of the person's
)

// Delivery is a code or a link on its way to a person.
type Delivery struct {
	Channel       Channel
	To            string // +79001234567 or an address of mail
	Key           string // of this message: the same one sent again is not delivered twice
	Subject, Text string
	Person        int64 // 0: not known yet
}

// Deps are what the module stands on.
type Deps struct {
	DB     *db.DB
	Access *access.Module
	People *person.Module
	Zone   *time.Location
	Now    func() calendar.Micros
	// Deliver sends a code now; an error means that it did not go. Nil: codes cannot be sent.
	Deliver func(ctx context.Context, d Delivery) error
	// Tell orders a warning in the transaction that makes it true; it goes when the transaction is there. Nil: nobody is told.
	Tell func(ctx context.Context, tx *db.Tx, w Warning) error
	// Alert hears that codes to numbers of a prefix are far more than usual (S3). Nil: nobody does.
	Alert func(ctx context.Context, prefix string, today, usual int64)
	// BaseURL is where people reach the pages.
	BaseURL func() string
	ESIA    *esia.Client // nil: nobody signs in by Госуслуги
	Budget  int64        // codes a day for numbers of one prefix by one channel; 0: the usual
}

// Module holds the operations.
type Module struct{ Deps }

// New makes the module; changes of contacts are told from here on.
func New(d Deps) *Module {
	if d.Budget == 0 {
		d.Budget = budgetUsual
	}
	m := &Module{d}
	d.People.ContactChanged = m.contactChanged
	return m
}

// Proof is what somebody has proved.
type Proof struct {
	Kind    person.Kind
	Value   string
	Purpose Purpose
	Person  int64  // whose session asked; of a passkey, whose it is
	Next    string // where he was going
	Limited bool   // see access.Actor
}

// NewSecret makes what a browser, or a link, is known by: 256 bits.
func NewSecret() string { return hex.EncodeToString(access.RandomKey()) }

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func after(at calendar.Micros, d time.Duration) int64 { return int64(at) + d.Microseconds() }
