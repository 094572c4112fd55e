package portal

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/why"
	"kvit/internal/decimal"
	"kvit/internal/portal/view"
	"kvit/internal/tariff"
	"kvit/internal/web"
)

// line opens one line of the resident's bill to the bottom; with .json behind the number it is data.
func (m *Module) line(w http.ResponseWriter, r *http.Request) error {
	at, _, _ := m.moment(r)
	b, err := m.ownBill(r, at)
	if err != nil {
		return err
	}
	return m.showLine(w, r, b, "/bill")
}

// seenLine is the same for the centre, with the way to the file's protocol.
func (m *Module) seenLine(w http.ResponseWriter, r *http.Request) error {
	b, err := m.seen(r)
	if err != nil {
		return err
	}
	return m.showLine(w, r, b, "/c/account/"+r.PathValue("code")+"/bill")
}

func (m *Module) showLine(w http.ResponseWriter, r *http.Request, b *bill.Bill, base string) error {
	number, isData := strings.CutSuffix(r.PathValue("n"), ".json")
	n, err := strconv.Atoi(number)
	if err != nil {
		n = 0 // no such line
	}
	x, err := m.Bills.Explain(r.Context(), b, n)
	if err != nil {
		return err
	}
	if isData {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		return json.NewEncoder(w).Encode(x)
	}
	v := lineView(x)
	v.Page = m.page(r, "Как посчитано: "+x.Title)
	v.Crumbs = []web.Link{{Title: "Счёт", Href: base + asOf(r)}}
	v.BillHref, v.JSONHref = base+asOf(r), lineHref(base, n)+".json"+asOf(r)
	if asOf(r) == "" {
		v.WhyHref = base + "/why"
		if access.FromContext(r.Context()).Require("appeal", "own") == nil {
			v.DisputeHref = lineHref(base, n) + "/dispute"
		}
	}
	if x.Source.FileID != 0 && access.FromContext(r.Context()).Require("subscriber", "read") == nil {
		v.Source.Href = "/s/intakes/" + strconv.FormatInt(x.Source.FileID, 10)
	}
	return web.Render(w, r, http.StatusOK, view.LinePage(v))
}

// asOf carries the day a bill was asked for on to what is opened from it.
func asOf(r *http.Request) string {
	d, err := calendar.ParseDate(r.URL.Query().Get("at"))
	if err != nil {
		return ""
	}
	return "?at=" + d.String()
}

// lineView is an explanation as the page shows it.
func lineView(x *why.Explanation) view.Line {
	v := view.Line{
		Service: x.Title, Supplier: x.SupplierName, Account: x.Account, Month: x.BillMonth, Charge: x.Charge,
		Opening: x.Opening, Recalc: x.Recalc, Benefit: x.Benefit, PutOff: x.PutOff, Penalty: x.Penalty, Paid: x.Paid, Due: x.Due,
		Source: view.Source{File: x.Source.File, Pos: x.Source.Pos, Unit: x.Source.Unit, At: x.Source.Recorded},
	}
	switch {
	case len(x.Steps) == 0:
	case x.Origin == why.ByKvit:
		v.Origin = "Посчитал Квит"
	default:
		v.Origin = "Сумму прислал поставщик"
	}
	if x.Check != nil {
		v.Verdict = verdict(x.Check)
	}
	v.Kvit = x.Origin == why.ByKvit
	for i := range x.Steps {
		v.Steps = append(v.Steps, lineStep(&x.Steps[i], x.Check))
	}
	if x.Beside != nil {
		v.Verdict = besideVerdict(x.Beside)
		for i := range x.Beside.Steps {
			v.Beside = append(v.Beside, lineStep(&x.Beside.Steps[i], nil))
		}
	}
	for _, f := range x.Facts {
		v.Facts = append(v.Facts, view.LineFact{Name: f.Name, Value: f.Value, Source: f.Source, At: f.Recorded})
	}
	return v
}

func besideVerdict(b *why.Beside) *web.Notice {
	if b.Difference == 0 {
		return &web.Notice{Tone: web.OK, Text: b.Verdict()}
	}
	return &web.Notice{Tone: web.Warn, Text: b.Verdict()}
}

func verdict(c *why.Check) *web.Notice {
	n := &web.Notice{Tone: web.Info, Text: c.Verdict()}
	switch {
	case c.Known && c.Agrees:
		n.Tone = web.OK
	case c.Known && c.PartOf == 0:
		n.Tone = web.Warn
	}
	return n
}

// nobreak keeps a figure and its unit on one line.
var nobreak = strings.NewReplacer(" ₽", "\u00a0₽", " м³", "\u00a0м³", " кВт·ч", "\u00a0кВт·ч", " Гкал", "\u00a0Гкал", " м²", "\u00a0м²", " %", "\u00a0%")

