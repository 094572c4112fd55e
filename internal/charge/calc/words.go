package calc

import (
	"fmt"
	"strings"

	"kvit/internal/decimal"
)

// Words is a line in plain Russian: how the volume was found, the product and the sum.
func Words(e *Engine, l *Line) string {
	var b strings.Builder
	b.WriteString(e.Of(l.Service).Name)
	for _, part := range [...]string{componentWords[l.Component], zoneNames[l.Zone], bandWords(l), kindSaid(l), MethodWords(l)} {
		if part != "" {
			b.WriteString(", " + part)
		}
	}
	fmt.Fprintf(&b, ": %s = %s → %s", product(e, l), comma(l.Exact.Text(6)), l.Amount.Format())
	if l.TakesRest() {
		b.WriteString(" (" + RestWords + ")")
	}
	return b.String()
}

// RestWords say why a line is a kopeck off its own product.
const RestWords = "с копейкой округления всех частей вместе"

// TakesRest tells whether a line is off its own product, so that the parts of a whole add up to it.
func (l *Line) TakesRest() bool {
	kop, err := l.Exact.Round(2)
	return err == nil && kop != int64(l.Amount)
}

var (
	componentWords = [...]string{"", "холодная вода", "подогрев"}
	zoneNames      = [...]string{"", "день", "ночь", "пик", "полупик"}
	kindWords      = [...]string{"", "повышающий коэффициент", "перерасчёт по показаниям", "временное отсутствие", "снижение за качество", "холоднее 40 °C", "корректировка", "льгота", "льгота (выплачивается отдельно)", "рассрочка", "по акту", "не поставлено", "штраф поставщика", "пени"}
	methodNames    = [...]string{"", "по счётчику", "по среднему", "по нормативу", "по связанным услугам", "по общедомовому счётчику", "по площади", "по числу человек", "за единицу", "по акту", "сумма поставщика", "объём прислал поставщик"}
)

// kindSaid is what a line is for; a penalty says of which month.
func kindSaid(l *Line) string {
	if l.Kind == Penalty {
		return kindWords[l.Kind] + " за " + l.Month.Title()
	}
	return kindWords[l.Kind]
}

func bandWords(l *Line) string {
	if l.Band < 2 {
		return ""
	}
	return fmt.Sprintf("%d-й диапазон", l.Band)
}

// MethodWords tells how a line's volume was found: «по среднему, 2-й месяц без показаний».
func MethodWords(l *Line) string {
	switch {
	case l.Formula == FormulaOperator:
		return "по формуле"
	case l.Missed > 0:
		return fmt.Sprintf("%s, %d-й месяц без показаний", methodNames[l.Method], l.Missed)
	}
	return methodNames[l.Method]
}

// product writes the factors of a line as its formula multiplies them.
func product(e *Engine, l *Line) string {
	unit := UnitOf(e, l)
	switch l.Formula {
	case FormulaGiven, FormulaInstalment:
		return "сумма"
	case FormulaFine:
		return fmt.Sprintf("%s × %s %%", roubles(l.Inputs[0]), num(l.Factor))
	case FormulaOperator:
		return operatorProduct(e, l)
	case FormulaQuality:
		return fmt.Sprintf("%s × %s %%", roubles(l.Base), num(l.Factor))
	case FormulaRelief:
		return fmt.Sprintf("%s × %s %%", roubles(l.Base), num(l.Factor))
	case FormulaRecalculation, FormulaHeatCorrection, FormulaCommonCorrection, FormulaPenalty:
		return fmt.Sprintf("%s − %s", roubles(l.Inputs[0]), roubles(l.Inputs[1]))
	case FormulaHeatInBuilding:
		return fmt.Sprintf("%s × %s ÷ %s м²", roubles(l.Inputs[0]), num(l.Base), num(l.Inputs[1]))
	case FormulaRaised:
		return fmt.Sprintf("%s %s × %s × (%s − 1)", num(l.Volume), unit, roubles(l.Rate), num(l.Factor))
	}
	s := fmt.Sprintf("%s %s × %s", num(l.Volume), unit, roubles(l.Rate))
	if l.Kind == ByAct && l.Factor != 0 {
		s += " × " + num(l.Factor)
	}
	if l.Share != 0 {
		s += " × " + num(l.Share)
	}
	return s
}

func num(d decimal.Decimal) string { return comma(d.String()) }

// roubles is a price or a sum: two digits of kopecks at least.
func roubles(d decimal.Decimal) string { return decimal.Grouped(d.String(), 2) + " ₽" }

func comma(s string) string { return strings.Replace(s, ".", ",", 1) }

// UnitName is a unit of volume as people write it.
func UnitName(unit string) string {
	if s, ok := map[string]string{"m3": "м³", "kWh": "кВт·ч", "Gcal": "Гкал", "m2": "м²", "person": "чел.", "unit": "ед."}[unit]; ok {
		return s
	}
	return unit
}

// UnitOf is the unit of a line's volume as people write it: heat is counted apart from the water it warms.
func UnitOf(e *Engine, l *Line) string {
	if l.Component == Heat {
		return UnitName("Gcal")
	}
	return UnitName(string(e.Of(l.Service).Unit))
}
