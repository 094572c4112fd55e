package meter

import (
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/event"
)

// install puts a new device in its place: a meter of each account and service it serves.
func (d *deed) install() error {
	return d.place(append([]served{{d.account, d.step.Service}}, d.serves...), "")
}

// place makes the meters of a new device.
func (d *deed) place(list []served, instead string) error {
	n := d.step.Device
	if n == nil || strings.TrimSpace(n.Serial) == "" {
		return invalid("meter.serial", "Назовите номер нового счётчика.").WithField("serial")
	}
	from, verified, err := n.days(d.on)
	if err != nil {
		return err
	}
	if _, ok := scopeWords[n.Scope]; n.Scope != "" && !ok {
		return invalid("meter.scope", "Вид счётчика %q неизвестен. Бывает: individual, room, flat.", n.Scope).WithField("scope")
	}
	named, zones, err := registers(n.Registers)
	if err != nil {
		return err
	}
	figures, err := figuresOf(n.Figures, named, zones, true)
	if err != nil {
		return err
	}
	for _, s := range list {
		if err := d.serve(s, n, named, figures, from, verified, instead); err != nil {
			return err
		}
	}
	first := d.set.Meters[len(d.set.Meters)-len(list)].ID
	for _, m := range d.set.Meters[len(d.set.Meters)-len(list)+1:] {
		d.links = append(d.links, link{first, m.ID})
	}
	d.told.Says = "Счётчик № " + strings.TrimSpace(n.Serial) + " записан"
	return nil
}

// days are the first day a device counts and the last one it is verified.
func (n *Device) days(on calendar.Date) (from, verified calendar.Date, err error) {
	if from = on; n.Commissioned != "" {
		if from, err = calendar.ParseDate(n.Commissioned); err != nil || from < on {
			return 0, 0, invalid("meter.commissioned", "В эксплуатацию счётчик вводят не раньше установки. Исправьте дату %q.", n.Commissioned).WithField("commissioned")
		}
	}
	if n.VerifiedUntil != "" {
		if verified, err = calendar.ParseDate(n.VerifiedUntil); err != nil {
			return 0, 0, invalid("meter.until", "Назовите день, до которого счётчик поверен, например 2032-11-10.").WithField("verifiedUntil")
		}
	}
	return from, verified, nil
}

// serve makes the meter of one account and service.
func (d *deed) serve(s served, n *Device, named []Register, figures []parsed, from, verified calendar.Date, instead string) error {
	service, known := d.engine.Service(s.service)
	if !known {
		return invalid("meter.service", "Услуги %q нет в каталоге. Назовите код услуги: service.", s.service).WithField("service")
	}
	if err := d.fitsHouse(service); err != nil {
		return err
	}
	if !d.ofHouse() && d.subscription(s.account, s.service) == nil {
		return invalid("meter.not_taken", "Счёт не берёт услугу «%s»: сначала запишите её (kvit facts load, fact: service).", d.engine.Of(service).Name).WithField("service")
	}
	serial := strings.TrimSpace(n.Serial)
	x := fact.Meter{
		Head: fact.Head{Source: d.source}, ID: fact.MeterID(s.account, s.service, serial), AccountID: s.account, Service: s.service, Serial: serial,
		Digits: uint8(n.Digits), Registers: uint8(max(1, len(named))), VerifiedBy: verified,
	}
	if x.From = from; d.ofHouse() {
		x.ID = fact.HouseMeterID(d.building, s.service, serial)
	}
	var err error
	if x.Factor, err = d.factor(n); err != nil {
		return err
	}
	if old := d.byID(x.ID); old != nil && old.From != x.From && old.Until == 0 {
		return invalid("meter.exists", "Счётчик № %s на этом счёте уже стоит с %s.", serial, old.From.Dotted()).WithField("serial")
	}
	d.set.Meters = append(d.set.Meters, x)
	told := make([]Figure, 0, len(figures))
	for _, f := range figures {
		d.figure(&x, d.on, f, true)
		told = append(told, Figure{f.zone.String(), f.value.String()})
	}
	b := body{Serial: instead, Figures: told, Registers: named, Scope: n.Scope, Place: strings.TrimSpace(n.Place), Digits: n.Digits, Until: n.VerifiedUntil, Factor: factorText(x.Factor)}
	if err := d.add(&x, Installed, b); err != nil {
		return err
	}
	if len(named) > 0 || n.Scope != "" || b.Place != "" {
		return d.addDescription(&x, body{Registers: named, Scope: n.Scope, Place: b.Place, Digits: n.Digits})
	}
	return nil
}

func (d *deed) byID(id int64) *fact.Meter {
	at := slices.IndexFunc(d.known.Meters, func(m fact.Meter) bool { return m.ID == id })
	if at < 0 {
		return nil
	}
	return &d.known.Meters[at]
}

// addDescription adds what a device is, told with another step: one event is enough for both.
func (d *deed) addDescription(m *fact.Meter, b body) error {
	events, refs := d.events, d.told.Meters
	err := d.add(m, Described, b)
	d.events, d.told.Meters = events, refs
	return err
}

// figure puts a figure of a step among the readings and tells of it.
func (d *deed) figure(m *fact.Meter, on calendar.Date, f parsed, initial bool) {
	r := fact.Reading{Head: fact.Head{Source: d.source}, MeterID: m.ID, ID: fact.ReadingID(m.ID, on, f.zone), On: on, Zone: f.zone, Value: f.value, Initial: initial, Accepted: true, Control: !initial}
	d.set.Readings = append(d.set.Readings, r)
	zone := ""
	if f.zone != calc.AllDay {
		zone = f.zone.String()
	}
	d.events = append(d.events, event.Event{
		BuildingID: d.building, AccountID: m.AccountID, Service: m.Service, FactID: r.ID,
		Body: event.Reading{Meter: m.ID, Serial: m.Serial, Service: m.Service, Zone: zone, Day: on.String(), Value: f.value.String(), Source: "meter"},
	})
}

// replace ends the use of a device with its last figures and puts another in its place on the same day.
func (d *deed) replace() error {
	if err := d.end(Replaced); err != nil {
		return err
	}
	var list []served
	for _, m := range d.meters {
		list = append(list, served{m.AccountID, m.Service})
	}
	old := d.meters[0]
	if n := d.step.Device; n != nil && n.Digits == 0 {
		n.Digits = int(old.Digits)
	}
	d.inherit(old)
	if n := d.step.Device; n != nil && FoldSerial(n.Serial) == FoldSerial(old.Serial) && old.Serial != "" {
		return invalid("meter.same_serial", "У нового счётчика тот же номер, что у прежнего. Проверьте номер.").WithField("serial")
	}
	return d.place(append(list, d.serves...), old.Serial)
}
