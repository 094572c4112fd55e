// Package chat is what all messengers have in common: an event of a chat, a message to it, and what may become of it.
//
// Owns nothing. The clients of each messenger (bot/telegram, bot/max) speak in these words, and the bot answers in them.
package chat

import (
	"errors"
	"fmt"
	"time"

	"kvit/internal/fault"
)

// Kind is what happened in a chat.
type Kind string

// Kinds.
const (
	Text    Kind = "text"    // something was typed
	Press   Kind = "press"   // a button was pressed
	Started Kind = "started" // the person opened the bot
	Stopped Kind = "stopped" // the person blocked or removed it
	Contact Kind = "contact" // a telephone was shared: Text is it when the messenger says that it is the person's own, else empty
)

// Update is one event of a chat of one person. Chats of several people are no updates: a bill is nobody else's.
type Update struct {
	Key     string `json:"key"` // of the event: told again it is the same one
	At      int64  `json:"at"`  // order of the chat's events: the earlier first,
	Seq     int64  `json:"seq"` // by both
	Chat    string `json:"chat"`
	Kind    Kind   `json:"kind"`
	Text    string `json:"text,omitempty"`    // typed, of the button, or of the link the bot was opened by
	PressID string `json:"pressId,omitempty"` // by which a press is answered
}

// Button of a message. Data comes back when it is pressed: 64 bytes at most. Contact asks the messenger for the person's own
// telephone instead.
type Button struct {
	Text    string `json:"text"`
	Data    string `json:"data"`
	Contact bool   `json:"contact,omitempty"`
}

// File goes with a message.
type File struct {
	Name string `json:"name"`
	Body []byte `json:"body"`
}

// Message is what a chat is told. Its text is plain: no messenger reads signs of layout in it.
type Message struct {
	Text    string     `json:"text"`
	Buttons [][]Button `json:"buttons,omitempty"`
	File    *File      `json:"file,omitempty"`
	PressID string     `json:"pressId,omitempty"` // the press it answers
	Shared  bool       `json:"shared,omitempty"`  // it answers a telephone that was shared: the button that asked for it goes
	Key     string     `json:"-"`                 // of the message: handed over again it is the same
	Again   bool       `json:"-"`                 // it may have been handed over already
}

// AsksContact tells whether one of the buttons asks for the person's telephone.
func (m *Message) AsksContact() bool {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Contact {
				return true
			}
		}
	}
	return false
}

// TextMax bounds the text of one message, in signs: MAX takes 4000, Telegram 4096.
const TextMax = 3500

// DataMax bounds the data of a button, in bytes (Telegram).
const DataMax = 64

// Blocked is the code of the fault when the person does not let the bot write any more: it is final.
const Blocked = "bot.blocked"

// ErrBlocked tells that a chat is closed to the bot.
var ErrBlocked = fault.New(fault.Forbidden, Blocked, "Человек закрыл этот чат для бота.")

// Refused is a fault of a message that the messenger will never take as it is.
func Refused(code int, says string) error {
	return fault.Newf(fault.Invalid, "bot.refused", "Мессенджер не принял сообщение (%d).", code).Because(errors.New(says))
}

// Away is a fault of a messenger that did not do what it was asked: worth another try.
func Away(err error) error {
	return fault.New(fault.Unavailable, "bot.away", "Мессенджер не отвечает. Повторим позже.").Because(err)
}

// Lost is the code of the fault when the answer was lost: what became of the call is not known.
const Lost = "bot.lost"

// Unsure is a fault of a call whose answer was lost.
func Unsure(err error) error {
	return fault.New(fault.Unavailable, Lost, "Мессенджер не ответил. Повторим позже.").Because(err)
}

// TooOften is the answer of a messenger that wants to be left alone for a while.
type TooOften struct{ After time.Duration }

// Error tells for how long.
func (e *TooOften) Error() string { return fmt.Sprintf("too many requests, again after %s", e.After) }

// waitMax bounds what a messenger may ask for.
const waitMax = 10 * time.Minute

// Wait makes a TooOften of seconds, whatever the messenger says: at least one, at most ten minutes.
func Wait(seconds int) error {
	return &TooOften{min(max(time.Duration(seconds)*time.Second, time.Second), waitMax)}
}
