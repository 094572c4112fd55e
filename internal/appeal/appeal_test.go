package appeal_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/reading/photo"
)

// TestADisputeFromTheLineToItsEnd: draft, sent, accepted, corrected, on the bill, not solved, explained, solved; the bill and
// the payment know of it all the way.
func TestADisputeFromTheLineToItsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newHouse(t, d)
		draft, err := x.Begin(x.ctx, resident, "key-00001", appeal.Plea{Line: 1, Reason: "norm", Words: " Счётчик есть ", Aside: true})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := x.Begin(x.ctx, resident, "key-00001", appeal.Plea{Line: 1, Reason: "rate"}); err != nil || again.Number != draft.Number {
			t.Errorf("the same press again: %v, %v", again, err)
		}
		if x.bill().LeftOut() != 0 {
			t.Error("a draft leaves a sum out")
		}
		for _, stranger := range []access.Actor{neighbour, water, heat, centre} {
			if _, err := x.Find(x.ctx, stranger, draft.Number); !fault.Is(err, fault.NotFound) {
				t.Errorf("a draft is seen by %s: %v", stranger, err)
			}
		}
		a, err := x.Send(x.ctx, resident, draft.Number)
		if err != nil || a.AnswerBy != 20261207 || a.Sum != 40_000 || a.Words != "Счётчик есть" {
			t.Fatalf("%+v, %v", a, err)
		}
		b := x.bill()
		if b.Total != 100_000 || b.LeftOut() != 40_000 || b.Payable() != 60_000 || b.Disputed(&b.Lines[0]) == nil || b.Disputed(&b.Lines[1]) != nil {
			t.Errorf("due %d, left out %d", b.Total, b.LeftOut())
		}
		for _, c := range []struct {
			wish payment.Wish
			want money.Amount
		}{{payment.Wish{All: true}, 0}, {payment.Wish{Sum: 50_000}, 0}, {payment.Wish{Sum: 70_000}, 28_000}, {payment.Wish{Lines: []payment.WishLine{{Supplier: "voda", Sum: 40_000}}}, 40_000}} {
			plan, err := bill.Split([]*bill.Bill{b}, c.wish)
			var got money.Amount
			for _, p := range plan.Parts {
				if p.AccountID == 30 {
					got += p.Amount
				}
			}
			if err != nil || got != c.want || c.wish.All && plan.Sum != 60_000 {
				t.Errorf("%+v: %d to the disputed line of %d, %v", c.wish, got, plan.Sum, err)
			}
		}
		for actor, ok := range map[string]bool{"water": true, "heat": false, "centre": true, "neighbour": false} {
			who := map[string]access.Actor{"water": water, "heat": heat, "centre": centre, "neighbour": neighbour}[actor]
			if _, err := x.Find(x.ctx, who, a.Number); (err == nil) != ok || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("seen by %s: %v", actor, err)
			}
			if list, err := x.List(x.ctx, who, appeal.Filter{Open: true, Limit: 10}); err != nil || (len(list) == 1) != ok {
				t.Errorf("listed for %s: %d, %v", actor, len(list), err)
			}
		}
		if _, err := x.Begin(x.ctx, resident, "key-00002", appeal.Plea{Line: 1, Reason: "rate"}); fault.CodeOf(err) != "appeal.open" {
			t.Errorf("the line is disputed twice: %v", err)
		}
		if _, err := x.Accept(x.ctx, water, a.Number); err != nil {
			t.Fatal(err)
		}
		fix := appeal.Reply{Round: 1, Outcome: appeal.Corrected, Words: "Пересчитали", Change: -15_000, ShowsIn: 202610}
		if _, err := x.Answer(x.ctx, heat, a.Number, fix); !fault.Is(err, fault.NotFound) {
			t.Errorf("another supplier answers: %v", err)
		}
		if _, err := x.Answer(x.ctx, centre, a.Number, fix); fault.CodeOf(err) != "appeal.instead" {
			t.Errorf("the centre answers without a reason: %v", err)
		}
		if a, err = x.Answer(x.ctx, water, a.Number, fix); err != nil || a.State != appeal.Answered || a.ShownIn != 0 || x.bill().LeftOut() != 0 {
			t.Fatalf("%+v, %v", a, err)
		}
		x.sent(30, 202610, 100, 0, 25_000, 0) // the register again, corrected
		if err := x.Link(x.ctx); err != nil {
			t.Fatal(err)
		}
		if s, err := x.Find(x.ctx, resident, a.Number); err != nil || s.Shown != -15_000 || s.ShownIn != 202610 || s.ShownSource != "file-5.csv" {
			t.Errorf("%+v, %v", s.Appeal, err)
		}
		if a, err = x.Reopen(x.ctx, resident, a.Number, "Всё равно много"); err != nil || a.Round != 2 || x.bill().LeftOut() != 25_000 {
			t.Errorf("%+v, left out %d, %v", a, x.bill().LeftOut(), err)
		}
		if _, err := x.Answer(x.ctx, water, a.Number, appeal.Reply{Outcome: appeal.Explained, Words: "Теперь верно"}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if a, err = x.Solve(x.ctx, resident, a.Number); err != nil || a.State != appeal.Solved {
				t.Fatalf("%+v, %v", a, err)
			}
		}
		x.clean()
		kinds := make([]string, len(x.told))
		for i, text := range x.told {
			kinds[i], _, _ = strings.Cut(text, ":")
		}
		if got := strings.Join(kinds, " "); got != "sent accepted answered shown reopened answered solved" {
			t.Errorf("told %s", got)
		}
	})
}

