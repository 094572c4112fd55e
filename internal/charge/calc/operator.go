package calc

import (
	"fmt"

	"kvit/internal/formula"
	"kvit/internal/tariff"
)

// operatorFormula is a formula of the catalogue ready for computing.
type operatorFormula struct {
	row     tariff.Formula
	program *formula.Program
	inputs  []operatorInput // beside the program's
	rated   bool            // the price enters it, or is what its volume is multiplied by
}

// operatorInput is what an input of a formula is of.
type operatorInput struct {
	figure  formula.Figure
	service Service
	object  string
	kept    int // which of a line's Inputs it is kept in; -1: the line has a field for it, or no room
}

type formulaKey struct {
	service  Service
	supplier Supplier
	category Category
}

// formulaSpan is a formula that holds on some days of the month.
type formulaSpan struct {
	from, to uint8
	at       int32 // of Engine.formulas
}

// addFormulas compiles the catalogue's formulas. tariff.Check has refused those that do not compile.
func (e *Engine) addFormulas() error {
	for _, row := range e.catalog.AllFormulas() {
		program, problems := formula.Compile(row.Text)
		if len(problems) > 0 {
			return fmt.Errorf("calc: formula of %s: %s", row.Service, problems[0].Message)
		}
		f := operatorFormula{row: row, program: program, rated: row.Result != tariff.ResultAmount || program.Uses(formula.Rate)}
		kept := 0
		for _, in := range program.Inputs() {
			x := operatorInput{figure: in.Figure, service: -1, object: in.Arg, kept: -1}
			if s, ok := e.byCode[in.Arg]; ok && in.Figure.OfService() {
				x.service = s
			}
			if !inLine(in.Figure) && kept < len(Line{}.Inputs) {
				x.kept, kept = kept, kept+1
			}
			f.inputs = append(f.inputs, x)
		}
		e.formulas = append(e.formulas, f)
		e.suppliers.add(row.Supplier)
		e.categories.add(row.Category)
	}
	return nil
}

// inLine tells whether a line has a field of its own for a figure.
func inLine(f formula.Figure) bool {
	switch f {
	case formula.Area, formula.Persons, formula.Rate, formula.Normative, formula.Factor, formula.Days, formula.MonthDays, formula.Month, formula.Year:
		return true
	}
	return false
}

func (b *Book) addFormulas() {
	for i := range b.engine.formulas {
		row := &b.engine.formulas[i].row
		s, known := b.engine.byCode[row.Service]
		from, to, ok := b.within(row.Term)
		if !known || !ok {
			continue
		}
		if b.formulas == nil {
			b.formulas = map[formulaKey][]formulaSpan{}
		}
		k := formulaKey{s, Supplier(b.engine.suppliers.at[row.Supplier]), Category(b.engine.categories.at[row.Category])}
		b.formulas[k] = append(b.formulas[k], formulaSpan{from, to, int32(i)})
	}
}

// formulasFor are the formulas of a subscription: the supplier's before anybody's, the category's before any.
func (b *Book) formulasFor(sub *Subscription) []formulaSpan {
	for _, supplier := range [2]Supplier{sub.Supplier, 0} {
		for _, category := range [2]Category{sub.Category, 0} {
			if list, ok := b.formulas[formulaKey{sub.Service, supplier, category}]; ok {
				return list
			}
		}
	}
	return nil
}

// byFormula charges a service by its operator's formula, cut by its days, the days of prices and by parties. A formula
// that counts days by itself is taken as it is; any other is of a full month.
func (c *charging) byFormula() {
	list := c.formulasFor(c.sub)
	if len(list) == 0 {
		c.issue("charge.no_formula")
		return
	}
	for _, span := range list {
		f := &c.engine.formulas[span.at]
		for _, s := range c.cut(c.pricesFor(f)) {
			if s.from, s.to = max(s.from, span.from), min(s.to, span.to); s.from <= s.to {
				c.formulaLine(f, span.at, s)
			}
		}
	}
}

// pricesFor are the prices a formula needs; without need one of the whole month that is no row of the catalogue.
func (c *charging) pricesFor(f *operatorFormula) spans {
	if f.rated {
		return c.rate(c.rateKey())
	}
	c.out.whole[0] = span{from: 1, to: uint8(c.days), row: -1}
	return c.out.whole[:]
}

// formulaLine adds what a formula comes to on the days of a segment.
func (c *charging) formulaLine(f *operatorFormula, at int32, s segment) {
	c.onDay(s.to)
	c.out.operator = operatorSource{c: c, f: f, s: s}
	src := &c.out.operator
	value := f.program.Value(src)
	if src.failed == "" && value.Sign() < 0 {
		src.failed = "charge.formula_negative"
	}
	if src.failed != "" {
		c.issue(src.failed)
		return
	}
	l := c.line(Charged, ByUnits, FormulaOperator)
	l.Party, l.FactorRow = s.party, at
	src.keep(l)
	if share := c.shareOfMonth(l, s, value); !f.program.Uses(formula.Days) {
		value = share
	}
	if f.row.Result == tariff.ResultAmount {
		l.Rate, l.RateRow, l.Exact = s.rate.value, s.rate.row, value
		c.round(l)
		return
	}
	c.price(l, value, s.rate)
	c.use(volumeOf{party: s.party, method: ByUnits, volume: value, from: s.from, to: s.to})
}
