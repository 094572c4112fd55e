package view

import (
	"fmt"
	"strconv"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Runs is C4, the list: months charged and their bills.
type Runs struct {
	web.Page
	NewTo  string // GET; empty: the actor does not begin runs
	Months []web.Choice
	Houses string
	Rows   []RunRow
	Errors web.Errors
}

// RunRow is a run in the list.
type RunRow struct {
	Number     int64
	Href       string
	Month      calendar.Month
	Kind       string // «начисление», «перерасчёт», «отмена перерасчёта»
	Scope      string
	State      web.State
	By         string
	At         calendar.Micros
	Households int64
	Amount     money.Amount
}

// Run is C4, one run: how far it is, what it came to, what may be done.
type Run struct {
	web.Page
	RunRow
	ApprovedBy  string
	FactsAt     calendar.Micros
	Progress    *RunProgress // while it goes on or is paused
	Publication *Publication // once its bills are being issued
	Steps       []RunStep
	Why         string // why the next step is not for this person
	CheckedAt   calendar.Micros
	Lines       int64
	Checks      []Invariant
	Services    []ServiceRow
	Reasons     []ReasonRow
	Outliers    []OutlierRow
	Differences string // address of the page
	Drafts      string // address of the bills not issued yet; empty: there are none
}

// RunProgress is how far a run has come.
type RunProgress struct {
	Buildings, BuildingsAll, Households, HouseholdsAll int64
	Amount                                             money.Amount
	Rate                                               float64 // households a second; 0 not known
	Left                                               time.Duration
}

// Publication is how far the issuing of bills has come.
type Publication struct {
	State                                             web.State
	Going                                             bool
	Buildings, BuildingsAll, Issued, Without, Already int64
	Total                                             money.Amount
	Wave                                              int
	Pause                                             time.Duration
	By                                                string
	At                                                calendar.Micros
}

// RunStep is something to do with a run: a form without questions, or the page that asks first.
type RunStep struct {
	Title string
	To    string // POST
	Ask   string // GET
	Plain bool
	Key   string
}

// ServiceRow is a supplier's service in a run beside the month before.
type ServiceRow struct {
	Supplier, Service string
	Before, Now       money.Amount
}

// ReasonRow is why lines are missing or not as usual.
type ReasonRow struct {
	Service, Title string
	Count          int64
}

// OutlierRow is an account charged very otherwise than the month before.
type OutlierRow struct {
	Title, Text, Href string
	Before, Now       money.Amount
}

// Differences are services whose sum the supplier and Kvit have counted differently.
type Differences struct {
	web.Page
	Month  calendar.Month
	Rows   []DifferenceRow
	Total  int
	Export string
}

// DifferenceRow is one of them.
type DifferenceRow struct {
	Supplier, Service, Account, Href string
	Theirs, Ours                     money.Amount
	Missing                          bool // the supplier gave no charge
}

// Ask is the page before a step that cannot be taken back: what it will do, in figures.
type Ask struct {
	web.Page
	Facts  []AskFact
	Notice *web.Notice
	Waves  *AskWaves
	Reason *web.Field
	Action string
	Hidden [][2]string
	Key    string
	Button string
	Danger bool
	Back   string
	Errors web.Errors
}

// AskFact is a figure of it.
type AskFact struct {
	Name, Value string
	Sum         money.Amount
	IsSum       bool
}

// AskWaves are the questions of a publication.
type AskWaves struct{ Wave, Pause string }

// speed is the pace of a run in words.
func (p *RunProgress) speed() string {
	if p.Rate <= 0 {
		return "считаем"
	}
	return counted(int(p.Rate+0.5), "семья", "семьи", "семей") + " в секунду"
}

// left is the time left in words.
func (p *RunProgress) left() string {
	switch {
	case p.Rate <= 0:
		return "скоро узнаем"
	case p.Left < time.Minute:
		return "меньше минуты"
	case p.Left < 2*time.Hour:
		return counted(int(p.Left.Minutes()+0.5), "минута", "минуты", "минут")
	}
	return counted(int(p.Left.Hours()+0.5), "час", "часа", "часов")
}

// heading is the finding of the chart.
func (v *Run) heading() string {
	more, less := 0, 0
	for i := range v.Services {
		switch s := &v.Services[i]; {
		case s.Now > s.Before:
			more++
		case s.Now < s.Before:
			less++
		}
	}
	before := v.Month.Add(-1)
	switch {
	case v.before() == 0:
		return "За " + before.Word() + " сравнить не с чем"
	case v.Amount > v.before():
		return fmt.Sprintf("На %s больше, чем за %s: выросло %d, упало %d", (v.Amount - v.before()).Format(), before.Word(), more, less)
	case v.Amount < v.before():
		return fmt.Sprintf("На %s меньше, чем за %s: выросло %d, упало %d", (v.before() - v.Amount).Format(), before.Word(), more, less)
	}
	return "Столько же, сколько за " + before.Word()
}

func (v *Run) before() (sum money.Amount) {
	for i := range v.Services {
		sum += v.Services[i].Before
	}
	return sum
}

// chartMax is how many services the chart shows: the table has all of them.
const chartMax = 10

// charted are the services of the chart.
func (v *Run) charted() []ServiceRow { return v.Services[:min(len(v.Services), chartMax)] }

// width is the length of a bar beside the longest one.
func (v *Run) width(sum money.Amount) string {
	top := money.Amount(1)
	for _, s := range v.charted() {
		top = max(top, s.Before, s.Now)
	}
	return strconv.Itoa(int(max(0, sum)*100/top)) + "%"
}

// pauseWords is a pause between waves in words.
func pauseWords(p time.Duration) string {
	switch {
	case p == 0:
		return "без пауз"
	case p < time.Minute:
		return "пауза " + counted(int(p.Seconds()), "секунда", "секунды", "секунд")
	}
	return "пауза " + counted(int(p.Minutes()+0.5), "минута", "минуты", "минут")
}
