package fact

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
)

// News is how much of what is recorded is told: everything, or only what changes what was known before – the first
// register of a supplier is all of it, and is no news.
type News bool

// Ways of telling.
const (
	Everything  News = false
	ChangesOnly News = true
)

// Told gives the events of facts of a building that were just written at a moment: of people, areas, meters and their
// readings, and accounts whose last service ended. The rows tell what was known before.
func Told(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros, news News) ([]event.Event, error) {
	t := &telling{ctx: ctx, tx: tx, set: s, at: at, news: news}
	for _, tell := range []func() error{t.people, t.areas, t.closures, t.meters, t.readings} {
		if err := tell(); err != nil {
			return nil, fmt.Errorf("tell of facts of building %d: %w", s.Building, err)
		}
	}
	return ToSellers(ctx, tx, s.Building, t.list)
}

type telling struct {
	ctx  context.Context
	tx   *db.Tx
	set  *Set
	at   calendar.Micros
	news News
	list []event.Event
}

func (t *telling) add(e event.Event) {
	e.BuildingID, e.At = t.set.Building, t.at
	t.list = append(t.list, e)
}

// known gives those of some ids that a table had rows of before now.
func (t *telling) known(table, column string, ids []int64) (map[int64]bool, error) {
	known := map[int64]bool{}
	if len(ids) == 0 {
		return known, nil
	}
	args := []any{t.set.Building, int64(t.at)}
	err := t.tx.Scan(t.ctx, "SELECT DISTINCT "+column+" FROM "+table+" WHERE building_id = $1 AND recorded_at < $2 AND "+db.In(column, ids, &args), args, func(v []int64, _ []byte) error {
		known[v[0]] = true
		return nil
	})
	return known, err
}

// stayDays are the days from which on a household of stays is another.
type stayDays struct{ people, owners map[calendar.Date]bool }

func (t *telling) people() error {
	changed := map[int64]*stayDays{}
	for i := range t.set.Stays {
		x := &t.set.Stays[i]
		if x.Kind == Party {
			continue
		}
		d := changed[x.Household]
		if d == nil {
			d = &stayDays{map[calendar.Date]bool{}, map[calendar.Date]bool{}}
			changed[x.Household] = d
		}
		days := d.people
		if x.Kind == Owner {
			days = d.owners
		}
		from, until := x.bounds()
		days[from] = true
		if until != 0 {
			days[until.AddDays(1)] = true
		}
	}
	households := slices.Sorted(maps.Keys(changed))
	if len(households) == 0 {
		return nil
	}
	known, err := t.known("charge_stay", "household_id", households)
	if err != nil {
		return err
	}
	now := &Set{Building: t.set.Building, only: &Scope{Households: households}}
	if err := gatherStays(t.ctx, t.tx, now, t.at); err != nil {
		return err
	}
	for _, id := range households {
		if t.news == ChangesOnly && !known[id] {
			continue
		}
		for _, day := range slices.Sorted(maps.Keys(changed[id].people)) {
			t.add(event.Event{HouseholdID: id, Body: residentsOn(now.Stays, id, day)})
		}
		for _, day := range slices.Sorted(maps.Keys(changed[id].owners)) {
			t.add(event.Event{HouseholdID: id, Body: event.Ownership{Owners: personsOn(now.Stays, id, Owner, day), Day: day.String()}})
		}
	}
	return nil
}

// bounds are the first and the last day that count: of an absence neither the day of leaving nor that of the return does.
func (s *Stay) bounds() (first, last calendar.Date) {
	switch {
	case s.Kind != Absent:
		return s.From, s.Until
	case s.Until == 0:
		return s.From.AddDays(1), 0
	}
	return s.From.AddDays(1), s.Until.AddDays(-1)
}

// personsOn counts the persons of a kind in a household on a day.
func personsOn(stays []Stay, household int64, kind string, day calendar.Date) (n int) {
	for i := range stays {
		x := &stays[i]
		if first, last := x.bounds(); x.Household == household && x.Kind == kind && first <= day && (last == 0 || day <= last) {
			n += int(x.Persons)
		}
	}
	return n
}

