package feed

import (
	"context"
	"maps"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
)

// told is an event taken from the outbox.
type told struct {
	building, subject, seq int64
	account, household     int64
	at                     calendar.Micros
	kind                   event.Kind
	service                string
}

func (t *told) key() account.Key { return account.Key{BuildingID: t.building, ID: t.account} }

func (t *told) home() account.Key { return account.Key{BuildingID: t.building, ID: t.household} }

// audience is what has to be known of accounts and households to tell who is told.
type audience struct {
	accounts   map[account.Key]account.Account
	baskets    map[account.Key][]account.Account
	taken      map[account.Key][]string
	dependents map[string]map[string]bool // of a service: those that need its volume
}

// load reads what a batch of events needs, a few statements for all.
func load(ctx context.Context, tx *db.Tx, list []told, dependents map[string]map[string]bool, day calendar.Date) (*audience, error) {
	a := &audience{dependents: dependents}
	own, wide := map[account.Key]bool{}, map[account.Key]bool{}
	for i := range list {
		if t := &list[i]; t.account != 0 {
			own[t.key()] = true
			if widest(t.kind) != Own && t.household == 0 {
				wide[t.key()] = true
			}
		}
	}
	var err error
	if a.accounts, err = account.ListByKeys(ctx, tx, slices.Collect(maps.Keys(own))); err != nil {
		return nil, err
	}
	households, err := account.ListHouseholdsOf(ctx, tx, slices.Collect(maps.Keys(wide)))
	if err != nil {
		return nil, err
	}
	homes := map[account.Key]bool{}
	for i := range list {
		t := &list[i]
		if t.household == 0 {
			t.household = households[t.key()]
		}
		if t.household != 0 && widest(t.kind) != Own {
			homes[t.home()] = true
		}
	}
	if a.baskets, err = account.ListBaskets(ctx, tx, slices.Collect(maps.Keys(homes))); err != nil {
		return nil, err
	}
	return a, a.loadTaken(ctx, tx, list, day)
}

// loadTaken reads the services of the households whose events go by services.
func (a *audience) loadTaken(ctx context.Context, tx *db.Tx, list []told, day calendar.Date) (err error) {
	wanted := map[account.Key]bool{}
	for i := range list {
		if widest(list[i].kind) == Linked {
			for _, member := range a.baskets[list[i].home()] {
				wanted[account.Key{BuildingID: member.BuildingID, ID: member.AccountID}] = true
			}
		}
	}
	a.taken, err = fact.ListTaken(ctx, tx, slices.Collect(maps.Keys(wanted)), day)
	return err
}

// of gives the accounts whose suppliers are told of an event: of one about a supplier himself an account of no number.
func (a *audience) of(t *told) (list []account.Account) {
	if t.subject < 0 {
		return []account.Account{{SupplierID: -t.subject}}
	}
	relations := Entitled[t.kind]
	if own, ok := a.accounts[t.key()]; ok && slices.Contains(relations, Own) {
		list = append(list, own)
	}
	for _, member := range a.baskets[t.home()] {
		if member.AccountID == t.account {
			continue
		}
		if slices.Contains(relations, Household) || slices.Contains(relations, Linked) && a.linked(&member, t.service) {
			list = append(list, member)
		}
	}
	return list
}

// linked tells whether an account takes a service or one that needs its volume.
func (a *audience) linked(member *account.Account, service string) bool {
	for _, taken := range a.taken[account.Key{BuildingID: member.BuildingID, ID: member.AccountID}] {
		if service != "" && (taken == service || a.dependents[service][taken]) {
			return true
		}
	}
	return false
}
