package main

import (
	"os"
	"path/filepath"
	"strings"

	"kvit/internal/app"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/statement"
)

type documentCmd struct {
	Make  documentMakeCmd  `cmd:"" help:"Сделать справку или выписку семье."`
	Check documentCheckCmd `cmd:"" help:"Проверить, подлинный ли документ или выставленный счёт."`
}

type documentMakeCmd struct {
	accountFlags
	Kind  string `required:"" enum:"nodebt,account,charges,payments,readings,bill" help:"nodebt – нет долга, account – выписка, charges – начисления, payments – платежи, readings – показания, bill – счёт на сегодня." placeholder:"ВИД"`
	From  string `help:"С какого месяца, ГГГГ-ММ; без него три последних." placeholder:"МЕСЯЦ"`
	To    string `help:"По какой месяц, ГГГГ-ММ; без него текущий." placeholder:"МЕСЯЦ"`
	Only  string `help:"Код поставщика: документ только по нему." placeholder:"КОД"`
	PDF   string `name:"pdf" help:"Записать документ в файл PDF." placeholder:"ФАЙЛ"`
	Large bool   `help:"Счёт крупным шрифтом."`
	By    string `help:"Кто делает." default:"cli" placeholder:"ИМЯ"`
	paperFlags
}

// madeDocument is what document make says; docs/schema/document-make.schema.json describes it.
type madeDocument struct {
	Number   string              `json:"number"`
	Kind     statement.Kind      `json:"kind"`
	Title    string              `json:"title"`
	State    statement.State     `json:"state"`
	Period   string              `json:"period"`
	MadeAt   calendar.MomentText `json:"madeAt"`
	SumName  string              `json:"sumName"`
	Sum      int64               `json:"sum"` // kopecks
	Lead     string              `json:"lead"`
	SHA256   string              `json:"sha256"`
	CheckURL string              `json:"checkUrl"`
	Repeated bool                `json:"repeated"`
}

func (c documentMakeCmd) Run(r *run) error {
	req := statement.Request{Kind: statement.Kind(c.Kind), Supplier: c.Only, Actor: c.By}
	var err error
	if c.From != "" {
		if req.From, err = monthFlag("--from", c.From); err != nil {
			return err
		}
	}
	if c.To != "" {
		if req.To, err = monthFlag("--to", c.To); err != nil {
			return err
		}
	}
	return r.withApp(func(a *app.App) error {
		a.Bills.BaseURL, a.Bills.Centre = strings.TrimRight(c.BaseURL, "/"), c.centre()
		if req.Ref, _, err = a.Bills.FindByAccount(r.ctx, c.Supplier, strings.TrimSpace(c.Account), 0); err != nil {
			return err
		}
		d, refused, err := a.Documents.Make(r.ctx, req)
		if err != nil {
			return err
		}
		if refused != nil {
			return refused.Error()
		}
		if c.PDF != "" {
			if err := c.write(a, d); err != nil {
				return err
			}
		}
		return r.print(madeDocument{statement.PrintNumber(d.Number), d.Kind, d.Content.Title, d.State, d.Content.Period, calendar.MomentText(d.MadeAt), d.Content.SumName, int64(d.Sum), d.Content.Lead, d.Digest, a.Documents.CheckURL(d), d.Repeated}, func() {
			r.say("%s № %s, %s", d.Content.Title, statement.PrintNumber(d.Number), d.Content.Period)
			r.say("%s", d.Content.Lead)
			r.say("Проверить: %s", a.Documents.CheckURL(d))
		})
	})
}

func (c *documentMakeCmd) write(a *app.App, d *statement.Document) error {
	f, err := os.Create(c.PDF)
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не создаётся. Проверьте путь и права.", c.PDF).Because(err)
	}
	if err := a.Documents.PDF(f, d, c.Large); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

type documentCheckCmd struct {
	Number string `arg:"" help:"Номер с первой страницы документа." placeholder:"НОМЕР"`
	Code   string `help:"Код проверки: для выставленного счёта, он в нижней строке." placeholder:"КОД"`
}

