package main

import (
	"context"
	"path/filepath"

	"kvit/internal/app"
	"kvit/internal/settlement"
)

type payoutCmd struct {
	Prepare payoutPrepareCmd `cmd:"" help:"Подготовить перечисления поставщикам за закрытые дни."`
	List    payoutListCmd    `cmd:"" help:"Показать перечисления."`
	Show    payoutShowCmd    `cmd:"" help:"Показать одно перечисление: из чего сложилась сумма и кому она идёт."`
	Approve payoutApproveCmd `cmd:"" help:"Утвердить перечисление: другим человеком, не тем, кто подготовил."`
	Send    payoutSendCmd    `cmd:"" help:"Дать утверждённым перечислениям номера платёжных поручений: они уходят в банк."`
	Write   payoutWriteCmd   `cmd:"" help:"Записать поручения файлом для банка и реестры поставщикам."`
	Cancel  payoutCancelCmd  `cmd:"" help:"Отменить перечисление, которое не отправлено."`
	Confirm payoutConfirmCmd `cmd:"" help:"Отметить, что банк исполнил поручение; обычно это говорит выписка."`
	Return  payoutReturnCmd  `cmd:"" help:"Отметить, что банк вернул деньги: они войдут в следующее перечисление."`
}

type payoutPrepareCmd struct {
	Supplier []string `help:"Только этим поставщикам, не глядя на график." placeholder:"КОД"`
	Cutoff   string   `help:"За дни по этот; без него – по последний закрытый." placeholder:"ДЕНЬ"`
	By       string   `help:"Кто готовит." default:"cli" placeholder:"ИМЯ"`
}

func (c payoutPrepareCmd) Run(r *run) error {
	cutoff, err := optionalDay("--cutoff", c.Cutoff)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		stop := r.busy()
		done, err := a.Settlement.Prepare(r.ctx, c.By, settlement.PrepareRequest{Suppliers: c.Supplier, Cutoff: cutoff})
		stop()
		if err != nil {
			return err
		}
		return r.print(done, func() {
			for i := range done.Payouts {
				r.sayPayout(&done.Payouts[i])
			}
			for _, s := range done.Skipped {
				r.say("%-16s пропущен: %s", s.Supplier, r.lang().Said(s.Why))
			}
			if len(done.Payouts)+len(done.Skipped) == 0 {
				r.say("Перечислять нечего: за закрытые дни всё уже перечислено.")
			}
		})
	})
}

func (r *run) sayPayout(p *settlement.Payout) {
	r.say("№ %d %-16s %s: %s, за дни по %s", p.ID, p.Supplier, r.lang().Word(settlement.PayoutLabels[p.State]), p.Paid.Format(), r.dotted(p.Cutoff.Date()))
	r.say("    собрано %s − возвращено %s − комиссия %s − удержано %s + с прошлого раза %s", p.Collected.Format(), p.Refunded.Format(), p.Fee.Format(), p.Held.Format(), p.Carried.Format())
	if p.Left != 0 {
		r.say("    на следующий раз остаётся %s", p.Left.Format())
	}
}

type payoutListCmd struct {
	State    string `default:"" enum:",prepared,approved,sent,confirmed,returned,cancelled,carried" help:"В каком состоянии: prepared, approved, sent, confirmed, returned, cancelled, carried."`
	Supplier string `help:"Код поставщика." placeholder:"КОД"`
	Limit    int    `default:"100" help:"Сколько показать; 0 – все."`
}

func (c payoutListCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.Settlement.ListPayouts(r.ctx, everybody, settlement.PayoutFilter{State: c.State, Supplier: c.Supplier, Limit: c.Limit})
		if err != nil {
			return err
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Перечислений нет. Подготовьте: kvit payout prepare.")
			}
			for i := range list {
				r.sayPayout(&list[i])
			}
		})
	})
}

// payoutArg names one payout.
type payoutArg struct {
	ID int64 `arg:"" name:"НОМЕР" help:"Номер из kvit payout list."`
}

type payoutShowCmd struct{ payoutArg }

func (c payoutShowCmd) Run(r *run) error {
	return r.withPayout(func(a *app.App) (*settlement.Payout, error) {
		return a.Settlement.FindPayout(r.ctx, everybody, c.ID)
	})
}

// withPayout does one thing with a payout and shows it, with a warning when its bank details are new.
func (r *run) withPayout(do func(a *app.App) (*settlement.Payout, error)) error {
	return r.withApp(func(a *app.App) error {
		p, err := do(a)
		if err != nil {
			return err
		}
		changes, err := a.Settlement.RedChanges(r.ctx)
		if err != nil {
			return err
		}
		return r.print(p, func() {
			r.sayPayout(p)
			x := &p.Details.Payee
			r.say("    получатель %s, ИНН %s, счёт %s, БИК %s", x.Name, x.INN, x.BankAccount, x.BIC)
			if c, changed := changes[p.SupplierID]; changed {
				r.say("    ВНИМАНИЕ: реквизиты поставщика меняются, изменение № %d: предложил %s, утвердил %s", c.ID, c.Author, c.Decider)
			}
			if p.OrderNo != 0 {
				r.say("    поручение № %d от %s: %s", p.OrderNo, r.dotted(p.OrderOn.Date()), p.Details.Purpose)
			}
		})
	})
}

type payoutApproveCmd struct {
	payoutArg
	By string `required:"" help:"Кто утверждает: не тот, кто подготовил." placeholder:"ИМЯ"`
}

func (c payoutApproveCmd) Run(r *run) error {
	return r.withPayout(func(a *app.App) (*settlement.Payout, error) { return a.Settlement.Approve(r.ctx, c.By, c.ID) })
}

