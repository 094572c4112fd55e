package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Bills is R2: the history of a household's bills.
type Bills struct {
	web.Page
	Address   string
	MadeUntil calendar.Date // the next bill comes by this day
	Tabs      []web.Tab
	Chart     *web.PairChart
	Years     []BillsYear
}

// BillsYear are the months of one year, the latest first.
type BillsYear struct {
	Year      int
	Sum, Owed money.Amount
	Months    []BillsMonth
}

// BillsMonth is what one month cost.
type BillsMonth struct {
	Month     calendar.Month
	Sum, Owed money.Amount
	DueOnly   bool // some supplier told only what was to pay
	State     web.State
	Corrected bool   // a newer version came in place of the first
	Withdrawn bool   // the centre took it back
	Href      string // '' when only papers were sent
	PDF       string
	More      []web.Link // other forms of it
	Change    *BillsChange
	Services  []BillsService
}

// BillsChange is how the month differs from the one before it in the history.
type BillsChange struct {
	Delta    money.Amount
	Than     calendar.Month
	WithYear bool
	Partial  bool
	Cause    string // the main one; '' when there is none to name
}

// BillsService is one service of a month.
type BillsService struct {
	Title, Volume string
	Sum           money.Amount
}

// Add puts a month, older than those before it, into its year.
func (v *Bills) Add(m BillsMonth) {
	last := len(v.Years) - 1
	if last < 0 || v.Years[last].Year != m.Month.Year() {
		v.Years, last = append(v.Years, BillsYear{Year: m.Month.Year()}), last+1
	}
	y := &v.Years[last]
	y.Months = append(y.Months, m)
	y.Sum, y.Owed = y.Sum+m.Sum, y.Owed+m.Owed
}

// marks are the states of a month's bill.
func (m *BillsMonth) marks() []web.State {
	list := []web.State{m.State}
	if m.Corrected {
		list = append(list, web.State{Word: "исправлен", Tone: web.Info, Icon: "back"})
	}
	if m.Withdrawn {
		list = append(list, web.State{Word: "отозван", Tone: web.Bad, Icon: "cross"})
	}
	if m.Href == "" {
		list = append(list, web.State{Word: "только бумажный", Icon: "file"})
	}
	return list
}

// words say the difference from the month before.
func (c *BillsChange) words() string {
	than := thanWords(c.Than, c.WithYear)
	switch {
	case c.Delta > 0:
		return "На " + c.Delta.Format() + " больше, чем в " + than
	case c.Delta < 0:
		return "На " + (-c.Delta).Format() + " меньше, чем в " + than
	}
	return "Столько же, сколько в " + than
}

// text is the difference with its main cause.
func (c *BillsChange) text() string {
	says := c.words() + "."
	if c.Cause != "" {
		says += " " + sentence(c.Cause)
	}
	if c.Partial {
		says += " Считаем тех, кто прислал оба месяца."
	}
	return says
}
