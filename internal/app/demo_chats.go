package app

import (
	"context"

	"kvit/internal/person"
)

// demoChat is a chat of the messengers for trials that the demo links: of the last of their people.
const demoChat = "6000000004"

// chatStates are those of the page of messengers: a resident with a linked chat, and one without.
func (a *App) chatStates(ctx context.Context) ([]demoState, error) {
	c, err := a.demoCast(ctx)
	if err != nil {
		return nil, err
	}
	linked, err := a.demoPerson(ctx, c.clear.as)
	if err != nil {
		return nil, err
	}
	if err := a.People.AddContact(ctx, linked.UserID, person.Max, demoChat); err != nil {
		return nil, err
	}
	return []demoState{
		{page: "Мессенджеры", state: "чатов нет", as: c.family.as, href: "/profile/bots"},
		{page: "Мессенджеры", state: "чат подключён", as: linked, href: "/profile/bots"},
	}, nil
}
