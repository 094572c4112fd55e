package meter

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
)

// served is an account's service that a new device is the meter of.
type served struct {
	account int64
	service string
}

// deed is one step being taken.
type deed struct {
	step   *Step
	scope  access.Scope
	actor  access.Actor
	engine *calc.Engine
	source string
	on     calendar.Date
	today  calendar.Date
	sells  func(service string) bool // of a house: which of its own meters the actor may act upon

	building, account int64
	serves            []served
	codes             map[int64]string // of suppliers
	numbers           map[int64]string // of the accounts that were named, as they were
	known             *Known
	readings          map[int64][]fact.Reading // that hold, by meter and day
	meters            []*fact.Meter            // of the device

	set    fact.Set
	steps  []stored
	links  []link
	events []event.Event
	told   Told
}

// reset begins again: a transaction may be run more than once.
func (d *deed) reset() {
	d.serves, d.meters, d.steps, d.links, d.events, d.set, d.told = nil, nil, nil, nil, nil, fact.Set{}, Told{}
}

// read checks what a step says by itself.
func (d *deed) read(today calendar.Date) (err error) {
	d.today = today
	if !slices.Contains(Kinds, d.step.Do) {
		return invalid("meter.step", "Действие %q со счётчиком неизвестно.", d.step.Do).WithField("do")
	}
	if err := d.why(); err != nil {
		return err
	}
	if d.on = today; d.step.On != "" {
		if d.on, err = calendar.ParseDate(d.step.On); err != nil {
			return invalid("meter.date", "%q – не дата. Ожидается 2026-11-23 или 23.11.2026.", d.step.On).WithField("on")
		}
	}
	if d.on > today {
		return invalid("meter.future", "Этот день ещё не наступил: %s. Запишите, когда сделаете.", d.on.Dotted()).WithField("on")
	}
	return nil
}

// why refuses a step without a reason and tells whose it is.
func (d *deed) why() error {
	d.step.Reason = strings.TrimSpace(d.step.Reason)
	if len([]rune(d.step.Reason)) < 3 {
		return invalid("meter.reason", "Напишите основание: акт, заявление, свидетельство.").WithField("reason")
	}
	by := d.actor.Name
	if d.actor.Role == access.APIToken {
		by = "программа поставщика"
	}
	d.source = "person:" + cmp.Or(strings.ReplaceAll(by, ":", " "), "расчётный центр") + ": " + d.step.Reason
	return nil
}

// load reads the meters of the household with their readings.
func (d *deed) load(ctx context.Context, tx *db.Tx, at calendar.Micros) (err error) {
	of := &fact.Scope{Accounts: []int64{d.account}, House: d.ofHouse()}
	for _, s := range d.serves {
		of.Accounts = append(of.Accounts, s.account)
	}
	if d.known, err = Gather(ctx, tx, d.building, of, at); err != nil {
		return err
	}
	d.set.Building = d.building
	ids := make([]int64, 0, len(d.known.Meters))
	for i := range d.known.Meters {
		ids = append(ids, d.known.Meters[i].ID)
	}
	d.readings = map[int64][]fact.Reading{}
	if len(ids) == 0 {
		return nil
	}
	rows, err := fact.ListReadingRows(ctx, tx, d.building, ids, 0, at)
	for _, r := range rows {
		list := d.readings[r.MeterID]
		if n := len(list); n > 0 && list[n-1].On == r.On && list[n-1].Zone == r.Zone {
			list = list[:n-1]
		}
		if r.Accepted {
			list = append(list, r)
		}
		d.readings[r.MeterID] = list
	}
	return err
}

// target finds the meter a step is of: by the number on it, or the only one of the service that stands on the day.
func (d *deed) target() (*fact.Meter, error) {
	fits := d.numbered(FoldSerial)
	if len(fits) == 0 && len(DigitsOf(d.step.Meter)) >= serialMin {
		fits = d.numbered(DigitsOf)
	}
	if len(fits) > 1 { // a number may come back: the one that stands is meant
		fits = slices.DeleteFunc(fits, func(m *fact.Meter) bool { return !m.Holds(d.on) })
	}
	switch len(fits) {
	case 1:
		return fits[0], nil
	case 0:
		return nil, fault.Newf(fault.NotFound, "meter.unknown", "Счётчика %s на счёте %s нет. Сверьте номер; новый ставят действием installed.", strings.TrimSpace(d.step.Meter+" "+d.step.Service), d.step.Target.at()).WithField("meter")
	}
	return nil, fault.Newf(fault.Conflict, "meter.which", "Таких счётчиков на счёте %s несколько. Назовите номер и услугу.", d.step.Target.at()).WithField("meter")
}

