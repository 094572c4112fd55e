package record

import (
	"cmp"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/casefile"
	"kvit/internal/charge/fact"
	"kvit/internal/money"
)

// knows refuses a service that the catalogue has not.
func (j *judge) knows(service string) error {
	if service == "" {
		return invalid("fact.no_service", "Не сказано, о какой услуге речь. Добавьте service – код услуги каталога.")
	}
	if _, ok := j.engine.Service(service); !ok {
		return invalid("fact.service", "Услуги %q нет в каталоге%s. Исправьте код или загрузите услугу: kvit catalog load.", service, casefile.Perhaps(service, j.services))
	}
	return nil
}

func (j *judge) subscription(it *Item) (State, error) {
	terms := j.held.terms(j.account, it.service)
	if it.ifMissing && len(terms) > 0 {
		return StateSame, nil
	}
	k := subKey{account: j.account, service: it.service}
	first, err := read(it, struct {
		From calendar.Date `yaml:"from"`
	}{})
	if k.from = first.From; find(it.leaf, "from") == nil && len(terms) > 0 { // what is taken now
		k.from = terms[len(terms)-1].From
	}
	if j.about = k.from; err != nil || it.withdraw {
		return withdraw(&j.held.subs, k, goneSubscription, it.source(j.by)), err
	}
	x, known := j.held.subs.held[k]
	if !known {
		x = fact.Subscription{Term: calc.Term{From: k.from}, Household: j.at.household, AccountID: j.account, Service: it.service, SupplierID: j.supplier, Mode: fact.Computed}
	}
	if !known || it.name != "" { // 0 too is a service: that of a register without a column of services
		x.ServiceID = it.serviceID
	}
	if err := j.overlay(it, &x); err != nil {
		return StateRefused, err
	}
	state := tell(&j.held.subs, k, x, it.source(j.by))
	j.partTerms(it, k)
	return state, nil
}

// overlay puts the keys of a record over a subscription.
func (j *judge) overlay(it *Item, x *fact.Subscription) error {
	v, err := read(it, serviceSpec{
		Category: x.Category, Mode: x.Mode, From: x.From, Until: x.Until, Possible: x.MeterOK, Included: x.Included, Quantity: x.Quantity, FlatRest: x.FlatRest, Share: x.Share,
	})
	if err == nil {
		err = ordered(v.From, v.Until)
	}
	if err != nil {
		return err
	}
	if v.Category != "" && j.engine.Category(v.Category) == 0 {
		return invalid("fact.category", "Категории %q нет в тарифах и нормативах каталога. Исправьте её или загрузите тариф: kvit catalog load.", v.Category)
	}
	if v.Part != "" {
		if _, err := fmt.Sscanf(v.Part, "%d/%d", &x.Part.Num, &x.Part.Den); err != nil || x.Part.Den <= 0 || x.Part.Num < 0 {
			return invalid("fact.part", "part %q – не доля. Ожидается, например, 1/2.", v.Part)
		}
	}
	x.Category, x.Mode, x.Until, x.MeterOK, x.Included, x.Quantity, x.FlatRest, x.Share = v.Category, v.Mode, v.Until, v.Possible, v.Included, v.Quantity, v.FlatRest, v.Share
	return nil
}

// partTerms ends a term of a service the day before the next one begins.
func (j *judge) partTerms(it *Item, of subKey) {
	terms := j.held.terms(of.account, of.service)
	for i := 0; i+1 < len(terms); i++ {
		if a := terms[i]; a.Until == 0 || a.Until >= terms[i+1].From {
			a.Until = terms[i+1].From.AddDays(-1)
			tell(&j.held.subs, keyOf(&a), a, it.source(j.by))
		}
	}
}

