package payment

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment/gateway"
	"kvit/internal/privacy"
)

// Consent is a payer's permission to keep the way he pays, with the words he agreed to (161-ФЗ, 152-ФЗ).
type Consent struct {
	BuildingID  int64 // the household that may pay this way
	HouseholdID int64
	PersonID    int64 // the person who alone may; 0: whoever manages the household
	Text        string
	Version     string
}

// payer names the one who agreed to the acquirer.
func (c *Consent) payer() string {
	if c.PersonID != 0 {
		return fmt.Sprintf("person-%d", c.PersonID)
	}
	return fmt.Sprintf("home-%d-%d", c.BuildingID, c.HouseholdID)
}

// States of a kept way of paying.
const (
	savedAsked     = "asked" // its payment is not captured yet
	savedActive    = "active"
	savedWithdrawn = "withdrawn"
)

// SavedMethod is a way of paying that was kept. The acquirer keeps the card; we keep its token.
type SavedMethod struct {
	ID             string // public
	BuildingID     int64
	HouseholdID    int64
	PersonID       int64
	Method         string
	Title          string         // «Карта ····4477»
	Expires        calendar.Month // 0: never
	Consent        string
	ConsentVersion string
	CreatedAt      calendar.Micros
	state          string
	gateway        string
	token          string
	actor          string // who agreed
}

// who is the person a kept way stands on the consent of; 0: nobody known.
func (s *SavedMethod) who() int64 { return cmp.Or(s.PersonID, access.PersonOf(s.actor)) }

// leaveAllowed are the kept ways whose payers still agree that they are kept.
func leaveAllowed(ctx context.Context, tx *db.Tx, list []SavedMethod) (allowed []SavedMethod, err error) {
	for i := range list {
		yes, err := privacy.Allowed(ctx, tx, list[i].who(), privacy.Cards)
		if err != nil {
			return nil, err
		}
		if yes {
			allowed = append(allowed, list[i])
		}
	}
	return allowed, nil
}

// ForgetAll forgets every way a person let us keep, in the transaction in which he took his consent back.
func (m *Module) ForgetAll(ctx context.Context, tx *db.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE payment_saved SET state = 'withdrawn', token = '', changed_at = $3 WHERE (person_id = $1 OR person_id = 0 AND actor = $2) AND state <> 'withdrawn'",
		person, access.Actor{Role: access.Resident, UserID: person}.String(), int64(m.now()))
	if err != nil {
		return fmt.Errorf("forget saved methods: %w", err)
	}
	return nil
}

// Active tells whether the way may be used.
func (s *SavedMethod) Active() bool { return s.state == savedActive }

var errNotSaved = fault.New(fault.NotFound, "saved.unknown", "Этого способа оплаты больше нет. Выберите другой.").WithField("saved")

// ListSaved gives the ways of paying a household has kept and not withdrawn, the latest first; those of single persons are not
// among them.
func (m *Module) ListSaved(ctx context.Context, building, household int64) (list []SavedMethod, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listSaved(ctx, tx, "WHERE building_id = $1 AND household_id = $2 AND person_id = 0 AND state = 'active' ORDER BY created_at DESC", building, household)
		if err == nil {
			list, err = leaveAllowed(ctx, tx, list)
		}
		return err
	})
	return list, err
}

// ListPersons gives the ways of paying a person has kept, for whatever home he pays, the latest first.
func (m *Module) ListPersons(ctx context.Context, person int64) (list []SavedMethod, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listSaved(ctx, tx, "WHERE person_id = $1 AND person_id <> 0 AND state = 'active' ORDER BY created_at DESC", person)
		if err == nil {
			list, err = leaveAllowed(ctx, tx, list)
		}
		return err
	})
	return list, err
}

// FindSaved gives a kept way of paying, active or not.
func (m *Module) FindSaved(ctx context.Context, id string) (s SavedMethod, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		s, err = findSaved(ctx, tx, id)
		return err
	})
	return s, err
}

