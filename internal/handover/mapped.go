package handover

import (
	"encoding/json"
	"fmt"

	"kvit/internal/charge/fact"
)

// mapped are the facts of charging of the package under our ids. What is charged begins with our first month; people, areas,
// readings and volumes come with their whole history.
func (e *entering) mapped() *fact.Set {
	theirs := &e.p.Facts
	set := theirs.BeginOn(e.p.Month.Add(1).First())
	set.Building = e.x.building.ID
	set.Houses, set.Resources = theirs.Houses, theirs.Resources
	meters := e.metersOf(set)
	e.mapSubscriptions(set)
	e.mapReadings(set, meters)
	e.mapRare(set, meters)
	for _, x := range theirs.Premises {
		if x.Household = e.households[x.Household]; x.Household != 0 {
			set.Premises = append(set.Premises, x)
		}
	}
	for _, x := range theirs.Stays {
		if x.Household = e.households[x.Household]; x.Household != 0 {
			x.ID = e.id()
			set.Stays = append(set.Stays, x)
		}
	}
	e.sign(set)
	return set
}

// metersOf gives the meters of our accounts their ids, and leads the giver's to them.
func (e *entering) metersOf(set *fact.Set) map[int64]int64 {
	ids, kept := map[int64]int64{}, set.Meters[:0:0]
	for _, x := range set.Meters {
		if x.AccountID = e.accounts[x.AccountID]; x.AccountID != 0 {
			ids[x.ID] = e.id()
			x.ID = ids[x.ID]
			kept = append(kept, x)
		}
	}
	set.Meters = kept
	return ids
}

func (e *entering) mapSubscriptions(set *fact.Set) {
	kept := set.Subscriptions[:0:0]
	for _, x := range set.Subscriptions {
		ours := e.x.suppliers[x.SupplierID]
		if x.AccountID = e.accounts[x.AccountID]; x.AccountID == 0 || ours == nil {
			continue
		}
		x.Household, x.SupplierID, x.ServiceID = e.households[x.Household], ours.ID, e.services[x.ServiceID]
		kept = append(kept, x)
	}
	set.Subscriptions = kept
}

func (e *entering) mapReadings(set *fact.Set, meters map[int64]int64) {
	readings, volumes := set.Readings[:0:0], set.Volumes[:0:0]
	for _, x := range set.Readings {
		if x.MeterID = meters[x.MeterID]; x.MeterID != 0 {
			x.ID = e.id()
			readings = append(readings, x)
		}
	}
	for _, x := range set.Volumes {
		if x.AccountID = e.accounts[x.AccountID]; x.AccountID != 0 {
			volumes = append(volumes, x)
		}
	}
	set.Readings, set.Volumes = readings, volumes
}

// mapRare maps rarer facts; those of a meter name it in their body. What is about an account or a household that is not here
// stays behind.
func (e *entering) mapRare(set *fact.Set, meters map[int64]int64) {
	kept := set.Rare[:0:0]
	for _, x := range set.Rare {
		account, household := e.accounts[x.AccountID], e.households[x.Household]
		if account == 0 && x.AccountID != 0 || household == 0 && x.Household != 0 {
			continue
		}
		if body, ok := rareBody(&x, meters); ok {
			x.ID, x.AccountID, x.Household, x.Body = e.id(), account, household, body
			kept = append(kept, x)
		}
	}
	set.Rare = kept
}

// rareBody is the body of a fact under our ids; false when its meter is not here.
func rareBody(x *fact.Rare, meters map[int64]int64) (string, bool) {
	if x.Kind != fact.KindVerification && x.Kind != fact.KindGasFactor {
		return x.Body, true
	}
	body := map[string]json.RawMessage{}
	var meter int64
	if json.Unmarshal([]byte(x.Body), &body) != nil || json.Unmarshal(body["meter"], &meter) != nil || meters[meter] == 0 {
		return "", false
	}
	body["meter"] = json.RawMessage(fmt.Sprint(meters[meter]))
	text, err := json.Marshal(body)
	return string(text), err == nil
}

// sign says of every fact that it came with the house: later files may change it as they change what a file brought.
func (e *entering) sign(set *fact.Set) {
	head := fact.Head{Source: fmt.Sprintf("file:%d:0", e.anySource())}
	for i := range set.Houses {
		set.Houses[i].SetHead(head)
	}
	for i := range set.Resources {
		set.Resources[i].SetHead(head)
	}
	for i := range set.Premises {
		set.Premises[i].SetHead(head)
	}
	for i := range set.Stays {
		set.Stays[i].SetHead(head)
	}
	for i := range set.Subscriptions {
		set.Subscriptions[i].SetHead(head)
	}
	for i := range set.Meters {
		set.Meters[i].SetHead(head)
	}
	for i := range set.Readings {
		set.Readings[i].SetHead(head)
	}
	for i := range set.Volumes {
		set.Volumes[i].SetHead(head)
	}
	for i := range set.Rare {
		set.Rare[i].SetHead(head)
	}
}
