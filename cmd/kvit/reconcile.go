package main

import (
	"io"

	"kvit/internal/app"
	"kvit/internal/exchange/register"
	"kvit/internal/reconcile"
)

type reconcileCmd struct {
	Load     reconcileLoadCmd     `cmd:"" help:"Принять выписки банка и реестры партнёров для сверки."`
	Run      reconcileRunCmd      `cmd:"" help:"Сверить наши платежи, реестры и выписки."`
	Show     reconcileShowCmd     `cmd:"" help:"Партнёры по дням: у нас, в реестре, в банке, разница."`
	List     reconcileListCmd     `cmd:"" help:"Расхождения: причина, сумма, возраст, что делать."`
	Explain  reconcileExplainCmd  `cmd:"" help:"Объяснить расхождение; второй человек примет объяснение."`
	Accept   reconcileAcceptCmd   `cmd:"" help:"Принять объяснение другого человека."`
	Bank     reconcileBankCmd     `cmd:"" help:"Счета в банке: остатки по выпискам и по книге центра."`
	Partners reconcilePartnersCmd `cmd:"" help:"Партнёры: показать или загрузить из YAML."`
}

type reconcileLoadCmd struct {
	Formats string   `help:"Профили реестров, которых программа не знает: YAML или JSON." type:"existingfile" placeholder:"ФАЙЛ"`
	Files   []string `arg:"" name:"ФАЙЛ" help:"Выписки 1CClientBankExchange или DirectBank, реестры банков, эквайеров и агентов."`
}

func (c reconcileLoadCmd) Run(r *run) error {
	var profiles []register.Profile
	if c.Formats != "" {
		_, charges, payments, err := register.LoadFormats(c.Formats)
		if err != nil {
			return err
		}
		profiles = append(charges, payments...)
	}
	return r.withApp(func(a *app.App) error {
		list := []reconcile.Loaded{}
		for _, path := range c.Files {
			x, err := a.Reconcile.LoadPath(r.ctx, operator, path, profiles)
			if err != nil {
				return err
			}
			list = append(list, x)
		}
		return r.print(list, func() {
			for i := range list {
				r.sayMoneyFile(&list[i])
			}
		})
	})
}

func (r *run) sayMoneyFile(x *reconcile.Loaded) {
	if x.Known {
		r.say("%s: этот файл уже принят.", x.File)
		return
	}
	r.say("%s: %s – %s, строк %d, сумма %s, комиссия %s", x.File, x.From, x.To, x.Lines, x.Sum.Format(), x.Fee.Format())
	r.say("    повторов %d, отложено %d, зачислено платежей %d, невыясненных %d", x.Repeated, x.Quarantined, x.Booked, x.Suspense)
	for _, note := range x.Notes {
		r.say("    %s", r.lang().Said(note))
	}
}

type reconcileRunCmd struct {
	From string `help:"С какого дня; без него – со дня, за который пришло новое." placeholder:"ДЕНЬ"`
	To   string `help:"По какой день." placeholder:"ДЕНЬ"`
}

func (c reconcileRunCmd) Run(r *run) error {
	p, err := periodOf(c.From, c.To)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		stop := r.busy()
		res, err := a.Reconcile.Run(r.ctx, operator, p)
		stop()
		if err != nil {
			return err
		}
		err = r.print(res, func() {
			r.say("Сверено с %s по %s: дней партнёров %d, сходится %d, рано судить %d, расходится %d.", res.From, res.To, res.Days, res.Equal, res.Waiting, res.Differs)
			r.say("Расхождений новых %d, устранено %d, ждут людей %d.", res.Opened, res.Resolved, res.Open)
		})
		if err == nil && res.Open > 0 {
			return statusError(exitFindings)
		}
		return err
	})
}

// periodOf reads the ends of a period; an empty one stays open.
func periodOf(from, to string) (p reconcile.Period, err error) {
	if p.From, err = optionalDay("--from", from); err == nil {
		p.To, err = optionalDay("--to", to)
	}
	return p, err
}

type reconcileShowCmd struct {
	From    string `help:"С какого дня; без него – все сверенные." placeholder:"ДЕНЬ"`
	To      string `help:"По какой день." placeholder:"ДЕНЬ"`
	Differs bool   `help:"Только дни, где не сходится."`
}

func (c reconcileShowCmd) Run(r *run) error {
	p, err := periodOf(c.From, c.To)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		all, err := a.Reconcile.Matrix(r.ctx, operator, p)
		if err != nil {
			return err
		}
		list := []reconcile.DayShown{}
		for _, d := range all {
			if !c.Differs || d.State == reconcile.DayDiffers || d.State == reconcile.DayMissing {
				list = append(list, d)
			}
		}
		return r.print(list, func() {
			for i := range list {
				d := &list[i]
				r.say("%-20s %s  у нас %14s  реестр %14s  банк %14s  комиссия %10s  разница %12s  %s", d.Name, d.Day, d.Ours.FormatBare(), d.Register.FormatBare(), d.Bank.FormatBare(), d.BankFee.FormatBare(), d.Difference.FormatBare(), r.lang().Word(reconcile.DayWords[d.State]))
			}
			if len(list) == 0 {
				r.say("Показывать нечего. Сверка: kvit reconcile run.")
			}
		})
	})
}

type reconcileListCmd struct {
	Partner string `help:"Код партнёра." placeholder:"КОД"`
	Cause   string `help:"Причина: only_theirs, only_ours, sum, doubled, wrong_day, refund_day, currency, no_register, control, bank_missing, bank_only, bank_sum, bank_doubled, fee." placeholder:"ПРИЧИНА"`
	State   string `default:"" enum:",open,explained,accepted,resolved,all" help:"open, explained, accepted, resolved или all; без него – те, что ждут людей."`
	Limit   int    `default:"0" help:"Сколько показать; 0 – все."`
}

