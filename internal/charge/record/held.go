package record

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// row is a fact with who says it.
type row[T any] interface {
	*T
	SetHead(fact.Head)
}

// table is the facts of one kind that hold, those told now, and what those were before the load: a file that
// contradicts itself comes back to where it was, and then tells nothing.
type table[K comparable, T any] struct {
	held, told, was map[K]T
}

func newTable[K comparable, T any](list []T, key func(*T) K) table[K, T] {
	t := table[K, T]{map[K]T{}, map[K]T{}, map[K]T{}}
	for i := range list {
		t.held[key(&list[i])] = list[i]
	}
	return t
}

// tell makes a fact hold. One that says the same as before is not told again.
func tell[K comparable, T any, P row[T]](t *table[K, T], k K, x T, source string) State {
	old, known := t.held[k]
	P(&old).SetHead(fact.Head{})
	P(&x).SetHead(fact.Head{})
	if known && reflect.DeepEqual(old, x) {
		return StateSame
	}
	P(&x).SetHead(fact.Head{Source: source})
	if _, again := t.told[k]; known && !again {
		t.was[k] = old
	}
	t.held[k], t.told[k] = x, x
	if known {
		return StateChanged
	}
	return StateNew
}

// withdraw takes a fact back; gone makes its row say so.
func withdraw[K comparable, T any, P row[T]](t *table[K, T], k K, gone func(*T), source string) State {
	x, known := t.held[k]
	if !known {
		return StateSame
	}
	if _, again := t.told[k]; !again {
		t.was[k] = x
	}
	P(&x).SetHead(fact.Head{Source: source})
	gone(&x)
	delete(t.held, k)
	t.told[k] = x
	return StateWithdrawn
}

// list gives what was told, in an order of its own.
func list[K comparable, T any, P row[T]](t *table[K, T], compare func(a, b K) int) (list []T) {
	for _, k := range slices.SortedFunc(maps.Keys(t.told), compare) {
		was, known := t.was[k]
		is := t.told[k]
		P(&was).SetHead(fact.Head{})
		P(&is).SetHead(fact.Head{})
		if !known || !reflect.DeepEqual(was, is) {
			list = append(list, t.told[k])
		}
	}
	return list
}

type (
	resourceKey struct {
		service string
		month   calendar.Month
	}
	stayKey struct{ household, id int64 }
	subKey  struct {
		account int64
		service string
		from    calendar.Date
	}
	volumeKey struct {
		account int64
		service string
		month   calendar.Month
		zone    calc.Zone
	}
	readingKey struct {
		meter int64
		on    calendar.Date
		zone  calc.Zone
	}
)

// held is what is known of a building, and what a load tells of it.
type held struct {
	id        int64
	houses    table[calendar.Date, fact.House]
	resources table[resourceKey, fact.Resource]
	premises  table[int64, fact.Premises]
	stays     table[stayKey, fact.Stay]
	subs      table[subKey, fact.Subscription]
	meters    table[int64, fact.Meter]
	readings  table[readingKey, fact.Reading]
	volumes   table[volumeKey, fact.Volume]
	rare      table[int64, fact.Rare]
}

// load reads what is known of a building at a moment.
func load(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) (*held, error) {
	s, err := fact.Gather(ctx, tx, building, at)
	if err != nil {
		return nil, err
	}
	readings, err := fact.ListReadings(ctx, tx, building, 0, at)
	if err != nil {
		return nil, err
	}
	volumes, err := fact.ListVolumes(ctx, tx, building, 0, at)
	return &held{
		id:        building,
		houses:    newTable(s.Houses, func(x *fact.House) calendar.Date { return x.From }),
		resources: newTable(s.Resources, func(x *fact.Resource) resourceKey { return resourceKey{x.Service, x.Month} }),
		premises:  newTable(s.Premises, func(x *fact.Premises) int64 { return x.Household }),
		stays:     newTable(s.Stays, func(x *fact.Stay) stayKey { return stayKey{x.Household, x.ID} }),
		subs:      newTable(s.Subscriptions, keyOf),
		meters:    newTable(s.Meters, func(x *fact.Meter) int64 { return x.ID }),
		readings:  newTable(readings, func(x *fact.Reading) readingKey { return readingKey{x.MeterID, x.On, x.Zone} }),
		volumes:   newTable(volumes, func(x *fact.Volume) volumeKey { return volumeKey{x.AccountID, x.Service, x.Month, x.Zone} }),
		rare:      newTable(s.Rare, func(x *fact.Rare) int64 { return x.ID }),
	}, err
}

func keyOf(x *fact.Subscription) subKey { return subKey{x.AccountID, x.Service, x.From} }

// set is what was told, to be written.
func (h *held) set() *fact.Set {
	return &fact.Set{
		Building: h.id,
		Houses:   list(&h.houses, cmp.Compare[calendar.Date]),
		Resources: list(&h.resources, func(a, b resourceKey) int {
			return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.month, b.month))
		}),
		Premises: list(&h.premises, cmp.Compare[int64]),
		Stays:    list(&h.stays, func(a, b stayKey) int { return cmp.Or(cmp.Compare(a.household, b.household), cmp.Compare(a.id, b.id)) }),
		Subscriptions: list(&h.subs, func(a, b subKey) int {
			return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.service, b.service), cmp.Compare(a.from, b.from))
		}),
		Meters: list(&h.meters, cmp.Compare[int64]),
		Readings: list(&h.readings, func(a, b readingKey) int {
			return cmp.Or(cmp.Compare(a.meter, b.meter), cmp.Compare(a.on, b.on), cmp.Compare(a.zone, b.zone))
		}),
		Volumes: list(&h.volumes, func(a, b volumeKey) int {
			return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.service, b.service), cmp.Compare(a.month, b.month), cmp.Compare(a.zone, b.zone))
		}),
		Rare: list(&h.rare, cmp.Compare[int64]),
	}
}

// terms gives the terms in which an account takes a service, by their first days.
func (h *held) terms(account int64, service string) (list []fact.Subscription) {
	for k := range h.subs.held {
		if k.account == account && k.service == service {
			list = append(list, h.subs.held[k])
		}
	}
	slices.SortFunc(list, func(a, b fact.Subscription) int { return cmp.Compare(a.From, b.From) })
	return list
}

// metersOf gives the meters of an account's service, by id.
func (h *held) metersOf(account int64, service string) (list []fact.Meter) {
	for _, m := range h.meters.held {
		if m.AccountID == account && m.Service == service {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b fact.Meter) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