// TestTheCalculationStaysAsItWas: the explanation goes with the appeal byte for byte, whatever comes later.
func TestTheCalculationStaysAsItWas(t *testing.T) {
	d := dbtest.SQLite(t)
	x := newHouse(t, d)
	a := x.begun("key-00001", false)
	text, digest := a.CalculationJSON()
	x.sent(30, 202610, 100, 0, 1, 0)
	s, err := x.Find(x.ctx, water, a.Number)
	if err != nil {
		t.Fatal(err)
	}
	kept, again := s.CalculationJSON()
	calc, err := s.Calculation()
	if err != nil || kept != text || again != digest || calc.Charge != 40_000 || calc.Source.File != "file-1.csv" || !json.Valid([]byte(text)) {
		t.Errorf("%+v, %v", calc, err)
	}
	if x.bill().LeftOut() != 0 {
		t.Error("a sum that its payer pays is left out")
	}
}

// TestLateAppealsGoToTheCentre: once, told, and then the centre answers without a reason of its own.
func TestLateAppealsGoToTheCentre(t *testing.T) {
	d := dbtest.SQLite(t)
	x := newHouse(t, d)
	a := x.begun("key-00001", true)
	x.days(15)
	for range 2 {
		if err := x.Escalate(x.ctx); err != nil {
			t.Fatal(err)
		}
	}
	if open, late, err := x.Waiting(x.ctx, centre); err != nil || open != 1 || late != 1 {
		t.Errorf("%d wait, %d late, %v", open, late, err)
	}
	if _, err := x.Answer(x.ctx, centre, a.Number, appeal.Reply{Outcome: appeal.Explained, Words: "Верно"}); err != nil {
		t.Error(err)
	}
	n := 0
	for _, text := range x.told {
		if strings.HasPrefix(text, "escalated") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("escalated %d times", n)
	}
	x.days(31)
	if _, err := x.Reopen(x.ctx, resident, a.Number, "нет"); fault.CodeOf(err) != "appeal.reopen_late" {
		t.Errorf("reopened after a month: %v", err)
	}
	x.clean()
}

