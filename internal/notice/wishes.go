package notice

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/privacy"
)

// Wishes are how a person wants to be told.
type Wishes struct {
	QuietFrom     int  // minutes of the day
	QuietTo       int  //
	OnlyImportant bool //
	Voice         bool // a call instead of a text
	Agreed        bool // false: no messages but what cannot be switched off
	off           map[offKey]bool
}

type offKey struct {
	topic   Topic
	channel Channel // '' the topic as a whole
}

// usualWishes are those of who said nothing.
func usualWishes() Wishes {
	return Wishes{QuietFrom: quietFrom, QuietTo: quietTo, Agreed: true, off: map[offKey]bool{}}
}

// Off tells whether a topic, or a way of it, is switched off.
func (w *Wishes) Off(t Topic, c Channel) bool { return w.off[offKey{t, ""}] || w.off[offKey{t, c}] }

// Switch switches a way of a topic on or off.
func (w *Wishes) Switch(t Topic, c Channel, on bool) {
	delete(w.off, offKey{t, c})
	if !on {
		w.off[offKey{t, c}] = true
	}
}

// refuses is why a person is not told of a topic at all; ” when he is.
func (w *Wishes) refuses(t Topic) string {
	a := t.about()
	switch {
	case a.always:
		return ""
	case !w.Agreed:
		return BecauseConsent
	case w.Off(t, "") || w.OnlyImportant && !a.important:
		return BecauseOff
	}
	return ""
}

// Find gives the wishes of a person.
func (m *Module) Find(ctx context.Context, who int64) (w Wishes, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		w, err = findWishes(ctx, tx, who)
		return err
	})
	return w, err
}

func findWishes(ctx context.Context, tx *db.Tx, who int64) (Wishes, error) {
	w := usualWishes()
	allowed, err := privacy.Allowed(ctx, tx, who, privacy.Messages)
	if err != nil {
		return w, err
	}
	w.Agreed = allowed
	var important, voice, agreed int
	err = db.Fold(tx.QueryRowContext(ctx, "SELECT quiet_from, quiet_to, only_important, voice, agreed FROM notice_person WHERE person_id = $1", who).Scan(&w.QuietFrom, &w.QuietTo, &important, &voice, &agreed))
	switch {
	case fault.Is(err, fault.NotFound):
		return w, nil
	case err != nil:
		return w, fmt.Errorf("wishes: %w", err)
	}
	w.OnlyImportant, w.Voice, w.Agreed = important == 1, voice == 1, allowed && agreed == 1
	rows, err := tx.QueryContext(ctx, "SELECT topic, channel FROM notice_off WHERE person_id = $1", who)
	if err != nil {
		return w, fmt.Errorf("wishes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k offKey
		if err := rows.Scan(&k.topic, &k.channel); err != nil {
			return w, err
		}
		w.off[k] = true
	}
	return w, rows.Err()
}

// Keep stores the wishes of a person. Taking back the consent stops at once what waits already, but for topics that are
// always told.
func (m *Module) Keep(ctx context.Context, who int64, w Wishes) error {
	if w.QuietFrom < 0 || w.QuietFrom >= dayLength || w.QuietTo < 0 || w.QuietTo >= dayLength {
		return fault.New(fault.Invalid, "notice.quiet", "Время пишут так: 21:00.").WithField("from")
	}
	for k := range w.off {
		if k.topic.Always() {
			delete(w.off, k)
		}
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		now := m.Now()
		_, err := tx.ExecContext(ctx, `INSERT INTO notice_person (person_id, quiet_from, quiet_to, only_important, voice, agreed, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (person_id) DO UPDATE SET quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, only_important = excluded.only_important, voice = excluded.voice, agreed = excluded.agreed, changed_at = excluded.changed_at`,
			who, w.QuietFrom, w.QuietTo, bit(w.OnlyImportant), bit(w.Voice), bit(w.Agreed), int64(now))
		if err != nil {
			return fmt.Errorf("keep wishes: %w", err)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM notice_off WHERE person_id = $1", who); err != nil {
			return err
		}
		for k := range w.off {
			if _, err := tx.ExecContext(ctx, "INSERT INTO notice_off (person_id, topic, channel) VALUES ($1, $2, $3)", who, string(k.topic), string(k.channel)); err != nil {
				return err
			}
		}
		if !w.Agreed {
			if err := stopWaiting(ctx, tx, who, now); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, person.Text(who), "notice.wishes", person.Text(who), map[string]bool{"agreed": w.Agreed, "onlyImportant": w.OnlyImportant})
	})
}

