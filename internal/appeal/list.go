package appeal

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/charge/why"
	"kvit/internal/db"
)

// Seen is an appeal with what was done about it.
type Seen struct {
	Appeal
	Steps  []Step
	Photos []int // their numbers
}

// Find gives an appeal the actor may read.
func (m *Module) Find(ctx context.Context, actor access.Actor, number string) (s Seen, err error) {
	r, err := reachOf(actor, "read")
	if err != nil {
		return s, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s = Seen{}
		if s.Appeal, err = find(ctx, tx, r, number); err != nil {
			return err
		}
		if s.Steps, err = listSteps(ctx, tx, s.Building, s.ID); err != nil {
			return err
		}
		photos, err := listPhotos(ctx, tx, s.Building, s.ID)
		for _, p := range photos {
			s.Photos = append(s.Photos, p.no)
		}
		return err
	})
	return s, err
}

// Filter chooses appeals.
type Filter struct {
	Open  bool // those that wait for an answer; else all but drafts
	Late  bool // of them those whose term has passed
	Limit int
}

// List gives appeals the actor may read: those that wait first, the nearest term first, then the latest.
func (m *Module) List(ctx context.Context, actor access.Actor, f Filter) (list []Appeal, err error) {
	r, err := reachOf(actor, "read")
	if err != nil {
		return nil, err
	}
	var args []any
	where := "WHERE " + r.where(&args)
	if f.Open || f.Late {
		where += " AND state IN ('sent', 'accepted', 'reopened')"
	}
	if f.Late {
		args = append(args, int64(m.today()))
		where += fmt.Sprintf(" AND answer_by < $%d", len(args))
	}
	args = append(args, int64(f.Limit))
	where += fmt.Sprintf(" ORDER BY CASE WHEN state IN ('sent', 'accepted', 'reopened') THEN answer_by ELSE 99999999 END, changed_at DESC, appeal_id LIMIT $%d", len(args))
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listAppeals(ctx, tx, where, args...)
		return err
	})
	return list, err
}

// Waiting counts the appeals that wait for an answer within the actor's reach, and those of them whose term has passed.
func (m *Module) Waiting(ctx context.Context, actor access.Actor) (open, late int, err error) {
	r, err := reachOf(actor, "read")
	if err != nil {
		return 0, 0, err
	}
	var args []any
	where := r.where(&args)
	args = append(args, int64(m.today()))
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*), coalesce(sum(CASE WHEN answer_by < $%d THEN 1 ELSE 0 END), 0) FROM appeal WHERE state IN ('sent', 'accepted', 'reopened') AND ", len(args))+where, args...).Scan(&open, &late)
	})
	return open, late, err
}

// OfLine is the actor's open dispute of a line of his bill, for who opens it again; nil when there is none.
func (m *Module) OfLine(ctx context.Context, actor access.Actor, b *bill.Bill, line int) (a *Appeal, err error) {
	if line < 1 || line > len(b.Lines) || actor.Require("appeal", "own") != nil {
		return nil, nil
	}
	l := &b.Lines[line-1]
	args := []any{l.AccountID, l.ServiceID, int64(l.BillMonth)}
	where := homeOf(actor).where(&args)
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listAppeals(ctx, tx, "WHERE account_id = $1 AND service_id = $2 AND month = $3 AND "+where+" AND state IN ('sent', 'accepted', 'reopened') ORDER BY appeal_id", args...)
		if a = nil; len(list) > 0 {
			a = &list[0]
		}
		return err
	})
	return a, err
}

// Events are what was done about the appeals of a household, for its timeline.
type Events struct {
	Appeal Appeal
	Steps  []Step
}

// OfHousehold gives the appeals of a household with their steps, for the centre.
func (m *Module) OfHousehold(ctx context.Context, actor access.Actor, ref bill.Ref) (list []Events, err error) {
	if actor.Reach("appeal", "read") != access.All {
		return nil, nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		all, err := listAppeals(ctx, tx, "WHERE building_id = $1 AND household_id = $2 AND state <> 'draft' ORDER BY appeal_id", ref.Building, ref.Household)
		for i := range all {
			if err != nil {
				return err
			}
			e := Events{Appeal: all[i]}
			e.Steps, err = listSteps(ctx, tx, all[i].Building, all[i].ID)
			list = append(list, e)
		}
		return err
	})
	return list, err
}

// Disputed gives what is in dispute on a bill: the sums and which of them are left out of «pay all». It is bill.Module's
// Disputed.
func Disputed(ctx context.Context, tx *db.Tx, ref bill.Ref) (list []bill.Dispute, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT a.number, a.person_id, a.account_id, a.service_id, a.penalty, a.sum_kop, a.answer_by, CASE WHEN s.appeal_id IS NULL THEN 0 ELSE 1 END
		FROM appeal a LEFT JOIN appeal_aside s ON s.building_id = a.building_id AND s.appeal_id = a.appeal_id AND s.ended_at = 0
		WHERE a.building_id = $1 AND a.household_id = $2 AND a.state IN ('sent', 'accepted', 'reopened') ORDER BY a.appeal_id`, ref.Building, ref.Household)
	if err != nil {
		return nil, fmt.Errorf("disputes of a bill: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d bill.Dispute
		var out int
		if err := rows.Scan(&d.Number, &d.Person, &d.AccountID, &d.ServiceID, &d.Penalty, &d.Sum, &d.AnswerBy, &out); err != nil {
			return nil, err
		}
		d.Out = out == 1
		list = append(list, d)
	}
	return list, rows.Err()
}

// Fact is a figure of a calculation in short.
type Fact struct{ Name, Value string }

// Facts are the figures of a calculation in the order they enter it, for who judges it.
func Facts(x *why.Explanation) (list []Fact) {
	add := func(name, value string) {
		if value != "" {
			list = append(list, Fact{name, value})
		}
	}
	for i := range x.Steps {
		c := &x.Steps[i]
		if c.Title != "" && len(x.Steps) > 1 {
			add(c.Title, c.Sum.Format())
		}
		add("Как найден объём", c.MethodText)
		add("Объём", strings.TrimSpace(c.Volume+" "+c.Unit))
		add("Человек", c.Persons)
		add("Норматив", c.Norm)
		if c.Rate != "" {
			add("Тариф", c.Rate+" ₽")
		}
		add("Коэффициент", c.Factor)
		add("Умножаем", c.Product)
	}
	add("Начислено", x.Charge.Format())
	if x.Recalc != 0 {
		add("Перерасчёт", x.Recalc.Format())
	}
	if x.Penalty != 0 {
		add("Пени", x.Penalty.Format())
	}
	if x.Source.File != "" {
		add("Откуда", fmt.Sprintf("файл %s, строка %d", x.Source.File, x.Source.Pos))
	}
	return list
}

// TermOf is how long an answer to what is sent today may take.
func (m *Module) TermOf(ctx context.Context, reason string) (t Term, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		t, err = termOf(ctx, tx, reason, m.today())
		return err
	})
	return t, err
}
