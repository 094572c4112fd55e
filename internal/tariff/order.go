package tariff

import (
	"strings"

	"kvit/internal/fault"
)

// InOrder gives the indexes of services so that a service follows those it is linked to. A cycle or a link to nothing
// is refused with the way around.
func (c *Catalog) InOrder() ([]int, error) {
	at := map[string]int{}
	for i := range c.Services {
		at[c.Services[i].Code] = i
	}
	o := ordering{c: c, at: at, state: make([]byte, len(c.Services)), named: c.namedByFormulas(at)}
	for i := range c.Services {
		if err := o.visit(i, nil); err != nil {
			return nil, err
		}
	}
	return o.order, nil
}

type ordering struct {
	c     *Catalog
	at    map[string]int
	state []byte              // 0 new, 1 on the way, 2 done
	named map[string][]string // by the formulas of a service
	order []int
}

func (o *ordering) visit(i int, way []string) error {
	s := &o.c.Services[i]
	way = append(way, s.Code)
	switch o.state[i] {
	case 1:
		return fault.Newf(fault.Invalid, "catalog.cycle", "Услуги зависят друг от друга по кругу: %s. Уберите одну из связей.", strings.Join(way, " → ")).WithField(s.linkField()).At(s.Place.fault())
	case 2:
		return nil
	}
	o.state[i] = 1
	for _, code := range append(s.needs(), o.named[s.Code]...) {
		k, ok := o.at[code]
		if !ok {
			return fault.Newf(fault.Invalid, "catalog.link", "Услуга %s связана с услугой %s, которой нет в каталоге.", s.Code, code).WithField("links").At(s.Place.fault())
		}
		if err := o.visit(k, way); err != nil {
			return err
		}
	}
	o.state[i] = 2
	o.order = append(o.order, i)
	return nil
}

// needs are the services whose volumes a service needs.
func (s *Service) needs() (list []string) {
	for _, l := range s.Links {
		list = append(list, l.Service)
	}
	if s.Resource != "" {
		list = append(list, s.Resource)
	}
	return list
}

// linkField is the key that makes a service depend on others.
func (s *Service) linkField() string {
	if s.Kind == ByFormula {
		return "formula"
	}
	return "links"
}

// Dependents tells of each service which others need its volume, directly or through others: sewage needs cold water,
// and so does what needs sewage.
func (c *Catalog) Dependents() map[string]map[string]bool {
	needs := map[string][]string{}
	for i := range c.Services {
		needs[c.Services[i].Code] = c.Services[i].needs()
	}
	found := map[string]map[string]bool{}
	var mark func(dependent, service string)
	mark = func(dependent, service string) {
		for _, needed := range needs[service] {
			if found[needed] == nil {
				found[needed] = map[string]bool{}
			}
			if !found[needed][dependent] {
				found[needed][dependent] = true
				mark(dependent, needed)
			}
		}
	}
	for code := range needs {
		mark(code, code)
	}
	return found
}
