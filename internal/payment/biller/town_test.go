package biller

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/payment"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

var clerk = access.Actor{Role: access.System, Name: "clerk"}

// town is two flats whose suppliers have charged them, agents, and a clock of its own.
type town struct {
	t   *testing.T
	ctx context.Context
	d   *db.DB
	m   *Module
	at  time.Time
	now func() calendar.Micros
}

const secret = "a long secret of an agent"

// agents are one of each dialect and each way to prove who it is.
const agents = `agents:
- {code: osmp, dialect: osmp, accounts: supplier, supplier: water, secret: ` + secret + `, min: 10, max: 5000, fee: 1.5}
- {code: keeps, dialect: osmp, accounts: supplier, supplier: water, secret: ` + secret + `, unknown: keep}
- {code: today, dialect: osmp, accounts: supplier, supplier: water, secret: ` + secret + `, cancel: same_day}
- {code: sber, dialect: sber, accounts: household, auth: key, secret: ` + secret + `}
- {code: command, dialect: sber-command, accounts: any, auth: hash, secret: ` + secret + `, hash: "{account}{txn_id}{sum}{secret}"}
- {code: cyber, dialect: cyberplat, accounts: supplier, supplier: water, pays: basket, auth: ip, ips: [10.0.0.0/8], proxies: [192.168.0.1], zone: Asia/Vladivostok, cancel: 2, rate: 5}
- {code: paused, dialect: osmp, accounts: supplier, supplier: water, state: paused, secret: ` + secret + `}
- {code: closed, dialect: osmp, accounts: supplier, supplier: water, state: closed, secret: ` + secret + `}
`

func newTown(t *testing.T, d *db.DB) *town {
	t.Helper()
	w := &town{t: t, ctx: context.Background(), d: d, at: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	w.now = func() calendar.Micros { return calendar.MicrosOf(w.at) }
	w.found()
	w.m = w.module()
	if _, err := w.m.Load(w.ctx, clerk, []byte(agents)); err != nil {
		t.Fatal(err)
	}
	return w
}

// module is a process on the data of the town.
func (w *town) module() *Module {
	w.t.Helper()
	catalog := sample.Catalog()
	charges := charge.New(charge.Deps{DB: w.d, Now: w.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
	doors, err := access.New(w.d, w.t.TempDir(), w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.m != nil {
		doors = w.m.Access
	}
	log := slog.New(slog.DiscardHandler)
	return New(Deps{DB: w.d, Bills: bill.New(w.d, supplier.New(w.d, w.now), charges, time.UTC, w.now), Payments: payment.New(w.d, nil, time.UTC, w.now, log), Access: doors, Zone: time.UTC, Now: w.now, Log: log})
}

// found makes the flats: 1000 owes 100.00 for water and 50.00 for power, 1001 has been charged nothing; 90001 is an account
// whose premises are not there.
func (w *town) found() {
	w.exec(`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
		VALUES (1, 'Д1', '', '', 'Тестов', 'улица', 'Мира', '', '1', '', '', 2000, 5, 4, '', '', '', 1)`)
	w.exec("INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at) VALUES (1, '', 'applied', '', 1, 0, 1, 1)")
	for s, code := range []string{"water", "power"} {
		w.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, $2, '', '', '', '', '', '', '', '', '[]', '', '', 1)", s+1, code)
		w.exec("INSERT INTO service (service_id, supplier_id, name) VALUES ($1, $2, $3)", 100+s, s+1, code)
		w.exec(`INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state, duplicate_of, encoding, refusal, rows, applied,
			repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at) VALUES ($1, 1, $2, 'register.csv', '', 0, 'charges', 'line', 0, 0, '{}', 202610, 'applied', 0, '', '', 1, 1, 0, 0, 0, 0, 0, 0, 1, 1)`, s+1, s+1)
		for flat := range 2 {
			w.open(int64(1000+flat), int64(s+1), "placed", fmt.Sprint(flat+1))
		}
	}
	w.open(9000, 1, account.StatusRuledOut, "")
	for flat := range 2 {
		w.exec("INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES (1, $1, 1, $2, '')", 1000+flat, fmt.Sprint(flat+1))
	}
	var lines []charge.Line
	for s, sum := range []int64{100_00, 50_00} {
		lines = append(lines, charge.Line{BuildingID: 1, AccountID: int64(10000 + s + 1), Month: 202610, ServiceID: int64(100 + s), RecordedAt: 1, FileID: int64(s + 1), RowNo: 1,
			Charge: kopecks(sum), Due: kopecks(sum), Given: charge.GivenOpening | charge.GivenCharge | charge.GivenPaid | charge.GivenDue})
	}
	if err := w.d.WriteLocal(w.ctx, func(tx *db.Tx) error { return charge.Write(w.ctx, tx, lines) }); err != nil {
		w.t.Fatal(err)
	}
}

// open makes an account of a supplier, numbered as its household and the supplier.
func (w *town) open(household, supplier int64, status, flat string) {
	id := household*10 + supplier
	w.exec("INSERT INTO account_route (supplier_id, number, account_id, building_id) VALUES ($1, $2, $3, 1)", supplier, fmt.Sprint(id), id)
	w.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, $1, $2, $3, 1, 0, 0)", id, supplier, fmt.Sprint(id))
	w.exec("INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, $1, 1, 0, 0, $2, $3, $4, '', '{\"fio\":\"Иванов Пётр\"}', 0)", id, fmt.Sprint(id), status, flat)
	if status != account.StatusRuledOut {
		w.exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, $1, 1, $2, '', 100, '')", id, household)
	}
}

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.d.Handle().ExecContext(w.ctx, query, args...); err != nil {
		w.t.Fatalf("%v in %s", err, query)
	}
}

