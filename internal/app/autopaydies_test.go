package app

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"kvit/internal/autopay"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

var errDied = errors.New("the program died")

// dying runs rounds of a day until one ends, the first of them dying at a commit: before it, or after it with its answer lost.
func (p *autopayer) dying(day calendar.Date, after bool, at int) (died bool) {
	p.t.Helper()
	p.today = day
	commits := 0
	p.a.DB.BreakCommits(func(commit func() error) error {
		if commits++; commits != at {
			return commit()
		}
		if after {
			if err := commit(); err != nil {
				return err
			}
		}
		panic(errDied)
	})
	defer p.a.DB.BreakCommits(func(commit func() error) error { return commit() })
	round := func() (err error) {
		defer func() {
			if r := recover(); r == errDied { //nolint:errorlint // the very value
				died = true
			} else if r != nil {
				panic(r)
			}
		}()
		return p.a.Autopay.Round(context.Background())
	}
	for range 3 {
		if err := round(); err != nil {
			p.t.Fatal(err)
		}
	}
	return died
}

// TestAutopayDiesAtEveryCommit: the rounds of a month die before and after each of their commits; each month is told once and
// charged once, and the book agrees.
func TestAutopayDiesAtEveryCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, ctx := newPayer(t, d), context.Background()
		p.today = 20261201
		if _, err := p.a.Autopay.TurnOn(ctx, p.own, p.ref, autopay.Rule{Day: 10, Fixed: 1_000, Cap: 100_000}); err != nil {
			t.Fatal(err)
		}
		month, deaths, told := calendar.Month(202612), 0, len(p.told())
		for at := 1; ; at++ {
			died := false
			for _, after := range []bool{false, true} {
				due := p.due()
				for _, day := range []int{9, 10} {
					died = p.dying(calendar.NewDate(month.Year(), month.Number(), day), after, at) || died
				}
				name := fmt.Sprintf("%s, commit %d, after %t", month, at, after)
				turn := p.on(calendar.NewDate(month.Year(), month.Number(), 11))
				if turn == nil || turn.Month != month || turn.State != autopay.Paid || turn.Sum != 1_000 || due-p.due() != 1_000 {
					t.Fatalf("%s: %+v, paid %d", name, turn, due-p.due())
				}
				if n := len(p.told()) - told; n != 2 { // that it comes, that it is paid
					t.Errorf("%s: told %d times", name, n)
				}
				told, month = told+2, month.Add(1)
			}
			if !died {
				break
			}
			deaths++
		}
		if deaths < 4 {
			t.Errorf("it died at %d commits only", deaths)
		}
		p.nobodyPaysTwice()
	})
}