// Resume begins again to tell a person who has given his consent anew.
func (m *Module) Resume(ctx context.Context, who int64) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE notice_person SET agreed = 1, changed_at = $2 WHERE person_id = $1 AND agreed = 0", who, int64(m.Now()))
		return err
	})
}

// stopWaiting skips what waits to be sent to a person who took his consent back.
func stopWaiting(ctx context.Context, tx *db.Tx, who int64, now calendar.Micros) error {
	for _, t := range Topics() {
		if t.Always() {
			continue
		}
		if _, err := tx.ExecContext(ctx, "UPDATE notice SET state = 'skipped', reason = $3, next_at = 0, changed_at = $4 WHERE person_id = $1 AND topic = $2 AND state = 'waiting'", who, string(t), BecauseConsent, int64(now)); err != nil {
			return fmt.Errorf("stop messages: %w", err)
		}
	}
	return nil
}

func bit(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// reach is where a person is found by a way.
type reach struct {
	to    []string // several browsers may take one push
	shown string
}

// kinds are the contacts each way needs.
var kinds = map[Channel]person.Kind{SMS: person.Phone, Voice: person.Phone, Mail: person.Email, Telegram: person.Telegram, Max: person.Max}

// reaches are the ways a person can be found by: proved contacts, browsers that take pushes.
func (m *Module) reaches(ctx context.Context, who int64) (map[Channel]reach, error) {
	contacts, err := m.People.Contacts(ctx, who)
	if err != nil {
		return nil, err
	}
	found := map[Channel]reach{}
	for _, c := range contacts {
		for way, kind := range kinds {
			if kind == c.Kind && c.ConfirmedAt != 0 {
				found[way] = reach{[]string{c.Value}, c.Masked} // the one added last
			}
		}
	}
	browsers, err := m.browsers(ctx, who)
	if err != nil {
		return nil, err
	}
	if len(browsers) > 0 {
		found[Push] = reach{to: browsers, shown: "браузер"}
	}
	return found, m.leaveAllowed(ctx, who, found)
}

// asks are the consents ways stand on; a telephone and mail stand on the contract.
var asks = map[Channel]privacy.Consent{Push: privacy.Push, Telegram: privacy.Bots, Max: privacy.Bots}

// leaveAllowed takes away the ways to a person he agreed to no more.
func (m *Module) leaveAllowed(ctx context.Context, who int64, found map[Channel]reach) error {
	return m.DB.Read(ctx, func(tx *db.Tx) error {
		for c, consent := range asks {
			if _, known := found[c]; !known {
				continue
			}
			if allowed, err := privacy.Allowed(ctx, tx, who, consent); err != nil {
				return err
			} else if !allowed {
				delete(found, c)
			}
		}
		return nil
	})
}

// chain are the ways a topic goes to a person by, the first to be tried first.
func (m *Module) chain(w *Wishes, topic Topic, found map[Channel]reach) (list []Channel) {
	for _, c := range usual {
		if w.Off(topic, c) && !topic.Always() {
			continue
		}
		if c == SMS && w.Voice && m.Ways.Voice != nil {
			c = Voice
		}
		if _, ok := found[c]; ok && m.Ways.of(c) != nil && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}
