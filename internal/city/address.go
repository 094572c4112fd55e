package city

import "strings"

// address is an address as one row prints it; damage is done to a copy.
type address struct {
	house                       *house
	name, kind, locality, alias string
	number, letter, building    string
	flat, room                  string
}

func newAddress(h *house, flat, room string) *address {
	s := streets[h.street]
	return &address{house: h, name: s.name, kind: s.kind, locality: s.locality, alias: s.alias,
		number: h.number, letter: h.letter, building: h.building, flat: flat, room: room}
}

// short is «ул. Луговая (Лужки), 12а к2, кв. 5, ком. 1», the way truth.json writes addresses.
func (a *address) short() string {
	var b strings.Builder
	b.WriteString(streetForms[a.kind][0] + " " + a.name)
	if a.locality != "" {
		b.WriteString(" (" + a.locality + ")")
	}
	b.WriteString(", " + a.number + a.letter)
	for _, p := range [...][2]string{{" к", a.building}, {", кв. ", a.flat}, {", ком. ", a.room}} {
		if p[1] != "" {
			b.WriteString(p[0] + p[1])
		}
	}
	return b.String()
}
