package main

import (
	"path/filepath"
	"strings"

	"kvit/internal/app"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/reconcile"
	"kvit/internal/settlement"
)

type suspenseCmd struct {
	List    suspenseListCmd    `cmd:"" help:"Показать деньги, чей счёт неизвестен."`
	Show    suspenseShowCmd    `cmd:"" help:"Показать один невыясненный платёж и чьим он может быть."`
	Assign  suspenseAssignCmd  `cmd:"" help:"Предложить, на какой счёт отнести невыясненный платёж; второй человек подтвердит."`
	Return  suspenseReturnCmd  `cmd:"" help:"Предложить вернуть невыясненный платёж; второй человек подтвердит."`
	Confirm suspenseConfirmCmd `cmd:"" help:"Подтвердить предложение другого человека."`
	Returns suspenseReturnsCmd `cmd:"" help:"Показать возвраты поручениями банку."`
	Write   suspenseWriteCmd   `cmd:"" help:"Записать поручения на возврат файлом для банка."`
}

// suspenseFlags are what the installation decides of unidentified money.
type suspenseFlags struct {
	AssignAbove int `name:"assign-above" help:"Невыясненный платёж меньше стольких рублей относит один человек; 0 – всегда двое." default:"0" env:"KVIT_ASSIGN_ABOVE" placeholder:"РУБЛЕЙ"`
	ReturnDays  int `name:"return-days" help:"Через сколько дней невыясненный платёж пора вернуть." default:"30" env:"KVIT_RETURN_DAYS" placeholder:"ДНЕЙ"`
}

// Bounds of what the installation may decide.
const (
	assignAboveMax = 1_000_000 // roubles
	returnDaysMax  = 3 * 365   // limitation (ГК РФ ст. 196)
)

// set puts the flags into settings.
func (f suspenseFlags) set(s *app.Settings) error {
	if f.AssignAbove < 0 || f.AssignAbove > assignAboveMax {
		return fault.Newf(fault.Invalid, wrongArgument, "--assign-above: рублей от 0 до %d.", assignAboveMax)
	}
	if f.ReturnDays < 1 || f.ReturnDays > returnDaysMax {
		return fault.Newf(fault.Invalid, wrongArgument, "--return-days: дней от 1 до %d.", returnDaysMax)
	}
	s.AssignAbove, s.ReturnDays = money.Amount(f.AssignAbove)*100, f.ReturnDays
	return nil
}

// do opens the program with the flags and does one thing.
func (f suspenseFlags) do(r *run, what func(a *app.App) error) error {
	settings := r.settings()
	if err := f.set(&settings); err != nil {
		return err
	}
	return r.withSettings(settings, what)
}

type suspenseListCmd struct{ suspenseFlags }

func (c suspenseListCmd) Run(r *run) error {
	return c.do(r, func(a *app.App) error {
		list, err := a.Reconcile.Unidentified(r.ctx, operator)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Невыясненных платежей нет.")
			}
			for i := range list {
				r.sayUnknown(&list[i])
			}
		})
	})
}

func (r *run) sayUnknown(u *reconcile.Unknown) {
	r.say("№ %-8d %s  %-8s %-28s %s, дней %d", u.ID, u.PaidOn, u.Channel, u.Supplier+":"+u.Number, u.Amount.Format(), u.Age)
	if u.Due {
		r.say("    пора вернуть плательщику")
	}
	switch {
	case u.AskedBy != "" && u.Back:
		r.say("    %s предлагает вернуть: %s", u.AskedBy, u.Reason)
	case u.AskedBy != "":
		r.say("    %s предлагает: %s; %s", u.AskedBy, sharesSaid(u.Shares), u.Reason)
	}
}

// sharesSaid are the accounts money is to go to.
func sharesSaid(list []payment.Share) string {
	said := make([]string, len(list))
	for i, s := range list {
		said[i] = s.Supplier + ":" + s.Number + " " + s.Amount.Format()
	}
	return strings.Join(said, ", ")
}

type suspenseShowCmd struct {
	suspenseFlags
	ID int64 `arg:"" name:"НОМЕР" help:"Номер из kvit suspense list."`
}

func (c suspenseShowCmd) Run(r *run) error {
	return c.do(r, func(a *app.App) error {
		u, err := a.Reconcile.FindUnidentified(r.ctx, operator, c.ID)
		if err != nil {
			return err
		}
		return r.print(u, func() {
			r.sayUnknown(&u)
			for _, text := range []string{u.Payer, u.Address, u.Purpose} {
				if text != "" {
					r.say("    %s", text)
				}
			}
			for _, h := range u.Hints {
				r.say("  может быть %s:%s – %s", h.Supplier, h.Number, r.reasons(h.Why))
			}
			if len(u.Hints) == 0 {
				r.say("  Похожих счетов нет.")
			}
		})
	})
}

// reasons are the reasons of a hint, commas between, in the language.
func (r *run) reasons(text string) string {
	list := strings.Split(text, ", ")
	for i, one := range list {
		list[i] = r.lang().Word(one)
	}
	return strings.Join(list, ", ")
}

type suspenseAssignCmd struct {
	suspenseFlags
	ID       int64    `arg:"" name:"НОМЕР" help:"Номер из kvit suspense list."`
	Supplier string   `help:"Код поставщика." placeholder:"КОД" xor:"whose" required:""`
	Account  string   `help:"Лицевой счёт, как в квитанции." placeholder:"НОМЕР"`
	Share    []string `help:"Доли на несколько счетов: поставщик:номер=сумма." placeholder:"ДОЛЯ" xor:"whose" required:""`
	Reason   string   `help:"Почему так." default:"счёт найден" placeholder:"ПРИЧИНА"`
	By       string   `help:"Кто предлагает." default:"cli" placeholder:"ИМЯ"`
}

