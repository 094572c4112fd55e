package settlement

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// Document is a closed day as it was signed. It is stored as its bytes and printed from them, so it is the same for ever.
type Document struct {
	No           int64               `json:"no"`
	Day          calendar.DayText    `json:"day"`
	ClosedAt     calendar.MomentText `json:"closedAt"`
	Actor        string              `json:"actor"`
	Previous     string              `json:"previous"` // digest of the close before; empty of the first
	Transactions int64               `json:"transactions"`
	Payments     int64               `json:"payments"`
	Collected    money.Amount        `json:"collected"`
	Refunded     money.Amount        `json:"refunded"`
	Fee          money.Amount        `json:"fee"`
	Channels     []ChannelRow        `json:"channels"`
	Suppliers    []SupplierRow       `json:"suppliers"`
	Suspense     SuspenseRow         `json:"suspense"`
	Book         []BookRow           `json:"book"` // balances of the centre's book after the close; they sum to zero
	Reconciled   Reconciliation      `json:"reconciliation"`
	Exceptions   []string            `json:"exceptions"` // what waits for a person
}

// ChannelRow is what came by a channel of a payers' day. Late: the day was closed before the money was known.
type ChannelRow struct {
	Channel   string           `json:"channel"`
	Day       calendar.DayText `json:"day"`
	Late      bool             `json:"late,omitempty"`
	Payments  int64            `json:"payments"`
	Collected money.Amount     `json:"collected"`
	Refunded  money.Amount     `json:"refunded"`
	Fee       money.Amount     `json:"fee"`
}

// SupplierRow is what came for a supplier.
type SupplierRow struct {
	Code      string       `json:"code"`
	Name      string       `json:"name"`
	Payments  int64        `json:"payments"`
	Collected money.Amount `json:"collected"`
	Refunded  money.Amount `json:"refunded"`
	Fee       money.Amount `json:"fee"`
	Net       money.Amount `json:"net"`
}

// SuspenseRow is money nobody could place: what came and went with this close, and what waits.
type SuspenseRow struct {
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Waiting int          `json:"waiting"`
	Sum     money.Amount `json:"sum"`
}

// BookRow is a balance of the centre's book; positive is a debit.
type BookRow struct {
	Account string       `json:"account"`
	Balance money.Amount `json:"balance"`
}

// document makes the document of a close whose sums and posting are written.
func (m *Module) document(ctx context.Context, tx *db.Tx, c *Close, sums *totals) (*Document, error) {
	d := &Document{No: c.No, Day: calendar.DayText(c.Day), ClosedAt: calendar.MomentText(c.ClosedAt), Actor: c.Actor, Previous: c.Previous, Transactions: c.Transactions, Channels: []ChannelRow{}, Suppliers: []SupplierRow{}, Book: []BookRow{}, Exceptions: []string{}}
	before, err := closedUpTo(ctx, tx, c.Day.AddDays(-1))
	if err != nil {
		return nil, err
	}
	d.channels(sums, before)
	if err := d.suppliers(ctx, tx, sums); err != nil {
		return nil, err
	}
	book, err := ledger.ListNamed(ctx, tx, ledger.Centre)
	if err != nil {
		return nil, err
	}
	for _, b := range book {
		d.Book = append(d.Book, BookRow{b.Name, b.Amount})
	}
	if err := d.waiting(ctx, tx); err != nil {
		return nil, err
	}
	return d, m.reconciled(ctx, tx, d)
}

// channels adds up the sums by channel and payers' day.
func (d *Document) channels(sums *totals, before *Close) {
	type place struct {
		channel string
		day     calendar.Date
	}
	at := map[place]*ChannelRow{}
	var order []place
	for _, k := range sums.keys() {
		p := place{k.channel, k.day}
		if at[p] == nil {
			at[p] = &ChannelRow{Channel: k.channel, Day: calendar.DayText(k.day), Late: before != nil && k.day <= before.Day}
			order = append(order, p)
		}
		at[p].add(sums.sums[k])
		d.add(sums.sums[k])
		if k.supplier == 0 {
			d.Suspense.In += sums.sums[k].collected
			d.Suspense.Out += sums.sums[k].refunded
		}
	}
	for _, p := range order {
		d.Channels = append(d.Channels, *at[p])
	}
	sortChannels(d.Channels)
}

func (d *Document) add(s *counted) {
	d.Payments += s.payments
	d.Collected += s.collected
	d.Refunded += s.refunded
	d.Fee += s.fee
}

