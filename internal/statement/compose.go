package statement

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"kvit/internal/bill"
	"kvit/internal/billpdf"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// composing is a document on its way.
type composing struct {
	*Module
	req      Request
	supplier supplier.Supplier // ID 0: all
	at       calendar.Micros
	bill     *bill.Bill
	turnover *bill.Turnover // of the request's supplier and months
	orders   map[int64]payment.Net
	waitsFor int64 // the supplier a refusal waits for
	c        Content
}

// begin reads what documents are made of, as it is known now.
func (m *Module) begin(ctx context.Context, req Request) (*composing, error) {
	c := &composing{Module: m, req: req, at: m.Now()}
	if err := c.checkRequest(); err != nil {
		return nil, err
	}
	var err error
	if c.supplier, err = m.supplierOf(ctx, req.Supplier); err != nil {
		return nil, err
	}
	if c.bill, err = m.Bills.At(ctx, req.Ref, 0); err != nil {
		return nil, err
	}
	if c.supplier.ID != 0 && !has(c.bill, c.supplier.ID) {
		return nil, fault.New(fault.Invalid, "statement.supplier", "Этот поставщик вам услуг не начисляет. Выберите другого или всех.").WithField("supplier")
	}
	all, err := m.Bills.Turnover(ctx, c.bill, c.req.From, c.req.To)
	if err != nil {
		return nil, err
	}
	c.turnover = all.Of(c.supplier.ID)
	ids := make([]int64, 0, len(c.turnover.Parts))
	for i := range c.turnover.Parts {
		ids = append(ids, c.turnover.Parts[i].OrderID)
	}
	slices.Sort(ids)
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		c.orders, err = payment.Nets(ctx, tx, slices.Compact(ids))
		return err
	})
	return c, err
}

// checkRequest fills the months a request leaves out and holds it to its bounds.
func (c *composing) checkRequest() error {
	r, today := &c.req, c.today()
	if !slices.Contains(Kinds, r.Kind) {
		return fault.New(fault.Invalid, "statement.kind", "Выберите, какой документ нужен.").WithField("kind")
	}
	if r.Ref.Household == 0 {
		return fault.New(fault.NotFound, "statement.no_household", "Документы делаем по счёту семьи, а этот лицевой счёт пока ни с чьим не соединён.")
	}
	if !r.Kind.Dated() {
		r.From, r.To = today.Month().Add(-11), today.Month() // the payments the document stands on
		return nil
	}
	if r.To == 0 {
		r.To = today.Month()
	}
	if r.From == 0 {
		r.From = r.To.Add(-2)
	}
	switch {
	case !r.From.Valid() || !r.To.Valid() || r.From > r.To:
		return fault.New(fault.Invalid, "statement.period", "Первый месяц должен быть не позже последнего.").WithField("from")
	case r.To > today.Month():
		return fault.Newf(fault.Invalid, "statement.future", "Последний месяц – не позже %s %d года.", today.Month().Genitive(), today.Month().Year()).WithField("to")
	case r.From.Add(MonthsMax-1) < r.To:
		return fault.Newf(fault.Invalid, "statement.long", "Один документ – не больше чем за %d месяцев. Возьмите период короче.", MonthsMax).WithField("from")
	}
	return nil
}

// key names what is asked for: documents of one key replace each other.
func (c *composing) key() string {
	key := string(c.req.Kind) + "/" + strconv.FormatInt(c.supplier.ID, 10)
	if c.req.Kind.Dated() {
		key += fmt.Sprintf("/%d-%d", int(c.req.From), int(c.req.To))
	}
	return key
}

// compose fills the content, or tells why there is none.
func (c *composing) compose(ctx context.Context) (*Refusal, error) {
	c.c = Content{
		Kind: c.req.Kind, Title: Titles[c.req.Kind], Centre: billpdf.Centre(c.Bills.Centre), Address: c.bill.Address, Payer: c.bill.Payer,
	}
	var err error
	if c.c.Basis, err = c.basis(ctx); err != nil {
		return nil, err
	}
	if c.req.Kind.Dated() {
		c.c.Period = months(c.req.From, c.req.To)
		c.c.Facts = append(c.c.Facts, [2]string{"Период", c.c.Period})
	} else {
		c.c.Period = "на " + c.today().Words() + " " + strconv.Itoa(int(c.today())/10000) + " года"
	}
	if c.supplier.ID != 0 {
		c.c.Facts = append(c.c.Facts, [2]string{"Поставщик", c.supplier.Name})
	}
	switch c.req.Kind {
	case NoDebt:
		return c.noDebt(ctx)
	case Account:
		return c.account(), nil
	case Charges:
		return c.charges(), nil
	case Payments:
		return c.payments(), nil
	case Readings:
		return c.readings(ctx)
	}
	return c.wholeBill(ctx)
}

// document is the finished document, not kept yet.
func (c *composing) document() (*Document, error) {
	number, err := newNumber()
	if err != nil {
		return nil, err
	}
	c.c.Number, c.c.Made = number, c.at
	if c.c.Bill != nil {
		c.c.Bill.Number = PrintNumber(number)
	}
	c.c.Notes = append(c.c.Notes, "Документ сделан автоматически и действует без подписи и печати. Подлинность проверяют по номеру или QR-коду.")
	d := &Document{Ref: c.req.Ref, Number: number, Kind: c.req.Kind, Supplier: c.supplier.ID, From: c.req.From, To: c.req.To, Sum: c.c.Sum, MadeAt: c.at, MadeBy: c.req.Actor, State: Live, key: c.key()}
	return d, d.seal(&c.c)
}

// wholeBill is the bill of the moment, its paper and its tables.
func (c *composing) wholeBill(ctx context.Context) (*Refusal, error) {
	if len(c.bill.Lines) == 0 {
		return &Refusal{Why: "Начислений ещё нет: счёта пока не из чего сделать."}, nil
	}
	if c.supplier.ID != 0 {
		return nil, fault.New(fault.Invalid, "statement.bill_supplier", "Счёт делаем сразу по всем поставщикам.").WithField("supplier")
	}
	paper, err := c.Bills.Document(ctx, c.bill)
	if err != nil {
		return nil, err
	}
	paper.Moment = c.c.Period
	c.c.Bill, c.c.Sum, c.c.SumName = &paper, c.bill.Total, "К оплате"
	c.c.Lead = "К оплате " + c.bill.Total.Format()
	if paper.DueDate != "" && c.bill.Total > 0 {
		c.c.Lead += " до " + paper.DueDate + " включительно"
	}
	c.c.Lead += "."
	t := Table{Title: "Из чего состоит", Columns: []string{"Услуга", "Поставщик", "Лицевой счёт", "Было", "Начислено", "Перерасчёт", "Пени", "Оплачено", "Осталось"}, Numbers: 6, Total: true}
	var all bill.Flow
	for i := range paper.Suppliers {
		s := &paper.Suppliers[i]
		for k := range s.Lines {
			l := &s.Lines[k]
			f := bill.Flow{Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty, Paid: l.Paid, Closing: l.Due}
			t.Rows = append(t.Rows, append([]string{l.Service, s.Name, s.Account}, sums(&f, false)...))
			all = plus(all, f)
		}
	}
	t.Rows = append(t.Rows, append([]string{"Всего", "", ""}, sums(&all, false)...))
	c.c.Tables = []Table{t}
	c.c.Notes = append(c.c.Notes, "Переплата у одного поставщика не покрывает долг другому, поэтому к оплате может быть больше общего остатка.")
	return nil, nil
}
