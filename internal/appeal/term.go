package appeal

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Term is how long an answer may take, from a day on.
type Term struct {
	Reason  string        `yaml:"reason" json:"reason"` // '': any that has no row of its own
	From    calendar.Date `yaml:"from" json:"-"`
	FromDay string        `yaml:"-" json:"from,omitempty"`
	Days    int           `yaml:"days" json:"days"`
	Working bool          `yaml:"working" json:"working"` // days of the production calendar
	Clause  string        `yaml:"clause" json:"clause"`
}

// Bounds of a term, in days.
const (
	termMin = 1
	termMax = 90
)

// By is the last day of an answer to what came on a day. A term of plain days that ends on a day off is moved (ГК РФ ст. 193).
func (t *Term) By(day calendar.Date) calendar.Date {
	if !t.Working {
		return calendar.NextWorkday(day.AddDays(t.Days))
	}
	for range t.Days {
		day = calendar.NextWorkday(day.AddDays(1))
	}
	return day
}

// termOf is the row that holds for a reason on a day: its own, else the one of all.
func termOf(ctx context.Context, tx *db.Tx, reason string, day calendar.Date) (t Term, err error) {
	err = tx.QueryRowContext(ctx, `SELECT reason, valid_from, days, working, clause FROM appeal_term WHERE reason IN ($1, '') AND valid_from <= $2
		ORDER BY CASE WHEN reason = '' THEN 1 ELSE 0 END, valid_from DESC, recorded_at DESC, term_id DESC LIMIT 1`, reason, int64(day)).Scan(&t.Reason, &t.From, &t.Days, &t.Working, &t.Clause)
	if err != nil {
		err = fmt.Errorf("term of an answer: %w", err)
	}
	return t, err
}

// LoadTerms takes a file of terms in; they hold from their days on.
func (m *Module) LoadTerms(ctx context.Context, actor access.Actor, r io.Reader) error {
	if actor.Reach("appeal", "answer") != access.All {
		return fault.New(fault.Forbidden, "appeal.terms_centre", "Сроки ответов меняет расчётный центр.")
	}
	list, err := readTerms(r)
	if err != nil {
		return err
	}
	first, err := m.DB.NextIDs(ctx, len(list))
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for i := range list {
			t := &list[i]
			_, err := tx.ExecContext(ctx, "INSERT INTO appeal_term (term_id, reason, valid_from, days, working, clause, actor, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
				first+int64(i), t.Reason, int64(t.From), int64(t.Days), t.Working, t.Clause, actor.String(), int64(m.Now()))
			if err != nil {
				return fmt.Errorf("term of answers: %w", err)
			}
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "appeal.terms", "appeal_term", list)
	})
}

const termsExample = "terms: [{reason: quality, days: 3, working: true, from: 2026-01-01, clause: ПП РФ № 354, п. 31 «к»}]"

func readTerms(r io.Reader) ([]Term, error) {
	var file struct {
		Terms []Term `yaml:"terms"`
	}
	dec := yaml.NewDecoder(r)
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "appeal.terms", "Сроки ответов не прочитались. Пример: "+termsExample).Because(err)
	}
	if len(file.Terms) == 0 {
		return nil, fault.New(fault.Invalid, "appeal.no_terms", "В файле нет сроков ответов. Пример: "+termsExample)
	}
	for i := range file.Terms {
		t := &file.Terms[i]
		switch {
		case t.Reason != "" && ReasonWords(t.Reason) == t.Reason:
			return nil, fault.Newf(fault.Invalid, "appeal.reason", "Причины %q не бывает.", t.Reason)
		case t.Days < termMin || t.Days > termMax:
			return nil, fault.Newf(fault.Invalid, "appeal.term_days", "Срок ответа – от %d до %d дней.", termMin, termMax)
		case t.Clause == "":
			return nil, fault.New(fault.Invalid, "appeal.term_clause", "У срока ответа не сказано, откуда он: добавьте clause.")
		}
	}
	return file.Terms, nil
}

// Terms gives the rows that hold today, the one of all reasons first.
func (m *Module) Terms(ctx context.Context, actor access.Actor) (list []Term, err error) {
	if err := actor.Require("appeal", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Term{}
		for _, reason := range append([]string{""}, reasonCodes()...) {
			t, err := termOf(ctx, tx, reason, m.today())
			if err != nil {
				return err
			}
			if t.Reason != reason {
				continue
			}
			if t.From != 0 {
				t.FromDay = t.From.String()
			}
			list = append(list, t)
		}
		return nil
	})
	return list, err
}

func reasonCodes() []string {
	codes := make([]string, len(Reasons))
	for i := range Reasons {
		codes[i] = Reasons[i].Code
	}
	return codes
}
