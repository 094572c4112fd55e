package record

import (
	"context"
	"math"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

// place is where an addressee is.
type place struct {
	building  int64
	household int64
	account   int64 // addressed itself; 0 when a flat or a house is
	supplier  int64
	members   []account.Member // of the household
}

// places finds addressees, each once.
type places struct {
	tx        *db.Tx
	scope     access.Scope
	known     map[Addressee]found
	suppliers map[string]supplier.Supplier
	houses    map[string]int64
}

type found struct {
	place *place
	err   error
}

func newPlaces(tx *db.Tx, scope access.Scope) *places {
	return &places{tx: tx, scope: scope, known: map[Addressee]found{}, suppliers: map[string]supplier.Supplier{}, houses: map[string]int64{}}
}

// find gives the place of a record; a fault that is the record's own is its verdict.
func (p *places) find(ctx context.Context, to Addressee) (*place, error) {
	f, ok := p.known[to]
	if !ok {
		f.place, f.err = p.search(ctx, to)
		if f.err != nil && fault.KindOf(f.err) == fault.Internal {
			return nil, f.err
		}
		p.known[to] = f
	}
	return f.place, f.err
}

func (p *places) search(ctx context.Context, to Addressee) (*place, error) {
	switch {
	case to.Account != "" && to.Supplier != "":
		return p.byAccount(ctx, to)
	case !p.scope.All:
		return nil, fault.New(fault.Forbidden, "fact.own_accounts", "Поставщик сообщает сведения только о своих лицевых счетах: укажите supplier и account.")
	case to.House == "":
		return nil, invalid("fact.addressee", "Не сказано, о ком речь. Укажите supplier и account либо house (и flat для квартиры).")
	case to.Flat == "":
		building, err := p.house(ctx, to.House)
		return &place{building: building}, err
	}
	return p.byFlat(ctx, to)
}

func (p *places) byAccount(ctx context.Context, to Addressee) (*place, error) {
	s, err := p.supplier(ctx, to.Supplier)
	if err != nil {
		return nil, err
	}
	if !p.scope.Sees(s.ID) { // another's account is not there for him
		return nil, fault.Newf(fault.NotFound, "account.unknown", "Лицевого счёта %s у этого поставщика нет. Сверьте номер с квитанцией.", to.Account)
	}
	route, err := account.FindPrinted(ctx, p.tx, s.ID, to.Account)
	if err != nil {
		return nil, err
	}
	at := &place{building: route.BuildingID, account: route.AccountID, supplier: s.ID}
	if at.household, err = fact.FindHousehold(ctx, p.tx, at.building, at.account, math.MaxInt64); err != nil {
		return nil, err
	}
	if at.household == 0 {
		if _, at.household, err = account.HouseholdOf(ctx, p.tx, route, math.MaxInt64); err != nil {
			return nil, err
		}
	}
	if at.household == 0 {
		return nil, fault.Newf(fault.Conflict, "fact.no_household", "Счёт %s ещё не отнесён к квартире. Решите, чей он: kvit review list.", to.Account)
	}
	return at, p.addMembers(ctx, at)
}

func (p *places) byFlat(ctx context.Context, to Addressee) (*place, error) {
	building, err := p.house(ctx, to.House)
	if err != nil {
		return nil, err
	}
	list, err := account.ListBehind(ctx, p.tx, building, to.Flat, to.Room)
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, fault.Newf(fault.NotFound, "fact.no_flat", "В доме %s нет счетов квартиры %s. Сверьте номер или примите файлы поставщиков: kvit intake.", to.House, to.Flat)
	case len(list) > 1:
		var rooms []string
		for _, h := range list {
			rooms = append(rooms, h.Room)
		}
		return nil, fault.Newf(fault.Conflict, "fact.which_household", "В квартире %s семей: %d, комнаты: %s. Назовите комнату (room) или лицевой счёт (supplier и account).", to.Flat, len(list), strings.Join(rooms, ", "))
	}
	at := &place{building: building, household: list[0].HouseholdID}
	return at, p.addMembers(ctx, at)
}

func (p *places) addMembers(ctx context.Context, at *place) (err error) {
	at.members, err = account.ListMembers(ctx, p.tx, at.building, at.household, math.MaxInt64-1)
	return err
}

func (p *places) supplier(ctx context.Context, code string) (supplier.Supplier, error) {
	if s, ok := p.suppliers[code]; ok {
		return s, nil
	}
	s, err := supplier.Find(ctx, p.tx, code)
	if err == nil {
		p.suppliers[code] = s
	}
	return s, err
}

func (p *places) house(ctx context.Context, code string) (int64, error) {
	if id, ok := p.houses[code]; ok {
		return id, nil
	}
	b, err := housing.FindByCode(ctx, p.tx, code)
	if err == nil {
		p.houses[code] = b.ID
	}
	return b.ID, err
}

// before gives the place of a fact of a day on which an account that moved still lived elsewhere: the month is corrected in
// the building it was charged in.
func (p *places) before(ctx context.Context, at *place, day calendar.Date) (*place, error) {
	member, err := account.FindMember(ctx, p.tx, at.building, at.account, math.MaxInt64-1)
	if err != nil || member.MovedFrom == 0 {
		return at, err
	}
	buildings, err := account.ListBuildings(ctx, p.tx, &member.Account)
	there := *at
	for i := 0; i <= len(buildings) && err == nil; i++ {
		var first calendar.Date
		var taken bool
		if first, taken, err = fact.FirstTaken(ctx, p.tx, there.building, at.account); err != nil || taken && first <= day {
			break
		}
		if i == len(buildings) {
			return at, nil // nowhere did it take anything so early
		}
		there.building, there.members = buildings[i], nil
		there.household, err = fact.FindHousehold(ctx, p.tx, there.building, at.account, math.MaxInt64)
	}
	return &there, err
}

// placed is a record with its place.
type placed struct {
	*Item
	at     *place
	seller int64 // supplier whose account takes the service, where it is named
	no     int   // among the records of a load
}

// settle checks that a record is about what its addressee can have, and by whom it may be told.
func (p *places) settle(ctx context.Context, x *placed) error {
	k := kinds[x.Kind]
	if !p.scope.All && !k.shared {
		return fault.Newf(fault.Forbidden, "fact.not_yours", "Сведения «%s» сообщает расчётный центр, а не поставщик.", x.Kind)
	}
	house := x.To.wholeHouse()
	switch {
	case k.reach == ofHouse && !house:
		return invalid("fact.house_only", "Запись «%s» – о доме целиком: оставьте только house.", x.Kind)
	case k.reach != ofHouse && k.reach != ofAny && house:
		return invalid("fact.not_house", "Запись «%s» – о квартире или счёте: добавьте flat или supplier и account.", x.Kind)
	}
	if x.Item.seller != "" {
		s, err := p.supplier(ctx, x.Item.seller)
		if err != nil {
			return err
		}
		if !p.scope.Sees(s.ID) {
			return fault.New(fault.Forbidden, "fact.own_accounts", "Поставщик сообщает сведения только о своих лицевых счетах: укажите supplier и account.")
		}
		x.seller = s.ID
	}
	return nil
}
