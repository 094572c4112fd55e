package reading

import (
	"maps"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/meter"
)

// wanted is how a figure names its meter.
type wanted struct {
	account         int64
	whole           bool // of anybody in the household: the centre may
	serial, service string
	on              calendar.Date
}

// find gives the meter of an account by the number on it, or by the only one of a service in use on a day.
func (s *stock) find(w wanted) (*Meter, error) {
	own := s.named(w, meter.FoldSerial)
	if len(own) == 0 && w.serial != "" && len(meter.DigitsOf(w.serial)) >= serialMin {
		own = s.named(w, meter.DigitsOf)
	}
	if len(own) > 1 {
		own = slices.DeleteFunc(own, func(m *Meter) bool { return w.service != "" && !m.sells(w.service) })
	}
	switch len(own) {
	case 1:
		return own[0], nil
	case 0:
		return nil, invalid("reading.no_meter", "Счётчика %s на счёте нет или он снят. Сверьте номер; новый счётчик сначала записывает поставщик.", strings.TrimSpace(w.serial+" "+w.service))
	}
	return nil, invalid("reading.which_meter", "На счёте счётчиков: %d. Назовите номер счётчика.", len(own))
}

// named gives the meters of the account, or else of its household, whose number is the same when folded.
func (s *stock) named(w wanted, fold func(string) string) []*Meter {
	household := s.householdOf(w.account)
	serial := fold(w.serial)
	meant := func(m *Meter) bool {
		named := w.serial != "" && fold(m.Serial) == serial
		return m.Term.Holds(w.on) && (named || w.serial == "" && (w.service == "" || m.sells(w.service)))
	}
	var found []*Meter
	for _, m := range s.byAccount[w.account] {
		if meant(m) {
			found = append(found, m)
		}
	}
	if len(found) > 0 || !w.whole || w.serial == "" {
		return found
	}
	for _, m := range s.list {
		if m.Household == household && meant(m) {
			found = append(found, m)
		}
	}
	return found
}

// householdOf is the household an account's meters are of; 0 when it has none.
func (s *stock) householdOf(account int64) int64 { return s.households[account] }

// namesOf are the registers of a meter as its supplier names them, where he says it in one way.
func (s *stock) namesOf(supplierID int64, m *Meter) (named []meter.Register) {
	if len(m.Zones) < 2 {
		return nil
	}
	var zones []string
	for _, z := range m.Zones {
		zones = append(zones, z.String())
	}
	names := s.supplierOf(supplierID).RegistersOf(m.Service, zones)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		named = append(named, meter.Register{Name: name, Zone: names[name]})
	}
	return named
}
