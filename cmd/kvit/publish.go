package main

import (
	"time"

	"kvit/internal/app"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
)

type chargePublishCmd struct {
	Month string        `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Wave  int           `help:"Сколько семей получают счета за один раз; без него 5000 или как в прошлый раз." placeholder:"ЧИСЛО"`
	Pause time.Duration `help:"Сколько ждать между волнами: 30s, 5m." default:"0s" placeholder:"ВРЕМЯ"`
	By    string        `help:"Кто выставляет." default:"cli" placeholder:"ИМЯ"`
}

func (c chargePublishCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	switch {
	case c.Wave < 0:
		return invalid("--wave", "< 0", "5000", nil)
	case c.Pause < 0:
		return invalid("--pause", c.Pause.String(), "30s", nil)
	}
	return r.withApp(func(a *app.App) error {
		report, err := a.Publish(r.ctx, app.PublishOptions{Month: month, Wave: c.Wave, Pause: c.Pause, Actor: c.By, Progress: r.sayWave})
		if err != nil {
			return err
		}
		return r.print(report, func() {
			r.say("Счета за %s: домов %d, выставлено %d на %s, уже были %d, без начислений за месяц %d.", report.Month, report.Buildings, report.Issued, report.Total.Format(), report.Already, report.Without)
		})
	})
}

// sayWave tells of a wave that went out: a line of its own in either form.
func (r *run) sayWave(w app.PublishedWave) {
	err := r.print(w, func() {
		r.say("Волна %d: домов %d из %d, выставлено %d на %s.", w.Wave, w.Buildings, w.BuildingsAll, w.Issued, w.Total.Format())
	})
	if err != nil {
		return // nobody reads it: the end of the command says so
	}
}

// issuedFlags say which issued bill a person acts on and why.
type issuedFlags struct {
	accountFlags
	Month  string `required:"" help:"Месяц счёта, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Reason string `required:"" help:"Причина: её прочитает житель." placeholder:"ТЕКСТ"`
	By     string `help:"Кто решил." default:"cli" placeholder:"ИМЯ"`
}

func (f *issuedFlags) decision() (d app.IssuedDecision, err error) {
	d = app.IssuedDecision{Supplier: f.Supplier, Account: f.Account, Reason: f.Reason, Actor: f.By}
	d.Month, err = monthFlag("--month", f.Month)
	return d, err
}

type billIssueCmd struct{ issuedFlags }

func (c billIssueCmd) Run(r *run) error {
	d, err := c.decision()
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		x, err := a.IssueBill(r.ctx, d)
		if err != nil {
			return err
		}
		return r.print(x, func() { r.say("Счёт № %s выставлен.", x.Number) })
	})
}

type billWithdrawCmd struct{ issuedFlags }

func (c billWithdrawCmd) Run(r *run) error {
	d, err := c.decision()
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error { return r.did(a.WithdrawBill(r.ctx, d), "Счёт отозван.") })
}

// bill is the live bill, the one of a moment, or the one issued for a month.
func (c *billShowCmd) bill(r *run, a *app.App, at calendar.Micros) (*bill.Bill, error) {
	switch {
	case c.Draft && c.House:
		return nil, fault.New(fault.Invalid, wrongArgument, "--house: проекты счетов печатают по одному, без --draft печатается весь дом.")
	case c.Draft:
		return a.DraftBill(r.ctx, c.Supplier, c.Account)
	case c.Issued == "":
		return c.find(r, a, at)
	}
	if c.House {
		return nil, fault.New(fault.Invalid, wrongArgument, "--house: выставленные счета печатают по одному, без --issued печатается весь дом.")
	}
	month, err := monthFlag("--issued", c.Issued)
	if err != nil {
		return nil, err
	}
	return a.IssuedBill(r.ctx, c.Supplier, c.Account, month)
}

func sayIssued(r *run, x *bill.Issued) {
	if x == nil {
		return
	}
	r.say("№ %s, выставлен %s", x.Number, x.PublishedAt)
	if x.ReplacedAt != "" {
		r.say("Заменён %s", x.ReplacedAt)
	}
	if x.WithdrawnAt != "" {
		r.say("Отозван %s: %s", x.WithdrawnAt, x.Withdrawal)
	}
}
