package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/bot"
	"kvit/internal/bot/max"
	"kvit/internal/bot/telegram"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// Bots are the messengers residents talk to us in.
type Bots struct {
	TelegramToken string // '': no bot there
	TelegramURL   string // '': Telegram's own
	MaxToken      string
	MaxURL        string
	Webhook       bool // messengers call us at the base address; else they are polled
}

// buildBots makes the bots.
func (a *App) buildBots() {
	now := a.now
	a.Bots = bot.New(bot.Deps{
		DB: a.DB, Access: a.Access, People: a.People, Bills: a.Bills, Readings: a.Readings, Now: now, Zone: a.Zone, Log: a.Log,
		Today:     func() calendar.Date { return calendar.DateOf(now().Time().In(a.Zone)) },
		Documents: []bot.Document{{Kind: "bill", Title: "Счёт"}},
		Make:      a.paperForChat,
	})
	s := &a.Settings.Bots
	if s.TelegramToken != "" {
		a.Bots.Add(person.Telegram, &telegram.Client{Host: cmp.Or(s.TelegramURL, telegram.Host), Token: s.TelegramToken, Secret: a.Access.Mark("bot", string(person.Telegram))})
	}
	if s.MaxToken != "" {
		a.Bots.Add(person.Max, &max.Client{Host: cmp.Or(s.MaxURL, max.Host), Token: s.MaxToken, Secret: a.Access.Mark("bot", string(person.Max))})
	}
}

// runBots talks until the context ends.
func (a *App) runBots(ctx context.Context) {
	address := ""
	if a.Settings.Bots.Webhook {
		address = a.Bills.BaseURL
	}
	a.Bots.Run(ctx, address)
}

// paperForChat makes a document a chat asked for.
func (a *App) paperForChat(ctx context.Context, actor access.Actor, kind, _ string) (name string, pdf []byte, err error) {
	if kind != "bill" {
		return "", nil, fault.New(fault.NotFound, "paper.unknown", "Такого документа нет.")
	}
	b, err := a.Bills.At(ctx, bill.Ref{Building: actor.BuildingID, Household: actor.HouseholdID}, 0)
	if err != nil {
		return "", nil, err
	}
	var out bytes.Buffer
	if err := a.Bills.PDF(ctx, &out, []*bill.Bill{b}); err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("schet-%s.pdf", b.Month), out.Bytes(), nil
}
