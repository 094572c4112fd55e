package status

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Bounds of what the centre writes, in signs.
const (
	titleMax = 120
	textMax  = 600
)

// Incident is something wrong with the service, told in plain words. EndedAt 0: it goes on.
type Incident struct {
	ID      int64
	Title   string
	State   State
	BeganAt calendar.Micros
	EndedAt calendar.Micros
	News    []News // the newest first
}

// News is one thing told of an incident. NextAt 0: nothing more will be told.
type News struct {
	Text   string
	NextAt calendar.Micros
	ToldAt calendar.Micros
}

// NextAt is when there will be more news of an incident, by what was told last; 0 is not promised.
func (i *Incident) NextAt() calendar.Micros {
	if i.EndedAt != 0 || len(i.News) == 0 {
		return 0
	}
	return i.News[0].NextAt
}

// Report is what a person of the centre says of an incident. Begin takes all of it, Tell text and time, End the text.
type Report struct {
	Title, Text string
	State       State
	NextAt      calendar.Micros
	Actor       string
}

// Begin tells of an incident. Invalid names the field.
func (m *Module) Begin(ctx context.Context, r Report) (id int64, err error) {
	if r.State != Degraded && r.State != Stopped {
		return 0, fault.New(fault.Invalid, "status.state", "Выберите: работает с перебоями или не работает.").WithField("state")
	}
	if err := checkText(r.Title, titleMax, "title"); err != nil {
		return 0, err
	}
	if err := m.checkNews(&r); err != nil {
		return 0, err
	}
	if id, err = m.DB.NextIDs(ctx, 1); err != nil {
		return 0, err
	}
	now := m.Now()
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO status_incident (incident_id, title, state, began_at, ended_at) VALUES ($1, $2, $3, $4, 0)", id, strings.TrimSpace(r.Title), string(r.State), int64(now))
		if err != nil {
			return fmt.Errorf("begin an incident: %w", err)
		}
		return m.tell(ctx, tx, id, 1, &r, now, "status.began")
	})
	return id, err
}

// Tell adds news to an incident that goes on.
func (m *Module) Tell(ctx context.Context, id int64, r Report) error {
	if err := m.checkNews(&r); err != nil {
		return err
	}
	return m.goOn(ctx, id, &r, false)
}

// actionEnded is the last step of an incident in the audit log.
const actionEnded = "status.ended"

// End says that an incident is over.
func (m *Module) End(ctx context.Context, id int64, r Report) error {
	if err := checkText(r.Text, textMax, "text"); err != nil {
		return err
	}
	r.NextAt = 0
	return m.goOn(ctx, id, &r, true)
}

func (m *Module) goOn(ctx context.Context, id int64, r *Report, last bool) error {
	now, action := m.Now(), "status.told"
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		var ended calendar.Micros
		var told int
		err := db.Fold(tx.QueryRowContext(ctx, "SELECT title, ended_at, (SELECT count(*) FROM status_news n WHERE n.incident_id = i.incident_id) FROM status_incident i WHERE incident_id = $1", id).Scan(&r.Title, &ended, &told))
		if err == nil && ended != 0 {
			return fault.New(fault.Conflict, "status.ended", "Этот сбой уже закрыт. Если он вернулся, расскажите о новом.")
		}
		if err != nil {
			return fault.New(fault.NotFound, "status.unknown", "Такого сбоя нет. Откройте список ещё раз.").Because(err)
		}
		if last {
			action = actionEnded
			if _, err := tx.ExecContext(ctx, "UPDATE status_incident SET ended_at = $2 WHERE incident_id = $1", id, int64(now)); err != nil {
				return fmt.Errorf("end an incident: %w", err)
			}
		}
		return m.tell(ctx, tx, id, told+1, r, now, action)
	})
}

func (m *Module) tell(ctx context.Context, tx *db.Tx, id int64, no int, r *Report, now calendar.Micros, action string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO status_news (incident_id, news_no, text, next_at, actor, told_at) VALUES ($1, $2, $3, $4, $5, $6)",
		id, no, strings.TrimSpace(r.Text), int64(r.NextAt), r.Actor, int64(now))
	if err != nil {
		return fmt.Errorf("tell of an incident: %w", err)
	}
	x := Letter{Title: strings.TrimSpace(r.Title), Text: strings.TrimSpace(r.Text), NextAt: r.NextAt}
	if action == actionEnded {
		x.Title = "Закончилось: " + x.Title
	}
	if err := m.spread(ctx, tx, fmt.Sprintf("news:%d:%d", id, no), x); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, r.Actor, action, fmt.Sprintf("incident:%d", id), map[string]any{"title": r.Title, "state": r.State, "text": r.Text, "nextAt": r.NextAt})
}

// checkNews refuses news without words, or with a promise for a moment gone by.
func (m *Module) checkNews(r *Report) error {
	if err := checkText(r.Text, textMax, "text"); err != nil {
		return err
	}
	if r.NextAt <= m.Now() {
		return fault.New(fault.Invalid, "status.next", "Укажите, когда будут следующие новости: время должно быть впереди.").WithField("next")
	}
	return nil
}

func checkText(text string, most int, field string) error {
	switch n := utf8.RuneCountInString(strings.TrimSpace(text)); {
	case n == 0:
		return fault.New(fault.Invalid, "status.words", "Напишите, что случилось, простыми словами.").WithField(field)
	case n > most:
		return fault.Newf(fault.Invalid, "status.long", "Здесь помещается %d знаков. Напишите короче.", most).WithField(field)
	}
	return nil
}

// listIncidents gives those that go on and those that ended in the last days, the newest first.
func (m *Module) listIncidents(ctx context.Context, tx *db.Tx) (open, past []Incident, err error) {
	horizon := m.Now() - calendar.Micros(Days*24*time.Hour/time.Microsecond)
	rows, err := tx.QueryContext(ctx, `SELECT i.incident_id, i.title, i.state, i.began_at, i.ended_at, n.text, n.next_at, n.told_at FROM status_incident i
		JOIN status_news n ON n.incident_id = i.incident_id WHERE i.ended_at = 0 OR i.ended_at > $1 ORDER BY i.began_at DESC, i.incident_id DESC, n.news_no DESC`, int64(horizon))
	if err != nil {
		return nil, nil, fmt.Errorf("list incidents: %w", err)
	}
	defer rows.Close()
	var list []Incident
	for rows.Next() {
		var x Incident
		var n News
		if err := rows.Scan(&x.ID, &x.Title, &x.State, &x.BeganAt, &x.EndedAt, &n.Text, &n.NextAt, &n.ToldAt); err != nil {
			return nil, nil, err
		}
		if len(list) == 0 || list[len(list)-1].ID != x.ID {
			list = append(list, x)
		}
		last := &list[len(list)-1]
		last.News = append(last.News, n)
	}
	for _, x := range list {
		if x.EndedAt == 0 {
			open = append(open, x)
		} else {
			past = append(past, x)
		}
	}
	return open, past, rows.Err()
}
