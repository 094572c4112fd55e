package meter

import (
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
)

// apply makes the facts of a step.
func (d *deed) apply() error {
	if d.step.Do == Installed {
		return d.install()
	}
	if err := d.device(); err != nil {
		return err
	}
	if err := d.inLife(); err != nil {
		return err
	}
	switch d.step.Do {
	case Replaced:
		return d.replace()
	case Removed:
		return d.remove()
	case Described:
		return d.describe()
	}
	return d.eachMeter(d.simple)
}

func (d *deed) eachMeter(fn func(*fact.Meter) error) error {
	for _, m := range d.meters {
		if err := fn(m); err != nil {
			return err
		}
	}
	return nil
}

// inLife refuses a step before a meter came or after it went. A removal told again is known.
func (d *deed) inLife() error {
	m := d.meters[0]
	switch {
	case d.on < m.From && d.step.Do != Commissioned && d.step.Do != Described:
		return invalid("meter.before", "Счётчик поставили %s, позже этого дня. Исправьте дату.", m.From.Dotted()).WithField("on")
	case m.Until != 0 && d.on > m.Until && d.step.Do != Described:
		return invalid("meter.after", "Счётчик снят %s, раньше этого дня. Исправьте дату или номер.", m.Until.Dotted()).WithField("on")
	}
	return nil
}

// simple are steps that change a date at most.
func (d *deed) simple(m *fact.Meter) error {
	x := *m
	b := body{}
	switch d.step.Do {
	case Commissioned:
		x.From = d.on
	case Sealed:
		if b.Seal = strings.TrimSpace(d.step.Seal); b.Seal == "" {
			return invalid("meter.seal", "Назовите номер пломбы.").WithField("seal")
		}
	case SealBroken:
		b.Seal = strings.TrimSpace(d.step.Seal)
	case Failed:
		x.FailedOn = d.on
	case Verified:
		return d.verify(m)
	}
	if x != *m {
		x.Head = fact.Head{Source: d.source}
		d.set.Meters = append(d.set.Meters, x)
	}
	return d.add(m, d.step.Do, b)
}

// verify prolongs what is known of a verification, or ends the use of a meter that did not pass.
func (d *deed) verify(m *fact.Meter) error {
	if d.step.Unfit {
		x := *m
		x.FailedOn, x.Head = d.on, fact.Head{Source: d.source}
		d.set.Meters = append(d.set.Meters, x)
		return d.add(m, Verified, body{Unfit: true})
	}
	until, err := calendar.ParseDate(d.step.Until)
	switch {
	case err != nil:
		return invalid("meter.until", "Назовите день, до которого счётчик поверен, например 2032-11-10.").WithField("until")
	case until <= d.on:
		return invalid("meter.until", "Счётчик поверен до %s, а поверка была %s. Исправьте даты.", until.Dotted(), d.on.Dotted()).WithField("until")
	case m.FailedOn != 0 && m.FailedOn <= d.on:
		return invalid("meter.failed", "Счётчик неисправен с %s: его не поверяют, а меняют.", m.FailedOn.Dotted())
	}
	rare, err := fact.NewVerification(d.building, m, d.householdOf(m), d.on, until)
	if err != nil {
		return err
	}
	rare.Head = fact.Head{Source: d.source}
	d.set.Rare = append(d.set.Rare, rare)
	return d.add(m, Verified, body{Until: until.String()})
}

// remove ends the use of a device.
func (d *deed) remove() error { return d.end(Removed) }

// end closes the term of a device with its last figures. One that failed has none to read.
func (d *deed) end(kind Kind) error {
	old := d.meters[0]
	named := d.known.Named[old.ID]
	zones := ZonesOf(named, old.Registers)
	need := kind == Replaced && (old.FailedOn == 0 || old.FailedOn > d.on)
	figures, err := figuresOf(d.step.Closing, named, zones, need)
	if err != nil {
		return err
	}
	for _, f := range figures {
		if err := d.notBelow(old, f); err != nil {
			return err
		}
	}
	successor := ""
	if d.step.Device != nil {
		successor = strings.TrimSpace(d.step.Device.Serial)
	}
	for _, m := range d.meters {
		x := *m
		x.Until, x.Head = d.on, fact.Head{Source: d.source}
		d.set.Meters = append(d.set.Meters, x)
		told := make([]Figure, 0, len(figures))
		for _, f := range figures {
			d.figure(m, d.on, f, false)
			told = append(told, Figure{f.zone.String(), f.value.String()})
		}
		if err := d.add(m, kind, body{Serial: successor, Figures: told}); err != nil {
			return err
		}
	}
	d.told.Says = "Счётчик № " + old.Serial + " снят"
	return nil
}

// notBelow asks about a closing figure that is less than what the meter showed before.
func (d *deed) notBelow(m *fact.Meter, f parsed) error {
	var last *fact.Reading
	for i := range d.readings[m.ID] {
		if r := &d.readings[m.ID][i]; r.Zone == f.zone && r.On <= d.on && !(r.On == d.on && r.Control) {
			last = r
		}
	}
	if last == nil || f.value >= last.Value || d.step.Turned {
		return nil
	}
	return invalid("meter.closing_below", "Последнее показание %s меньше известного: %s на %s. Исправьте его или подтвердите, что оно верно.", f.value, last.Value, last.On.Dotted()).WithField("closing")
}

// describe says what a device is.
func (d *deed) describe() error {
	n := d.step.Device
	if n == nil {
		return invalid("meter.describe", "Не сказано, что это за счётчик: зоны, место, кому служит.")
	}
	if _, ok := scopeWords[n.Scope]; n.Scope != "" && !ok {
		return invalid("meter.scope", "Вид счётчика %q неизвестен. Бывает: individual, room, flat.", n.Scope).WithField("scope")
	}
	named, _, err := registers(n.Registers)
	if err != nil {
		return err
	}
	return d.eachMeter(func(m *fact.Meter) error {
		x := *m
		if n.Digits != 0 {
			x.Digits = uint8(n.Digits)
		}
		if len(named) > 0 {
			x.Registers = uint8(len(named))
		}
		if n.Factor != "" || n.Returns {
			if x.Factor, err = d.factor(n); err != nil {
				return err
			}
		}
		if x != *m {
			x.Head = fact.Head{Source: d.source}
			d.set.Meters = append(d.set.Meters, x)
		}
		return d.add(m, Described, body{Registers: named, Scope: n.Scope, Place: strings.TrimSpace(n.Place), Digits: n.Digits, Factor: factorText(x.Factor)})
	})
}
