package app

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/person"
)

// demoNewcomer is the telephone of a person of the demo who has no home yet.
const demoNewcomer = "+79009990001"

// profileStates are the pages of who a person is: with homes, without, and before proving it again.
func (a *App) profileStates(ctx context.Context) ([]demoState, error) {
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		return nil, err
	}
	id, _, err := a.People.ByContact(ctx, person.Phone, demoNewcomer)
	if err != nil {
		return nil, err
	}
	resident, newcomer := access.Actor{Role: access.Resident, BuildingID: building, HouseholdID: household}, access.Actor{Role: access.Resident, UserID: id}
	return []demoState{
		{page: "Вход", state: "вошёл новый человек, счетов нет", href: "/welcome", as: newcomer},
		{page: "Профиль", state: "контакты, ключи, устройства", href: "/profile", as: resident},
		{page: "Профиль", state: "подтвердить, что это вы", href: "/proof", as: resident},
	}, nil
}
