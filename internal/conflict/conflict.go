// Package conflict finds what suppliers say differently of one household – its area, residents, owner, flat, meters –,
// keeps a case of each, has it decided by a rule or a person, and tells who needs to know.
//
// Owns: tables conflict_case, conflict_building, conflict_rule. Does not own: what suppliers claim (account), facts of
// charging (charge/fact), who is told of which event (event/feed).
//
// Invariants: a case is a household's, of one attribute and object; it opens and closes by itself as claims differ and
// agree; it blocks nothing; what a supplier claims is never written over; a decision has a reason, is told in the
// transaction that makes it, and becomes a fact of charging where charging goes by the attribute; a claim that was not
// there when it was decided opens the case again.
package conflict

import (
	"hash/fnv"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/money"
)

// Attribute is what a case is about.
type Attribute string

// Attributes.
const (
	Area        Attribute = "area"
	Residents   Attribute = "residents"
	Owner       Attribute = "owner"
	Flat        Attribute = "flat"
	MeterNumber Attribute = "meter_number"
	MeterDigits Attribute = "meter_digits"
	Verified    Attribute = "meter_verified"
)

// Attributes lists all of them.
var Attributes = []Attribute{Area, Residents, Owner, Flat, MeterNumber, MeterDigits, Verified}

// Titles are the words people see.
var Titles = map[Attribute]string{Area: "Площадь", Residents: "Число жильцов", Owner: "Плательщик", Flat: "Квартира", MeterNumber: "Номер счётчика", MeterDigits: "Разрядность счётчика",
	Verified: "Срок поверки"}

// known tells whether there is such an attribute.
func (a Attribute) known() bool { return Titles[a] != "" }

// Personal tells whether values name a person or a home: they are told to nobody by an event.
func (a Attribute) Personal() bool { return a == Owner || a == Flat }

// State of a case.
type State string

// States.
const (
	Open    State = "open"
	Decided State = "decided"
	Agreed  State = "agreed" // they say the same again
)

// Centre is who claims what a person or a file of the centre told.
const Centre = "centre"

// Claim is what somebody says. Value is normalised, Said as it was written.
type Claim struct {
	Who       string          `json:"who"` // code of the supplier, or centre
	Supplier  int64           `json:"supplierId,omitempty"`
	AccountID int64           `json:"accountId,omitempty"`
	Account   string          `json:"account,omitempty"`
	Value     string          `json:"value"`
	Said      string          `json:"said"`
	Source    string          `json:"source"` // as facts keep it: file:14:120
	At        calendar.Micros `json:"at"`
}

// Case is a conflict as it holds now.
type Case struct {
	ID         int64
	Building   int64
	Household  int64
	Attribute  Attribute
	Object     string // service of the catalogue, or «service/number of the meter»
	State      State
	OpenedAt   calendar.Micros
	RecordedAt calendar.Micros
	Claims     []Claim
	Value      string        // decided
	From       calendar.Date // the decision holds from; 0 is always
	Rule       int64
	Actor      string
	Reason     string
	Effect     money.Amount // how far apart the claims are in a month's charge
}

// caseID is the lasting id of a case.
func caseID(building, household int64, a Attribute, object string) int64 {
	return fact.Key("conflict", building, household, string(a), object)
}

// digest tells claims of other values apart; sources and moments do not count.
func digest(claims []Claim) uint64 {
	h := fnv.New64a()
	for i := range claims {
		for _, s := range [...]string{claims[i].Who, claims[i].Account, claims[i].Value} {
			h.Write([]byte(s))
			h.Write([]byte{0})
		}
	}
	return h.Sum64()
}
