package cashdesk

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// desk is the module on a database with one account to pay for.
type desk struct {
	*Module
	t *testing.T
}

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	now := func() calendar.Micros { at = at.Add(time.Second); return calendar.MicrosOf(at) }
	var mu sync.Mutex
	clock := func() calendar.Micros { mu.Lock(); defer mu.Unlock(); return now() }
	x := &desk{New(Deps{DB: d, Payments: payment.New(d, nil, time.UTC, clock, slog.New(slog.DiscardHandler)), Now: clock}), t}
	x.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, 7, 1, '700', 1, 0, 0)")
	x.exec("INSERT INTO event_subject (building_id, subject_id, last_seq, last_at) VALUES (1, 7, 0, 1)")
	return x
}

func (x *desk) exec(statement string) {
	x.t.Helper()
	if err := x.DB.WriteLocal(context.Background(), func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), statement)
		return err
	}); err != nil {
		x.t.Fatal(err)
	}
}

func (x *desk) begin(clerk, name string, cash money.Amount) {
	x.t.Helper()
	if _, err := x.Begin(context.Background(), Opening{Clerk: clerk, Desk: name, Cash: cash}); err != nil {
		x.t.Fatal(err)
	}
}

func taking(clerk, key string, sum, given money.Amount) Taking {
	return Taking{Clerk: clerk, Key: key, Input: fmt.Sprint(sum), Given: given, Plan: payment.Plan{Sum: sum, Parts: []payment.PlanPart{{BuildingID: 1, AccountID: 7, SupplierID: 1, Kind: payment.PartDebt, Amount: sum}}}}
}

func (x *desk) fails(code string, err error) {
	x.t.Helper()
	if err == nil || fault.CodeOf(err) != code {
		x.t.Errorf("%v, want %s", err, code)
	}
}

func (x *desk) current(clerk string) Shift {
	x.t.Helper()
	s, err := x.Current(context.Background(), clerk)
	if err != nil {
		x.t.Fatal(err)
	}
	return s
}

// holds fails when an invariant of desks, payments or the book is broken.
func (x *desk) holds() {
	x.t.Helper()
	if err := x.DB.Read(context.Background(), func(tx *db.Tx) error {
		list, err := ledger.Breaches(context.Background(), tx, append(append([]ledger.Check{}, Checks...), append(payment.Checks, ledger.Checks...)...))
		for _, b := range list {
			if b.Count > 0 {
				x.t.Errorf("%s: %v", b.ID, b.Rows)
			}
		}
		return err
	}); err != nil {
		x.t.Fatal(err)
	}
}

// TestShift goes through a clerk's day: opens, takes, gives back, hands over, counts, closes; the next one begins with what
// was left.
func TestShift(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		x := newDesk(t, d)
		_, _, _, err := x.Pay(ctx, taking("olga", "early", 100, 0))
		x.fails("cash.no_shift", err)
		x.begin("olga", "1", 50000)
		s, first, o, err := x.Pay(ctx, taking("olga", "k1", 30000, 50000))
		if err != nil || first.Change() != 20000 || first.Name != "1-1-1" || o.Channel != "cash:1" || s.Name != "1-1" {
			t.Fatalf("%+v %+v, %v", first, o, err)
		}
		if _, _, _, err := x.Pay(ctx, taking("olga", "k2", 10000, 0)); err != nil {
			t.Fatal(err)
		}
		_, _, _, err = x.Pay(ctx, taking("olga", "k3", 10000, 9999))
		x.fails("cash.given", err)
		_, _, _, err = x.Pay(ctx, taking("olga", "k4", IdentifyFrom+1, 0))
		x.fails("cash.identify", err)
		x.fails("cash.reason", x.Undo(ctx, "olga", "1-1-1", " "))
		x.fails("cash.foreign", x.Undo(ctx, "pavel", "1-1-1", "ошибка"))
		for range 2 {
			if err := x.Undo(ctx, "olga", "1-1-1", "ошибка"); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := x.Move(ctx, "olga", "m1", Handover, 20000, "инкассатор"); err != nil {
				t.Fatal(err)
			}
		}
		x.fails("cash.little", x.Move(ctx, "olga", "m2", Handover, 1_000_000, ""))
		if s := x.current("olga"); s.Expected != 40000 || s.Taken != 40000 || s.Returned != 30000 || s.HandedOver != 20000 || s.Movements[0].Undone != 3 {
			t.Fatalf("%+v", s)
		}
		_, err = x.Close(ctx, Closing{Clerk: "olga", Counted: 39000, Handed: 9000})
		x.fails("cash.difference", err)
		s, err = x.Close(ctx, Closing{Clerk: "olga", Counted: 39000, Handed: 9000, Reason: "не хватило сдачи"})
		if err != nil || s.Difference != -1000 || s.Left != 30000 {
			t.Fatalf("%+v, %v", s, err)
		}
		x.fails("cash.shift_closed", x.Undo(ctx, "olga", "1-1-2", "поздно"))
		_, err = x.Begin(ctx, Opening{Clerk: "pavel", Desk: "1", Cash: 1})
		x.fails("cash.opening_differs", err)
		x.begin("pavel", "1", 30000)
		if s := x.current("pavel"); s.Name != "1-2" {
			t.Errorf("%+v", s)
		}
		x.holds()
	})
}

