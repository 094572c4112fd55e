package fiscal

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/fiscal/atol"
	"kvit/internal/fiscal/atol/simulator"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// till is receipts on a database with a register that may misbehave, two suppliers with an account each, and a clock.
type till struct {
	*Module
	t    *testing.T
	sim  *simulator.Server
	at   time.Time
	left money.Amount // of advances, as the bill says
}

func newTill(t *testing.T, d *db.DB, o simulator.Options) *till {
	t.Helper()
	o.Login, o.Password, o.Group = "a", "b", "g"
	x := &till{t: t, sim: simulator.New(o), at: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(x.sim.Handler())
	t.Cleanup(server.Close)
	now := func() calendar.Micros { return calendar.MicrosOf(x.at) }
	x.Module = New(Deps{DB: d, Payments: payment.New(d, nil, time.UTC, now, slog.New(slog.DiscardHandler)), Zone: time.UTC, Now: now, Log: slog.New(slog.DiscardHandler),
		Register: Register{Access: atol.Access{URL: server.URL, Login: "a", Password: "b", Group: "g"}, INN: "9900000031", Taxation: "osn", Place: "https://epd.example", Email: "centre@example.ru", Phone: "8 800 000-00-00"},
		Advance:  func(context.Context, int64, int64) (money.Amount, error) { return x.left, nil }})
	x.exec(`INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES
		(1, 'voda', 'Вода', '9950013244', '', '', '', '', '', '8 (4912) 12-34-56, 8 900', '', '[]', 'issued', 'active', 1), (2, 'tsj', 'ТСЖ', '9900000049', '', '', '', '', '', '', '', '[]', 'issued', 'active', 1)`)
	x.exec(`INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, 7, 1, '700', 1, 0, 0), (1, 8, 2, '800', 1, 0, 0)`)
	for _, account := range []int{7, 8} {
		x.exec(fmt.Sprintf(`INSERT INTO account_claim (building_id, account_id, recorded_at, file_id, row_no, printed, status, flat, room, evidence, digest) VALUES (1, %d, 1, 1, 1, '%d00', 'placed', '1', '', '{}', 0)`, account, account))
		x.exec(fmt.Sprintf("INSERT INTO event_subject (building_id, subject_id, last_seq, last_at) VALUES (1, %d, 0, 1)", account))
	}
	return x
}

func (x *till) exec(statement string) {
	x.t.Helper()
	if err := x.DB.WriteLocal(context.Background(), func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), statement)
		return err
	}); err != nil {
		x.t.Fatal(err)
	}
}

func (x *till) policy(yaml string) {
	x.t.Helper()
	if _, err := x.LoadPolicy(context.Background(), "test", strings.NewReader(yaml)); err != nil {
		x.t.Fatal(err)
	}
}

// part is a piece of a payment to account 7 or 8.
func part(account int64, kind string, sum money.Amount) payment.PlanPart {
	return payment.PlanPart{BuildingID: 1, AccountID: account, SupplierID: account - 6, Kind: kind, Amount: sum}
}

// pay takes a payment at the desk.
func (x *till) pay(key string, parts ...payment.PlanPart) payment.Order {
	x.t.Helper()
	p := payment.Plan{Parts: parts}
	for _, one := range parts {
		p.Sum += one.Amount
	}
	o, err := x.Payments.TakeCash(context.Background(), payment.CashRequest{Key: key, Plan: p, Desk: "1", Actor: "clerk:x", Join: func(context.Context, *db.Tx, *payment.Order) error { return nil }})
	if err != nil || o.State != payment.StateCredited {
		x.t.Fatalf("%+v, %v", o, err)
	}
	return o
}

// run does rounds, a minute of the clock apart, until nothing is open or the rounds are over.
func (x *till) run(rounds int) (last Done) {
	x.t.Helper()
	for range rounds {
		d, err := x.Run(context.Background())
		if err != nil {
			x.t.Fatal(err)
		}
		if last = d; d.Open == 0 {
			return d
		}
		x.at = x.at.Add(2 * time.Minute)
	}
	return last
}

func (x *till) of(o *payment.Order) []Receipt {
	x.t.Helper()
	list, err := x.OfPayment(context.Background(), o.PublicID)
	if err != nil {
		x.t.Fatal(err)
	}
	return list
}

