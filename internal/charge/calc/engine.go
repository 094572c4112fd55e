// Package calc is the charge engine: from dated facts of a household and its house, and the catalogue, to lines that
// explain themselves. It is pure: no clock, no database, no log; the same facts give the same lines in any order.
//
// Owns: the formulas of ПП № 354 (appendix 2) and what follows from them. Does not own: the catalogue (tariff), where
// facts come from, where lines go (charge), penalties (penalty).
//
// Invariants: volumes stay exact until money; money is rounded once a line, half away from zero; a rounded line never
// feeds another computation; a metered zero is a line; a raising factor multiplies money, never the volume that other
// services are linked to; what cannot be computed is an Issue, never a silent zero.
package calc

import (
	"fmt"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/tariff"
)

// Engine is a checked catalogue made ready for computing. It is safe for use by many at once.
type Engine struct {
	catalog    *tariff.Catalog
	services   []service
	byCode     map[string]Service
	suppliers  words
	categories words
	formulas   []operatorFormula

	mu    sync.Mutex
	books map[calendar.Month]*Book
}

// service is a service of the catalogue with its links resolved.
type service struct {
	tariff.Service
	links    []link
	resource Service // of common property
	hasHeat  bool    // has prices of components: two lines
	hasBands bool    // has prices of bands or of a social norm
	dial     uint8
}

type link struct {
	service Service
	row     int
}

// words numbers words densely from 1; 0 is any.
type words struct {
	list []string
	at   map[string]int16
}

func (w *words) add(s string) int16 {
	if s == "" {
		return 0
	}
	if w.at == nil {
		w.at, w.list = map[string]int16{}, []string{""}
	}
	n, ok := w.at[s]
	if !ok {
		n = int16(len(w.list))
		w.list, w.at[s] = append(w.list, s), n
	}
	return n
}

func (w *words) word(n int16) string {
	if int(n) < len(w.list) {
		return w.list[n]
	}
	return ""
}

// New makes an engine of a catalogue that tariff.Check has passed: services come in the order of their links.
func New(c *tariff.Catalog) (*Engine, error) {
	e := &Engine{catalog: c, byCode: map[string]Service{}, books: map[calendar.Month]*Book{}}
	order, err := c.InOrder()
	if err != nil {
		return nil, err
	}
	for _, i := range order {
		s := service{Service: c.Services[i], dial: uint8(c.Services[i].Dial)}
		for row, l := range s.Links {
			from, ok := e.byCode[l.Service]
			if !ok {
				return nil, fmt.Errorf("calc: link of %s to %s", s.Code, l.Service)
			}
			s.links = append(s.links, link{service: from, row: row})
		}
		s.resource = -1
		if s.Resource != "" {
			s.resource = e.byCode[s.Resource]
		}
		e.byCode[s.Code] = Service(len(e.services))
		e.services = append(e.services, s)
	}
	e.learnWords()
	if err := e.addFormulas(); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *Engine) learnWords() {
	for i := range e.catalog.Rates {
		r := &e.catalog.Rates[i]
		e.suppliers.add(r.Supplier)
		e.categories.add(r.Category)
		if s, ok := e.byCode[r.Service]; ok {
			e.services[s].hasHeat = e.services[s].hasHeat || r.Component == "heat"
			e.services[s].hasBands = e.services[s].hasBands || r.Band != 0
		}
	}
	for i := range e.catalog.Normatives {
		e.suppliers.add(e.catalog.Normatives[i].Supplier)
		e.categories.add(e.catalog.Normatives[i].Category)
	}
	for i := range e.catalog.Policies {
		e.suppliers.add(e.catalog.Policies[i].Supplier)
	}
	for i := range e.catalog.Factors {
		e.suppliers.add(e.catalog.Factors[i].Supplier)
	}
	for i := range e.catalog.Bands {
		e.categories.add(e.catalog.Bands[i].Category)
	}
	for i := range e.catalog.SocialNorms {
		e.categories.add(e.catalog.SocialNorms[i].Category)
	}
}

// Catalog is what the engine computes by.
func (e *Engine) Catalog() *tariff.Catalog { return e.catalog }

// Service finds a service by its code.
func (e *Engine) Service(code string) (Service, bool) {
	s, ok := e.byCode[code]
	return s, ok
}

// Services is how many services there are: Service numbers go from 0.
func (e *Engine) Services() int { return len(e.services) }

// Of is the catalogue's row of a service.
func (e *Engine) Of(s Service) *tariff.Service { return &e.services[s].Service }

// Supplier and Category number a word; a word of no row of the catalogue is 0, any.
func (e *Engine) Supplier(code string) Supplier { return Supplier(e.suppliers.at[code]) }

// Category numbers a category; a word of no row of the catalogue is 0, any.
func (e *Engine) Category(name string) Category { return Category(e.categories.at[name]) }

// Month is the catalogue as it holds in a billing month, made once.
func (e *Engine) Month(m calendar.Month) *Book {
	e.mu.Lock()
	defer e.mu.Unlock()
	b, ok := e.books[m]
	if !ok {
		b = e.newBook(m)
		e.books[m] = b
	}
	return b
}
