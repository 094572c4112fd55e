package main

import (
	"context"
	"net/http"
	"time"

	"kvit/internal/app"
	maxbot "kvit/internal/bot/max/simulator"
	"kvit/internal/bot/room"
	telegrambot "kvit/internal/bot/telegram/simulator"
)

// botFlags say in which messengers residents reach us.
type botFlags struct {
	TelegramToken string `name:"telegram-token" help:"Токен бота Telegram; лучше через переменную. Без него бота нет." env:"KVIT_TELEGRAM_TOKEN" placeholder:"ТЕКСТ"`
	TelegramURL   string `name:"telegram-url" help:"Адрес Telegram Bot API; без него – настоящий." env:"KVIT_TELEGRAM_URL" placeholder:"АДРЕС"`
	MaxToken      string `name:"max-token" help:"Токен бота MAX; лучше через переменную. Без него бота нет." env:"KVIT_MAX_TOKEN" placeholder:"ТЕКСТ"`
	MaxURL        string `name:"max-url" help:"Адрес MAX Bot API; без него – настоящий." env:"KVIT_MAX_URL" placeholder:"АДРЕС"`
	BotWebhook    bool   `name:"bot-webhook" help:"Мессенджеры сами вызывают адрес из --base-url; без этого их опрашивают." env:"KVIT_BOT_WEBHOOK"`
}

func (c *botFlags) bots() app.Bots {
	return app.Bots{TelegramToken: c.TelegramToken, TelegramURL: c.TelegramURL, MaxToken: c.MaxToken, MaxURL: c.MaxURL, Webhook: c.BotWebhook}
}

// messengerFlags are how a messenger for trials behaves.
type messengerFlags struct {
	Token     string        `help:"Токен бота." default:"simulator"`
	People    int           `help:"Сколько людей с телефонами." default:"4"`
	Delay     time.Duration `help:"Задержка каждого ответа." placeholder:"СРОК"`
	Duplicate float64       `help:"Доля событий, о которых сказано дважды, 0–1." placeholder:"ЧИСЛО"`
	Shuffle   float64       `help:"Доля событий, поменявшихся местами со следующим, 0–1." placeholder:"ЧИСЛО"`
	Lose      float64       `help:"Доля выполненных вызовов, ответ на которые потерян, 0–1." placeholder:"ЧИСЛО"`
	TooMany   float64       `name:"too-many" help:"Доля вызовов с отказом 429, 0–1." placeholder:"ЧИСЛО"`
	Seed      uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c *messengerFlags) room() room.Options {
	return room.Options{Token: c.Token, Delay: c.Delay, Duplicate: c.Duplicate, Shuffle: c.Shuffle, Lose: c.Lose, TooMany: c.TooMany, Pace: true, Seed: c.Seed}
}

type simulateTelegramCmd struct {
	Listen string `help:"Где слушать." default:"127.0.0.1:8093"`
	messengerFlags
}

// messenger is a simulator that people talk through.
type messenger interface {
	Handler() http.Handler
	Run(ctx context.Context)
}

func serveMessenger(r *run, listen string, m messenger) error {
	go m.Run(r.ctx)
	return serveSimulator(r, listen, func(string) http.Handler { return m.Handler() })
}

func (c simulateTelegramCmd) Run(r *run) error {
	return serveMessenger(r, c.Listen, telegrambot.New(c.room(), c.People))
}

type simulateMaxCmd struct {
	Listen string `help:"Где слушать." default:"127.0.0.1:8094"`
	messengerFlags
}

func (c simulateMaxCmd) Run(r *run) error {
	return serveMessenger(r, c.Listen, maxbot.New(c.room(), c.People))
}

// startMessengers starts both messengers for trials as processes of their own and points the settings at them.
func startMessengers(ctx context.Context, s *app.Settings) (stop func(), err error) {
	const token, away = "simulator", "Учебный мессенджер не ответил."
	maxURL, stopMax, err := startChild(ctx, away, "simulate", "max", "--listen", "127.0.0.1:0", "--token", token)
	if err != nil {
		return nil, err
	}
	telegramURL, stopTelegram, err := startChild(ctx, away, "simulate", "telegram", "--listen", "127.0.0.1:0", "--token", token)
	if err != nil {
		stopMax()
		return nil, err
	}
	s.Bots = app.Bots{TelegramToken: token, TelegramURL: telegramURL, MaxToken: token, MaxURL: maxURL}
	return func() { stopMax(); stopTelegram() }, nil
}
