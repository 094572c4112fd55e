package exchange

import (
	"cmp"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
)

// measures takes what a row shows of how much was used: readings where there are any, else volumes. What an earlier file
// said of the month and this one does not is withdrawn.
func (w *charging) measures(t *telling) {
	readings, volumes := shownBy(t.x, t.m.column(t.l.Use), t.l.Use)
	w.noteUnknown(t, append(readings, volumes))
	of := takenKey{t.a.account, t.x.Catalog}
	var read []int64
	for i := range readings {
		if len(readings[i].zones) > 0 {
			read = append(read, w.meter(t, of, &readings[i]))
		}
	}
	if len(read) > 0 {
		volumes.zones = nil
		w.closeOthers(t, of, read)
	} else {
		w.unread(t, of)
	}
	for zone := calc.AllDay; zone <= calc.HalfPeak; zone++ {
		key := volumeKey{of.account, of.service, t.month, zone}
		m, ok := volumes.zones[zone]
		if !ok {
			delete(w.known.volumes.now, key)
			continue
		}
		w.known.volumes.put(key, fact.Volume{AccountID: of.account, Service: of.service, Month: t.month, Zone: zone, Value: m.Volume, Accepted: true}, t.source)
	}
}

// noteUnknown tells that a register has no zone, so that what it shows is not charged by.
func (w *charging) noteUnknown(t *telling, list []shown) {
	var names []string
	for i := range list {
		names = append(names, list[i].unknown...)
	}
	if len(names) > 0 {
		t.f.note(finding{Pos: t.l.Pos, Account: t.a.told[0].Printed, Code: "row.unknown_zone", Type: "unknown_zone", Verdict: VerdictApplied, Field: "meters", Value: strings.Join(names, ", "),
			Hint: "Не сказано, какая это зона суток: в своём начислении шкала не учтена. Допишите zones у услуги поставщика и загрузите файл снова."})
	}
}

// meter takes the readings of one meter in a month, and gives its id.
func (w *charging) meter(t *telling, of takenKey, s *shown) int64 {
	id := w.meterID(of, s.meter, t.month)
	m, ok := w.known.meters.now[id]
	if !ok {
		m = fact.Meter{ID: id, AccountID: of.account, Service: of.service, Term: calc.Term{From: t.month.First()}}
		w.known.metersOf[of] = append(w.known.metersOf[of], id)
	}
	m.From = min(m.From, t.month.First())
	if m.Until != 0 && m.Until < t.month.Last() {
		m.Until = 0
	}
	if m.Registers = uint8(len(s.zones)); !ok || fromFile(w.known.meters.source[id]) { // what a person said of it stays
		m.Serial, m.Digits = cmp.Or(s.meter, m.Serial), uint8(t.x.Digits)
	}
	w.known.meters.put(id, m, t.source)
	for zone := calc.AllDay; zone <= calc.HalfPeak; zone++ {
		if x, ok := s.zones[zone]; ok {
			w.reading(t, id, zone, &x)
		} else {
			w.withdraw(id, t.month, zone)
		}
	}
	return id
}

// meterID is the id of a meter by its serial number: the same account, service and number give the same id. A meter
// without a number is the only one the account has in the month, if there is one.
func (w *charging) meterID(of takenKey, serial string, month calendar.Month) int64 {
	if serial == "" {
		var active []int64
		for _, id := range w.known.metersOf[of] {
			if m := w.known.meters.now[id]; m.Until == 0 || m.Until >= month.First() {
				active = append(active, id)
			}
		}
		if len(active) == 1 {
			return active[0]
		}
	}
	return fact.MeterID(of.account, of.service, serial)
}

// reading takes the reading of the month's last day. The one before it counts as the meter's first figure where the
// meter was not known to show it: new, changed, or corrected by the supplier.
func (w *charging) reading(t *telling, meter int64, zone calc.Zone, x *measure) {
	first := readingKey{meter, t.month.First(), zone}
	before, known := w.lastBefore(meter, zone, t.month.First())
	switch {
	case x.HasPrev && (!known || before.Value != x.Prev):
		w.read(first, fact.Reading{MeterID: meter, On: first.on, Zone: zone, Value: x.Prev, Initial: true, Accepted: true}, t.source)
	case w.known.readings.now[first].Initial:
		delete(w.known.readings.now, first)
	}
	last := readingKey{meter, t.month.Last(), zone}
	w.read(last, fact.Reading{MeterID: meter, On: last.on, Zone: zone, Value: x.Cur, Accepted: true}, t.source)
}

func (w *charging) read(key readingKey, r fact.Reading, source string) {
	if _, ok := w.known.readings.now[key]; !ok {
		w.known.readingsOf[key.meter] = append(w.known.readingsOf[key.meter], key)
	}
	w.known.readings.put(key, r, source)
}

// lastBefore is the last reading of a register before a day.
func (w *charging) lastBefore(meter int64, zone calc.Zone, day calendar.Date) (last fact.Reading, ok bool) {
	for _, key := range w.known.readingsOf[meter] {
		if key.zone != zone || key.on >= day || ok && key.on <= last.On {
			continue
		}
		if r, there := w.known.readings.now[key]; there {
			last, ok = r, true
		}
	}
	return last, ok
}

// withdraw takes back what an earlier file said a register showed in a month.
func (w *charging) withdraw(meter int64, month calendar.Month, zone calc.Zone) {
	for _, on := range [...]calendar.Date{month.First(), month.Last()} {
		key := readingKey{meter, on, zone}
		if _, ok := w.known.readings.now[key]; ok && fromFile(w.known.readings.source[key]) {
			delete(w.known.readings.now, key)
		}
	}
}

// closeOthers ends the meters of a service that another took the place of: they show nothing in the month or later. One
// that is read in a month of which later ones are known already ends where another took its place.
func (w *charging) closeOthers(t *telling, of takenKey, read []int64) {
	for _, id := range w.known.metersOf[of] {
		day := t.month.First()
		if slices.Contains(read, id) {
			if day = w.replacedFrom(of, id, t.month.Last()); day == 0 {
				continue
			}
		}
		m := w.known.meters.now[id]
		if m.Until != 0 && m.Until < day || w.readSince(id, day) {
			continue
		}
		m.Until = max(day.AddDays(-1), m.From)
		w.known.meters.put(id, m, t.source)
	}
}

// replacedFrom is the first day of the first month after a day in which another meter of the service was read; 0 when none was.
func (w *charging) replacedFrom(of takenKey, meter int64, after calendar.Date) (from calendar.Date) {
	for _, id := range w.known.metersOf[of] {
		for _, key := range w.known.readingsOf[id] {
			_, ok := w.known.readings.now[key]
			if day := key.on.Month().First(); ok && id != meter && key.on > after && (from == 0 || day < from) {
				from = day
			}
		}
	}
	return from
}

// readSince tells whether a meter was read on a day or later.
func (w *charging) readSince(meter int64, day calendar.Date) bool {
	return slices.ContainsFunc(w.known.readingsOf[meter], func(key readingKey) bool {
		_, ok := w.known.readings.now[key]
		return ok && key.on >= day
	})
}

// unread withdraws the readings an earlier file gave for a month that this one knows only the volume of.
func (w *charging) unread(t *telling, of takenKey) {
	for _, id := range w.known.metersOf[of] {
		for zone := calc.AllDay; zone <= calc.HalfPeak; zone++ {
			w.withdraw(id, t.month, zone)
		}
	}
}
