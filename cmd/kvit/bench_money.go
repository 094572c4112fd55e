package main

import "kvit/internal/app"

type benchPaymentsCmd struct {
	Payments int   `help:"Сколько платежей каждым путём." default:"2000"`
	Clients  []int `help:"Сколько плательщиков одновременно; первое число – для всех путей." default:"8,32"`
}

func (c benchPaymentsCmd) Run(r *run) error {
	return benchOn(r, func(a *app.App) ([]app.PaymentsBench, error) { return a.BenchPayments(r.ctx, c.Payments, c.Clients) }, func(list []app.PaymentsBench) {
		for _, b := range list {
			r.say("%s, плательщиков %d: %d платежей (%d частей) за %.2f с, %.0f в секунду; те же строки голой базой %.0f в секунду; доля %.2f, наименьшая за круг %.2f; p99 %d мкс; нарушений %d",
				b.Way, b.Clients, b.Payments, b.Parts, b.Seconds, b.PerSecond, b.RawPerSec, b.ShareOfRaw, b.WorstRound, b.P99us, b.Breaches)
		}
	})
}

type benchNotificationsCmd struct {
	Count   int `help:"Сколько уведомлений." default:"100000"`
	Clients int `help:"Сколько приходит одновременно." default:"16"`
}

func (c benchNotificationsCmd) Run(r *run) error {
	return benchOn(r, func(a *app.App) (app.NotificationsBench, error) {
		return a.BenchNotifications(r.ctx, c.Count, c.Clients)
	}, func(b app.NotificationsBench) {
		r.say("Уведомлений %d: все записаны за %.1f с (%.0f в секунду, ответ p99 %d мкс); зачислено %d за %.1f с; нарушений %d", b.Notifications, b.StoredSeconds, b.StoredPerSec, b.P99us, b.Credited, b.Applied, b.Breaches)
	})
}

type benchSettlementCmd struct {
	Payments int `help:"Сколько платежей." default:"100000"`
}

func (c benchSettlementCmd) Run(r *run) error {
	return benchOn(r, func(a *app.App) (app.SettlementBench, error) { return a.BenchSettlement(r.ctx, c.Payments) }, func(b app.SettlementBench) {
		r.say("Платежей %d, приняты реестрами за %.1f с; проверки денег %.1f с; закрытие дня с ними %.1f с; перечисления (%d) со всеми проверками %.1f с; нарушений %d",
			b.Payments, b.TakeSeconds, b.CheckSeconds, b.CloseSeconds, b.Payouts, b.PayoutSeconds, b.Breaches)
	})
}

// benchOn runs a benchmark on the data there are and tells its result.
func benchOn[T any](r *run, measure func(*app.App) (T, error), say func(T)) error {
	return r.withApp(func(a *app.App) error {
		stop := r.busy()
		res, err := measure(a)
		stop()
		if err != nil {
			return err
		}
		return r.print(res, func() { say(res) })
	})
}
