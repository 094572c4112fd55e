package main

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"kvit/internal/app"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/text"
)

// wrongArgument is the code of a fault about the command line itself: wrong usage, not a refusal.
const wrongArgument = "argument"

// invalid makes an argument that could not be read a fault about the flag.
func invalid(flag, value, example string, err error) error {
	return fault.Newf(fault.Invalid, wrongArgument, "%s: %q не разобрать. Ожидается, например, %s.", flag, value, example).WithField(flag).Because(err)
}

// accountFlags name one account of a supplier.
type accountFlags struct {
	Supplier string `required:"" help:"Код поставщика." placeholder:"КОД"`
	Account  string `required:"" help:"Лицевой счёт, как в квитанции." placeholder:"НОМЕР"`
}

// find computes the bill of the household the account is in, or of the account alone.
func (f *accountFlags) find(r *run, a *app.App, at calendar.Micros) (*bill.Bill, error) {
	ref, id, err := a.Bills.FindByAccount(r.ctx, f.Supplier, strings.TrimSpace(f.Account), at)
	if err != nil {
		return nil, err
	}
	if ref.Household == 0 {
		return a.Bills.AtAccount(r.ctx, ref.Building, id, at)
	}
	return a.Bills.At(r.ctx, ref, at)
}

type billCmd struct {
	Show     billShowCmd     `cmd:"" help:"Показать живой счёт семьи по одному из её лицевых счетов."`
	Issue    billIssueCmd    `cmd:"" help:"Выставить счёт одной семье: первый за месяц или новый вместо прежнего."`
	Withdraw billWithdrawCmd `cmd:"" help:"Отозвать выставленный счёт семьи."`
	Reissue  billReissueCmd  `cmd:"" help:"Заменить выставленные счета, где суммы изменились: показать итог, потом другим человеком выставить волнами."`
}

type billShowCmd struct {
	accountFlags
	At     string `help:"На какой момент: 2026-11-23 или 2026-11-23T18:00:00+03:00." placeholder:"ВРЕМЯ" xor:"moment"`
	Issued string `help:"Счёт, каким его выставили за месяц ГГГГ-ММ." placeholder:"МЕСЯЦ" xor:"moment"`
	Draft  bool   `help:"Проект: счёт рассчитанного, но не выставленного месяца. Платить по нему нельзя." xor:"moment"`
	PDF    string `name:"pdf" help:"Записать платёжный документ в файл PDF." placeholder:"ФАЙЛ"`
	House  bool   `help:"В PDF – документы всех семей этого дома."`
	paperFlags
}

// paperFlags are what a printed document needs besides the bill. The address is where serve listens unless told.
type paperFlags struct {
	BaseURL string `name:"base-url" help:"Адрес страниц, на который ведёт большой QR: https://…" default:"http://127.0.0.1:8080" env:"KVIT_BASE_URL"`
	centreFlags
}

func (c billShowCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	at, err := parseMoment(c.At, a.Zone)
	if err != nil {
		return err
	}
	b, err := c.bill(r, a, at)
	if err != nil {
		return err
	}
	if c.PDF != "" {
		a.Bills.BaseURL, a.Bills.Centre = strings.TrimRight(c.BaseURL, "/"), c.centre()
		if err := c.write(r.ctx, a, b, at); err != nil {
			return err
		}
	}
	if err := a.Bills.Ahead(r.ctx, b); err != nil {
		return err
	}
	return r.print(b, func() { sayBill(r, b) })
}

// write draws the bill, or those of the whole house, into a file.
func (c *billShowCmd) write(ctx context.Context, a *app.App, b *bill.Bill, at calendar.Micros) (err error) {
	bills := []*bill.Bill{b}
	if c.House {
		if bills, err = a.Bills.House(ctx, b, at); err != nil {
			return err
		}
	}
	f, err := os.Create(c.PDF)
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не создаётся. Проверьте путь и права.", c.PDF).Because(err)
	}
	if err := a.Bills.PDF(ctx, f, bills); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// parseMoment reads a moment; a bare date means the end of that day in the region.
