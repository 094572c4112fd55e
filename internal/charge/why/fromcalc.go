package why

import (
	"fmt"

	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// FromCalc makes lines to compare of a computed bill. Parts of a month with another price or party are one line; what
// corrects a service (a benefit, quality, a reading that came late) belongs to its line. A benefit paid apart is not
// part of what is to pay and is left out.
func FromCalc(e *calc.Engine, bill *calc.Bill) []Line {
	var out []Line
	keys := map[string]int{}
	for i := range bill.Lines {
		l := &bill.Lines[i]
		if l.Kind == calc.ReliefShown {
			continue
		}
		at := lineFor(e, l, keys, &out)
		if l.Kind == calc.Charged {
			addCharged(e, &out[at], l)
			continue
		}
		addExtra(&out[at], l)
	}
	return out
}

// lineFor finds the line a computed one belongs to, or begins it.
func lineFor(e *calc.Engine, l *calc.Line, keys map[string]int, out *[]Line) int {
	code := e.Of(l.Service).Code
	exact := fmt.Sprintf("%s/%d/%d/%d/%d", code, l.Party, l.Component, l.Zone, max(1, l.Band))
	service := fmt.Sprintf("%s/%d", code, l.Party)
	if at, ok := keys[exact]; ok {
		return at
	}
	if at, ok := keys[service]; ok && l.Kind != calc.Charged {
		return at
	}
	also := fmt.Sprintf("%s/%d", service, l.Component) // a normative knows no zones of the day
	*out = append(*out, Line{Key: exact, Also: also, Title: titleOf(e, l), Unit: calc.UnitOf(e, l), Band: l.Band})
	at := len(*out) - 1
	keys[exact] = at
	if _, ok := keys[service]; !ok {
		keys[service] = at
	}
	return at
}

// titleOf names a line of a bill: «Горячая вода, подогрев».
func titleOf(e *calc.Engine, l *calc.Line) string {
	title := e.Of(l.Service).Name
	for _, part := range [...]string{l.Component.Words(), l.Zone.Words()} {
		if part != "" {
			title += ", " + part
		}
	}
	if l.Band > 1 {
		title += fmt.Sprintf(", %d-й диапазон", l.Band)
	}
	return title
}

func addCharged(e *calc.Engine, to *Line, l *calc.Line) {
	volume := l.Volume.Exact()
	whole := to.Volume.By(to.Rate).Plus(volume.Times(l.Rate))
	if to.Volume = to.Volume.Plus(volume); to.Volume.IsZero() || to.Rate.IsZero() {
		to.Rate = l.Rate.Exact()
	} else {
		to.Rate = whole.Per(to.Volume)
	}
	to.Charge += l.Amount
	to.Method, to.Missed = l.Method, l.Missed
	if l.PersonDays > 0 {
		to.Persons = to.Persons.Plus(decimal.Int(int64(l.PersonDays)).OverInt(int64(l.Month.Last().Day())))
	}
	if l.Component != calc.Heat {
		to.Base = l.Base
	}
	if l.DaysOf > 0 {
		to.Days, to.DaysOf = min(to.Days+l.Days, l.DaysOf), l.DaysOf
	}
	if l.RateRow >= 0 {
		row := &e.Catalog().Rates[l.RateRow]
		to.RateFrom, to.RateDocument = row.From, row.Document
	}
}

func addExtra(to *Line, l *calc.Line) {
	switch l.Kind {
	case calc.Surcharge:
		to.Raised += l.Amount
		to.Factor = l.Factor
	case calc.Relief:
		to.Benefit += l.Amount
	case calc.PutOff:
		to.PutOff += l.Amount
	case calc.Penalty:
		to.Penalty += l.Amount
	default:
		to.Recalc += l.Amount
	}
}

// Together makes one line of the parts of a service: the causes inside it are no longer told apart. Its rate is what a
// unit came to on average, its method that of the first part.
func Together(parts []Line) Line {
	one := parts[0]
	one.Band, one.RateFrom, one.RateDocument = 0, 0, ""
	for i := range parts[1:] {
		p := &parts[1+i]
		if p.Unit == one.Unit {
			one.Volume = one.Volume.Plus(p.Volume)
		}
		one.Charge, one.Raised, one.Recalc = one.Charge+p.Charge, one.Raised+p.Raised, one.Recalc+p.Recalc
		one.Benefit, one.PutOff, one.Penalty = one.Benefit+p.Benefit, one.PutOff+p.PutOff, one.Penalty+p.Penalty
	}
	if len(parts) > 1 && !one.Volume.IsZero() {
		one.Rate = decimal.Int(int64(one.Charge)).OverInt(100).Per(one.Volume)
	}
	return one
}
