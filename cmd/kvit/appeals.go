package main

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/app"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

type appealsCmd struct {
	List   appealsListCmd   `cmd:"" help:"Что жители просят проверить: ближайший срок ответа первым."`
	Send   appealsSendCmd   `cmd:"" help:"Отправить обращение от имени жителя: он не согласен со строкой счёта."`
	Show   appealsShowCmd   `cmd:"" help:"Одно обращение: расчёт, каким его видел житель, и что было."`
	Answer appealsAnswerCmd `cmd:"" help:"Ответить жителю: сумму исправляют или она верна."`
	Terms  appealsTermsCmd  `cmd:"" help:"Сроки ответов: показать или загрузить свои."`
}

// appealOut is an appeal as the commands print it.
type appealOut struct {
	Number   string       `json:"number"`
	State    appeal.State `json:"state"`
	Supplier string       `json:"supplier"`
	Account  string       `json:"account"`
	Line     string       `json:"line"`
	Month    string       `json:"month,omitempty"`
	Reason   string       `json:"reason"`
	Words    string       `json:"words"`
	Sum      money.Amount `json:"sum"`
	LeftOut  bool         `json:"leftOut"`
	Round    int          `json:"round"`
	SentAt   string       `json:"sentAt"`
	AnswerBy string       `json:"answerBy"`
	Clause   string       `json:"clause"`
	Late     bool         `json:"late"`
	Outcome  string       `json:"outcome,omitempty"`
	Answer   string       `json:"answer,omitempty"`
	Change   money.Amount `json:"change,omitempty"`
	ShowsIn  string       `json:"showsIn,omitempty"`
	ShownIn  string       `json:"shownIn,omitempty"`
	Shown    money.Amount `json:"shown,omitempty"`
	Digest   string       `json:"digest"`
	Steps    []stepOut    `json:"steps,omitempty"`
}

type stepOut struct {
	Kind  string `json:"kind"`
	Side  string `json:"side"`
	Actor string `json:"actor"`
	Words string `json:"words,omitempty"`
	At    string `json:"at"`
}

func appealOutOf(a *app.App, x *appeal.Appeal, codes map[int64]string) appealOut {
	today := calendar.DateOf(time.Now().In(a.Zone))
	_, digest := x.CalculationJSON()
	out := appealOut{Number: x.Number, State: x.State, Supplier: codes[x.SupplierID], Account: x.Account, Line: x.Service, Reason: x.Reason, Words: x.Words, Sum: x.Sum, LeftOut: x.Aside && x.Open(), Round: x.Round, SentAt: x.SentAt.Time().In(a.Zone).Format(time.RFC3339),
		AnswerBy: x.AnswerBy.String(), Clause: x.Clause, Late: x.Late(today), Outcome: x.Outcome, Answer: x.Answer, Change: x.Change, Shown: x.Shown, Digest: digest}
	for _, m := range []struct {
		to    *string
		month calendar.Month
	}{{&out.Month, x.Month}, {&out.ShowsIn, x.ShowsIn}, {&out.ShownIn, x.ShownIn}} {
		if m.month.Valid() {
			*m.to = m.month.String()
		}
	}
	return out
}

// supplierCodes are the codes of suppliers by their ids.
func (r *run) supplierCodes(a *app.App) (map[int64]string, error) {
	list, err := a.ListSuppliers(r.ctx)
	codes := map[int64]string{}
	for i := range list {
		codes[list[i].ID] = list[i].Code
	}
	return codes, err
}

// appealActor is the centre, or a supplier by his code.
func appealActor(codes map[int64]string, code string) (access.Actor, error) {
	if code == "" {
		return operator, nil
	}
	for id, c := range codes {
		if c == code {
			return access.Actor{Role: access.SupplierAdmin, Name: code, SupplierID: id}, nil
		}
	}
	return operator, invalid("--supplier", code, "vodokanal", nil)
}