func parseMoment(s string, zone *time.Location) (calendar.Micros, error) {
	if s == "" {
		return 0, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return calendar.MicrosOf(t), nil
	}
	if t, err := time.ParseInLocation("2006-01-02T15:04:05", s, zone); err == nil {
		return calendar.MicrosOf(t), nil
	}
	d, err := calendar.ParseDate(s)
	if err != nil {
		return 0, fault.Newf(fault.Invalid, wrongArgument, "--at: %q не разобрать. Ожидается, например, 2026-11-23 или 2026-11-23T18:00:00+03:00.", s)
	}
	return calendar.MicrosOf(d.AddDays(1).Time(zone)) - 1, nil
}

func sayBill(r *run, b *bill.Bill) {
	r.say("%s", r.lang().Said(b.Address))
	sayIssued(r, b.Issued)
	if b.Status == bill.StatusDraft {
		r.say("ПРОЕКТ: счёт ещё не выставлен, платить по нему нельзя.")
	}
	if b.DueOn != 0 {
		r.say("К оплате %s до %s", b.Total.Format(), r.day(b.DueOn))
	} else {
		r.say("К оплате %s", b.Total.Format())
	}
	if b.Advance > 0 {
		r.say("Аванс %s", b.Advance.Format())
	}
	for _, l := range b.Lines {
		if l.Origin == why.ByKvit {
			r.say("  %-14s %-14s %-30s начислено %14s, к оплате %14s  (посчитал Квит)", l.Supplier, l.Account, l.Service, l.Charge.Format(), l.Due.Format())
			continue
		}
		r.say("  %-14s %-14s %-30s начислено %14s, к оплате %14s  (%s, %s %d)", l.Supplier, l.Account, l.Service, l.Charge.Format(), l.Due.Format(), l.Source.File, r.lang().Unit(l.Source.Unit), l.Source.Pos)
	}
	sayPreliminary(r, b.Preliminary)
	for i := range b.Plans {
		sayPlan(r, &b.Plans[i])
	}
	for i := range b.Late {
		sayLate(r, &b.Late[i])
	}
}

// sayPlan tells how a debt put off into parts stands.
func sayPlan(r *run, p *bill.InstalmentPlan) {
	r.say("Рассрочка %s %s %s: отложено %s, осталось %s", p.Supplier, p.Account, p.Service, p.PutOff.Format(), p.Rest.Format())
	if next := p.Next(); next != nil {
		r.say("  ближайшая часть за %s: %s, не оплачено %s", next.Month, next.Sum.Format(), next.Left.Format())
	}
}

// sayLate tells what is not paid of a month, and its penalty.
func sayLate(r *run, l *bill.LateDebt) {
	r.say("Не оплачено за %s: %s %s, %s из %s, срок оплаты %s", l.Month, l.Supplier, l.Account, l.Rest.Format(), l.Principal.Format(), r.dotted(l.Debt.Debt.Due))
	for i := range l.Intervals {
		v := &l.Intervals[i]
		r.say("  с %s по %s, дней %d: %s × %s %% ÷ %d = %s", v.From, v.To, v.Days, v.Balance.Format(), v.Rate, v.Over, v.Amount.Format())
	}
	if l.Starts != "" {
		r.say("  пени начнутся с %s, если не оплатить раньше", r.dotted(l.Debt.Starts))
		return
	}
	r.say("  пени на %s: %s, из них уже начислено %s; завтра прибавится %s", r.dotted(l.Day), l.Penalty.Format(), l.Charged.Format(), l.NextDay.Format())
}

// sayPreliminary tells of the month that is not charged yet.
func sayPreliminary(r *run, p *bill.Preliminary) {
	if p == nil {
		return
	}
	r.say("Предварительно за %s: %s (в «к оплате» не входит)", p.Month, p.Sum.Format())
	for _, l := range p.Lines {
		r.say("  %-14s %-14s %-30s предварительно %14s", l.Supplier, l.Account, l.Service, l.Sum.Format())
	}
}

