package reading

import (
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/event"
	"kvit/internal/fault"
)

// Origin is where figures come from.
type Origin struct {
	Channel Channel
	Author  string // who may correct them: «житель», a login, the code of a supplier, the name of a file
	Device  string // of a robot: its call; of a program: what it says
	Key     string // made by the client: the same key is one request
}

// Source is what readings keep of it.
func (o *Origin) Source(number string) string { return o.prefix() + number }

func (o *Origin) prefix() string {
	return "reading:" + string(o.Channel) + ":" + strings.ReplaceAll(o.Author, ":", " ") + ":"
}

// numberOf is the receipt a reading was given with; empty when it did not come by this door.
func numberOf(source string) string {
	if !strings.HasPrefix(source, "reading:") {
		return ""
	}
	return source[strings.LastIndexByte(source, ':')+1:]
}

// decision is what a transaction makes of the figures of one building.
type decision struct {
	stock  *stock
	today  calendar.Date
	set    fact.Set
	events []event.Event
}

// digitsMax bounds a figure: no meter of a home shows more.
const digitsMax = 9

// decide judges what a meter showed and prepares what follows. What is asked about follows too when it is only supposed.
func (d *decision) decide(g Given, o *Origin, number string, suppose bool) []Line {
	m := d.stock.byID[g.Meter]
	if m == nil {
		return []Line{{Meter: g.Meter, Day: g.On.String(), State: Refused, Notes: []string{"Такого счётчика на счёте нет"}}}
	}
	lines := d.lines(m, &g)
	if why := m.impossible(&g, d.today); why != "" {
		for i := range lines {
			lines[i].State, lines[i].Notes = Refused, []string{why}
		}
		return lines
	}
	if m.knows(&g) {
		for i := range lines {
			lines[i].State = Same
		}
		return lines
	}
	mend := d.mended(m, &g, o)
	asked := d.doubt(m, &g, o, lines)
	if g.Confirm == Replaced {
		d.tellReplaced(m, &g, lines)
		return lines
	}
	for i, v := range g.Values {
		l := &lines[i]
		if r := m.around(v.Zone, g.On).today; l.State == Taken && r != nil {
			l.State = Corrected
			if r.Value == v.Value {
				l.State = Same
			}
		}
		if l.State == Taken && slices.Contains(mend, v.Zone) {
			l.State = Corrected
		}
		if l.State != Same && (!asked || suppose) {
			d.write(m, &g, v, l, o.Source(number))
		}
	}
	return lines
}

// lines begins the lines of what a meter showed.
func (d *decision) lines(m *Meter, g *Given) (list []Line) {
	month, late := d.stock.countsIn(m, g.On)
	for _, v := range g.Values {
		list = append(list, Line{
			Meter: m.ID, Serial: m.Serial, Service: m.Service, Name: m.Name, Unit: m.Unit, Zone: zoneCode(v.Zone), ZoneName: v.Zone.Words(), Day: g.On.String(),
			Value: v.Value.String(), State: Taken, Month: month.String(), Late: late, Until: d.stock.correctUntil(m, g.On).String(), Kind: v.Zone,
		})
	}
	return list
}

// knows tells whether all figures of a day are known already.
func (m *Meter) knows(g *Given) bool {
	return !slices.ContainsFunc(g.Values, func(v Value) bool {
		h := m.around(v.Zone, g.On)
		r := h.today
		if r == nil && h.before != nil && h.before.On == g.On { // the figure of its installation
			return h.before.Value != v.Value
		}
		return r == nil || r.Value != v.Value || g.Control && !r.Control
	})
}

// impossible tells why a figure cannot be a reading of the meter at all.
func (m *Meter) impossible(g *Given, today calendar.Date) string {
	for _, v := range g.Values {
		switch {
		case v.Value < 0:
			return "Показание меньше нуля. Введите цифры со счётчика"
		case v.Value >= decimal.FromInt(pow10(digitsMax)):
			return "Цифр больше, чем бывает на счётчике. Проверьте показание"
		case !slices.Contains(m.Zones, v.Zone):
			return "У счётчика другие зоны: " + zoneList(m.Zones)
		}
		if t := m.around(v.Zone, g.On).today; t != nil && t.Control && !g.Control && t.Value != v.Value {
			return "Показание этого дня снял инспектор поставщика: " + Figure(t.Value) + ". Если не согласны, позвоните поставщику"
		}
	}
	switch {
	case g.On > today:
		return "Этот день ещё не наступил. Укажите сегодняшний или раньше"
	case g.On < m.Term.From:
		return "Счётчик поставили позже этого дня: " + m.Term.From.Dotted()
	case m.Term.Until != 0 && g.On > m.Term.Until:
		return "Счётчик снят " + m.Term.Until.Dotted()
	}
	return ""
}

func pow10(n int) int64 {
	v := int64(1)
	for range n {
		v *= 10
	}
	return v
}

