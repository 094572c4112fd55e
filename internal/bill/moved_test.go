package bill_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/record"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange"
	"kvit/internal/housing"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// mover is a town of two houses between which accounts move.
type mover struct {
	*town
	files   *exchange.Module
	records *record.Module
}

// movedAccount is the first account of the first house.
const movedAccount = 10000

func newMover(t *testing.T, d *db.DB) *mover {
	t.Helper()
	w := &mover{town: newTownOf(t, d, 2)}
	w.exec(`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
		VALUES (2, 'Д2', '', '', 'Тестов', 'улица', 'Мира', '', '2', '', '', 2000, 5, 4, '', '', '', 1)`)
	for flat := range 2 {
		household := int64(2000 + flat)
		w.exec("INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES (2, $1, 1, $2, '')", household, fmt.Sprint(flat+11))
		for s := range sample.Suppliers {
			id := household*10 + int64(s)
			w.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (2, $1, $2, $3, 1, 0, 0)", id, s+1, fmt.Sprint(id))
			w.exec("INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (2, $1, 1, 0, 0, $2, 'placed', $3, '', '{}', 0)", id, fmt.Sprint(id), fmt.Sprint(flat+11))
			w.exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (2, $1, 1, $2, '', 100, '')", id, household)
		}
	}
	w.exec("INSERT INTO account_route (supplier_id, number, account_id, building_id) SELECT supplier_id, number, account_id, building_id FROM account")
	dir := t.TempDir()
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	suppliers := supplier.New(d, w.now)
	w.files = exchange.New(exchange.Deps{DB: d, Blobs: blobs, Suppliers: suppliers, Houses: housing.New(d, w.now), Payments: payment.New(d, nil, time.UTC, w.now, slog.New(slog.DiscardHandler)), Dir: dir, Now: w.now, Log: slog.New(slog.DiscardHandler)})
	w.records = record.New(record.Deps{DB: d, Suppliers: suppliers, Charges: w.charges, Now: w.now, Today: func() calendar.Date { return 20261120 }})
	for _, building := range []int64{1, 2} {
		w.record(sample.House(building, 2, october, 3, &w.ids))
	}
	return w
}

func (w *mover) move(house string) {
	w.t.Helper()
	if err := w.files.Move(w.ctx, access.Actor{Role: access.System}, sample.SupplierCode(0), fmt.Sprint(movedAccount), house, "проверка"); err != nil {
		w.t.Fatal(err)
	}
}

