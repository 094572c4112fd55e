package statement_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"kvit/internal/bill"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/reading"
	"kvit/internal/statement"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// house is two flats served by two suppliers who send registers, on a clock of its own.
type house struct {
	t     testing.TB
	ctx   context.Context
	d     *db.DB
	bills *bill.Module
	pays  *payment.Module
	docs  *statement.Module
	at    calendar.Micros
	file  int64
}

const (
	september = calendar.Month(202609)
	october   = calendar.Month(202610)
	november  = calendar.Month(202611)
)

func newHouse(t testing.TB, d *db.DB) *house {
	t.Helper()
	w := &house{t: t, ctx: context.Background(), d: d}
	w.goTo(2026, 11, 26)
	catalog := sample.Catalog()
	charges := charge.New(charge.Deps{DB: d, Now: w.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
	w.bills = bill.New(d, supplier.New(d, w.now), charges, time.UTC, w.now)
	w.bills.Centre, w.bills.BaseURL = bill.Centre{Name: "Расчётный центр", Phone: "8 800 000-00-00"}, "https://kvit.example"
	w.pays = payment.New(d, nil, time.UTC, w.now, slog.New(slog.DiscardHandler))
	photos, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	readings := reading.New(reading.Deps{DB: d, Charges: charges, Photos: photos, Now: w.now, Today: func() calendar.Date { return calendar.DateOf(w.at.Time()) }})
	w.docs = statement.New(statement.Deps{DB: d, Bills: w.bills, Readings: readings, Photos: photos, Zone: time.UTC, Now: w.now})
	for i, name := range []string{"Водоканал", "Теплосеть"} {
		w.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, $3, $4, '', '', '', '', $5, '', '', '[]', '', '', 1)",
			i+1, fmt.Sprintf("s%d", i+1), name, fmt.Sprintf("770704938%d", i), fmt.Sprintf("4070281013825012301%d", i))
		w.exec("INSERT INTO service (service_id, supplier_id, name) VALUES ($1, $2, $3)", 100+i, i+1, []string{"Холодная вода", "Отопление"}[i])
	}
	w.exec(`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
		VALUES (1, 'Д1', '', '', 'Тестов', 'улица', 'Мира', '', '1', '', '', 2000, 5, 4, '', '', '', 1)`)
	for flat := range 3 {
		household := int64(1000 + flat)
		w.exec("INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES (1, $1, 1, $2, '')", household, fmt.Sprint([]int{2, 10, 1}[flat]))
		for s := range 2 {
			account := household*10 + int64(s)
			w.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, $1, $2, $3, 1, 0, 0)", account, s+1, fmt.Sprint(account))
			w.exec("INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, $1, 1, 0, 0, $2, 'placed', $3, '', '{}', 0)", account, fmt.Sprint(account), fmt.Sprint([]int{2, 10, 1}[flat]))
			w.exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, $1, 1, $2, '', 100, '')", account, household)
		}
	}
	w.exec("INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at) VALUES (1, '', 'applied', '', 1, 0, 1, 1)")
	return w
}

func (w *house) now() calendar.Micros { w.at += 1_000_000; return w.at }

func (w *house) goTo(year, month, day int) {
	w.at = calendar.MicrosOf(time.Date(year, time.Month(month), day, 9, 0, 0, 0, time.UTC))
}

func (w *house) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.d.Handle().ExecContext(w.ctx, query, args...); err != nil {
		w.t.Fatalf("%v in %s", err, query)
	}
}

// sent records a supplier's register of one account.
func (w *house) sent(account int64, month calendar.Month, opening, charged, paid int64) {
	w.t.Helper()
	w.file++
	at, s := w.now(), account%10
	w.exec(`INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state, duplicate_of, encoding, refusal, rows, applied,
		repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at) VALUES ($1, 1, $2, $3, '', 0, 'charges', 'line', 0, 0, '{}', $4, 'applied', 0, '', '', 1, 1, 0, 0, 0, 0, 0, 0, $5, $5)`,
		w.file, s+1, fmt.Sprintf("register-%s.csv", month), int64(month), int64(at))
	l := charge.Line{BuildingID: 1, AccountID: account, Month: month, ServiceID: 100 + s, RecordedAt: at, FileID: w.file, RowNo: 7, Opening: money.Amount(opening),
		Charge: money.Amount(charged), Paid: money.Amount(paid), Due: money.Amount(opening + charged - paid), Given: charge.GivenOpening | charge.GivenCharge | charge.GivenPaid | charge.GivenDue}
	if err := w.d.WriteLocal(w.ctx, func(tx *db.Tx) error { return charge.Write(w.ctx, tx, []charge.Line{l}) }); err != nil {
		w.t.Fatal(err)
	}
}

// paid records a payment of an account and gives its order; below zero it takes one back.
func (w *house) paid(order, account int64, on calendar.Date, sum int64) int64 {
	w.t.Helper()
	at := int64(w.now())
	if order == 0 {
		w.file++
		order = 5000 + w.file
		w.exec(`INSERT INTO payment_order (client_key, order_id, public_id, fingerprint, channel, method, state, sum_kop, refunded_kop, paid_on, gateway_id, redirect_url, reason, actor, file_id, row_no, created_at, changed_at)
			VALUES ($1, $2, $3, '', 'bank', '', 'credited', $4, 0, $5, '', '', '', '', 0, 0, 1, 1)`, fmt.Sprintf("k%d", order), order, fmt.Sprintf("0193a1b2-0000-7000-8000-%012d", order), sum, int64(on))
	}
	w.exec(`INSERT INTO payment_part (building_id, order_id, part_no, account_id, supplier_id, service_id, kind, amount_kop, paid_on, channel, posted_at, recorded_at)
		VALUES (1, $1, $6, $2, $5, 0, 'debt', $3, $4, 'bank', $7, $7)`, order, account, sum, int64(on), account%10+1, w.file+w.at.Time().UnixMilli()%1_000_000, at)
	return order
}

func ref(flat int) bill.Ref { return bill.Ref{Building: 1, Household: int64(1000 + flat)} }

// made makes a document that must come.
func (w *house) made(flat int, kind statement.Kind, from, to calendar.Month) *statement.Document {
	w.t.Helper()
	d, refused, err := w.docs.Make(w.ctx, statement.Request{Ref: ref(flat), Kind: kind, From: from, To: to, Actor: "житель"})
	if err != nil || refused != nil {
		w.t.Fatalf("%s: %v, %+v", kind, err, refused)
	}
	return d
}