// withAppeals opens the program for the centre, or for a supplier by his code.
func (r *run) withAppeals(supplier string, do func(a *app.App, actor access.Actor, codes map[int64]string) error) error {
	return r.withApp(func(a *app.App) error {
		codes, err := r.supplierCodes(a)
		if err != nil {
			return err
		}
		actor, err := appealActor(codes, supplier)
		if err != nil {
			return err
		}
		return do(a, actor, codes)
	})
}

type appealsListCmd struct {
	Supplier string `help:"Код поставщика: только обращения к нему." placeholder:"КОД"`
	State    string `default:"open" enum:"open,late,all" help:"open – ждут ответа, late – срок прошёл, all – все."`
	Limit    int    `default:"200" help:"Сколько показать."`
}

func (c appealsListCmd) Run(r *run) error {
	return r.withAppeals(c.Supplier, func(a *app.App, actor access.Actor, codes map[int64]string) error {
		if err := a.Appeals.Escalate(r.ctx); err != nil {
			return err
		}
		list, err := a.Appeals.List(r.ctx, actor, appeal.Filter{Open: c.State == "open", Late: c.State == "late", Limit: c.Limit})
		if err != nil {
			return err
		}
		out := []appealOut{}
		for i := range list {
			out = append(out, appealOutOf(a, &list[i], codes))
		}
		return r.print(out, func() {
			for i := range out {
				r.sayAppeal(&out[i])
			}
			if len(out) == 0 {
				r.say("Обращений нет.")
			}
		})
	})
}

func (r *run) sayAppeal(x *appealOut) {
	r.say("№ %s: %s, %s %s, %s, %s", appeal.ShowNumber(x.Number), r.lang().Word(appeal.Labels[x.State]), x.Supplier, x.Account, strings.TrimSpace(x.Line+" "+x.Month), x.Sum.Format())
	r.say("    %s", r.lang().Word(appeal.ReasonWords(x.Reason)))
	if x.Words != "" {
		r.say("    «%s»", x.Words)
	}
	if x.Late {
		r.say("    срок ответа прошёл %s (%s)", x.AnswerBy, x.Clause)
	} else {
		r.say("    ответить до %s (%s)", x.AnswerBy, x.Clause)
	}
}

type appealsSendCmd struct {
	Supplier string `required:"" help:"Код поставщика." placeholder:"КОД"`
	Account  string `required:"" help:"Номер лицевого счёта." placeholder:"НОМЕР"`
	Service  string `help:"Услуга, как её пишет поставщик; без неё – первая строка счёта." placeholder:"УСЛУГА"`
	Reason   string `default:"other" help:"Что не так: reading, average, norm, factor, persons, area, rate, common, recalc, no_recalc, quality, paid, penalty, other." placeholder:"ПРИЧИНА"`
	Text     string `help:"Что говорит житель." placeholder:"ТЕКСТ"`
	LeaveOut bool   `help:"Пока проверяют, не включать сумму в «Весь счёт»."`
	Key      string `help:"Ключ: повтор с ним ничего не отправит второй раз." placeholder:"КЛЮЧ"`
}

func (c appealsSendCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		ref, _, err := a.Bills.FindByAccount(r.ctx, c.Supplier, c.Account, 0)
		if err != nil {
			return err
		}
		b, err := a.Bills.At(r.ctx, ref, 0)
		if err != nil {
			return err
		}
		line := 1 + slices.IndexFunc(b.Lines, func(l bill.Line) bool {
			return l.Supplier == c.Supplier && l.Account == c.Account && (c.Service == "" || l.Service == c.Service)
		})
		actor := access.Actor{Role: access.Resident, Name: "cli", BuildingID: ref.Building, HouseholdID: ref.Household}
		x, err := a.Appeals.Begin(r.ctx, actor, cmp.Or(c.Key, web.NewKey()), appeal.Plea{Line: line, Reason: c.Reason, Words: c.Text, Aside: c.LeaveOut})
		if err == nil && x.State == appeal.Draft {
			x, err = a.Appeals.Send(r.ctx, actor, x.Number)
		}
		if err != nil {
			return err
		}
		return r.showAppeal(a, operator, x.Number)
	})
}

