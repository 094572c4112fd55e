package main

import "kvit/internal/app"

type chargeShowCmd struct {
	Supplier string `required:"" help:"Код поставщика." placeholder:"КОД"`
	Account  string `required:"" help:"Номер лицевого счёта." placeholder:"НОМЕР"`
	Month    string `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
}

func (c chargeShowCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		lines, err := a.ExplainCharge(r.ctx, c.Supplier, c.Account, month)
		if err != nil {
			return err
		}
		return r.print(lines, func() {
			if len(lines) == 0 {
				r.say("По этому счёту за %s ничего не начислено.", month)
			}
			for _, l := range lines {
				r.say("%s", l.Words)
				r.say("    %s", l.Clause)
			}
		})
	})
}

type chargeCompareCmd struct {
	Month string `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
}

func (c chargeCompareCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		list, err := a.Charges.Differences(r.ctx, month)
		if err != nil {
			return err
		}
		err = r.print(list, func() {
			for _, d := range list {
				r.say("  счёт %d: у поставщика %s, своё начисление %s", d.Account, d.Theirs.Format(), d.Ours.Format())
			}
			r.say("Расхождений: %d.", len(list))
		})
		if err == nil && len(list) > 0 {
			return statusError(exitFindings)
		}
		return err
	})
}
