// Package form is the fields that take the figures of a meter, the same on every page: of a resident, of the centre, of a desk.
package form

import (
	"cmp"
	"fmt"

	"kvit/internal/charge/calc"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// Field names the field of a register of a meter.
func Field(meter int64, zone calc.Zone) string { return fmt.Sprintf("r%d-%d", meter, zone) }

// Figures are the fields of a meter, one for each register; typed gives what was typed into a field of a name.
func Figures(c *reading.Card, typed func(name string) string) (list []web.Field) {
	for _, zone := range c.Zones {
		name := Field(c.ID, zone)
		f := web.Field{Name: name, Label: cmp.Or(c.ZoneTitle(zone), "Показание") + ", " + c.Unit, InputMode: "decimal", Autocomplete: "off", Width: "s", MaxLength: 20, Value: typed(name)}
		if last := c.Last(zone); last != nil {
			f.Hint = "Прошлое: " + reading.Figure(last.Value) + ", " + last.On.Words()
			f.Last, f.Unit = last.Value.String(), c.Unit
		}
		list = append(list, f)
	}
	return list
}
