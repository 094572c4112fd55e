package main

import (
	"io"
	"os"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/settlement"
)

type dayCmd struct {
	Close dayCloseCmd `cmd:"" help:"Закрыть день: посчитать платежи, записать их в книгу центра, подписать документ."`
	List  dayListCmd  `cmd:"" help:"Показать закрытые дни."`
	Show  dayShowCmd  `cmd:"" help:"Показать документ закрытого дня; он не меняется."`
}

type dayCloseCmd struct {
	Day string `help:"Какой день; без него – вчера." placeholder:"ДЕНЬ"`
	By  string `help:"Кто закрывает." default:"cli" placeholder:"ИМЯ"`
}

func (c dayCloseCmd) Run(r *run) error {
	day, err := optionalDay("--day", c.Day)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		stop := r.busy()
		closed, err := a.Settlement.CloseDay(r.ctx, c.By, day)
		stop()
		if err != nil {
			return err
		}
		return printClose(r, closed)
	})
}

// closeShown is the JSON of a closed day: its document, and the digest that signs it.
type closeShown struct {
	*settlement.Document
	Digest string `json:"digest"`
}

func printClose(r *run, c *settlement.Close) error {
	d, err := c.Document()
	if err != nil {
		return err
	}
	return r.print(closeShown{d, c.Digest}, func() {
		r.say("День %s закрыт, № %d: платежей %d, собрано %s, возвращено %s, комиссия %s", r.dotted(d.Day.Date()), d.No, d.Payments, d.Collected.Format(), d.Refunded.Format(), d.Fee.Format())
		for _, x := range d.Channels {
			if x.Late {
				r.say("  %-16s %s поздние: платежей %d, собрано %s", x.Channel, r.dotted(x.Day.Date()), x.Payments, x.Collected.Format())
				continue
			}
			r.say("  %-16s %s платежей %d, собрано %s", x.Channel, r.dotted(x.Day.Date()), x.Payments, x.Collected.Format())
		}
		for _, s := range d.Suppliers {
			r.say("  %-16s к перечислению %s", s.Code, s.Net.Format())
		}
		r.say("Сверка: %s. Ждут решения: %d.", r.lang().Said(d.Reconciled.State), len(d.Exceptions))
		r.say("Отпечаток %s", c.Digest)
	})
}

type dayListCmd struct {
	Limit int `default:"31" help:"Сколько показать."`
}

func (c dayListCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.Settlement.ListCloses(r.ctx, c.Limit)
		if err != nil {
			return err
		}
		heads := make([]settlement.CloseHead, len(list))
		for i := range list {
			heads[i] = list[i].Head()
		}
		return r.print(heads, func() {
			if len(heads) == 0 {
				r.say("Ни один день не закрыт. Закройте: kvit day close.")
			}
			for _, h := range heads {
				r.say("№ %d за %s, проводок %d, %s", h.No, r.dotted(h.Day.Date()), h.Transactions, h.Digest)
			}
		})
	})
}

type dayShowCmd struct {
	Day  string `arg:"" optional:"" name:"ДЕНЬ" help:"Какой день; без него – последний закрытый."`
	No   int64  `help:"По номеру." placeholder:"НОМЕР"`
	PDF  string `name:"pdf" help:"Записать документ в файл PDF." placeholder:"ФАЙЛ"`
	Text bool   `help:"Весь документ текстом, как он печатается."`
}

func (c dayShowCmd) Run(r *run) error {
	day, err := optionalDay("ДЕНЬ", c.Day)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		closed, err := c.find(r, a, day)
		if err != nil {
			return err
		}
		d, err := closed.Document()
		if err != nil {
			return err
		}
		if c.PDF != "" {
			if err := writeTo(c.PDF, func(f io.Writer) error { return d.PDF(f, closed.Digest) }); err != nil {
				return err
			}
		}
		if c.Text {
			_, err := io.WriteString(r.out, d.Text(closed.Digest))
			return err
		}
		return printClose(r, closed)
	})
}