// day is a date as people of the language write it.
func (r *run) day(d calendar.Date) string {
	if r.lang() == text.English {
		return d.String()
	}
	return d.Words()
}

// dotted is a date in figures.
func (r *run) dotted(d calendar.Date) string {
	if r.lang() == text.English {
		return d.String()
	}
	return d.Dotted()
}

type payCmd struct {
	accountFlags
	All      bool     `help:"Всё, что к оплате." xor:"what"`
	Sum      string   `help:"Сумма в рублях: 1234.56." xor:"what" placeholder:"СУММА"`
	Lines    string   `help:"Строки: поставщик:услуга=сумма через запятую; услугу можно не писать." xor:"what" placeholder:"СТРОКИ"`
	With     []string `help:"Счета других своих домов, поставщик:номер: всё одним платежом." placeholder:"СЧЁТ"`
	Ahead    bool     `help:"Разрешить платить вперёд, больше долга."`
	Key      string   `required:"" help:"Ключ платежа: повтор с ним не станет вторым платежом." placeholder:"КЛЮЧ"`
	Method   string   `help:"card или sbp." default:"card" enum:"card,sbp"`
	Hold     bool     `help:"Только отложить деньги на карте; списать – kvit capture, отпустить – kvit cancel."`
	Ask      bool     `help:"Если за три дня уже был такой же платёж, спросить: отказ с кодом 1, пока нет --again."`
	Again    bool     `help:"Заплатить, даже если такой же платёж уже был."`
	Simulate string   `help:"Поднять учебного эквайера: captured, declined или silent." enum:"captured,declined,silent," default:""`
}

// payResult is the JSON of kvit pay.
type payResult struct {
	Payment  string       `json:"payment"`
	State    string       `json:"state"`
	Sum      money.Amount `json:"sum"`
	Parts    []payPart    `json:"parts"`
	Advance  money.Amount `json:"advance"`
	Repeated bool         `json:"repeated"`
	Page     string       `json:"page,omitempty"`    // where the payer pays, or the link of СБП
	KnownBy  *time.Time   `json:"knownBy,omitempty"` // when it will be known what became of it
}

type payPart struct {
	Supplier string       `json:"supplier"`
	Account  string       `json:"account"`
	Service  string       `json:"service"`
	Amount   money.Amount `json:"amount"`
}

// payInput is what makes two calls with one key the same.
type payInput struct {
	Supplier, Account, Sum, Lines string
	All, Ahead                    bool
	With                          []string `json:",omitempty"`
	Hold                          bool     `json:",omitempty"`
}

func (c payCmd) Run(r *run) error {
	c.Account = strings.TrimSpace(c.Account)
	wish, err := c.wish()
	if err != nil {
		return err
	}
	settings := r.settings()
	if settings.Acquirers, err = acquirersFromEnv(); err != nil {
		return err
	}
	if c.Simulate != "" {
		stop, err := startSimulator(r.ctx, &settings, c.Simulate)
		if err != nil {
			return err
		}
		defer stop()
	}
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	with, err := c.others()
	if err != nil {
		return err
	}
	o, err := a.Pay(r.ctx, app.PayRequest{
		Supplier: c.Supplier, Account: c.Account, With: with, Wish: wish, Key: c.Key, Method: c.Method, Actor: "cli", Hold: c.Hold, AskAlike: c.Ask && !c.Again,
		Input: payInput{c.Supplier, c.Account, c.Sum, c.Lines, c.All, c.Ahead, c.With, c.Hold},
	})
	if err != nil {
		return err
	}
	res, err := payResultOf(r, a, &o)
	if err != nil {
		return err
	}
	if err := r.print(res, func() { sayPayment(r, res, &o) }); err != nil {
		return err
	}
	return payStatus(o.State)
}

// payStatus turns a state into the exit status: captured 0, declined 1, unknown 3.
func payStatus(state string) error {
	switch state {
	case payment.StateCaptured, payment.StateCredited, payment.StateAuthorised:
		return nil
	case payment.StateDeclined, payment.StateCancelled, payment.StateExpired:
		return statusError(exitFindings)
	}
	return statusError(exitUnavailable)
}

