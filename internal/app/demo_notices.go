package app

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/notice"
	"kvit/internal/person"
)

// Telephones of people of the demo's family for states of messages: texts to the first never arrive, the second was told nothing.
const (
	demoDeaf = "+79990000000"
	demoMute = "+79990000001"
)

// demoNotices orders messages to the demo's resident, and to a relative of his whose telephone is out of reach.
func (a *App) demoNotices(ctx context.Context, first access.Actor) error {
	deaf, err := a.demoRelative(ctx, demoDeaf, first)
	if err == nil {
		_, err = a.demoRelative(ctx, demoMute, first)
	}
	if err != nil {
		return err
	}
	entered := map[string]string{"итог": "Вход с нового телефона"}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, o := range []notice.Order{
			{Key: "demo:bill", Topic: notice.Bill, Person: first.UserID, Building: first.BuildingID, Household: first.HouseholdID, Ask: notice.AskBill},
			{Key: "demo:document", Topic: notice.Document, Person: first.UserID, Words: map[string]string{"итог": "справка об отсутствии долга", "номер": "С-1"}},
			{Key: "demo:entered", Topic: notice.Security, Person: first.UserID, Words: entered},
			{Key: "demo:deaf", Topic: notice.Security, Person: deaf.UserID, Words: entered},
		} {
			if err := notice.Send(ctx, tx, o); err != nil {
				return err
			}
		}
		return nil
	})
}

// demoRelative is a person with a telephone who sees the home of another.
func (a *App) demoRelative(ctx context.Context, phone string, of access.Actor) (access.Actor, error) {
	id, _, err := a.People.ByContact(ctx, person.Phone, phone)
	if err != nil {
		return of, err
	}
	const rights = access.Rights("r") // readings only: the bill's messages are not his
	of.UserID, of.Rights = id, rights
	of.HomeID, err = a.People.AddHome(ctx, person.Home{PersonID: id, Building: of.BuildingID, Household: of.HouseholdID, Role: person.Trusted, Rights: rights, Proof: "demo", Actor: "demo"})
	return of, err
}

// noticeStates are the states of the pages of messages.
func (a *App) noticeStates(ctx context.Context) ([]demoState, error) {
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		return nil, err
	}
	first := access.Actor{Role: access.Resident, Name: "житель", BuildingID: building, HouseholdID: household}
	deaf, err := a.demoRelative(ctx, demoDeaf, first)
	if err != nil {
		return nil, err
	}
	mute, err := a.demoRelative(ctx, demoMute, first)
	return []demoState{
		{page: "Сообщения", state: "есть", as: first, href: "/notices"}, {page: "Сообщения", state: "SMS не доставлено", as: deaf, href: "/notices"}, {page: "Сообщения", state: "ни одного", as: mute, href: "/notices"},
		{page: "Сообщения", state: "настройки", as: first, href: "/notices/settings"}, {page: "Сообщения", state: "телефон и почта показа", href: "/demo/phone"},
	}, err
}
