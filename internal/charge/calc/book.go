package calc

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// Book is the catalogue as it holds in one billing month.
type Book struct {
	engine      *Engine
	month       calendar.Month
	first, last calendar.Date
	days        int32

	rates    prices
	norms    [][]norm          // by service
	normCuts [][]calendar.Date // by service: days of the month after which a normative changes
	factors  map[choiceKey]factor
	bands    map[bandKey]bands
	socials  map[bandKey]*tariff.SocialNorm
	policies [][]*policies // by service and supplier
	quality  [][]int32     // rows by service
	formulas map[formulaKey][]formulaSpan
}

type rateKey struct {
	service   Service
	supplier  Supplier
	category  Category
	component Component
	plan      uint8 // how many zones the meter has; 0 is any
	zone      Zone
	band      uint8
}

// span is a price that holds on some days of the month.
type span struct {
	from, to uint8
	value    decimal.Decimal // for a month
	row      int32
}

type norm struct {
	*tariff.Normative
	row      int32
	supplier Supplier
	category Category
	measure  tariff.Measure
	perMonth decimal.Ratio // in the month of the book
}

type choiceKey struct {
	service  Service
	supplier Supplier
}

type bandKey struct {
	service  Service
	category Category
}

type factor struct {
	value decimal.Decimal
	row   int32
}

type bands struct {
	limits []decimal.Decimal
	row    int32
}

func (e *Engine) newBook(m calendar.Month) *Book {
	b := &Book{
		engine: e, month: m, first: m.First(), last: m.Last(), norms: make([][]norm, len(e.services)), normCuts: make([][]calendar.Date, len(e.services)),
		factors: map[choiceKey]factor{}, bands: map[bandKey]bands{}, socials: map[bandKey]*tariff.SocialNorm{},
		quality: make([][]int32, len(e.services)),
	}
	b.days = int32(b.last.Day())
	b.addRates()
	b.addNorms()
	b.addFormulas()
	b.addChoices()
	return b
}

// Month is the billing month of the book.
func (b *Book) Month() calendar.Month { return b.month }

// within cuts a term to the days of the month; ok is false when it holds on none.
func (b *Book) within(t tariff.Term) (from, to uint8, ok bool) {
	a, z := max(t.From, b.first), b.last
	if t.Until != 0 {
		z = min(z, t.Until)
	}
	return uint8(a.Day()), uint8(z.Day()), a <= z
}

func (b *Book) addRates() {
	e, rates := b.engine, map[rateKey][]span{}
	for i := range e.catalog.Rates {
		r := &e.catalog.Rates[i]
		s, known := e.byCode[r.Service]
		from, to, ok := b.within(r.Term)
		if !known || !ok {
			continue
		}
		k := rateKey{
			service: s, supplier: Supplier(e.suppliers.at[r.Supplier]), category: Category(e.categories.at[r.Category]),
			component: componentOf(r.Component), plan: planOf(r.Plan), zone: ZoneOf(r.Zone), band: uint8(r.Band),
		}
		value := r.Value
		if r.Period == "year" {
			value = decimal.Int(1).Times(value).OverInt(12).Decimal()
		}
		rates[k] = append(rates[k], span{from: from, to: to, value: value, row: int32(i)})
	}
	for _, spans := range rates {
		slices.SortFunc(spans, func(x, y span) int { return int(x.from) - int(y.from) })
	}
	b.rates = newPrices(rates)
}

// componentOf and planOf number the words of the catalogue's prices.
func componentOf(s string) Component {
	switch s {
	case "water":
		return Water
	case "heat":
		return Heat
	}
	return Whole
}

func planOf(s string) uint8 {
	switch s {
	case "single":
		return 1
	case "two_zone":
		return 2
	case "three_zone":
		return 3
	}
	return 0
}

// ZoneOf numbers a zone of the day; an empty or unknown word is all day.
func ZoneOf(s string) Zone { return Zone(max(0, slices.Index(zoneWords[:], s))) }

var zoneWords = [...]string{"all", "day", "night", "peak", "half_peak"}

// String is the catalogue's word of a zone.
func (z Zone) String() string { return zoneWords[z] }
