package handover

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/handover/seal"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// lateKey is what makes two tellings of a late payment the same one.
type lateKey struct {
	Handover string
	Key      string
	Number   string
	PaidOn   calendar.Date
	Amount   money.Amount
}

// takePayments books payments that came to the former centre after the cut: as its agents' payments are, each once. It answers
// with what was booked. Before the house is here it is a Conflict: the former centre asks again.
func (m *Module) takePayments(ctx context.Context, peer *Peer, msg *seal.Message, body []byte) error {
	var items []LatePayment
	if err := json.Unmarshal(body, &items); err != nil {
		return fault.New(fault.Invalid, "handover.payments", "Список платежей не читается.").Because(err)
	}
	var h *Handover
	var plans []payment.PlanPart
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if h, err = ofPeer(ctx, tx, msg.Handover, peer); err != nil {
			return err
		}
		if h.Side != In || h.State != Completed {
			return fault.New(fault.Conflict, "handover.early", "Дом ещё не принят: платежи примем сразу после него.")
		}
		plans, err = plansOf(ctx, tx, items)
		return err
	})
	if err != nil {
		return err
	}
	r := receipt{Number: msg.Number}
	for i := range items {
		if err := m.bookLate(ctx, peer, h, &items[i], plans[i]); err != nil {
			return fmt.Errorf("late payment %s: %w", items[i].Key, err)
		}
		r.Count++
		r.Sum += items[i].Amount
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		if again, err := seen(ctx, tx, msg); err != nil || again {
			return err
		}
		if err := m.sayJSON(ctx, tx, h, kindTaken, r); err != nil {
			return err
		}
		return keep(ctx, tx, came, msg, m.Now(), m.Now())
	})
}

// plansOf finds the accounts that late payments are for.
func plansOf(ctx context.Context, tx *db.Tx, items []LatePayment) ([]payment.PlanPart, error) {
	all, err := supplier.List(ctx, tx)
	if err != nil {
		return nil, err
	}
	plans := make([]payment.PlanPart, len(items))
	for i := range items {
		x := &items[i]
		s := findSupplier(all, x.INN, x.Supplier)
		if s == nil {
			return nil, fault.Newf(fault.Conflict, "handover.late_supplier", "Платёж пришёл для поставщика %s (ИНН %s), а его у нас нет.", x.Supplier, x.INN)
		}
		r, err := account.FindRoute(ctx, tx, s.ID, x.Number)
		if err != nil {
			return nil, err
		}
		plans[i] = payment.PlanPart{BuildingID: r.BuildingID, AccountID: r.AccountID, SupplierID: s.ID, Supplier: s.Code, Account: x.Number, Service: x.Service, Kind: x.Kind, Reason: payment.ReasonOldest, Amount: x.Amount}
	}
	return plans, nil
}

// bookLate books one payment as one that another took for us.
func (m *Module) bookLate(ctx context.Context, peer *Peer, h *Handover, x *LatePayment, part payment.PlanPart) error {
	if x.Service != "" {
		id, err := m.Suppliers.ServiceID(ctx, part.SupplierID, x.Service)
		if err != nil {
			return err
		}
		part.ServiceID = id
	}
	_, err := m.Payments.Book(ctx, &payment.Booking{
		Agent: peer.agent(), Txn: h.ID[:idShort] + "-" + x.Key, Input: lateKey{h.ID, x.Key, x.Number, x.PaidOn, x.Amount}, Method: payment.MethodRegister, PaidOn: x.PaidOn,
		Plan: payment.Plan{Sum: x.Amount, Parts: []payment.PlanPart{part}}, Actor: "centre:" + peer.Code,
		Join: func(*db.Batch, *payment.Order) {}, // the order says all
	})
	return err
}
