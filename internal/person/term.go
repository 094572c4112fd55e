package person

import (
	"strings"
	"unicode/utf8"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// PayOnly is what who has nothing but a paper of a home may do there: a payer, and who says he lives there until somebody who manages
// the home, or the centre, says so too.
const PayOnly access.Rights = "p"

// Scopes of trusted persons, from the narrowest.
const (
	ScopeSee  access.Rights = "sd"
	ScopePay  access.Rights = "spd"
	ScopeRead access.Rights = "sprd"
)

// Scopes are what may be given to a trusted person.
var Scopes = []access.Rights{ScopeSee, ScopePay, ScopeRead}

// former is what is left to who lived there, over his own time.
const former access.Rights = "sd"

// titleMax bounds a home's own name, in letters.
const titleMax = 40

func title(s string) (string, error) {
	if s = strings.TrimSpace(s); utf8.RuneCountInString(s) > titleMax {
		return "", fault.Newf(fault.Invalid, "home.title", "Название – до %d букв.", titleMax).WithField("title")
	}
	return s, nil
}

// Over tells that the time of a home ended before a day.
func (h *Home) Over(day calendar.Date) bool { return h.To != 0 && day > h.To }

// Lives tells whether the person is or was an owner or a tenant there.
func (h *Home) Lives() bool { return h.Role == Owner || h.Role == Tenant }

// Pending tells that he says he lives there and nobody has confirmed it yet.
func (h *Home) Pending() bool { return h.Lives() && h.Rights == PayOnly }

// RightsOn are the rights over a home on a day: none before its time; after it an owner or a tenant may still read what is of his
// own time, others may nothing.
func (h *Home) RightsOn(day calendar.Date) access.Rights {
	switch {
	case h.From != 0 && day < h.From:
		return ""
	case !h.Over(day):
		return h.Rights
	case h.Lives() && !h.Pending():
		return former
	}
	return ""
}

// Manages tells whether the person decides on a day who else sees the home.
func (h *Home) Manages(day calendar.Date) bool { return h.RightsOn(day).Has(access.Manage) }

// wider tells whether a home gives more than another of the same place does on a day.
func (h *Home) wider(other *Home, day calendar.Date) bool {
	return len(h.RightsOn(day)) > len(other.RightsOn(day))
}
