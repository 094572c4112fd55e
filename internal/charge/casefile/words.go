package casefile

import (
	"slices"
	"strings"

	"kvit/internal/charge/calc"
	"kvit/internal/tariff"
)

// lineKinds are the words of expectations.
var lineKinds = map[string]calc.Kind{
	"charge": calc.Charged, "surcharge": calc.Surcharge, "true_up": calc.TrueUp, "absence": calc.AbsenceCut, "quality": calc.QualityCut,
	"repriced": calc.Repriced, "correction": calc.Correction, "undelivered": calc.Undelivered, "relief": calc.Relief, "relief_apart": calc.ReliefShown, "instalment": calc.PutOff, "act": calc.ByAct, "fine": calc.Fined,
}

var lineMethods = map[string]calc.Method{
	"meter": calc.ByMeter, "average": calc.ByAverage, "normative": calc.ByNormative, "links": calc.ByLinks, "house": calc.ByHouse,
	"area": calc.ByArea, "persons": calc.ByPersons, "units": calc.ByUnits, "act": calc.ByActs, "given": calc.ByGiven,
}

var lineComponents = map[string]calc.Component{"": calc.Whole, "water": calc.Water, "heat": calc.Heat}

// nearKeys names what a word may be, for errors.
func nearKeys[V any](m map[string]V) string {
	var list []string
	for k := range m {
		if k != "" {
			list = append(list, k)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// perhaps offers the known word nearest to a mistyped one.
func perhaps(word string, known []string) string {
	best, at := "", 3
	for _, k := range known {
		if d := tariff.EditDistance([]rune(word), []rune(k)); d < at {
			best, at = k, d
		}
	}
	if best == "" {
		return ""
	}
	return ", возможно, " + best
}

// perhapsService offers the code of a service for its name, or the nearest code to a mistyped one.
func perhapsService(e *calc.Engine, word string) string {
	var codes []string
	for s := range e.Services() {
		of := e.Of(calc.Service(s))
		if strings.EqualFold(of.Name, word) {
			return ", возможно, " + of.Code
		}
		codes = append(codes, of.Code)
	}
	return perhaps(word, codes)
}