func (r *ChannelRow) add(s *counted) {
	r.Payments += s.payments
	r.Collected += s.collected
	r.Refunded += s.refunded
	r.Fee += s.fee
}

func (d *Document) suppliers(ctx context.Context, tx *db.Tx, sums *totals) error {
	list, err := supplier.List(ctx, tx)
	dues := sums.dues()
	for i := range list {
		if s := dues[list[i].ID]; s != nil {
			d.Suppliers = append(d.Suppliers, SupplierRow{list[i].Code, list[i].Name, s.payments, s.collected, s.refunded, s.fee, s.net()})
		}
	}
	return err
}

// waiting lists what is open when the day is closed.
func (d *Document) waiting(ctx context.Context, tx *db.Tx) error {
	suspense, err := payment.ListSuspense(ctx, tx)
	if err != nil {
		return err
	}
	for i := range suspense {
		d.Suspense.Waiting++
		d.Suspense.Sum += suspense[i].Amount
	}
	if d.Suspense.Waiting > 0 {
		d.Exceptions = append(d.Exceptions, fmt.Sprintf("невыясненные платежи: %d на %s", d.Suspense.Waiting, d.Suspense.Sum.Format()))
	}
	returned, err := listPayouts(ctx, tx, "WHERE p.state = 'returned' AND p.carried_by = 0 ORDER BY p.payout_id")
	if err != nil {
		return err
	}
	for i := range returned {
		d.Exceptions = append(d.Exceptions, fmt.Sprintf("банк вернул перечисление № %d поставщику %s, %s", returned[i].ID, returned[i].Supplier, returned[i].Paid.Format()))
	}
	changes, err := supplier.ListChanges(ctx, tx, 0, true)
	for i := range changes {
		d.Exceptions = append(d.Exceptions, fmt.Sprintf("меняются реквизиты поставщика %s, изменение № %d", changes[i].Supplier, changes[i].ID))
	}
	return err
}

// noReconciliation is said when nobody compares.
const noReconciliation = "сверка не велась"

func (m *Module) reconciled(ctx context.Context, tx *db.Tx, d *Document) error {
	d.Reconciled = Reconciliation{State: noReconciliation}
	if m.Reconciled == nil {
		return nil
	}
	r, err := m.Reconciled(ctx, tx, d.Day.Date())
	if err == nil && r != nil {
		d.Reconciled = *r
		d.Exceptions = append(d.Exceptions, r.Open...)
	}
	return err
}

// seal makes the bytes of the document and the digest that chains it to the close before.
func (c *Close) seal(d *Document) (err error) {
	if c.Body, err = json.Marshal(d); err != nil {
		return err
	}
	c.Digest = digestOf(c.Previous, c.Body)
	return nil
}

// digestOf is the digest of a close: SHA-256 of the previous digest, a line feed, and the bytes of the document.
func digestOf(previous string, body []byte) string {
	h := sha256.New()
	h.Write([]byte(previous))
	h.Write([]byte{'\n'})
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// Document reads the document back from its bytes; Internal when they are not what was signed.
func (c *Close) Document() (*Document, error) {
	if c.State != CloseClosed {
		return nil, fault.Newf(fault.Conflict, "day.open", "День %s ещё закрывается.", c.Day.Dotted())
	}
	if digestOf(c.Previous, c.Body) != c.Digest {
		return nil, fault.Newf(fault.Internal, "day.digest", "Документ закрытия № %d не совпадает со своим отпечатком.", c.No)
	}
	d := &Document{}
	return d, json.Unmarshal(c.Body, d)
}

// ListCloses gives the closes, latest first.
func (m *Module) ListCloses(ctx context.Context, limit int) (list []Close, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listCloses(ctx, tx, "ORDER BY close_no DESC LIMIT $1", int64(limit))
		return err
	})
	return list, err
}

// FindClose gives a close by its number, or the one of a day when the number is 0.
func (m *Module) FindClose(ctx context.Context, no int64, day calendar.Date) (c *Close, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listCloses(ctx, tx, "WHERE close_no = $1 OR CAST($1 AS BIGINT) = 0 AND day = $2", no, int64(day))
		if err == nil && len(list) == 0 {
			return fault.New(fault.NotFound, "day.unknown", "Такого закрытого дня нет. Список: kvit day list.")
		}
		if err == nil {
			c = &list[0]
		}
		return err
	})
	return c, err
}

// sortChannels orders rows by day and channel.
func sortChannels(list []ChannelRow) {
	slices.SortFunc(list, func(a, b ChannelRow) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Channel, b.Channel)) })
}
