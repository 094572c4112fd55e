package statement

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/reading"
)

// months is a stretch of months in words.
func months(from, to calendar.Month) string {
	if from == to {
		return from.Title()
	}
	return from.Title() + " – " + to.Title()
}

// plus adds two flows of the same time.
func plus(a, b bill.Flow) bill.Flow {
	return bill.Flow{Opening: a.Opening + b.Opening, Charge: a.Charge + b.Charge, Recalc: a.Recalc + b.Recalc, Penalty: a.Penalty + b.Penalty, Paid: a.Paid + b.Paid, Other: a.Other + b.Other, Closing: a.Closing + b.Closing}
}

// flowColumns name what sums gives.
func flowColumns(other bool) []string {
	list := []string{"Было", "Начислено", "Перерасчёт", "Пени", "Оплачено"}
	if other {
		list = append(list, "Прочее")
	}
	return append(list, "Осталось")
}

func sums(f *bill.Flow, other bool) []string {
	list := []string{f.Opening.FormatBare(), f.Charge.FormatBare(), f.Recalc.FormatBare(), f.Penalty.FormatBare(), f.Paid.FormatBare()}
	if other {
		list = append(list, f.Other.FormatBare())
	}
	return append(list, f.Closing.FormatBare())
}

// stood is a balance in words.
func stood(a money.Amount) string {
	switch {
	case a > 0:
		return "к оплате " + a.Format()
	case a < 0:
		return "переплата " + (-a).Format()
	}
	return "долга нет"
}

// nothing refuses a document about a time nothing is known of.
func (c *composing) nothing() *Refusal {
	t := c.turnover
	switch {
	case t.First == 0:
		return &Refusal{Why: "Начислений и платежей ещё нет: документ пока не из чего сделать."}
	case c.req.To < t.First:
		return &Refusal{Why: "Расчётный центр ведёт ваши счета с " + t.First.Genitive() + " " + strconv.Itoa(t.First.Year()) + " года. За более раннее время справку даёт поставщик."}
	}
	return nil
}

// since notes where a document begins later than was asked: earlier months nobody has told us of.
func (c *composing) since() {
	if c.turnover.From > c.req.From {
		c.c.Notes = append(c.c.Notes, "Данные есть с "+c.turnover.From.Genitive()+" "+strconv.Itoa(c.turnover.From.Year())+" года: раньше расчётный центр эти счета не вёл.")
	}
}

func (c *composing) account() *Refusal {
	if r := c.nothing(); r != nil {
		return r
	}
	t := c.turnover
	other := slices.ContainsFunc(t.Months, func(m bill.MonthFlow) bool { return m.Other != 0 }) || slices.ContainsFunc(t.Accounts, func(a bill.AccountFlow) bool { return a.Other != 0 })
	c.c.Lead = "На начало: " + stood(t.Total.Opening) + ". На конец: " + stood(t.Total.Closing) + "."
	c.c.Sum, c.c.SumName = t.Total.Closing, "Осталось на конец периода"
	byMonth := Table{Title: "По месяцам", Columns: append([]string{"Месяц"}, flowColumns(other)...), Total: true}
	byMonth.Numbers = len(byMonth.Columns) - 1
	for i := range t.Months {
		byMonth.Rows = append(byMonth.Rows, append([]string{t.Months[i].Month.Title()}, sums(&t.Months[i].Flow, other)...))
	}
	byMonth.Rows = append(byMonth.Rows, append([]string{"За период"}, sums(&t.Total, other)...))
	bySupplier := Table{Title: "По поставщикам", Columns: append([]string{"Поставщик", "Лицевой счёт"}, flowColumns(other)...), Total: true}
	bySupplier.Numbers = len(bySupplier.Columns) - 2
	for i := range t.Accounts {
		a := &t.Accounts[i]
		bySupplier.Rows = append(bySupplier.Rows, append([]string{a.Supplier, a.Account}, sums(&a.Flow, other)...))
	}
	bySupplier.Rows = append(bySupplier.Rows, append([]string{"Всего", ""}, sums(&t.Total, other)...))
	paid, _ := c.paidTable()
	c.c.Tables = []Table{byMonth, bySupplier, c.chargedByService(), paid}
	c.c.Notes = append(c.c.Notes, "Осталось = было + начислено + перерасчёт + пени − оплачено. «Оплачено» включает платежи, о которых сообщил поставщик; в списке – те, что прошли через расчётный центр.")
	if other {
		c.c.Notes = append(c.c.Notes, "«Прочее» – поставщик назвал другой остаток или только сумму к оплате. Из чего она сложилась, знает он.")
	}
	c.since()
	return nil
}