type appealsShowCmd struct {
	Number string `arg:"" name:"НОМЕР" help:"Номер из kvit appeals list."`
}

func (c appealsShowCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error { return r.showAppeal(a, operator, c.Number) })
}

func (r *run) showAppeal(a *app.App, actor access.Actor, number string) error {
	codes, err := r.supplierCodes(a)
	if err != nil {
		return err
	}
	s, err := a.Appeals.Find(r.ctx, actor, digitsOf(number))
	if err != nil {
		return err
	}
	out := appealOutOf(a, &s.Appeal, codes)
	for _, x := range s.Steps {
		out.Steps = append(out.Steps, stepOut{x.Kind, x.Side, x.Actor, x.Words, x.At.Time().In(a.Zone).Format(time.RFC3339)})
	}
	return r.print(out, func() {
		r.sayAppeal(&out)
		for i := range out.Steps {
			r.say("    %s %s (%s) %s", out.Steps[i].At, r.lang().Word(appeal.StepWords[out.Steps[i].Kind]), out.Steps[i].Actor, out.Steps[i].Words)
		}
	})
}

// digitsOf takes the hyphens people read a number with off.
func digitsOf(number string) string {
	return strings.NewReplacer("-", "", " ", "", "№", "").Replace(number)
}

type appealsAnswerCmd struct {
	Number    string `arg:"" name:"НОМЕР" help:"Номер из kvit appeals list."`
	Supplier  string `help:"Отвечает поставщик с этим кодом; без него – расчётный центр." placeholder:"КОД"`
	Corrected bool   `help:"Сумму исправляют."`
	Explained bool   `help:"Сумма верна."`
	Text      string `help:"Что прочитает житель." placeholder:"ТЕКСТ"`
	Change    string `help:"На сколько рублей изменится счёт: --change=-388.19 – станет меньше." placeholder:"РУБЛЕЙ"`
	Month     string `help:"В счёте за какой месяц это видно." placeholder:"МЕСЯЦ"`
	Instead   string `help:"Почему отвечает расчётный центр, пока срок поставщика не прошёл." placeholder:"ПРИЧИНА"`
}

func (c appealsAnswerCmd) Run(r *run) error {
	if c.Corrected == c.Explained {
		return invalid("--corrected", "", "kvit appeals answer 739-204-118 --explained --text …", nil)
	}
	reply := appeal.Reply{Outcome: appeal.Explained, Words: c.Text, Instead: c.Instead}
	if c.Corrected {
		reply.Outcome = appeal.Corrected
		var err error
		if reply.Change, err = money.Parse(c.Change); err != nil {
			return invalid("--change", c.Change, "-388.19", err)
		}
		if reply.ShowsIn, err = calendar.ParseMonth(c.Month); err != nil {
			return invalid("--month", c.Month, "2026-11", err)
		}
	}
	return r.withAppeals(c.Supplier, func(a *app.App, actor access.Actor, _ map[int64]string) error {
		if _, err := a.Appeals.Answer(r.ctx, actor, digitsOf(c.Number), reply); err != nil {
			return err
		}
		return r.showAppeal(a, actor, c.Number)
	})
}

type appealsTermsCmd struct {
	File string `arg:"" optional:"" name:"ФАЙЛ" help:"Файл YAML со сроками; без него показать действующие." type:"existingfile"`
}

func (c appealsTermsCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		if c.File != "" {
			if err := withFile(c.File, func(f io.Reader) error { return a.Appeals.LoadTerms(r.ctx, operator, f) }); err != nil {
				return err
			}
		}
		terms, err := a.Appeals.Terms(r.ctx, operator)
		if err != nil {
			return err
		}
		return r.print(terms, func() {
			for i := range terms {
				t := &terms[i]
				what, unit := r.lang().Word("любая причина"), r.lang().Word("дней подряд")
				if t.Reason != "" {
					what = r.lang().Word(appeal.ReasonWords(t.Reason))
				}
				if t.Working {
					unit = r.lang().Word("рабочих дней")
				}
				r.say("%-40s %d %s, %s", what, t.Days, unit, t.Clause)
			}
		})
	})
}
