package record

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
)

// withdrawalSpec names a fact by the reference it is shown with.
type withdrawalSpec struct {
	Ref string `yaml:"ref" need:"yes"`
}

// refOf is a short name of a fact, made of what tells it from others: the same as long as the fact is known.
func refOf(names ...any) string { return strconv.FormatUint(uint64(fact.Key(names...)), 36) }

func refOfHouse(x *fact.House) string       { return refOf(House, x.From) }
func refOfResource(x *fact.Resource) string { return refOf(Resource, x.Service, x.Month) }
func refOfPremises(x *fact.Premises) string { return refOf(Premises, x.Household) }
func refOfStay(x *fact.Stay) string         { return refOf("stay", x.Household, x.ID) }
func refOfSubscription(x *fact.Subscription) string {
	return refOf(Service, x.AccountID, x.Service, x.From)
}
func refOfMeter(x *fact.Meter) string     { return refOf(Meter, x.ID) }
func refOfReading(x *fact.Reading) string { return refOf(Reading, x.MeterID, x.On, x.Zone) }
func refOfVolume(x *fact.Volume) string {
	return refOf(Volume, x.AccountID, x.Service, x.Month, x.Zone)
}
func refOfRare(x *fact.Rare) string { return refOf("rare", x.ID) }

// withdrawal takes back a fact of the household, of its accounts or of its house, named by its reference.
func (j *judge) withdrawal(it *Item) (State, error) {
	v, err := read(it, withdrawalSpec{})
	if err == nil && it.reason == "" {
		err = invalid("fact.reason", "Не сказано, почему факт отменяют. Добавьте reason – причину: её увидят в истории.")
	}
	if err != nil {
		return StateRefused, err
	}
	source := it.source(j.by)
	for _, take := range [...]func() bool{
		func() bool { return takeBack(j, &j.held.houses, v.Ref, refOfHouse, j.ofHouse, source) },
		func() bool { return takeBack(j, &j.held.resources, v.Ref, refOfResource, j.ofResource, source) },
		func() bool { return takeBack(j, &j.held.premises, v.Ref, refOfPremises, j.ofPremises, source) },
		func() bool { return takeBack(j, &j.held.stays, v.Ref, refOfStay, j.ofStay, source) },
		func() bool { return takeBack(j, &j.held.subs, v.Ref, refOfSubscription, j.ofSubscription, source) },
		func() bool { return takeBack(j, &j.held.readings, v.Ref, refOfReading, j.ofReading, source) },
		func() bool { return takeBack(j, &j.held.meters, v.Ref, refOfMeter, j.ofMeter, source) },
		func() bool { return takeBack(j, &j.held.volumes, v.Ref, refOfVolume, j.ofVolume, source) },
		func() bool { return takeBack(j, &j.held.rare, v.Ref, refOfRare, j.ofRare, source) },
	} {
		if take() {
			return StateWithdrawn, nil
		}
	}
	return StateRefused, invalid("fact.no_ref", "Факта %q здесь нет: его уже отменили или он о другом счёте. Ссылки фактов: kvit facts show.", v.Ref)
}

// takeBack withdraws the fact of a table that has the reference, if the teller may; the day it is about from is the judge's.
func takeBack[K comparable, T any, P row[T]](j *judge, t *table[K, T], ref string, of func(*T) string, mine func(*T) (from calendar.Date, gone func(*T), ok bool), source string) bool {
	for k := range t.held {
		x := t.held[k]
		if of(&x) != ref {
			continue
		}
		from, gone, ok := mine(&x)
		if ok {
			j.about = from
			withdraw[K, T, P](t, k, gone, source)
		}
		return ok
	}
	return false
}

// owns tells whether an account is one of the household's that the teller may speak of.
func (j *judge) owns(id int64) bool {
	return slices.ContainsFunc(j.at.members, func(m account.Member) bool { return m.AccountID == id && (j.own == 0 || j.own == m.SupplierID) })
}

func (j *judge) centre() bool { return j.own == 0 }

func (j *judge) ofHouse(x *fact.House) (calendar.Date, func(*fact.House), bool) {
	return x.From, goneHouse, j.centre()
}

func (j *judge) ofResource(x *fact.Resource) (calendar.Date, func(*fact.Resource), bool) {
	return x.Month.First(), goneResource, j.centre()
}

func (j *judge) ofPremises(x *fact.Premises) (calendar.Date, func(*fact.Premises), bool) {
	return 0, gonePremises, j.centre() && x.Household == j.at.household
}

func (j *judge) ofStay(x *fact.Stay) (calendar.Date, func(*fact.Stay), bool) {
	return x.From, goneStay, j.centre() && x.Household == j.at.household
}

func (j *judge) ofSubscription(x *fact.Subscription) (calendar.Date, func(*fact.Subscription), bool) {
	return x.From, goneSubscription, j.owns(x.AccountID)
}

func (j *judge) ofMeter(x *fact.Meter) (calendar.Date, func(*fact.Meter), bool) {
	return x.From, goneMeter, j.owns(x.AccountID)
}

func (j *judge) ofReading(x *fact.Reading) (calendar.Date, func(*fact.Reading), bool) {
	m, known := j.held.meters.held[x.MeterID]
	return x.On, goneReading, known && j.owns(m.AccountID)
}

func (j *judge) ofVolume(x *fact.Volume) (calendar.Date, func(*fact.Volume), bool) {
	return x.Month.First(), goneVolume, j.owns(x.AccountID)
}

func (j *judge) ofRare(x *fact.Rare) (calendar.Date, func(*fact.Rare), bool) {
	here := x.Household == 0 || x.Household == j.at.household
	if x.AccountID != 0 {
		return x.From, goneRare, j.owns(x.AccountID) && (j.centre() || kinds[Kind(x.Kind)].shared)
	}
	return x.From, goneRare, j.centre() && here
}

// How rows of each table say that a fact is withdrawn.
func goneHouse(x *fact.House)               { x.Area = -1 }
func goneResource(x *fact.Resource)         { x.Gone = true }
func gonePremises(x *fact.Premises)         { x.Area = -1 }
func goneStay(x *fact.Stay)                 { x.Persons = -1 }
func goneSubscription(x *fact.Subscription) { x.Mode = fact.Withdrawn }
func goneMeter(x *fact.Meter)               { x.Service = "" }
func goneReading(x *fact.Reading)           { x.Accepted = false }
func goneVolume(x *fact.Volume)             { x.Accepted = false }
func goneRare(x *fact.Rare)                 { x.Body = "" }

// WithdrawalOf is the record that takes back a fact named by its reference.
func WithdrawalOf(to Addressee, ref, reason string) Source {
	text, err := json.Marshal(map[string]string{"fact": string(Withdrawal), "supplier": to.Supplier, "account": to.Account, "ref": ref, "reason": reason})
	if err != nil {
		panic(err) // plain words
	}
	return Source{Body: bytes.NewReader(text)}
}