// ForgetSaved withdraws a household's permission: the token is forgotten at once. Withdrawing twice changes nothing.
func (m *Module) ForgetSaved(ctx context.Context, actor, id string, building, household int64) error {
	return m.forget(ctx, actor, id, func(s *SavedMethod) bool {
		return s.PersonID == 0 && s.BuildingID == building && s.HouseholdID == household
	})
}

// ForgetPersons withdraws a person's permission, likewise.
func (m *Module) ForgetPersons(ctx context.Context, actor, id string, person int64) error {
	return m.forget(ctx, actor, id, func(s *SavedMethod) bool { return person != 0 && s.PersonID == person })
}

func (m *Module) forget(ctx context.Context, actor, id string, mine func(*SavedMethod) bool) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		s, err := findSaved(ctx, tx, id)
		if err == nil && !mine(&s) {
			err = errNotSaved
		}
		if err != nil || s.state == savedWithdrawn {
			return err
		}
		now := m.now()
		if _, err := tx.ExecContext(ctx, "UPDATE payment_saved SET state = 'withdrawn', token = '', changed_at = $2 WHERE saved_id = $1", id, int64(now)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "payment.saved.withdrawn", "saved:"+id, map[string]int64{})
	})
}

// check refuses a permission without the words it was given in.
func (c *Consent) check() error {
	if c.Text == "" || c.Version == "" {
		return fault.New(fault.Invalid, "saved.consent", "Способ оплаты сохраняют только с согласия: нужны его текст и номер.").WithField("save")
	}
	return nil
}

// addConsent puts what the payer agreed to into the batch of his order, before the acquirer is asked.
func addConsent(b *db.Batch, o *Order, c *Consent) {
	b.Add(`INSERT INTO payment_saved (saved_id, order_id, building_id, household_id, person_id, gateway, method, token, title, expires_month, consent, consent_version, state, actor, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $11, $5, $6, '', '', 0, $7, $8, 'asked', $9, $10, $10)`,
		uuid.Must(uuid.NewV7()).String(), o.ID, c.BuildingID, c.HouseholdID, o.Gateway, o.Method, c.Text, c.Version, o.Actor, int64(o.CreatedAt), c.PersonID)
}

// keep makes the way an order was paid usable, if its payer agreed to keep it and has not thought better of it.
func (m *Module) keep(ctx context.Context, tx *db.Tx, o *Order, s *gateway.Saved) error {
	_, err := tx.ExecContext(ctx, "UPDATE payment_saved SET state = 'active', token = $2, title = $3, expires_month = $4, changed_at = $5 WHERE order_id = $1 AND state = 'asked'",
		o.ID, s.Token, s.Title, int64(s.Expires), int64(m.now()))
	return err
}

// tokenOf is the token an order is charged by; ” when its payer pays himself.
func (m *Module) tokenOf(ctx context.Context, o *Order) (token string, err error) {
	if o.request.SavedID == "" {
		return "", nil
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		s, err := findSaved(ctx, tx, o.request.SavedID)
		if err != nil {
			return err
		}
		allowed, err := leaveAllowed(ctx, tx, []SavedMethod{s})
		if err == nil && (!s.Active() || len(allowed) == 0) {
			err = errNotSaved
		}
		token = s.token
		return err
	})
	return token, err
}

func findSaved(ctx context.Context, tx *db.Tx, id string) (SavedMethod, error) {
	list, err := listSaved(ctx, tx, "WHERE saved_id = $1", id)
	if err == nil && len(list) == 0 {
		err = errNotSaved
	}
	if err != nil {
		return SavedMethod{}, err
	}
	return list[0], nil
}

func listSaved(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []SavedMethod, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT saved_id, building_id, household_id, person_id, method, title, expires_month, consent, consent_version, created_at, state, gateway, token, actor FROM payment_saved "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list saved methods: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s SavedMethod
		if err := rows.Scan(&s.ID, &s.BuildingID, &s.HouseholdID, &s.PersonID, &s.Method, &s.Title, &s.Expires, &s.Consent, &s.ConsentVersion, &s.CreatedAt, &s.state, &s.gateway, &s.token, &s.actor); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
