package app

import (
	"context"

	"kvit/internal/fault"
	"kvit/internal/qr"
	"kvit/internal/settlement"
)

// payee is the account the centre collects to, as the payment code of a whole bill names it.
func (a *App) payee(ctx context.Context) (qr.Payment, error) {
	p, err := a.Settlement.Centre(ctx)
	if fault.CodeOf(err) == settlement.NoCentre {
		err = fault.New(fault.NotFound, "bill.no_centre", fault.As(err).Message)
	}
	return qr.Payment{Name: p.Name, PersonalAcc: p.BankAccount, BankName: p.Bank, BIC: p.BIC, CorrespAcc: p.CorrAccount, KPP: p.KPP, PayeeINN: p.INN}, err
}
