package calc

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

func (b *Book) addNorms() {
	e := b.engine
	for i := range e.catalog.Normatives {
		n := &e.catalog.Normatives[i]
		s, known := e.byCode[n.Service]
		if !known || !n.Holds(b.last) && !n.Holds(b.first) {
			continue
		}
		measure, err := tariff.ParseMeasure(n.Unit)
		if err != nil {
			continue // Check refuses such a catalogue
		}
		for _, end := range [2]calendar.Date{n.From.AddDays(-1), n.Until} {
			if end >= b.first && end < b.last {
				b.normCuts[s] = append(b.normCuts[s], end)
			}
		}
		b.norms[s] = append(b.norms[s], norm{
			Normative: n, row: int32(i), supplier: Supplier(e.suppliers.at[n.Supplier]),
			category: Category(e.categories.at[n.Category]), measure: measure, perMonth: b.perMonth(n, measure),
		})
	}
}

// want names the normative that is looked for.
type want struct {
	service  Service
	supplier Supplier
	category Category
	purpose  string
	object   string
	rooms    int
	persons  int
	day      calendar.Date
	season   int // the month whose season must fit; zero is the billed one
}

// norm finds the normative that fits best: supplier, category, rooms and persons given before any; the day it must
// hold on is the last of the month unless said.
func (b *Book) norm(w want) (*norm, bool) {
	if w.day == 0 {
		w.day = b.last
	}
	if w.season == 0 {
		w.season = b.month.Number()
	}
	var best *norm
	bestScore := -1
	for i := range b.norms[w.service] {
		n := &b.norms[w.service][i]
		if n.Purpose != w.purpose || n.Object != "" && n.Object != w.object || !n.Holds(w.day) || len(n.Months) > 0 && !slices.Contains(n.Months, w.season) || n.supplier != 0 && n.supplier != w.supplier ||
			n.category != 0 && n.category != w.category || n.Rooms > max(w.rooms, 1) || n.Persons > max(w.persons, 1) {
			continue
		}
		score := n.Rooms*100 + n.Persons
		if n.supplier != 0 {
			score += 1_000_000
		}
		if n.category != 0 {
			score += 100_000
		}
		if n.Object != "" {
			score += 10_000_000
		}
		if score > bestScore {
			best, bestScore = n, score
		}
	}
	return best, best != nil
}

// monthly is a normative for the month.
func (b *Book) monthly(n *norm) decimal.Ratio { return n.perMonth }

// perMonth makes a normative one for the month: a year's twelfth, a day's times the days of the month, a season's share.
func (b *Book) perMonth(n *tariff.Normative, m tariff.Measure) decimal.Ratio {
	r := n.Value.Exact()
	switch m.Period {
	case tariff.PerYear:
		return r.OverInt(12)
	case tariff.PerDay:
		return r.TimesInt(int64(b.days))
	case tariff.PerSeason:
		return r.OverInt(int64(max(1, len(n.Months))))
	}
	return r.By(decimal.One().OverInt(m.Per))
}
