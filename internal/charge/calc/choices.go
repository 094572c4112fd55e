package calc

import "slices"

func (b *Book) addChoices() {
	e := b.engine
	for i := range e.catalog.Factors {
		f := &e.catalog.Factors[i]
		if s, ok := e.byCode[f.Service]; ok && f.Holds(b.last) {
			b.factors[choiceKey{s, Supplier(e.suppliers.at[f.Supplier])}] = factor{f.Value, int32(i)}
		}
	}
	for i := range e.catalog.Bands {
		x := &e.catalog.Bands[i]
		s, ok := e.byCode[x.Service]
		if !ok || !x.Holds(b.last) {
			continue
		}
		limits := slices.Clone(x.Limits)
		if x.SeasonFactor != 0 && slices.Contains(x.SeasonMonths, b.month.Number()) {
			for k := range limits {
				limits[k] = limits[k].Exact().Times(x.SeasonFactor).Decimal()
			}
		}
		b.bands[bandKey{s, Category(e.categories.at[x.Category])}] = bands{limits, int32(i)}
	}
	for i := range e.catalog.SocialNorms {
		x := &e.catalog.SocialNorms[i]
		if s, ok := e.byCode[x.Service]; ok && x.Holds(b.last) && (len(x.Months) == 0 || slices.Contains(x.Months, b.month.Number())) {
			b.socials[bandKey{s, Category(e.categories.at[x.Category])}] = x
		}
	}
	for i := range e.catalog.Quality {
		q := &e.catalog.Quality[i]
		if s, ok := e.byCode[q.Service]; ok && q.Holds(b.last) {
			b.quality[s] = append(b.quality[s], int32(i))
		}
	}
	for s := range e.services {
		var list []*policies
		for supplier := range max(1, len(e.suppliers.list)) {
			list = append(list, b.policiesOf(Service(s), Supplier(supplier)))
		}
		b.policies = append(b.policies, list)
	}
}

// factor is the raising factor of a service on the last day of the month (charging.md 2.4); none is 1.
func (b *Book) factor(s Service, supplier Supplier) (factor, bool) {
	if f, ok := b.factors[choiceKey{s, supplier}]; ok {
		return f, true
	}
	f, ok := b.factors[choiceKey{s, 0}]
	return f, ok
}

// policy is a supplier's habits about a service.
func (b *Book) policy(s Service, supplier Supplier) *policies {
	return b.policies[s][supplier]
}
