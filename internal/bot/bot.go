// Package bot talks with residents in messengers, by text message and in calls: one engine for all of them. A chat is linked to a
// person and then shows his bill, takes readings of his meters, sends documents and messages, until it is unlinked. A telephone
// that writes or calls is known by its number, or by a paper of its home; as numbers can be forged, it opens less (line.go).
//
// Owns: tables bot_chat, bot_code, bot_update, bot_out, bot_marker, bot_line; the dialog and its grammar. Does not own: protocols of
// messengers (bot/telegram, bot/max), of text messages (notice/sms) and exchanges (bot/voice), whose chat it is (a contact of
// person), bills, readings, documents.
//
// Invariants: an update is kept before the messenger is told that we have it, and is answered once, in the order of its chat;
// what it changes carries its key, and its answers are committed with the mark that it was answered, so a program killed at any
// moment loses none. A message is removed once the messenger has taken it: only a messenger that took it and did not say so
// gets it twice. A chat acts as its person, with the rights he has at that moment. No message holds a name beside an address,
// and none a link, but for the one to the start page that the person asked for. What a chat typed is forgotten once answered;
// of an unlinked chat nothing is left but keys of its updates.
package bot

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/bot/chat"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/person"
	"kvit/internal/reading"
)

// Client speaks with a messenger (telegram.Client, max.Client).
type Client interface {
	// Me is the bot's name in the messenger.
	Me(ctx context.Context) (string, error)
	// Listen asks for calls to an address; an empty one means that updates are polled.
	Listen(ctx context.Context, address string) error
	// Poll waits for updates after a marker and gives the next one.
	Poll(ctx context.Context, marker string) (list []chat.Update, next string, err error)
	// Heard reads a call to us.
	Heard(header http.Header, body []byte) ([]chat.Update, error)
	// Send tells a chat something and gives the message's id there.
	Send(ctx context.Context, to string, m chat.Message) (id string, err error)
}

// Document is a kind of paper a chat may ask for. Period tells that it is of some months.
type Document struct {
	Kind, Title string
	Period      bool
}

// Topic is what messages are about, as a person switches them on and off.
type Topic struct {
	Code, Title string
	On, Fixed   bool // Fixed: the law or safety wants it, it cannot be switched off
}

// Deps are what the module works with.
type Deps struct {
	DB       *db.DB
	Access   *access.Module
	People   *person.Module
	Bills    *bill.Module
	Readings *reading.Module
	Now      func() calendar.Micros
	Today    func() calendar.Date // in the region's zone
	Zone     *time.Location
	Log      *slog.Logger
	Exchange Exchange // of telephone calls

	// Documents are the papers of Make. Without them a chat offers none.
	Documents []Document
	// Make makes a paper of the home the actor looks at. The period is «2026-01..2026-11», or empty.
	Make func(ctx context.Context, actor access.Actor, kind, period string) (name string, pdf []byte, err error)
	// Topics are what a person hears of in a channel; nil: all or nothing.
	Topics func(ctx context.Context, person int64, channel person.Kind) ([]Topic, error)
	// SetTopic switches one.
	SetTopic func(ctx context.Context, person int64, channel person.Kind, code string, on bool) error
}

// Module holds the bots.
type Module struct {
	Deps
	// Agreed notes that a person agreed to answers in a chat when he linked it; nil: nobody keeps consents.
	Agreed func(ctx context.Context, person int64) error

	channels map[person.Kind]*messenger
}

// messenger is one with what is kept in this process.
type messenger struct {
	kind   person.Kind
	client Client
	pace   *pace
	retry  time.Duration // before a message is tried again
	lease  time.Duration // of a message that is being sent
	wake   chan struct{} // an update came
	ring   chan struct{} // a message waits
	mu     sync.Mutex
	name   string // of the bot, once it was asked
}

// New makes the module without messengers.
func New(d Deps) *Module { return &Module{Deps: d, channels: map[person.Kind]*messenger{}} }

// Add adds a messenger.
func (m *Module) Add(kind person.Kind, c Client) {
	m.channels[kind] = &messenger{kind: kind, client: c, pace: newPace(everyOfChat), retry: retryWait, lease: leaseTime, wake: make(chan struct{}, 1), ring: make(chan struct{}, 1)}
}

// Titles are the messengers as people call them.
var Titles = map[person.Kind]string{person.Telegram: "Telegram", person.Max: "MAX"}

// Channels are the messengers there are, in the order people see them.
func (m *Module) Channels() (list []person.Kind) {
	for _, k := range []person.Kind{person.Max, person.Telegram} {
		if m.channels[k] != nil {
			list = append(list, k)
		}
	}
	return list
}

// BotName is the name of the bot in a messenger; empty while it did not answer.
func (m *Module) BotName(ctx context.Context, k person.Kind) string {
	c := m.channels[k]
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.name == "" {
		ctx, cancel := context.WithTimeout(ctx, nameWait)
		defer cancel()
		if name, err := c.client.Me(ctx); err == nil {
			c.name = name
		}
	}
	return c.name
}

// nameWait is how long a page waits for the name of a bot.
const nameWait = 2 * time.Second

// nudge wakes a loop that may be asleep.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