// meterOf finds the meter a record names: by its number, or the only one in use on a day.
func (j *judge) meterOf(it *Item, on calendar.Date) (m fact.Meter, known bool, err error) {
	list := j.held.metersOf(j.account, it.service)
	id := j.meterID(it)
	if i := slices.IndexFunc(list, func(x fact.Meter) bool { return x.ID == id }); i >= 0 {
		return list[i], true, nil
	}
	if it.meter != "" {
		return fact.Meter{ID: id, AccountID: j.account, Service: it.service, Serial: it.meter}, false, nil
	}
	used := slices.DeleteFunc(list, func(x fact.Meter) bool { return on != 0 && !x.Holds(on) })
	switch len(used) {
	case 0:
		return fact.Meter{ID: id, AccountID: j.account, Service: it.service, Serial: it.meter}, false, nil
	case 1:
		return used[0], true, nil
	}
	return m, false, invalid("fact.which_meter", "У услуги %s счётчиков: %d. Назовите номер счётчика: id у прибора или meter в отдельной записи.", it.service, len(used))
}

func (j *judge) meter(it *Item) (State, error) {
	x, known, err := j.meterOf(it, 0)
	switch {
	case err != nil:
		return StateRefused, err
	case it.ifMissing && known:
		return StateSame, nil
	case it.withdraw:
		return withdraw(&j.held.meters, x.ID, goneMeter, it.source(j.by)), nil
	}
	v, err := read(it, meterSpec{x.From, x.Until, x.Digits, x.Registers, x.VerifiedBy, x.FailedOn, x.GasFactor, max(x.Factor, -x.Factor), x.Factor < 0})
	if err == nil {
		err = cmp.Or(ordered(v.Installed, v.Removed), j.fitsHouse(it, &v))
	}
	if err != nil {
		return StateRefused, err
	}
	if j.about = v.Installed; it.meter != "" {
		x.Serial = it.meter
	}
	x.From, x.Until, x.Digits, x.Registers, x.VerifiedBy, x.FailedOn, x.GasFactor, x.Factor = v.Installed, v.Removed, v.Digits, v.Registers, v.Until, v.Failed, v.GasFactor, v.signed()
	return tell(&j.held.meters, x.ID, x, it.source(j.by)), nil
}

// meterToo is meterOf for what makes no sense without its meter.
func (j *judge) meterToo(it *Item, on calendar.Date) (fact.Meter, error) {
	m, known, err := j.meterOf(it, on)
	if err == nil && !known {
		err = invalid("fact.no_meter", "Счётчика %q у услуги %s нет. Сначала запишите его: fact: meter с тем же номером.", it.meter, it.service)
	}
	return m, err
}

func (j *judge) reading(it *Item) (State, error) {
	v, err := read(it, casefile.Reading{})
	if err != nil {
		return StateRefused, err
	}
	m, err := j.meterToo(it, v.Date)
	if err != nil {
		return StateRefused, err
	}
	k := readingKey{m.ID, v.Date, calc.ZoneOf(v.Zone)}
	if j.about = v.Date; it.withdraw {
		return withdraw(&j.held.readings, k, goneReading, it.source(j.by)), nil
	}
	x := fact.Reading{MeterID: m.ID, ID: fact.ReadingID(m.ID, v.Date, k.zone), On: v.Date, Zone: k.zone, Value: v.Value, Initial: v.Initial, Accepted: true, Control: v.Control}
	if old, known := j.held.readings.held[k]; known {
		x.ID = old.ID
	}
	return tell(&j.held.readings, k, x, it.source(j.by)), nil
}

func (j *judge) verification(it *Item) (State, error) {
	v, err := read(it, casefile.Verification{})
	if err == nil {
		err = ordered(v.From, v.Until)
	}
	if err != nil {
		return StateRefused, err
	}
	m, err := j.meterToo(it, 0)
	if err != nil {
		return StateRefused, err
	}
	return j.tellRare(it, j.ofAccount(it, fact.KindVerification, v.From, m.ID, v.From), fact.Verification{Meter: m.ID, Until: v.Until})
}

