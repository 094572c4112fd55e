package settlement

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// TestAPayoutFromEndToEnd: prepared by one, approved by another, sent, shown by a statement; what was held comes with the next.
func TestAPayoutFromEndToEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.pay("sber", "voda", 1, date(20), 100_00)
		w.close(date(20))
		w.pay("sber", "voda", 2, date(22), 40_00)
		w.close(0)
		p := w.prepare()
		if len(p.Payouts) != 1 || len(p.Skipped) != 0 {
			t.Fatalf("%+v", p)
		}
		x := p.Payouts[0] // fee 1,50 + 0,60; of the last day 39,40 and 1 more are held
		if x.Collected != 140_00 || x.Fee != 2_10 || x.Held != 40_40 || x.Paid != 97_50 || x.Left != 0 || x.PlannedOn.Date() != date(23) {
			t.Errorf("%+v", x)
		}
		if want := "Перечисление платежей населения за ЖКУ по договору № 12/26, принятых за 20.11.2026-22.11.2026"; !strings.HasPrefix(x.Details.Purpose, want) || !strings.HasSuffix(x.Details.Purpose, "Без НДС") {
			t.Errorf("purpose %q", x.Details.Purpose)
		}
		if _, err := w.m.Approve(w.ctx, "ольга", x.ID); fault.CodeOf(err) != "payout.same_person" {
			t.Errorf("approved by its author: %v", err)
		}
		if _, err := w.m.Send(w.ctx, "пётр", x.ID); fault.CodeOf(err) != "payout.state" {
			t.Errorf("sent without approval: %v", err)
		}
		if again := w.prepare(); len(again.Payouts) != 0 || len(again.Skipped) != 1 {
			t.Errorf("prepared twice: %+v", again)
		}
		sent := w.send(x.ID)
		if _, err := w.m.Cancel(w.ctx, "пётр", x.ID, ""); fault.CodeOf(err) != "payout.state" {
			t.Errorf("cancelled after it was sent: %v", err)
		}
		w.clean()
		o := BankOperation{Key: "b1", Out: true, Number: "000001", Day: date(23), Amount: 97_50, Account: sent.Details.Payee.BankAccount}
		other := o
		other.Key, other.Amount = "b0", 97_51
		if got := w.tell(other); got != nil {
			t.Errorf("another sum is matched: %+v", got)
		}
		if got := w.tell(o); got == nil || got.State != PayoutConfirmed || got.Repeated {
			t.Errorf("the statement: %+v", got)
		}
		if got := w.tell(o); got == nil || !got.Repeated {
			t.Errorf("the statement again: %+v", got)
		}
		if n := w.number("SELECT balance_kop FROM ledger_balance WHERE building_id = 0 AND name = 'bank:transit'"); n != -97_50 {
			t.Errorf("the bank has %d", n)
		}
		w.later(48 * time.Hour)
		w.close(0)
		next := w.prepare("voda").Payouts[0]
		if next.Carried != 40_40 || next.Held != 1_00 || next.Paid != 39_40 || next.Collected != 0 {
			t.Errorf("the next payout: %+v", next)
		}
		w.clean()
	})
}

// TestWhatTheBankGivesBack is carried by the next payout, whether it was shown as paid before or not.
func TestWhatTheBankGivesBack(t *testing.T) {
	for _, confirmed := range []bool{false, true} {
		w := newTown(t, dbtest.One(t))
		w.pay("sber", "teplo", 1, date(22), 100_00)
		w.close(0)
		x := w.send(w.prepare("teplo").Payouts[0].ID)
		if confirmed {
			w.tell(BankOperation{Key: "b1", Out: true, Number: "1", Day: date(23), Amount: x.Paid})
		}
		back := BankOperation{Key: "b2", Number: "771", Day: date(23), Amount: x.Paid, Purpose: "Возврат по п/п № 2 от 23.11.2026: счёт закрыт"}
		if got := w.tell(back); got != nil {
			t.Fatalf("another number is matched: %+v", got)
		}
		back.Purpose = "Возврат по п/п № 1 от 23.11.2026: счёт закрыт"
		if got := w.tell(back); got == nil || got.State != PayoutReturned {
			t.Fatalf("what came back: %+v", got)
		}
		w.clean()
		next := w.prepare("teplo").Payouts[0]
		if next.Carried != 100_00 || next.Paid != 100_00 || w.payout(x.ID).CarriedBy != next.ID {
			t.Errorf("the next: %+v", next)
		}
		w.must(w.m.Cancel(w.ctx, "ольга", next.ID, "подождём"))
		if again := w.prepare("teplo").Payouts[0]; again.Carried != 100_00 {
			t.Errorf("after a cancelled one: %+v", again)
		}
		w.clean()
	}
}