// numbered gives the account's meters whose number is the same when folded; without a number those that stand on the day.
func (d *deed) numbered(fold func(string) string) (fits []*fact.Meter) {
	serial := strings.TrimSpace(d.step.Meter)
	for i := range d.known.Meters {
		m := &d.known.Meters[i]
		switch {
		case m.AccountID != d.account || d.step.Service != "" && m.Service != d.step.Service:
		case serial != "" && fold(m.Serial) == fold(serial), serial == "" && m.Holds(d.on):
			fits = append(fits, m)
		}
	}
	return fits
}

// only reads and finds the meter alone.
func (d *deed) only(ctx context.Context, tx *db.Tx, at calendar.Micros) (*fact.Meter, error) {
	if err := d.load(ctx, tx, at); err != nil {
		return nil, err
	}
	return d.target()
}

// device gives the meter of a step with all that are one device with it: linked ones, and those of one number and
// service in the household.
func (d *deed) device() error {
	m, err := d.target()
	if err != nil {
		return err
	}
	if d.ofHouse() && !d.sells(m.Service) {
		return errUnknown
	}
	linked := d.known.Linked(m.ID)
	d.meters = []*fact.Meter{m}
	for i := range d.known.Meters {
		x := &d.known.Meters[i]
		if x.ID != m.ID && (slices.Contains(linked, x.ID) || d.sameNumber(m, x)) {
			d.meters = append(d.meters, x)
		}
	}
	return nil
}

// serialMin is how long a number must be to tell one device from all others.
const serialMin = 4

func (d *deed) sameNumber(a, b *fact.Meter) bool {
	return a.Service == b.Service && a.AccountID != b.AccountID && len([]rune(a.Serial)) >= serialMin && FoldSerial(a.Serial) == FoldSerial(b.Serial) && d.householdOf(a) == d.householdOf(b)
}

func (d *deed) householdOf(m *fact.Meter) (household int64) {
	if s := d.subscription(m.AccountID, m.Service); s != nil {
		household = s.Household
	}
	return household
}

// subscription is the latest term in which an account takes a service; nil when it does not.
func (d *deed) subscription(account int64, service string) (latest *fact.Subscription) {
	for i := range d.known.Subscriptions {
		if s := &d.known.Subscriptions[i]; s.AccountID == account && s.Service == service && (latest == nil || s.From >= latest.From) {
			latest = s
		}
	}
	return latest
}

// ref names a meter.
func (d *deed) ref(m *fact.Meter) Ref {
	r := Ref{ID: m.ID, Service: m.Service, Serial: m.Serial, Account: d.numbers[m.AccountID]}
	if m.OfHouse() {
		r.House = d.step.House
	}
	if s := d.subscription(m.AccountID, m.Service); s != nil {
		r.Supplier = d.codes[s.SupplierID]
	}
	return r
}

// add puts a step of a meter with its event among what is written.
func (d *deed) add(m *fact.Meter, kind Kind, b body) error {
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	d.steps = append(d.steps, stored{meter: m.ID, id: fact.Key("step", m.ID, kind, d.on), kind: kind, on: d.on, body: string(text), reason: d.step.Reason, source: d.source})
	d.told.Meters = append(d.told.Meters, d.ref(m))
	d.events = append(d.events, event.Event{
		BuildingID: d.building, AccountID: m.AccountID, Service: m.Service, FactID: m.ID,
		Body: event.Meter{Meter: m.ID, Serial: m.Serial, Service: m.Service, What: string(kind), Day: d.on.String(), VerifiedTo: b.Until},
	})
	return nil
}

// compare tells whether a step is known already, word for word.
func (d *deed) compare(ctx context.Context, tx *db.Tx) error {
	known := 0
	any := false
	for i := range d.steps {
		s := &d.steps[i]
		rows, err := stepsOf(ctx, tx, d.building, s.meter, d.told.At)
		if err != nil {
			return err
		}
		for _, old := range rows {
			if old.id == s.id {
				any = true
				if old.body == s.body {
					known++
				}
			}
		}
	}
	switch d.told.State = stateNew; {
	case known == len(d.steps):
		d.told.State = stateSame
	case any:
		d.told.State = stateChanged
	}
	return nil
}
