package settlement

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// town is two suppliers with accounts in three houses, a clock of its own, and money that comes by registers.
type town struct {
	t     *testing.T
	ctx   context.Context //nolint:containedctx // of one test
	d     *db.DB
	m     *Module
	pays  *payment.Module
	mu    sync.Mutex
	clock time.Time
	rows  int
}

const suppliersFile = `
- {code: voda, name: ООО «Вода», inn: '9950013244', bank: БАНК УЧЕБНЫЙ, bic: '049900802', account: '40702810699000000064', phone: '+7 1'}
- {code: teplo, name: АО «Тепло», inn: '9950013244', bank: БАНК УЧЕБНЫЙ, bic: '049900802', account: '40702810699000000064'}
`

const contractsFile = `
centre: {from: 2026-01-01, name: ООО «РКЦ», inn: '9950013244', bank: БАНК УЧЕБНЫЙ, bic: '049900802', account: '40702810699000000064'}
contracts:
- {supplier: voda, number: 12/26, from: 2026-01-01, fee: {paid_by: supplier, percent: 1.5, min: 0.10, max: 5, channels: {cash: {percent: 2}}}, hold: {days: 1, sum: 1}, payout: {threshold: 2}}
`

// newTown is on Monday, 23 November 2026, 12:00 in Moscow.
func newTown(t *testing.T, d *db.DB) *town {
	t.Helper()
	zone := time.FixedZone("MSK", 3*3600)
	w := &town{t: t, ctx: context.Background(), d: d, clock: time.Date(2026, 11, 23, 12, 0, 0, 0, zone)}
	suppliers := supplier.New(d, w.now)
	w.pays = payment.New(d, nil, zone, w.now, slog.New(slog.DiscardHandler))
	w.m = New(Deps{DB: d, Suppliers: suppliers, Zone: zone, Now: w.now, Check: w.check, CheckAll: w.check})
	w.must(suppliers.Load(w.ctx, strings.NewReader(suppliersFile)))
	w.must(w.m.LoadContracts(w.ctx, "ольга", strings.NewReader(contractsFile)))
	for _, code := range []string{"voda", "teplo"} {
		s := w.supplier(code)
		for account := range 6 {
			id := s.ID*100 + int64(account)
			building := 1 + int64(account)%3
			w.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES ($1, $2, $3, $4, 1, 0, 0)", building, id, s.ID, fmt.Sprint(account))
			w.exec("INSERT INTO account_route (supplier_id, number, account_id, building_id) VALUES ($1, $2, $3, $4)", s.ID, fmt.Sprint(account), id, building)
		}
	}
	return w
}

func (w *town) now() calendar.Micros {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(time.Millisecond)
	return calendar.MicrosOf(w.clock)
}

func (w *town) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// must fails the test when what was called did not work.
func (w *town) must(_ any, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	w.must(w.d.Handle().ExecContext(w.ctx, query, args...))
}

func (w *town) number(query string, args ...any) (n int64) {
	w.t.Helper()
	w.must(nil, w.d.Handle().QueryRowContext(w.ctx, query, args...).Scan(&n))
	return n
}

func (w *town) supplier(code string) (s supplier.Supplier) {
	w.t.Helper()
	w.must(nil, w.d.Read(w.ctx, func(tx *db.Tx) (err error) {
		s, err = supplier.Find(w.ctx, tx, code)
		return err
	}))
	return s
}

// pay takes one row of a channel's register.
func (w *town) pay(channel, code string, account int, day calendar.Date, sum money.Amount) {
	w.t.Helper()
	w.mu.Lock()
	w.rows++
	row := w.rows
	w.mu.Unlock()
	w.must(w.pays.TakeLines(w.ctx, payment.Source{FileID: 1, Channel: channel}, []payment.Line{{Row: row, Operation: fmt.Sprint("op", row), SupplierCode: code, Number: fmt.Sprint(account), Date: day, Amount: sum}}, nil))
}

func (w *town) check(ctx context.Context) (list []ledger.Breach, err error) {
	err = w.d.Read(ctx, func(tx *db.Tx) error {
		if list, err = payment.Invariants(ctx, tx); err != nil {
			return err
		}
		own, err := Invariants(ctx, tx)
		list = append(list, own...)
		return err
	})
	return list, err
}

// clean holds every invariant of money.
func (w *town) clean() {
	w.t.Helper()
	list, err := w.check(w.ctx)
	w.must(nil, err)
	for _, b := range list {
		if b.Count > 0 {
			w.t.Fatalf("%s: %d, %v", b.ID, b.Count, b.Rows)
		}
	}
}

func (w *town) close(day calendar.Date) *Document {
	w.t.Helper()
	c, err := w.m.CloseDay(w.ctx, "ольга", day)
	w.must(nil, err)
	d, err := c.Document()
	w.must(nil, err)
	return d
}

func (w *town) prepare(codes ...string) *Prepared {
	w.t.Helper()
	p, err := w.m.Prepare(w.ctx, "ольга", PrepareRequest{Suppliers: codes})
	w.must(nil, err)
	return p
}

func (w *town) send(id int64) *Payout {
	w.t.Helper()
	w.must(w.m.Approve(w.ctx, "пётр", id))
	p, err := w.m.Send(w.ctx, "пётр", id)
	w.must(nil, err)
	return p
}

// tell gives a statement's operation.
func (w *town) tell(o BankOperation) (x *Matched) {
	w.t.Helper()
	o.At = w.now()
	w.must(nil, w.d.Write(w.ctx, func(tx *db.Tx) (err error) {
		x, err = MatchOutgoing(w.ctx, tx, o)
		return err
	}))
	return x
}

func (w *town) payout(id int64) *Payout {
	w.t.Helper()
	p, err := w.m.FindPayout(w.ctx, access.Scope{All: true}, id)
	w.must(nil, err)
	return p
}

func date(day int) calendar.Date { return calendar.NewDate(2026, 11, day) }
