package housing

import (
	"kvit/internal/text"
	"slices"
	"strings"
	"unicode/utf8"
)

func (r *Register) hasStreet(typ string, name []string) bool {
	return slices.ContainsFunc(r.byKey[nameKey(name)], func(i int) bool { return r.streets[i].typ == typ })
}

// nameIsWhole tells whether a word that may be a type belongs to the name, «ул. Нижняя Набережная»: the register has
// such a street, spelled so or nearly so, and none by the name without the word.
func (r *Register) nameIsWhole(q *part, whole []string, sure bool) bool {
	switch {
	case len(q.names) == 0:
		return true
	case len(r.byKey[nameKey(q.names)]) > 0:
		return false
	case len(r.byKey[nameKey(whole)]) > 0:
		return true
	case sure:
		return len(r.near(q.typ, whole)) > 0
	}
	return len(r.near(q.typ, q.names)) == 0 && len(r.near("", whole)) > 0
}

// initials finds the streets whose name is the written one with some words shortened to their first letters:
// «С.Лазо» is «Сергея Лазо».
func (r *Register) initials(name []string) (list []int) {
	long, short := "", false
	for _, w := range name {
		if utf8.RuneCountInString(w) > utf8.RuneCountInString(long) {
			long = w
		}
		short = short || utf8.RuneCountInString(w) <= 2
	}
	if !short || long == "" {
		return nil
	}
	for i := range r.streets {
		if sameByInitials(name, strings.Fields(r.streets[i].name)) {
			list = append(list, i)
		}
	}
	return list
}

func sameByInitials(written, name []string) bool {
	if len(written) != len(name) {
		return false
	}
	used := make([]bool, len(name))
	whole := 0
	for _, w := range written {
		found := false
		for k, n := range name {
			if used[k] || n != w && (utf8.RuneCountInString(w) > 2 || hasDigit(w) || !strings.HasPrefix(n, w)) {
				continue
			}
			if n == w {
				whole++
			}
			used[k], found = true, true
			break
		}
		if !found {
			return false
		}
	}
	return whole > 0
}

func (r *Register) findStreets(typ string, name []string) ([]int, []string) {
	if len(name) == 0 {
		return nil, nil
	}
	key := nameKey(name)
	if list := r.byKey[key]; len(list) > 0 {
		var odd []string
		if r.isAlias(list, strings.Join(name, " ")) {
			odd = []string{"addr_alias"}
		}
		if typ != "" && typ != "пр" {
			var same []int
			for _, s := range list {
				if r.streets[s].typ == typ {
					same = append(same, s)
				}
			}
			if len(same) > 0 {
				list = same
			}
		}
		return list, odd
	}
	if list := r.initials(name); len(list) > 0 {
		return list, []string{"addr_alias"}
	}
	return r.near(typ, name), []string{"addr_typo"}
}

// near lists the streets a name may mean but for a typing error, and remembers them.
func (r *Register) near(typ string, name []string) []int {
	key := nameKey(loose(name))
	if list, ok := r.fuzzy.Load(typ + "|" + key); ok {
		return list.([]int)
	}
	list := r.nearest(typ, key)
	r.fuzzy.Store(typ+"|"+key, list)
	return list
}

// isAlias tells whether a name is written as another name of the streets, and not as their own.
func (r *Register) isAlias(list []int, written string) bool {
	for _, i := range list {
		if st := &r.streets[i]; st.name == written || st.alias != written && st.key == nameKey(strings.Fields(written)) {
			return false
		}
	}
	return true
}

// nearest lists the streets a name with typing errors may mean. Numbers have none: the 1st Street is not the 2nd.
func (r *Register) nearest(typ, key string) []int {
	best := 2
	if utf8.RuneCountInString(key) < 5 {
		best = 1
	}
	var out []int
	number := digits(key)
	for i := range r.streets {
		s := &r.streets[i]
		if typ != "" && typ != "пр" && s.typ != typ || s.key == "" || digits(s.key) != number {
			continue
		}
		d := text.Distance(key, s.key, best)
		if d < best {
			best, out = d, out[:0]
		}
		if d == best {
			out = append(out, i)
		}
	}
	return out
}
