package console

import (
	"cmp"
	"net/http"
	"strings"

	"kvit/internal/conflict"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

// supplierNames are the suppliers' names by their codes: programs know codes, people know names.
type supplierNames map[string]string

func (m *Module) supplierNames(r *http.Request) (names supplierNames, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		names = supplierNames{}
		list, err := supplier.List(r.Context(), tx)
		for i := range list {
			names[list[i].Code] = list[i].Name
		}
		return err
	})
	return names, err
}

// of is the name behind a code, or the code itself when nobody has it.
func (n supplierNames) of(code string) string { return cmp.Or(n[code], code) }

// order tells whom a rule believes, in people's words: «расчётный центр, затем АО «Водоканал», затем остальные».
func (n supplierNames) order(r *conflict.Rule) string {
	words := make([]string, len(r.Trust))
	for i, party := range r.Trust {
		service, isService := strings.CutPrefix(party, "service:")
		switch {
		case isService:
			words[i] = "поставщик услуги «" + service + "»"
		case party == conflict.Centre:
			words[i] = "расчётный центр"
		case party == "*":
			words[i] = "остальные"
		default:
			words[i] = n.of(party)
		}
	}
	text := strings.Join(words, ", затем ")
	switch {
	case r.Most && r.Latest:
		text += "; из равных – большинство, потом кто сказал последним"
	case r.Most:
		text += "; из равных – большинство"
	case r.Latest:
		text += "; из равных – кто сказал последним"
	}
	return text
}
