package feed

import "kvit/internal/event"

// Relation is what a supplier is to the account an event is about.
type Relation string

// Relations.
const (
	Own       Relation = "own"       // it is the supplier's own account
	Linked    Relation = "linked"    // his account in the same household takes that service, or one that needs its volume
	Household Relation = "household" // he has an account in the same household
)

// Entitled is the one table of who is told what: a supplier is told of an event when one of his relations to it is
// here. Sums are told to nobody but whose they are; what several charge by is told to those who charge by it. What is
// about all accounts of a supplier (a month charged) is told to him alone, whatever the kind.
var Entitled = map[event.Kind][]Relation{
	event.KindReading:       {Own, Linked},
	event.KindMeter:         {Own, Linked},
	event.KindResidents:     {Own, Household},
	event.KindOwnership:     {Own, Household},
	event.KindArea:          {Own, Household},
	event.KindAccountOpened: {Own},
	event.KindAccountMoved:  {Own},
	event.KindAccountClosed: {Own},
	event.KindPayment:       {Own},
	event.KindRefund:        {Own},
	event.KindBillPublished: {Own, Household}, // each his own sum: event.Own
	event.KindBillWithdrawn: {Own, Household},
	event.KindCharge:        {Own},

	event.KindConflictDecided: {Own, Household},
	event.KindAutopay:         {}, // between a payer and the centre
	event.KindRequisites:      {Own},
	event.KindAppeal:          {Own},
}

// widest is the furthest relation a kind is told over: what has to be read to find its addressees.
func widest(k event.Kind) Relation {
	list := Entitled[k]
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}
