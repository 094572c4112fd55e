package main

import (
	"errors"
	"fmt"
	"strings"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/decimal"
)

type chargeCmd struct {
	Run     chargeRunCmd     `cmd:"" help:"Начислить месяц: прерванный расчёт продолжится, начисленное не повторится."`
	List    chargeListCmd    `cmd:"" help:"Показать расчёты."`
	Pause   chargePauseCmd   `cmd:"" help:"Остановить идущий расчёт или выставление его счетов."`
	Approve chargeApproveCmd `cmd:"" help:"Утвердить проверенный расчёт: другим человеком."`
	Publish chargePublishCmd `cmd:"" help:"Выставить счета утверждённого месяца волнами: прерванное продолжится, выставленное не повторится."`
	Close   chargeCloseCmd   `cmd:"" help:"Закрыть месяц."`
	Show    chargeShowCmd    `cmd:"" help:"Показать начисленное по счёту: откуда взялась каждая сумма."`
	Compare chargeCompareCmd `cmd:"" help:"Где начисление поставщика и своё расходятся."`
	Preview chargePreviewCmd `cmd:"" help:"Что будет в счёте семьи: сейчас и если что-то изменится. Ничего не записывается."`
	Recalc  chargeRecalcCmd  `cmd:"" help:"Пересчитать начисленные месяцы: показать итог или провести его в открытом месяце."`
	Undo    chargeUndoCmd    `cmd:"" help:"Отменить перерасчёт обратными строками."`
	Case    chargeCaseCmd    `cmd:"" help:"Посчитать случаи, записанные в YAML, и сравнить с ожидаемым."`
}

// monthFlag is a month of the command line.
func monthFlag(name, value string) (calendar.Month, error) {
	m, err := calendar.ParseMonth(value)
	if err != nil {
		return 0, invalid(name, value, "2026-10", err)
	}
	return m, nil
}

// withApp opens the program for one operation.
func (r *run) withApp(do func(*app.App) error) error { return r.withSettings(r.settings(), do) }

// withSettings is withApp for commands with settings of their own.
func (r *run) withSettings(s app.Settings, do func(*app.App) error) error {
	a, err := app.Open(r.ctx, s)
	if err != nil {
		return err
	}
	defer a.Close()
	return do(a)
}

type chargeRunCmd struct {
	Month  string   `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Houses []string `help:"Коды домов через запятую; без них все дома с данными." placeholder:"ДОМА"`
	By     string   `help:"Кто начисляет." default:"cli" placeholder:"ИМЯ"`
}

func (c chargeRunCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		report, err := a.ChargeMonth(r.ctx, c.By, month, c.Houses, r.progress())
		if err != nil {
			return err
		}
		if err := r.print(report, func() { r.sayCharged(report) }); err != nil {
			return err
		}
		if !report.OK() {
			return statusError(exitFindings)
		}
		return nil
	})
}

func (r *run) sayCharged(x *charge.Report) {
	r.say("Расчёт № %d за %s (%s): домов %d, семей %d, строк %d, начислено %s.", x.Run, x.In, x.State, x.Buildings, x.Households, x.Lines, x.Amount.Format())
	for _, b := range x.Checks {
		if b.Count > 0 {
			r.say("  НЕ СХОДИТСЯ %s: %d, например %s", b.ID, b.Count, strings.Join(b.Rows, ", "))
		}
	}
	for _, x := range x.Reasons {
		r.say("  %-32s %-24s %d", x.Code, x.Service, x.Count)
	}
	for i, o := range x.Outliers {
		if i == 5 {
			r.say("  … ещё %d, все в --json", len(x.Outliers)-i)
			break
		}
		r.say("  счёт %d: было %s, стало %s", o.Account, o.Before.Format(), o.Now.Format())
	}
}

type chargeListCmd struct {
	Month string `help:"Только этот месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
}

func (c chargeListCmd) Run(r *run) error {
	month := calendar.Month(0)
	if c.Month != "" {
		var err error
		if month, err = monthFlag("--month", c.Month); err != nil {
			return err
		}
	}
	return r.withApp(func(a *app.App) error {
		list, err := a.ListChargeRuns(r.ctx, month)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Расчётов ещё не было. Начислить: kvit charge run --month 2026-10")
			}
			for _, x := range list {
				r.say("№ %-8d %s %-14s %-9s %s %s", x.ID, x.Month, x.Kind, x.State, x.By, x.Cause)
			}
		})
	})
}

type chargePauseCmd struct {
	ID int64  `arg:"" name:"РАСЧЁТ" help:"Номер расчёта."`
	By string `help:"Кто останавливает." default:"cli" placeholder:"ИМЯ"`
}

func (c chargePauseCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		return r.did(a.PauseRun(r.ctx, c.ID, c.By), "Расчёт остановлен.")
	})
}

type chargeApproveCmd struct {
	ID int64  `arg:"" name:"РАСЧЁТ" help:"Номер расчёта."`
	By string `required:"" help:"Кто утверждает: не тот, кто начал расчёт." placeholder:"ИМЯ"`
}

