package housing

import (
	"slices"
	"strings"
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
	fuzzy      map[string][]int
	byID       map[int64]int
}

func nameKey(w []string) string {
	c := slices.Clone(w)
	slices.Sort(c)
	return strings.Join(c, " ")
}

// NewRegister indexes the houses of a town.
func NewRegister(list []Building) *Register {
	r := &Register{houses: make([]House, len(list)), byKey: map[string][]int{}, localities: map[string]bool{}, fuzzy: map[string][]int{}, byID: map[int64]int{}}
	at := map[string]int{}
	for i := range list {
		h := &list[i]
		r.byID[h.ID] = i
		r.houses[i] = houseOf(h)
		loc := nameKey(place(h.Locality))
		typ := foldBare(h.StreetType)
		if t, ok := streetTypes[typ]; ok {
			typ = t
		}
		name, alias := canon(Words(Fold(h.Street))), canon(Words(Fold(h.Alias)))
		key := nameKey(name)
		id := loc + "|" + typ + "|" + key
		k, ok := at[id]
		if !ok {
			k = len(r.streets)
			at[id] = k
			r.streets = append(r.streets, street{locality: loc, typ: typ, key: key, name: strings.Join(name, " "), alias: strings.Join(alias, " ")})
			r.byKey[key] = append(r.byKey[key], k)
			if a := nameKey(alias); a != "" && a != key {
				r.byKey[a] = append(r.byKey[a], k)
			}
			if loc != "" {
				r.localities[loc] = true
			}
		}
		r.streets[k].houses = append(r.streets[k].houses, i)
	}
	return r
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
func place(s string) (name []string) {
	all := canon(Words(Fold(s)))
	for _, w := range all {
		if !placeTypes[w] {
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