// TestDebtOfASupplierIsCarried: refunds above what was collected make a payout of nothing, and the next pays less.
func TestDebtOfASupplierIsCarried(t *testing.T) {
	w := newTown(t, dbtest.One(t))
	w.pay("sber", "teplo", 1, date(22), -30_00)
	w.close(0)
	x := w.prepare().Payouts[0]
	if x.State != PayoutCarried || x.Paid != 0 || x.Left != -30_00 {
		t.Errorf("%+v", x)
	}
	w.later(24 * time.Hour)
	w.pay("sber", "teplo", 1, date(23), 100_00)
	w.close(0)
	if next := w.prepare().Payouts[0]; next.Paid != 70_00 || next.Carried != -30_00 {
		t.Errorf("%+v", next)
	}
	w.clean()
}

// TestDetailsInForceOnly: a change of bank details waits for another person and a day; what was prepared for the former
// ones is not sent to either.
func TestDetailsInForceOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		other := strings.Replace(suppliersFile, "account: '40702810699000000064', phone", "account: '"+otherAccount+"', phone", 1)
		res, err := w.m.Suppliers.LoadAs(w.ctx, "ольга", strings.NewReader(other))
		w.must(nil, err)
		if len(res.Proposed) != 1 || w.supplier("voda").BankAccount == otherAccount {
			t.Fatalf("a file changed bank details: %+v", res)
		}
		if again, err := w.m.Suppliers.LoadAs(w.ctx, "иван", strings.NewReader(other)); err != nil || again.Proposed[0] != res.Proposed[0] {
			t.Errorf("the same file proposes again: %+v, %v", again, err)
		}
		if _, err := w.m.Suppliers.ApproveRequisites(w.ctx, "ольга", res.Proposed[0]); fault.CodeOf(err) != "requisites.same_person" {
			t.Errorf("approved by the author: %v", err)
		}
		w.must(w.m.Suppliers.ApproveRequisites(w.ctx, "пётр", res.Proposed[0]))
		w.later(23 * time.Hour)
		w.pay("sber", "voda", 1, date(20), 100_00)
		w.close(date(20))
		w.close(date(22))
		x := w.prepare("voda").Payouts[0]
		if x.Details.Payee.BankAccount == otherAccount {
			t.Fatal("the payout goes by details that are not in force")
		}
		w.must(w.m.Approve(w.ctx, "пётр", x.ID))
		w.later(2 * time.Hour)
		if _, err := w.m.Send(w.ctx, "пётр", x.ID); fault.CodeOf(err) != "payout.details" {
			t.Errorf("sent by details of yesterday: %v", err)
		}
		w.must(w.m.Cancel(w.ctx, "пётр", x.ID, ""))
		if x := w.prepare("voda").Payouts[0]; x.Details.Payee.BankAccount != otherAccount {
			t.Error("the details in force are not used")
		}
		var changes []supplier.Change
		w.must(nil, w.d.Read(w.ctx, func(tx *db.Tx) (err error) {
			changes, err = supplier.ListChanges(w.ctx, tx, 0, false)
			return err
		}))
		if len(changes) != 1 || !changes[0].Red(w.now()) || changes[0].Contact != "+7 1" || w.number("SELECT count(*) FROM event WHERE kind = 'requisites'") != 3 {
			t.Errorf("%+v", changes)
		}
		w.clean()
	})
}

// otherAccount fits the БИК of the suppliers.
const otherAccount = "40702810999000000065"