func (c *composing) charges() *Refusal {
	if r := c.nothing(); r != nil {
		return r
	}
	t := c.turnover
	all := t.Total.Charge + t.Total.Recalc + t.Total.Penalty
	c.c.Lead = "Начислено " + all.Format() + "."
	c.c.Sum, c.c.SumName = all, "Начислено"
	byMonth := Table{Title: "По месяцам", Columns: []string{"Месяц", "Начислено", "Перерасчёт", "Пени", "Всего"}, Numbers: 4, Total: true}
	for i := range t.Months {
		byMonth.Rows = append(byMonth.Rows, append([]string{t.Months[i].Month.Title()}, chargedSums(&t.Months[i].Flow)...))
	}
	byMonth.Rows = append(byMonth.Rows, append([]string{"За период"}, chargedSums(&t.Total)...))
	c.c.Tables = []Table{c.chargedByService(), byMonth}
	c.since()
	return nil
}

func chargedSums(f *bill.Flow) []string {
	return []string{f.Charge.FormatBare(), f.Recalc.FormatBare(), f.Penalty.FormatBare(), (f.Charge + f.Recalc + f.Penalty).FormatBare()}
}

func (c *composing) chargedByService() Table {
	t := Table{Title: "Начислено по услугам", Columns: []string{"Услуга", "Поставщик", "Начислено", "Перерасчёт", "Пени", "Всего"}, Numbers: 4, Total: true, Empty: "Начислений за этот период нет."}
	var all bill.Flow
	for i := range c.turnover.Services {
		s := &c.turnover.Services[i]
		t.Rows = append(t.Rows, append([]string{s.Name, s.Supplier}, chargedSums(&s.Flow)...))
		all = plus(all, s.Flow)
	}
	if len(t.Rows) > 0 {
		t.Rows = append(t.Rows, append([]string{"Всего", ""}, chargedSums(&all)...))
	}
	return t
}

func (c *composing) payments() *Refusal {
	if r := c.nothing(); r != nil {
		return r
	}
	t, all := c.paidTable()
	c.c.Lead = "Через расчётный центр оплачено " + all.Format() + "."
	c.c.Sum, c.c.SumName = all, "Оплачено"
	if c.turnover.Total.Paid != all {
		c.c.Facts = append(c.c.Facts, [2]string{"По данным поставщиков", c.turnover.Total.Paid.Format()})
		c.c.Notes = append(c.c.Notes, "Поставщики учитывают и платежи, которые пришли к ним напрямую. Их день и способ знает поставщик.")
	}
	bySupplier := Table{Title: "Кому", Columns: []string{"Поставщик", "Лицевой счёт", "Оплачено"}, Numbers: 1, Total: true, Empty: "Платежей за этот период нет."}
	for i := range c.turnover.Accounts {
		a := &c.turnover.Accounts[i]
		var sum money.Amount
		for k := range c.turnover.Parts {
			if c.turnover.Parts[k].AccountID == a.AccountID {
				sum += c.turnover.Parts[k].Amount
			}
		}
		if sum != 0 {
			bySupplier.Rows = append(bySupplier.Rows, []string{a.Supplier, a.Account, sum.FormatBare()})
		}
	}
	if len(bySupplier.Rows) > 0 {
		bySupplier.Rows = append(bySupplier.Rows, []string{"Всего", "", all.FormatBare()})
	}
	c.c.Tables = []Table{t, bySupplier}
	c.since()
	return nil
}

