package portal

import (
	"net/http"
	"slices"
	"time"

	"kvit/internal/access"
	"kvit/internal/autopay"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/portal/view"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// home is R1: what must be done today.
func (m *Module) home(w http.ResponseWriter, r *http.Request) error {
	today, at := m.visitorsDay(r)
	b, err := m.ownBill(r, at)
	if at != 0 && fault.Is(err, fault.NotFound) {
		b, err = &bill.Bill{Moment: at}, nil // that day nobody had sent anything yet
	}
	if err == nil {
		err = m.Bills.Ahead(r.Context(), b)
	}
	if err == nil {
		err = m.askOnline(r.Context(), b)
	}
	if err != nil {
		return err
	}
	v := m.homeView(r, b, today)
	for _, fill := range []func(*http.Request, *view.Home, *bill.Bill) error{m.addChange, m.addSuppliers, m.addWaiting, m.addLastPayment, m.addHomes} {
		if err := fill(r, &v, b); err != nil {
			return err
		}
	}
	if err := m.addMonth(r, &v, b, today); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.HomePage(v))
}

// homeView is what the bill itself says of the day.
func (m *Module) homeView(r *http.Request, b *bill.Bill, today calendar.Date) view.Home {
	v := view.Home{Page: m.page(r, "Главная"), Address: b.Address, Month: month(b.Month), Due: b.Total, Disputed: b.LeftOut(), DueOn: b.DueOn, MovedFrom: movedFrom(b), Advance: b.Advance, BillHref: "/bill", PayHref: "/bill/pay"}
	if today != m.today() {
		v.Page.Now = today.Time(m.Zone).Add(12 * time.Hour)
	}
	v.PaidUntil = today.Month().First().AddDays(billBy - 1)
	if v.Month.Valid() {
		v.PaidUntil = v.Month.Add(2).First().AddDays(billBy - 1)
	}
	if len(b.Lines) == 0 {
		v.BillHref = ""
		if v.PaidUntil < today {
			v.PaidUntil = m.nextBill()
		}
	}
	if b.DueOn != 0 {
		v.PenaltyFrom = b.DueOn.AddDays(31)
	}
	v.Penalty, v.Preliminary = b.Penalty, m.preliminary(b, nil)
	penalties(&v, b)
	v.Part = partSum(b)
	v.State = homeState(b, v.Penalty, today)
	v.BillLate = v.State == view.HomeNoBill && today > v.PaidUntil
	return v
}

// billBy is the day of the next month bills come by (ЖК РФ ст. 155 ч. 2).
const billBy = 5

func homeState(b *bill.Bill, penalty money.Amount, today calendar.Date) view.HomeState {
	billed := month(b.Month)
	switch {
	case len(b.Lines) == 0:
		return view.HomeNew
	case b.Total == 0 && billed.Valid() && today >= billed.Add(2).First():
		return view.HomeNoBill
	case b.Total == 0:
		return view.HomeClear
	case b.DueOn != 0 && today > b.DueOn && penalty > 0:
		return view.HomePenalty
	case b.DueOn != 0 && today > b.DueOn:
		return view.HomeOverdue
	}
	return view.HomeDue
}

func (m *Module) addChange(r *http.Request, v *view.Home, b *bill.Bill) (err error) {
	v.Change, err = m.change(r, b, "/bill")
	return err
}

func (m *Module) addSuppliers(_ *http.Request, v *view.Home, b *bill.Bill) error {
	for _, s := range b.Suppliers {
		f := view.Freshness{Name: s.Name, Month: month(s.Month), At: s.Fresh, Due: s.Due, Late: s.Month != b.Month, Online: m.onlineWords(s.Online)}
		if repeated(b, s.SupplierID) {
			f.Account = s.Account
		}
		v.Suppliers = append(v.Suppliers, f)
	}
	return nil
}

func (m *Module) addWaiting(r *http.Request, v *view.Home, b *bill.Bill) (err error) {
	v.Waiting, err = m.waiting(r, b)
	if v.Waiting != nil && v.State != view.HomeClear && v.State != view.HomeNew && v.State != view.HomeNoBill {
		v.State = view.HomeWaiting
	}
	return err
}

