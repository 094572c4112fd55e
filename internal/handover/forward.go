package handover

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// LatePayment is money that came to the former centre after the cut, for one account and service: the new centre books it as
// the payer's, dated by the day he paid, and the former centre owes it.
type LatePayment struct {
	Key       string        `json:"key"` // of the giver's posting and its entry: booked once
	Operation string        `json:"operation"`
	INN       string        `json:"inn"` // of the supplier
	Supplier  string        `json:"supplier"`
	Number    string        `json:"number"`
	Service   string        `json:"service"`
	Kind      string        `json:"kind"` // debt, penalty, advance
	Channel   string        `json:"channel"`
	PaidOn    calendar.Date `json:"paidOn"`
	Amount    money.Amount  `json:"amount"` // below zero: given back to the payer
}

// receipt is what the new centre booked of a message of late payments.
type receipt struct {
	Number int          `json:"number"` // of the message
	Count  int          `json:"count"`
	Sum    money.Amount `json:"sum"`
}

// late is a posting of a payment that goes on to the other centre, with the building its balance is in.
type late struct {
	ledger.Transaction
	from int64
}

// lateIn lists postings of payments recorded after the cut that were not sent on: in the house they left, and where they are.
func (m *Module) lateIn(ctx context.Context, h *Handover) (list []late, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listLate(ctx, tx, h)
		return err
	})
	return list, err
}

