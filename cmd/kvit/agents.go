package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/biller"
	agents "kvit/internal/payment/gateway/agent/simulator"
)

type agentsCmd struct {
	Load     agentsLoadCmd     `cmd:"" help:"Подключить банки и сети терминалов или изменить их договоры: YAML."`
	List     agentsListCmd     `cmd:"" help:"Показать агентов: договор, платежи и запросы за сегодня."`
	Requests agentsRequestsCmd `cmd:"" help:"Показать, что агент спрашивал и что ему ответили."`
	Register agentsRegisterCmd `cmd:"" help:"Записать реестр операций агента за день."`
	Compare  agentsCompareCmd  `cmd:"" help:"Сверить реестр агента с нашими операциями."`
}

type agentsLoadCmd struct {
	File string `arg:"" name:"ФАЙЛ" help:"Список агентов; «-» – стандартный ввод."`
}

func (c agentsLoadCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		text, err := readAll(c.File, biller.FileMax)
		if err != nil {
			return err
		}
		rows, err := a.Agents.Load(r.ctx, operator, text)
		if err != nil {
			return err
		}
		return r.print(map[string][]biller.LoadRow{"agents": rows}, func() {
			words := map[string]string{"added": "подключён", "changed": "изменён", "same": "без изменений"}
			for _, x := range rows {
				r.say("%-16s %s", x.Code, r.lang().Word(words[x.State]))
				if x.Secret != "" {
					r.say("%s: секрет %s. Запишите секрет: больше мы его не покажем.", x.Code, x.Secret)
				}
			}
		})
	})
}

type agentsListCmd struct{}

func (agentsListCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.Agents.List(r.ctx, operator)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Агентов нет. Подключите их: kvit agents load ФАЙЛ.")
			}
			for i := range list {
				x := &list[i]
				r.say("%-16s %-13s %-8s %s, сегодня платежей %d на %s, запросов %d, отказов %d, тревог %d", x.Code, x.Dialect, x.State, x.Path, x.Count, x.Sum.Format(), x.Asked, x.Failed, x.Alarms)
			}
		})
	})
}

type agentsRequestsCmd struct {
	Code  string `arg:"" name:"АГЕНТ" help:"Код агента."`
	Txn   string `help:"Только об одной операции: её номер у агента." placeholder:"НОМЕР"`
	Limit int    `help:"Сколько последних запросов показать." default:"50"`
}

func (c agentsRequestsCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.Agents.Requests(r.ctx, operator, c.Code, c.Txn, max(1, c.Limit))
		if err != nil {
			return err
		}
		return r.print(list, func() {
			for _, x := range list {
				r.say("%s  %s %s → %d", x.At.Time().In(a.Zone).Format(time.DateTime), x.Network, x.Request, x.Code)
			}
		})
	})
}

type agentsRegisterCmd struct {
	Code string `arg:"" name:"АГЕНТ" help:"Код агента."`
	Day  string `required:"" help:"День по часам агента, ГГГГ-ММ-ДД." placeholder:"ДЕНЬ"`
	Out  string `help:"Записать таблицей CSV в файл." placeholder:"ФАЙЛ"`
}

// agentRegister is the JSON of kvit agents register.
type agentRegister struct {
	Agent      string             `json:"agent"`
	Day        string             `json:"day"`
	Count      int                `json:"count"`
	Sum        money.Amount       `json:"sum"`
	Operations []biller.Operation `json:"operations"`
}

func (c agentsRegisterCmd) Run(r *run) error {
	day, err := calendar.ParseDate(c.Day)
	if err != nil {
		return invalid("--day", c.Day, "2026-11-23", err)
	}
	return r.withApp(func(a *app.App) error {
		list, err := a.Agents.Register(r.ctx, operator, c.Code, day)
		if err == nil && c.Out != "" {
			err = writeAgentRegister(c.Out, list)
		}
		if err != nil {
			return err
		}
		res := agentRegister{Agent: c.Code, Day: day.String(), Count: len(list), Operations: list}
		for i := range list {
			res.Sum += list[i].Sum
		}
		return r.print(res, func() {
			for _, x := range list {
				r.say("%s  %-20s %-20s %14s  %s", x.At, x.Txn, x.Account, x.Sum.Format(), x.State)
			}
			r.say("Операций %d на %s", res.Count, res.Sum.Format())
		})
	})
}

func writeAgentRegister(path string, list []biller.Operation) error {
	f, err := os.Create(path)
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не создаётся. Проверьте путь и права.", path).Because(err)
	}
	if err := biller.WriteRegister(f, list); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

type agentsCompareCmd struct {
	Code    string `arg:"" name:"АГЕНТ" help:"Код агента."`
	File    string `arg:"" name:"ФАЙЛ" help:"Реестр агента за день." type:"existingfile"`
	Day     string `required:"" help:"День по часам агента, ГГГГ-ММ-ДД." placeholder:"ДЕНЬ"`
	Formats string `help:"Профиль реестра: YAML или JSON; без него профиль подбирается по файлу." placeholder:"ФАЙЛ" type:"existingfile"`
	Book    bool   `help:"Зачислить то, о чём агент не сообщил: с пометкой «по реестру»."`
}

