package main

import (
	"io"
	"net/http"
	"time"

	"kvit/internal/app"
	"kvit/internal/fiscal"
	"kvit/internal/fiscal/atol"
	"kvit/internal/fiscal/atol/simulator"
)

// registerFlags say where the on-line cash register is and whose it is.
type registerFlags struct {
	CashboxURL      string `name:"cashbox-url" help:"Адрес онлайн-кассы по протоколу АТОЛ Онлайн, версия 5." env:"KVIT_CASHBOX_URL" placeholder:"АДРЕС"`
	CashboxLogin    string `name:"cashbox-login" help:"Имя для входа в онлайн-кассу." env:"KVIT_CASHBOX_LOGIN" placeholder:"ИМЯ"`
	CashboxPassword string `name:"cashbox-password" help:"Пароль онлайн-кассы; лучше через переменную." env:"KVIT_CASHBOX_PASSWORD" placeholder:"ТЕКСТ"`
	CashboxGroup    string `name:"cashbox-group" help:"Код группы касс." env:"KVIT_CASHBOX_GROUP" placeholder:"КОД"`
	CashboxINN      string `name:"cashbox-inn" help:"ИНН расчётного центра в чеках." env:"KVIT_CASHBOX_INN" placeholder:"ИНН"`
	CashboxTaxation string `name:"cashbox-taxation" help:"Система налогообложения: osn, usn_income, usn_income_outcome, esn, patent." default:"osn" env:"KVIT_CASHBOX_TAXATION" placeholder:"КОД"`
	CashboxPlace    string `name:"cashbox-place" help:"Место расчётов в чеках; без него – адрес страниц." env:"KVIT_CASHBOX_PLACE" placeholder:"ТЕКСТ"`
	CashboxEmail    string `name:"cashbox-email" help:"Почта отправителя чеков; на неё идут чеки тех, кто своей не назвал." env:"KVIT_CASHBOX_EMAIL" placeholder:"ПОЧТА"`
}

func (c *registerFlags) register() fiscal.Register {
	return fiscal.Register{Access: atol.Access{URL: c.CashboxURL, Login: c.CashboxLogin, Password: c.CashboxPassword, Group: c.CashboxGroup}, INN: c.CashboxINN, Taxation: c.CashboxTaxation, Place: c.CashboxPlace, Email: c.CashboxEmail}
}

type receiptsCmd struct {
	List    receiptsListCmd    `cmd:"" help:"Показать чеки: сначала те, с которыми что-то не так."`
	Show    receiptsShowCmd    `cmd:"" help:"Показать чек: строки, поставщики, признаки, что ответила касса."`
	Run     receiptsRunCmd     `cmd:"" help:"Сделать чеки того, что оплачено, и отправить в кассу."`
	Retry   receiptsRetryCmd   `cmd:"" help:"Отправить отклонённый чек ещё раз, когда причина устранена."`
	Correct receiptsCorrectCmd `cmd:"" help:"Исправить чек: коррекция вместо ненапечатанного, возврат и новый вместо ошибочного."`
	Policy  receiptsPolicyCmd  `cmd:"" help:"Правила чеков: кому нужны, НДС, освобождения."`
}

type receiptsListCmd struct {
	State string `help:"open – не напечатаны; waiting, asked, sent, done, refused, replaced." enum:"open,waiting,asked,sent,done,refused,replaced," default:""`
	Late  bool   `help:"Только опоздавшие: больше суток и не напечатаны."`
}

func (c receiptsListCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Receipts.List(r.ctx, fiscal.Filter{State: c.State, Late: c.Late})
	if err != nil {
		return err
	}
	if list == nil {
		list = []fiscal.Receipt{}
	}
	return r.print(map[string]any{"receipts": list}, func() {
		for i := range list {
			sayReceipt(r, &list[i])
		}
		r.say("Чеков: %d.", len(list))
	})
}

func sayReceipt(r *run, x *fiscal.Receipt) {
	r.say("№ %-8d %-18s %12s  %s  %s", x.ID, r.lang().Word(fiscal.Kinds[x.Kind]), x.Sum.Format(), r.day(x.SettledOn), r.lang().Word(fiscal.Labels[x.State]))
	if x.Late {
		r.say("    опаздывает больше суток")
	}
	if x.Trouble != "" {
		r.say("    %s [%s] %s", r.lang().Said(x.Trouble), x.TroubleCode, r.lang().Said(x.Advice))
	}
}

// receiptArg names a receipt.
type receiptArg struct {
	Number int64 `arg:"" name:"НОМЕР" help:"Номер чека."`
}

type receiptsShowCmd struct{ receiptArg }

func (c receiptsShowCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	x, err := a.Receipts.Show(r.ctx, c.Number)
	if err != nil {
		return err
	}
	return r.print(x, func() {
		sayReceipt(r, &x)
		for _, l := range x.Lines {
			r.say("    %12s  %s  [1214=%d 1212=%d %s]  %s, ИНН %s", l.Amount.Format(), l.Name, l.Method, l.Subject, l.Vat, l.SupplierName, l.SupplierINN)
		}
		if x.FN != "" {
			r.say("    ФН %s, ФД %s, ФП %s, %s", x.FN, x.FD, x.FP, x.PrintedAt)
			r.say("    %s", x.QR)
		}
	})
}

type receiptsRunCmd struct {
	registerFlags
	Wait time.Duration `help:"Сколько ждать, пока касса напечатает." placeholder:"СРОК"`
}

// printPause is how often a waiting run looks again.
const printPause = 200 * time.Millisecond