func residentsOn(stays []Stay, household int64, day calendar.Date) event.Residents {
	living, temporary, absent := personsOn(stays, household, Resident, day), personsOn(stays, household, Temporary, day), personsOn(stays, household, Absent, day)
	r := event.Residents{Living: &living, Day: day.String()}
	if temporary > 0 {
		r.Temporary = &temporary
	}
	if absent > 0 {
		r.Absent = &absent
	}
	return r
}

func (t *telling) areas() error {
	var households []int64
	for i := range t.set.Premises {
		households = append(households, t.set.Premises[i].Household)
	}
	known, err := t.known("charge_premises", "household_id", households)
	if err != nil {
		return err
	}
	before := &Set{Building: t.set.Building, only: &Scope{Households: households}}
	if len(known) > 0 {
		if err := gatherPremises(t.ctx, t.tx, before, t.at-1); err != nil {
			return err
		}
	}
	for i := range t.set.Premises {
		x := &t.set.Premises[i]
		if x.Area < 0 || t.news == ChangesOnly && !known[x.Household] || sameAreas(before.Premises, x) {
			continue
		}
		body := event.Area{Total: x.Area.String()}
		if x.Heated != 0 {
			body.Heated = x.Heated.String()
		}
		if x.Communal.LivingArea != 0 {
			body.Living = x.Communal.LivingArea.String()
		}
		t.add(event.Event{HouseholdID: x.Household, Body: body})
	}
	return t.datedAreas()
}

func sameAreas(before []Premises, x *Premises) bool {
	return slices.ContainsFunc(before, func(p Premises) bool {
		return p.Household == x.Household && p.Area == x.Area && p.Heated == x.Heated && p.Communal.LivingArea == x.Communal.LivingArea
	})
}

// datedAreas tells of areas that hold from a day on.
func (t *telling) datedAreas() error {
	for i := range t.set.Rare {
		x := &t.set.Rare[i]
		if x.Kind != KindArea || x.Body == "" {
			continue
		}
		var a Area
		if err := json.Unmarshal([]byte(x.Body), &a); err != nil {
			return err
		}
		body := event.Area{Total: a.Area.String(), Day: x.From.String()}
		if a.Heated != 0 {
			body.Heated = a.Heated.String()
		}
		t.add(event.Event{HouseholdID: x.Household, FactID: x.ID, Body: body})
	}
	return nil
}

// closures tells of accounts that take nothing any more.
func (t *telling) closures() error {
	var ids []int64
	for i := range t.set.Subscriptions {
		if x := &t.set.Subscriptions[i]; x.Until != 0 || x.Mode == Withdrawn {
			ids = append(ids, x.AccountID)
		}
	}
	if slices.Sort(ids); len(ids) == 0 {
		return nil
	}
	of := &Scope{Accounts: slices.Compact(ids)}
	before, now := &Set{Building: t.set.Building, only: of}, &Set{Building: t.set.Building, only: of}
	if err := gatherSubscriptions(t.ctx, t.tx, before, t.at-1); err != nil {
		return err
	}
	if err := gatherSubscriptions(t.ctx, t.tx, now, t.at); err != nil {
		return err
	}
	was, is := lastDays(before.Subscriptions), lastDays(now.Subscriptions)
	for _, id := range of.Accounts {
		day, taken := is[id]
		if open, known := was[id]; !known || open != 0 || !taken || day == 0 {
			continue
		}
		t.add(event.Event{AccountID: id, Body: event.AccountClosed{Day: day.String()}})
	}
	return nil
}

// lastDays are the last days of accounts' services; 0 where one has no end.
func lastDays(list []Subscription) map[int64]calendar.Date {
	days := map[int64]calendar.Date{}
	for i := range list {
		x := &list[i]
		last, known := days[x.AccountID]
		switch {
		case x.Until == 0 || known && last == 0:
			days[x.AccountID] = 0
		default:
			days[x.AccountID] = max(last, x.Until)
		}
	}
	return days
}
