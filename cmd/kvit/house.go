package main

import (
	"strings"

	"kvit/internal/app"
	"kvit/internal/charge/losses"
)

type houseCmd struct {
	Balance houseBalanceCmd `cmd:"" help:"Баланс дома за месяц: счётчик дома, квартиры, потери, что необычно."`
	Losses  houseLossesCmd  `cmd:"" help:"Дома по потерям, сначала самые дорогие."`
}

type houseBalanceCmd struct {
	House string `required:"" help:"Код дома в реестре." placeholder:"ДОМ"`
	Month string `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
}

func (c houseBalanceCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		report, err := a.Losses.House(r.ctx, operator, c.House, month)
		if err != nil {
			return err
		}
		return r.print(report, func() { r.sayHouse(report) })
	})
}

func (r *run) sayHouse(h *losses.Balance) {
	r.say("Дом %s, %s, %s", h.Code, h.Address, h.Month)
	for i := range h.Services {
		s := &h.Services[i]
		r.say("%s: %s", s.Name, r.lang().Said(s.Says))
		for _, p := range s.Parts() {
			r.say("    %-34s %14s %s", r.lang().Word(p.Title), p.Volume, losses.UnitWord(s.Unit))
		}
		for k := range s.Night {
			r.say("    %s", r.lang().Said(s.Night[k].Words(s.Unit)))
		}
		for _, x := range s.Anomalies {
			r.say("    проверьте: %s", strings.TrimSpace(r.lang().Said(x.Says)+" "+r.lang().Said(x.Why)))
		}
	}
	for i := range h.Flats {
		f := &h.Flats[i]
		r.say("кв. %-8s %-16s %s %s: %s", f.Flat, f.Service, f.Supplier, f.Account, r.lang().Said(f.Says))
	}
	if len(h.Services) == 0 {
		r.say("Расхода дома пока нет. Его передают файлом данных: kvit facts template")
	}
}

type houseLossesCmd struct {
	Month   string `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Service string `help:"Код услуги в каталоге; без него все." placeholder:"УСЛУГА"`
	Limit   int    `default:"50" help:"Сколько строк показать; 0 – все."`
}

func (c houseLossesCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		rows, err := a.Losses.Houses(r.ctx, operator, losses.List{Month: month, Service: c.Service, Limit: c.Limit})
		if err != nil {
			return err
		}
		return r.print(rows, func() {
			for i := range rows {
				x := &rows[i]
				sum := ""
				if x.LossSum != nil {
					sum = x.LossSum.Format()
				}
				r.say("%-10s %-40s %-14s потери %s %s (%s %%) %s", x.Code, x.Address, x.Service, losses.Words(*x.Loss, x.Unit), losses.UnitWord(x.Unit), strings.NewReplacer(".", ",", "-", "−").Replace(x.LossPercent), sum)
			}
			if len(rows) == 0 {
				r.say("Показаний общедомовых счётчиков за этот месяц нет.")
			}
		})
	})
}
