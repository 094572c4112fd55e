package app

import (
	"context"

	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/payment"
)

// homeOf is what the household of a bill's code owes; nil when the text is no such code. Banks send it in place of an
// account's number when the whole bill was paid.
func (a *App) homeOf(ctx context.Context, code string) (*payment.Home, error) {
	ref, err := a.Bills.FindByAnyCode(ctx, code)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b, err := a.Bills.At(ctx, ref, 0)
	if err == nil {
		err = a.Bills.Ahead(ctx, b)
	}
	if err != nil {
		return nil, err
	}
	debts, rules := bill.Payable([]*bill.Bill{b})
	return &payment.Home{Debts: debts, Rules: rules}, nil
}
