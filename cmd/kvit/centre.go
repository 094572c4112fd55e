package main

import (
	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/money"
)

type accountsCmd struct {
	Move accountsMoveCmd `cmd:"" help:"Перенести лицевой счёт в другой дом; отмена – перенос обратно."`
}

type accountsMoveCmd struct {
	accountFlags
	House  string `required:"" help:"Код дома из реестра." placeholder:"КОД"`
	Reason string `help:"Почему." placeholder:"ТЕКСТ"`
}

func (c accountsMoveCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Exchange.Move(r.ctx, operator, c.Supplier, c.Account, c.House, c.Reason); err != nil {
		return err
	}
	return r.print(map[string]bool{"ok": true}, func() {
		r.say("Счёт %s поставщика %s теперь в доме %s.", c.Account, c.Supplier, c.House)
	})
}

type refundCmd struct {
	Payment string `arg:"" help:"Номер платежа."`
	Sum     string `required:"" help:"Сумма в рублях: 1234.56." placeholder:"СУММА"`
	Key     string `required:"" help:"Ключ возврата: повтор с ним не станет вторым возвратом." placeholder:"КЛЮЧ"`
}

func (c refundCmd) Run(r *run) error {
	sum, err := money.Parse(c.Sum)
	if err != nil {
		return invalid("--sum", c.Sum, "1234.56", err)
	}
	settings := r.settings()
	if settings.Acquirers, err = acquirersFromEnv(); err != nil {
		return err
	}
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	o, err := a.Payments.Refund(r.ctx, operator.String(), c.Payment, c.Key, sum)
	if err != nil {
		return err
	}
	return r.print(map[string]any{"payment": o.PublicID, "sum": o.Sum, "refunded": o.Refunded, "repeated": o.Repeated}, func() {
		r.say("Возвращено %s из %s, платёж %s", o.Refunded.Format(), o.Sum.Format(), o.PublicID)
	})
}

type registersCompareCmd struct {
	Month    string `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Supplier string `help:"Только этот поставщик." placeholder:"КОД"`
}

func (c registersCompareCmd) Run(r *run) error {
	month, err := calendar.ParseMonth(c.Month)
	if err != nil {
		return invalid("--month", c.Month, "2026-10", err)
	}
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	res, err := a.Bills.Compare(r.ctx, c.Supplier, month)
	if err != nil {
		return err
	}
	err = r.print(res, func() {
		for _, d := range res.Differences {
			r.say("%-14s %-16s %-8s в реестре %14s, в Квите %14s, разница %14s", d.Supplier, d.Account, d.Kind, d.Register.Format(), d.Kvit.Format(), d.Delta.Format())
		}
		for _, s := range res.Suppliers {
			r.say("%-14s счетов %6d, расхождений %6d, оплачено по реестру %16s, в Квите %16s", s.Supplier, s.Accounts, s.Differences, s.Register.Format(), s.Kvit.Format())
		}
	})
	if err == nil && len(res.Differences) > 0 {
		return statusError(exitFindings)
	}
	return err
}

type checkAuditCmd struct {
	Anchor string `help:"Файл отметок; без настройки – тот, что ведёт сама программа." type:"existingfile" placeholder:"ФАЙЛ"`
}

func (c checkAuditCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.CheckAudit(r.ctx, c.Anchor)
	if err != nil {
		return err
	}
	return sayCheck(r, report)
}