func (c suspenseAssignCmd) Run(r *run) error {
	return c.do(r, func(a *app.App) error {
		shares, err := c.shares(r, a)
		if err != nil {
			return err
		}
		return r.propose(a, c.By, c.ID, reconcile.Wish{Shares: shares, Reason: c.Reason})
	})
}

// shares are the accounts named: one gets all there is.
func (c *suspenseAssignCmd) shares(r *run, a *app.App) (list []payment.Share, err error) {
	if c.Supplier != "" {
		u, err := a.Reconcile.FindUnidentified(r.ctx, operator, c.ID)
		return []payment.Share{{Supplier: c.Supplier, Number: strings.TrimSpace(c.Account), Amount: u.Amount}}, err
	}
	for _, text := range c.Share {
		name, sum, _ := strings.Cut(text, "=")
		code, number, ok := strings.Cut(name, ":")
		amount, err := money.Parse(sum)
		if !ok || err != nil {
			return nil, invalid("--share", text, "vodokanal:1600123456=500.00", err)
		}
		list = append(list, payment.Share{Supplier: code, Number: number, Amount: amount})
	}
	return list, nil
}

// proposed is the JSON of a proposal: done at once, or waiting for another person.
type proposed struct {
	ID   int64  `json:"id"`
	Done bool   `json:"done"`
	By   string `json:"by"`
}

func (r *run) propose(a *app.App, by string, id int64, w reconcile.Wish) error {
	done, err := a.Reconcile.Propose(r.ctx, person(by), id, w)
	if err != nil {
		return err
	}
	return r.print(proposed{id, done, by}, func() {
		if done {
			r.say("Платёж № %d разнесён.", id)
			return
		}
		r.say("Предложение по платежу № %d записано. Подтвердит другой человек: kvit suspense confirm %d --by ИМЯ.", id, id)
	})
}

type suspenseReturnCmd struct {
	ID      int64  `arg:"" name:"НОМЕР" help:"Номер из kvit suspense list."`
	Reason  string `required:"" help:"Почему возвращаем." placeholder:"ПРИЧИНА"`
	Name    string `help:"Кому: имя или название; без него – тому, кто прислал, или через того, кто принял." placeholder:"ИМЯ"`
	Account string `help:"На какой счёт, 20 цифр." placeholder:"СЧЁТ"`
	BIC     string `name:"bic" help:"БИК банка получателя." placeholder:"БИК"`
	INN     string `name:"inn" help:"ИНН получателя, если есть." placeholder:"ИНН"`
	By      string `help:"Кто предлагает." default:"cli" placeholder:"ИМЯ"`
}

func (c suspenseReturnCmd) Run(r *run) error {
	w := reconcile.Wish{Reason: c.Reason}
	if c.Name+c.Account+c.BIC+c.INN != "" {
		w.Payee = &reconcile.Payee{Name: c.Name, INN: c.INN, Account: c.Account, BIC: c.BIC}
	}
	return r.withApp(func(a *app.App) error { return r.propose(a, c.By, c.ID, w) })
}

type suspenseConfirmCmd struct {
	ID int64  `arg:"" name:"НОМЕР" help:"Номер из kvit suspense list."`
	By string `required:"" help:"Кто подтверждает: не тот, кто предложил." placeholder:"ИМЯ"`
}

func (c suspenseConfirmCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		w, err := a.Reconcile.Confirm(r.ctx, person(c.By), c.ID)
		if err != nil {
			return err
		}
		return r.print(proposed{c.ID, true, c.By}, func() {
			switch {
			case len(w.Shares) > 0:
				r.say("Платёж № %d разнесён: %s.", c.ID, sharesSaid(w.Shares))
			case w.Payee != nil:
				r.say("Платёж № %d возвращается поручением. Файл для банка: kvit suspense write --out ПАПКА.", c.ID)
			default:
				r.say("Платёж № %d возвращён тому, кто его принял.", c.ID)
			}
		})
	})
}

type suspenseReturnsCmd struct {
	Open bool `help:"Только те, которых ещё нет в выписке."`
}

func (c suspenseReturnsCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.Settlement.Returns(r.ctx, operator, c.Open)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Возвратов нет.")
			}
			for i := range list {
				x := &list[i]
				r.say("платёж № %d, поручение № %d от %s, %s, %s: %s", x.OrderID, x.OrderNo, r.dotted(x.OrderOn.Date()), x.Sum.Format(), x.Details.Payee.Name, r.lang().Word(settlement.ReturnLabels[x.State]))
			}
		})
	})
}

type suspenseWriteCmd struct {
	Out string `required:"" help:"Папка для файла." placeholder:"ПАПКА"`
}

func (c suspenseWriteCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		w, err := a.WriteReturns(r.ctx, operator, c.Out)
		if err != nil {
			return err
		}
		return r.print(w, func() {
			r.say("Поручений %d на %s: %s", w.Orders, w.Sum.Format(), filepath.Join(c.Out, w.File))
		})
	})
}

var suspenseExamples = []example{
	{"kvit suspense list", "Деньги, которые пришли, а чьи они, неизвестно."},
	{"kvit suspense show 40", "Чьим может быть платёж № 40 и почему."},
	{"kvit suspense assign 40 --supplier energia --account 500014859820 --by olga", "Ольга предлагает: платёж № 40 – за этот счёт…"},
	{"kvit suspense confirm 40 --by vera", "…Вера подтверждает, и деньги уходят на счёт."},
	{"kvit suspense return 41 --reason stranger --by olga", "Ольга предлагает вернуть платёж № 41."},
	{"kvit suspense write --out orders", "Поручения на возврат для банка."},
}
