package main

import (
	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/money"
)

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
		return r.print(lines, func() { r.sayCharges(lines, month) })
	})
}

// sayCharges tells the lines of an account and what they come to; a line beside a supplier's figure is not owed.
func (r *run) sayCharges(lines []charge.Shown, month calendar.Month) {
	if len(lines) == 0 {
		r.say("По этому счёту за %s ничего не начислено.", month)
		return
	}
	var total money.Amount
	for i := range lines {
		l := &lines[i]
		r.say("%s", l.Words)
		if l.Beside {
			r.say("    для сверки: к оплате идёт сумма поставщика")
		}
		if l.Owed {
			total += l.Amount
		}
		r.say("    %s", l.Clause)
	}
	r.say("Итого за %s: %s", month, total.Format())
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
		list, err := a.CompareCharges(r.ctx, month)
		if err != nil {
			return err
		}
		err = r.print(list, func() {
			for i := range list {
				r.sayDifference(&list[i])
			}
			r.say("Расхождений: %d.", len(list))
		})
		if err == nil && len(list) > 0 {
			return statusError(exitFindings)
		}
		return err
	})
}

// sayDifference tells whose sums differ, by how much, and the likely cause.
func (r *run) sayDifference(d *app.ChargeDifference) {
	r.say("%s, кв. %s, семья %s: %s, счёт %s, %s", d.House, orDash(d.Flat), d.Household, d.Supplier, orDash(d.Account), orDash(d.Service))
	r.say("    у поставщика %s (объём %s, цена %s), своё начисление %s (объём %s, цена %s)", d.Theirs.Format(), orDash(d.Volume.Theirs), orDash(d.Rate.Theirs),
		d.Ours.Format(), orDash(d.Volume.Ours), orDash(d.Rate.Ours))
	switch d.Cause {
	case charge.CauseMissing:
		r.say("    поставщик не прислал начисление")
	case charge.CauseDoubled:
		r.say("    в файле поставщика об этой услуге несколько строк с разными суммами (от и до: %s), ни одна не учтена", d.Of)
	case charge.CauseAbsent:
		r.say("    почти у всех в доме эта услуга есть, а об этой квартире поставщик её не прислал")
	case charge.CauseNotComputed:
		r.say("    своего начисления нет: %s", orDash(d.Of))
	case charge.CauseLinkedMissing:
		r.say("    у семьи нет счёта за связанную услугу %s: её объём не учтён", d.Of)
	case charge.CauseLinkedLeftOut:
		r.say("    похоже, поставщик не учёл объём связанной услуги %s", d.Of)
	case charge.CauseVolume:
		r.say("    объём разный")
	case charge.CauseRounding:
		r.say("    объём округлён по-разному: как округляет поставщик, скажите в каталоге правилами volume_digits и volume_rounding")
	case charge.CauseZones:
		r.say("    похоже, показания зон суток перепутаны местами")
	case charge.CauseRate:
		r.say("    похоже, цена разная")
	case charge.CauseSum:
		r.say("    сумма поставщика не равна объёму, умноженному на цену")
	default:
		r.say("    причина не видна: поставщик не прислал объём и цену")
	}
}

// orDash is a text, or a dash where there is none.
func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
