package housing

import "strings"

// ordinals are the endings of numbers in names: «1-я», «8-е», «26-ти».
var ordinals = map[string]bool{"я": true, "ая": true, "й": true, "ый": true, "ий": true, "ой": true, "е": true, "ое": true, "го": true, "ти": true, "и": true, "х": true}

// canon writes the words of a name one way: numbers without endings, «им.» left out, «г. о.» in one word.
func canon(words []string) []string {
	out := make([]string, 0, len(words))
	for i, w := range words {
		if (w == "им" || w == "имени") && len(words) > 1 {
			continue
		}
		if w == "о" && i > 0 && (words[i-1] == "г" || words[i-1] == "м") {
			out[len(out)-1] += w
			continue
		}
		if d := strings.TrimLeft(w, "0123456789"); d != w && ordinals[strings.TrimPrefix(d, "-")] {
			w = w[:len(w)-len(d)]
		}
		out = append(out, w)
	}
	return out
}

// loose leaves out whatever stands behind the numbers of a name: «2-йй» has a typing error.
func loose(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w
		if d := strings.TrimLeft(w, "0123456789"); d != w && strings.HasPrefix(d, "-") && len(d) <= len("-ыйй") {
			out[i] = w[:len(w)-len(d)]
		}
	}
	return out
}

// split parts a piece of an address that lacks its commas: «г Рязань ул Ленина» is a place and a street.
func (r *Register) split(seg []string) [][]string {
	if len(seg) < 3 && !r.localities[seg[0]] || r.isStreet(seg) {
		return [][]string{seg}
	}
	for i := 1; i < len(seg); i++ {
		switch {
		case r.isPlace(seg[:i], seg[i:]) && r.isStreet(seg[i:]):
			return append(r.split(seg[:i]), seg[i:])
		case r.isPlace(seg[i:], seg[:i]) && r.isStreet(seg[:i]):
			return append(r.split(seg[i:]), seg[:i])
		}
	}
	for i := len(seg) - 1; i > 0; i-- { // a settlement of the register before a street with a typing error
		if r.localities[nameKey(place(strings.Join(seg[:i], " ")))] && (marked(seg[:i]) || len(seg)-i > 1 && hasType(seg[i:])) {
			return [][]string{seg[:i], seg[i:]}
		}
	}
	for i := 2; i < len(seg)-1; i++ {
		if t, ok := streetTypes[seg[i]]; ok && !nameTypes[t] && marked(seg[:i]) && !hasType(seg[:i]) {
			return [][]string{seg[:i], seg[i:]}
		}
	}
	return [][]string{seg}
}

// isStreet tells whether words are a street of the register and nothing else.
func (r *Register) isStreet(seg []string) bool {
	q := r.readPart(seg)
	return len(q.names) > 0 && !q.place && !q.region && (len(r.byKey[nameKey(q.names)]) > 0 || len(r.initials(q.names)) > 0)
}

// isPlace tells whether words beside a street name a place: one of the register, or any with the kind of place,
// beside a street with its kind.
func (r *Register) isPlace(seg, street []string) bool {
	return r.localities[nameKey(place(strings.Join(seg, " ")))] || len(seg) > 1 && marked(seg) && !hasType(seg) && hasType(street)
}

func marked(seg []string) bool {
	for _, w := range seg {
		if placeTypes[w] != "" || regionTypes[w] {
			return true
		}
	}
	return false
}

func hasType(seg []string) bool {
	for _, w := range seg {
		if _, ok := streetTypes[w]; ok {
			return true
		}
	}
	return false
}