// paid is what one order paid for the household's accounts, and what of it went back.
type paid struct {
	order      int64
	on         calendar.Date
	channel    string
	sum, taken money.Amount
}

// orders are the payments within the period, the oldest first.
func (c *composing) paidOrders() (list []paid) {
	for i := range c.turnover.Parts {
		p := &c.turnover.Parts[i]
		at := slices.IndexFunc(list, func(x paid) bool { return x.order == p.OrderID })
		if at < 0 {
			at = len(list)
			list = append(list, paid{order: p.OrderID, on: p.PaidOn, channel: p.Channel})
		}
		if p.Amount >= 0 {
			list[at].sum += p.Amount
		} else {
			list[at].taken -= p.Amount
		}
	}
	return list
}

func (c *composing) paidTable() (t Table, all money.Amount) {
	t = Table{Title: "Платежи", Columns: []string{"День", "Откуда", "Номер", "Оплачено", "Возвращено"}, Numbers: 2, Total: true, Empty: "Платежей за этот период нет."}
	var sum, taken money.Amount
	for _, x := range c.paidOrders() {
		t.Rows = append(t.Rows, []string{x.on.Dotted(), payment.ChannelWord(x.channel), cmp.Or(payment.ShortNumber(c.orders[x.order].PublicID), "–"), x.sum.FormatBare(), x.taken.FormatBare()})
		sum, taken = sum+x.sum, taken+x.taken
	}
	if len(t.Rows) > 0 {
		t.Rows = append(t.Rows, []string{"Всего", "", "", sum.FormatBare(), taken.FormatBare()})
	}
	return t, sum - taken
}

// readings are of the meters in use.
func (c *composing) readings(ctx context.Context) (*Refusal, error) {
	if c.supplier.ID != 0 {
		c.c.Notes = append(c.c.Notes, "В справке – счётчики этого поставщика.")
	}
	list, err := c.sheet(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return &Refusal{Why: "Счётчиков за вами не числится. Если они есть, сообщите поставщику их номера."}, nil
	}
	n := 0
	for _, x := range list {
		title := x.Name + ", счётчик"
		if x.Serial != "" {
			title += " № " + x.Serial
		}
		t := Table{Title: title, Columns: []string{"День", "Тариф", "Кто снял", "Показание"}, Numbers: 1, Empty: "За этот период показаний нет."}
		for i := range x.Readings {
			r := &x.Readings[i]
			if month := r.On.Month(); month < c.req.From || month > c.req.To {
				continue
			}
			who := "передано"
			if r.Control {
				who = "контролёр"
			}
			t.Rows = append(t.Rows, []string{r.On.Dotted(), cmp.Or(x.ZoneTitle(r.Zone), "–"), who, decimal.Grouped(r.Value.String(), 0)})
			n++
		}
		c.c.Tables = append(c.c.Tables, t)
	}
	c.c.Lead = fmt.Sprintf("Счётчиков в работе: %d. Показаний за период: %d.", len(list), n)
	return nil, nil
}

// sheet are the household's meters that the request is about, those used now.
func (c *composing) sheet(ctx context.Context) (list []*reading.Meter, err error) {
	ref := c.req.Ref
	s, err := c.Readings.Sheet(ctx, access.Actor{Role: access.Resident, BuildingID: ref.Building, HouseholdID: ref.Household}, reading.Home{Building: ref.Building, Household: ref.Household})
	if err != nil {
		return nil, err
	}
	for i := range s.Cards {
		if x := s.Cards[i].Meter; c.supplier.ID == 0 || x.Supplier == c.supplier.Code {
			list = append(list, x)
		}
	}
	return list, nil
}