func (j *judge) gasFactor(it *Item) (State, error) {
	v, err := read(it, gasSpec{})
	if err != nil {
		return StateRefused, err
	}
	m, err := j.meterToo(it, 0)
	if err != nil {
		return StateRefused, err
	}
	return j.tellRare(it, j.ofAccount(it, fact.KindGasFactor, v.Month.First(), m.ID, v.Month), fact.GasFactor{Meter: m.ID, Month: v.Month, Value: v.Value})
}

// ofAccount is a rarer fact of an account's service, told from others by what names it.
func (j *judge) ofAccount(it *Item, kind string, from calendar.Date, names ...any) fact.Rare {
	id := fact.Key(append([]any{kind, j.at.building, j.account, it.service, it.key}, names...)...)
	x := fact.Rare{ID: id, AccountID: j.account, Service: it.service, Kind: kind, From: from}
	if j.account != 0 {
		x.Household = j.at.household
	}
	return x
}

func (j *judge) act(it *Item) (State, error) {
	v, err := read(it, casefile.Act{})
	if err != nil {
		return StateRefused, err
	}
	return j.tellRare(it, j.ofAccount(it, fact.KindAct, v.Date, v.Date, v.Act), v.Fact())
}

func (j *judge) event(it *Item) (State, error) {
	v, err := read(it, casefile.Event{})
	switch {
	case err != nil:
		return StateRefused, err
	case v.Date == 0 && it.month == 0:
		return StateRefused, invalid("fact.event_day", "Не сказано, когда это было. Добавьте date – день перерыва, или month – месяц, за который эти часы.")
	}
	from := v.Date
	if from == 0 {
		from = it.month.First()
	}
	return j.tellRare(it, j.ofAccount(it, fact.KindEvent, from, v.Event, v.Date, it.month, v.Night), v.Fact(it.month))
}

func (j *judge) object(it *Item) (State, error) {
	v, err := read(it, casefile.Object{})
	if err != nil {
		return StateRefused, err
	}
	return j.tellRare(it, j.ofAccount(it, fact.KindObject, 0, v.Object), calc.Object{Name: v.Object, Count: v.Count})
}

func (j *judge) instalment(it *Item) (State, error) {
	v, err := read(it, casefile.Instalment{})
	if err != nil {
		return StateRefused, err
	}
	return j.tellRare(it, j.ofAccount(it, fact.KindInstalment, v.Month.First(), v.Month), calc.Instalment{Month: v.Month, Amount: money.Amount(v.Amount), Interest: money.Amount(v.Interest)})
}

// fine tells of a charge found too high: half of the excess is taken off the bill of a month.
func (j *judge) fine(it *Item) (State, error) {
	v, err := read(it, casefile.Fine{})
	switch {
	case err != nil:
		return StateRefused, err
	case v.Month == 0:
		return StateRefused, invalid("fact.month", "Не сказано, за какой месяц. Добавьте month: 2026-10.")
	}
	if err := ordered(v.Applied, v.Corrected); err != nil {
		return StateRefused, err
	}
	return j.tellRare(it, j.ofAccount(it, fact.KindFine, v.Month.First(), v.Month), calc.Fine{Month: v.Month, Excess: money.Amount(v.Excess), Applied: v.Applied, Corrected: v.Corrected})
}

// volume tells how much an account used of a service in a month, where no meter's readings do.
func (j *judge) volume(it *Item) (State, error) {
	v, err := read(it, volumeSpec{})
	if err != nil {
		return StateRefused, err
	}
	k := volumeKey{j.account, it.service, v.Month, calc.ZoneOf(v.Zone)}
	if j.about = v.Month.First(); it.withdraw {
		return withdraw(&j.held.volumes, k, goneVolume, it.source(j.by)), nil
	}
	return tell(&j.held.volumes, k, fact.Volume{AccountID: k.account, Service: k.service, Month: k.month, Zone: k.zone, Value: v.Volume, Accepted: true}, it.source(j.by)), nil
}