func (c chargeApproveCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		return r.did(a.Charges.Approve(r.ctx, c.ID, c.By), "Расчёт утверждён.")
	})
}

type chargeCloseCmd struct {
	Month string `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	By    string `help:"Кто закрывает." default:"cli" placeholder:"ИМЯ"`
}

func (c chargeCloseCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error { return r.did(a.Charges.Close(r.ctx, month, c.By), "Месяц закрыт.") })
}

// did answers an operation that has nothing to tell but that it was done.
func (r *run) did(err error, says string) error {
	if err != nil {
		return err
	}
	return r.print(map[string]bool{"ok": true}, func() { r.say("%s", r.lang().Word(says)) })
}

type chargePreviewCmd struct {
	Supplier  string   `required:"" help:"Код поставщика." placeholder:"КОД"`
	Account   string   `required:"" help:"Номер лицевого счёта." placeholder:"НОМЕР"`
	Month     string   `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Residents *int32   `help:"Если бы жило столько человек." placeholder:"ЧИСЛО"`
	Reading   []string `help:"Если бы передали показание: услуга=123,45 или услуга:зона=123,45." placeholder:"ПОКАЗАНИЕ" sep:"none"`
	Catalog   []string `help:"Если бы действовали и эти файлы каталога." type:"existingfile" placeholder:"ФАЙЛ"`
}

func (c chargePreviewCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	wish := charge.Wish{Residents: c.Residents}
	for _, s := range c.Reading {
		reading, err := parseReading(s)
		if err != nil {
			return err
		}
		wish.Readings = append(wish.Readings, reading)
	}
	return r.withApp(func(a *app.App) error {
		p, err := a.PreviewCharge(r.ctx, c.Supplier, c.Account, month, wish, c.Catalog)
		if err != nil {
			return err
		}
		return r.print(p, func() {
			for _, l := range p.Then {
				r.say("%s", l.Words)
			}
			for _, x := range p.Issues {
				r.say("не начислено: %s", x)
			}
			r.say("Итого сейчас %s, стало бы %s, разница %s.", p.Before.Format(), p.After.Format(), (p.After - p.Before).Format())
		})
	})
}

func parseReading(s string) (w charge.WishedReading, err error) {
	name, value, ok := strings.Cut(s, "=")
	if !ok {
		return w, invalid("--reading", s, "electricity:day=10418", errors.New("no ="))
	}
	w.Service, w.Zone, _ = strings.Cut(name, ":")
	if w.Value, err = decimal.Parse(value); err != nil {
		return w, invalid("--reading", s, "electricity:day=10418", err)
	}
	return w, nil
}

type chargeRecalcCmd struct {
	Month  string   `required:"" help:"Открытый месяц, в котором встанут корректировки, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	From   string   `required:"" help:"Первый месяц, который пересчитать, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Houses []string `help:"Коды домов через запятую; без них все." placeholder:"ДОМА"`
	Cause  string   `required:"" help:"Причина: её увидят жители." placeholder:"ТЕКСТ"`
	By     string   `help:"Кто пересчитывает." default:"cli" placeholder:"ИМЯ"`
	Post   bool     `help:"Провести. Без этого только показать итог."`
}

func (c chargeRecalcCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	from, err := monthFlag("--from", c.From)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		res, err := a.Recalculate(r.ctx, charge.Recalculation{In: month, From: from, Cause: c.Cause, Actor: c.By}, c.Houses, c.Post, r.progress())
		if err != nil {
			return err
		}
		return r.print(res, func() { r.sayRecalculated(res) })
	})
}

func (r *run) sayRecalculated(res *charge.Recalculated) {
	state := "Пересчитано, но не проведено (--post – провести)"
	if res.Posted {
		state = "Проведено"
	}
	r.say("%s: счетов %d в %d домах, больше на %s, меньше на %s, итог %s.", r.lang().Word(state), res.Accounts, res.Buildings, res.More.Format(), res.Less.Format(), res.Amount.Format())
	for i, x := range res.Largest {
		if i == 10 {
			break
		}
		r.say("  счёт %d: %s", x.Account, x.Amount.Format())
	}
	if res.Posted {
		r.say("Номер перерасчёта %s; отменить: kvit charge undo %s --month %s", fmt.Sprint(res.Run), fmt.Sprint(res.Run), res.Month)
	}
}

type chargeUndoCmd struct {
	ID    int64  `arg:"" name:"РАСЧЁТ" help:"Номер перерасчёта."`
	Month string `required:"" help:"Открытый месяц, в котором встанут обратные строки, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	By    string `help:"Кто отменяет." default:"cli" placeholder:"ИМЯ"`
}

func (c chargeUndoCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		res, err := a.Charges.Undo(r.ctx, c.ID, month, c.By)
		if err != nil {
			return err
		}
		return r.print(res, func() { r.sayRecalculated(res) })
	})
}
