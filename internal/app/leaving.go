package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/refund"
	"kvit/internal/supplier"
)

// Causes of a Leaver.
const (
	LeaverLeft  = "left"  // the catalogue says that the supplier is no longer on the bills
	LeaverEnded = "ended" // all services of the account have ended
)

// Leaver is money paid ahead to an account whose supplier is no longer on the bill, and where it goes by the catalogue.
type Leaver struct {
	Supplier string             `json:"supplier"`
	Account  string             `json:"account"`
	Cause    string             `json:"cause"` // left, ended
	Sum      money.Amount       `json:"sum"`   // above all that is due there
	Asked    money.Amount       `json:"asked"` // of it: people decide about giving it back already
	Way      string             `json:"way"`   // refund, successor, others: what is possible of what the catalogue says
	Parts    []payment.PlanPart `json:"parts"` // whom it goes to; none: to its payer
	Done     bool               `json:"done"`  // moved, or asked to be given back

	building, account, household int64
	name                         string
}

// Leavers lists the advances that wait at suppliers no longer on the bill, as they would be dealt with now.
func (a *App) Leavers(ctx context.Context) ([]Leaver, error) {
	held, err := a.Payments.ListPrepaid(ctx)
	list := []Leaver{}
	for i := range held {
		l, e := a.leaver(ctx, &held[i])
		if err = errors.Join(err, e); l != nil {
			list = append(list, *l)
		}
	}
	return list, err
}

// SettleLeavers deals with the advances of a supplier's account, both empty: with all that wait, by the rule of the catalogue:
// moves them, or asks for them to be given back, which the centre's people decide about as about any refund. Repeated, it finds
// nothing to do. One that fails does not hold up the others.
func (a *App) SettleLeavers(ctx context.Context, actor, supplierCode, number string) ([]Leaver, error) {
	all, err := a.Leavers(ctx)
	list := slices.DeleteFunc(all, func(l Leaver) bool {
		return supplierCode != "" && l.Supplier != supplierCode || number != "" && l.Account != number
	})
	if len(list) == 0 && number != "" && err == nil {
		return nil, fault.Newf(fault.NotFound, "advance.nothing", "На счёте %s у поставщика %s аванса, который ждёт решения, нет. Что ждёт: kvit advances list.", number, supplierCode)
	}
	for i := range list {
		err = errors.Join(err, a.settleLeaver(ctx, actor, &list[i]))
	}
	return list, err
}

// settleLeaver lets the account's own debts take their part first, so what is moved is what nobody owes.
func (a *App) settleLeaver(ctx context.Context, actor string, l *Leaver) error {
	if l.Asked > 0 {
		return nil
	}
	if err := a.Payments.UsePrepaid(ctx, l.building, l.account, l.Sum); err != nil {
		return err
	}
	var err error
	if len(l.Parts) > 0 {
		err = a.Payments.MoveAdvance(ctx, actor, l.building, l.account, &payment.Plan{Sum: l.Sum, Parts: l.Parts})
	} else {
		err = a.askLeaver(ctx, actor, l)
	}
	l.Done = err == nil
	return err
}

// askLeaver asks for the account's advance to be given back, payment by payment; of one payment the sum is asked for once.
func (a *App) askLeaver(ctx context.Context, actor string, l *Leaver) error {
	var list []payment.AdvanceOf
	var heads map[int64]payment.Order
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = payment.ListAdvancesOf(ctx, tx, l.building, l.account); err != nil {
			return err
		}
		var ids []int64
		for _, x := range list {
			ids = append(ids, x.OrderID)
		}
		heads, err = payment.ListHeads(ctx, tx, ids)
		return err
	})
	for _, x := range list {
		if err == nil && x.Left > 0 {
			_, err = a.Refunds.Ask(ctx, fmt.Sprintf("leaving:%d:%d:%d:%d", l.building, l.account, x.OrderID, x.Left), refund.Request{
				PublicID: heads[x.OrderID].PublicID, BuildingID: l.building, HouseholdID: l.household, AccountID: l.account, Kind: refund.Advance, Sum: x.Left,
				Comment: l.name + ": поставщика больше нет в счёте", Actor: actor,
			})
		}
	}
	if err == nil {
		l.Asked = l.Sum
	}
	return err
}

// leaver looks at an account with an advance; nil when its supplier is still on the bill, or nothing is above what is due.
func (a *App) leaver(ctx context.Context, p *payment.Prepaid) (*Leaver, error) {
	l := &Leaver{building: p.BuildingID, account: p.AccountID, Parts: []payment.PlanPart{}}
	b, err := a.leaverBill(ctx, l)
	if fault.Is(err, fault.NotFound) {
		return nil, nil // it moved, or another centre serves it: its advance is dealt with there
	}
	if err != nil {
		return nil, err
	}
	x, err := a.aroundOf(ctx, b)
	if err != nil {
		return nil, err
	}
	if l.Cause = x.cause(l); l.Cause == "" {
		return nil, nil
	}
	if l.Sum = min(p.Left, overpaidOn(b, l.account)); l.Sum <= 0 {
		return nil, nil
	}
	x.direct(l)
	return l, nil
}

// leaverBill is the bill the account is on, and whose it is.
func (a *App) leaverBill(ctx context.Context, l *Leaver) (b *bill.Bill, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		m, err := account.FindMember(ctx, tx, l.building, l.account, a.now())
		if err != nil {
			return err
		}
		s, err := supplier.FindByID(ctx, tx, m.SupplierID)
		if err != nil {
			return err
		}
		l.Supplier, l.name, l.Account, l.household = s.Code, s.Name, m.Number, m.Link.HouseholdID
		l.Asked, err = refund.AskedOf(ctx, tx, l.building, l.account)
		return err
	})
	if err == nil && l.household != 0 {
		b, err = a.Bills.At(ctx, bill.Ref{Building: l.building, Household: l.household}, 0)
	} else if err == nil {
		b, err = a.Bills.AtAccount(ctx, l.building, l.account, 0)
	}
	if err == nil {
		err = a.Bills.Ahead(ctx, b)
	}
	return b, err
}