func listLate(ctx context.Context, tx *db.Tx, h *Handover) (list []late, err error) {
	done := map[[2]int64]bool{}
	err = tx.Scan(ctx, "SELECT building_id, txn_id FROM handover_forward WHERE number = $1", []any{h.Number}, func(v []int64, _ []byte) error {
		done[[2]int64{v[0], v[1]}] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list late payments: %w", err)
	}
	for _, building := range []int64{h.BuildingID, account.GoneBuilding(h.Number)} {
		found, err := ledger.ListOrdersAfter(ctx, tx, building, h.CutAt)
		if err != nil {
			return nil, err
		}
		for i := range found {
			if t := found[i]; t.Kind != "forward" && !done[[2]int64{building, t.ID}] {
				list = append(list, late{t, building})
			}
		}
	}
	return list, nil
}

// forward sends on what was paid between the cut and the leaving: its balance has just been passed to the place of those who
// left. id begins the ids of its postings, room is how many there are.
func (l *leaving) forward(ctx context.Context, tx *db.Tx, id int64, room int) error {
	list, err := listLate(ctx, tx, l.h)
	if err == nil && len(list) > room {
		return fault.New(fault.Conflict, "handover.paying", "Сейчас по дому идёт много платежей. Повторите через минуту.")
	}
	for i := 0; i < len(list) && err == nil; i++ {
		list[i].from = l.gone
		err = l.m.forwardOne(ctx, tx, l.h, &list[i], id+int64(i))
	}
	return err
}

// forwardOne takes a payment off its account for the other centre, once.
func (m *Module) forwardOne(ctx context.Context, tx *db.Tx, h *Handover, t *late, id int64) error {
	peer, err := peerOf(ctx, tx, h.Peer)
	if err != nil {
		return err
	}
	var payee int64
	if peer.Supplier != "" {
		s, err := supplier.Find(ctx, tx, peer.Supplier)
		if err != nil {
			return err
		}
		payee = s.ID
	}
	sum, again, err := m.Payments.Forward(ctx, tx, &payment.Forwarding{ID: id, Building: t.from, Handover: h.Number, Payee: payee, Of: t.Transaction})
	if err != nil || again {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO handover_forward (building_id, txn_id, number, order_id, amount_kop, message_no, booked_at, recorded_at) VALUES ($1, $2, $3, $4, $5, 0, 0, $6)`,
		t.BuildingID, t.ID, h.Number, t.OrderID, int64(sum), int64(m.Now()))
	if err != nil {
		return fmt.Errorf("send on posting %d: %w", t.ID, err)
	}
	return nil
}

// lateMax is how many postings one message tells of.
const lateMax = 1000

// SendOn takes payments that came after the cut off the accounts that left, and writes messages about them and about what
// suppliers told of months before. It may be called again at any time.
func (m *Module) SendOn(ctx context.Context) error {
	var list []Handover
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listWhere(ctx, tx, "WHERE side = $1 AND state IN ('confirmed', 'completed') ORDER BY number", Out)
		return err
	})
	for i := range list {
		err = errors.Join(err, m.sendOn(ctx, &list[i]))
	}
	return err
}

func (m *Module) sendOn(ctx context.Context, h *Handover) error {
	found, err := m.lateIn(ctx, h)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		ids, err := m.DB.NextIDs(ctx, len(found))
		if err != nil {
			return err
		}
		for i := range found {
			if err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return m.forwardOne(ctx, tx, h, &found[i], ids+int64(i)) }); err != nil {
				return fmt.Errorf("send on of %s: %w", h.House, err)
			}
		}
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		if err := m.tellLate(ctx, tx, h); err != nil {
			return err
		}
		return m.tellCorrections(ctx, tx, h)
	})
}

// tellLate writes one message about the postings no message tells of.
func (m *Module) tellLate(ctx context.Context, tx *db.Tx, h *Handover) error {
	var postings []ledger.Transaction
	err := tx.Scan(ctx, "SELECT building_id, txn_id, order_id FROM handover_forward WHERE number = $1 AND message_no = 0 ORDER BY recorded_at, txn_id LIMIT $2", []any{h.Number, int64(lateMax)}, func(v []int64, _ []byte) error {
		postings = append(postings, ledger.Transaction{BuildingID: v[0], ID: v[1], OrderID: v[2]})
		return nil
	})
	if err != nil || len(postings) == 0 {
		return err
	}
	items, err := latePayments(ctx, tx, h, postings)
	if err != nil {
		return err
	}
	if err := m.sayJSON(ctx, tx, h, kindPayments, items); err != nil {
		return err
	}
	var no int
	if err := tx.QueryRowContext(ctx, "SELECT max(number) FROM handover_message WHERE handover_id = $1 AND direction = $2", h.ID, sent).Scan(&no); err != nil {
		return err
	}
	for _, t := range postings {
		if _, err := tx.ExecContext(ctx, "UPDATE handover_forward SET message_no = $3 WHERE building_id = $1 AND txn_id = $2", t.BuildingID, t.ID, int64(no)); err != nil {
			return fmt.Errorf("message of posting %d: %w", t.ID, err)
		}
	}
	return nil
}

// latePayments are postings as the other centre is told of them: an entry each.
func latePayments(ctx context.Context, tx *db.Tx, h *Handover, postings []ledger.Transaction) ([]LatePayment, error) {
	ids := make([]int64, len(postings))
	wanted := map[[2]int64]bool{}
	for i, t := range postings {
		ids[i], wanted[[2]int64{t.BuildingID, t.ID}] = t.OrderID, true
	}
	orders, err := payment.ListHeads(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	n, err := namesOf(ctx, tx, account.GoneBuilding(h.Number))
	if err != nil {
		return nil, err
	}
	items := []LatePayment{}
	for _, building := range []int64{h.BuildingID, account.GoneBuilding(h.Number)} {
		all, err := ledger.ListOrdersAfter(ctx, tx, building, h.CutAt)
		if err != nil {
			return nil, err
		}
		for i := range all {
			if t := &all[i]; wanted[[2]int64{building, t.ID}] {
				o := orders[t.OrderID]
				items = append(items, itemsOf(t, &o, &n)...)
			}
		}
	}
	return items, nil
}

// partKinds are kinds of parts by the accounts of the book they are on.
var partKinds = map[string]string{ledger.Receivable: payment.PartDebt, ledger.Penalty: payment.PartPenalty, ledger.Advance: payment.PartAdvance}

func itemsOf(t *ledger.Transaction, o *payment.Order, n *names) (items []LatePayment) {
	for i, e := range t.Entries {
		items = append(items, LatePayment{Key: fmt.Sprintf("%d-%d", t.ID, i), Operation: o.PublicID, INN: n.suppliers[e.SupplierID].INN, Supplier: n.suppliers[e.SupplierID].Code, Number: n.accounts[e.AccountID], Service: n.services[e.ServiceID],
			Kind: partKinds[e.Name], Channel: o.Channel, PaidOn: t.EffectiveOn, Amount: -e.Amount})
	}
	return items
}

// names are what both centres call suppliers, accounts and services.
type names struct {
	suppliers          map[int64]*supplier.Supplier
	accounts, services map[int64]string
}

// namesOf reads the names of the accounts of a building.
func namesOf(ctx context.Context, tx *db.Tx, building int64) (n names, err error) {
	n.suppliers, n.accounts = map[int64]*supplier.Supplier{}, map[int64]string{}
	live, err := account.ListLive(ctx, tx, building, forever)
	if err != nil {
		return n, err
	}
	for i := range live {
		n.accounts[live[i].AccountID] = live[i].Number
	}
	all, err := supplier.List(ctx, tx)
	if err != nil {
		return n, err
	}
	for i := range all {
		n.suppliers[all[i].ID] = &all[i]
	}
	n.services, err = supplier.ListServiceNames(ctx, tx)
	return n, err
}

// takeTaken notes that the other centre has booked what a message told of.
func (m *Module) takeTaken(ctx context.Context, tx *db.Tx, h *Handover, body []byte) error {
	var r receipt
	if err := json.Unmarshal(body, &r); err != nil {
		return err
	}
	var sum money.Amount
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM handover_forward WHERE number = $1 AND message_no = $2", h.Number, int64(r.Number)).Scan(&sum); err != nil {
		return err
	}
	if h.Side != Out || sum != r.Sum {
		return fault.Newf(fault.Conflict, "handover.late_sum", "Другой центр зачёл по сообщению № %d %s, а отправлено %s.", r.Number, r.Sum.Format(), sum.Format())
	}
	_, err := tx.ExecContext(ctx, "UPDATE handover_forward SET booked_at = $3 WHERE number = $1 AND message_no = $2 AND booked_at = 0", h.Number, int64(r.Number), int64(m.Now()))
	return err
}
