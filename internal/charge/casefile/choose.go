package casefile

import (
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// chosen are the lines an expectation is about.
func (r *runner) chosen(e *Expect) (lines []*calc.Line, err error) {
	service := calc.Service(-1)
	if e.Service != "" {
		var ok bool
		if service, ok = r.engine.Service(e.Service); !ok {
			return nil, fmt.Errorf("услуги %q нет в каталоге%s", e.Service, perhapsService(r.engine, e.Service))
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
		e.Formula != "" && !l.Formula.Info().Is(e.Formula),
		e.Supplier != "" && r.supplierOf(e.In, l) != e.Supplier,
		e.Party != "" && r.partyOf(e.In, l) != e.Party:
		return false
	}
	return true
}

// partyOf is the name of who a line is charged to.
func (r *runner) partyOf(m calendar.Month, l *calc.Line) string {
	if list := r.charged[m].premises.Parties; int(l.Party) < len(list) {
		return list[l.Party].Name
	}
	return ""
}

// supplierOf is the code of who a line is charged by.
func (r *runner) supplierOf(m calendar.Month, l *calc.Line) string {
	if list := r.charged[m].suppliers; int(l.Sub) < len(list) {
		return list[l.Sub]
	}
	return ""
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
