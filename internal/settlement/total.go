package settlement

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// kindRefund is a transaction that gives money back to its payer: the fee for taking it stays.
const kindRefund = "refund"

// totalKey is what a close counts apart. Supplier 0 is money nobody could place.
type totalKey struct {
	supplier int64
	channel  string
	day      calendar.Date // of the payers
}

// counted are the sums of a key: payments are those that brought money.
type counted struct {
	payments                 int64
	collected, refunded, fee money.Amount
}

func (c *counted) add(o *counted) {
	c.payments += o.payments
	c.collected += o.collected
	c.refunded += o.refunded
	c.fee += o.fee
}

// net is what is left for the supplier.
func (c *counted) net() money.Amount { return c.collected - c.refunded - c.fee }

// totals are what a close counts: sums, and what they make of the centre's book.
type totals struct {
	terms        contracts
	sums         map[totalKey]*counted
	book         map[string]money.Amount
	transactions int64
	apart        []ledger.Counted // assignments of suspense: their channel is asked of their orders afterwards
}

func newTotals(terms contracts) *totals {
	return &totals{terms: terms, sums: map[totalKey]*counted{}, book: map[string]money.Amount{}}
}

// gather reads the transactions of a close.
func (t *totals) gather(ctx context.Context, tx *db.Tx, closeNo int64) error {
	err := ledger.EachCounted(ctx, tx, closeNo, closeNo, 0, func(c *ledger.Counted) error {
		channel, day, ok := doorOf(c.Entries)
		if ok {
			return t.add(c, channel, day)
		}
		own := *c
		own.Entries = slices.Clone(c.Entries)
		t.apart = append(t.apart, own)
		return nil
	})
	if err != nil || len(t.apart) == 0 {
		return err
	}
	ids := make([]int64, len(t.apart))
	for i := range t.apart {
		ids[i] = t.apart[i].OrderID
	}
	orders, err := payment.ListHeads(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i := range t.apart {
		c := &t.apart[i]
		if err := t.add(c, orders[c.OrderID].Channel, c.EffectiveOn); err != nil {
			return err
		}
	}
	return nil
}

// doorOf is the channel and the payers' day of money that came from outside: its clearing account says.
func doorOf(entries []ledger.Entry) (channel string, day calendar.Date, ok bool) {
	for i := range entries {
		if channel, day, ok = clearingOf(entries[i].Name); ok {
			return channel, day, true
		}
	}
	return "", 0, false
}

// clearingOf reads the name that ledger.Clearing makes.
func clearingOf(name string) (channel string, day calendar.Date, ok bool) {
	rest, ok := strings.CutPrefix(name, "clearing:")
	at := strings.LastIndexByte(rest, ':')
	if !ok || at < 0 {
		return "", 0, false
	}
	day, err := calendar.ParseDate(rest[at+1:])
	return rest[:at], day, err == nil
}

// add counts one transaction: each supplier's share of it is one payment to him.
func (t *totals) add(c *ledger.Counted, channel string, day calendar.Date) error {
	t.transactions++
	var shares []share
	for i := range c.Entries {
		e := &c.Entries[i]
		t.book[bookName(e)] += e.Amount
		if e.SupplierID == 0 && e.Name != ledger.Suspense {
			continue
		}
		shares = addShare(shares, e.SupplierID, -e.Amount)
	}
	for _, s := range shares {
		if err := t.count(s, c, channel, day); err != nil {
			return err
		}
	}
	return nil
}

// share is what a transaction brings a supplier.
type share struct {
	supplier int64
	amount   money.Amount
}

func addShare(list []share, supplierID int64, amount money.Amount) []share {
	for i := range list {
		if list[i].supplier == supplierID {
			list[i].amount += amount
			return list
		}
	}
	return append(list, share{supplierID, amount})
}

func (t *totals) count(s share, c *ledger.Counted, channel string, day calendar.Date) error {
	key := totalKey{s.supplier, channel, day}
	sum := t.sums[key]
	if sum == nil {
		sum = &counted{}
		t.sums[key] = sum
	}
	if s.amount < 0 {
		sum.refunded -= s.amount
	} else {
		sum.payments++
		sum.collected += s.amount
	}
	fee, err := t.terms.fee(s, c, channel)
	sum.fee += fee
	t.book[ledger.Payable(s.supplier)] += fee
	t.book[ledger.FeeIncome] -= fee
	return err
}

// fee is what the centre keeps of a supplier's share of a transaction. What goes back to a payer leaves the fee where it
// is; a reversal of a wrong row takes the fee back with it.
func (c contracts) fee(s share, from *ledger.Counted, channel string) (money.Amount, error) {
	if s.supplier == 0 || from.Kind == kindRefund {
		return 0, nil
	}
	terms := c.at(s.supplier, from.EffectiveOn)
	return terms.Fee.Kept(channel, s.amount)
}

// bookName is the account of the centre's book that stands for an account of buildings.
func bookName(e *ledger.Entry) string {
	switch {
	case e.SupplierID != 0:
		return ledger.Payable(e.SupplierID)
	case strings.HasPrefix(e.Name, "transfer:"):
		return ledger.Passing
	}
	return e.Name
}

// entries are the posting of the close into the centre's book, in order of names; nothing when nothing moved.
func (t *totals) entries() []ledger.Entry {
	var list []ledger.Entry
	for _, name := range slices.Sorted(maps.Keys(t.book)) {
		if t.book[name] != 0 {
			list = append(list, ledger.Entry{Name: name, Amount: t.book[name]})
		}
	}
	return list
}

// keys are the keys of the sums in order: suppliers, channels, days.
func (t *totals) keys() []totalKey {
	return slices.SortedFunc(maps.Keys(t.sums), func(a, b totalKey) int {
		return cmp.Or(cmp.Compare(a.supplier, b.supplier), cmp.Compare(a.channel, b.channel), cmp.Compare(a.day, b.day))
	})
}

// dues are the sums of each supplier.
func (t *totals) dues() map[int64]*counted {
	dues := map[int64]*counted{}
	for key, sum := range t.sums {
		if key.supplier == 0 {
			continue
		}
		if dues[key.supplier] == nil {
			dues[key.supplier] = &counted{}
		}
		dues[key.supplier].add(sum)
	}
	return dues
}
