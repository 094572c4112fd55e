package appeal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/reading/photo"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// house is one of two households whose water and heat are billed by two suppliers, with a clock of its own.
type house struct {
	*appeal.Module
	t     *testing.T
	ctx   context.Context
	bills *bill.Module
	mu    sync.Mutex
	at    calendar.Micros
	told  []string // to the resident
	files int64
}

var (
	resident  = access.Actor{Role: access.Resident, BuildingID: 1, HouseholdID: 3}
	neighbour = access.Actor{Role: access.Resident, BuildingID: 1, HouseholdID: 4}
	water     = access.Actor{Role: access.SupplierOperator, Name: "vera", SupplierID: 1}
	heat      = access.Actor{Role: access.SupplierAdmin, Name: "oleg", SupplierID: 2}
	centre    = access.Actor{Role: access.CentreOperator, Name: "olga"}
)

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	x := &house{t: t, ctx: context.Background(), at: calendar.MicrosOf(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	charges := charge.New(charge.Deps{DB: d, Now: x.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return tariff.Standard(), nil }})
	x.bills = bill.New(d, supplier.New(d, x.now), charges, time.UTC, x.now)
	photos, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	x.Module = appeal.New(appeal.Deps{DB: d, Bills: x.bills, Photos: photos, Zone: time.UTC, Now: x.now, OnStep: func(_ context.Context, _ *db.Tx, a *appeal.Appeal, s appeal.Step) error {
		_, text := a.Message(s, time.UTC)
		x.mu.Lock()
		defer x.mu.Unlock()
		x.told = append(x.told, s.Kind+": "+text)
		return nil
	}})
	x.bills.Disputed = appeal.Disputed
	x.exec(`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
		VALUES (1, 'Д1', '', '', 'Тестов', 'улица', 'Мира', '', '1', '', '', 2000, 5, 4, '', '', '', 1)`)
	x.exec("INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at) VALUES (1, '', 'applied', '', 1, 0, 1, 1)")
	for s, name := range []string{"ХВС", "отопление"} {
		x.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, $2, '', '', '', '', '', '', '', '', '[]', '', '', 1)", s+1, []string{"voda", "teplo"}[s])
		x.exec("INSERT INTO service (service_id, supplier_id, name) VALUES ($1, $2, $3)", 100+s, s+1, name)
	}
	for _, household := range []int64{3, 4} {
		x.exec("INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES (1, $1, 1, $2, '')", household, fmt.Sprint(household))
		for s := range int64(2) {
			account := household*10 + s
			x.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, $1, $2, $3, 1, 0, 0)", account, s+1, fmt.Sprint(account))
			x.exec("INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, $1, 1, 0, 0, $2, 'placed', $3, '', '{}', 0)", account, fmt.Sprint(account), fmt.Sprint(household))
			x.exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, $1, 1, $2, '', 100, '')", account, household)
		}
		x.sent(household*10, 202610, 100, 0, 40_000, 0)
		x.sent(household*10+1, 202610, 101, 0, 60_000, 0)
	}
	return x
}

func (x *house) now() calendar.Micros {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.at += 1_000_000
	return x.at
}

func (x *house) days(n int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.at += calendar.Micros(n * 24 * 3600 * 1_000_000)
}

func (x *house) exec(query string, args ...any) {
	x.t.Helper()
	err := x.write(query, args...)
	if err != nil {
		x.t.Fatalf("%v in %s", err, query)
	}
}

func (x *house) write(query string, args ...any) error {
	return x.DB.WriteLocal(x.ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(x.ctx, query, args...)
		return err
	})
}

// sent records a supplier's register.
func (x *house) sent(account int64, month calendar.Month, service, opening, charged, recalc int64) {
	x.t.Helper()
	x.files++
	at := int64(x.now())
	x.exec(`INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state, duplicate_of, encoding, refusal, rows, applied,
		repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at) VALUES ($1, 1, $2, $3, '', 0, 'charges', 'line', 0, 0, '{}', $4, 'applied', 0, '', '', 1, 1, 0, 0, 0, 0, 0, 0, $5, $5)`,
		x.files, service-99, fmt.Sprintf("file-%d.csv", x.files), int64(month), at)
	x.exec(`INSERT INTO charge (building_id, account_id, month, service_id, recorded_at, file_id, row_no, opening_kop, charge_kop, recalc_kop, penalty_kop, paid_kop, due_kop, volume_e7, rate_e7, given)
		VALUES (1, $1, $2, $3, $4, $5, 7, $6, $7, $8, 0, 0, $9, 0, 0, $10)`, account, int64(month), service, at, x.files, opening, charged, recalc, opening+charged+recalc,
		int64(charge.GivenOpening|charge.GivenCharge|charge.GivenPaid|charge.GivenDue))
}

// begun is a sent dispute of the first line.
func (x *house) begun(key string, aside bool) *appeal.Appeal {
	x.t.Helper()
	a, err := x.Begin(x.ctx, resident, key, appeal.Plea{Line: 1, Reason: "norm", Words: "Счётчик есть", Aside: aside})
	if err == nil {
		a, err = x.Send(x.ctx, resident, a.Number)
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return a
}

func (x *house) bill() *bill.Bill {
	x.t.Helper()
	b, err := x.bills.At(x.ctx, bill.Ref{Building: 1, Household: 3}, 0)
	if err == nil {
		err = x.bills.Ahead(x.ctx, b)
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return b
}

// clean fails the test when an invariant does not hold.
func (x *house) clean() {
	x.t.Helper()
	err := x.DB.Read(x.ctx, func(tx *db.Tx) error {
		list, err := appeal.Invariants(x.ctx, tx)
		for _, b := range list {
			if b.Count > 0 {
				x.t.Errorf("%s: %v", b.ID, b.Rows)
			}
		}
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
}

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