// TestOneShift: a desk has one open shift and a clerk has one; the same opened again is the same.
func TestOneShift(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		x := newDesk(t, d)
		x.begin("olga", "1", 0)
		x.begin("olga", "1", 0)
		_, err := x.Begin(ctx, Opening{Clerk: "olga", Desk: "2"})
		x.fails("cash.clerk_busy", err)
		_, err = x.Begin(ctx, Opening{Clerk: "pavel", Desk: "1"})
		x.fails("cash.desk_busy", err)
		_, err = x.Begin(ctx, Opening{Clerk: "pavel", Desk: "касса: 2"})
		x.fails("cash.desk", err)
		if list, err := x.List(ctx, ListFilter{Open: true}); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// TestPressedTwice: a form pressed by many at once takes the money once and shows all the same receipt.
func TestPressedTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		x := newDesk(t, d)
		x.begin("olga", "1", 0)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, m, _, err := x.Pay(ctx, taking("olga", "same", 500, 0)); err != nil || m.Name != "1-1-1" {
					t.Errorf("%+v, %v", m, err)
				}
			})
		}
		wg.Wait()
		_, _, _, err := x.Pay(ctx, taking("olga", "same", 600, 0))
		x.fails("payment.key_reused", err)
		for range 4 {
			wg.Go(func() {
				if err := x.Undo(ctx, "olga", "1-1-1", "дважды"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if s := x.current("olga"); s.Expected != 0 || len(s.Movements) != 2 {
			t.Errorf("%+v", s)
		}
		x.holds()
	})
}

// TestCutInBetween: the cash was given back and the program died before the refund: the next look finishes it.
func TestCutInBetween(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		x := newDesk(t, d)
		x.begin("olga", "1", 0)
		_, m, o, err := x.Pay(ctx, taking("olga", "k1", 700, 0))
		if err != nil {
			t.Fatal(err)
		}
		s := x.current("olga")
		x.exec(fmt.Sprintf("INSERT INTO cash_movement (shift_id, movement_no, kind, amount_kop, given_kop, public_id, of_no, form_key, note, at) VALUES (%d, 2, 'cancel', -700, 0, '%s', 1, 'cash:%d:%d', 'x', 1)", s.ID, o.PublicID, s.ID, m.No))
		if _, err := x.Close(ctx, Closing{Clerk: "olga"}); err != nil {
			t.Fatal(err)
		}
		if o, err = x.Payments.Find(ctx, o.PublicID); err != nil || o.Refunded != 700 {
			t.Errorf("%+v, %v", o, err)
		}
		x.holds()
	})
}

func TestParseName(t *testing.T) {
	for name, want := range map[string]string{"1-57-3": "1 57 3", "зал-2-5-1": "зал-2 5 1", "1-57": "", "x": "", "1-a-3": ""} {
		desk, shift, no, err := ParseName(name, true)
		if got := fmt.Sprint(desk, " ", shift, " ", no); err == nil && got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