func (c payCmd) wish() (payment.Wish, error) {
	w := payment.Wish{All: c.All, Ahead: c.Ahead}
	var err error
	switch {
	case c.Sum != "":
		if w.Sum, err = money.Parse(c.Sum); err != nil {
			err = invalid("--sum", c.Sum, "1234.56", err)
		}
	case c.Lines != "":
		w.Lines, err = parseLines(c.Lines)
	case !c.All:
		err = fault.New(fault.Invalid, wrongArgument, "Укажите, что оплатить: --all, --sum или --lines.")
	}
	return w, err
}

func parseLines(s string) (list []payment.WishLine, err error) {
	for part := range strings.SplitSeq(s, ",") {
		name, sum, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fault.Newf(fault.Invalid, wrongArgument, "--lines: %q не разобрать. Ожидается поставщик:услуга=сумма.", part)
		}
		amount, err := money.Parse(sum)
		if err != nil {
			return nil, invalid("--lines", sum, "energia=320.50", err)
		}
		code, service, _ := strings.Cut(strings.TrimSpace(name), ":")
		list = append(list, payment.WishLine{Supplier: code, Service: service, Sum: amount})
	}
	return list, nil
}

// others reads the accounts of the payer's other homes.
func (c payCmd) others() (list []app.Ref, err error) {
	for _, s := range c.With {
		code, number, ok := strings.Cut(s, ":")
		if !ok {
			return nil, fault.Newf(fault.Invalid, wrongArgument, "счёт %q: ожидается поставщик:номер", s)
		}
		list = append(list, app.Ref{Supplier: code, Account: number})
	}
	return list, nil
}

// payResultOf tells of an order as it was paid: what went back later is not a part of the answer.
func payResultOf(r *run, a *app.App, o *payment.Order) (payResult, error) {
	o.Parts = slices.DeleteFunc(o.Parts, func(p payment.Part) bool { return p.Amount < 0 })
	res := payResult{Payment: o.PublicID, State: publicState(o.State), Sum: o.Sum, Advance: o.Advance(), Repeated: o.Repeated, Parts: []payPart{}}
	if o.State == payment.StatePending || o.State == payment.StateCreated {
		by := o.KnownBy(calendar.MicrosOf(time.Now())).Time().UTC()
		res.Page, res.KnownBy = o.RedirectURL, &by
	}
	names, err := a.PartNames(r.ctx, o)
	if err != nil {
		return res, err
	}
	for i := range o.Parts {
		res.Parts = append(res.Parts, payPart{names[i].Supplier, names[i].Account, names[i].Service, o.Parts[i].Amount})
	}
	return res, nil
}

// publicState tells the outside what matters to a payer: a credited order is captured.
func publicState(state string) string {
	if state == payment.StateCredited {
		return payment.StateCaptured
	}
	return state
}

func sayPayment(r *run, res payResult, o *payment.Order) {
	r.say("%s: %s, платёж %s", r.lang().Said(payment.Labels[o.State]), res.Sum.Format(), res.Payment)
	for _, p := range res.Parts {
		r.say("  %-14s %-14s %-24s %s", p.Supplier, p.Account, p.Service, p.Amount.Format())
	}
	if res.Repeated {
		r.say("Это повтор: платёж с таким ключом уже был, второй раз ничего не списано.")
	}
	switch {
	case o.State == payment.StatePending || o.State == payment.StateCreated:
		r.say("Банк ещё не ответил. Деньги не потеряются. Второй раз платить не нужно: повторите команду с тем же ключом.")
		if o.RedirectURL != "" {
			r.say("Страница оплаты: %s", o.RedirectURL)
		}
	case o.State == payment.StateAuthorised:
		r.say("Деньги отложены на карте. Списать: kvit capture, отпустить: kvit cancel.")
	case o.Reason != "":
		r.say("Причина: %s. Списания не было.", r.lang().Said(o.Reason))
	}
}
