package tariff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
)

// Series is one price through time: the rows of one key, the earliest first.
type Series struct {
	Service *Service
	Rates   []*Rate
}

// Prices gives the prices that keep lets through, in the order of the catalogue's services and rows.
func (c *Catalog) Prices(keep func(*Rate) bool) (list []Series) {
	at, places := map[rateKey]int{}, map[string]int{}
	for i := range c.Services {
		places[c.Services[i].Code] = i
	}
	for i := range c.Rates {
		r := &c.Rates[i]
		place, known := places[r.Service]
		if !known || !keep(r) {
			continue
		}
		k, seen := at[r.key()]
		if !seen {
			k, at[r.key()] = len(list), len(list)
			list = append(list, Series{Service: &c.Services[place]})
		}
		list[k].Rates = append(list[k].Rates, r)
	}
	for i := range list {
		slices.SortFunc(list[i].Rates, func(a, b *Rate) int { return cmp.Compare(a.From, b.From) })
	}
	slices.SortStableFunc(list, func(a, b Series) int { return cmp.Compare(places[a.Service.Code], places[b.Service.Code]) })
	return list
}

// At is the price that holds on a day; nil when none does.
func (s *Series) At(day calendar.Date) *Rate {
	for _, r := range s.Rates {
		if r.Holds(day) {
			return r
		}
	}
	return nil
}

// Next is the first price that begins after a day; nil when none is known.
func (s *Series) Next(day calendar.Date) *Rate {
	for _, r := range s.Rates {
		if r.From > day {
			return r
		}
	}
	return nil
}

// planWords and rateZones are kinds of electricity meters and their zones in words.
var (
	planWords = map[string]string{"single": "однотарифный счётчик", "two_zone": "двухтарифный счётчик", "three_zone": "трёхтарифный счётчик"}
	rateZones = map[string]string{"day": "день", "night": "ночь", "peak": "пик", "half_peak": "полупик"}
	partWords = map[string]string{"water": "сама вода", "heat": "подогрев"}
)

// Words say what of a service a price is for: «газовая плита, двухтарифный счётчик, день»; empty when it is one for all.
func (r *Rate) Words() string {
	var parts []string
	for _, word := range []string{partWords[r.Component], CategoryWords(r.Category), cmp.Or(planWords[r.Plan], r.Plan), cmp.Or(rateZones[r.Zone], r.Zone)} {
		if word != "" {
			parts = append(parts, word)
		}
	}
	if r.Band > 0 {
		parts = append(parts, fmt.Sprintf("%d-й диапазон", r.Band))
	}
	return strings.Join(parts, ", ")
}

// Words say what a doubtful figure is; empty for one that may be trusted.
func (s Status) Words() string {
	return map[Status]string{Unconfirmed: "не сверено с текстом документа", StandIn: "цифра другого региона", Plausible: "цифра придумана для ряда", Invented: "цифра придумана"}[s]
}
