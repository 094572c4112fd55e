package housing

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// House is a building as addresses are compared with it: number, letter and building part folded.
type House struct {
	*Building
	num, letter, korp string
}

type street struct {
	locality, typ, key string
	name, alias        string // words in their order
	houses             []int
}

// Register finds houses by what an address says.
type Register struct {
	houses     []House
	streets    []street
	byKey      map[string][]int
	localities map[string]bool
	main       string          // the settlement meant where none is named
	kinds      map[string]bool // of places that the register has as streets: «мкр. Северный, 5»
	fuzzy      sync.Map        // streets near a misspelled name, found once: []int by type and name
	byID       map[int64]int
}

func nameKey(w []string) string {
	c := slices.Clone(w)
	slices.Sort(c)
	return strings.Join(c, " ")
}

// NewRegister indexes the houses of a town.
func NewRegister(list []Building) *Register {
	r := &Register{houses: make([]House, len(list)), byKey: map[string][]int{}, localities: map[string]bool{}, kinds: map[string]bool{}, byID: map[int64]int{}}
	at := map[string]int{}
	for i := range list {
		r.byID[list[i].ID] = i
		r.houses[i] = houseOf(&list[i])
		st := streetOf(&list[i])
		id := st.locality + "|" + st.typ + "|" + st.key
		k, ok := at[id]
		if !ok {
			k = r.addStreet(st)
			at[id] = k
		}
		r.streets[k].houses = append(r.streets[k].houses, i)
	}
	r.main = r.mainLocality()
	return r
}

// streetOf is the street a house of the register stands on.
func streetOf(h *Building) street {
	name, alias := canon(Words(Fold(h.Street))), canon(Words(Fold(h.Alias)))
	typ := kindOf(h.StreetType)
	if typ == "" && len(name) > 1 { // kind and name in one column
		typ, name = typed(name)
	}
	return street{locality: nameKey(place(h.Locality)), typ: typ, key: nameKey(name), name: strings.Join(name, " "), alias: strings.Join(alias, " ")}
}

// typed parts the kind of a street from its name, where the kind stands first or last and is no name itself: «3-я Линия»
// is one.
func typed(words []string) (typ string, name []string) {
	last := len(words) - 1
	if t := streetTypes[words[0]]; t != "" && !nameTypes[t] {
		return t, words[1:]
	}
	if t := streetTypes[words[last]]; t != "" && !nameTypes[t] {
		return t, words[:last]
	}
	return "", words
}

// addStreet indexes a street by its name and by its other name, written with its kind or without.
func (r *Register) addStreet(st street) int {
	k := len(r.streets)
	r.streets = append(r.streets, st)
	r.byKey[st.key] = append(r.byKey[st.key], k)
	if alias := strings.Fields(st.alias); len(alias) > 0 {
		keys := []string{nameKey(alias)}
		if _, bare := typed(alias); len(bare) < len(alias) && strings.ContainsFunc(strings.Join(bare, ""), unicode.IsLetter) { // «Линия 2-я» is not the street «2»
			keys = append(keys, nameKey(bare))
		}
		for _, a := range keys {
			if a != st.key {
				r.byKey[a] = append(r.byKey[a], k)
			}
		}
	}
	if st.locality != "" {
		r.localities[st.locality] = true
	}
	for _, kind := range placeTypes {
		if st.typ == kind {
			r.kinds[kind] = true
		}
	}
	return k
}

// mainLocality is the settlement where most of the premises are: suppliers leave it out. A register that leaves it out
// itself has it empty.
func (r *Register) mainLocality() (main string) {
	premises, all := map[string]int{}, 0
	for i := range r.streets {
		for _, h := range r.streets[i].houses {
			n := max(1, r.houses[h].Flats)
			premises[r.streets[i].locality] += n
			all += n
		}
	}
	for l, n := range premises {
		if n > all/2 {
			main = l
		}
	}
	return main
}

// houseOf reads number, letter and building, which registers keep in columns or in one: «12А», «12 корп. 2».
func houseOf(b *Building) House {
	h := House{b, foldBare(b.House), foldBare(b.Letter), label(tidy(b.Korp))}
	q := ParseText(b.House)
	if q.Num == "" || len(q.Segments)+len(q.Flats) > 0 || h.letter != "" && q.Letter != "" || h.korp != "" && q.Korp != "" {
		return h
	}
	if h.num = q.Num; q.Slash != "" {
		h.num += "/" + q.Slash
	}
	h.letter, h.korp = h.letter+q.Letter, h.korp+q.Korp
	return h
}

// place is the name of a settlement without its kind.
func place(s string) []string { return bare(canon(Words(Fold(s)))) }

func bare(all []string) (name []string) {
	for _, w := range all {
		if placeTypes[w] == "" {
			name = append(name, w)
		}
	}
	if len(name) == 0 {
		return all
	}
	return name
}

func foldBare(s string) string { return strings.ReplaceAll(strings.TrimSpace(Fold(s)), " ", "") }

// At gives a house by the index a candidate carries.
func (r *Register) At(i int) *House { return &r.houses[i] }

// IDs are the buildings of the register, in order.
func (r *Register) IDs() []int64 { return slices.Sorted(maps.Keys(r.byID)) }

// IndexOf gives the index of a building, or false when the register does not have it.
func (r *Register) IndexOf(building int64) (int, bool) {
	i, ok := r.byID[building]
	return i, ok
}

// KnowsStreet tells whether the street of an address is written in the register letter by letter.
func (r *Register) KnowsStreet(p *Parsed) bool {
	_, name, _ := r.understand(p)
	streets, odd := r.findStreets("", name)
	return len(streets) > 0 && len(odd) == 0
}
