package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Prove is P10: one field, and the other ways in.
type Prove struct {
	web.Page
	Action        string
	ByMail        bool // the field is for an address of mail
	SwitchHref    string
	Contact       string
	Next          string
	Errors        web.Errors
	Wait          string // «Слишком много попыток. Новый код можно запросить в 14:20»
	ESIAHref      string // empty: not set up
	PasskeyAction string // where the answer of a key is sent; below it the exchange begins
	NotMeHref     string
	StaffHref     string
	DemoHref      string // of the demo's doors; empty outside a demo
}

// ProveCode asks for a code that was sent.
type ProveCode struct {
	web.Page
	Action, AgainAction string
	To                  string // +7 900 123-45-67
	Channel             string // sms, call, mail
	Button              string // «Войти»
	OtherHref           string // to give another number
	Errors              web.Errors
	Wait                string // why no more codes go for now
	Over                bool   // the code takes no more tries
	Again               bool   // one more was sent just now
}

// hint tells where the code is.
func (v ProveCode) hint() string {
	switch v.Channel {
	case "call":
		return "Звоним на " + v.To + ". Робот назовёт 6 цифр"
	case "mail":
		return "6 цифр из письма на " + v.To + ". Код действует 15 минут"
	}
	return "6 цифр из SMS на " + v.To + ". Код действует 5 минут"
}

// ProveLink is where the link of a letter leads: a button spends it.
type ProveLink struct {
	web.Page
	Action string
	Failed string // why it does not work; the button is gone
}

// ProveFresh asks a person of a session to show again that it is he.
type ProveFresh struct {
	web.Page
	Action   string
	Contacts []web.Choice
	Next     string
	Errors   web.Errors
	Wait     string
	ESIAHref string
	Anew     string // where he signs in anew, when he has no contact to send a code to
}

// NotMe takes the code of a warning.
type NotMe struct {
	web.Page
	Action string
	Code   string // as typed
	Done   bool
	Errors web.Errors
	Wait   string
}

// Welcome is for a person without a home yet.
type Welcome struct {
	web.Page
	AddHref     string
	ProfileHref string
	Limited     bool // his account of Госуслуги is not confirmed
}

// Profile is R20: sections one below the other.
type Profile struct {
	web.Page
	Told   string
	Errors web.Errors
}

// ProfileContacts are the telephone, mail and other ways to reach a person and to sign in.
type ProfileContacts struct {
	Page                 *web.Page
	AddAction, DelAction string
	Rows                 []ProfileContact
	Contact              string // as typed
	Errors               web.Errors
	ESIAHref             string // to add an account of Госуслуги; empty: there is one, or it is not set up
}

// ProfileContact is one of them.
type ProfileContact struct{ ID, Title, Value string }

// ProfilePasskeys are the keys of a person.
type ProfilePasskeys struct {
	Page                 *web.Page
	AddAction, DelAction string
	Rows                 []ProfilePasskey
}

// ProfilePasskey is one of them.
type ProfilePasskey struct {
	ID, Name  string
	CreatedAt calendar.Micros
	UsedAt    calendar.Micros // 0: never
}

// times are when a key was made and last used.
func (k ProfilePasskey) times(p *web.Page) string {
	if k.UsedAt == 0 {
		return "Создан " + p.Moment(k.CreatedAt)
	}
	return "Создан " + p.Moment(k.CreatedAt) + ", входили " + p.Moment(k.UsedAt)
}

// ProfileSessions are the devices a person is signed in on.
type ProfileSessions struct {
	Page   *web.Page
	Action string
	Rows   []ProfileSession
}

// ProfileSession is one of them.
type ProfileSession struct {
	Key, Device string
	Since       calendar.Micros
	SeenAt      calendar.Micros
	Current     bool
}
