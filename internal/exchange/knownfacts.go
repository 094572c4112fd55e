package exchange

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// kept is facts of one kind by their keys: as they were and as they become. Heads of facts stand apart, so that facts
// compare by what they say.
type kept[K, V comparable] struct {
	was, now map[K]V
	source   map[K]string
}

func newKept[K, V comparable]() kept[K, V] {
	return kept[K, V]{was: map[K]V{}, now: map[K]V{}, source: map[K]string{}}
}

func (k *kept[K, V]) stored(key K, v V, source string) {
	k.was[key], k.now[key], k.source[key] = v, v, source
}

// put makes the fact of a key say this; the same again changes nothing.
func (k *kept[K, V]) put(key K, v V, source string) {
	if k.now[key] != v {
		k.source[key] = source
	}
	k.now[key] = v
}

// changed calls put for what became another and gone for what is no more.
func (k *kept[K, V]) changed(put, gone func(v V, source string)) {
	for key, v := range k.now {
		if old, ok := k.was[key]; !ok || old != v {
			put(v, k.source[key])
		}
	}
	for key, v := range k.was {
		if _, ok := k.now[key]; !ok {
			gone(v, k.source[key])
		}
	}
}

// Keys of facts, as in their tables.
type (
	termKey struct {
		account int64
		service string
		from    calendar.Date
	}
	readingKey struct {
		meter int64
		on    calendar.Date
		zone  calc.Zone
	}
	volumeKey struct {
		account int64
		service string
		month   calendar.Month
		zone    calc.Zone
	}
	stayKey  struct{ household, id int64 }
	takenKey struct {
		account int64
		service string
	}
)

// knownFacts are the facts of a building that files bring.
type knownFacts struct {
	at       calendar.Micros // of recording what changes
	charged  calendar.Month  // the last month of the building that was charged; 0 is none
	since    calendar.Date   // suppliers' figures of charged months are others from this day on; 0 is none
	any      bool            // something was known before
	terms    kept[termKey, fact.Subscription]
	meters   kept[int64, fact.Meter]
	readings kept[readingKey, fact.Reading]
	volumes  kept[volumeKey, fact.Volume]
	premises kept[int64, fact.Premises]
	stays    kept[stayKey, fact.Stay]

	doubled map[chargeKey]charge.Doubled

	termsOf    map[takenKey][]calendar.Date // days terms begin
	metersOf   map[takenKey][]int64
	readingsOf map[int64][]readingKey // of meters, in no order
	staysOf    map[int64][]int64      // of households
}

// readingsBack is how many months before the file's the last reading of a meter is looked for.
const readingsBack = 12

// loadKnown reads the facts of a building; from is the first month the files talk of.
func loadKnown(ctx context.Context, tx *db.Tx, building int64, from calendar.Month, at calendar.Micros) (*knownFacts, error) {
	k := &knownFacts{terms: newKept[termKey, fact.Subscription](), meters: newKept[int64, fact.Meter](), readings: newKept[readingKey, fact.Reading](),
		volumes: newKept[volumeKey, fact.Volume](), premises: newKept[int64, fact.Premises](), stays: newKept[stayKey, fact.Stay](),
		doubled: map[chargeKey]charge.Doubled{}, termsOf: map[takenKey][]calendar.Date{}, metersOf: map[takenKey][]int64{}, readingsOf: map[int64][]readingKey{}, staysOf: map[int64][]int64{}}
	newest, err := fact.Newest(ctx, tx, building)
	if err != nil {
		return nil, err
	}
	if err := k.loadDoubled(ctx, tx, building); err != nil {
		return nil, err
	}
	if k.charged, err = charge.LastCharged(ctx, tx, building); err != nil {
		return nil, err
	}
	if k.at = at; newest == 0 {
		return k, nil
	}
	k.at, k.any = max(at, newest+1), true
	set, err := fact.Gather(ctx, tx, building, newest)
	if err != nil {
		return nil, err
	}
	if set.Readings, err = fact.ListReadings(ctx, tx, building, from.Add(-readingsBack).First(), newest); err != nil {
		return nil, err
	}
	if set.Volumes, err = fact.ListVolumes(ctx, tx, building, from, newest); err != nil {
		return nil, err
	}
	k.take(set)
	return k, nil
}

func (k *knownFacts) loadDoubled(ctx context.Context, tx *db.Tx, building int64) error {
	list, err := charge.ListDoubled(ctx, tx, building)
	for _, d := range list {
		k.doubled[chargeKey{d.AccountID, d.Month, d.ServiceID}] = d
	}
	return err
}

