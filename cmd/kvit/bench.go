package main

import "kvit/internal/app"

type benchCmd struct {
	Intake   benchIntakeCmd   `cmd:"" help:"Приём реестра рядом с записью тех же строк голой базой."`
	Basket   benchBasketCmd   `cmd:"" help:"Чтение корзин."`
	Charge   benchChargeCmd   `cmd:"" help:"Начисление месяца придуманным семьям рядом с записью тех же строк голой базой."`
	Events   benchEventsCmd   `cmd:"" help:"События: запись, ленты поставщиков и чтение рядом с записью тех же строк голой базой."`
	Readings benchReadingsCmd `cmd:"" help:"Показания через API поставщиков и предварительный расчёт сразу после них рядом с записью тех же строк голой базой."`
	Payments benchPaymentsCmd `cmd:"" help:"Платежи всеми путями рядом с записью тех же строк голой базой."`

	Notifications benchNotificationsCmd `cmd:"" help:"Шквал уведомлений эквайера: за сколько все записаны и за сколько зачислены."`
	Pages         benchPagesCmd         `cmd:"" help:"Страницы жителей по HTTP: за сколько открываются."`
	Settlement    benchSettlementCmd    `cmd:"" help:"Закрытие дня и перечисления поставщикам."`
}

type benchIntakeCmd struct {
	Rows int    `help:"Строк в реестре." default:"200000"`
	Kind string `help:"Вид файла." default:"csv" enum:"csv,dbf,ndjson,xml,xlsx"`
}

func (c benchIntakeCmd) Run(r *run) error {
	stop := r.busy()
	res, err := app.BenchIntake(r.ctx, r.settings(), c.Kind, c.Rows)
	stop()
	if err != nil {
		return err
	}
	return r.print(res, func() {
		r.say("%s: %d строк за %.2f с (%.0f строк/с); те же строки голой базой %.2f с; отношение %.2f; память %d МБ", c.Kind, res.Rows, res.Seconds, float64(res.Rows)/res.Seconds, res.RawSeconds, res.Ratio, res.PeakMB)
	})
}

type benchBasketCmd struct {
	Reads int `help:"Сколько корзин прочитать." default:"5000"`
}

func (c benchBasketCmd) Run(r *run) error {
	return benchOn(r, func(a *app.App) (app.BasketBench, error) { return a.BenchBasket(r.ctx, c.Reads) }, func(res app.BasketBench) {
		r.say("Корзин %d из %d домохозяйств: p50 %d мкс, p99 %d мкс, наибольшее %d мкс", res.Reads, res.Households, res.P50us, res.P99us, res.MaxUs)
	})
}

type benchChargeCmd struct {
	Households int  `help:"Сколько семей." default:"20000"`
	Live       int  `help:"Сколько семей посчитать на сегодня по одной." default:"2000"`
	Recalc     bool `help:"Начислить ещё два месяца и пересчитать все три после поздних данных каждой двадцатой семьи."`
}

func (c benchChargeCmd) Run(r *run) error {
	res, err := app.BenchCharge(r.ctx, r.settings(), app.ChargeBenchSize{Households: c.Households, Live: c.Live, Recalculate: c.Recalc}, r.progress())
	if err != nil {
		return err
	}
	return r.print(res, func() {
		r.say("Семей %d, строк начислений %d: %.2f с (%.0f семей/с); те же %d строк голой базой %.2f с; отношение %.2f; память %d МБ", res.Households, res.Lines, res.Seconds, res.PerSecond, res.Rows, res.RawSeconds, res.Ratio, res.PeakMB)
		r.say("Сам расчёт %.2f мкс на семью (без помех %.2f), выделений памяти %.3f; процессор %.2f с; данные %.1f с, листы домов %.1f с, проверки %.1f с, нарушений %d", res.ComputeUs, res.ComputeMinUs, res.Allocations, res.CPUSeconds, res.FactsSeconds, res.SheetSeconds, res.CheckSeconds, res.Breaches)
		if l := res.Live; l != nil {
			r.say("Одна семья на сегодня: p50 %.0f мкс, p99 %.0f мкс; из них расчёт p50 %.1f мкс, p99 %.1f мкс", l.P50us, l.P99us, l.ComputeP50, l.ComputeP99)
		}
		if m := res.SecondMonth; m != nil {
			r.say("Второй месяц: %.2f с, отношение к первому %.2f", m.Seconds, m.Ratio)
		}
		if m := res.Recalculation; m != nil {
			r.say("Перерасчёт трёх месяцев: строк %d, %.2f с, отношение к месяцу %.2f", m.Lines, m.Seconds, m.Ratio)
		}
	})
}

type benchEventsCmd struct {
	Events int `help:"Сколько событий." default:"100000"`
}

func (c benchEventsCmd) Run(r *run) error {
	stop := r.busy()
	res, err := app.BenchEvents(r.ctx, r.settings(), c.Events)
	stop()
	if err != nil {
		return err
	}
	return r.print(res, func() {
		r.say("Событий %d, сообщений поставщикам %d: запись %.2f с, ленты %.2f с (%.0f событий/с), чтение %.2f с (%.0f сообщений/с); всё вместе %.0f событий/с", res.Events, res.Messages, res.WriteSeconds, res.FeedSeconds, res.FedPerSecond,
			res.ReadSeconds, res.ReadPerSecond, res.PerSecond)
		r.say("Вебхуки: %d вызовов получателя на этом компьютере, %.0f в секунду, потеряно или не по порядку %d", res.Called, res.CallPerSecond, res.Disordered)
		r.say("Те же строки голой базой %.2f с; отношение записи и лент %.2f; нарушений %d", res.RawSeconds, res.Ratio, res.Breaches)
	})
}

type benchReadingsCmd struct {
	Count int `help:"Сколько показаний." default:"100000"`
}

func (c benchReadingsCmd) Run(r *run) error {
	stop := r.busy()
	res, err := app.BenchReadings(r.ctx, r.settings(), c.Count)
	stop()
	if err != nil {
		return err
	}
	return r.print(res, func() {
		r.say("Показаний %d, принято %d, запросов %d: %.2f с (%.0f в секунду); те же строки голой базой %.2f с; отношение %.2f", res.Readings, res.Taken, res.Requests, res.Seconds, res.PerSecond, res.RawSeconds, res.Ratio)
		r.say("Сразу после них месяцев посчитано %d: p50 %.0f мкс, p99 %.0f мкс, водоотведение не по новой воде у %d; нарушений %d", res.Previews, res.P50us, res.P99us, res.Wrong, res.Breaches)
	})
}
