package bill_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

const (
	september = calendar.Month(202609)
	october   = calendar.Month(202610)
	november  = calendar.Month(202611)
)

// town is a house of made-up households whose accounts and baskets are known, on a clock of its own.
type town struct {
	t       testing.TB
	ctx     context.Context
	d       *db.DB
	bills   *bill.Module
	charges *charge.Module
	pays    *payment.Module
	ids     sample.Ids
	at      calendar.Micros
	file    int64
	flats   int
}

func newTown(t testing.TB, d *db.DB) *town { return newTownOf(t, d, 4) }

func newTownOf(t testing.TB, d *db.DB, flats int) *town {
	t.Helper()
	w := &town{t: t, flats: flats, ctx: context.Background(), d: d, at: calendar.MicrosOf(time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC))}
	catalog := sample.Catalog()
	w.charges = charge.New(charge.Deps{DB: d, Now: w.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
	w.bills = bill.New(d, supplier.New(d, w.now), w.charges, time.UTC, w.now)
	w.pays = payment.New(d, nil, time.UTC, w.now, slog.New(slog.DiscardHandler))
	for i := range sample.Suppliers {
		w.ids.Supplier[i] = int64(i + 1)
		w.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, $2, '', '', '', '', '', '', '', '', '[]', '', '', 1)",
			i+1, sample.SupplierCode(i))
	}
	for i := range sample.Services {
		w.ids.Service[i] = int64(100 + i)
		w.exec("INSERT INTO service (service_id, supplier_id, name) VALUES ($1, $2, $3)", 100+i, w.ids.Supplier[sample.SupplierOf(i)], sample.CodeOf(i))
	}
	w.exec(`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
		VALUES (1, 'Д1', '', '', 'Тестов', 'улица', 'Мира', '', '1', '', '', 2000, 5, 4, '', '', '', 1)`)
	for flat := range w.flats {
		household := int64(1000 + flat)
		w.exec("INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES (1, $1, 1, $2, '')", household, fmt.Sprint(flat+1))
		for s := range sample.Suppliers {
			account := household*10 + int64(s)
			w.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, $1, $2, $3, 1, 0, 0)", account, s+1, fmt.Sprint(account))
			w.exec("INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, $1, 1, 0, 0, $2, 'placed', $3, '', '{}', 0)", account, fmt.Sprint(account), fmt.Sprint(flat+1))
			w.exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, $1, 1, $2, '', 100, '')", account, household)
		}
	}
	w.exec("INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at) VALUES (1, '', 'applied', '', 1, 0, 1, 1)")
	return w
}

func (w *town) now() calendar.Micros { w.at += 1_000_000; return w.at }

// goTo moves the clock on.
func (w *town) goTo(year, month, day int) {
	w.at = calendar.MicrosOf(time.Date(year, time.Month(month), day, 9, 0, 0, 0, time.UTC))
}

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.d.Handle().ExecContext(w.ctx, query, args...); err != nil {
		w.t.Fatalf("%v in %s", err, query)
	}
}

// live records the facts of the house, changed by edit, with readings up to a month.
func (w *town) live(month calendar.Month, edit func(*fact.Set)) {
	w.t.Helper()
	s := sample.House(1, w.flats, month, 3, &w.ids)
	if edit != nil {
		edit(s)
	}
	w.record(s)
}

func (w *town) record(s *fact.Set) {
	w.t.Helper()
	out := fact.NewWriter()
	if err := out.Add(s, w.now()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.d.WriteLocal(w.ctx, func(tx *db.Tx) error { return out.Write(w.ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) charge(month calendar.Month) *charge.Report {
	w.t.Helper()
	r, err := w.charges.Charge(w.ctx, charge.Request{Month: month, Actor: "olga"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// sent records a supplier's register: what an account owes for a service in a month.
func (w *town) sent(account int64, month calendar.Month, service int, opening, charged, paid int64) {
	w.t.Helper()
	w.file++
	at := w.now()
	w.exec(`INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state, duplicate_of, encoding, refusal, rows, applied,
		repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at) VALUES ($1, 1, $2, $3, '', 0, 'charges', 'line', 0, 0, '{}', $4, 'applied', 0, '', '', 1, 1, 0, 0, 0, 0, 0, 0, $5, $5)`,
		w.file, int64(sample.SupplierOf(service)+1), fmt.Sprintf("register-%s.csv", month), int64(month), int64(at))
	l := charge.Line{BuildingID: 1, AccountID: account, Month: month, ServiceID: w.ids.Service[service], RecordedAt: at, FileID: w.file, RowNo: 7, Opening: money.Amount(opening),
		Charge: money.Amount(charged), Paid: money.Amount(paid), Due: money.Amount(opening + charged - paid), Given: charge.GivenOpening | charge.GivenCharge | charge.GivenPaid | charge.GivenDue}
	if err := w.d.WriteLocal(w.ctx, func(tx *db.Tx) error { return charge.Write(w.ctx, tx, []charge.Line{l}) }); err != nil {
		w.t.Fatal(err)
	}
}

// paid records a payment for a service of an account; service below zero names none.
func (w *town) paid(account int64, service int, on calendar.Date, sum int64) {
	w.t.Helper()
	w.file++
	id := int64(0)
	if service >= 0 {
		id = w.ids.Service[service]
	}
	w.exec(`INSERT INTO payment_part (building_id, order_id, part_no, account_id, supplier_id, service_id, kind, amount_kop, paid_on, channel, posted_at, recorded_at)
		VALUES (1, $1, 1, $2, 1, $3, 'debt', $4, $5, 'bank', $6, $6)`, w.file, account, id, sum, int64(on), int64(w.now()))
}

// bill is the bill of a flat at a moment, its arithmetic checked.
func (w *town) bill(flat int, at calendar.Micros) *bill.Bill {
	w.t.Helper()
	b, err := w.bills.At(w.ctx, bill.Ref{Building: 1, Household: int64(1000 + flat)}, at)
	if err == nil {
		err = w.bills.Ahead(w.ctx, b)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var total, advance money.Amount
	dues := map[int64]money.Amount{}
	for _, l := range b.Lines {
		if l.Due != l.Opening+l.Charge+l.Recalc+l.Penalty-l.Paid || l.Paid != l.Claimed+l.PaidSince {
			w.t.Errorf("%s %s: %+v", l.Account, l.Service, l)
		}
		dues[l.AccountID] += l.Due
	}
	for _, d := range dues {
		total, advance = total+max(0, d), advance+max(0, -d)
	}
	if total != b.Total || advance != b.Advance {
		w.t.Errorf("total %d and advance %d, lines say %d and %d", b.Total, b.Advance, total, advance)
	}
	return b
}

// of is the line of a service; nil when there is none.
func of(b *bill.Bill, account int64, service string) *bill.Line {
	for i := range b.Lines {
		if b.Lines[i].AccountID == account && b.Lines[i].Service == service {
			return &b.Lines[i]
		}
	}
	return nil
}

// posted is what the book says an account owes, with penalties.
func (w *town) posted(account int64) (sum money.Amount) {
	w.t.Helper()
	if err := w.d.Handle().QueryRowContext(w.ctx, "SELECT coalesce(CAST(sum(balance_kop) AS BIGINT), 0) FROM ledger_balance WHERE name IN ('receivable', 'penalty') AND account_id = $1", account).Scan(&sum); err != nil {
		w.t.Fatal(err)
	}
	return sum
}

func term(from calendar.Date) calc.Term { return calc.Term{From: from} }
