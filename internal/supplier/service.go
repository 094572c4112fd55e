package supplier

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/fault"
)

// Service is what a supplier's own service is in the catalogue: what an intake makes facts of charging by.
type Service struct {
	Name       string                                  `json:"name"`            // as his register writes it; empty in a register without a column of services
	Title      string                                  `json:"title,omitempty"` // for people
	Catalog    string                                  `json:"catalog"`         // code of the catalogue
	Component  string                                  `json:"component,omitempty"`
	Mode       string                                  `json:"mode,omitempty"`       // whose figure is charged; empty is the supplier's
	Category   string                                  `json:"category,omitempty"`   // of tariffs, the same for all accounts …
	Categories map[string]map[string]string            `json:"categories,omitempty"` // … or by a column: its values → category
	Zones      map[string]string                       `json:"zones,omitempty"`      // his registers → zones of the day …
	ZonesBy    map[string]map[string]map[string]string `json:"zonesBy,omitempty"`    // … or by a column: its values → these
	Digits     int                                     `json:"digits,omitempty"`     // of the dial before the point; 0 is the catalogue's
	Included   bool                                    `json:"included,omitempty"`   // the readings of the resource's meter count it too
	MeterOK    bool                                    `json:"meterPossible,omitempty"`

	line int // of the file, for faults
}

// Components of a service of two prices.
const (
	ComponentWater = "water"
	ComponentHeat  = "heat"
)

// ZoneAll is the zone of a register that tells no zones apart.
const ZoneAll = "all"

var zoneWords = []string{ZoneAll, "day", "night", "peak", "half_peak"}

var serviceKeys = []string{"name", "title", "catalog", "component", "mode", "category", "categories", "zones", "digits", "included", "meter_possible"}

// UnmarshalYAML reads a name alone, or a mapping.
func (s *Service) UnmarshalYAML(node *yaml.Node) error {
	s.line = node.Line
	if node.Kind != yaml.MappingNode {
		return node.Decode(&s.Name)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if key := node.Content[i].Value; !slices.Contains(serviceKeys, key) {
			return fault.Newf(fault.Invalid, "supplier.service_key", "Строка %d: ключа %q у услуги нет. Бывают: %s.", node.Content[i].Line, key, strings.Join(serviceKeys, ", "))
		}
	}
	var plain struct {
		Name, Title, Catalog, Component, Mode, Category string
		Categories                                      map[string]map[string]string
		Zones                                           yaml.Node
		Digits                                          int
		Included                                        bool
		MeterOK                                         bool `yaml:"meter_possible"`
	}
	if err := node.Decode(&plain); err != nil {
		return fault.Newf(fault.Invalid, "supplier.service", "Строка %d: услуга записана неверно. Пример: {name: voda, catalog: cold_water}.", node.Line).Because(err)
	}
	*s = Service{Name: plain.Name, Title: plain.Title, Catalog: plain.Catalog, Component: plain.Component, Mode: plain.Mode, Category: plain.Category,
		Categories: plain.Categories, Digits: plain.Digits, Included: plain.Included, MeterOK: plain.MeterOK, line: node.Line}
	return s.readZones(&plain.Zones)
}

// readZones reads «register: zone» or «column: {value: {register: zone}}».
func (s *Service) readZones(node *yaml.Node) error {
	if node.Kind == 0 {
		return nil
	}
	if node.Kind == yaml.MappingNode && len(node.Content) > 1 && node.Content[1].Kind == yaml.MappingNode {
		if node.Decode(&s.ZonesBy) == nil {
			return nil
		}
	} else if node.Decode(&s.Zones) == nil {
		return nil
	}
	return fault.Newf(fault.Invalid, "supplier.zones", "Строка %d: зоны записаны неверно. Пример: {T1: day, T2: night} или {plan: {\"2z-*\": {T1: day, T2: night}}}.", node.Line)
}

// validate checks words and numbers. Whether the catalogue has the service is asked by Load.
func (s *Service) validate() error {
	switch {
	case s.Mode != "" && !slices.Contains([]string{ModeIssued, ModeComputed, ModeCompared}, s.Mode):
		return fault.Newf(fault.Invalid, "supplier.mode", "Строка %d: режим %q, а бывает issued, computed или compared.", s.line, s.Mode)
	case s.Component != "" && s.Component != ComponentWater && s.Component != ComponentHeat:
		return fault.Newf(fault.Invalid, "supplier.component", "Строка %d: компонент %q, а бывает water или heat.", s.line, s.Component)
	case s.Digits < 0 || s.Digits > 9:
		return fault.Newf(fault.Invalid, "supplier.digits", "Строка %d: разрядов %d, а бывает от 1 до 9.", s.line, s.Digits)
	}
	for _, zones := range s.allZones() {
		for _, register := range slices.Sorted(maps.Keys(zones)) {
			if !slices.Contains(zoneWords, zones[register]) {
				return fault.Newf(fault.Invalid, "supplier.zone", "Строка %d: зона %q у шкалы %s, а бывает %s.", s.line, zones[register], register, strings.Join(zoneWords, ", "))
			}
		}
	}
	return nil
}