func (c reconcileListCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.Reconcile.ListCases(r.ctx, operator, reconcile.CaseFilter{Partner: c.Partner, Cause: reconcile.Cause(c.Cause), State: c.State, Limit: c.Limit})
		if err != nil {
			return err
		}
		return r.print(list, func() {
			for i := range list {
				r.sayCase(&list[i])
			}
			if len(list) == 0 {
				r.say("Расхождений нет.")
			}
		})
	})
}

func (r *run) sayCase(x *reconcile.CaseShown) {
	r.say("№ %d: %s, %s, %s, %s: у нас %s, у них %s", x.ID, x.Partner, x.Day, r.lang().Word(x.Word), x.Operation, x.Ours.Format(), x.Theirs.Format())
	r.say("    %s, дней %d, %s. %s", r.lang().Word(reconcile.StateWords[x.State]), x.Age, r.lang().Word(x.Owner), r.lang().Word(x.Hint))
	if x.Note != "" {
		r.say("    %s: %s", x.ExplainedBy, x.Note)
	}
}

// withCase does one thing with a difference and shows it.
func (r *run) withCase(do func(a *app.App) (reconcile.CaseShown, error)) error {
	return r.withApp(func(a *app.App) error {
		x, err := do(a)
		if err != nil {
			return err
		}
		return r.print(x, func() { r.sayCase(&x) })
	})
}

type reconcileExplainCmd struct {
	ID     int64  `arg:"" name:"НОМЕР" help:"Номер из kvit reconcile list."`
	Reason string `required:"" help:"Почему так вышло." placeholder:"ПРИЧИНА"`
	Owner  string `help:"Кто занимается; без него – кто объясняет." placeholder:"ИМЯ"`
	Undo   bool   `help:"Просить второго человека снять наш платёж: у партнёра денег нет."`
	By     string `default:"cli" help:"Кто объясняет." placeholder:"ИМЯ"`
}

func (c reconcileExplainCmd) Run(r *run) error {
	want := reconcile.WantAccept
	if c.Undo {
		want = reconcile.WantReverse
	}
	return r.withCase(func(a *app.App) (reconcile.CaseShown, error) {
		return a.Reconcile.Explain(r.ctx, person(c.By), c.ID, reconcile.Explanation{Note: c.Reason, Owner: c.Owner, Want: want})
	})
}

type reconcileAcceptCmd struct {
	ID int64  `arg:"" name:"НОМЕР" help:"Номер из kvit reconcile list."`
	By string `required:"" help:"Кто принимает: не тот, кто объяснил." placeholder:"ИМЯ"`
}

func (c reconcileAcceptCmd) Run(r *run) error {
	return r.withCase(func(a *app.App) (reconcile.CaseShown, error) { return a.Reconcile.Accept(r.ctx, person(c.By), c.ID) })
}

type reconcileBankCmd struct{}

func (reconcileBankCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		b, err := a.Reconcile.BankBook(r.ctx, operator)
		if err != nil {
			return err
		}
		return r.print(b, func() {
			for i := range b.Accounts {
				r.sayBankAccount(&b.Accounts[i])
			}
			r.say("По книге центра пришло и ушло %s, из них не разнесено %s. Комиссия партнёров %s, прочие списания %s.", b.Booked.Format(), b.Unknown.Format(), b.PartnerFee.Format(), b.Other.Format())
			if len(b.Accounts) == 0 {
				r.say("Выписок ещё не было. Примите: kvit reconcile load.")
			}
		})
	})
}

func (r *run) sayBankAccount(x *reconcile.BankAccount) {
	r.say("Счёт %s: пришло %s, ушло %s", x.Account, x.In.Format(), x.Out.Format())
	if x.Told {
		r.say("    с %s %s, на %s по книге %s, по выписке %s, разница %s", r.dotted(x.From.Date()), x.Opening.Format(), r.dotted(x.To.Date()), x.Book.Format(), x.Closing.Format(), x.Difference.Format())
	}
}

type reconcilePartnersCmd struct {
	File string `arg:"" optional:"" name:"ФАЙЛ" help:"YAML: code, name, inn, account, channels, fee, settle, register." type:"existingfile"`
	By   string `default:"cli" help:"Кто загружает." placeholder:"ИМЯ"`
}

func (c reconcilePartnersCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.Reconcile.Partners(r.ctx, operator)
		if c.File != "" && err == nil {
			err = withFile(c.File, func(f io.Reader) error {
				list, err = a.Reconcile.LoadPartners(r.ctx, person(c.By), f)
				return err
			})
		}
		if err != nil {
			return err
		}
		return r.print(list, func() {
			for i := range list {
				r.say("%-20s %-40s ИНН %-12s %s", list[i].Code, list[i].Name, list[i].INN, list[i].Account)
			}
		})
	})
}

var reconcileExamples = []example{
	{"kvit reconcile load statement.txt sbp-report.csv", "Принять выписку банка и реестр СБП."},
	{"kvit reconcile load --formats partners.json agent_0511.csv", "Принять реестр агента, чью раскладку описывает профиль."},
	{"kvit reconcile run", "Сверить всё, за что пришло новое."},
	{"kvit reconcile list --cause doubled", "Операции, которые партнёр учёл дважды."},
	{"kvit reconcile explain 4012 --reason midnight --by olga", "Ольга объясняет расхождение № 4012…"},
	{"kvit reconcile accept 4012 --by vera", "…Вера принимает объяснение."},
}
