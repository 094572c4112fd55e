package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// bills is R2: what each month of the last three years cost, by service, and why it changed.
func (m *Module) bills(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	b.Undivide()
	past, err := m.Bills.History(r.Context(), b)
	if err != nil {
		return err
	}
	issued, err := m.Bills.ListIssued(r.Context(), own(r))
	if err != nil {
		return err
	}
	v := view.Bills{Page: m.page(r, "Счета"), Address: b.Address, MadeUntil: m.nextBill()}
	issued = slices.DeleteFunc(issued, func(x bill.Issued) bool { return !m.issuedIn(r, &x) })
	past = slices.DeleteFunc(past, func(p bill.Past) bool { return p.Month < b.Since })
	for i := range past {
		p := &past[i]
		row := pastMonth(p, issuedOf(issued, p.Month))
		if p.Month == month(b.Month) {
			row.Href = "/bill"
		}
		v.Add(row)
	}
	service := r.URL.Query().Get("service")
	v.Tabs = usedTabs(past, service)
	if len(past) > 1 {
		v.Chart = pastChart(past, service)
	}
	return web.Render(w, r, http.StatusOK, view.BillsPage(v))
}

// nextBill is the day the next bill comes by (ЖК РФ ст. 155 ч. 2).
func (m *Module) nextBill() calendar.Date { return m.today().Month().Add(1).First().AddDays(4) }

// issuedOf is what was issued for a month, the newest version first.
func issuedOf(list []bill.Issued, month calendar.Month) (out []bill.Issued) {
	for i := range list {
		if list[i].Month == month.String() {
			out = append(out, list[i])
		}
	}
	return out
}

// pastMonth is a month of the history as the page shows it.
func pastMonth(p *bill.Past, issued []bill.Issued) view.BillsMonth {
	row := view.BillsMonth{Month: p.Month, Sum: p.Sum, Owed: p.Owed, DueOnly: p.DueOnly, State: pastState(p)}
	if len(issued) > 0 {
		x := &issued[0]
		row.Href = "/bill/issued/" + x.Month
		row.PDF = row.Href + "/pdf"
		row.More = []web.Link{{Title: "Крупным шрифтом", Href: row.PDF + "?large=1"}, {Title: "XML", Href: row.Href + "/xml"}}
		row.Corrected = len(issued) > 1
		row.Withdrawn = x.State == bill.IssuedWithdrawn
	}
	if p.Change != nil && p.Change.Compared != nil {
		c := p.Change.Compared
		row.Change = &view.BillsChange{Delta: c.Delta(), Than: p.Change.Against, WithYear: p.Change.Against.Year() != p.Month.Year(), Partial: p.Change.Partial()}
		if said := c.Sentences(); len(said) > 0 && c.Delta() != 0 {
			row.Change.Cause = said[0].Title + " " + signed(said[0].Sum) + ": " + said[0].Text
		}
	}
	for i := range p.Services {
		s := &p.Services[i]
		row.Services = append(row.Services, view.BillsService{Title: s.Title, Volume: usedWords(s), Sum: s.Sum})
	}
	return row
}

// signed writes a difference with its sign.
func signed(sum money.Amount) string {
	if sum > 0 {
		return "+" + sum.Format()
	}
	return sum.Format()
}

func pastState(p *bill.Past) web.State {
	switch {
	case p.Owed <= 0:
		return web.State{Word: "оплачен", Tone: web.OK}
	case p.Owed < p.Sum:
		return web.State{Word: "оплачен частично", Tone: web.Warn}
	}
	return web.State{Word: "не оплачен", Tone: web.Info, Icon: "bill"}
}

// unitOf is the unit a service is measured in everywhere; ” where it is not the same everywhere.
func unitOf(s *bill.PastService) string {
	title := strings.ToLower(s.Title)
	switch {
	case s.Unit != "":
		return s.Unit
	case strings.Contains(title, "вод") && !strings.Contains(title, "содержан"):
		return "м³"
	case strings.Contains(title, "электр"):
		return "кВт·ч"
	}
	return ""
}

func usedWords(s *bill.PastService) string {
	if s.Volume.IsZero() {
		return ""
	}
	words := decimal.Shown(s.Volume.Decimal(), 2)
	if unit := unitOf(s); unit != "" {
		words += "\u00a0" + unit
	}
	return words
}

// usedMost is how many services have a chart of their own.
const usedMost = 5

