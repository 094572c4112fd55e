package register

import (
	"strings"

	"kvit/internal/decimal"
	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/jsonrec"
)

const maxZones = 64

// zones understands the roles of zones of the day, and the list of meters JSON files carry.
func (m *mapper) zones(f *field, cells []cell) {
	for _, slot := range f.slots {
		c := m.cell(f, slot, cells)
		switch {
		case c.kind == absent || len(c.raw) == 0:
		case c.kind == jsonCell && f.role == roleMeters:
			m.meters(c.raw)
		case f.role == roleMeters:
			m.row.extra(f.name, m.show(c))
		case c.kind == jsonCell:
			m.addZone(Zone{Name: f.name}, jsonrec.Value{Kind: jsonrec.Array, Raw: c.raw})
		default:
			v, how := readDecimal(c, m.enc)
			if how == bad {
				m.reject("row.number_bad", f.name, m.show(c), "Показание или объём не разобрать.")
			} else if how != empty {
				m.addColumn(f, v)
			}
		}
	}
}

// meters reads [{"sn":"1","readings":{"T1":[10,20],"T2":[5,7]}}] and its kin: the object may also hold the
// zones itself.
func (m *mapper) meters(raw []byte) {
	err := jsonrec.Each(raw, func(_ []byte, _ int, one jsonrec.Value) error {
		meter := serialOf(one.Raw)
		return jsonrec.Each(one.Raw, func(key []byte, _ int, v jsonrec.Value) error {
			if v.Kind != jsonrec.Object {
				return nil
			}
			return jsonrec.Each(v.Raw, func(zone []byte, _ int, pair jsonrec.Value) error {
				m.addZone(Zone{Name: string(zone), Meter: meter}, pair)
				return nil
			})
		})
	})
	if err != nil {
		m.reject("row.number_bad", "meters", firstSigns(string(raw), 60), "Список приборов не разобрать.")
	}
}

func serialOf(raw []byte) (serial string) {
	_ = jsonrec.Each(raw, func(key []byte, _ int, v jsonrec.Value) error {
		switch string(key) {
		case "sn", "serial", "number", "meter", "номер", "id":
			if serial == "" && (v.Kind == jsonrec.String || v.Kind == jsonrec.Number) {
				serial = string(v.Raw)
			}
		}
		return nil
	})
	return serial
}

// addZone takes a number (a volume), a list of two (readings before and now), or an object of two.
func (m *mapper) addZone(z Zone, v jsonrec.Value) {
	if v.Kind == jsonrec.Number || v.Kind == jsonrec.String {
		if n, how := readDecimal(cell{v.Raw, numberCell}, charset.UTF8); how == good {
			z.Volume = n
			m.addValue(z)
		}
		return
	}
	var pair []decimal.Decimal
	err := jsonrec.Each(v.Raw, func(_ []byte, _ int, item jsonrec.Value) error {
		if n, how := readDecimal(cell{item.Raw, numberCell}, charset.UTF8); how == good && len(pair) < 2 {
			pair = append(pair, n)
		}
		return nil
	})
	if err == nil && len(pair) == 2 {
		z.Prev, z.Cur, z.HasPrev, z.HasCur = pair[0], pair[1], true, true
		m.addValue(z)
	}
}

// addColumn takes a number that stands in a column of a zone: a volume, or one of its two readings.
func (m *mapper) addColumn(f *field, v decimal.Decimal) {
	switch f.role {
	case roleZonePrev:
		z := m.columnZone(strings.TrimSuffix(f.name, "_prev"))
		z.Prev, z.HasPrev = v, true
	case roleZoneCur:
		z := m.columnZone(strings.TrimSuffix(f.name, "_cur"))
		z.Cur, z.HasCur = v, true
	default:
		m.addValue(Zone{Name: f.name, Volume: v})
	}
}

// columnZone is the zone that columns give readings of; its volume, if there is one, stands apart.
func (m *mapper) columnZone(name string) *Zone {
	for i := range m.row.Zones {
		if z := &m.row.Zones[i]; z.Name == name && z.Meter == "" && (z.HasPrev || z.HasCur) {
			return z
		}
	}
	m.row.Zones = append(m.row.Zones, Zone{Name: name})
	return &m.row.Zones[len(m.row.Zones)-1]
}

func (m *mapper) addValue(z Zone) {
	if len(m.row.Zones) < maxZones {
		m.row.Zones = append(m.row.Zones, z)
	}
}
