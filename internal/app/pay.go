package app

import (
	"context"

	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/payment"
)

// PayRequest is a payer's wish about the household of an account.
type PayRequest struct {
	Supplier, Account string
	With              []Ref // accounts of the payer's other homes, paid by the same order
	Wish              payment.Wish
	Key, Method       string
	Actor             string
	ReturnURL         string
	Input             any
}

// Ref names an account as its supplier prints it.
type Ref struct{ Supplier, Account string }

// Pay splits the wish over the live bills of the households, starts the payment and asks the acquirer at once. A key that
// was used before gives the first answer, whatever the bill has become.
func (a *App) Pay(ctx context.Context, r PayRequest) (payment.Order, error) {
	if o, err := a.Payments.FindByKey(ctx, r.Key, r.Input); err == nil {
		if !payment.Final(o.State) {
			first := o.Repeated
			o, err = a.Payments.Confirm(ctx, o.PublicID)
			o.Repeated = first
		}
		return o, err
	} else if !a.Payments.Unknown(err) {
		return payment.Order{}, err
	}
	debts, address, err := a.debts(ctx, append([]Ref{{r.Supplier, r.Account}}, r.With...))
	if err != nil {
		return payment.Order{}, err
	}
	plan, err := payment.Split(debts, r.Wish)
	if err != nil {
		return payment.Order{}, err
	}
	o, err := a.Payments.Start(ctx, payment.StartRequest{Key: r.Key, Input: r.Input, Plan: plan, Method: r.Method, Description: "Оплата ЖКУ, " + address, ReturnURL: r.ReturnURL, Actor: r.Actor})
	if err != nil || payment.Final(o.State) {
		return o, err
	}
	first := o.Repeated
	o, err = a.Payments.Confirm(ctx, o.PublicID)
	o.Repeated = first
	return o, err
}

// debts are what the households of accounts owe, each household once, and the address of the first.
func (a *App) debts(ctx context.Context, refs []Ref) (debts []payment.Debt, address string, err error) {
	seen := map[bill.Ref]bool{}
	for i, r := range refs {
		ref, id, err := a.Bills.FindByAccount(ctx, r.Supplier, r.Account, 0)
		if err != nil {
			return nil, "", err
		}
		home := ref
		if ref.Household == 0 {
			home.Household = -id // an account in nobody's basket is a bill of its own
		}
		if seen[home] {
			continue
		}
		seen[home] = true
		b, err := a.billOf(ctx, ref, id)
		if err == nil {
			err = a.Bills.Ahead(ctx, b) // what is paid ahead goes where it will be charged
		}
		if err != nil {
			return nil, "", err
		}
		if i == 0 {
			address = b.Address
		}
		debts = append(debts, b.Debts()...)
	}
	return debts, address, nil
}

func (a *App) billOf(ctx context.Context, ref bill.Ref, accountID int64) (*bill.Bill, error) {
	if ref.Household == 0 {
		return a.Bills.AtAccount(ctx, ref.Building, accountID, 0)
	}
	return a.Bills.At(ctx, ref, 0)
}

// PartName names a part of an order for people.
type PartName struct{ Supplier, Account, Service string }

// PartNames names the parts of an order: the supplier's code, the account as printed, the service.
func (a *App) PartNames(ctx context.Context, o *payment.Order) ([]PartName, error) {
	names := make([]PartName, len(o.Parts))
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		for i := range o.Parts {
			p := &o.Parts[i]
			if p.AccountID == 0 {
				continue
			}
			m, err := account.FindMember(ctx, tx, p.BuildingID, p.AccountID, a.now())
			if err != nil {
				return err
			}
			names[i].Account = m.Claim.Printed
			if err := tx.QueryRowContext(ctx, "SELECT code FROM supplier WHERE supplier_id = $1", m.SupplierID).Scan(&names[i].Supplier); err != nil {
				return err
			}
			if p.ServiceID != 0 {
				if names[i].Service, err = a.Suppliers.ServiceName(ctx, tx, p.ServiceID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return names, err
}
