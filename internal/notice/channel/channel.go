// Package channel is what all ways to tell a person something have in common: a message, its sender, what became of it,
// and the faults of sending.
//
// Owns: these shapes and the rules of text every way keeps: one line where a line is asked for, no links where people are
// not to expect any (ux.md section 16). Does not own: any way itself (notice/sms, notice/mail, notice/push), when and
// whether a person is told (notice).
package channel

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode"

	"kvit/internal/fault"
	"kvit/internal/inert"
)

// Message is what is sent. Key is the sender's own: the same message sent again has the same key, by which the other side
// may know it. Subject is the first line of a letter and the title of a push; a text message has none.
type Message struct {
	Key, Subject, Text string
	Open               string // path of the message's own page: where a push leads
	Leave              string // of a letter somebody subscribed to: the address that ends it with one press; '' there is none
}

// Sender is a way to tell: «to» is a telephone in full (+79991234567), an e-mail address, or a subscription to pushes.
//
// The id is the other side's name of the message, ” when it gives none. Faults: Invalid – refused for good, another way
// is needed; Unavailable – not taken, send again later; an Unsure one – it may have been taken, ask before sending again.
type Sender interface {
	Send(ctx context.Context, to string, m Message) (id string, err error)
}

// State is how far a message that was taken has come.
type State string

// States of a message that was taken.
const (
	Waiting   State = "waiting"   // on its way
	Delivered State = "delivered" // the person's telephone has it
	Failed    State = "failed"    // it will never arrive
	Missing   State = "missing"   // the other side knows of no such message
)

// Report is what became of a message. Reason is the other side's, for the log of messages.
type Report struct {
	State  State
	At     time.Time // of the state, by the other side's clock; zero when it does not say
	Reason string
}

// Asker can tell later what became of a message.
type Asker interface {
	Ask(ctx context.Context, to, id string) (Report, error)
}

// codeUnsure marks a send that may have been taken.
const codeUnsure = "notice.unsure"

// Refused is the fault of a message that will never be taken for this address.
func Refused(cause error) error {
	return fault.New(fault.Invalid, "notice.refused", "Сообщение не приняли. Проверьте номер или адрес.").Because(cause)
}

// Away is the fault of a message that was surely not taken: send it again later.
func Away(cause error) error {
	return fault.New(fault.Unavailable, "notice.away", "Служба сообщений не отвечает. Повторим позже.").Because(cause)
}

// Busy is the fault of too many messages at a time: send it again later.
func Busy(cause error) error {
	return fault.New(fault.Limited, "notice.busy", "Служба сообщений просит подождать. Повторим позже.").Because(cause)
}

// Setup is the fault of our contract with the other side: a wrong password, no money. Nothing is taken until a person acts.
func Setup(cause error) error {
	return fault.New(fault.Unavailable, "notice.setup", "Служба сообщений не принимает наши сообщения. Проверьте пароль и остаток на её счёте.").Because(cause)
}

// Unsure is the fault of a message that may have been taken: its answer was lost.
func Unsure(cause error) error {
	return fault.New(fault.Unavailable, codeUnsure, "Служба сообщений не ответила. Спросим, принято ли сообщение.").Because(cause)
}

// IsUnsure tells whether a message may have been taken all the same.
func IsUnsure(err error) bool { return fault.CodeOf(err) == codeUnsure }

// Line makes a text one line: what would begin another header or another message is a space (reliability.md S11).
func Line(text string) string {
	return inert.Seen(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }), " "))
}

// Lines keeps the ends of lines of a text and drops every other sign that is not to be seen.
func Lines(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || inert.Hides(r) {
			return -1
		}
		return r
	}, text)
}

// links are what a telephone makes a link of: a scheme, www, a name of a site.
var links = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://|\bwww\.|[\p{L}\d-]\.(ru|su|com|net|org|info|me|io|app|ly|link|site|online|cc|to|biz|рф|рус|xn--[a-z0-9-]+)([^\p{L}\d]|$)`)

// WithoutLinks refuses a text that a telephone would show a link in: text messages and messengers carry none.
func WithoutLinks(text string) error {
	if links.MatchString(text) {
		return fault.New(fault.Invalid, "notice.link", "В SMS и мессенджерах ссылок не бывает. Уберите адрес из текста.")
	}
	return nil
}
