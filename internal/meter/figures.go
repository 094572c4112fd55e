package meter

import (
	"slices"
	"strings"

	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// registers reads registers by their names; none is one of all day.
func registers(list []Register) (named []Register, zones []calc.Zone, err error) {
	if len(list) == 0 {
		return nil, []calc.Zone{calc.AllDay}, nil
	}
	seen := map[string]bool{}
	for _, r := range list {
		zone, ok := ParseZone(r.Zone)
		name := strings.TrimSpace(r.Name)
		switch {
		case !ok:
			return nil, nil, invalid("meter.zone", "Зона %q неизвестна. Бывает: all, day, night, peak, half_peak.", r.Zone).WithField("registers")
		case name == "" || seen[FoldName(name)] || slices.Contains(zones, zone) || len(list) > 1 && zone == calc.AllDay:
			return nil, nil, invalid("meter.registers", "Шкалы счётчика записаны неверно: у каждой своё имя и своя зона, например Т1=day, Т2=night.").WithField("registers")
		}
		seen[FoldName(name)] = true
		named, zones = append(named, Register{name, zone.String()}), append(zones, zone)
	}
	return named, zones, nil
}

// figuresOf reads the figures of registers: of each one, where they are needed.
func figuresOf(list []Figure, named []Register, zones []calc.Zone, need bool) (figures []parsed, err error) {
	for _, f := range list {
		zone, err := registerOf(f.Register, named, zones)
		if err != nil {
			return nil, err
		}
		value, err := decimal.Parse(f.Value)
		if err != nil || value < 0 {
			return nil, invalid("reading.value", "%q – не показание. Ожидается число: 251 или 251,904.", f.Value).WithField("figures")
		}
		figures = append(figures, parsed{zone, value})
	}
	slices.SortFunc(figures, func(a, b parsed) int { return int(a.zone) - int(b.zone) })
	whole := slices.CompactFunc(slices.Clone(figures), func(a, b parsed) bool { return a.zone == b.zone })
	if len(whole) != len(figures) || need && len(figures) != len(zones) || len(figures) > 0 && len(figures) != len(zones) {
		return nil, invalid("meter.figures", "Нужны показания всех шкал счётчика, по одному: их %d.", len(zones)).WithField("figures")
	}
	return figures, nil
}

// registerOf finds the zone of a register by its name on the device, or by the word of the zone. A place is no name.
func registerOf(name string, named []Register, zones []calc.Zone) (calc.Zone, error) {
	for i := range named {
		if FoldName(named[i].Name) == FoldName(name) {
			return named[i].Of(), nil
		}
	}
	zone, ok := ParseZone(name)
	switch {
	case ok && slices.Contains(zones, zone):
		return zone, nil
	case name == "" && len(zones) == 1:
		return zones[0], nil
	}
	return 0, invalid("meter.register", "Шкалы %q у счётчика нет.", name).WithField("figures")
}
