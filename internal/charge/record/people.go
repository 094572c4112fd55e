package record

import (
	"encoding/json"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/casefile"
	"kvit/internal/charge/fact"
)

// stay tells of residents or owners.
func (j *judge) stay(it *Item) (State, error) {
	v, err := read(it, casefile.Stay{})
	if err == nil {
		err = ordered(v.From, v.Until)
	}
	if err != nil {
		return StateRefused, err
	}
	x := fact.Stay{Term: calc.Term{From: v.From, Until: v.Until}, Household: j.at.household, Kind: fact.Resident, Persons: v.Persons}
	switch {
	case it.Kind == Owners:
		x.Kind = fact.Owner
	case v.Temporary:
		x.Kind = fact.Temporary
	}
	return j.tellStay(it, x), nil
}

// tellStay tells a stay, of which kind, first day and key tell it from others.
func (j *judge) tellStay(it *Item, x fact.Stay) State {
	x.ID = j.stayID(it, &x)
	k := stayKey{x.Household, x.ID}
	if j.about = x.From; it.withdraw {
		return withdraw(&j.held.stays, k, goneStay, it.source(j.by))
	}
	state := tell(&j.held.stays, k, x, it.source(j.by))
	if it.instead && j.endOthers(it, &x) && state == StateSame {
		state = StateChanged
	}
	return state
}

// stayID finds a stay of the same kind and day, whichever door told it, or makes its id.
func (j *judge) stayID(it *Item, x *fact.Stay) (id int64) {
	id = fact.Key(x.Kind, x.From, it.key)
	if _, known := j.held.stays.held[stayKey{x.Household, id}]; known || it.key != "" {
		return id
	}
	other := int64(0)
	for k, s := range j.held.stays.held {
		if k.household == x.Household && s.Kind == x.Kind && s.From == x.From && (other == 0 || k.id < other) {
			other = k.id
		}
	}
	if other != 0 {
		return other
	}
	return id
}

// endOthers ends the stays of the same sort the day before one that stands in their place; those that begin later are
// withdrawn.
func (j *judge) endOthers(it *Item, x *fact.Stay) (any bool) {
	for k, s := range j.held.stays.held {
		sameSort := s.Kind == x.Kind || x.Kind == fact.Resident && s.Kind == fact.Temporary
		if k.household != x.Household || k.id == x.ID || !sameSort || s.Until != 0 && s.Until < x.From {
			continue
		}
		any = true
		if s.From >= x.From {
			withdraw(&j.held.stays, k, goneStay, it.source(j.by))
			continue
		}
		s.Until = x.From.AddDays(-1)
		tell(&j.held.stays, k, s, it.source(j.by))
	}
	return any
}

// party tells from which day another is charged.
func (j *judge) party(it *Item) (State, error) {
	v, err := read(it, casefile.Party{})
	if err != nil {
		return StateRefused, err
	}
	return j.tellStay(it, fact.Stay{Term: calc.Term{From: v.From}, Household: j.at.household, Kind: fact.Party, Persons: 1}), nil
}

// applicationDays is how long after the return a recalculation for an absence may be asked for (п. 91).
const applicationDays = 30

func (j *judge) absence(it *Item) (State, error) {
	v, err := read(it, casefile.Absence{})
	if err == nil {
		err = ordered(v.Left, v.Returned)
	}
	if err != nil {
		return StateRefused, err
	}
	x := fact.Stay{Term: calc.Term{From: v.Left, Until: v.Returned}, Household: j.at.household, Kind: fact.Absent, Persons: max(1, v.Persons)}
	asked := it.recorded
	if asked == 0 {
		asked = j.today
	}
	old, known := j.held.stays.held[stayKey{x.Household, j.stayID(it, &x)}]
	told := known && old.Until == x.Until && old.Persons == x.Persons
	if !it.withdraw && !told && v.Returned != 0 && asked.Days(v.Returned) > applicationDays {
		return StateRefused, invalid("fact.absence_late", "С возвращения %s прошло больше %d дней: поздно просить перерасчёт (п. 91). Если заявление подали раньше, добавьте recorded – день заявления.",
			v.Returned, applicationDays)
	}
	return j.tellStay(it, x), nil
}

func (j *judge) benefit(it *Item) (State, error) {
	v, err := read(it, casefile.Benefit{})
	if err == nil {
		err = ordered(v.From, v.Until)
	}
	for i := 0; err == nil && i < len(v.Services); i++ {
		err = j.knows(v.Services[i])
	}
	if err != nil {
		return StateRefused, err
	}
	x := fact.Rare{ID: fact.Key(Benefit, j.at.household, v.Name, v.From, it.key), Household: j.at.household, Kind: fact.KindBenefit, From: v.From}
	return j.tellRare(it, x, fact.Benefit{
		Name: v.Name, From: v.From, Until: v.Until, Services: v.Services, Percent: v.Percent, Area: v.Area, Persons: v.Persons,
		WithinNorm: v.Within, Netted: v.Netted, Fund: v.Fund,
	})
}

// area tells an area that holds from a day on; without a day it is the premises' own.
func (j *judge) area(it *Item) (State, error) {
	v, err := read(it, casefile.AreaFrom{})
	switch {
	case err != nil:
		return StateRefused, err
	case v.From == 0:
		if it.withdraw {
			return j.premises(it)
		}
		x := j.held.premises.held[j.at.household]
		x.Household, x.Area = j.at.household, v.Area
		if v.Heated != 0 {
			x.Heated = v.Heated
		}
		return tell(&j.held.premises, j.at.household, x, it.source(j.by)), nil
	}
	x := fact.Rare{ID: fact.Key(Area, j.at.household, v.From), Household: j.at.household, Kind: fact.KindArea, From: v.From}
	return j.tellRare(it, x, fact.Area{Area: v.Area, Heated: v.Heated})
}

// tellRare tells a rarer fact with its body.
func (j *judge) tellRare(it *Item, x fact.Rare, body any) (State, error) {
	if j.about = x.From; it.withdraw {
		return withdraw(&j.held.rare, x.ID, goneRare, it.source(j.by)), nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		return StateRefused, err
	}
	x.Body = string(text)
	return tell(&j.held.rare, x.ID, x, it.source(j.by)), nil
}

// lateSince is the first month charged already that a fact changes.
func (j *judge) lateSince() string {
	for _, m := range j.charged {
		if m >= max(j.about, 1).Month() {
			return calendar.Month(m).String()
		}
	}
	return ""
}
