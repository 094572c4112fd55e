package notice

import (
	"context"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// ownMax is how many messages a person's page shows.
const ownMax = 100

// Own are the messages a person was told, the latest first: those that went out or stand on his page, and those that failed.
func (m *Module) Own(ctx context.Context, who int64, topic Topic) (list []Notice, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listNotices(ctx, tx, "person_id = $1 AND text <> '' AND state <> 'skipped' AND ($2 = '' OR topic = $2) ORDER BY created_at DESC, notice_id DESC LIMIT $3", who, string(topic), ownMax)
		return err
	})
	return list, err
}

// Unreached tells whether the last text or call to a person did not come: his number wants a look.
func (m *Module) Unreached(ctx context.Context, who int64) (yes bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listNotices(ctx, tx, "person_id = $1 AND channel IN ('sms', 'voice') AND state IN ('delivered', 'failed') AND reason <> $2 ORDER BY created_at DESC, notice_id DESC LIMIT 1", who, BecauseTries)
		yes = len(list) > 0 && list[0].State == Failed
		return err
	})
	return yes, err
}

// Query finds messages in the log.
type Query struct {
	Contact string // a telephone or an address in full; '' anybody
	State   State
	Topic   Topic
	Channel Channel
	Before  calendar.Micros // created before; 0: from the latest
}

// PageMax is how many messages a page of the log has.
const PageMax = 50

// Search gives messages of the log, the latest first.
func (m *Module) Search(ctx context.Context, q Query) (list []Notice, err error) {
	var who int64
	if q.Contact != "" {
		if who, err = m.whose(ctx, q.Contact); err != nil || who == 0 {
			return nil, err
		}
	}
	where := []string{"created_at > 0"}
	var args []any
	add := func(condition string, value any) {
		args = append(args, value)
		where = append(where, strings.Replace(condition, "?", "$"+strconv.Itoa(len(args)), 1))
	}
	if who != 0 {
		add("person_id = ?", who)
	}
	if q.State != "" {
		add("state = ?", string(q.State))
	}
	if q.Topic != "" {
		add("topic = ?", string(q.Topic))
	}
	if q.Channel != "" {
		add("channel = ?", string(q.Channel))
	}
	if q.Before != 0 {
		add("created_at < ?", int64(q.Before))
	}
	args = append(args, PageMax)
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listNotices(ctx, tx, strings.Join(where, " AND ")+" ORDER BY created_at DESC, notice_id DESC LIMIT $"+strconv.Itoa(len(args)), args...)
		return err
	})
	return list, err
}

// whose finds the person of a contact; 0 when it is nobody's.
func (m *Module) whose(ctx context.Context, contact string) (int64, error) {
	kind := person.Phone
	if strings.Contains(contact, "@") {
		kind = person.Email
	}
	value, err := person.Normal(kind, contact)
	if err != nil {
		return 0, fault.As(err).WithField("contact")
	}
	c, err := m.People.FindByContact(ctx, kind, value)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return c.PersonID, err
}

// Figure is how many messages of a way came to a state in a time.
type Figure struct {
	Channel Channel
	State   State
	Count   int
}

// Figures count what became of messages since a moment, by way and state: what the centre watches.
func (m *Module) Figures(ctx context.Context, since calendar.Micros) (list []Figure, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT channel, state, count(*) FROM notice WHERE changed_at >= $1 GROUP BY channel, state ORDER BY channel, state", int64(since))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var f Figure
			if err := rows.Scan(&f.Channel, &f.State, &f.Count); err != nil {
				return err
			}
			list = append(list, f)
		}
		return rows.Err()
	})
	return list, err
}

// Reaches are the ways a person can be told by now, with what may be shown of each.
func (m *Module) Reaches(ctx context.Context, who int64) (map[Channel]string, error) {
	found, err := m.reaches(ctx, who)
	shown := map[Channel]string{}
	for c, r := range found {
		if m.Ways.of(c) != nil && c != Voice {
			shown[c] = r.shown
		}
	}
	return shown, err
}

// Calls tells whether a call may take the place of a text.
func (m *Module) Calls() bool { return m.Ways.Voice != nil }

// Homes are up to so many homes with people, to try a wording on.
func (m *Module) Homes(ctx context.Context, most int) (list []Question, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		homes, err := person.Households(ctx, tx, -1<<62, 0, most)
		list = nil
		for _, h := range homes {
			list = append(list, Question{Building: h.Building, Household: h.Household})
		}
		return err
	})
	return list, err
}
