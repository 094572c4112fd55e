package app

import (
	"context"
	"slices"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/person"
	"kvit/internal/portal"
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
)

// demoHomes fills the states of R19: whom the family lets in, who waits for its word, an invitation nobody has taken; in other flats
// of its house who moved out and who came after him, and an owner with a tenant; and a person without a home. Again it changes
// nothing.
func (a *App) demoHomes(ctx context.Context, building, household int64, known []access.Actor) (doors []portal.DemoDoor, actors []access.Actor, err error) {
	others, err := a.demoFlats(ctx, building, known)
	if err != nil {
		return nil, nil, err
	}
	add := func(title, text, phone string, of person.Home) error {
		of.Proof, of.Actor = "demo", "demo"
		if of.PersonID, _, err = a.People.ByContact(ctx, person.Phone, phone); err != nil {
			return err
		}
		x := access.Actor{Role: access.Resident, Name: "житель", UserID: of.PersonID}
		if of.Role != "" {
			if x.HomeID, err = a.People.AddHome(ctx, of); err != nil {
				return err
			}
		}
		x.BuildingID, x.HouseholdID, x.Rights = of.Building, of.Household, of.Rights
		doors, actors = append(doors, portal.DemoDoor{Title: title, Text: text, Icon: "home"}), append(actors, x)
		return nil
	}
	family, yesterday := person.Home{Building: building, Household: household}, a.People.Today().AddDays(-1)
	trusted, pending := family, family
	trusted.Role, trusted.Rights, trusted.To = person.Trusted, person.ScopePay, yesterday.AddDays(90)
	pending.Role, pending.Rights = person.Tenant, person.PayOnly
	if err := add("Доверенное лицо", "Видит чужой счёт и платит, до срока", demoTrustedPhone, trusted); err != nil {
		return nil, nil, err
	}
	if err := add("Ждёт подтверждения", "Квитанция есть, но за адресом уже следит другой", demoPendingPhone, pending); err != nil {
		return nil, nil, err
	}
	if len(others) > 1 {
		gone, next := others[0], others[0]
		gone.Role, gone.Rights, gone.To = person.Owner, access.AllRights, yesterday
		next.Role, next.Rights, next.From = person.Owner, access.AllRights, yesterday.AddDays(1)
		landlord, tenant := others[1], others[1]
		landlord.Role, landlord.Rights, tenant.Role, tenant.Rights = person.Owner, access.AllRights, person.Tenant, access.AllRights
		for _, x := range []struct {
			title, text, phone string
			home               person.Home
		}{
			{"Прежний собственник", "Видит только своё время, только для чтения", demoFormerPhone, gone},
			{"Новый собственник", "Видит квартиру со своего дня", demoNextPhone, next},
			{"Собственник сданной квартиры", "Платит за капитальный ремонт", demoLandlordPhone, landlord},
			{"Наниматель", "Платит за текущие услуги", demoTenantPhone, tenant},
		} {
			if err := add(x.title, x.text, x.phone, x.home); err != nil {
				return nil, nil, err
			}
		}
	}
	if err := add("Новый, без счёта", "Вошёл по телефону и ещё ничего не добавил", demoNobodyPhone, person.Home{}); err != nil {
		return nil, nil, err
	}
	owner, home, err := a.demoOwner(ctx, demoFamilyPhone, bill.Ref{Building: building, Household: household})
	if err == nil {
		from := access.Actor{Role: access.Resident, UserID: owner, HomeID: home, BuildingID: building, HouseholdID: household}
		_, err = a.People.Give(ctx, "demo-invitation", from, demoInvitedPhone, person.ScopeRead, 0)
	}
	return doors, actors, err
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
