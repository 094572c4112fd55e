package record

import (
	"maps"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/casefile"
	"kvit/internal/charge/fact"
	"kvit/internal/fault"
)

// Whom a kind of records is about.
type reach uint8

const (
	ofHouse     reach = iota // a whole house
	ofHousehold              // those who live in a flat
	ofService                // a service of an account
	ofAny                    // a house's service or an account's
)

// kind is how records of a kind are read and told.
type kind struct {
	reach  reach
	shared bool // a supplier may tell it of its own accounts
	spec   func() any
	tell   func(*judge, *Item) (State, error)
}

var kinds map[Kind]kind

var kindWords []string

// init breaks the circle of kinds and those who tell them.
func init() {
	kinds = map[Kind]kind{
		House:        {ofHouse, false, spec[houseSpec], (*judge).house},
		Resource:     {ofHouse, false, spec[casefile.Resource], (*judge).resource},
		Premises:     {ofHousehold, false, spec[premisesSpec], (*judge).premises},
		Area:         {ofHousehold, false, spec[casefile.AreaFrom], (*judge).area},
		Residents:    {ofHousehold, false, spec[casefile.Stay], (*judge).stay},
		Owners:       {ofHousehold, false, spec[casefile.Stay], (*judge).stay},
		Party:        {ofHousehold, false, spec[casefile.Party], (*judge).party},
		Absence:      {ofHousehold, false, spec[casefile.Absence], (*judge).absence},
		Benefit:      {ofHousehold, false, spec[casefile.Benefit], (*judge).benefit},
		Service:      {ofService, true, spec[serviceSpec], (*judge).subscription},
		Meter:        {ofAny, true, spec[meterSpec], (*judge).meter},
		Verification: {ofAny, true, spec[casefile.Verification], (*judge).verification},
		GasFactor:    {ofService, true, spec[gasSpec], (*judge).gasFactor},
		Reading:      {ofAny, true, spec[casefile.Reading], (*judge).reading},
		Act:          {ofService, true, spec[casefile.Act], (*judge).act},
		Event:        {ofAny, true, spec[casefile.Event], (*judge).event},
		Object:       {ofService, true, spec[casefile.Object], (*judge).object},
		Instalment:   {ofService, true, spec[casefile.Instalment], (*judge).instalment},
		Fine:         {ofService, false, spec[casefile.Fine], (*judge).fine},
		Volume:       {ofService, true, spec[volumeSpec], (*judge).volume},
		Withdrawal:   {ofHousehold, true, spec[withdrawalSpec], (*judge).withdrawal},
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		kindWords = append(kindWords, string(k))
	}
}

func spec[T any]() any { return new(T) }

// read gives the keys of a record over what is there.
func read[T any](it *Item, over T) (T, error) {
	err := it.leaf.Decode(&over)
	return over, err
}

func invalid(code, format string, args ...any) *fault.Error {
	return fault.Newf(fault.Invalid, code, format, args...)
}

// ordered refuses a term that ends before it begins.
func ordered(from, until calendar.Date) error {
	if until != 0 && until < from {
		return invalid("fact.term", "Срок кончается %s, раньше, чем начинается %s. Исправьте даты.", until, from)
	}
	return nil
}

func (j *judge) house(it *Item) (State, error) {
	first, err := read(it, struct {
		From calendar.Date `yaml:"from"`
	}{})
	if err != nil {
		return StateRefused, err
	}
	if j.about = first.From; it.withdraw {
		return withdraw(&j.held.houses, first.From, goneHouse, it.source(j.by)), nil
	}
	x := j.held.houses.held[first.From]
	over := houseSpec{From: x.From, Area: x.Area, CommonArea: x.CommonArea, OwnHeat: x.OwnHeat, Residents: x.Persons, Private: x.Private, Direct: x.Direct}
	if len(x.Heating) > 0 && find(it.leaf, "heating") == nil {
		over.Heating = casefile.Heating{Mode: modeWords[x.Heating[0].Even], Months: x.Heating[0].SeasonMonths}
	}
	v, err := read(it, over)
	if err != nil {
		return StateRefused, err
	}
	x = fact.House{From: v.From, House: calc.House{Area: v.Area, CommonArea: v.CommonArea, OwnHeat: v.OwnHeat, Persons: v.Residents, Private: v.Private, Direct: v.Direct}}
	if months := slices.Clone([]int(v.Heating.Months)); v.Heating.Mode == modeWords[true] || len(months) > 0 {
		slices.Sort(months) // as they are kept
		x.Heating = []calc.HeatingMode{{Even: v.Heating.Mode == modeWords[true], SeasonMonths: slices.Compact(months)}}
	}
	return tell(&j.held.houses, v.From, x, it.source(j.by)), nil
}

var modeWords = map[bool]string{true: "even", false: "season"}

func (j *judge) resource(it *Item) (State, error) {
	v, err := read(it, casefile.Resource{})
	if err != nil {
		return StateRefused, err
	}
	if err := j.knows(v.Service); err != nil {
		return StateRefused, err
	}
	if v.Month == 0 {
		return StateRefused, invalid("fact.month", "Не сказано, за какой месяц. Добавьте month: 2026-10.")
	}
	k := resourceKey{v.Service, v.Month}
	if j.about = v.Month.First(); it.withdraw {
		return withdraw(&j.held.resources, k, goneResource, it.source(j.by)), nil
	}
	return tell(&j.held.resources, k, fact.Resource{Service: v.Service, Resource: v.Fact()}, it.source(j.by)), nil
}

func (j *judge) premises(it *Item) (State, error) {
	id := j.at.household
	if it.withdraw {
		return withdraw(&j.held.premises, id, gonePremises, it.source(j.by)), nil
	}
	x := j.held.premises.held[id]
	v, err := read(it, premisesSpec{x.Area, x.Heated, x.Rooms, x.OwnHeat, x.Communal.FlatPersons, x.Communal.LivingArea, x.Communal.FlatLiving})
	if err != nil {
		return StateRefused, err
	}
	return tell(&j.held.premises, id, fact.Premises{
		Household: id, Area: v.Area, Heated: v.Heated, Rooms: v.Rooms, OwnHeat: v.OwnHeat,
		Communal: calc.Communal{FlatPersons: v.FlatPeople, LivingArea: v.LivingArea, FlatLiving: v.FlatLiving},
	}, it.source(j.by)), nil
}
