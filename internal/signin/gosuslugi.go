package signin

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/person/esia"
)

// esiaLife is how long a person may stay at Госуслуги.
const esiaLife = 20 * time.Minute

var errESIA = fault.New(fault.Unavailable, "esia.failed", "Госуслуги не ответили как надо. Попробуйте позже или войдите по телефону.")

// BeginESIA gives the address at Госуслуги where a person says who he is; purpose is SignIn, Fresh or Contact.
func (m *Module) BeginESIA(ctx context.Context, browser string, purpose Purpose, who int64, next string) (address string, err error) {
	if m.ESIA == nil {
		return "", fault.New(fault.NotFound, "esia.none", "Вход через Госуслуги не подключён.")
	}
	p := &pending{Purpose: purpose, Person: who, Next: next, State: uuid.NewString(), Until: calendar.Micros(after(m.Now(), esiaLife))}
	if address, err = m.ESIA.AuthURL(ctx, p.State); err != nil {
		return "", errESIA.Because(err)
	}
	return address, m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return m.save(ctx, tx, browser, wayESIA, p.State, p) })
}

// FinishESIA takes what Госуслуги sent the browser back with. The state must be the one this browser was sent away with: another's
// answer signs nobody in.
func (m *Module) FinishESIA(ctx context.Context, browser string, answer url.Values) (Proof, error) {
	p, err := m.take(ctx, "browser = $1 AND way = $2 AND link = $3", digest(browser), wayESIA, digest(answer.Get("state")))
	if err != nil {
		return Proof{}, fault.New(fault.Invalid, "esia.state", "Этот вход через Госуслуги уже не действует. Начните сначала.").Because(err)
	}
	if code := answer.Get("error"); code != "" {
		return Proof{Next: p.Next}, declined(code, answer.Get("error_description"))
	}
	token, err := m.ESIA.Exchange(ctx, answer.Get("code"), p.State)
	if err != nil {
		return Proof{Next: p.Next}, errESIA.Because(err)
	}
	who, err := m.ESIA.Person(ctx, token)
	if err != nil {
		return Proof{Next: p.Next}, errESIA.Because(err)
	}
	proof := p.proof()
	proof.Kind, proof.Value, proof.Limited = person.ESIA, who.ID, who.Level < esia.Confirmed
	if p.Purpose == Fresh {
		return proof, m.ownESIA(ctx, p.Person, who.ID)
	}
	return proof, nil
}

func declined(code, description string) error {
	if code == "access_denied" {
		return fault.New(fault.Conflict, "esia.declined", "Вы не дали Госуслугам подтвердить, что это вы. Можно войти по телефону.")
	}
	return errESIA.Because(fmt.Errorf("esia: %s %s", code, description))
}

// ownESIA is nil when an account of Госуслуги is among the contacts of a person.
func (m *Module) ownESIA(ctx context.Context, who int64, id string) error {
	c, err := m.People.FindByContact(ctx, person.ESIA, id)
	if err == nil && c.PersonID == who {
		return nil
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return fault.New(fault.Conflict, "esia.other", "Это другая запись Госуслуг. Подтвердите той, с которой входили.")
}
