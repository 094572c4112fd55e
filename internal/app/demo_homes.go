package app

import (
	"context"
	"maps"
	"slices"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/person"
)

// Telephones of the demo's people who are something to a home beside its owner.
const (
	demoTrustedPhone  = "+79000009002"
	demoPendingPhone  = "+79000009003"
	demoInvitedPhone  = "+79000009004"
	demoFormerPhone   = "+79000009005"
	demoNextPhone     = "+79000009006"
	demoLandlordPhone = "+79000009007"
	demoTenantPhone   = "+79000009008"
	demoNobodyPhone   = "+79000009009"
	demoWifePhone     = "+79000009010"
	demoHusbandPhone  = "+79000009011"
	demoOffersPhone   = "+79000009012"
	demoOfferedPhone  = "+79000009013"
)

// demoHomes fills the states of R19: whom the family lets in, who waits for its word, an invitation nobody has taken; in other flats
// of its house who moved out and who came after him, and an owner with a tenant; and a person without a home. Again it changes
// nothing. known are the residents whose homes stay as they are.
func (a *App) demoHomes(ctx context.Context, building, household int64, known []access.Actor) error {
	others, err := a.demoFlats(ctx, building, known)
	if err != nil {
		return err
	}
	family, yesterday := person.Home{Building: building, Household: household}, a.People.Today().AddDays(-1)
	of := func(h person.Home, role person.Role, rights access.Rights, from, to calendar.Date) person.Home {
		h.Role, h.Rights, h.From, h.To, h.Proof, h.Actor = role, rights, from, to, "demo", "demo"
		return h
	}
	list := map[string]person.Home{
		demoTrustedPhone: of(family, person.Trusted, person.ScopePay, 0, yesterday.AddDays(90)), demoPendingPhone: of(family, person.Tenant, person.PayOnly, 0, 0), demoNobodyPhone: {},
	}
	if len(others) > 1 {
		list[demoFormerPhone], list[demoNextPhone] = of(others[0], person.Owner, access.AllRights, 0, yesterday), of(others[0], person.Owner, access.AllRights, yesterday.AddDays(1), 0)
		list[demoLandlordPhone], list[demoTenantPhone] = of(others[1], person.Owner, access.AllRights, 0, 0), of(others[1], person.Tenant, access.AllRights, 0, 0)
	}
	for _, phone := range slices.Sorted(maps.Keys(list)) {
		h := list[phone]
		if h.PersonID, _, err = a.People.ByContact(ctx, person.Phone, phone); err != nil {
			return err
		}
		if h.Role == "" {
			continue
		}
		if _, err := a.People.AddHome(ctx, h); err != nil {
			return err
		}
	}
	owner, home, err := a.demoOwner(ctx, demoFamilyPhone, bill.Ref{Building: building, Household: household})
	if err == nil {
		err = a.demoParts(ctx, others)
	}
	if err == nil {
		from := access.Actor{Role: access.Resident, UserID: owner, HomeID: home, BuildingID: building, HouseholdID: household}
		_, err = a.People.Give(ctx, "demo-invitation", from, demoInvitedPhone, person.ScopeRead, 0)
	}
	return err
}

