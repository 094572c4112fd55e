package view

import (
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// RefundAsk is the form of asking for money back.
type RefundAsk struct {
	web.Page
	Action, Href, Key      string
	Number                 string
	At                     calendar.Micros
	ByDay, Online          bool
	Paid, Room, Advance    money.Amount // Room: what may still be asked for; Advance: of it not used by bills
	Days                   int          // until the answer
	Kinds                  web.Choices
	Sum, Comment           string
	SumError, CommentError string
	Errors                 web.Errors
}

// term says how long it takes and how the money comes.
func (v *RefundAsk) term() string {
	way := "Деньги вернёт касса или банк, который их принял."
	if v.Online {
		way = "Деньги вернутся тем же путём, каким пришли: на карту или счёт в банке."
	}
	return "Ответим за " + strconv.Itoa(v.Days) + " дней. " + way
}

// RefundRow is a request as its payer sees it.
type RefundRow struct {
	ID, Why  string
	Sum      money.Amount
	At       calendar.Micros
	State    web.State
	AnswerBy calendar.Date // zero: decided
	Answer   string
	Mine     bool // it may be taken back
}
