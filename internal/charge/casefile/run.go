package casefile

import (
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// Verdict is one case computed and compared.
type Verdict struct {
	Case     string     `json:"case"`
	File     string     `json:"file,omitempty"`
	OK       bool       `json:"ok"`
	Lines    []Compared `json:"lines"`
	Computed []Shown    `json:"computed,omitempty"` // every line that came out, for whoever wonders
	Error    string     `json:"error,omitempty"`
}

// Compared is one expectation and what came out. Sums are kopecks; other figures are as written.
type Compared struct {
	Expected map[string]any `json:"expected"`
	Got      map[string]any `json:"got"`
	OK       bool           `json:"ok"`
}

// Shown is a computed line in words.
type Shown struct {
	In      string       `json:"in"`
	Service string       `json:"service"`
	Kind    string       `json:"kind"`
	Amount  money.Amount `json:"amount"`
	Words   string       `json:"words"`
}

// runner computes one case.
type runner struct {
	c       *Case
	catalog *tariff.Catalog
	engine  *calc.Engine
	bills   map[calendar.Month]*calc.Bill
	parties []Party
	money   *accounts
	verdict Verdict
}

// Run computes a case over a base catalogue, to which the case's own excerpt is added.
func Run(c *Case, base *tariff.Catalog) Verdict {
	r := &runner{c: c, bills: map[calendar.Month]*calc.Bill{}, verdict: Verdict{Case: c.Name, File: c.file}}
	if err := r.run(base); err != nil {
		r.verdict.Error = err.Error()
		return r.verdict
	}
	r.verdict.OK = len(r.verdict.Lines) > 0
	for _, l := range r.verdict.Lines {
		r.verdict.OK = r.verdict.OK && l.OK
	}
	return r.verdict
}

func (r *runner) run(base *tariff.Catalog) error {
	if err := r.open(base); err != nil {
		return err
	}
	if r.c.Account != nil {
		r.parties = r.c.Account.parties()
	}
	for _, m := range r.months() {
		if err := r.charge(m); err != nil {
			return err
		}
	}
	if err := r.settle(); err != nil {
		return err
	}
	for i := range r.c.Expect {
		compared, err := r.compare(&r.c.Expect[i])
		if err != nil {
			return fmt.Errorf("строка %d: %w", r.c.Expect[i].line, err)
		}
		r.verdict.Lines = append(r.verdict.Lines, compared)
	}
	if len(r.verdict.Lines) == 0 {
		return fmt.Errorf("в случае нет ожиданий: добавьте expect")
	}
	return nil
}

// open makes the engine of the base catalogue and the case's excerpt.
func (r *runner) open(base *tariff.Catalog) error {
	if r.c.Standard != nil && !*r.c.Standard {
		base = &tariff.Catalog{}
	}
	r.catalog = base
	if r.c.Catalog.Kind != 0 {
		own, faults := tariff.ReadNode(r.c.file, &r.c.Catalog)
		if len(faults) > 0 {
			return faults
		}
		r.catalog = tariff.Merge(base, own)
	}
	if faults, _ := r.catalog.Check(); len(faults) > 0 {
		return faults
	}
	var err error
	r.engine, err = calc.New(r.catalog)
	return err
}

// months are the months charged: those expectations stand in.
func (r *runner) months() (list []calendar.Month) {
	if r.c.Account == nil {
		return nil
	}
	for i := range r.c.Expect {
		e := &r.c.Expect[i]
		if e.In == 0 {
			e.In = r.c.Month
		}
		if e.In.Valid() && e.ofCharge() {
			list = append(list, e.In)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// charge computes a month by the facts known when it was closed, and corrects the months closed before.
func (r *runner) charge(m calendar.Month) error {
	now, err := r.premises(r.closedOn(m))
	if err != nil {
		return err
	}
	bill := &calc.Bill{}
	r.engine.Month(m).Charge(now, bill)
	if err := r.correct(m, now, bill); err != nil {
		return err
	}
	r.bills[m] = bill
	for i := range bill.Lines {
		l := &bill.Lines[i]
		r.verdict.Computed = append(r.verdict.Computed, Shown{In: m.String(), Service: r.engine.Of(l.Service).Code, Kind: keyOf(lineKinds, l.Kind), Amount: l.Amount, Words: calc.Words(r.engine, l)})
	}
	for _, x := range bill.Issues {
		r.verdict.Computed = append(r.verdict.Computed, Shown{In: m.String(), Service: r.engine.Of(x.Service).Code, Kind: "issue", Words: x.Code})
	}
	return nil
}

func (r *runner) premises(known calendar.Date) (*calc.Premises, error) {
	b := &builder{engine: r.engine, known: known, ids: map[string]int64{}}
	p := b.premises(r.c)
	return p, b.err
}

// closedOn is the day a month was closed; 0 when it is open.
func (r *runner) closedOn(m calendar.Month) calendar.Date {
	for _, x := range r.c.Closed {
		if x.Month == m {
			return x.On
		}
	}
	return 0
}

// correct adds the corrections of closed months: their charge by what is known now less their charge by what was known
// when the last month before this one was closed.
func (r *runner) correct(m calendar.Month, now *calc.Premises, bill *calc.Bill) error {
	var last calendar.Date
	for _, x := range r.c.Closed {
		if x.Month < m {
			last = max(last, x.On)
		}
	}
	if last == 0 {
		return nil
	}
	then, err := r.premises(last)
	if err != nil {
		return err
	}
	for _, x := range r.c.Closed {
		if x.Month >= m {
			continue
		}
		book, before, after := r.engine.Month(x.Month), &calc.Bill{}, &calc.Bill{}
		book.Charge(then, before)
		book.Charge(now, after)
		calc.Correct(before, after, bill)
	}
	return nil
}

// ofCharge tells whether an expectation is about a charge.
func (e *Expect) ofCharge() bool {
	return e.Penalty == nil && e.PenaltySum == nil && e.Due == 0 && e.Paid == nil && e.Balance == nil && e.Subsidy == nil && e.Meeting == nil && e.Collection == nil && e.Instalment == nil
}

func (r *runner) compare(e *Expect) (Compared, error) {
	if !e.ofCharge() {
		return r.compareMoney(e)
	}
	if r.c.Account == nil {
		return Compared{}, fmt.Errorf("ожидание о начислении, а раздела account в случае нет")
	}
	lines, err := r.chosen(e)
	if err != nil {
		return Compared{}, err
	}
	x := comparison{Compared: Compared{Expected: map[string]any{}, Got: map[string]any{}, OK: true}}
	x.name("in", e.In.String(), e.In != r.c.Month)
	for _, k := range [...]struct{ key, value string }{{"service", e.Service}, {"component", e.Component}, {"kind", e.Kind}, {"zone", e.Zone}, {"party", e.Party}, {"method", e.Method}, {"formula", e.Formula}} {
		x.name(k.key, k.value, k.value != "")
	}
	x.name("band", e.Band, e.Band != 0)
	x.name("month", e.Month.String(), e.Month != 0)
	r.figures(e, lines, &x)
	return x.Compared, nil
}

// comparison collects figures expected and got.
type comparison struct{ Compared }

func (x *comparison) name(key string, value any, given bool) {
	if given {
		x.Expected[key], x.Got[key] = value, value
	}
}

func (x *comparison) figure(key string, expected, got any, ok bool) {
	x.Expected[key], x.Got[key] = expected, got
	x.OK = x.OK && ok
}

func same[T comparable](x *comparison, key string, expected, got T) {
	x.figure(key, expected, got, expected == got)
}

// figures compares every figure an expectation names.
func (r *runner) figures(e *Expect, lines []*calc.Line, x *comparison) {
	sum := sumOf(lines)
	if e.Amount != nil {
		same(x, "amount", money.Amount(*e.Amount), sum.amount)
	}
	if e.Lines != nil {
		same(x, "lines", *e.Lines, len(lines))
	}
	if e.Issue != "" {
		same(x, "issue", e.Issue, r.issue(e))
	}
	nothing := e.Amount != nil && *e.Amount == 0 || e.Lines != nil || e.Issue != ""
	if len(lines) == 0 && !nothing {
		x.figure("line", "есть", "нет такой строки", false)
		return
	}
	if e.Volume != nil {
		x.number("volume", *e.Volume, e.Step, sum.volume.Exact())
	}
	if e.Price != nil {
		x.number("price", *e.Price, 0, r.price(e, lines))
	}
	if len(lines) > 0 {
		r.details(e, lines, x)
	}
}

func (r *runner) details(e *Expect, lines []*calc.Line, x *comparison) {
	first := lines[0]
	if e.Rate != nil {
		same(x, "rate", e.Rate.String(), first.Rate.String())
	}
	if e.Factor != nil {
		x.number("factor", *e.Factor, 0, first.Factor.Exact())
	}
	if e.Persons != nil && first.DaysOf != 0 {
		x.number("persons", *e.Persons, 0, decimal.Int(int64(first.PersonDays)).OverInt(int64(first.DaysOf)))
	}
	if e.Days != nil {
		same(x, "days", *e.Days, first.Days)
	}
	info := first.Formula.Info()
	if e.Clause != "" {
		x.figure("clause", e.Clause, info.Clause, strings.Contains(info.Clause, e.Clause))
	}
	if e.Reason != "" {
		words := calc.Words(r.engine, first)
		x.figure("reason", e.Reason, words, strings.Contains(strings.ToLower(words), strings.ToLower(e.Reason)))
	}
}

// number compares a figure with as many digits as it is written with, or by the step given.
func (x *comparison) number(key string, expected Figure, step decimal.Decimal, got decimal.Ratio) {
	if step != 0 {
		n, err := got.Over(step).Round(0)
		rounded := decimal.Int(n).Times(step).Decimal()
		x.figure(key, expected.Value.String(), rounded.String(), err == nil && rounded == expected.Value)
		return
	}
	a, errA := got.Round(expected.Digits)
	b, errB := expected.Value.Exact().Round(expected.Digits)
	x.figure(key, expected.Value.String(), got.Text(decimal.Digits), errA == nil && errB == nil && a == b)
}

// chosen are the lines an expectation is about.
func (r *runner) chosen(e *Expect) (lines []*calc.Line, err error) {
	service := calc.Service(-1)
	if e.Service != "" {
		var ok bool
		if service, ok = r.engine.Service(e.Service); !ok {
			return nil, fmt.Errorf("услуги %q нет в каталоге", e.Service)
		}
	}
	f := filter{e: e, service: service}
	if f.kind, err = word(lineKinds, "kind", e.Kind); err != nil {
		return nil, err
	}
	if f.method, err = word(lineMethods, "method", e.Method); err != nil {
		return nil, err
	}
	if f.component, err = word(lineComponents, "component", e.Component); err != nil {
		return nil, err
	}
	bill := r.bills[e.In]
	if bill == nil {
		return nil, fmt.Errorf("не указан месяц: добавьте month в случай или in в ожидание")
	}
	for i := range bill.Lines {
		if l := &bill.Lines[i]; f.fits(r, l) {
			lines = append(lines, l)
		}
	}
	return lines, nil
}

type filter struct {
	e         *Expect
	service   calc.Service
	kind      calc.Kind
	method    calc.Method
	component calc.Component
}

func (f *filter) fits(r *runner, l *calc.Line) bool {
	e := f.e
	switch {
	case f.service >= 0 && l.Service != f.service,
		e.Kind != "" && l.Kind != f.kind, e.Kind == "" && l.Kind == calc.ReliefShown,
		e.Method != "" && l.Method != f.method,
		e.Component != "" && l.Component != f.component,
		e.Zone != "" && l.Zone.String() != e.Zone,
		e.Band != 0 && int(l.Band) != e.Band,
		e.Month != 0 && l.Month != e.Month,
		e.Share != nil && l.Share != shareOf(*e.Share),
		e.Formula != "" && l.Formula.Info().Code != e.Formula && l.Formula.Info().Number != e.Formula,
		e.Party != "" && (int(l.Party) >= len(r.parties) || r.parties[l.Party].Name != e.Party):
		return false
	}
	return true
}

// shareOf is a share as lines keep it: the whole is none.
func shareOf(d decimal.Decimal) decimal.Decimal {
	if d == decimal.FromInt(1) {
		return 0
	}
	return d
}

func word[V any](m map[string]V, key, value string) (v V, err error) {
	v, ok := m[value]
	if value != "" && !ok {
		err = fmt.Errorf("%s %q: бывает %s", key, value, nearKeys(m))
	}
	return v, err
}

func keyOf[V comparable](m map[string]V, v V) string {
	for k, x := range m {
		if x == v && k != "" {
			return k
		}
	}
	return ""
}

type lineSum struct {
	amount money.Amount
	volume decimal.Decimal
}

// sumOf adds lines up. A surcharge or a reduction repeats the volume of its line, and heat of hot water is in other
// units than the water: these volumes count only alone.
func sumOf(lines []*calc.Line) (s lineSum) {
	main := false
	for _, l := range lines {
		main = main || countsVolume(l)
	}
	for _, l := range lines {
		s.amount += l.Amount
		if countsVolume(l) || !main {
			s.volume += l.Volume
		}
	}
	return s
}

func countsVolume(l *calc.Line) bool {
	return l.Component != calc.Heat && l.Kind != calc.Surcharge && l.Kind != calc.QualityCut && l.Kind != calc.Relief && l.Kind != calc.ReliefShown
}

// price is what one unit of the volume costs by the lines chosen, or one person or square metre.
func (r *runner) price(e *Expect, lines []*calc.Line) decimal.Ratio {
	var sum decimal.Ratio
	for _, l := range lines {
		sum = sum.Plus(l.Exact)
	}
	var of decimal.Ratio
	switch e.Per {
	case "person":
		of = decimal.Int(int64(lines[0].PersonDays)).OverInt(int64(max(1, lines[0].DaysOf)))
	case "m2":
		of = lines[0].Base.Exact()
	default:
		of = sumOf(lines).volume.Exact()
	}
	if of.IsZero() {
		return decimal.Ratio{}
	}
	return sum.Quo(of)
}

func (r *runner) issue(e *Expect) string {
	for _, x := range r.bills[e.In].Issues {
		if x.Code == e.Issue && (e.Service == "" || r.engine.Of(x.Service).Code == e.Service) {
			return x.Code
		}
	}
	return ""
}
