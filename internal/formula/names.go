package formula

import "strings"

// Figure is something a formula may name.
type Figure uint8

// Figures of the household, its house and its month.
const (
	Area         Figure = iota + 1 // m² of the premises
	Heated                         // m² heated
	Rooms                          // of the flat
	Persons                        // counted, by days
	Quantity                       // units of the subscription
	Part                           // of a co-owner; one is the whole
	Rate                           // the service's price
	Normative                      // the service's, for a month
	Factor                         // the raising one; one is none
	Days                           // of the month for which the line is
	MonthDays                      // of the month
	Month                          // 1 … 12
	Year                           //
	HouseArea                      // m² of all premises of the house
	CommonArea                     // m² of its common property
	HousePersons                   // who live in the house
	VolumeOf                       // what a service's volume came to this month
	AmountOf                       // what a service came to this month, roubles
	RateOf                         // a service's price
	HouseVolume                    // by the house meter of a service
	Object                         // how many of an object the subscription has
	HasMeter                       // a service has a meter: a condition
)

// argument is what stands in the brackets of a figure.
type argument uint8

const (
	alone argument = iota
	ofService
	ofObject
)

// name is a figure as formulas write it: in Russian, or in Latin letters like the keys of the catalogue.
type name struct {
	figure    Figure
	russian   string
	latin     string
	arg       argument
	condition bool
	bounds    bounds
}

// positive figures are never zero: the engine has no result for a household of which they are not known.
var (
	positive = bounds{nonNegative: true, nonZero: true}
	plus     = bounds{nonNegative: true}
)

var names = [...]name{
	{Area, "площадь", "area", alone, false, positive},
	{Heated, "отапливаемая_площадь", "heated_area", alone, false, positive},
	{Rooms, "комнат", "rooms", alone, false, positive},
	{Persons, "человек", "persons", alone, false, plus},
	{Quantity, "количество", "quantity", alone, false, plus},
	{Part, "доля", "part", alone, false, plus},
	{Rate, "тариф", "rate", alone, false, plus},
	{Normative, "норматив", "normative", alone, false, plus},
	{Factor, "коэффициент", "factor", alone, false, positive},
	{Days, "дней", "days", alone, false, positive},
	{MonthDays, "дней_в_месяце", "month_days", alone, false, positive},
	{Month, "месяц", "month", alone, false, positive},
	{Year, "год", "year", alone, false, positive},
	{HouseArea, "площадь_дома", "house_area", alone, false, positive},
	{CommonArea, "площадь_общего_имущества", "common_area", alone, false, positive},
	{HousePersons, "жителей_дома", "house_persons", alone, false, positive},
	{VolumeOf, "объём", "volume", ofService, false, bounds{}},
	{AmountOf, "начислено", "amount", ofService, false, bounds{}},
	{RateOf, "тариф_услуги", "rate_of", ofService, false, plus},
	{HouseVolume, "объём_дома", "house_volume", ofService, false, plus},
	{Object, "показатель", "object", ofObject, false, plus},
	{HasMeter, "есть_счётчик", "has_meter", ofService, true, bounds{}},
}

// function is a computation a formula may call.
type function struct {
	russian, latin string
	least, most    int // arguments
}

const argumentsMax = 20

var functions = [...]function{
	{"мин", "min", 2, argumentsMax},
	{"макс", "max", 2, argumentsMax},
	{"округл", "round", 2, 2},
	{"вниз", "floor", 2, 2},
	{"вверх", "ceil", 2, 2},
	{"модуль", "abs", 1, 1},
	{"если", "if", 3, 3},
	{"делить", "divide", 3, 3},
}

// folded is a word without case and the dots of ё.
func folded(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }

func findName(word string) *name {
	word = folded(word)
	for i := range names {
		if n := &names[i]; word == folded(n.russian) || word == n.latin {
			return n
		}
	}
	return nil
}

func findFunction(word string) *function {
	word = folded(word)
	for i := range functions {
		if f := &functions[i]; word == f.russian || word == f.latin {
			return f
		}
	}
	return nil
}

// Names are all words of the language: Russian, then Latin.
func Names() (russian, latin []string) {
	for i := range names {
		russian, latin = append(russian, names[i].russian), append(latin, names[i].latin)
	}
	for i := range functions {
		russian, latin = append(russian, functions[i].russian), append(latin, functions[i].latin)
	}
	return russian, latin
}

// String is the Russian word of a figure.
func (f Figure) String() string {
	for i := range names {
		if names[i].figure == f {
			return names[i].russian
		}
	}
	return ""
}

// OfService tells whether the figure is of another service.
func (f Figure) OfService() bool {
	for i := range names {
		if names[i].figure == f {
			return names[i].arg == ofService
		}
	}
	return false
}

// Computed tells whether the figure is of another service's charge of the month, which must come first.
func (f Figure) Computed() bool { return f == VolumeOf || f == AmountOf }