func (c agentsCompareCmd) Run(r *run) error {
	day, err := calendar.ParseDate(c.Day)
	if err != nil {
		return invalid("--day", c.Day, "2026-11-23", err)
	}
	req := &biller.CompareRequest{Code: c.Code, Day: day, Path: c.File, Book: c.Book}
	if c.Formats != "" {
		_, _, payments, err := register.LoadFormats(c.Formats)
		if err == nil {
			req.Profile, err = biller.ProfileOf(payments, filepath.Base(c.File))
		}
		if err != nil {
			return err
		}
	}
	return r.withApp(func(a *app.App) error {
		res, err := a.Agents.Compare(r.ctx, operator, req)
		if err != nil {
			return err
		}
		if err := r.print(res, func() { r.sayComparison(res) }); err != nil || res.OK {
			return err
		}
		return statusError(exitFindings)
	})
}

// comparisonWords are the kinds of differences in words.
var comparisonWords = map[string]string{
	biller.OnlyOurs: "есть только у нас", biller.OnlyTheirs: "есть только у агента", biller.SumsDiffer: "разные суммы", biller.AccountsDiffer: "разные счета", biller.Unread: "строка не разобрана",
}

func (r *run) sayComparison(c *biller.Comparison) {
	r.say("Сошлось операций: %d на %s. У нас %s, у агента %s.", c.Matched, c.MatchedSum.Format(), c.Ours.Format(), c.Theirs.Format())
	for _, d := range c.Differences {
		r.say("  %-20s %-20s у нас %s, у агента %s: %s", d.Txn, d.Account, d.Ours.Format(), d.Theirs.Format(), r.lang().Word(comparisonWords[d.Kind]))
		switch {
		case d.Booked:
			r.say("    зачислено по реестру")
		case d.Reason != "":
			r.say("    %s", r.lang().Said(d.Reason))
		}
	}
}

type simulateAgentCmd struct {
	Dialect  string        `required:"" help:"Протокол агента: один из описанных в docs/formats/agents.md." enum:"osmp,sber,sber-command,cyberplat" placeholder:"ПРОТОКОЛ"`
	URL      string        `name:"url" required:"" help:"Адрес двери агента: http://127.0.0.1:8080/agents/КОД." placeholder:"АДРЕС"`
	Accounts string        `required:"" help:"Счета через запятую, как их знает агент." placeholder:"СЧЕТА"`
	Sum      string        `help:"Сумма платежа в рублях." default:"100.00" placeholder:"СУММА"`
	Login    string        `help:"Имя для HTTP Basic; без него секрет передаётся ключом." placeholder:"ИМЯ"`
	Secret   string        `help:"Секрет агента." env:"KVIT_AGENT_SECRET" placeholder:"СЕКРЕТ"`
	Parallel int           `help:"Сколько раз послать каждый платёж одновременно." default:"1"`
	Double   int           `help:"Сколько раз повторить каждый платёж потом." default:"1"`
	Lose     float64       `help:"Доля ответов, потерянных по дороге, 0–1." placeholder:"ЧИСЛО"`
	Cancel   bool          `help:"В конце отменить каждый платёж."`
	Tries    int           `help:"Сколько раз повторять запрос без окончательного ответа." default:"10"`
	Pause    time.Duration `help:"Пауза между повторами." default:"200ms" placeholder:"СРОК"`
	Timeout  time.Duration `help:"Сколько ждать ответа." default:"60s" placeholder:"СРОК"`
	First    int64         `help:"Номер первой операции; 0 – по часам." placeholder:"ЧИСЛО"`
	Seed     uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c simulateAgentCmd) Run(r *run) error {
	sum, err := money.Parse(c.Sum)
	if err != nil {
		return invalid("--sum", c.Sum, "1234.56", err)
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return invalid("--zone", r.Zone, "Europe/Moscow", err)
	}
	now := time.Now().In(zone)
	if c.First == 0 {
		c.First = now.UnixMilli()
	}
	res, err := agents.Run(r.ctx, agents.Options{
		Dialect: c.Dialect, URL: c.URL, Accounts: strings.Split(c.Accounts, ","), Sum: sum, Login: c.Login, Secret: c.Secret, Parallel: c.Parallel, Double: c.Double, Lose: c.Lose,
		Cancel: c.Cancel, Tries: c.Tries, Pause: c.Pause, Timeout: c.Timeout, First: c.First, Seed: c.Seed, Now: now,
	})
	if err != nil {
		return err
	}
	err = r.print(res, func() {
		r.say("Счетов %d: можно платить %d, оплачено %d, отказов %d, без ответа %d, отменено %d; запросов %d, потеряно ответов %d за %.1f с.", res.Accounts, res.Checked, res.Paid, res.Refused, res.Unknown, res.Cancelled, res.Requests, res.Lost, res.Seconds)
		if res.Different > 0 {
			r.say("Разные номера у одной операции: %d. Так быть не должно.", res.Different)
		}
		for _, code := range res.Codes {
			r.say("  отказ: %s", code)
		}
	})
	if err == nil && res.Refused+res.Unknown+res.Different > 0 {
		return statusError(exitFindings)
	}
	return err
}
