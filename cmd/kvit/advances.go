package main

import (
	"kvit/internal/app"
	"kvit/internal/payment"
)

type advancesCmd struct {
	List   advancesListCmd   `cmd:"" help:"Показать авансы у поставщиков, которых больше нет в счёте, и куда они уйдут."`
	Settle advancesSettleCmd `cmd:"" help:"Перенести эти авансы или попросить их вернуть, как сказано в каталоге."`
}

type advancesListCmd struct{}

func (advancesListCmd) Run(r *run) error {
	return withLeavers(r, func(a *app.App) ([]app.Leaver, error) { return a.Leavers(r.ctx) })
}

type advancesSettleCmd struct {
	Supplier string `help:"Только этого поставщика; без него – все." placeholder:"КОД"`
	Account  string `help:"Только этот счёт поставщика." placeholder:"НОМЕР"`
	By       string `help:"Кто решил." default:"cli" placeholder:"ИМЯ"`
}

func (c advancesSettleCmd) Run(r *run) error {
	return withLeavers(r, func(a *app.App) ([]app.Leaver, error) { return a.SettleLeavers(r.ctx, c.By, c.Supplier, c.Account) })
}

// withLeavers opens the program, does one thing with advances and shows them; what failed is shown after what did not.
func withLeavers(r *run, do func(a *app.App) ([]app.Leaver, error)) error {
	return r.withApp(func(a *app.App) error {
		list, err := do(a)
		if list == nil {
			return err
		}
		shown := r.print(list, func() {
			if len(list) == 0 {
				r.say("Авансов, которые ждут решения, нет.")
			}
			for i := range list {
				r.sayLeaver(&list[i])
			}
		})
		if err == nil {
			err = shown
		}
		return err
	})
}

func (r *run) sayLeaver(l *app.Leaver) {
	r.say("%-28s %s, %s: %s", l.Supplier+":"+l.Account, l.Sum.Format(), app.LeaverCauses[l.Cause], app.LeaverWays[l.Way])
	for i := range l.Parts {
		p := &l.Parts[i]
		kind := ""
		switch p.Kind {
		case payment.PartPenalty:
			kind = ", пени"
		case payment.PartAdvance:
			kind = ", аванс"
		}
		r.say("    %-24s %s%s: %s", p.Supplier+":"+p.Account, p.Service, kind, p.Amount.Format())
	}
	switch {
	case l.Asked > 0:
		r.say("    просьба вернуть %s ждёт решения на странице «Возвраты»", l.Asked.Format())
	case l.Done:
		r.say("    сделано")
	}
}