// mended takes away the author's own last figures that lower ones correct, while the bill they count in is open. It gives
// their registers.
func (d *decision) mended(m *Meter, g *Given, o *Origin) (zones []calc.Zone) {
	for _, v := range g.Values {
		r := m.around(v.Zone, g.On).before
		if g.Control || r == nil || v.Value >= r.Value || !strings.HasPrefix(r.Source, o.prefix()) {
			continue
		}
		if earlier := m.around(v.Zone, r.On).before; earlier != nil && v.Value < earlier.Value {
			continue // lower than what stood before that too: no slip of the pen
		}
		was, _ := d.stock.countsIn(m, r.On)
		is, _ := d.stock.countsIn(m, g.On)
		if was != is || d.today > d.stock.correctUntil(m, r.On) {
			continue
		}
		gone := *r
		gone.Accepted = false
		d.forget(m, gone)
		for _, twin := range m.twins {
			other := gone
			other.MeterID, other.ID = twin.ID, fact.ReadingID(twin.ID, gone.On, gone.Zone)
			if t := twin.around(gone.Zone, gone.On).today; t != nil && t.Value == gone.Value {
				d.forget(twin, other)
			}
		}
		zones = append(zones, v.Zone)
	}
	return zones
}

// forget withdraws a reading.
func (d *decision) forget(m *Meter, r fact.Reading) {
	d.set.Readings = append(d.set.Readings, r)
	d.events = append(d.events, d.event(m, r, ""))
	m.hold(r)
}

// doubt fills lines with doubts that nobody answered and with what the person should know.
func (d *decision) doubt(m *Meter, g *Given, o *Origin, lines []Line) (asked bool) {
	swap := m.swapped(g.Values, g.On)
	for i, v := range g.Values {
		l := &lines[i]
		h := m.around(v.Zone, g.On)
		if h.before != nil {
			l.Before, l.Since = h.before.Value.String(), h.before.On.String()
			volume, _, known := m.ran(h.before.Value, v.Value)
			if known {
				l.Volume = m.counted(volume).String()
			} else if g.Control {
				l.Volume = m.counted(v.Value - h.before.Value).String()
				l.Notes = append(l.Notes, "Передавали больше, чем увидел инспектор. Лишнее вернём: "+m.Measured(h.before.Value-v.Value))
			}
		}
		kinds := m.doubtsOf(v, g.On)
		if swap {
			kinds = []DoubtKind{Swapped}
		}
		if g.Control {
			kinds = slices.DeleteFunc(kinds, notSlip)
		} else if t := h.today; t != nil && t.Value != v.Value && !strings.HasPrefix(t.Source, o.prefix()) {
			kinds = append(kinds, Other)
		}
		for _, k := range unanswered(kinds, g.Confirm) {
			l.State, asked = Asked, true
			l.Doubts = append(l.Doubts, Doubt{Kind: k, Zone: l.Zone, Says: m.says(k, v, h)})
		}
		l.Notes = append(l.Notes, m.notes(g.On, l.Volume == "" && h.before != nil && l.State == Taken)...)
	}
	return asked
}

// notSlip tells doubts that an inspector's figure may well raise from slips of the pen.
func notSlip(k DoubtKind) bool { return k != Digit && k != Pipe && k != Swapped }

// tellReplaced keeps a figure of another meter apart: whose it is the supplier must say first.
func (d *decision) tellReplaced(m *Meter, g *Given, lines []Line) {
	for i := range lines {
		lines[i].State, lines[i].Doubts, lines[i].Volume = Noted, nil, ""
		lines[i].Notes = []string{"Сообщили поставщику о замене. Показание учтём, когда он запишет новый счётчик"}
	}
	d.events = append(d.events, event.Event{
		BuildingID: d.stock.building, AccountID: m.AccountID, Service: m.Service, FactID: m.ID,
		Body: event.Meter{Meter: m.ID, Serial: m.Serial, Service: m.Service, What: "replacement_told", Day: g.On.String()},
	})
}

// write puts a figure among the facts, of the device under every account it stands at.
func (d *decision) write(m *Meter, g *Given, v Value, l *Line, source string) {
	for _, at := range append([]*Meter{m}, m.twins...) {
		if !slices.Contains(at.Zones, v.Zone) {
			continue
		}
		r := fact.Reading{Head: fact.Head{Source: source}, MeterID: at.ID, ID: fact.ReadingID(at.ID, g.On, v.Zone), On: g.On, Zone: v.Zone, Value: v.Value, Accepted: true, Control: g.Control}
		if t := at.around(v.Zone, g.On).today; t != nil && t.Value == v.Value && t.Control == g.Control {
			continue
		}
		d.set.Readings = append(d.set.Readings, r)
		d.events = append(d.events, d.event(at, r, l.Volume))
		at.hold(r)
	}
}

func (d *decision) event(m *Meter, r fact.Reading, volume string) event.Event {
	channel := strings.SplitN(r.Source, ":", 3)
	return event.Event{
		BuildingID: d.stock.building, AccountID: m.AccountID, Service: m.Service, FactID: r.ID,
		Body: event.Reading{
			Meter: m.ID, Serial: m.Serial, Service: m.Service, Zone: zoneCode(r.Zone), Day: r.On.String(), Value: r.Value.String(), Volume: volume,
			Source: channel[min(1, len(channel)-1)], Withdraw: !r.Accepted,
		},
	}
}

func invalid(code, format string, args ...any) *fault.Error {
	return fault.Newf(fault.Invalid, code, format, args...)
}
