package tariff

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// Merge puts catalogues together in order. A row of a later one replaces the row of the same key and the same first
// day; penalty rates, stages, moratoria and due days replace the whole table; factors, policies, rules of quality and of allocation
// replace every earlier row of what they are about, so that a region or a supplier gives its own history.
func Merge(list ...*Catalog) *Catalog {
	m := &Catalog{}
	for _, c := range list {
		m.Services = replace(m.Services, c.Services, func(s *Service) string { return s.Code })
		m.Rates = replace(m.Rates, c.Rates, func(r *Rate) startOf[rateKey] { return startOf[rateKey]{r.key(), r.From} })
		m.Normatives = replace(m.Normatives, c.Normatives, func(n *Normative) startOf[seasonKey] { return startOf[seasonKey]{n.season(), n.From} })
		m.Formulas = replace(m.Formulas, c.Formulas, func(f *Formula) startOf[formulaKey] { return startOf[formulaKey]{f.key(), f.From} })
		m.Factors = replace(m.Factors, c.Factors, (*Factor).key)
		m.Bands = replace(m.Bands, c.Bands, func(b *Bands) startOf[bandKey] { return startOf[bandKey]{b.key(), b.From} })
		m.SocialNorms = replace(m.SocialNorms, c.SocialNorms, func(n *SocialNorm) startOf[seasonKey] { return startOf[seasonKey]{n.season(), n.From} })
		m.Policies = replace(m.Policies, c.Policies, (*Policy).key)
		m.Quality = replace(m.Quality, c.Quality, (*Quality).key)
		m.Regimes = whole(m.Regimes, c.Regimes)
		m.Stages = whole(m.Stages, c.Stages)
		m.Moratoria = whole(m.Moratoria, c.Moratoria)
		m.DueDays = whole(m.DueDays, c.DueDays)
		m.KeyRates = replace(m.KeyRates, c.KeyRates, func(k *KeyRate) calendar.Date { return k.From })
		m.Allocations = replace(m.Allocations, c.Allocations, (*Allocation).key)
	}
	return m
}

// replace leaves out the earlier rows whose key a later row has, and adds the later rows.
func replace[T any, K comparable](earlier, later []T, key func(*T) K) []T {
	if len(later) == 0 {
		return earlier
	}
	given := map[K]bool{}
	for i := range later {
		given[key(&later[i])] = true
	}
	merged := make([]T, 0, len(earlier)+len(later))
	for i := range earlier {
		if !given[key(&earlier[i])] {
			merged = append(merged, earlier[i])
		}
	}
	return append(merged, later...)
}

func whole[T any](earlier, later []T) []T {
	if len(later) > 0 {
		return append([]T(nil), later...)
	}
	return earlier
}

// Keys of rows: two rows of one key must not hold on one day.
type (
	startOf[K comparable] struct {
		key  K
		from calendar.Date
	}
	rateKey struct {
		service, supplier, component, category, plan, zone string
		band                                               int
	}
	normKey struct {
		service, supplier, purpose, category, object string
		rooms, persons                               int
	}
	seasonKey struct {
		norm   normKey
		months [13]bool
	}
	formulaKey struct{ service, supplier, category string }
	choiceKey  struct{ service, supplier string }
	bandKey    struct{ service, category string }
	policyKey  struct {
		name, supplier, service string
		rules                   Rules
	}
	qualityKey struct{ service, event string }
)

func (r *Rate) key() rateKey {
	return rateKey{r.Service, r.Supplier, r.Component, r.Category, r.Plan, r.Zone, r.Band}
}

func (n *Normative) key() normKey {
	return normKey{n.Service, n.Supplier, n.Purpose, n.Category, n.Object, n.Rooms, n.Persons}
}
func (n *Normative) season() seasonKey  { return seasonKey{n.key(), monthSet(n.Months)} }
func (n *SocialNorm) key() normKey      { return normKey{service: n.Service, category: n.Category} }
func (n *SocialNorm) season() seasonKey { return seasonKey{n.key(), monthSet(n.Months)} }
func (f *Formula) key() formulaKey      { return formulaKey{f.Service, f.Supplier, f.Category} }
func (f *Factor) key() choiceKey        { return choiceKey{f.Service, f.Supplier} }
func (b *Bands) key() bandKey           { return bandKey{b.Service, b.Category} }
func (p *Policy) key() policyKey        { return policyKey{p.Name, p.Supplier, p.Service, p.Rules} }
func (q *Quality) key() qualityKey      { return qualityKey{q.Service, q.Event} }

// monthSet is the months of a season; none is the whole year.
func monthSet(months []int) (set [13]bool) {
	for m := range set {
		set[m] = len(months) == 0
	}
	for _, m := range months {
		if m >= 1 && m <= 12 {
			set[m] = true
		}
	}
	set[0] = false
	return set
}

// Service finds a service by its code.
func (c *Catalog) Service(code string) (*Service, bool) {
	for i := range c.Services {
		if c.Services[i].Code == code {
			return &c.Services[i], true
		}
	}
	return nil, false
}

// Rows is how many rows there are in all tables.
func (c *Catalog) Rows() (n int) {
	c.each(func(string, *Origin) { n++ })
	return n
}

// fitsPercent tells whether a number is a percent.
func fitsPercent(d decimal.Decimal) bool { return d >= 0 && d <= decimal.FromInt(100) }