// holds fails when an invariant is broken.
func (x *till) holds() {
	x.t.Helper()
	if err := x.DB.Read(context.Background(), func(tx *db.Tx) error {
		list, err := x.Invariants(context.Background(), tx)
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

const everybody = "- {supplier: '*', from: 2026-01-01, vat: vat20}\n"

// TestOneReceiptForASettlement: suppliers' lines in one receipt, each with his ИНН; the exempt one is left out to the kopeck;
// penalty without VAT; the register prints what we sent.
func TestOneReceiptForASettlement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newTill(t, d, simulator.Options{})
		x.policy(everybody + "- {supplier: tsj, from: 2026-02-01, duty: false, reason: освобождено}\n")
		o := x.pay("k1", part(7, payment.PartDebt, 12000), part(7, payment.PartPenalty, 33), part(8, payment.PartDebt, 500))
		if d := x.run(5); d.Open != 0 || len(x.sim.Printed()) != 1 {
			t.Fatalf("%+v, printed %d", d, len(x.sim.Printed()))
		}
		p := x.sim.Printed()[0].Receipt
		if p.Total != 12033 || len(p.Items) != 2 || p.Payments[0].Type != atol.Cash {
			t.Fatalf("%+v", p)
		}
		first, second := p.Items[0], p.Items[1]
		if first.Vat.Sum != 2000 || first.PaymentMethod != atol.FullPayment || first.SupplierInfo.INN != "9950013244" || first.AgentInfo.Type != "paying_agent" || first.SupplierInfo.Phones[0] != "+74912123456" {
			t.Errorf("%+v", first)
		}
		if second.Vat.Type != "none" || second.PaymentObject != atol.NonOperating || !strings.HasPrefix(second.Name, "Пени: ") {
			t.Errorf("%+v", second)
		}
		r := x.of(&o)[0]
		if r.State != StateDone || !strings.HasPrefix(r.QR, "t=20") || !strings.HasSuffix(r.QR, "&fn="+r.FN+"&i="+r.FD+"&fp="+r.FP+"&n=1") || !strings.Contains(r.QR, "&s=120.33&") {
			t.Errorf("%+v", r)
		}
		x.holds()
	})
}

// TestNothingIsPrintedTwice: answers lost, calls failed, tokens gone, the program started anew at each step: one document a
// payment.
func TestNothingIsPrintedTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newTill(t, d, simulator.Options{Lose: 0.5, Fail: 0.3, Seed: 7})
		x.policy(everybody)
		for i := range 12 {
			x.pay(fmt.Sprint("k", i), part(7, payment.PartDebt, money.Amount(100+i)))
		}
		for i := range 40 {
			if x.sim.Forget(); i%3 == 0 {
				x.Module = New(x.Deps) // a start after a kill knows only what is written
			}
			ctx, cancel := context.WithCancel(context.Background())
			if i%5 == 0 {
				cancel() // killed before it began
			}
			x.Run(ctx) //nolint:errcheck // whatever came of it, the next round goes on
			cancel()
			x.at = x.at.Add(time.Hour)
		}
		sums := map[atol.Roubles]int{}
		for _, p := range x.sim.Printed() {
			sums[p.Total]++
		}
		for i := range 12 {
			if sums[atol.Roubles(100+i)] != 1 {
				t.Errorf("payment of %d was printed %d times", 100+i, sums[atol.Roubles(100+i)])
			}
		}
		if open, _ := x.List(context.Background(), Filter{State: "open"}); len(open) != 0 {
			t.Errorf("still open: %+v", open)
		}
		x.holds()
	})
}