func (s *Service) allZones() (list []map[string]string) {
	list = append(list, s.Zones)
	for _, values := range s.ZonesBy {
		for _, zones := range values {
			list = append(list, zones)
		}
	}
	return list
}

// Columns are the roles of the register, beside the usual ones, that the service is chosen by.
func (s *Service) Columns() []string {
	return append(slices.Sorted(maps.Keys(s.Categories)), slices.Sorted(maps.Keys(s.ZonesBy))...)
}

// CategoryOf is the category of an account by the values of its row's columns.
func (s *Service) CategoryOf(column func(string) string) string {
	for _, name := range slices.Sorted(maps.Keys(s.Categories)) {
		if category, ok := chosen(s.Categories[name], column(name)); ok {
			return category
		}
	}
	return s.Category
}

// ZonesOf is which register is which zone, by the values of a row's columns; nil is not said.
func (s *Service) ZonesOf(column func(string) string) map[string]string {
	for _, name := range slices.Sorted(maps.Keys(s.ZonesBy)) {
		if zones, ok := chosen(s.ZonesBy[name], column(name)); ok {
			return zones
		}
	}
	return s.Zones
}

// chosen finds a value among words, which may have stars: the same word before a pattern, a longer pattern before a
// shorter one.
func chosen[T any](words map[string]T, value string) (found T, ok bool) {
	if found, ok = words[value]; ok {
		return found, true
	}
	best := ""
	for pattern, x := range words {
		if fits(pattern, value) && (!ok || len(pattern) > len(best) || len(pattern) == len(best) && pattern < best) {
			best, found, ok = pattern, x, true
		}
	}
	return found, ok
}

// fits tells whether a value is what a pattern says; a star stands for any letters, case does not count.
func fits(pattern, value string) bool {
	parts := strings.Split(strings.ToLower(pattern), "*")
	rest, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(value)), parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// fold makes names of services comparable: case, ё and spaces do not count.
func fold(name string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(name), "ё", "е")), " ")
}

// Behind gives the services of the catalogue behind a service as the supplier names it.
func (s *Supplier) Behind(name string) (list []*Service) {
	for i := range s.Mapping {
		if s.Mapping[i].Names(name) {
			list = append(list, &s.Mapping[i])
		}
	}
	return list
}

// ModeOf is whose figure of a service is charged.
func (s *Supplier) ModeOf(x *Service) string {
	if x.Mode != "" {
		return x.Mode
	}
	return s.Mode
}

// WholeOf is the service of the supplier that another one is the heat of, and that stands for both; nil when it is a
// service by itself.
func (s *Supplier) WholeOf(x *Service) *Service {
	if x.Component != ComponentHeat {
		return nil
	}
	for i := range s.Mapping {
		if y := &s.Mapping[i]; y.Catalog == x.Catalog && y.Component != ComponentHeat && fold(y.Name) != fold(x.Name) {
			return y
		}
	}
	return nil
}

// Names tells whether the service is written so.
func (x *Service) Names(name string) bool { return fold(x.Name) == fold(name) }

// sameMapping tells whether two lists say the same, wherever in a file they stood.
func sameMapping(a, b []Service) bool {
	return slices.EqualFunc(a, b, func(x, y Service) bool {
		x.line, y.line = 0, 0
		return reflect.DeepEqual(x, y)
	})
}

// RegistersOf tells how the supplier names the registers of a meter of these zones: the zone of each name. Nil where he
// does not say, or says it in two ways.
func (s *Supplier) RegistersOf(catalog string, zones []string) (names map[string]string) {
	for i := range s.Mapping {
		x := &s.Mapping[i]
		if x.Catalog != catalog {
			continue
		}
		for _, found := range x.allZones() {
			if !sameZones(found, zones) {
				continue
			}
			if names != nil && !maps.Equal(names, found) {
				return nil
			}
			names = found
		}
	}
	return names
}

// sameZones tells whether names stand for these zones, each once.
func sameZones(names map[string]string, zones []string) bool {
	found := slices.Sorted(maps.Values(names))
	return len(found) > 0 && slices.Equal(found, slices.Sorted(slices.Values(zones)))
}
