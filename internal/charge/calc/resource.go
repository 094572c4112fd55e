package calc

// rateOrResource is the service's own prices in a month, else those of the resource it is made of.
func (c *charging) rateOrResource(book *Book, k rateKey) spans {
	if list := book.rate(k); list != nil || c.of.resource < 0 {
		return list
	}
	k.service, k.component, k.band = c.of.resource, Whole, 0
	for range 2 {
		for _, k.component = range [2]Component{Whole, Water} {
			if list := book.rate(k); list != nil {
				return list
			}
		}
		k.supplier, k.category = c.resourceSeller()
	}
	return nil
}

// resourceSeller is who sells the household the resource, and its category; anybody where it takes none.
func (c *charging) resourceSeller() (Supplier, Category) {
	for i := range c.p.Services {
		if s := &c.p.Services[i]; s.Service == c.of.resource {
			return s.Supplier, s.Category
		}
	}
	return 0, 0
}