func (c *dayShowCmd) find(r *run, a *app.App, day calendar.Date) (*settlement.Close, error) {
	if c.No != 0 || day != 0 {
		return a.Settlement.FindClose(r.ctx, c.No, day)
	}
	list, err := a.Settlement.ListCloses(r.ctx, 1)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "day.unknown", "Ни один день не закрыт. Закройте: kvit day close.")
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// optionalDay reads a day that may be left out.
func optionalDay(flag, value string) (calendar.Date, error) {
	if value == "" {
		return 0, nil
	}
	day, err := calendar.ParseDate(value)
	if err != nil {
		return 0, invalid(flag, value, "2026-11-24", err)
	}
	return day, nil
}

// writeTo writes a file that a command was asked for.
func writeTo(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не создаётся. Проверьте путь и права.", path).Because(err)
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

type contractsCmd struct {
	Load contractsLoadCmd `cmd:"" help:"Загрузить договоры с поставщиками и счёт центра из файла YAML."`
	List contractsListCmd `cmd:"" help:"Показать договоры, которые действуют."`
	Fee  contractsFeeCmd  `cmd:"" help:"Сколько стоит приём платежа и кто за него платит."`
}

type contractsLoadCmd struct {
	File string `arg:"" name:"ФАЙЛ" help:"Файл YAML." type:"existingfile"`
	By   string `help:"Кто загружает." default:"cli" placeholder:"ИМЯ"`
}

func (c contractsLoadCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		return withFile(c.File, func(f io.Reader) error {
			res, err := a.Settlement.LoadContracts(r.ctx, c.By, f)
			if err != nil {
				return err
			}
			return r.print(res, func() { r.say("Договоров загружено %d.", res.Contracts) })
		})
	})
}

type contractsListCmd struct {
	Day string `help:"На какой день; без него – сегодня." placeholder:"ДЕНЬ"`
}

func (c contractsListCmd) Run(r *run) error {
	day, err := optionalDay("--day", c.Day)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		if day == 0 {
			day = a.Settlement.Today()
		}
		list, err := a.Settlement.ListContracts(r.ctx, day)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Договоров нет: комиссии не берут, деньги перечисляют на следующий рабочий день.")
			}
			for i := range list {
				x := &list[i]
				r.say("%-16s № %s с %s: комиссию платит %s, %d,%02d %%, перечисление %s", x.Supplier, x.Number, r.dotted(x.From.Date()), r.lang().Word(payers[x.Fee.PaidBy]), x.Fee.Percent/100, x.Fee.Percent%100, r.lang().Word(rhythms[x.Payout.Every]))
			}
		})
	})
}

// payers and rhythms are the words for what contracts say.
var (
	payers  = map[string]string{settlement.BySupplier: "поставщик", settlement.ByPayer: "плательщик", settlement.ByNobody: "никто"}
	rhythms = map[string]string{settlement.EveryDay: "каждый день", settlement.EveryWeek: "раз в неделю", settlement.EveryMonth: "раз в месяц"}
)

type contractsFeeCmd struct {
	Supplier string `required:"" help:"Код поставщика." placeholder:"КОД"`
	Channel  string `default:"online" help:"Канал: online, sber, cash …"`
	Sum      string `required:"" help:"Сумма платежа в рублях." placeholder:"СУММА"`
	Benefit  bool   `help:"Плательщик – льготник: с него комиссии не берут."`
}

func (c contractsFeeCmd) Run(r *run) error {
	sum, err := money.Parse(c.Sum)
	if err != nil {
		return invalid("--sum", c.Sum, "1234.56", err)
	}
	return r.withApp(func(a *app.App) error {
		f, err := a.Settlement.FeeOf(r.ctx, c.Supplier, c.Channel, sum, c.Benefit)
		if err != nil {
			return err
		}
		return r.print(f, func() {
			r.say("Плательщик заплатит %s, из них комиссия %s; поставщик получит %s.", (f.Sum + f.Added).Format(), f.Added.Format(), (f.Sum - f.Kept).Format())
		})
	})
}
