package casefile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/fault"
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
	engine  *calc.Engine // of everything known
	engines map[int]*calc.Engine
	bills   map[calendar.Month]*calc.Bill
	charged map[calendar.Month]facts // what each bill is of
	money   *accounts
	verdict Verdict
}

// Run computes a case over a base catalogue, to which the case's own excerpt is added.
func Run(c *Case, base *tariff.Catalog) Verdict {
	r := &runner{c: c, bills: map[calendar.Month]*calc.Bill{}, charged: map[calendar.Month]facts{}, verdict: Verdict{Case: c.Name, File: c.file}}
	err := r.run(base)
	switch want := c.refusal(); {
	case want != nil:
		r.refused(want, err)
	case err != nil:
		r.verdict.Error = inFile(c.file, err)
		return r.verdict
	}
	r.verdict.OK = len(r.verdict.Lines) > 0
	for _, l := range r.verdict.Lines {
		r.verdict.OK = r.verdict.OK && l.OK
	}
	return r.verdict
}

// refusal is the expectation that the case is refused; nil where there is none.
func (c *Case) refusal() *Expect {
	for i := range c.Expect {
		if c.Expect[i].Refused != "" {
			return &c.Expect[i]
		}
	}
	return nil
}

// refused compares what a case was refused for with the words expected.
func (r *runner) refused(want *Expect, err error) {
	got := ""
	if err != nil {
		got = inFile(r.c.file, err)
	}
	ok := err != nil && (want.Refused == "true" || hasCode(err, want.Refused) || strings.Contains(strings.ToLower(got), strings.ToLower(want.Refused)))
	r.verdict.Lines = append(r.verdict.Lines, Compared{Expected: map[string]any{"refused": want.Refused}, Got: map[string]any{"refused": got}, OK: ok})
}

// hasCode tells whether an error is of a code, such as catalog.cycle.
func hasCode(err error, code string) bool {
	var faults tariff.Faults
	errors.As(err, &faults)
	return slices.ContainsFunc(faults, func(f *fault.Error) bool { return f.Code == code })
}

// inFile names the file and line of an error, and all faults of a catalogue.
func inFile(file string, err error) string {
	var faults tariff.Faults
	if !errors.As(err, &faults) {
		return file + ": " + err.Error()
	}
	var list []string
	for _, f := range faults {
		list = append(list, fmt.Sprintf("%s: строка %d: %s", f.Place.File, f.Place.Pos, f.Message))
	}
	return strings.Join(list, "\n")
}

func (r *runner) run(base *tariff.Catalog) error {
	if err := r.open(base); err != nil {
		return err
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
		if r.c.Expect[i].Refused != "" {
			if err := r.tryOther(); err != nil {
				return err
			}
			continue
		}
		compared, err := r.compare(&r.c.Expect[i])
		if err != nil {
			return fmt.Errorf("строка %d: %w", r.c.Expect[i].line, err)
		}
		r.verdict.Lines = append(r.verdict.Lines, compared)
	}
	if len(r.c.Expect) == 0 {
		return fmt.Errorf("строка %d: в случае нет ожиданий: добавьте expect", r.c.line)
	}
	return nil
}

// open makes the engine of the base catalogue and the case's excerpt.
func (r *runner) open(base *tariff.Catalog) error {
	if r.c.Standard != nil && !*r.c.Standard {
		base = &tariff.Catalog{}
	}
	r.catalog = base
	if r.c.Catalog.Kind != 0 && r.c.Catalog.Tag != "!!null" {
		own, faults := tariff.ReadNode(r.c.file, &r.c.Catalog)
		if len(faults) > 0 {
			return faults
		}
		r.catalog = tariff.Merge(base, own)
	}
	var err error
	r.engine, err = r.engineAt(0)
	return err
}

// engineAt is the engine of the catalogue as it was known on a day; 0 is all.
func (r *runner) engineAt(known calendar.Date) (*calc.Engine, error) {
	n, catalog := 0, r.catalog
	for i := range r.c.Late {
		l := &r.c.Late[i]
		if known != 0 && l.Recorded > known {
			continue
		}
		late, faults := tariff.ReadNode(r.c.file, &l.Tables)
		if len(faults) > 0 {
			return nil, faults
		}
		n, catalog = n|1<<i, tariff.Merge(catalog, late)
	}
	if e, ok := r.engines[n]; ok {
		return e, nil
	}
	if faults, _ := catalog.Check(); len(faults) > 0 {
		return nil, faults
	}
	if faults, _ := catalog.CheckSuppliers(r.c.suppliers()); len(faults) > 0 {
		return nil, faults
	}
	e, err := calc.New(catalog)
	if r.engines == nil {
		r.engines = map[int]*calc.Engine{}
	}
	r.engines[n] = e
	return e, err
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
	now.engine.Month(m).Charge(now.premises, bill)
	if err := r.correct(m, now, bill); err != nil {
		return err
	}
	r.bills[m], r.charged[m] = bill, now
	for i := range bill.Lines {
		l := &bill.Lines[i]
		r.verdict.Computed = append(r.verdict.Computed, Shown{In: m.String(), Service: r.engine.Of(l.Service).Code, Kind: keyOf(lineKinds, l.Kind), Amount: l.Amount, Words: calc.Words(r.engine, l)})
	}
	for _, x := range bill.Issues {
		r.verdict.Computed = append(r.verdict.Computed, Shown{In: m.String(), Service: r.engine.Of(x.Service).Code, Kind: "issue", Words: x.Code})
	}
	return nil
}

// facts are the household and the catalogue as they were known on a day.
type facts struct {
	engine    *calc.Engine
	premises  *calc.Premises
	suppliers []string // of each service taken
}

func (r *runner) premises(known calendar.Date) (f facts, err error) {
	if f.engine, err = r.engineAt(known); err != nil {
		return f, err
	}
	b := &builder{engine: f.engine, known: known, ids: map[string]int64{}}
	f.premises = b.premises(r.c)
	f.suppliers = b.suppliers
	return f, b.err
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

// limitationMonths is how far back a month is corrected (ГК РФ ст. 196).
const limitationMonths = 36

// correct adds the corrections of closed months: their charge by what is known now less their charge by what was known
// when the last month before this one was closed.
func (r *runner) correct(m calendar.Month, now facts, bill *calc.Bill) error {
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
		if x.Month >= m || x.Month < m.Add(-limitationMonths) {
			continue
		}
		before, after := &calc.Bill{}, &calc.Bill{}
		now.premises.NormStays, now.premises.NormKept = then.premises.Stays, x.Month < m.Add(-calc.NormMonths)
		then.engine.Month(x.Month).Charge(then.premises, before)
		now.engine.Month(x.Month).Charge(now.premises, after)
		calc.Correct(before, after, bill)
	}
	now.premises.NormKept = false
	return nil
}