func (m *Module) addLastPayment(r *http.Request, v *view.Home, b *bill.Bill) error {
	orders, err := m.orders(r.Context(), b, 1)
	if err == nil && len(orders) > 0 {
		row := m.paymentRow(&orders[0])
		v.LastPayment = &row
	}
	return err
}

// addHomes adds the homes of a person of several, with what all come to together.
func (m *Module) addHomes(r *http.Request, v *view.Home, b *bill.Bill) error {
	rows, err := m.homeRows(r)
	if err != nil || len(rows) < 2 {
		return err
	}
	v.Homes = rows
	total := money.Amount(0)
	for i := range rows {
		total += rows[i].Due
	}
	if total > b.Total {
		v.HomesDue, v.HomesHref = total, "/accounts"
	}
	return nil
}

// addMonth adds readings that are due or done, and the calendar of the month.
func (m *Module) addMonth(r *http.Request, v *view.Home, b *bill.Bill, today calendar.Date) error {
	if access.FromContext(r.Context()).Require("reading", "read") != nil {
		return nil // whoever was let in to see or to pay gives no readings
	}
	h, err := m.readingHome(r)
	if err != nil {
		return err
	}
	sheet, err := m.Readings.Sheet(r.Context(), h.actor, h.Home)
	if err != nil {
		return err
	}
	v.Readings, v.ReadingsDone = readingsDue(sheet, h.base), readingsDone(sheet)
	rule, err := m.Autopay.Find(r.Context(), access.FromContext(r.Context()), own(r))
	if err != nil {
		return err
	}
	v.Calendar = monthEvents(b, sheet, rule.Rule, today)
	return nil
}

// readingsDue reminds of figures that have not come, and of what that costs.
func readingsDue(sheet *reading.Sheet, href string) (d *view.ReadingsDue) {
	for i := range sheet.Cards {
		c := &sheet.Cards[i]
		if c.Missing == nil || len(c.Sent) > 0 {
			continue
		}
		if d == nil {
			d = &view.ReadingsDue{Text: "Показаний за " + c.Month.Word() + " пока нет. Передайте до " + c.Until.Words() + ".", Href: href}
		}
		d.Costs = append(d.Costs, c.Name+". "+c.Missing.Words())
	}
	return d
}

// readingsDone says that every meter has its figure; ” when one has not.
func readingsDone(sheet *reading.Sheet) string {
	waits := func(c reading.Card) bool { return len(c.Sent) == 0 && c.Automatic() == 0 }
	if len(sheet.Cards) == 0 || slices.ContainsFunc(sheet.Cards, waits) {
		return ""
	}
	return "Показания за " + sheet.Cards[0].Month.Word() + " есть. Исправить можно до " + sheet.Cards[0].Until.Words() + "."
}

// monthEvents are what the month of a day holds for a household.
func monthEvents(b *bill.Bill, sheet *reading.Sheet, rule *autopay.Rule, today calendar.Date) web.Agenda {
	now := today.Month()
	a := web.Agenda{Title: web.Capital(now.Title()), Month: now, Today: today}
	a.Events = append(a.Events, web.AgendaEvent{On: now.First().AddDays(billBy - 1), Title: "Счёт за " + now.Add(-1).Word(), Icon: "bill", Done: month(b.Month) >= now.Add(-1)})
	if b.DueOn != 0 && b.DueOn.Month() == now {
		a.Events = append(a.Events, web.AgendaEvent{On: b.DueOn, Title: "Последний день оплаты", Icon: "wallet", Done: b.Total == 0})
	}
	if len(sheet.Cards) > 0 && sheet.Cards[0].Until.Month() == now {
		a.Events = append(a.Events, web.AgendaEvent{On: sheet.Cards[0].Until, Title: "Последний день показаний", Icon: "meter", Done: readingsDone(sheet) != ""})
	}
	if rule != nil && rule.State == autopay.On {
		a.Events = append(a.Events, web.AgendaEvent{On: now.First().AddDays(rule.Day - 1), Title: "Автоплатёж", Icon: "swap", Done: today.Day() > rule.Day})
	}
	slices.SortStableFunc(a.Events, func(x, y web.AgendaEvent) int { return int(x.On) - int(y.On) })
	return a
}