type payoutSendCmd struct {
	payoutArg
	By string `help:"Кто отправляет." default:"cli" placeholder:"ИМЯ"`
}

func (c payoutSendCmd) Run(r *run) error {
	return r.withPayout(func(a *app.App) (*settlement.Payout, error) { return a.Settlement.Send(r.ctx, c.By, c.ID) })
}

type payoutCancelCmd struct {
	payoutArg
	Reason string `required:"" help:"Почему." placeholder:"ПРИЧИНА"`
	By     string `help:"Кто отменяет." default:"cli" placeholder:"ИМЯ"`
}

func (c payoutCancelCmd) Run(r *run) error {
	return r.withPayout(func(a *app.App) (*settlement.Payout, error) {
		return a.Settlement.Cancel(r.ctx, c.By, c.ID, c.Reason)
	})
}

type payoutConfirmCmd struct {
	payoutArg
	Day string `required:"" help:"День, когда банк списал деньги." placeholder:"ДЕНЬ"`
	By  string `help:"Кто отметил." default:"cli" placeholder:"ИМЯ"`
}

func (c payoutConfirmCmd) Run(r *run) error {
	day, err := optionalDay("--day", c.Day)
	if err != nil {
		return err
	}
	return r.withPayout(func(a *app.App) (*settlement.Payout, error) {
		return a.Settlement.Confirm(r.ctx, c.By, c.ID, day)
	})
}

type payoutReturnCmd struct {
	payoutArg
	Day    string `required:"" help:"День, когда банк вернул деньги." placeholder:"ДЕНЬ"`
	Reason string `required:"" help:"Что сказал банк." placeholder:"ПРИЧИНА"`
	By     string `help:"Кто отметил." default:"cli" placeholder:"ИМЯ"`
}

func (c payoutReturnCmd) Run(r *run) error {
	day, err := optionalDay("--day", c.Day)
	if err != nil {
		return err
	}
	return r.withPayout(func(a *app.App) (*settlement.Payout, error) {
		return a.Settlement.Return(r.ctx, c.By, c.ID, day, c.Reason)
	})
}

type payoutWriteCmd struct {
	Numbers []int64 `arg:"" optional:"" name:"НОМЕР" help:"Какие; без них – все отправленные, которые банк ещё не исполнил."`
	Out     string  `required:"" help:"Папка для файлов." placeholder:"ПАПКА"`
}

func (c payoutWriteCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := c.payouts(r.ctx, a)
		if err != nil {
			return err
		}
		w, err := a.WritePayouts(r.ctx, list, c.Out)
		if err != nil {
			return err
		}
		return r.print(w, func() {
			r.say("Поручений %d на %s: %s", w.Orders, w.Sum.Format(), filepath.Join(c.Out, w.File))
			for _, x := range w.Registers {
				r.say("  %-16s строк %d, сумма %s: %s", x.Supplier, x.Rows, x.Sum.Format(), x.File)
			}
		})
	})
}

func (c *payoutWriteCmd) payouts(ctx context.Context, a *app.App) (list []settlement.Payout, err error) {
	if len(c.Numbers) == 0 {
		return a.Settlement.ListPayouts(ctx, everybody, settlement.PayoutFilter{State: settlement.PayoutSent})
	}
	for _, id := range c.Numbers {
		p, err := a.Settlement.FindPayout(ctx, everybody, id)
		if err != nil {
			return nil, err
		}
		list = append(list, *p)
	}
	return list, nil
}

type traceCmd struct {
	Payment string `arg:"" name:"ПЛАТЁЖ" help:"Номер платежа или ключ, с которым платили."`
}

func (c traceCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		t, err := a.Settlement.Trace(r.ctx, everybody, c.Payment)
		if err != nil {
			return err
		}
		return r.print(t, func() { r.sayTrace(t) })
	})
}

func (r *run) sayTrace(t *settlement.Trace) {
	r.say("Платёж %s: %s, канал %s, %s", t.Payment, t.Sum.Format(), t.Channel, r.dotted(t.PaidOn.Date()))
	if t.From.FileID != 0 {
		r.say("  пришёл строкой %d файла № %d", t.From.Row, t.From.FileID)
	}
	for _, x := range t.Arrived {
		r.say("  деньги за день пришли в банк %s, документ № %s на %s", r.dotted(x.On.Date()), x.Number, x.Sum.Format())
	}
	for i := range t.Steps {
		s := &t.Steps[i]
		r.say("  %-16s %-16s %s: проводка %d от %s", s.Supplier, s.Number, s.Amount.Format(), s.Posting, r.dotted(s.PostedOn.Date()))
		switch {
		case s.CloseNo == 0:
			r.say("    день ещё не закрыт")
		case s.Payout == nil:
			r.say("    закрытие № %d, поставщику ещё не перечислено", s.CloseNo)
		case s.Payout.OrderNo == 0:
			r.say("    закрытие № %d, перечисление № %d: %s", s.CloseNo, s.Payout.ID, r.lang().Word(settlement.PayoutLabels[s.Payout.State]))
		default:
			r.say("    закрытие № %d, перечисление № %d, поручение № %d от %s: %s %s", s.CloseNo, s.Payout.ID, s.Payout.OrderNo, r.dotted(s.Payout.OrderOn.Date()), r.lang().Word(settlement.PayoutLabels[s.Payout.State]), s.Payout.Statement)
		}
	}
	for _, x := range t.Returns {
		r.say("  возврат %s, поручение № %d от %s: %s", x.Sum.Format(), x.OrderNo, r.dotted(x.OrderOn.Date()), r.lang().Word(settlement.ReturnLabels[x.State]))
	}
	if t.Fee != 0 {
		r.say("  комиссия центра %s", t.Fee.Format())
	}
}