// moved is the bill that the account is on now.
func (w *mover) moved() *bill.Bill {
	w.t.Helper()
	ref, _, err := w.bills.FindByAccount(w.ctx, sample.SupplierCode(0), fmt.Sprint(movedAccount), 0)
	if err != nil || ref.Household == 0 {
		w.t.Fatalf("%+v, %v", ref, err)
	}
	b, err := w.bills.At(w.ctx, ref, 0)
	if err == nil {
		err = w.bills.Ahead(w.ctx, b)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// dueOf is what an account owes by a bill.
func dueOf(b *bill.Bill, account int64) (sum money.Amount) {
	for i := range b.Lines {
		if l := &b.Lines[i]; l.AccountID == account {
			sum += l.Due
		}
	}
	return sum
}

// equals compares the account's bill with the book and with what was paid.
func (w *mover) equals(when string, paid money.Amount) *bill.Bill {
	w.t.Helper()
	b := w.moved()
	if got := dueOf(b, movedAccount); got != w.posted(movedAccount)-paid || got == 0 {
		w.t.Errorf("%s: the bill says %d, the book %d less %d paid", when, got, w.posted(movedAccount), paid)
	}
	return b
}

func (w *mover) sound() {
	w.t.Helper()
	var list []ledger.Breach
	err := w.d.Read(w.ctx, func(tx *db.Tx) (err error) {
		if list, err = charge.Invariants(w.ctx, tx); err != nil {
			return err
		}
		bills, err := w.bills.Invariants(w.ctx, tx)
		list = append(list, bills...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, b := range list {
		if b.Count > 0 {
			w.t.Errorf("%+v", b)
		}
	}
}

// TestAMovedAccountKeepsItsLines: the bill of the new house carries what Kvit charged in the former one, with payments and
// later corrections there, to the kopeck; the move back brings all of it home.
func TestAMovedAccountKeepsItsLines(t *testing.T) {
	for _, closed := range []bool{true, false} {
		t.Run(map[bool]string{true: "closed", false: "open"}[closed], func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newMover(t, d)
				w.charge(september)
				w.goTo(2026, 11, 1)
				w.charge(october)
				if closed {
					if err := w.charges.Close(w.ctx, october, "olga"); err != nil {
						t.Fatal(err)
					}
				}
				w.paid(movedAccount, 0, 20261012, 5000)
				before := w.equals("before the move", 5000)
				w.move("Д2")
				after := w.equals("after the move", 5000)
				if was, is := linesOf(before), linesOf(after); was != is || after.BuildingID != 2 {
					t.Errorf("in house %d\n%s\nwas\n%s", after.BuildingID, is, was)
				}
				w.opened(after)
				w.paid2(20261105, 700)
				w.equals("after a payment in the new house", 5700)
				w.goTo(2026, 12, 1)
				w.late()
				ahead := aheadOf(w.moved())
				w.charge(november)
				b := w.equals("after the next month", 5700)
				if now := w.count("SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM charge_line WHERE account_id = 10000 AND month = 202611"); now != ahead || now == 0 {
					t.Errorf("charged %d, the preliminary sum was %d", now, ahead)
				}
				if late := w.count("SELECT count(*) FROM charge_line WHERE account_id = 10000 AND month = 202611 AND about = 202609"); late == 0 {
					t.Error("September is not corrected")
				}
				w.opened(b)
				w.sound()
				w.move("Д1")
				w.equals("after the move back", 5700)
				w.sound()
			})
		})
	}
}

// aheadOf is what the account comes to in the month not charged yet.
func aheadOf(b *bill.Bill) (sum int64) {
	for i := range b.Preliminary.Lines {
		if l := &b.Preliminary.Lines[i]; l.AccountID == movedAccount {
			sum += int64(l.Sum)
		}
	}
	return sum
}

// linesOf are the account's lines in a few figures.
func linesOf(b *bill.Bill) string {
	var list []string
	for _, l := range b.Lines {
		if l.AccountID == movedAccount {
			list = append(list, fmt.Sprintf("%s %s: %d + %d + %d - %d = %d, %s × %s", l.Month, l.Service, l.Opening, l.Charge, l.Recalc, l.Paid, l.Due, l.VolumeText, l.RateText))
		}
	}
	return strings.Join(list, "\n")
}

// opened opens every line of the account: its steps come to what the line says.
func (w *mover) opened(b *bill.Bill) {
	w.t.Helper()
	for i, l := range b.Lines {
		if l.AccountID != movedAccount {
			continue
		}
		x, err := w.bills.Explain(w.ctx, b, i+1)
		if err != nil {
			w.t.Fatalf("%s: %v", l.Service, err)
		}
		var sum money.Amount
		for _, s := range x.Steps {
			sum += s.Sum
		}
		if sum != l.Charge+l.Recalc+l.Penalty || sum != 0 && len(x.Facts) == 0 {
			w.t.Errorf("%s of %s opens to %d, the line says %d, %d and %d; %d facts", l.Service, l.Month, sum, l.Charge, l.Recalc, l.Penalty, len(x.Facts))
		}
	}
	c, err := w.bills.Change(w.ctx, b, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	if c.Against == 0 || c.Compared == nil {
		w.t.Errorf("nothing to compare %s with: %+v", b.Month, c)
	}
}

// paid2 is a payment where the account lives now.
func (w *mover) paid2(on calendar.Date, sum int64) {
	w.t.Helper()
	w.paid(movedAccount, 0, on, sum)
	w.exec("UPDATE payment_part SET building_id = 2 WHERE order_id = $1", w.file)
}

// late tells of a month the account spent in the former house: water was off.
func (w *mover) late() {
	w.t.Helper()
	text := fmt.Sprintf("{fact: event, supplier: %s, account: %q, service: cold_water, event: outage, date: 2026-09-10, hours: 200}", sample.SupplierCode(0), fmt.Sprint(movedAccount))
	r, err := w.records.Load(w.ctx, access.Actor{Role: access.System}, record.Load{By: "facts", Sources: []record.Source{{Name: "f.yaml", Body: strings.NewReader(text)}}})
	if err != nil || !r.OK {
		w.t.Fatalf("%+v, %v", r, err)
	}
}

func (w *mover) count(query string) (n int64) {
	w.t.Helper()
	if err := w.d.Handle().QueryRowContext(w.ctx, query).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}
