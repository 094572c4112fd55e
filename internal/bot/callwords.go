package bot

import (
	"slices"
	"strings"

	"kvit/internal/charge/calc"
	"kvit/internal/reading"
	"kvit/internal/supplier"
)

// spokenMeter names a meter: its service, and the end of its number where the service alone does not tell.
func spokenMeter(c *reading.Card, among []*reading.Card) string {
	name := strings.ToLower(c.Name)
	for _, other := range among {
		if other.ID != c.ID && other.Name == c.Name && c.Serial != "" {
			return name + ", счётчик, номер которого кончается на " + spell(supplier.Ending(c.Serial))
		}
	}
	return name
}

// spell parts signs, so that a voice reads them one by one.
func spell(s string) string { return strings.Join(strings.Split(s, ""), " ") }

// nextZone is the first register of a meter without a figure.
func nextZone(c *reading.Card, given []figure) calc.Zone {
	for _, z := range c.Zones {
		if !slices.ContainsFunc(given, func(f figure) bool { return f.Meter == c.ID && f.Zone == z }) {
			return z
		}
	}
	return c.Zones[0]
}

// callDoubt asks about an odd figure without saying what was told before.
func (t *talk) callDoubt(r *reading.Receipt, given []figure) {
	_, dial := doubtWords(r, t.state.Meter)
	q := asked{Ask: callDoubt, Meter: t.state.Meter, Given: given}
	if dial {
		t.choose(q, "Цифра меньше той, что была раньше.", t.answerNow("исправить", "doubt", fix), t.answerNow("счётчик заменили", "doubt", reading.Replaced), t.answerNow("счётчик прошёл через ноль", "doubt", reading.Rolled))
		return
	}
	t.choose(q, "Расход необычный: проверьте цифры.", t.answerNow("всё верно", "doubt", reading.Right), t.answerNow("исправить", "doubt", fix))
}
