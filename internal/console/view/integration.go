package view

import (
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Integration is S7: the addresses of the supplier's programs, and his API tokens.
type Integration struct {
	web.Page
	Endpoints []EndpointRow
	Tokens    []TokenRow
	Kinds     []web.Choice
	URL       string // as typed before
	Signing   []web.Choice
	CreateTo  string // POST; empty: may only look
	Key       string
	Secret    string // of the address just made, shown once
	Errors    web.Errors
}

// EndpointRow is an address in a list.
type EndpointRow struct {
	URL, Href, Kinds string
	State            web.State
	Waiting          int
}

// TokenRow is a token of the API.
type TokenRow struct {
	Name, Scopes       string
	UsedAt, ExpiresAt  calendar.Micros
	Revoked, NeverUsed bool
}

// EndpointPage is one address with what was sent to it.
type EndpointPage struct {
	web.Page
	Row          EndpointRow
	Signing      string
	Reason       string
	FailingSince calendar.Micros
	Secret       string // new, shown once
	Disabled     bool
	Action       string // POST; empty: may only look
	Key          string
	Errors       web.Errors
	After, Until string // of a replay, as typed
	Replayed     string // how many were sent again
	Deliveries   []DeliveryRow
	OlderHref    string
}

// DeliveryRow is a message and what came back.
type DeliveryRow struct {
	Kind, Account  string
	At             calendar.Micros
	State          web.State
	Attempts       int
	NextAt         calendar.Micros
	Body, Answer   string
	Position       string
	AnswerStatus   int
	CanSendItAgain bool
}

func (d *DeliveryRow) answered() string {
	if d.AnswerStatus == 0 {
		return "Без ответа"
	}
	return "Ответ " + strconv.Itoa(d.AnswerStatus)
}

// emptyText says what to do where no address is known: only the supplier's administrator may name one.
func (v *Integration) emptyText() string {
	if v.CreateTo == "" {
		return "О платежах, показаниях и других событиях ваша программа может узнавать сразу. Адрес её указывает администратор поставщика."
	}
	return "Укажите адрес своей программы: о платежах, показаниях и других событиях она узнает сразу."
}
