package main

import (
	"kvit/internal/app"
	"kvit/internal/money"
	"kvit/internal/payment"
)

type captureCmd struct {
	Payment string `arg:"" help:"Номер платежа."`
	Sum     string `help:"Часть отложенной суммы в рублях; без неё – вся." placeholder:"СУММА"`
}

func (c captureCmd) Run(r *run) error {
	return withPayments(r, func(a *app.App) (payment.Order, error) {
		o, err := a.Payments.Find(r.ctx, c.Payment)
		sum := o.Sum
		if err == nil && c.Sum != "" {
			if sum, err = money.Parse(c.Sum); err != nil {
				err = invalid("--sum", c.Sum, "1234.56", err)
			}
		}
		if err != nil {
			return o, err
		}
		return a.Payments.Capture(r.ctx, operator.String(), c.Payment, sum)
	})
}

type cancelCmd struct {
	Payment string `arg:"" help:"Номер платежа."`
}

func (c cancelCmd) Run(r *run) error {
	return withPayments(r, func(a *app.App) (payment.Order, error) { return a.Payments.Cancel(r.ctx, operator.String(), c.Payment) })
}

type chargebackCmd struct {
	Payment string `arg:"" help:"Номер платежа."`
	Sum     string `help:"Сумма в рублях: 1234.56." placeholder:"СУММА"`
	Key     string `required:"" help:"Номер спора у банка: повтор с ним ничего не спишет второй раз." placeholder:"КЛЮЧ"`
	Won     bool   `help:"Спор решён в нашу пользу: деньги вернулись."`
	Reason  string `required:"" help:"Причина, как её назвал банк." placeholder:"ТЕКСТ"`
}

func (c chargebackCmd) Run(r *run) error {
	return withPayments(r, func(a *app.App) (payment.Order, error) {
		if c.Won {
			return a.Payments.ChargebackWon(r.ctx, operator.String(), c.Payment, c.Key, c.Reason)
		}
		sum, err := money.Parse(c.Sum)
		if err != nil {
			return payment.Order{}, invalid("--sum", c.Sum, "1234.56", err)
		}
		return a.Payments.Chargeback(r.ctx, operator.String(), c.Payment, c.Key, sum, c.Reason)
	})
}

// heldResult is the JSON of what was done to a payment.
type heldResult struct {
	Payment  string       `json:"payment"`
	State    string       `json:"state"`
	Sum      money.Amount `json:"sum"`
	Refunded money.Amount `json:"refunded"`
	Repeated bool         `json:"repeated"`
}

// withPayments opens the program with its acquirers, does something to a payment and tells what it is now.
func withPayments(r *run, do func(a *app.App) (payment.Order, error)) (err error) {
	settings := r.settings()
	if settings.Acquirers, err = acquirersFromEnv(); err != nil {
		return err
	}
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	o, err := do(a)
	if err != nil {
		return err
	}
	return r.print(heldResult{o.PublicID, publicState(o.State), o.Sum, o.Refunded, o.Repeated}, func() {
		r.say("%s: %s, платёж %s", r.lang().Said(payment.Labels[o.State]), o.Sum.Format(), o.PublicID)
		if o.Refunded != 0 {
			r.say("Вернулось плательщику: %s", o.Refunded.Format())
		}
	})
}
