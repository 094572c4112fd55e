package app

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/person"
	"kvit/internal/portal"
)

// demoState is a state of a page in the demo: who sees it, and where. A stranger is the zero actor.
type demoState struct {
	page, state, href string
	as                access.Actor
}

// demoStates list the states of pages by topic; whoever adds a page with states adds his list here.
var demoStates = []func(*App, context.Context) ([]demoState, error){
	(*App).strangerStates,
	(*App).publicStates,
	(*App).residentStates,
	(*App).homesStates,
	(*App).proposalStates,
	(*App).profileStates,
	(*App).chatStates,
	(*App).documentStates,
	(*App).noticeStates,
	(*App).appealStates,
}

// listDemoStates lists every state of every page that the data of the demo come to, each with a link that enters as the
// person who sees it.
func (a *App) listDemoStates(ctx context.Context) (list []portal.DemoState, err error) {
	tokens := map[string]string{}
	for _, states := range demoStates {
		found, err := states(a, ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			token, err := a.stateToken(ctx, s.as, tokens)
			if err != nil {
				return nil, err
			}
			list = append(list, portal.DemoState{Page: s.page, State: s.state, Href: s.href, Token: token})
		}
	}
	return list, nil
}

// stateToken is the demo link of an actor; one actor has one link on the page.
func (a *App) stateToken(ctx context.Context, as access.Actor, known map[string]string) (string, error) {
	if as.Role == "" {
		return "", nil
	}
	name := stateKey(as)
	if token := known[name]; token != "" {
		return token, nil
	}
	if as.Role == access.Resident && as.UserID == 0 {
		var err error
		if as, err = a.demoPerson(ctx, as); err != nil {
			return "", err
		}
	}
	token, err := a.Access.DemoLink(ctx, as)
	known[name] = token
	return token, err
}

// demoPerson is the resident of a household of the demo: whoever manages it, else a new person.
func (a *App) demoPerson(ctx context.Context, as access.Actor) (access.Actor, error) {
	people, err := a.People.People(ctx, as.BuildingID, as.HouseholdID)
	if err != nil {
		return as, err
	}
	if i := slices.IndexFunc(people, func(h person.Home) bool { return h.Manages(a.People.Today()) }); i >= 0 {
		as.UserID, as.HomeID, as.Rights = people[i].PersonID, people[i].ID, people[i].Rights
		return as, nil
	}
	actors := []access.Actor{as}
	err = a.demoPeople(ctx, 1000+int(as.HouseholdID%9000), actors)
	return actors[0], err
}

// strangerStates are the pages anybody opens.
func (a *App) strangerStates(context.Context) ([]demoState, error) {
	return []demoState{
		{page: "Начало", state: "оплата по QR-коду", href: "/qr"},
		{page: "Счёт по квитанции", state: "код устарел", href: "/pay/00000000000000000000000000000000"},
		{page: "Вход", state: "по телефону", href: "/signin"},
		{page: "Вход", state: "по почте", href: "/signin?by=mail"},
		{page: "Вход", state: "ссылка из письма", href: "/signin/link/0000"},
		{page: "Вход", state: "это не я", href: "/not-me"},
		{page: "Вход", state: "сотрудники", href: "/staff/signin"},
		{page: "Вход", state: "сотрудники", href: "/signin"},
		{page: "Оформление", state: "все компоненты", href: "/style"},
	}, nil
}

// stateKey tells actors apart.
func stateKey(as access.Actor) string {
	return fmt.Sprintf("%s/%d/%d/%d/%d", as.Role, as.UserID, as.SupplierID, as.BuildingID, as.HouseholdID)
}