// TestAdvanceIsOffsetOnce: money ahead is an advance; when charges take a part of it, that part gets its own receipt.
func TestAdvanceIsOffsetOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newTill(t, d, simulator.Options{})
		x.policy(everybody)
		x.left = 50000
		o := x.pay("k1", part(7, payment.PartAdvance, 50000))
		x.run(5)
		if p := x.sim.Printed(); len(p) != 1 || p[0].Receipt.Items[0].PaymentMethod != atol.Advance || p[0].Receipt.Items[0].Vat.Type != "vat120" || p[0].Receipt.Items[0].PaymentObject != atol.PaymentOf {
			t.Fatalf("%+v", p)
		}
		x.left = 20000
		x.run(5)
		x.run(5)
		list := x.of(&o)
		if len(list) != 2 || list[1].PaidBy != PaidPrepaid || list[1].Sum != 30000 || list[1].Lines[0].Method != methodFull || list[1].State != StateDone {
			t.Fatalf("%+v", list)
		}
		if _, err := x.Payments.Refund(context.Background(), "x", o.PublicID, "back", 20000); err != nil {
			t.Fatal(err)
		}
		x.left = 0
		x.run(5)
		list = x.of(&o)
		if len(list) != 3 || list[2].Kind != atol.SellRefund || list[2].Sum != 20000 || list[2].Lines[0].Method != methodAdvance || !strings.HasSuffix(list[2].QR, "&n=2") {
			t.Fatalf("%+v", list)
		}
		x.holds()
	})
}

// TestPrepaidMonth: a month charged that is not over yet is prepaid by the supplier's rule, and settled when it is over.
func TestPrepaidMonth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newTill(t, d, simulator.Options{})
		x.policy("- {supplier: '*', from: 2026-01-01, prepaid: full_prepayment}\n")
		x.exec(`INSERT INTO charge (building_id, account_id, month, service_id, recorded_at, file_id, row_no, opening_kop, charge_kop, recalc_kop, penalty_kop, paid_kop, due_kop, volume_e7, rate_e7, given)
			VALUES (1, 7, 202611, 0, 1, 1, 1, 0, 700, 0, 0, 0, 700, 0, 0, 3)`)
		o := x.pay("k1", part(7, payment.PartDebt, 700))
		x.run(5)
		if l := x.of(&o)[0].Lines[0]; l.Method != methodPrepaid || l.Subject != atol.Service {
			t.Fatalf("%+v", l)
		}
		x.at = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
		x.run(5)
		if list := x.of(&o); len(list) != 2 || list[1].PaidBy != PaidPrepaid || list[1].Sum != 700 {
			t.Fatalf("%+v", list)
		}
		x.holds()
	})
}

// TestRefusedWaitsForAPerson: a till out of order refuses; mended, the receipt goes again and is printed once. A closed
// fiscal drive is nobody's fault: receipts wait by themselves. A day later both are late.
func TestRefusedWaitsForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		x := newTill(t, d, simulator.Options{Refuse: 1})
		x.policy(everybody)
		x.exec("UPDATE supplier SET inn = '' WHERE supplier_id = 2")
		till, format := x.pay("k1", part(7, payment.PartDebt, 100)), x.pay("k2", part(8, payment.PartDebt, 200))
		x.run(3)
		a, b := x.of(&till)[0], x.of(&format)[0]
		if a.State != StateRefused || !strings.HasPrefix(a.TroubleCode, "driver") || a.Advice == "" || b.State != StateRefused || b.TroubleCode != "format" {
			t.Fatalf("%+v\n%+v", a, b)
		}
		x.at = x.at.Add(25 * time.Hour)
		if late, err := x.List(ctx, Filter{Late: true}); err != nil || len(late) != 2 || !late[0].Late {
			t.Errorf("%+v, %v", late, err)
		}
		mended := another(x)
		x.exec("UPDATE supplier SET inn = '9900000049' WHERE supplier_id = 2")
		if n, err := x.RetryAll(ctx, "x"); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		x.run(5)
		if a, b = x.of(&till)[0], x.of(&format)[0]; a.State != StateDone || b.State != StateDone || b.Lines[0].SupplierINN != "9900000049" || len(mended.Printed()) != 2 {
			t.Errorf("%+v\n%+v", a, b)
		}
		if err := x.Retry(ctx, "x", a.ID); fault.CodeOf(err) != "receipt.settled" {
			t.Errorf("a printed receipt again: %v", err)
		}
		x.holds()
	})
}

// another gives the receipts another register, in order.
func another(x *till) *simulator.Server {
	s := simulator.New(simulator.Options{Login: "a", Password: "b", Group: "g"})
	server := httptest.NewServer(s.Handler())
	x.t.Cleanup(server.Close)
	x.Register.URL = server.URL
	x.Module = New(x.Deps)
	return s
}

