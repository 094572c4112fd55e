package portal

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// why tells a resident why his month costs another sum than an earlier one.
func (m *Module) why(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	b.Undivide() // what changed is told of the whole bill: its lines are
	return m.showWhy(w, r, b, "/bill")
}

// seenWhy is the same for the centre.
func (m *Module) seenWhy(w http.ResponseWriter, r *http.Request) error {
	b, err := m.seen(r)
	if err != nil {
		return err
	}
	return m.showWhy(w, r, b, "/c/account/"+r.PathValue("code")+"/bill")
}

func (m *Module) showWhy(w http.ResponseWriter, r *http.Request, b *bill.Bill, base string) error {
	against, message := askedMonth(r)
	c, err := m.Bills.Change(r.Context(), b, against)
	if err != nil {
		return err
	}
	if against != 0 && !slices.Contains(c.Months, against) {
		message = "За " + against.Title() + " начислений не было. Выберите другой месяц"
	}
	if message != "" {
		if c, err = m.Bills.Change(r.Context(), b, 0); err != nil {
			return err
		}
	}
	v := whyView(b, c, base)
	v.Page = m.page(r, "Почему изменилась сумма")
	v.Crumbs = []web.Link{{Title: "Счёт", Href: base}}
	v.MonthError = message
	if message != "" {
		v.Page.WithErrors(web.Errors{{Field: "with", Message: message}})
		return web.Render(w, r, http.StatusUnprocessableEntity, view.WhyPage(v))
	}
	return web.Render(w, r, http.StatusOK, view.WhyPage(v))
}

// askedMonth is the month to compare with; zero chooses the usual one.
func askedMonth(r *http.Request) (month calendar.Month, message string) {
	asked := r.URL.Query().Get("with")
	if asked == "" {
		return 0, ""
	}
	month, err := calendar.ParseMonth(asked)
	if err != nil {
		return 0, "Укажите месяц, например 2026-09"
	}
	return month, ""
}

// stepsMost is how many causes a waterfall shows before the rest are one.
const stepsMost = 7

// whyView is a comparison as the page shows it.
func whyView(b *bill.Bill, c *bill.Change, base string) view.Why {
	v := view.Why{Address: b.Address, Month: c.Month, Against: c.Against, Total: b.Total, Action: base + "/why", BillHref: base}
	v.Tabs, v.Months = whyTabs(c, base), whyMonths(c)
	for _, g := range c.Gaps {
		v.Gaps = append(v.Gaps, view.WhyGap{Supplier: g.Supplier, Account: g.Account, Text: gapText(c, g)})
	}
	switch {
	case c.Against == 0:
		v.State = view.WhyFirst
		return v
	case c.Compared == nil:
		v.State = view.WhyApart
		return v
	}
	v.Was, v.Is = c.Compared.Was, c.Compared.Is
	for _, s := range c.Compared.Sentences() {
		v.Causes = append(v.Causes, view.WhyCause{Title: s.Title, Sum: s.Sum, Text: s.Text, Remedy: s.Remedy, Href: lineHref(base, s.Number)})
	}
	v.Fall = fall(c.Compared, v.Causes)
	for i := range c.Compared.Lines {
		v.Rows = append(v.Rows, whyRow(&c.Compared.Lines[i], base))
	}
	return v
}

func fall(c *why.Comparison, causes []view.WhyCause) web.Fall {
	f := web.Fall{Title: "Как сумма менялась"}
	if len(causes) > 0 {
		f.Title = "Сильнее всего повлияло: " + causes[0].Title
	}
	for _, s := range c.Waterfall(stepsMost) {
		f.Steps = append(f.Steps, web.FallStep{Label: s.Title, Sum: s.Sum, From: s.From, To: s.To, Total: s.Total})
	}
	return f
}

func whyRow(l *why.Change, base string) view.WhyRow {
	row := view.WhyRow{Title: l.Line().Title, Supplier: l.Line().Supplier, Was: l.Was, Is: l.Is}
	if l.After != nil {
		row.Href = lineHref(base, l.After.Number)
	}
	if len(l.Parts) > 1 || len(l.Parts) == 1 && l.Parts[0].Cause != why.Appeared && l.Parts[0].Cause != why.Vanished {
		for _, p := range l.Parts {
			row.Parts = append(row.Parts, view.WhyPart{Word: p.Cause.Words(), Sum: p.Sum})
		}
	}
	return row
}

// lineHref leads to a line of the bill; a line that is not there leads nowhere.
func lineHref(base string, number int) string {
	if number == 0 {
		return ""
	}
	return base + "/lines/" + strconv.Itoa(number)
}

func whyTabs(c *bill.Change, base string) (tabs []web.Tab) {
	for _, t := range []struct {
		title string
		month calendar.Month
	}{{"Прошлый месяц", c.Month.Add(-1)}, {"Год назад", c.Month.Add(-12)}} {
		if c.Month.Valid() && slices.Contains(c.Months, t.month) {
			tabs = append(tabs, web.Tab{Title: t.title, Href: base + "/why?with=" + t.month.String(), Current: t.month == c.Against})
		}
	}
	return tabs
}

func whyMonths(c *bill.Change) (list []web.Choice) {
	for _, m := range c.Months {
		list = append(list, web.Choice{Value: m.String(), Label: web.Capital(m.Title()), Chosen: m == c.Against})
	}
	return list
}

// gapText tells why a supplier is left out, and what is known of him.
func gapText(c *bill.Change, g bill.Gap) string {
	was := "начислено"
	if g.DueOnly {
		was = "к оплате"
	}
	switch g.Why {
	case bill.GapNow:
		return fmt.Sprintf("За %s данные ещё не пришли, за %s %s %s.", c.Month.Word(), c.Against.Word(), was, g.Was.Format())
	case bill.GapBefore:
		return fmt.Sprintf("За %s поставщик ничего не прислал, за %s %s %s.", c.Against.Word(), c.Month.Word(), was, g.Is.Format())
	}
	return fmt.Sprintf("Поставщик присылает только итог к оплате: %s вместо %s.", g.Is.Format(), g.Was.Format())
}

// change is the line about an earlier month on home and on the bill; nil when there is nothing to compare with.
func (m *Module) change(r *http.Request, b *bill.Bill, base string) (*view.Change, error) {
	c, err := m.Bills.Change(r.Context(), b, 0)
	if err != nil || c.Compared == nil {
		return nil, err
	}
	return &view.Change{Delta: c.Compared.Delta(), Than: c.Against, WithYear: c.Against.Year() != c.Month.Year(), Partial: c.Partial(), WhyHref: base + "/why"}, nil
}
