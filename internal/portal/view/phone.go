package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Phone is the demo's page of what its people received. It exists only in a demo.
type Phone struct {
	web.Page
	Messages []PhoneMessage // the latest first
}

// PhoneMessage is one message as it came.
type PhoneMessage struct {
	Kind    string // of the simulator: sms, call, mail, push, telegram, max
	To      string
	Subject string
	Text    string
	At      calendar.Micros
}

// phoneKinds are the kinds in words.
var phoneKinds = map[string]string{"sms": "SMS", "call": "Звонок", "mail": "Письмо", "push": "Уведомление", "telegram": "Telegram", "max": "MAX"}
