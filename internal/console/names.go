package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
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

// codes are the codes people type for the suppliers, by names: «ООО «Водоканал» – vodokanal».
func (n supplierNames) codes() (list []string) {
	for code, name := range n {
		list = append(list, name+" – "+code)
	}
	slices.Sort(list)
	return list
}

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

// whoSays joins those who say the same: «13: ООО «Водоканал» и ещё 8; 31: АО «Домовой»».
func whoSays(claims []conflict.ShownClaim) string {
	var values []string
	first, more := map[string]string{}, map[string]int{}
	for i := range claims {
		c := &claims[i]
		if _, said := first[c.Value]; said {
			more[c.Value]++
			continue
		}
		values, first[c.Value] = append(values, c.Value), c.Name
	}
	for i, value := range values {
		values[i] = value + ": " + first[value]
		if n := more[value]; n > 0 {
			values[i] += " и ещё " + strconv.Itoa(n)
		}
	}
	return strings.Join(values, "; ")
}
