package privacy

import (
	"context"
	"fmt"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Consent is one thing a person may agree to. Everything else is done by law and contract, without consent.
type Consent string

// Consents there are.
const (
	Electronic Consent = "electronic" // bills in electronic form only
	Cards      Consent = "cards"      // a way of paying is kept
	Messages   Consent = "messages"   // reminders and news beside what the law requires
	Bots       Consent = "bots"       // answers in a messenger
	Push       Consent = "push"       // messages in a browser
	Trusted    Consent = "trusted"    // relatives he lets in see his bill
	Compare    Consent = "compare"    // his flat among the others of the house
)

// Text is what is agreed to. A new wording is a new version; who agreed to an older one is asked again.
type Text struct {
	Consent      Consent
	Version      int
	Title, Words string
	After        string // what happens when it is taken back
}

// Texts are the consents in the order they are shown. What each allows begins where its words are read: a card is kept, a chat
// is linked, a relative is let in; reminders go until somebody wants none.
var Texts = []Text{
	{Electronic, 1, "Счёт только в электронном виде", "Согласен получать платёжный документ в личном кабинете и на почту вместо бумаги.", "Со следующего месяца снова придёт бумажная квитанция."},
	{Cards, 1, "Хранить карту", "Согласен, чтобы банк запомнил мою карту для следующих платежей. Номер карты у нас не хранится.", "Сохранённые карты забудем. Автоплатёж с них остановится."},
	{Messages, 1, "Напоминания и новости", "Согласен получать напоминания о счёте, показаниях и новости дома.", "Оставим только то, что требует закон, и сообщения об авариях."},
	{Bots, 1, "Ответы в мессенджере", "Согласен, чтобы бот отвечал мне в мессенджере: счёт, показания, справки.", "Бот перестанет отвечать и забудет ваш чат."},
	{Push, 1, "Уведомления в браузере", "Согласен получать уведомления в браузере.", "Уведомления выключим во всех ваших браузерах."},
	{Trusted, 1, "Доступ близких", "Согласен, чтобы близкие, которых я позвал, видели мой счёт.", "Доступ тех, кого вы позвали, закроем сразу."},
	{Compare, 1, "Сравнение с домом", "Согласен, чтобы мне показывали мою квартиру среди других квартир дома, без имён и адресов.", "Сравнение больше не покажем."},
}

// TextOf is the present text of a consent; NotFound when there is no such.
func TextOf(c Consent) (Text, error) {
	for _, t := range Texts {
		if t.Consent == c {
			return t, nil
		}
	}
	return Text{}, fault.New(fault.NotFound, "consent.unknown", "Такого согласия нет.")
}

// Given is a consent as a person gave it.
type Given struct {
	Text
	GivenAt     calendar.Micros
	WithdrawnAt calendar.Micros // 0: it holds
	Of          int             // the version he read
}

// Give records a consent to the present text; the same again changes nothing. Door is where: page, bot, desk.
func (m *Module) Give(ctx context.Context, actor access.Actor, c Consent, door string) error {
	t, err := TextOf(c)
	if err != nil {
		return err
	}
	if err := actor.Require("person", "own"); err != nil {
		return err
	}
	return m.agree(ctx, actor.String(), actor.UserID, t, door)
}

// Agreed records the consent a person gives where a thing begins whose words he has just read: a chat linked, a card kept.
func (m *Module) Agreed(ctx context.Context, person int64, c Consent, door string) error {
	t, err := TextOf(c)
	if err != nil || person == 0 {
		return err // without a person there is nobody to ask later
	}
	return m.agree(ctx, personName(person), person, t, door)
}

func (m *Module) agree(ctx context.Context, actor string, person int64, t Text, door string) error {
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		now := m.Now()
		held, err := holds(ctx, tx, person, t.Consent)
		if err != nil || held == t.Version {
			return err
		}
		if err := withdraw(ctx, tx, person, t.Consent, now); err != nil {
			return err
		}
		if err := insertConsent(ctx, tx, id, person, t, door, now, 0); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "privacy.consent.given", personName(person), map[string]any{"consent": t.Consent, "version": t.Version})
	})
}

func insertConsent(ctx context.Context, tx *db.Tx, id, person int64, t Text, door string, given, withdrawn calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO privacy_consent (consent_id, person_id, kind, version, door, given_at, withdrawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		id, person, string(t.Consent), int64(t.Version), door, int64(given), int64(withdrawn))
	if err != nil {
		return fmt.Errorf("give a consent: %w", err)
	}
	return nil
}

