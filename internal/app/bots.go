package app

import (
	"cmp"
	"context"

	"kvit/internal/bot"
	"kvit/internal/bot/max"
	"kvit/internal/bot/telegram"
	"kvit/internal/bot/voice"
	"kvit/internal/calendar"
	"kvit/internal/person"
	"kvit/internal/privacy"
)

// Bots are the messengers residents talk to us in.
type Bots struct {
	TelegramToken string // '': no bot there
	TelegramURL   string // '': Telegram's own
	MaxToken      string
	MaxURL        string
	Webhook       bool         // messengers call us at the base address; else they are polled
	VoiceSecret   string       // by which a telephone exchange is known; '': no calls
	Speech        voice.Speech // of that exchange
}

// buildBots makes the bots.
func (a *App) buildBots() {
	now := a.now
	a.Bots = bot.New(bot.Deps{
		DB: a.DB, Access: a.Access, People: a.People, Bills: a.Bills, Readings: a.Readings, Now: now, Zone: a.Zone, Log: a.Log,
		Exchange:  bot.Exchange{Secret: a.Settings.Bots.VoiceSecret, Speech: a.Settings.Bots.Speech},
		Today:     func() calendar.Date { return calendar.DateOf(now().Time().In(a.Zone)) },
		Documents: chatDocuments(),
		Make:      a.paperForChat,
	})
	if g := a.outside.sms; g != nil && g.Hears() {
		a.Bots.AddTexts(g)
	}
	a.Bots.Agreed = func(ctx context.Context, who int64) error { return a.Privacy.Agreed(ctx, who, privacy.Bots, "bot") }
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
