// Package room is people with telephones, for trials of bots: they open chats with a bot, type, press its buttons and read
// its answers on a page that looks like a messenger. The simulators of bot/telegram and bot/max speak their protocols over it.
//
// It keeps everything in memory and misbehaves on demand: events told twice or out of order, answers late, lost or refused
// for being too many.
package room

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"kvit/internal/bot/chat"
)

// Options set how the messenger behaves. Shares are 0 to 1.
type Options struct {
	Name      string        // of the messenger, on its page
	Token     string        // of the bot
	Delay     time.Duration // before each answer
	Duplicate float64       // events told twice
	Shuffle   float64       // events that change places with the next one
	Lose      float64       // calls that were done and not answered
	TooMany   float64       // calls refused for being too many
	Pace      bool          // more than a message a second to one chat is refused too
	Seed      uint64
}

// Event is what a person did.
type Event struct {
	ID      int64
	At      time.Time
	Chat    int64
	Kind    chat.Kind
	Text    string // typed, of a button, or the telephone shared
	Owner   int64  // of that telephone
	Message int64  // that was typed, or under which the button stands
	Under   string // text of the message under which the button stands
	PressID string
}

// Message is one of a chat, as its person sees it.
type Message struct {
	ID      int64
	At      time.Time
	Mine    bool // of the person
	Text    string
	Buttons [][]chat.Button
	File    *chat.File
}

// Person is who has the telephone.
type Person struct {
	Chat     int64
	Name     string
	Phone    string
	Blocked  bool
	Started  bool
	Messages []Message
	last     time.Time // the bot wrote
}

// Room is a messenger in small.
type Room struct {
	o        Options
	mu       sync.Mutex
	rng      *rand.Rand
	people   map[int64]*Person
	order    []int64
	events   []Event
	next     int64
	answered map[string]bool
	changed  chan struct{} // closed when an event comes
	hook     Hook
	hooked   int64 // events up to it were told by calls
}

// New makes a messenger without people.
func New(o Options) *Room {
	return &Room{o: o, rng: rand.New(rand.NewPCG(o.Seed, 7)), people: map[int64]*Person{}, answered: map[string]bool{}, changed: make(chan struct{})}
}

// Names of the people there are.
var names = []string{"Анна", "Борис", "Вера", "Глеб"}

// firstChat numbers chats: larger than 32 bits, as real ones are.
const firstChat = 6_000_000_001

// People makes as many as are asked for and gives their chats.
func (r *Room) People(n int) (chats []int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range n {
		id := int64(firstChat + i)
		if r.people[id] == nil {
			r.people[id] = &Person{Chat: id, Name: names[i%len(names)], Phone: fmt.Sprintf("+7900000%04d", i+1)}
			r.order = append(r.order, id)
		}
		chats = append(chats, id)
	}
	return chats
}

// Token is the bot's.
func (r *Room) Token() string { return r.o.Token }

// Share is a person sharing a telephone: his own, or the card of somebody else.
func (r *Room) Share(to int64, phone string, owner int64) {
	r.add(Event{Chat: to, Kind: chat.Contact, Text: phone, Owner: owner}, "Телефон "+phone)
}

// Open is a person opening the bot, by a link with a text or without it.
func (r *Room) Open(to int64, text string) { r.did(to, chat.Started, text, "/start "+text, 0) }

// Say is a person typing.
func (r *Room) Say(to int64, text string) { r.did(to, chat.Text, text, text, 0) }

// Close is a person blocking the bot.
func (r *Room) Close(to int64) { r.did(to, chat.Stopped, "", "", 0) }

// Press is a person pressing the button of a text under the latest message that has it; false when there is none. A button of a
// keyboard says its word, or shares his telephone.
func (r *Room) Press(to int64, text string) bool {
	r.mu.Lock()
	var pressed chat.Button
	var under int64
	phone := r.people[to].Phone
	for _, m := range r.people[to].Messages {
		for _, b := range flat(m.Buttons) {
			if b.Text == text {
				pressed, under = b, m.ID
			}
		}
	}
	r.mu.Unlock()
	switch {
	case under == 0:
	case pressed.Contact:
		r.Share(to, phone, to)
	case pressed.Data == "":
		r.Say(to, text)
	default:
		r.did(to, chat.Press, pressed.Data, "", under)
	}
	return under != 0
}

func flat(rows [][]chat.Button) (all []chat.Button) {
	for _, row := range rows {
		all = append(all, row...)
	}
	return all
}

func (r *Room) did(to int64, kind chat.Kind, text, seen string, under int64) {
	r.add(Event{Chat: to, Kind: kind, Text: text, Message: under}, seen)
}

// add adds what a person did, with what he sees of it himself.
func (r *Room) add(e Event, seen string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.people[e.Chat]
	if p == nil {
		return
	}
	p.Blocked = e.Kind == chat.Stopped
	p.Started = p.Started || e.Kind == chat.Started
	r.next++
	e.ID, e.At = r.next, time.Now()
	if e.Kind == chat.Press {
		e.PressID = "press-" + time.Now().Format("150405.000000000")
		for i := range p.Messages {
			if p.Messages[i].ID == e.Message {
				e.Under = p.Messages[i].Text
			}
		}
	}
	if seen != "" {
		r.next++
		e.Message = r.next
		p.Messages = append(p.Messages, Message{ID: e.Message, At: e.At, Mine: true, Text: seen})
	}
	r.events = append(r.events, e)
	close(r.changed)
	r.changed = make(chan struct{})
}

// Post is the bot writing to a chat: false when the person has blocked it or never opened it.
func (r *Room) Post(to int64, m Message) (id int64, let bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.people[to]
	if p == nil || p.Blocked || !p.Started {
		return 0, false
	}
	r.next++
	m.ID, m.At = r.next, time.Now()
	p.Messages, p.last = append(p.Messages, m), m.At
	return m.ID, true
}

// Answered keeps that a press was answered; false when there was none.
func (r *Room) Answered(press string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.events {
		if r.events[i].PressID == press && press != "" {
			r.answered[press] = true
			return true
		}
	}
	return false
}

// Messages are those of a chat.
func (r *Room) Messages(of int64) []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.people[of]; p != nil {
		return append([]Message(nil), p.Messages...)
	}
	return nil
}

// Unanswered counts presses whose buttons still turn.
func (r *Room) Unanswered() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.events {
		if r.events[i].Kind == chat.Press && !r.answered[r.events[i].PressID] {
			n++
		}
	}
	return n
}
