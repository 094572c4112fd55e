package profile

import (
	"fmt"
	"slices"
	"strings"

	"kvit/internal/decimal"
)

// unit is a unit as a ratio to the one of its kind that meters are charged in.
type unit struct {
	kind     string // volume, energy
	num, den int64  // cubic metres or joules, as a fraction that is exact
}

// Units. Energy goes by kilojoules: 1 kWh = 3,600 kJ, 1 Gcal = 4,186,800 kJ.
var units = map[string]unit{
	"m3": {"volume", 1, 1}, "L": {"volume", 1, 1000}, "mL": {"volume", 1, 1_000_000},
	"Wh": {"energy", 36, 10}, "kWh": {"energy", 3600, 1}, "MWh": {"energy", 3_600_000, 1},
	"kJ": {"energy", 1, 1}, "MJ": {"energy", 1000, 1}, "GJ": {"energy", 1_000_000, 1}, "Mcal": {"energy", 41868, 10}, "Gcal": {"energy", 4_186_800, 1},
}

// unitNames are other ways of writing units.
var unitNames = map[string]string{
	"м3": "m3", "м³": "m3", "m³": "m3", "куб.м": "m3", "l": "L", "л": "L", "мл": "mL", "ml": "mL", "вт·ч": "Wh", "вт*ч": "Wh", "втч": "Wh", "wh": "Wh",
	"квт·ч": "kWh", "квт*ч": "kWh", "квтч": "kWh", "kwh": "kWh", "мвт·ч": "MWh", "мвт*ч": "MWh", "мвтч": "MWh", "mwh": "MWh", "кдж": "kJ", "kj": "kJ", "мдж": "MJ", "mj": "MJ", "гдж": "GJ", "gj": "GJ",
	"мкал": "Mcal", "mcal": "Mcal", "гкал": "Gcal", "gcal": "Gcal",
}

// ParseUnit gives the name a unit has here; empty stays empty.
func ParseUnit(s string) (string, error) {
	s = strings.TrimSpace(s)
	if _, known := units[s]; known || s == "" {
		return s, nil
	}
	if name, known := unitNames[strings.ToLower(s)]; known {
		return name, nil
	}
	return "", invalid("device.unit", "Единица %q неизвестна. Бывает: %s.", s, strings.Join(unitList(), ", "))
}

func unitList() []string {
	var list []string
	for name := range units {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func checkUnit(s string) error {
	_, err := ParseUnit(s)
	if err != nil {
		return fmt.Errorf("единица %q неизвестна", s)
	}
	return nil
}

// FigureMax bounds a figure, in 10⁻⁷: two of them add up without an overflow.
const FigureMax = 1 << 61

// Dial is what a dial in the unit `to` shows when a device counted v pulses of a weight in the unit `from`: exact, rounded
// once. Without a unit of either it is taken to be the same.
func Dial(v, weight decimal.Decimal, from, to string) (decimal.Decimal, error) {
	r := v.Exact().Times(weight)
	if from != "" && to != "" && from != to {
		a, b := units[from], units[to]
		if a.kind == "" || a.kind != b.kind {
			return 0, invalid("device.unit_kind", "Прибор передаёт %s, а счётчик считает %s. Проверьте, к тому ли счётчику он привязан.", from, to)
		}
		r = r.TimesInt(a.num).TimesInt(b.den).OverInt(a.den).OverInt(b.num)
	}
	d, err := r.Round(decimal.Digits)
	if err != nil || d > FigureMax || d < -FigureMax {
		return 0, invalid("device.figure", "Показание %s больше, чем бывает на счётчике.", v.String())
	}
	return decimal.Decimal(d), nil
}
