package calc

import (
	"fmt"

	"kvit/internal/decimal"
	"kvit/internal/formula"
	"kvit/internal/tariff"
)

// NamedFigure is a figure of an operator's formula with the value a line was computed by.
type NamedFigure struct {
	Name  string
	Value decimal.Decimal
}

// FormulaWords is the formula of an operator's line in names, and the figures it was computed by. Figures that a line
// has fields for are left out.
func (e *Engine) FormulaWords(l *Line) (words string, figures []NamedFigure) {
	f := e.operatorOf(l)
	if f == nil {
		return "", nil
	}
	for i := range f.inputs {
		if k := f.inputs[i].kept; k >= 0 {
			figures = append(figures, NamedFigure{e.figureName(f, i), l.Inputs[k]})
		}
	}
	return f.program.Words(func(i int) string { return e.figureName(f, i) }), figures
}

func (e *Engine) operatorOf(l *Line) *operatorFormula {
	if l.Formula != FormulaOperator || l.FactorRow < 0 || int(l.FactorRow) >= len(e.formulas) {
		return nil
	}
	return &e.formulas[l.FactorRow]
}

// FormulaOf is the formula of the catalogue a line was computed by; nil for lines of other formulas.
func (e *Engine) FormulaOf(l *Line) *tariff.Formula {
	if f := e.operatorOf(l); f != nil {
		return &f.row
	}
	return nil
}

// ClauseOf is what a line's formula rests on: the law, or the document an operator's formula names.
func (e *Engine) ClauseOf(l *Line) string {
	if f := e.FormulaOf(l); f != nil && f.Document != "" {
		return f.Document
	}
	return l.Formula.Info().Clause
}

// figureName names an input: «объём «Холодная вода»».
func (e *Engine) figureName(f *operatorFormula, i int) string {
	in := &f.inputs[i]
	name := in.figure.Words()
	switch {
	case in.service >= 0:
		name += " «" + e.Of(in.service).Name + "»"
	case in.object != "":
		name += " «" + in.object + "»"
	}
	return name
}

// operatorProduct is an operator's formula with its figures put in, and what its result is multiplied by.
func operatorProduct(e *Engine, l *Line) string {
	f := e.operatorOf(l)
	if f == nil {
		return num(l.Volume)
	}
	written := f.program.Words
	part := l.DaysOf > 0 && l.Days < l.DaysOf && !f.program.Uses(formula.Days)
	if f.row.Result != tariff.ResultAmount || part {
		written = f.program.WordsOfFactor
	}
	s := written(func(i int) string {
		if v, ok := l.figureOf(&f.inputs[i]); ok {
			return num(v.Decimal())
		}
		return e.figureName(f, i)
	})
	if part {
		s += fmt.Sprintf(" × %d ÷ %d", l.Days, l.DaysOf)
	}
	if f.row.Result != tariff.ResultAmount {
		s += fmt.Sprintf(" %s × %s ₽", UnitName(string(e.Of(l.Service).Unit)), num(l.Rate))
	}
	return s
}

// figureOf is an input of a formula as its line keeps it; ok is false where it had no room.
func (l *Line) figureOf(in *operatorInput) (value decimal.Ratio, ok bool) {
	all := int64(l.Month.Last().Day())
	days := int64(l.Days)
	if days == 0 {
		days = all
	}
	switch in.figure {
	case formula.Area:
		return l.Base.Exact(), true
	case formula.Persons:
		return decimal.Int(int64(l.PersonDays)).OverInt(days), true
	case formula.Rate:
		return l.Rate.Exact(), true
	case formula.Normative:
		return l.Norm.Exact(), true
	case formula.Factor:
		return l.Factor.Exact(), true
	case formula.Days:
		return decimal.Int(days), true
	case formula.MonthDays:
		return decimal.Int(all), true
	case formula.Month:
		return decimal.Int(int64(l.Month.Number())), true
	case formula.Year:
		return decimal.Int(int64(l.Month.Year())), true
	}
	if in.kept < 0 {
		return decimal.Ratio{}, false
	}
	return l.Inputs[in.kept].Exact(), true
}
