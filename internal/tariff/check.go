package tariff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// Check tells everything wrong with a catalogue: what is unknown, what does not fit its service, links in a circle,
// rows of one key that overlap or leave days out. Notices are what its author should know and may be right.
func (c *Catalog) Check() (Faults, []Notice) {
	k := &checker{c: c, services: map[string]*Service{}}
	k.checkServices()
	for i := range c.Rates {
		k.checkRate(&c.Rates[i])
	}
	for i := range c.Normatives {
		k.checkNormative(&c.Normatives[i])
	}
	k.checkFormulas()
	k.checkChoices()
	for i := range c.Quality {
		k.checkQuality(&c.Quality[i])
	}
	k.checkPenalty()
	k.checkAllocations()
	k.checkOrigins()
	k.checkTimes()
	k.faults.sort()
	slices.SortFunc(k.notices, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return k.faults, k.notices
}

type checker struct {
	c        *Catalog
	services map[string]*Service
	faults   Faults
	notices  []Notice
}

func (k *checker) fault(o *Origin, field, code, format string, args ...any) {
	if len(k.faults) < faultsMax {
		k.faults.add(o.Place, field, code, format, args...)
	}
}

var (
	units    = []string{string(CubicMetre), string(KWh), string(Gcal), string(SquareMetre), string(Person), string(Piece)}
	kinds    = []string{string(Metered), string(Linked), string(Plot), string(InBuilding), string(Heating), string(Common), string(PerPerson), string(PerArea), string(PerUnit), string(ByFormula)}
	families = []string{string(RulesWater), string(RulesElectricity), string(RulesGas), string(RulesHeat)}
	statuses = []string{string(Verified), string(Derived), string(Unconfirmed), string(StandIn), string(Plausible), string(Invented)}
	purposes = []string{ForHeatOfWater, ForCommon, ForCooking, ForHotWater, ForHeating}
	plans    = []string{"single", "two_zone", "three_zone"}
	zones    = []string{"day", "night", "peak", "half_peak"}
)

// zonesOf are the zones of a plan; nil for an unknown plan.
func zonesOf(plan string) []string {
	switch plan {
	case "single":
		return []string{""}
	case "two_zone":
		return []string{"day", "night"}
	case "three_zone":
		return []string{"peak", "half_peak", "night"}
	}
	return nil
}

// word refuses a word that is none of the known ones. Empty words are the business of those who require them.
func (k *checker) word(o *Origin, field, value string, known []string) bool {
	if value == "" || slices.Contains(known, value) {
		return true
	}
	if near := nearest(value, known); near != "" {
		k.fault(o, field, "catalog.word", "Ключ %s: значения %q нет. Возможно, это %s?", field, value, near)
		return false
	}
	k.fault(o, field, "catalog.word", "Ключ %s: значения %q нет. Бывают: %s.", field, value, strings.Join(known, ", "))
	return false
}

// service finds the service a row is of.
func (k *checker) service(o *Origin, field, code string) (*Service, bool) {
	s, ok := k.services[code]
	if ok {
		return s, true
	}
	var codes []string
	for i := range k.c.Services {
		codes = append(codes, k.c.Services[i].Code)
	}
	if near := nearest(code, codes); near != "" {
		k.fault(o, field, "catalog.service", "Услуги %q нет в каталоге. Возможно, это %s? Новую услугу опишите в таблице services.", code, near)
	} else {
		k.fault(o, field, "catalog.service", "Услуги %q нет в каталоге. Опишите её в таблице services: code, name, unit, kind.", code)
	}
	return nil, false
}

// atLeastZero refuses negative numbers; numbers are given by pairs of key and value.
func (k *checker) atLeastZero(o *Origin, numbers ...named) {
	for _, n := range numbers {
		if n.value < 0 {
			k.fault(o, n.key, "catalog.negative", "Ключ %s: %s меньше нуля. Уменьшения и возвраты задают факты и правила, а не каталог.", n.key, n.value)
		}
	}
}

type named struct {
	key   string
	value decimal.Decimal
}

// term refuses a term that ends before it begins.
func (k *checker) term(o *Origin, t Term) {
	if t.Until != 0 && t.Until < t.From {
		k.fault(o, "until", "catalog.term", "Строка кончается %s, раньше, чем начинается, %s. Поменяйте даты местами.", t.Until, t.From)
	}
}

// season refuses months that are none or stand twice.
func (k *checker) season(o *Origin, field string, months []int) {
	seen := map[int]bool{}
	for _, m := range months {
		if m < 1 || m > 12 {
			k.fault(o, field, "catalog.month", "Ключ %s: месяца %d нет, бывают от 1 до 12.", field, m)
		} else if seen[m] {
			k.fault(o, field, "catalog.month", "Ключ %s: месяц %d стоит дважды. Оставьте один.", field, m)
		}
		seen[m] = true
	}
}

// checkOrigins looks at what every row has.
func (k *checker) checkOrigins() {
	k.c.each(func(_ string, o *Origin) { k.word(o, "status", string(o.Status), statuses) })
}

// label names a row in a sentence by the words of its key that are given.
func label(parts ...any) string {
	var words []string
	for _, p := range parts {
		if s := fmt.Sprint(p); s != "" && s != "0" {
			words = append(words, s)
		}
	}
	if len(words) == 0 {
		return "для всех"
	}
	return strings.Join(words, ", ")
}

// endOf is the last day of a term; an open one ends with time.
func endOf(t Term) calendar.Date {
	if t.Until == 0 {
		return 99991231
	}
	return t.Until
}