// TestDraftsAreForgotten after a day, with their pictures; a picture of an appeal stays.
func TestDraftsAreForgotten(t *testing.T) {
	d := dbtest.SQLite(t)
	x := newHouse(t, d)
	img := picture(t)
	a, err := x.Begin(x.ctx, resident, "key-00001", appeal.Plea{Line: 1, Reason: "reading", Photo: img})
	if err != nil {
		t.Fatal(err)
	}
	other, err := x.Begin(x.ctx, resident, "key-00002", appeal.Plea{Line: 2, Reason: "other", Words: "всё", Photo: img})
	if err == nil {
		_, err = x.Send(x.ctx, resident, other.Number)
	}
	if err != nil {
		t.Fatal(err)
	}
	x.days(2)
	if err := x.ForgetDrafts(x.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Find(x.ctx, resident, a.Number); !fault.Is(err, fault.NotFound) {
		t.Errorf("the draft is there: %v", err)
	}
	for actor, ok := range map[*access.Actor]bool{&heat: true, &water: false, &neighbour: false} {
		f, err := x.OpenPhoto(x.ctx, *actor, other.Number, 1, true)
		if (err == nil) != ok {
			t.Errorf("%s: %v", actor, err)
		}
		if f != nil {
			f.Close()
		}
	}
	if err := x.Withdraw(x.ctx, resident, other.Number); err != nil {
		t.Error(err)
	}
	x.clean()
}

func picture(t *testing.T) *photo.Image {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	img, err := photo.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// TestPressesAtOnce: of ten presses of one button one counts; an answer and «not solved» at once leave one of them.
func TestPressesAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newHouse(t, d)
		at := func(fns ...func() error) {
			var wg sync.WaitGroup
			for _, fn := range fns {
				wg.Go(func() {
					if err := fn(); err != nil && !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		numbers := sync.Map{}
		begin := func() error {
			a, err := x.Begin(x.ctx, resident, "key-at-once", appeal.Plea{Line: 1, Reason: "norm", Aside: true})
			if err == nil {
				numbers.Store(a.Number, true)
			}
			return err
		}
		at(begin, begin, begin, begin)
		var number string
		numbers.Range(func(key, _ any) bool {
			if number != "" {
				t.Error("one form began two appeals")
			}
			number = key.(string)
			return true
		})
		send := func() error { _, err := x.Send(x.ctx, resident, number); return err }
		at(send, send, send, send)
		answer := func() error {
			_, err := x.Answer(x.ctx, water, number, appeal.Reply{Round: 1, Outcome: appeal.Explained, Words: "Верно"})
			return err
		}
		at(answer, answer, answer)
		stale := func() error {
			_, err := x.Answer(x.ctx, water, number, appeal.Reply{Round: 1, Outcome: appeal.Explained, Words: "Верно, ещё раз"})
			return err
		}
		reopen := func() error { _, err := x.Reopen(x.ctx, resident, number, "нет"); return err }
		at(stale, reopen, stale, reopen)
		s, err := x.Find(x.ctx, resident, number)
		if err != nil || s.State != appeal.Reopened || s.Round != 2 || len(s.Steps) != 3 {
			t.Errorf("%s, round %d, %d steps, %v", s.State, s.Round, len(s.Steps), err)
		}
		x.clean()
	})
}

// TestTermsAreData: a row loaded later holds from its day on, for its reason.
func TestTermsAreData(t *testing.T) {
	d := dbtest.SQLite(t)
	x := newHouse(t, d)
	file := "terms: [{reason: norm, days: 5, working: false, from: 2026-11-01, clause: договор}, {reason: norm, days: 9, from: 2027-01-01, clause: закон}]"
	if err := x.LoadTerms(x.ctx, water, strings.NewReader(file)); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a supplier loads terms: %v", err)
	}
	if err := x.LoadTerms(x.ctx, centre, strings.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	if a := x.begun("key-00001", false); a.AnswerBy != 20261130 || a.Clause != "договор" { // the 28th is a Saturday
		t.Errorf("%s by %s", a.AnswerBy, a.Clause)
	}
	if err := x.LoadTerms(x.ctx, centre, strings.NewReader("terms: [{reason: выдумка, days: 5, clause: x}]")); fault.CodeOf(err) != "appeal.reason" {
		t.Error(err)
	}
}
