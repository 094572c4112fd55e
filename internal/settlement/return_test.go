package settlement

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// giveBack returns the waiting payment by a payment order.
func (w *town) giveBack() {
	w.t.Helper()
	id, err := w.d.NextIDs(w.ctx, ReturnIDs)
	w.must(nil, err)
	order := w.number("SELECT order_id FROM payment_suspense")
	w.must(nil, w.pays.ReturnSuspense(w.ctx, "пётр", order, "ольга: чужой", func(ctx context.Context, tx *db.Tx, r *payment.Returned) error {
		return MakeReturn(ctx, tx, &Return{ID: id, OrderID: r.ID, Channel: r.Channel, Day: calendar.DayText(r.Day), Sum: r.Amount, Author: "ольга", Approver: "пётр", SentAt: calendar.MomentText(r.At),
			Details: Details{Payee: Party{Name: "Смирнова А.П.", BIC: "049900802", BankAccount: "40817810000000000001"}, Purpose: "Возврат"}})
	}))
}

// centre is a balance of the centre's book.
func (w *town) centre(name string) money.Amount {
	w.t.Helper()
	return money.Amount(w.number("SELECT coalesce(CAST(sum(balance_kop) AS BIGINT), 0) FROM ledger_balance WHERE building_id = 0 AND name = $1", name))
}

// TestMoneyOfNobodyGoesBack: a payment order of its own number, matched on the way; what the bank gives back waits anew, goes
// back anew, and the books of the channel are even.
func TestMoneyOfNobodyGoesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.pay("sber", "teplo", 1, date(22), 100_00)
		w.pay("sber", "voda", 99, date(22), 7_00)
		w.close(0)
		w.send(w.prepare("teplo").Payouts[0].ID)
		w.giveBack()
		list, err := w.m.Returns(w.ctx, access.Actor{Role: access.System}, true)
		w.must(nil, err)
		if len(list) != 1 || list[0].OrderNo != 2 || list[0].State != PayoutSent || list[0].Details.Payer.Name != "ООО «РКЦ»" {
			t.Fatalf("%+v", list)
		}
		var file bytes.Buffer
		w.must(nil, WriteOrders(&file, []BankOrder{list[0].BankOrder()}, w.now()))
		text, err := charmap.Windows1251.NewDecoder().Bytes(file.Bytes())
		w.must(nil, err)
		for _, want := range []string{"Номер=2", "Сумма=7.00", "ПолучательСчет=40817810000000000001", "Получатель1=Смирнова А.П."} {
			if !strings.Contains(string(text), want+"\r\n") {
				t.Errorf("no %s in %s", want, text)
			}
		}
		out := BankOperation{Key: "out", Out: true, Number: "2", Day: date(23), Amount: 7_00, Account: "40817810000000000001"}
		back := BankOperation{Key: "back", Number: "901", Day: date(23), Amount: 7_00, Purpose: "Возврат п/п № 2 от 23.11.2026: счёт закрыт"}
		for _, x := range []struct {
			o     BankOperation
			state string
			again bool
		}{{back, PayoutReturned, false}, {out, PayoutReturned, false}, {back, PayoutReturned, true}, {out, PayoutReturned, true}} { // whichever statement comes first
			got := w.tell(x.o)
			if got == nil || got.Repeated != x.again || got.Return == 0 || x.again && got.State != x.state {
				t.Fatalf("%s: %+v", x.o.Key, got)
			}
		}
		if n := w.number("SELECT count(*) FROM payment_suspense WHERE assigned_at = 0"); n != 1 {
			t.Fatal("the money does not wait anew")
		}
		w.clean()
		w.giveBack()
		w.tell(BankOperation{Key: "out 2", Out: true, Number: "3", Day: date(23), Amount: 7_00})
		w.later(24 * time.Hour)
		w.close(0)
		if w.centre(ledger.Suspense) != 0 || w.centre(ledger.Clearing("sber", date(22))) != 107_00 || w.centre(ledger.Clearing("sber", date(23))) != 0 || w.centre(ledger.Transit) != -7_00 {
			t.Errorf("suspense %v, taken %v, given back %v, of the bank %v", w.centre(ledger.Suspense), w.centre(ledger.Clearing("sber", date(22))), w.centre(ledger.Clearing("sber", date(23))), w.centre(ledger.Transit))
		}
		w.clean()
	})
}

// TestPaidOut: an order is paid out once a payout with its money was given to the bank.
func TestPaidOut(t *testing.T) {
	w := newTown(t, dbtest.One(t))
	w.pay("sber", "teplo", 1, date(22), 100_00)
	gone := func() (yes bool) {
		t.Helper()
		w.must(nil, w.d.Read(w.ctx, func(tx *db.Tx) error {
			o, _, err := payment.FindOrder(w.ctx, tx, "reg:sber:op1:teplo:1:10000")
			w.must(nil, err)
			yes, err = PaidOut(w.ctx, tx, &o)
			return err
		}))
		return yes
	}
	before := gone()
	w.close(0)
	id := w.prepare("teplo").Payouts[0].ID
	prepared := gone()
	w.send(id)
	sent := gone()
	w.tell(BankOperation{Key: "back", Number: "901", Day: date(23), Amount: 100_00, Purpose: "Возврат п/п № 1"})
	if before || prepared || !sent || gone() {
		t.Errorf("paid %v, prepared %v, sent %v, given back %v", before, prepared, sent, gone())
	}
}