// TestTwoPersonsAtOnce: however many approve and send, one payout goes.
func TestTwoPersonsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.pay("sber", "teplo", 1, date(22), 100_00)
		w.close(0)
		id := w.prepare().Payouts[0].ID
		var wg sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for range 4 {
			wg.Go(func() {
				_, approveErr := w.m.Approve(w.ctx, "пётр", id)
				_, sendErr := w.m.Send(w.ctx, "анна", id)
				mu.Lock()
				defer mu.Unlock()
				for _, err := range []error{approveErr, sendErr} {
					if err == nil {
						done++
					} else if fault.KindOf(err) != fault.Conflict {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if done != 2 || w.payout(id).State != PayoutSent || w.payout(id).OrderNo != 1 {
			t.Errorf("%d steps were done: %+v", done, w.payout(id))
		}
		w.clean()
	})
}

// TestComputeAddsUp: whatever is held and whatever the threshold, nothing is lost and nothing paid that is not there.
func TestComputeAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sum := func(name string, low int64) money.Amount {
			return money.Amount(rapid.Int64Range(low, 1_000_000).Draw(t, name))
		}
		p := Payout{Collected: sum("collected", 0), Refunded: sum("refunded", 0), Fee: sum("fee", 0), Carried: sum("carried", -1_000_000)}
		held, threshold := sum("held", 0), sum("threshold", 0)
		p.compute(held, threshold)
		if p.Paid+p.Left != p.Collected-p.Refunded-p.Fee-p.Held+p.Carried || p.Paid < 0 || p.Held < 0 || p.Held > held || p.Paid > 0 && (p.Left != 0 || p.Paid < threshold) {
			t.Fatalf("%+v", p)
		}
	})
}

// TestFees: bounds, reversals, who pays.
func TestFees(t *testing.T) {
	for _, c := range []struct {
		name      string
		rate      Rate
		sum, want money.Amount
	}{
		{"half a kopeck is rounded away from zero", Rate{Percent: 150}, 1_00, 2},
		{"at least", Rate{Percent: 150, Min: 10}, 1_00, 10},
		{"at most", Rate{Percent: 150, Max: 5_00}, 1000_00, 5_00},
		{"never more than the payment", Rate{Min: 10}, 7, 7},
		{"a reversal takes it back", Rate{Percent: 150, Min: 10}, -1_00, -10},
		{"nothing", Rate{}, 1_00, 0},
	} {
		if got, err := c.rate.Of(c.sum); err != nil || got != c.want {
			t.Errorf("%s: %d, want %d, %v", c.name, got, c.want, err)
		}
	}
	f := Fee{PaidBy: ByPayer, Rate: Rate{Percent: 100}, Channels: map[string]Rate{"sbp": {}}}
	for _, c := range []struct {
		channel string
		benefit bool
		want    money.Amount
	}{{"sber", false, 1_00}, {"sber", true, 0}, {"sbp", false, 0}} {
		if got, _ := f.Added(c.channel, 100_00, c.benefit); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	if kept, _ := f.Kept("sber", 100_00); kept != 0 {
		t.Error("the supplier pays a fee of the payer")
	}
}

// TestScheduleFallsOnWorkingDays: the next working day, or the first one from the day of the schedule on.
func TestScheduleFallsOnWorkingDays(t *testing.T) {
	for _, c := range []struct {
		s    Schedule
		want calendar.Date
	}{
		{Schedule{Every: EveryDay}, date(23)}, // Friday's money goes on Monday
		{Schedule{Every: EveryWeek, On: 2}, date(24)},
		{Schedule{Every: EveryWeek, On: 7}, date(23)},
		{Schedule{Every: EveryMonth, On: 5}, calendar.NewDate(2026, 12, 7)},
	} {
		if got := c.s.PlannedOn(date(20)); got != c.want {
			t.Errorf("%+v: %v, want %v", c.s, got, c.want)
		}
	}
}

// TestAnyOrderOfMoneyAndPayouts walks at random: payments, reversals, refunds, closes, payouts and what the bank does of them; every
// invariant holds after each close, and in the end what was collected is paid, kept, held or owed.
func TestAnyOrderOfMoneyAndPayouts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		r := rand.New(rand.NewPCG(4, 81))
		day := date(20)
		for step := range 60 {
			switch r.IntN(6) {
			case 0, 1, 2:
				w.pay([]string{"sber", "cash"}[r.IntN(2)], []string{"voda", "teplo"}[r.IntN(2)], r.IntN(6), day.AddDays(-r.IntN(3)), money.Amount(r.IntN(30_000)-5_000)+1)
			case 3:
				w.refundAny(r, step)
			case 4:
				if today := w.m.Today(); day < today || r.IntN(2) == 0 {
					w.close(day)
					w.clean()
					day = day.AddDays(1)
					for w.m.Today() < day {
						w.later(24 * time.Hour)
					}
				}
			case 5:
				w.payAny(r)
			}
		}
		w.close(w.m.Today())
		w.clean()
	})
}