// lineStep puts the figures of one calculation in the order they enter it. What a supplier has not sent is said.
func lineStep(c *why.Calculation, check *why.Check) view.LineStep {
	s := view.LineStep{Title: cmp.Or(web.Capital(c.KindText), c.Title), Sum: c.Sum, Product: nobreak.Replace(c.Product), Exact: number(c.Exact), Formula: c.Formula.Words, Clause: clause(c)}
	if m := month(c.About); m.Valid() && c.Cause != "" {
		s.About, s.Cause = m.Title(), c.Cause
	}
	if check != nil { // the supplier's own sum: ours, rounded, stands beside it
		s.Sum = check.Product
	}
	add := func(t view.Term) {
		if t.Text != "" {
			s.Terms = append(s.Terms, t)
		}
	}
	term := func(name, text, note string) { add(view.Term{Name: name, Text: text, Note: note}) }
	missing := ""
	if check != nil {
		missing = "поставщик не прислал"
	}
	term("Как найден объём", c.MethodText, readings(c))
	term("Человек", number(c.Persons), "")
	term("Площадь, места или головы", number(c.Base), "")
	add(view.Term{Name: "Норматив", Text: withUnit(number(c.Norm), normUnit(c.NormUnit)), Document: c.NormDocument, Mark: mark(c.NormStatus)})
	for _, in := range c.Inputs {
		term(web.Capital(in.Name), number(in.Value), "")
	}
	for _, in := range c.Late {
		term(web.Capital(in.Name), in.Value, "")
	}
	if c.DaysOf > 0 {
		term("Дней", fmt.Sprintf("%d из %d", c.Days, c.DaysOf), period(c))
	}
	term("Объём", cmp.Or(withUnit(number(c.Volume), c.Unit), missing), "")
	add(view.Term{Name: "Тариф", Text: cmp.Or(price(c), missing), Note: rateSince(c), Document: c.RateDocument, Mark: mark(c.RateStatus)})
	term("Повышающий коэффициент", number(c.Factor), "")
	term("Доля тарифа", number(c.Share), "")
	return s
}

// number is a machine number for people; empty stays empty.
func number(s string) string {
	if s == "" {
		return ""
	}
	return minus(decimal.Grouped(s, 0))
}

// minus is the sign as people print it.
func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

func withUnit(number, unit string) string {
	if number == "" || unit == "" {
		return number
	}
	return number + "\u00a0" + unit
}

// perWords are the parts of a normative's unit: m3/person/month.
var perWords = map[string]string{"person": "на человека", "month": "в месяц", "year": "в год", "day": "в день", "hour": "в час", "head": "на голову", "m2": "на м²", "m3": "на м³", "unit": "на единицу"}

// normUnit is the unit of a normative for people: «м³ на человека в месяц».
func normUnit(unit string) string {
	parts := strings.Split(unit, "/")
	parts[0] = calc.UnitName(parts[0])
	for i, p := range parts[1:] {
		parts[i+1] = cmp.Or(perWords[p], p)
	}
	return strings.Join(parts, " ")
}

func price(c *why.Calculation) string {
	if c.Rate == "" {
		return ""
	}
	text := decimal.Grouped(c.Rate, 2) + "\u00a0₽"
	if c.Unit != "" {
		text += " за\u00a0" + c.Unit
	}
	return text
}

// rateSince is from what day a price holds, before the name of its document.
func rateSince(c *why.Calculation) string {
	if d, err := calendar.ParseDate(c.RateFrom); err == nil && c.RateDocument+c.RateStatus != "" {
		return "с " + d.Dotted() + ","
	}
	return ""
}

// mark is what a doubtful figure is, in brackets.
func mark(status string) string {
	if word := tariff.Status(status).Words(); word != "" {
		return "(" + word + ")"
	}
	return ""
}

func period(c *why.Calculation) string {
	from, err := calendar.ParseDate(c.From)
	until, err2 := calendar.ParseDate(c.Until)
	if err != nil || err2 != nil {
		return ""
	}
	return "с " + from.Dotted() + " по " + until.Dotted()
}

// readings are the figures of the meter a volume lies between.
func readings(c *why.Calculation) string {
	var list []string
	for _, r := range []*why.Reading{c.Before, c.After} {
		if r != nil {
			text := "показание " + number(r.Value) + " от " + r.On.Dotted()
			if r.Source != "" {
				text += " (" + r.Source + ")"
			}
			list = append(list, text)
		}
	}
	return strings.Join(list, ", ")
}

func clause(c *why.Calculation) string {
	if c.Formula.Number == "" || strings.Contains(c.Formula.Clause, "формул") { // it names the formula itself
		return c.Formula.Clause
	}
	return c.Formula.Clause + ", формула " + c.Formula.Number
}