// checkedDocument is what document check says; docs/schema/document-check.schema.json describes it.
type checkedDocument struct {
	State      string              `json:"state"` // genuine, replaced, withdrawn
	Kind       string              `json:"kind"`
	Title      string              `json:"title"`
	Number     string              `json:"number"`
	Address    string              `json:"address"` // masked, as the public page tells it
	Period     string              `json:"period"`
	Sum        int64               `json:"sum"` // kopecks
	MadeAt     calendar.MomentText `json:"madeAt"`
	SHA256     string              `json:"sha256"`
	ReplacedBy string              `json:"replacedBy,omitempty"`
	Reason     string              `json:"reason,omitempty"`
}

// checkWords are the states of a checked document in words.
var checkWords = map[string]string{"genuine": "подлинный, действует", "replaced": "подлинный, но заменён", "withdrawn": "отозван"}

func (c documentCheckCmd) Run(r *run) error {
	var x checkedDocument
	err := r.withApp(func(a *app.App) (err error) {
		if bill.IsIssuedNumber(c.Number) {
			x, err = c.issued(r, a)
			return err
		}
		d, err := a.Documents.Find(r.ctx, c.Number)
		if err != nil {
			return err
		}
		x = checkedDocument{"genuine", string(d.Kind), d.Content.Title, statement.PrintNumber(d.Number), bill.MaskAddress(d.Content.Address), d.Content.Period, int64(d.Sum), calendar.MomentText(d.MadeAt), d.Digest, statement.PrintNumber(d.Newer), d.Reason}
		if d.State != statement.Live {
			x.State = string(d.State)
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = r.print(x, func() {
		r.say("%s № %s: %s", x.Title, x.Number, r.lang().Word(checkWords[x.State]))
		r.say("%s, %s, от %s", x.Address, x.Period, x.MadeAt.Micros().Time().Format("02.01.2006"))
		if x.Reason != "" {
			r.say("%s", x.Reason)
		}
		r.say("SHA-256: %s", x.SHA256)
	})
	if err == nil && x.State != "genuine" {
		return statusError(exitFindings)
	}
	return err
}

// issued is a bill that was issued officially, by its number and check code.
func (c *documentCheckCmd) issued(r *run, a *app.App) (x checkedDocument, err error) {
	b, err := a.Bills.FindIssued(r.ctx, c.Number, c.Code)
	if err != nil {
		return x, err
	}
	x = checkedDocument{State: "genuine", Kind: "issued", Title: "Платёжный документ", Number: b.Issued.Number, Address: bill.MaskAddress(b.Address), Period: b.Issued.Month, Sum: int64(b.Total), MadeAt: calendar.MomentText(b.Issued.Published), SHA256: b.Issued.Digest}
	switch b.Issued.State {
	case bill.IssuedReplaced:
		x.State, x.ReplacedBy = "replaced", b.Newer()
	case bill.IssuedWithdrawn:
		x.State, x.Reason = "withdrawn", b.Issued.Withdrawal
	}
	return x, nil
}

type billsCmd struct {
	Print billsPrintCmd `cmd:"" help:"Напечатать счета месяца: файл PDF на дом, квартиры по порядку, только тем, кто не отказался от бумаги."`
}

type billsPrintCmd struct {
	Month string `required:"" help:"Месяц, ГГГГ-ММ." placeholder:"МЕСЯЦ"`
	Out   string `required:"" help:"Папка для файлов." placeholder:"ПАПКА"`
	House string `help:"Код одного дома; без него все." placeholder:"ДОМ"`
	All   bool   `help:"И тем, кто отказался от бумаги."`
	paperFlags
}

func (c billsPrintCmd) Run(r *run) error {
	month, err := monthFlag("--month", c.Month)
	if err != nil {
		return err
	}
	return r.withApp(func(a *app.App) error {
		a.Bills.BaseURL, a.Bills.Centre = strings.TrimRight(c.BaseURL, "/"), c.centre()
		req := statement.PrintRequest{Month: month, House: c.House, Dir: c.Out, All: c.All}
		if told := r.progress(); told != nil {
			req.Told = func(done, all int) { told("Дома", int64(done), int64(all)) }
		}
		made, err := a.Documents.Print(r.ctx, req)
		if err != nil {
			return err
		}
		return r.print(made, func() {
			for i := range made.Houses {
				if h := &made.Houses[i]; h.File != "" {
					r.say("%s: счетов %d, без бумаги %d – %s", h.Address, h.Bills, h.Without, filepath.Join(c.Out, h.File))
				}
			}
			r.say("Счетов %d, без бумаги %d, %.0f в секунду.", made.Bills, made.Without, float64(made.Bills)/max(made.Seconds, 0.001))
		})
	})
}
