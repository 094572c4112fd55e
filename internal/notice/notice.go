// Package notice tells people things: which messages, to whom, by which way, when, and what became of each.
//
// A fact orders a message in its own transaction (Send). A round plans what was ordered: whom it concerns, which ways each
// of them wants. Another sends what is due: it asks once more whether there is still something to say, puts the figures of
// that moment into the wording, hands the message over outside any transaction and writes down what the other side said.
//
// Owns: the tables notice_*, wordings, the calendar of a month, quiet hours, waves, wishes of people. Does not own: how a
// message travels (notice/sms, mail, push, bot/…), what bills and meters say (a function of app tells), people (person).
//
// Invariants: one message of an event to a person by one way, however often it is ordered, planned, killed and resumed;
// nothing is sent that is done already at that moment; after a consent is taken back nothing goes out but what the law or
// a person's safety wants; a message whose fate is unknown is asked about, never simply sent again.
package notice

import (
	"kvit/internal/calendar"
	"kvit/internal/notice/channel"
)

// Message is what is sent to a person. The Key is the sender's own: the same message sent again has the same key.
type Message = channel.Message

// Sender is one way to tell: text messages, calls, letters, pushes, bots. Its faults say whether to send again
// (channel.Sender).
type Sender = channel.Sender

// Channel is a way.
type Channel string

// The ways there are, and Page: it stands on the person's page of messages only.
const (
	Push     Channel = "push"
	Telegram Channel = "telegram"
	Max      Channel = "max"
	Mail     Channel = "mail"
	SMS      Channel = "sms"
	Voice    Channel = "voice" // the person wants a call instead of a text
	Page     Channel = "page"
)

// usual is the order ways are tried in: those that cost nothing first.
var usual = []Channel{Push, Max, Telegram, Mail, SMS}

// Channels are the ways people choose among.
func Channels() []Channel { return append([]Channel(nil), usual...) }

// Title is a way in words.
func (c Channel) Title() string {
	return map[Channel]string{Push: "Уведомление в браузере", Telegram: "Telegram", Max: "MAX", Mail: "Письмо", SMS: "SMS", Voice: "Звонок", Page: "На этой странице"}[c]
}

// Ways this installation has; nil is none.
type Ways struct {
	SMS, Voice, Mail, Push, Telegram, Max Sender
}

func (w *Ways) of(c Channel) Sender {
	return map[Channel]Sender{SMS: w.SMS, Voice: w.Voice, Mail: w.Mail, Push: w.Push, Telegram: w.Telegram, Max: w.Max}[c]
}

// State is how far a message has come.
type State string

// States of a message.
const (
	Waiting   State = "waiting"
	Sending   State = "sending"
	Sent      State = "sent" // the other side took it
	Delivered State = "delivered"
	Failed    State = "failed"
	Unknown   State = "unknown" // it may have been taken
	Skipped   State = "skipped" // never sent: the reason says why
)

// Reasons a message was not sent, or not delivered.
const (
	BecauseDone      = "done"    // there is nothing to say any more
	BecauseOff       = "off"     // the person switched the topic off
	BecauseConsent   = "consent" // the person wants no messages
	BecauseLimit     = "limit"   // two of the topic went this month
	BecauseLate      = "late"    // its time passed while it waited
	BecauseNoWay     = "no_way"  // no telephone, no mail, nothing: it stands on the page
	BecauseRefused   = "refused" // the other side refused for good
	BecauseUndeliver = "undelivered"
	BecauseTries     = "tries" // the other side was away every time
	BecauseText      = "text"  // the wording could not be filled
)

// ReasonWords are the reasons as the centre reads them.
var ReasonWords = map[string]string{
	BecauseDone: "уже сделано", BecauseOff: "человек выключил тему", BecauseConsent: "человек отозвал согласие", BecauseLimit: "в этом месяце уже два напоминания",
	BecauseLate: "время прошло", BecauseNoWay: "некуда: показано на странице", BecauseRefused: "номер или адрес не приняли", BecauseUndeliver: "не доставлено", BecauseTries: "служба не ответила", BecauseText: "не хватило данных для текста",
}

// Notice is a message to one person by one way.
type Notice struct {
	ID          int64
	OrderID     int64
	PersonID    int64
	BuildingID  int64
	HouseholdID int64
	WaveID      int64
	Topic       Topic
	Channel     Channel
	Others      []Channel // left when this one fails
	Address     string    // what may be shown of it
	State       State
	Reason      string
	Subject     string
	Text        string
	Tries       int
	NextAt      calendar.Micros
	OutsideID   string
	CreatedAt   calendar.Micros
	SentAt      calendar.Micros // 0: it was not
	ChangedAt   calendar.Micros
	ReadAt      calendar.Micros // by the person, on his page; 0: not yet
}