// homesStates are those of R19 and of adding an account.
func (a *App) homesStates(ctx context.Context) ([]demoState, error) {
	list := []demoState{{page: "Добавить счёт", state: "номер и код", href: "/accounts/add"}}
	for _, x := range []struct{ phone, page, state, href string }{
		{demoNobodyPhone, "Мои адреса", "вошёл впервые, адресов нет", "/accounts"},
		{demoFamilyPhone, "Мои адреса", "несколько адресов, люди и приглашение", "/accounts"},
		{demoTrustedPhone, "Мои адреса", "доверенное лицо, до срока", "/accounts"},
		{demoPendingPhone, "Мои адреса", "ждёт подтверждения", "/accounts"},
		{demoFormerPhone, "Мои адреса", "прежний собственник", "/accounts"},
		{demoFormerPhone, "Счёт", "прежний собственник: счёт последнего дня", "/bill"},
		{demoNextPhone, "Мои адреса", "новый собственник, со своего дня", "/accounts"},
		{demoInvitedPhone, "Мои адреса", "приглашение ждёт ответа", "/accounts"},
		{demoPendingPhone, "Счёт добавлен", "ждёт подтверждения", "/accounts/added"},
		{demoNextPhone, "Счёт добавлен", "сумма и следующие шаги", "/accounts/added"},
		{demoFamilyPhone, "Дать доступ", "телефон и права", "/accounts/give"},
		{demoFamilyPhone, "Другие счета квартиры", "предложений нет", "/accounts/flats"},
		{demoLandlordPhone, "Кто за что платит", "собственник решает", "/accounts/shares"},
		{demoTenantPhone, "Кто за что платит", "наниматель читает", "/accounts/shares"},
		{demoTenantPhone, "Счёт", "часть нанимателя", "/bill"},
		{demoLandlordPhone, "Счёт", "часть собственника", "/bill"},
		{demoNextPhone, "Моя часть счёта", "делить не с кем", "/accounts/part"},
		{demoFamilyPhone, "Моя часть счёта", "выбрать, как делить", "/accounts/part"},
		{demoFamilyPhone, "Поделить счёт", "в процентах", "/accounts/part/new?way=percent"},
		{demoFamilyPhone, "Поделить счёт", "суммой в месяц", "/accounts/part/new?way=sum"},
		{demoFamilyPhone, "Поделить счёт", "по услугам", "/accounts/part/new?way=services"},
		{demoWifePhone, "Моя часть счёта", "договорились", "/accounts/part"},
		{demoWifePhone, "Главная", "моя часть счёта", "/home"},
		{demoHusbandPhone, "Счёт", "моя часть счёта", "/bill"},
		{demoHusbandPhone, "Оплата", "моя часть счёта", "/bill/pay"},
		{demoHusbandPhone, "Автоплатёж", "моей части счёта", "/autopay"},
		{demoOffersPhone, "Моя часть счёта", "предложение ждёт ответа", "/accounts/part"},
		{demoOfferedPhone, "Моя часть счёта", "вам предлагают", "/accounts/part"},
		{demoTenantPhone, "Моя часть счёта", "собственник и наниматель", "/accounts/part"},
	} {
		who, _, err := a.People.ByContact(ctx, person.Phone, x.phone)
		if err != nil {
			return nil, err
		}
		list = append(list, demoState{page: x.page, state: x.state, href: x.href, as: access.Actor{Role: access.Resident, Name: "житель", UserID: who}})
	}
	acting, err := a.actingState(ctx)
	return append(list, acting), err
}

// actingState is the page on which somebody of the centre says why he acts for a resident.
func (a *App) actingState(ctx context.Context) (demoState, error) {
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		return demoState{}, err
	}
	b, err := a.Bills.At(ctx, bill.Ref{Building: building, Household: household}, 0)
	if err != nil {
		return demoState{}, err
	}
	return demoState{page: "Действовать за жителя", state: "спрашиваем причину", href: "/c/account/" + b.Household + "/act", as: demoOperator}, nil
}

// demoFlats are households of a house that owe something, but for those of the residents known so far.
func (a *App) demoFlats(ctx context.Context, building int64, known []access.Actor) (list []person.Home, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		return tx.Scan(ctx, `SELECT l.household_id FROM household_link l JOIN charge c ON c.building_id = l.building_id AND c.account_id = l.account_id
			WHERE l.building_id = $1 AND l.household_id <> 0 GROUP BY l.household_id HAVING sum(c.due_kop) > 0 ORDER BY count(DISTINCT l.account_id) DESC, l.household_id DESC`, []any{building},
			func(v []int64, _ []byte) error {
				if !slices.ContainsFunc(known, func(a access.Actor) bool { return a.HouseholdID == v[0] }) {
					list = append(list, person.Home{Building: building, Household: v[0]})
				}
				return nil
			})
	})
	return list, err
}
