package conflict

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
)

// facts are what a decision makes known for charging, over what is known.
func (c *Case) facts(known *fact.Set) (*fact.Set, error) {
	set := &fact.Set{Building: c.Building}
	switch c.Attribute {
	case Area:
		return set, c.areaFact(known, set)
	case Residents:
		n, err := parseCount(c.Value)
		if err == nil {
			c.stays(known, set, n)
		}
		return set, err
	case MeterDigits:
		n, err := parseCount(c.Value)
		c.eachMeter(known, set, func(x *fact.Meter) { x.Digits = uint8(n) })
		return set, err
	case Verified:
		day, err := calendar.ParseDate(c.Value)
		c.eachMeter(known, set, func(x *fact.Meter) { x.VerifiedBy = day })
		return set, err
	case MeterNumber:
		c.renamed(known, set)
	}
	return set, nil // the payer and the flat stand on the bill (bill.describe): charging does not go by them
}

// head begins a fact of the decision.
func (c *Case) head() fact.Head { return fact.Head{Source: "decided:" + c.Actor + ": " + c.Reason} }

// areaFact makes the area hold from the decision's day; always, where no area with a day is known.
func (c *Case) areaFact(known, set *fact.Set) error {
	area, err := decimal.Parse(c.Value)
	if err != nil {
		return err
	}
	from, dated := c.From, false
	for i := range known.Rare {
		if x := &known.Rare[i]; x.Household == c.Household && x.Kind == fact.KindArea {
			from, dated = max(from, x.From), true
		}
	}
	premises := fact.Premises{Household: c.Household}
	for i := range known.Premises {
		if known.Premises[i].Household == c.Household {
			premises = known.Premises[i]
		}
	}
	if from == 0 && !dated || premises.Area == 0 {
		premises.Head, premises.Area = c.head(), area
		set.Premises = append(set.Premises, premises)
		return nil
	}
	body, err := json.Marshal(fact.Area{Area: area})
	if err != nil {
		return err
	}
	set.Rare = append(set.Rare, fact.Rare{Head: c.head(), ID: fact.Key(string(fact.KindArea), c.Household, from), Household: c.Household, Kind: fact.KindArea, From: from, Body: string(body)})
	return nil
}

// stays makes so many live in the household from the decision's day on: stays that begin later are withdrawn, those that
// last till then end.
func (c *Case) stays(known, set *fact.Set, persons int32) {
	for i := range known.Stays {
		x := known.Stays[i]
		if x.Household != c.Household || x.Kind != fact.Resident || x.Until != 0 && x.Until < c.From {
			continue
		}
		x.Head = c.head()
		if x.From >= c.From {
			x.Persons = -1
		} else {
			x.Until = c.From.AddDays(-1)
		}
		set.Stays = append(set.Stays, x)
	}
	set.Stays = append(set.Stays, fact.Stay{Head: c.head(), Term: calc.Term{From: c.From}, Household: c.Household, ID: fact.Key("decided", c.ID, c.From, c.RecordedAt), Kind: fact.Resident, Persons: persons})
}

// renamed gives the number that was decided to the meter of each account that has one meter of the service and calls it
// otherwise. Where an account has several, or several were decided, nobody can tell which of them is meant.
func (c *Case) renamed(known, set *fact.Set) {
	if len(listed(c.Value)) > 1 {
		return
	}
	serial, of := c.Value, map[int64][]int{}
	for i := range known.Meters {
		x := &known.Meters[i]
		if x.Service != c.Object || x.Until != 0 && x.Until < c.From || !slices.ContainsFunc(c.Claims, func(k Claim) bool { return k.AccountID == x.AccountID }) {
			continue
		}
		if of[x.AccountID] = append(of[x.AccountID], i); serialText(x.Serial) == c.Value {
			serial = x.Serial // as it is written
		}
	}
	for _, id := range slices.Sorted(maps.Keys(of)) {
		if x := known.Meters[of[id][0]]; len(of[id]) == 1 && serialText(x.Serial) != c.Value {
			x.Head, x.Serial = c.head(), serial
			set.Meters = append(set.Meters, x)
		}
	}
}

// eachMeter changes the meters that the case is about.
func (c *Case) eachMeter(known, set *fact.Set, change func(*fact.Meter)) {
	service, serial, _ := strings.Cut(c.Object, "/")
	accounts := map[int64]bool{}
	for i := range c.Claims {
		accounts[c.Claims[i].AccountID] = true
	}
	for i := range known.Meters {
		x := known.Meters[i]
		if accounts[x.AccountID] && x.Service == service && serialText(x.Serial) == serial {
			x.Head = c.head()
			change(&x)
			set.Meters = append(set.Meters, x)
		}
	}
}