// refundAny gives a part of some payment back.
func (w *town) refundAny(r *rand.Rand, step int) {
	const some = "FROM payment_order WHERE sum_kop > refunded_kop AND method = 'register' AND order_id NOT IN (SELECT order_id FROM payment_suspense)"
	if w.number("SELECT count(*) "+some) == 0 {
		return
	}
	var id string
	var left int
	w.must(nil, w.d.Handle().QueryRowContext(w.ctx, "SELECT public_id, sum_kop - refunded_kop "+some+" ORDER BY order_id DESC LIMIT 1").Scan(&id, &left))
	w.must(w.pays.Refund(w.ctx, "ольга", id, string(rune('a'+step)), money.Amount(1+r.IntN(left))))
}

// payAny prepares payouts and brings each somewhere.
func (w *town) payAny(r *rand.Rand) {
	if w.number("SELECT count(*) FROM settlement_close") == 0 {
		return
	}
	for _, x := range w.prepare("voda", "teplo").Payouts {
		if x.State != PayoutPrepared {
			continue
		}
		fate := r.IntN(4)
		if fate == 0 {
			w.must(w.m.Cancel(w.ctx, "пётр", x.ID, ""))
			continue
		}
		sent := w.send(x.ID)
		if fate > 1 {
			w.must(w.m.Confirm(w.ctx, "пётр", x.ID, sent.OrderOn.Date()))
		}
		if fate == 3 {
			w.must(w.m.Return(w.ctx, "пётр", x.ID, sent.OrderOn.Date(), "счёт закрыт"))
		}
	}
}

// TestRefundsWhilePayoutsArePrepared: refunds that commit while days are closed and payouts prepared, approved and sent are
// left out of a payout or taken off by it or the next one, once: nothing is lost between.
func TestRefundsWhilePayoutsArePrepared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		const payments = 12
		for i := range payments {
			w.pay("sber", "teplo", i%6, date(19), 100_00)
		}
		orders := w.orders()
		var wg sync.WaitGroup
		for n := range 3 {
			wg.Go(func() {
				for i := n; i < payments; i += 3 {
					if _, err := w.pays.Refund(w.ctx, "ольга", orders[i], "back"+orders[i], 30_00); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for day := 19; day <= 23; day++ {
			w.close(date(day))
			for _, x := range w.prepare("teplo").Payouts {
				if x.State == PayoutPrepared {
					w.send(x.ID)
				}
			}
		}
		wg.Wait()
		w.later(24 * time.Hour)
		w.close(date(24))
		w.prepare("teplo")
		w.clean()
		paid := w.number("SELECT CAST(sum(paid_kop) AS BIGINT) FROM settlement_payout WHERE state <> 'cancelled'")
		left := w.number("SELECT left_kop FROM settlement_payout WHERE state <> 'cancelled' ORDER BY payout_id DESC LIMIT 1")
		if paid+left != payments*(100_00-30_00) {
			t.Errorf("paid %d and left %d of %d", paid, left, payments*(100_00-30_00))
		}
	})
}

// orders are the payments there are.
func (w *town) orders() (list []string) {
	w.t.Helper()
	rows, err := w.d.Handle().QueryContext(w.ctx, "SELECT public_id FROM payment_order ORDER BY order_id")
	w.must(nil, err)
	defer rows.Close()
	for rows.Next() {
		var id string
		w.must(nil, rows.Scan(&id))
		list = append(list, id)
	}
	w.must(nil, rows.Err())
	return list
}