// take notes the facts of a set without their heads.
func (k *knownFacts) take(set *fact.Set) {
	for _, x := range set.Subscriptions {
		source := x.Source
		x.Head = fact.Head{}
		k.terms.stored(termKey{x.AccountID, x.Service, x.From}, x, source)
		of := takenKey{x.AccountID, x.Service}
		k.termsOf[of] = append(k.termsOf[of], x.From)
	}
	for _, x := range set.Meters {
		source := x.Source
		x.Head = fact.Head{}
		k.meters.stored(x.ID, x, source)
		of := takenKey{x.AccountID, x.Service}
		k.metersOf[of] = append(k.metersOf[of], x.ID)
	}
	for _, x := range set.Readings {
		source := x.Source
		x.Head, x.ID = fact.Head{}, 0
		key := readingKey{x.MeterID, x.On, x.Zone}
		k.readings.stored(key, x, source)
		k.readingsOf[x.MeterID] = append(k.readingsOf[x.MeterID], key)
	}
	for _, x := range set.Volumes {
		source := x.Source
		x.Head = fact.Head{}
		k.volumes.stored(volumeKey{x.AccountID, x.Service, x.Month, x.Zone}, x, source)
	}
	for _, x := range set.Premises {
		source := x.Source
		x.Head = fact.Head{}
		k.premises.stored(x.Household, x, source)
	}
	for _, x := range set.Stays {
		source := x.Source
		x.Head = fact.Head{}
		k.stays.stored(stayKey{x.Household, x.ID}, x, source)
		k.staysOf[x.Household] = append(k.staysOf[x.Household], x.ID)
	}
}

// changes are the facts to be written: what became another, and withdrawals of what is no more.
func (k *knownFacts) changes(building int64) *fact.Set {
	s := &fact.Set{Building: building, Since: k.since}
	k.terms.changed(func(x fact.Subscription, source string) {
		x.Source = source
		s.Subscriptions = append(s.Subscriptions, x)
	}, func(x fact.Subscription, source string) {
		x.Source, x.Mode = source, fact.Withdrawn
		s.Subscriptions = append(s.Subscriptions, x)
	})
	k.meters.changed(func(x fact.Meter, source string) {
		x.Source = source
		s.Meters = append(s.Meters, x)
	}, func(fact.Meter, string) {})
	k.readings.changed(func(x fact.Reading, source string) {
		x.Source, x.Accepted = source, true
		s.Readings = append(s.Readings, x)
	}, func(x fact.Reading, source string) {
		x.Source, x.Accepted = source, false
		s.Readings = append(s.Readings, x)
	})
	k.volumes.changed(func(x fact.Volume, source string) {
		x.Source, x.Accepted = source, true
		s.Volumes = append(s.Volumes, x)
	}, func(x fact.Volume, source string) {
		x.Source, x.Accepted = source, false
		s.Volumes = append(s.Volumes, x)
	})
	k.premises.changed(func(x fact.Premises, source string) {
		x.Source = source
		s.Premises = append(s.Premises, x)
	}, func(fact.Premises, string) {})
	k.stays.changed(func(x fact.Stay, source string) {
		x.Source = source
		s.Stays = append(s.Stays, x)
	}, func(fact.Stay, string) {})
	sortFacts(s)
	return s
}

// sortFacts puts facts in the order of their keys, in which they go in fastest.
func sortFacts(s *fact.Set) {
	slices.SortFunc(s.Subscriptions, func(a, b fact.Subscription) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), strings.Compare(a.Service, b.Service), cmp.Compare(a.From, b.From))
	})
	slices.SortFunc(s.Meters, func(a, b fact.Meter) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(s.Readings, func(a, b fact.Reading) int {
		return cmp.Or(cmp.Compare(a.MeterID, b.MeterID), cmp.Compare(a.On, b.On), cmp.Compare(a.Zone, b.Zone))
	})
	slices.SortFunc(s.Volumes, func(a, b fact.Volume) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), strings.Compare(a.Service, b.Service), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Zone, b.Zone))
	})
	slices.SortFunc(s.Premises, func(a, b fact.Premises) int { return cmp.Compare(a.Household, b.Household) })
	slices.SortFunc(s.Stays, func(a, b fact.Stay) int {
		return cmp.Or(cmp.Compare(a.Household, b.Household), cmp.Compare(a.ID, b.ID))
	})
}
