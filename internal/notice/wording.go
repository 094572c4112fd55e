package notice

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// States of a wording the centre proposed.
const (
	Proposed = "proposed"
	Active   = "active"
	Refused  = "refused"
)

func findBuiltin(name string) *Template {
	for i := range builtin {
		if builtin[i].Name == name {
			return &builtin[i]
		}
	}
	return nil
}

// template is the wording that holds on a day: the centre's that began last, else the program's.
func (m *Module) template(ctx context.Context, name string, on calendar.Date) (t *Template, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listTemplates(ctx, tx, "template = $1 AND state = 'active' AND valid_from <= $2 ORDER BY valid_from DESC, version_id DESC LIMIT 1", name, int64(on))
		if len(list) > 0 {
			t = &list[0]
		}
		return err
	})
	if err == nil && t == nil {
		if t = findBuiltin(name); t == nil {
			err = fault.Newf(fault.NotFound, "template.unknown", "Шаблона %q нет.", name)
		}
	}
	return t, err
}

func listTemplates(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Template, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT version_id, template, state, valid_from, subject, text, author, decider, decided_at FROM notice_template WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list wordings: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Template
		if err := rows.Scan(&t.Version, &t.Name, &t.State, &t.From, &t.Subject, &t.Text, &t.Author, &t.Decider, &t.DecidedAt); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// Templates are the wordings in force today, one a case, and those that wait for another person.
func (m *Module) Templates(ctx context.Context) (now, waiting []Template, err error) {
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	for _, name := range templateNames() {
		t, err := m.template(ctx, name, today)
		if err != nil {
			return nil, nil, err
		}
		now = append(now, *t)
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		waiting, err = listTemplates(ctx, tx, "state = 'proposed' ORDER BY version_id")
		return err
	})
	return now, waiting, err
}

// Versions are all wordings of a case, the latest first, the program's last.
func (m *Module) Versions(ctx context.Context, name string) (list []Template, err error) {
	own := findBuiltin(name)
	if own == nil {
		return nil, fault.Newf(fault.NotFound, "template.unknown", "Шаблона %q нет.", name)
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listTemplates(ctx, tx, "template = $1 ORDER BY version_id DESC LIMIT 50", name)
		return err
	})
	return append(list, *own), err
}

// Propose puts a wording forward; another person lets it in.
func (m *Module) Propose(ctx context.Context, actor string, t Template) (id int64, err error) {
	if err := t.Check(); err != nil {
		return 0, err
	}
	if today := calendar.DateOf(m.Now().Time().In(m.Zone)); t.From < today {
		return 0, fault.New(fault.Invalid, "template.from", "Шаблон начинает действовать сегодня или позже: прошлые сообщения не меняются.").WithField("from")
	}
	if id, err = m.DB.NextIDs(ctx, 1); err != nil {
		return 0, err
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		now := m.Now()
		if _, err := tx.ExecContext(ctx, "INSERT INTO notice_template (version_id, template, state, valid_from, subject, text, author, proposed_at, decider, decided_at) VALUES ($1, $2, 'proposed', $3, $4, $5, $6, $7, '', 0)",
			id, t.Name, int64(t.From), t.Subject, t.Text, actor, int64(now)); err != nil {
			return fmt.Errorf("propose a wording: %w", err)
		}
		return audit.Record(ctx, tx, now, actor, "notice.template.proposed", "template:"+strconv.FormatInt(id, 10), map[string]string{"template": t.Name})
	})
	return id, err
}

// Decide lets a proposed wording in, or refuses it: never its author, who may only take it back.
func (m *Module) Decide(ctx context.Context, actor string, id int64, state string) error {
	if !slices.Contains([]string{Active, Refused}, state) {
		return fault.New(fault.Invalid, "template.decision", "Выберите: принять или отклонить.")
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := listTemplates(ctx, tx, "version_id = $1", id)
		switch {
		case err != nil:
			return err
		case len(list) == 0:
			return fault.New(fault.NotFound, "template.version", "Такой версии шаблона нет.")
		case list[0].State != Proposed:
			return fault.New(fault.Conflict, "template.decided", "Эту версию уже решили.")
		case list[0].Author == actor && state == Active:
			return fault.New(fault.Forbidden, "template.same_person", "Шаблон принимает другой человек, не тот, кто его предложил.")
		}
		now := m.Now()
		if _, err := tx.ExecContext(ctx, "UPDATE notice_template SET state = $2, decider = $3, decided_at = $4 WHERE version_id = $1", id, state, actor, int64(now)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "notice.template."+state, "template:"+strconv.FormatInt(id, 10), map[string]string{"template": list[0].Name})
	})
}

// Preview is a wording filled for one home.
type Preview struct {
	Household int64
	Subject   string
	Text      string
	Done      bool // nothing would be sent there now
	Lacks     bool // a figure was missing
}

// Preview fills a wording for homes as they are now. Words of events that have not happened are samples.
func (m *Module) Preview(ctx context.Context, t *Template, homes []Question) (list []Preview, err error) {
	for _, q := range homes {
		q.Ask = askOf(t.Name)
		words := samples()
		words["телефон"] = m.Phone
		p := Preview{Household: q.Household}
		if q.Ask != "" {
			q.Words = words
			a, err := m.Ask(ctx, q)
			if err != nil {
				return nil, err
			}
			p.Done = a.Done
			for _, w := range []string{"сумма", "срок", "месяц", "изменение", "причина", "счётчики", "пени", "адрес"} {
				words[w] = a.Words[w]
			}
		}
		if p.Subject, p.Text, err = t.Fill(words); err != nil && !p.Done {
			p.Lacks, err = true, nil
		} else {
			err = nil
		}
		list = append(list, p)
	}
	return list, err
}

// samples stand for figures of events in previews.
func samples() map[string]string {
	return map[string]string{"сумма": "1\u00a0240,50\u00a0₽", "срок": "15 декабря", "месяц": "ноябрь", "номер": "П-7Д4К", "день": "10 декабря", "предел": "8\u00a0000\u00a0₽", "итог": "Ответ готов", "поставщик": "Водоканал", "счёт": "4417", "прежний": "1234", "причина": "не хватает денег на карте", "пени": "15 января", "счётчики": "холодная вода", "код": "1234 5678 9012", "ссылка": "(ссылка)"}
}