// TestCorrections: what was never printed is corrected, what was printed wrongly goes back and is printed anew.
func TestCorrections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		x := newTill(t, d, simulator.Options{Refuse: 1})
		x.policy(everybody)
		o := x.pay("k1", part(7, payment.PartDebt, 12000))
		x.run(3)
		s := another(x)
		if _, err := x.Correct(ctx, "x", x.of(&o)[0].ID, ""); fault.CodeOf(err) != "receipt.reason" {
			t.Error(err)
		}
		number, err := x.Correct(ctx, "x", x.of(&o)[0].ID, "касса не работала")
		if err != nil {
			t.Fatal(err)
		}
		x.run(5)
		if r, err := x.Show(ctx, number); err != nil || r.State != StateDone || r.Kind != atol.Correction {
			t.Fatalf("%+v, %v", r, err)
		}
		x.policy("- {supplier: voda, from: 2026-01-01, vat: vat10}\n")
		again, err := x.Correct(ctx, "x", number, "ставка не та")
		if err != nil {
			t.Fatal(err)
		}
		x.run(8)
		if r, err := x.Show(ctx, again); err != nil || r.State != StateDone || r.Lines[0].Vat != "vat10" {
			t.Fatalf("%+v, %v", r, err)
		}
		if kinds := operations(s); kinds[atol.Correction] != 1 || kinds[atol.SellRefund] != 1 || kinds[atol.Sell] != 1 {
			t.Errorf("%v", kinds)
		}
		if _, err := x.Correct(ctx, "x", number, "ещё раз"); fault.CodeOf(err) != "receipt.corrected" {
			t.Error(err)
		}
		x.holds()
	})
}

func operations(s *simulator.Server) map[string]int {
	n := map[string]int{}
	for _, p := range s.Printed() {
		n[p.Operation]++
	}
	return n
}

// TestHints: the register's call-back makes us ask, and nothing else.
func TestHints(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newTill(t, d, simulator.Options{Delay: time.Millisecond})
		x.policy(everybody)
		o := x.pay("k1", part(7, payment.PartDebt, 100))
		x.run(1)
		r := x.of(&o)[0]
		if r.State != StateSent {
			t.Fatalf("%+v", r)
		}
		x.exec(fmt.Sprintf("UPDATE fiscal_receipt SET next_at = %d", int64(x.Now())+1_000_000_000))
		if err := x.Hint(context.Background(), []byte(`{"uuid":"`+r.UUID+`","status":"fail","error":{"code":1,"type":"driver","text":"x"}}`)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
		x.run(2)
		if r = x.of(&o)[0]; r.State != StateDone {
			t.Errorf("%+v", r)
		}
		if err := x.Hint(context.Background(), []byte("{")); fault.CodeOf(err) != "cashbox.hint" {
			t.Error(err)
		}
	})
}

// TestPolicyIsHeldToItsWords names what is wrong.
func TestPolicyIsHeldToItsWords(t *testing.T) {
	d := dbtest.One(t)
	x := newTill(t, d, simulator.Options{})
	for yaml, want := range map[string]string{
		"- {supplier: '*', from: 2026-01-01, vat: vat18}":         "receipts.policy",
		"- {supplier: '*', from: 2026-01-01, vat: vat120}":        "receipts.policy",
		"- {supplier: '*', vat: none}":                            "receipts.policy",
		"- {supplier: '*', from: 2026-01-01, duty: false}":        "receipts.policy",
		"- {supplier: '*', from: 2026-01-01, prepaid: later}":     "receipts.policy",
		"- {supplier: '*', from: 2026-01-01, rate: vat20}":        "receipts.policy_yaml",
		"- {supplier: nobody, from: 2026-01-01, vat: vat20}":      "supplier.unknown",
		"- {supplier: voda, from: 2026-01-01, vat: vat22}":        "",
		"- {supplier: '*', from: 2026-01-01, channels: [online]}": "",
	} {
		_, err := x.LoadPolicy(context.Background(), "x", strings.NewReader(yaml))
		if (err == nil) != (want == "") || err != nil && fault.CodeOf(err) != want {
			t.Errorf("%s: %v, want %q", yaml, err, want)
		}
	}
}