// Withdraw takes a consent back, or says no to what he was never asked about; what is taken back stays so. From the commit on
// Allowed says no, and what stood on the consent ends in the same transaction.
func (m *Module) Withdraw(ctx context.Context, actor access.Actor, c Consent) error {
	t, err := TextOf(c)
	if err == nil {
		err = actor.Require("person", "own")
	}
	if err != nil {
		return err
	}
	stop, err := m.stop(ctx, actor.UserID, c)
	if err != nil {
		return err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		now := m.Now()
		allowed, err := Allowed(ctx, tx, actor.UserID, c)
		if err != nil || !allowed {
			return err
		}
		held, err := holds(ctx, tx, actor.UserID, c)
		if err == nil && held == 0 {
			err = insertConsent(ctx, tx, id, actor.UserID, t, "page", now, now)
		}
		if err == nil {
			err = withdraw(ctx, tx, actor.UserID, c, now)
		}
		if err == nil {
			err = stop(ctx, tx)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.String(), "privacy.consent.withdrawn", personName(actor.UserID), map[string]any{"consent": c})
	})
}

func withdraw(ctx context.Context, tx *db.Tx, person int64, c Consent, at calendar.Micros) error {
	if _, err := tx.ExecContext(ctx, "UPDATE privacy_consent SET withdrawn_at = $3 WHERE person_id = $1 AND kind = $2 AND withdrawn_at = 0", person, string(c), int64(at)); err != nil {
		return fmt.Errorf("withdraw a consent: %w", err)
	}
	return nil
}

// holds is the version a person agrees to now; 0: he does not.
func holds(ctx context.Context, tx *db.Tx, person int64, c Consent) (version int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM privacy_consent WHERE person_id = $1 AND kind = $2 AND withdrawn_at = 0", person, string(c)).Scan(&version)
	if err != nil {
		err = fmt.Errorf("consent of a person: %w", err)
	}
	return version, err
}

// Allowed tells whether something that stands on a consent may be done with a person's data now, in the transaction of what depends
// on it: never after he took the consent back, until he gives it again. Who said nothing has begun the thing itself by its own
// words, or wants the reminders everybody gets. Nobody's data (person 0) ask nobody.
func Allowed(ctx context.Context, tx *db.Tx, person int64, c Consent) (bool, error) {
	if person == 0 {
		return true, nil
	}
	var said, held int
	err := tx.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(CASE WHEN withdrawn_at = 0 THEN 1 ELSE 0 END), 0) FROM privacy_consent WHERE person_id = $1 AND kind = $2", person, string(c)).Scan(&said, &held)
	if err != nil {
		return false, fmt.Errorf("consent of a person: %w", err)
	}
	return said == 0 || held > 0, nil
}

// AllowedNow is Allowed in a transaction of its own.
func (m *Module) AllowedNow(ctx context.Context, person int64, c Consent) (yes bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		yes, err = Allowed(ctx, tx, person, c)
		return err
	})
	return yes, err
}

// stop prepares what ends with a consent.
func (m *Module) stop(ctx context.Context, person int64, c Consent) (func(context.Context, *db.Tx) error, error) {
	if m.Stop == nil {
		return func(context.Context, *db.Tx) error { return nil }, nil
	}
	return m.Stop(ctx, person, c)
}

// Consents are what a person agreed to, each as he last said, in the order of Texts. One he was never asked has no GivenAt.
func (m *Module) Consents(ctx context.Context, person int64) (list []Given, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = make([]Given, len(Texts))
		for i, t := range Texts {
			list[i].Text = t
		}
		rows, err := tx.QueryContext(ctx, "SELECT kind, version, given_at, withdrawn_at FROM privacy_consent WHERE person_id = $1 ORDER BY given_at, consent_id", person)
		if err != nil {
			return fmt.Errorf("consents of a person: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var g Given
			if err := rows.Scan(&g.Consent, &g.Of, &g.GivenAt, &g.WithdrawnAt); err != nil {
				return err
			}
			for i := range list {
				if list[i].Consent == g.Consent {
					list[i].Of, list[i].GivenAt, list[i].WithdrawnAt = g.Of, g.GivenAt, g.WithdrawnAt
				}
			}
		}
		return rows.Err()
	})
	return list, err
}

// personName names a person in the audit log.
func personName(id int64) string { return "person:" + strconv.FormatInt(id, 10) }
