package fact

import (
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// known is a service of a building as an engine numbers it.
type known struct {
	service  calc.Service
	supplier calc.Supplier
	ok       bool // the catalogue has it
}

// Known tells whether the catalogue has the service of a subscription.
func (b *Building) Known(s *Sub) bool { return b.known[s.Ref].ok }

// RefOf finds a service of the building, or adds it.
func (b *Building) RefOf(r Ref) uint16 {
	for i := range b.Refs {
		if b.Refs[i] == r {
			return uint16(i)
		}
	}
	b.Refs, b.known = append(b.Refs, r), append(b.known, known{})
	return uint16(len(b.Refs) - 1)
}

// resolve makes a building ready for an engine: codes become the engine's numbers, and services come in its order.
func (b *Building) resolve(e *calc.Engine, suppliers map[int64]string) {
	b.known, b.categories = b.known[:0], b.categories[:0]
	for _, r := range b.Refs {
		s, ok := e.Service(r.Code)
		b.known = append(b.known, known{s, e.Supplier(suppliers[r.SupplierID]), ok})
	}
	for _, w := range b.Words {
		b.categories = append(b.categories, e.Category(w))
	}
	for i := range b.Households {
		b.Households[i].resolve(b, e)
	}
}

func (h *Household) resolve(b *Building, e *calc.Engine) {
	list := h.Premises.Services
	for i := range h.Subs {
		k := &b.known[h.Subs[i].Ref]
		list[i].Service, list[i].Supplier, list[i].Category = k.service, k.supplier, b.categories[h.Subs[i].Category]
		for j := i; j > 0 && h.before(b, j); j-- { // nearly sorted already
			list[j], list[j-1] = list[j-1], list[j]
			h.Subs[j], h.Subs[j-1] = h.Subs[j-1], h.Subs[j]
		}
	}
	for len(list) > 0 && !b.Known(&h.Subs[len(list)-1]) { // unknown ones stand last and are not charged
		list = list[:len(list)-1]
	}
	h.Premises.Services = list
	if len(h.benefits) > 0 {
		h.resolveBenefits(e)
	}
}

// before tells whether a subscription must come before its neighbour on the left.
func (h *Household) before(b *Building, j int) bool {
	left, right := &b.known[h.Subs[j-1].Ref], &b.known[h.Subs[j].Ref]
	return right.ok && (!left.ok || right.service < left.service)
}

func (h *Household) resolveBenefits(e *calc.Engine) {
	h.Premises.Benefits = nil
	for _, x := range h.benefits {
		y := calc.Benefit{
			Term: calc.Term{From: x.From, Until: x.Until}, Name: x.Name, Percent: x.Percent, Area: x.Area, Persons: x.Persons, WithinNorm: x.WithinNorm,
			Netted: x.Netted, Fund: x.Fund,
		}
		for _, code := range x.Services {
			if s, ok := e.Service(code); ok {
				y.Services = append(y.Services, s)
			}
		}
		if len(x.Services) == 0 || len(y.Services) > 0 {
			h.Premises.Benefits = append(h.Premises.Benefits, y)
		}
	}
}

// In makes the house the one that holds in a month.
func (b *Building) In(e *calc.Engine, m calendar.Month) {
	resources, heating := b.House.Resources[:0], b.House.Heating[:0]
	b.House = calc.House{}
	for i := range b.Houses {
		if i == 0 || b.Houses[i].From <= m.Last() {
			b.House = over(b.House, b.Houses[i].House)
		}
		for _, mode := range b.Houses[i].Heating { // a mode begins with the row that says it
			mode.From = b.Houses[i].From
			heating = append(heating, mode)
		}
	}
	b.House.Heating = heating
	for i := range b.Resources {
		if s, ok := e.Service(b.Resources[i].Service); ok {
			r := b.Resources[i].Resource
			r.Service = s
			resources = append(resources, r)
		}
	}
	b.House.Resources = resources
	for i := range b.Households {
		b.Households[i].Premises.House = &b.House
	}
}

// over is a house with what a later row of it says; what it leaves out stays as it was.
func over(h, later calc.House) calc.House {
	for _, x := range [...]struct{ was, is *decimal.Decimal }{{&h.Area, &later.Area}, {&h.OwnHeat, &later.OwnHeat}, {&h.CommonArea, &later.CommonArea}} {
		if *x.is == 0 {
			*x.is = *x.was
		}
	}
	if later.Persons == 0 {
		later.Persons = h.Persons
	}
	later.Private, later.Direct = h.Private || later.Private, h.Direct || later.Direct
	return later
}
