package town

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kvit/internal/app"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// order is a payment a resident began, and what the oracle has counted of it.
type order struct {
	home     *home
	other    *home // paid with it, or the same
	request  app.PayRequest
	public   string
	sum      money.Amount
	counted  map[[2]int64]bool // parts in the oracle's book, by building and number
	refunded money.Amount
	quiet    bool // nothing more happens to it by itself
}

// act lets a resident do something on a day.
func (t *town) act(h *home) {
	t.clock.pass(time.Duration(1+t.rng.IntN(600)) * time.Second)
	switch p := t.rng.IntN(100); {
	case p < 30:
		t.pay(h, payment.Wish{All: true}, 1)
	case p < 35: // for another home too
		t.payBoth(h, t.homes[t.rng.IntN(len(t.homes))], payment.Wish{All: true}, 1)
	case p < 50:
		t.pay(h, payment.Wish{Sum: money.Amount(1 + t.rng.Int64N(300_000))}, 1)
	case p < 60:
		t.pay(h, payment.Wish{Sum: money.Amount(100_000 + t.rng.Int64N(1_000_000)), Ahead: true}, 1)
	case p < 70:
		a := h.accounts[t.rng.IntN(len(h.accounts))]
		t.pay(h, payment.Wish{Lines: []payment.WishLine{{Supplier: a.of.code, Account: a.number, Sum: money.Amount(1 + t.rng.Int64N(200_000))}}, Ahead: true}, 1)
	case p < 80: // presses twice
		t.pay(h, payment.Wish{All: true}, 2)
	case p < 88: // goes to a terminal
		t.door.take(h)
	case p < 92:
		t.giveBack(h)
	case p < 95: // at the supplier's own desk
		a := h.accounts[t.rng.IntN(len(h.accounts))]
		a.desk += money.Amount(1 + t.rng.Int64N(100_000))
	default:
		t.look(h)
	}
}

// pay starts a payment so many times with the same key; then the payer is at the bank, and mostly comes back.
func (t *town) pay(h *home, w payment.Wish, times int) { t.payBoth(h, h, w, times) }

// payBoth is pay for two homes by one order; it may be one and the same.
func (t *town) payBoth(h, other *home, w payment.Wish, times int) {
	a := h.accounts[t.rng.IntN(len(h.accounts))]
	key := fmt.Sprintf("key-%d", len(t.orders))
	o := &order{home: h, other: other, counted: map[[2]int64]bool{}, request: app.PayRequest{Supplier: a.of.code, Account: a.number, Wish: w, Key: key, Method: "card", Actor: "resident", Input: key}}
	accounts := h.accounts
	if other != h {
		accounts = slices.Concat(h.accounts, other.accounts)
		o.request.With = []app.Ref{{Supplier: other.accounts[0].of.code, Account: other.accounts[0].number}}
	}
	t.paying = key
	back := t.rng.IntN(100) < 60
	t.settleOrders(h, other)
	due := money.Amount(0)
	for _, a := range accounts {
		due += max(0, a.expected())
	}
	for range times {
		var got payment.Order
		err := t.do("pay "+key, func(ctx context.Context) (err error) {
			got, err = t.app.Pay(ctx, o.request)
			return err
		})
		if refusedRightly(err, w, due) {
			return
		}
		if err != nil {
			t.fatal(err)
		}
		if o.public != "" && o.public != got.PublicID {
			t.fatal(fmt.Errorf("key %s made two orders", key))
		}
		o.public, o.sum = got.PublicID, got.Sum
	}
	if w.All && o.sum != due {
		t.fatal(fmt.Errorf("paying all of %s takes %s, %s is due", h.address, o.sum.Format(), due.Format()))
	}
	t.orders = append(t.orders, o)
	if d := t.bank.byKey[o.public]; d != nil {
		t.bank.decide(d)
	}
	if back {
		t.must("come back with "+key, func(ctx context.Context) error {
			_, err := t.app.Payments.Confirm(ctx, o.public)
			return err
		})
	}
}

// nameOf is the town's name of an order: its client's key, by the program's public one.
func (t *town) nameOf(public string) string {
	for _, o := range t.orders {
		if o.public == public {
			return o.request.Key
		}
	}
	return t.paying
}

// refusedRightly tells whether a payment had to be refused: nothing is due, or more is paid than is.
func refusedRightly(err error, w payment.Wish, due money.Amount) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Kind == fault.Invalid && (w.All && due == 0 || !w.Ahead && w.Sum > due)
}

// giveBack refunds a part of a home's credited payment, as the centre does at the payer's asking.
func (t *town) giveBack(h *home) {
	t.settleOrders(h)
	for i, o := range t.orders {
		if o.home != h || len(o.counted) == 0 || o.refunded >= o.sum {
			continue
		}
		sum, key := 1+money.Amount(t.rng.Int64N(int64(o.sum-o.refunded))), fmt.Sprintf("refund-%d-%d", i, o.refunded)
		o.refunded, o.quiet = o.refunded+sum, false
		t.must("refund "+key, func(ctx context.Context) error {
			_, err := t.app.Payments.Refund(ctx, "centre", o.public, key, sum)
			if fault.CodeOf(err) == "refund.unknown" { // the bank will be asked again
				return nil
			}
			return err
		})
		return
	}
}

// settleOrders brings the oracle's book up to date: it counts the parts the program says it posted, and holds them to
// what the bank took.
func (t *town) settleOrders(homes ...*home) {
	for _, o := range t.orders {
		if !o.quiet && (len(homes) == 0 || slices.Contains(homes, o.home) || slices.Contains(homes, o.other)) {
			t.settle(o)
		}
	}
}

func (t *town) settle(o *order) {
	var now payment.Order
	t.read("state of an order", func(ctx context.Context) (err error) {
		now, err = t.app.Payments.Find(ctx, o.public)
		return err
	})
	d := t.bank.byKey[o.public]
	captured := d != nil && d.State == payment.StateCaptured
	if (now.State == payment.StateCaptured || now.State == payment.StateCredited) && !captured {
		t.fatal(fmt.Errorf("order %s is %s, the bank has not taken the money", o.public, now.State))
	}
	sum := money.Amount(0)
	for i := range now.Parts {
		if now.Parts[i].PostedAt != 0 {
			sum += now.Parts[i].Amount
		}
	}
	t.count(o, &now)
	if captured && now.State == payment.StateCredited && sum < o.sum-o.refunded || sum > o.sum {
		t.fatal(fmt.Errorf("order %s of %s has %s posted, %s given back", o.public, o.sum.Format(), sum.Format(), o.refunded.Format()))
	}
	o.quiet = now.State == payment.StateDeclined || now.State == payment.StateCredited && sum == o.sum-o.refunded
}

// count takes the parts that were posted since the last look into the oracle's book.
func (t *town) count(o *order, now *payment.Order) {
	var names []app.PartName
	for i := range now.Parts {
		p := &now.Parts[i]
		part := [2]int64{p.BuildingID, int64(p.No)}
		if p.PostedAt == 0 || o.counted[part] {
			continue
		}
		if names == nil {
			t.read("names of parts", func(ctx context.Context) (err error) {
				names, err = t.app.PartNames(ctx, now)
				return err
			})
		}
		a := t.find(names[i].Supplier, names[i].Account)
		a.paid = append(a.paid, heard{p.PaidOn, p.Amount})
		o.counted[part] = true
	}
}