func (c receiptsRunCmd) Run(r *run) error {
	settings := r.settings()
	settings.Register = c.register()
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Receipts.Begin(r.ctx); err != nil {
		return err
	}
	total, err := c.rounds(r, a)
	if err != nil {
		return err
	}
	err = r.print(total, func() {
		r.say("Чеков сделано %d, зачётов аванса %d, отправлено %d, напечатано %d, отклонено %d; ждут %d, опаздывают %d.", total.Made, total.Offset, total.Sent, total.Printed, total.Refused, total.Open, total.Late)
	})
	if err == nil && total.Refused+total.Late > 0 {
		return statusError(exitFindings)
	}
	return err
}

// rounds goes on until nothing is under way or the time is over.
func (c receiptsRunCmd) rounds(r *run, a *app.App) (total fiscal.Done, err error) {
	for end := time.Now().Add(c.Wait); ; {
		d, err := a.Receipts.Run(r.ctx)
		if err != nil {
			return total, err
		}
		total = fiscal.Done{Made: total.Made + d.Made, Offset: total.Offset + d.Offset, Sent: total.Sent + d.Sent, Printed: total.Printed + d.Printed, Refused: total.Refused + d.Refused, Open: d.Open, Late: d.Late}
		if d.Open == 0 || !a.Receipts.Sends() || time.Now().After(end) {
			return total, nil
		}
		select {
		case <-r.ctx.Done():
			return total, r.ctx.Err()
		case <-time.After(printPause):
		}
	}
}

type receiptsRetryCmd struct {
	Number int64 `arg:"" optional:"" name:"НОМЕР" help:"Номер чека."`
	All    bool  `help:"Все отклонённые."`
}

func (c receiptsRetryCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	n := 1
	if c.All {
		n, err = a.Receipts.RetryAll(r.ctx, operator.String())
	} else {
		err = a.Receipts.Retry(r.ctx, operator.String(), c.Number)
	}
	if err != nil {
		return err
	}
	return r.print(map[string]int{"retried": n}, func() { r.say("Отправим ещё раз: %d.", n) })
}

type receiptsCorrectCmd struct {
	receiptArg
	Reason string `required:"" help:"Почему исправляют." placeholder:"ТЕКСТ"`
}

func (c receiptsCorrectCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	number, err := a.Receipts.Correct(r.ctx, operator.String(), c.Number, c.Reason)
	if err != nil {
		return err
	}
	return r.print(map[string]int64{"number": number}, func() { r.say("Чек № %d исправит чек № %d.", number, c.Number) })
}

type receiptsPolicyCmd struct {
	Load receiptsPolicyLoadCmd `cmd:"" help:"Загрузить правила из YAML; правила добавляются с указанного дня."`
	List receiptsPolicyListCmd `cmd:"" help:"Показать правила."`
}

type receiptsPolicyLoadCmd struct {
	File string `arg:"" name:"ФАЙЛ" help:"Список правил: supplier, from, duty, vat, prepaid, reason." type:"existingfile"`
}

func (c receiptsPolicyLoadCmd) Run(r *run) error {
	return withFile(c.File, func(f io.Reader) error {
		a, err := r.open()
		if err != nil {
			return err
		}
		defer a.Close()
		n, err := a.Receipts.LoadPolicy(r.ctx, operator.String(), f)
		if err != nil {
			return err
		}
		return r.print(map[string]int{"rules": n}, func() { r.say("Правил загружено: %d.", n) })
	})
}

type receiptsPolicyListCmd struct{}

func (receiptsPolicyListCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Receipts.ListPolicies(r.ctx)
	if err != nil {
		return err
	}
	if list == nil {
		list = []fiscal.Policy{}
	}
	return r.print(map[string]any{"rules": list}, func() {
		for i := range list {
			p := &list[i]
			if *p.Duty {
				r.say("%-14s с %s: чек нужен, %s, %s, %s", p.Supplier, r.dotted(p.From), p.Vat, p.Prepaid, p.Agent)
			} else {
				r.say("%-14s с %s: чек не нужен, %s", p.Supplier, r.dotted(p.From), p.Reason)
			}
		}
	})
}

type simulateCashboxCmd struct {
	Listen   string        `help:"Где слушать." default:"127.0.0.1:8092"`
	Login    string        `help:"Имя для входа." default:"kvit"`
	Password string        `help:"Пароль." default:"simulator" env:"KVIT_CASHBOX_PASSWORD"`
	Group    string        `help:"Код группы касс." default:"kvit"`
	Delay    time.Duration `help:"Сколько печатается чек." placeholder:"СРОК"`
	Fail     float64       `help:"Доля вызовов с ошибкой 500, 0–1." placeholder:"ЧИСЛО"`
	Lose     float64       `help:"Доля принятых чеков, ответ о которых потерян, 0–1." placeholder:"ЧИСЛО"`
	Refuse   float64       `help:"Доля чеков, которые касса не смогла напечатать, 0–1." placeholder:"ЧИСЛО"`
	Double   float64       `help:"Доля удвоенных уведомлений, 0–1." placeholder:"ЧИСЛО"`
	Silent   float64       `help:"Доля потерянных уведомлений, 0–1." placeholder:"ЧИСЛО"`
	Closed   time.Duration `help:"Сколько времени с запуска фискальный накопитель закрыт." placeholder:"СРОК"`
	Seed     uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c simulateCashboxCmd) Run(r *run) error {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return invalid("--zone", r.Zone, "Europe/Moscow", err)
	}
	s := simulator.New(simulator.Options{Zone: zone, Login: c.Login, Password: c.Password, Group: c.Group, Delay: c.Delay, Fail: c.Fail, Lose: c.Lose, Refuse: c.Refuse, Double: c.Double, Silent: c.Silent, Closed: c.Closed, Seed: c.Seed})
	return serveSimulator(r, c.Listen, func(string) http.Handler { return s.Handler() })
}
