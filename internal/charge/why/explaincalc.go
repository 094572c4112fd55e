package why

import (
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// Readings finds the reading a computed line names; nil when it is not known any more.
type Readings func(id int64) *Reading

// Computed explains lines Kvit has computed, one calculation a line: the inputs a line keeps, and the words, the
// clause and the documents its codes stand for.
func Computed(e *calc.Engine, lines []calc.Line, find Readings) []Calculation {
	out := make([]Calculation, 0, len(lines))
	for i := range lines {
		out = append(out, computed(e, &lines[i], find))
	}
	return out
}

func computed(e *calc.Engine, l *calc.Line, find Readings) Calculation {
	info := l.Formula.Info()
	c := Calculation{
		Kind: l.Kind.Code(), KindText: l.Kind.Words(), Title: titleOf(e, l), Method: l.Method.Code(), MethodText: calc.MethodWords(l),
		Volume: l.Volume.String(), Unit: calc.UnitOf(e, l), Rate: plain(l.Rate), Norm: plain(l.Norm), Factor: plain(l.Factor), Share: plain(l.Share), Base: plain(l.Base),
		Days: l.Days, DaysOf: l.DaysOf, Formula: Formula{Code: info.Code, Number: info.Number, Words: info.Words, Clause: e.ClauseOf(l)},
		Product: calc.Product(e, l), Exact: l.Exact.Text(exactDigits), Sum: l.Amount,
	}
	if l.PersonDays > 0 {
		days := l.DaysOf
		if days == 0 {
			days = int32(l.Month.Last().Day())
		}
		c.Persons = plain(decimal.Int(int64(l.PersonDays)).OverInt(int64(days)).Decimal())
	}
	if l.From > 0 && l.To > 0 && l.Month.Valid() {
		c.From, c.Until = l.Month.First().AddDays(int(l.From)-1).String(), l.Month.First().AddDays(int(l.To)-1).String()
	}
	addOrigins(e, l, &c)
	addOperator(e, l, &c)
	for i, name := range info.Inputs {
		if name != "" && l.Inputs[i] != 0 {
			c.Inputs = append(c.Inputs, Input{Name: name, Value: l.Inputs[i].String()})
		}
	}
	if l.TakesRest() {
		c.MethodText += ", " + calc.RestWords
	}
	c.Before, c.After = reading(find, l.Before), reading(find, l.After)
	return c
}

// addOrigins adds the documents of price and normative.
func addOrigins(e *calc.Engine, l *calc.Line, c *Calculation) {
	if l.RateRow >= 0 && int(l.RateRow) < len(e.Catalog().Rates) && l.Rate != 0 {
		row := &e.Catalog().Rates[l.RateRow]
		c.RateFrom, c.RateDocument, c.RateStatus = row.From.String(), row.Document, string(row.Status)
	}
	if l.NormRow >= 0 && int(l.NormRow) < len(e.Catalog().Normatives) && l.Norm != 0 {
		row := &e.Catalog().Normatives[l.NormRow]
		c.NormUnit, c.NormDocument, c.NormStatus = row.Unit, row.Document, string(row.Status)
	}
}

// addOperator says an operator's formula in names, with its figures.
func addOperator(e *calc.Engine, l *calc.Line, c *Calculation) {
	words, figures := e.FormulaWords(l)
	if words == "" {
		return
	}
	c.Formula.Words = words
	for _, f := range figures {
		c.Inputs = append(c.Inputs, Input{Name: f.Name, Value: f.Value.String()})
	}
}

func reading(find Readings, id int64) *Reading {
	if id == 0 || find == nil {
		return nil
	}
	return find(id)
}