// usedTabs choose what the chart shows: sums, or how much of a service was used.
func usedTabs(past []bill.Past, chosen string) (tabs []web.Tab) {
	var titles []string
	for i := range past[:min(len(past), monthsShown)] {
		for k := range past[i].Services {
			if s := &past[i].Services[k]; !s.Volume.IsZero() && unitOf(s) != "" && !slices.Contains(titles, s.Title) {
				titles = append(titles, s.Title)
			}
		}
	}
	if len(past) < 2 || len(titles) == 0 {
		return nil
	}
	tabs = []web.Tab{{Title: "Вся сумма", Href: "/bills", Current: !slices.Contains(titles, chosen)}}
	for _, title := range titles[:min(len(titles), usedMost)] {
		tabs = append(tabs, web.Tab{Title: title, Href: "/bills?service=" + url.QueryEscape(title), Current: title == chosen})
	}
	return tabs
}

// monthsShown is how many months a chart shows beside those of the year before.
const monthsShown = 12

// pastChart sets the last twelve months beside those of the year before: sums, or the use of one service.
func pastChart(past []bill.Past, service string) *web.PairChart {
	last := past[0].Month
	c := &web.PairChart{Now: "последние 12 месяцев", Before: "год назад"}
	figure := sumFigure
	for i := range past {
		if s := serviceIn(&past[i], service); s != nil && !s.Volume.IsZero() {
			c.Unit, figure = unitOf(s), func(p *bill.Past) (int64, string, bool) { return usedFigure(p, service) }
			break
		}
	}
	var both [3]int64 // now, before, and of how many months
	for i := monthsShown - 1; i >= 0; i-- {
		point := web.PairPoint{Month: last.Add(-i).Title(), Short: last.Add(-i).Short()}
		if p := pastOf(past, last.Add(-i)); p != nil {
			point.Now, point.NowText, point.HasNow = figure(p)
		}
		if p := pastOf(past, last.Add(-i-12)); p != nil {
			point.Before, point.BeforeText, point.HasBefore = figure(p)
		}
		if point.HasNow && point.HasBefore {
			both[0], both[1], both[2] = both[0]+point.Now, both[1]+point.Before, both[2]+1
		}
		c.Points = append(c.Points, point)
	}
	if !slices.ContainsFunc(c.Points, func(p web.PairPoint) bool { return p.HasBefore }) {
		c.Before = ""
	}
	tellChart(c, both, service)
	return c
}

func pastOf(past []bill.Past, month calendar.Month) *bill.Past {
	i := slices.IndexFunc(past, func(p bill.Past) bool { return p.Month == month })
	if i < 0 {
		return nil
	}
	return &past[i]
}

func serviceIn(p *bill.Past, title string) *bill.PastService {
	i := slices.IndexFunc(p.Services, func(s bill.PastService) bool { return s.Title == title })
	if i < 0 {
		return nil
	}
	return &p.Services[i]
}

func sumFigure(p *bill.Past) (n int64, text string, known bool) {
	return int64(p.Sum), p.Sum.Format(), !p.DueOnly || p.Sum != 0
}

func usedFigure(p *bill.Past, service string) (n int64, text string, known bool) {
	s := serviceIn(p, service)
	if s == nil || s.Volume.IsZero() && s.Sum != 0 {
		return 0, "", false
	}
	return int64(s.Volume.Decimal()), decimal.Shown(s.Volume.Decimal(), 2), true
}

// tellChart says what the chart shows: how the months that have both years compare, else the highest month.
func tellChart(c *web.PairChart, both [3]int64, service string) {
	what, words := "начислено", func(n int64) string { return money.Amount(n).Format() }
	if c.Unit != "" {
		what, words = strings.ToLower(service)+":", func(n int64) string { return decimal.Shown(decimal.Decimal(n), 1) + "\u00a0" + c.Unit }
	}
	if both[1] == 0 {
		top := slices.MaxFunc(c.Points, func(x, y web.PairPoint) int { return cmp.Compare(x.Now, y.Now) })
		c.Title = web.Capital(what) + " больше всего за " + top.Month
		c.Summary = "За этот месяц – " + words(top.Now) + "."
		return
	}
	verdict := "столько же, сколько годом раньше"
	switch {
	case both[0] > both[1]:
		verdict = "на " + words(both[0]-both[1]) + " больше, чем годом раньше"
	case both[0] < both[1]:
		verdict = "на " + words(both[1]-both[0]) + " меньше, чем годом раньше"
	}
	c.Title = web.Capital(what) + " " + verdict
	c.Summary = "Сравнили месяцы, за которые известны оба года: " + strconv.FormatInt(both[2], 10) + ". Было " + words(both[1]) + ", стало " + words(both[0]) + "."
}
