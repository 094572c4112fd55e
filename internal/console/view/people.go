package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// People are those who see a household; without Action nothing may be changed.
type People struct {
	Action string
	Rows   []PeopleRow
	Errors web.Errors
}

// PeopleRow is one of them: who he is to the home, by what, and what he may.
type PeopleRow struct {
	ID, Name, Role, Proof, May string
	Since                      calendar.Micros
	From, To                   calendar.Date
	Pending, Over              bool
}

// term is his own time there, in words.
func (x PeopleRow) term() string {
	text := ""
	if x.From != 0 {
		text = "с " + x.From.Dotted()
	}
	if x.To != 0 {
		text += " до " + x.To.Dotted()
	}
	if text == "" {
		return "без срока"
	}
	return text
}

func (x PeopleRow) reason(e web.Errors) web.Field {
	name := "reason-" + x.ID
	return web.Field{ID: name, Name: "reason", Label: "Причина, её увидит житель", Width: "m", MaxLength: 200, Error: e.Of(name), Autocomplete: "off"}
}
