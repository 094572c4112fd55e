package main

import (
	"fmt"
	"time"

	"kvit/internal/app"
	"kvit/internal/fault"
)

type billReissueCmd struct {
	Month     string        `help:"Месяц счетов, ГГГГ-ММ: найти счета, где суммы изменились." placeholder:"МЕСЯЦ" xor:"reissue"`
	Houses    []string      `help:"Коды домов через запятую; без них все." placeholder:"ДОМА"`
	Suppliers []string      `help:"Коды поставщиков через запятую: счета, где изменились их строки." placeholder:"КОДЫ"`
	Reason    string        `help:"Причина: её прочитает житель." placeholder:"ТЕКСТ"`
	Confirm   int64         `help:"Номер подготовленной замены: начать её или продолжить." placeholder:"НОМЕР" xor:"reissue"`
	Wave      int           `help:"Сколько семей получают счета за один раз; без него 5000 или как в прошлый раз." placeholder:"ЧИСЛО"`
	Pause     time.Duration `help:"Сколько ждать между волнами: 30s, 5m." default:"0s" placeholder:"ВРЕМЯ"`
	By        string        `help:"Кто решил." default:"cli" placeholder:"ИМЯ"`
}

func (c billReissueCmd) Run(r *run) error {
	switch {
	case c.Wave < 0:
		return invalid("--wave", "< 0", "5000", nil)
	case c.Pause < 0:
		return invalid("--pause", c.Pause.String(), "30s", nil)
	case c.Confirm == 0 && c.Month == "":
		return fault.New(fault.Invalid, wrongArgument, "Назовите месяц: --month 2026-10 --reason ПРИЧИНА, или номер подготовленной замены: --confirm НОМЕР.")
	}
	return r.withApp(func(a *app.App) error {
		x, err := c.run(r, a)
		if err != nil {
			return err
		}
		return r.print(x, func() { r.sayReissue(x) })
	})
}

func (c *billReissueCmd) run(r *run, a *app.App) (*app.ReissueReport, error) {
	if c.Confirm != 0 {
		return a.RunReissue(r.ctx, c.Confirm, c.Wave, c.Pause, c.By)
	}
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return nil, err
	}
	return a.PrepareReissue(r.ctx, app.ReissueOptions{Month: month, Houses: c.Houses, Suppliers: c.Suppliers, Reason: c.Reason, Actor: c.By})
}

func (r *run) sayReissue(x *app.ReissueReport) {
	if x.ConfirmedBy != "" {
		r.say("Замена № %d за %s: домов %d из %d, новых счетов %d, без изменений %d, другого месяца или отозвано %d, начислено иначе на %s.", x.ID, x.Month, x.Done.Buildings, x.Done.BuildingsAll, x.Done.Issued, x.Done.Same, x.Done.Other, x.Done.Difference.Format())
		return
	}
	f := &x.Found
	r.say("Замена № %d за %s: счетов %d, изменилось %d, другого месяца или отозвано %d.", x.ID, x.Month, f.Bills, f.Changed, f.Other)
	r.say("К оплате по прежним %s, по новым %s, начислено иначе на %s.", f.Before.Format(), f.After.Format(), f.Difference.Format())
	for i, s := range f.Largest {
		if i == 10 {
			break
		}
		r.say("  %s, семья %s: было %s, станет %s, начислено иначе на %s", s.Address, s.Code, s.Before.Format(), s.After.Format(), s.Difference.Format())
	}
	if f.Changed > 0 {
		r.say("Начать должен другой человек: kvit bill reissue --confirm %s --by ИМЯ", fmt.Sprint(x.ID))
	}
}