func (w *town) number(query string, args ...any) (n int64) {
	w.t.Helper()
	if err := w.d.Read(w.ctx, func(tx *db.Tx) error { return tx.QueryRowContext(w.ctx, query, args...).Scan(&n) }); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// clean holds the books to every invariant of payments.
func (w *town) clean() {
	w.t.Helper()
	var broken []ledger.Breach
	err := w.d.Read(w.ctx, func(tx *db.Tx) (err error) {
		broken, err = payment.Invariants(w.ctx, tx)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, b := range broken {
		if b.Count > 0 {
			w.t.Errorf("%s: %v", b.ID, b.Rows)
		}
	}
}

// request is what an agent sends; edit changes it.
func (w *town) request(code, query string, edit func(*http.Request)) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/agents/"+code+"?"+query, nil)
	r.SetPathValue("code", code)
	r.RemoteAddr = "10.1.2.3:4567"
	switch code {
	case "sber":
		r.Header.Set("X-Agent-Key", secret)
	case "osmp", "keeps", "today", "paused", "closed":
		r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(code+":"+secret)))
	}
	if edit != nil {
		edit(r)
	}
	return r
}

// ask sends a request and gives the answer.
func (w *town) ask(code, query string, edit ...func(*http.Request)) (text string, status int) {
	w.t.Helper()
	var change func(*http.Request)
	if len(edit) > 0 {
		change = edit[0]
	}
	rec := httptest.NewRecorder()
	if err := w.m.serve(rec, w.request(code, query, change)); err != nil {
		w.t.Fatalf("%s %s: %v", code, query, err)
	}
	return rec.Body.String(), rec.Code
}

// element is the text of an element of an answer.
func element(answer, name string) string {
	_, rest, _ := strings.Cut(answer, "<"+name+">")
	text, _, _ := strings.Cut(rest, "</"+name+">")
	return text
}

// osmpPay is a payment by OSMP.
func osmpPay(txn, account, sum string) string {
	return url.Values{"command": {"pay"}, "txn_id": {txn}, "txn_date": {"20261124113000"}, "account": {account}, "sum": {sum}}.Encode()
}
