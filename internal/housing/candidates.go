package housing

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Parts is an address as a file gives it: one text, or columns.
type Parts struct {
	Text, Locality, Street, StreetType, House, Korp, Flat, Room string
}

// Candidate is a house an address may mean.
type Candidate struct {
	House int
	Cost  int // 0 exact; more is less likely
	Odd   []string
}

// Read takes the parts of an address apart.
func (r *Register) Read(a *Parts) (p Parsed) {
	if a.Street == "" && a.House == "" {
		p = ParseText(a.Text)
	} else {
		p = readColumns(a)
	}
	if k := tidy(a.Korp); k != "" {
		p.Korp = label(k)
	}
	if f := tidy(a.Flat); isNumber(f) {
		p.setFlats(f)
	} else if f != "" {
		p.Flats, p.Several = nil, false
		if f = p.readFlat(p.parentheses(f)); len(p.Flats) == 0 {
			if f = p.readFlat("кв " + strings.TrimSpace(f)); len(p.Flats) == 0 {
				p.setFlats(strings.TrimPrefix(f, "кв"))
			}
		}
	}
	if room := tidy(a.Room); room != "" {
		if m := reRoom.FindStringSubmatch("ком " + room); m != nil && !reKorp.MatchString(room) {
			room = m[2] + m[3]
		}
		p.Room = label(room)
	}
	return p
}

// readColumns reads place, street and house that stand in columns of their own.
func readColumns(a *Parts) Parsed {
	p := ParseText(a.House)
	street := cmp.Or(a.Street, a.Text)
	q := ParseText(street)
	p.Segments, p.Paren = q.Segments, q.Paren
	if q.Num != "" { // the street's own number was taken for a house
		p.Segments = [][]string{Words(reParen.ReplaceAllString(tidy(street), " "))}
	}
	if kind := Words(Fold(a.StreetType)); len(kind) > 0 {
		if len(p.Segments) == 0 {
			p.Segments = [][]string{nil}
		}
		p.Segments[0] = append(kind, p.Segments[0]...)
	}
	for _, seg := range strings.Split(tidy(a.Locality), ",") {
		if w := Words(seg); len(w) > 0 {
			p.Segments = append([][]string{append(w, "г")}, p.Segments...)
		}
	}
	return p
}

// label is what a column says of a building or a room: «корп. 2», «к2», «2», «лит. А»; a dash or zero says nothing.
func label(s string) string {
	if m := reKorp.FindStringSubmatch(s); m != nil {
		s = m[2] + m[3]
	}
	return strings.TrimLeft(strings.NewReplacer(" ", "", "-", "", ".", "", ",", "").Replace(s), "0")
}

// Candidates lists the houses an address may mean, best first.
func (r *Register) Candidates(p *Parsed) []Candidate {
	typ, name, places := r.understand(p)
	loc := r.settlement(places)
	streets, odd := r.findStreets(typ, name)
	if len(name) == 0 && loc != "" {
		streets = r.streetless(loc)
	}
	var out []Candidate
	for _, s := range streets {
		cost := 0
		var odds []string
		odds = append(odds, odd...)
		cost += 10 * len(odd)
		st := &r.streets[s]
		switch {
		case st.locality == loc || loc == "" && st.locality == r.main:
		case loc == "":
			cost += 20
			odds = append(odds, "addr_loc_lost")
		case loc == r.main: // the town is named of habit
			cost += 30
			odds = append(odds, "addr_loc_lost")
		default:
			cost += 60
		}
		if typ != "" && st.typ != typ && !(typ == "пр") {
			cost += 30
		}
		for _, h := range st.houses {
			if c, o, ok := r.houseCost(&r.houses[h], p); ok {
				out = append(out, Candidate{h, cost + c, append(slices.Clone(odds), o...)})
			}
		}
	}
	slices.SortFunc(out, func(a, b Candidate) int { return a.Cost - b.Cost })
	return out
}

// settlement is the one of the register that an address names: a village rather than the town it belongs to.
func (r *Register) settlement(places []string) (loc string) {
	for _, pl := range places {
		if r.localities[pl] && (loc == "" || pl != r.main) {
			loc = pl
		}
	}
	return loc
}

// streetless lists what stands for the streets of a settlement that has none: «с. Поляны, д. 5».
func (r *Register) streetless(locality string) (list []int) {
	for _, i := range r.byKey[""] {
		if r.streets[i].locality == locality {
			list = append(list, i)
		}
	}
	return list
}

func (r *Register) houseCost(h *House, p *Parsed) (int, []string, bool) {
	if p.Slash == "" && p.Letter+p.Korp == h.letter+h.korp && p.Num == h.num && isLetter(p.Letter+p.Korp) {
		return 0, nil, true // «12 лит. А» and «12А» are one house
	}
	if p.Letter != h.letter {
		return 0, nil, false
	}
	num := p.Num
	if p.Slash != "" {
		switch {
		case h.num == num+"/"+p.Slash:
			num = h.num
		case h.num == num && h.korp == p.Slash && p.Korp == "":
			return 0, nil, true
		default:
			return 0, nil, false
		}
	}
	if h.num != num {
		return 0, nil, false
	}
	switch {
	case h.korp == p.Korp:
		return 0, nil, true
	case p.Korp == "":
		return 12, []string{"addr_korp_lost"}, true
	}
	return 0, nil, false
}

func isLetter(s string) bool { return utf8.RuneCountInString(s) == 1 && !hasDigit(s) }

// understand tells street type, street name and other names of an address.
func (r *Register) understand(p *Parsed) (typ string, name []string, places []string) {
	var parts, quarters []part
	var segs [][]string
	for _, seg := range p.Segments {
		segs = append(segs, r.split(canon(seg))...)
	}
	for _, seg := range segs {
		q := r.readPart(seg)
		switch {
		case q.region && q.typ == "" || len(q.names) == 0:
		case q.place && q.typ == "" && len(r.byKey[nameKey(q.all)]) == 0 && len(r.initials(q.all)) == 0:
			places = append(places, nameKey(q.names))
			if r.kinds[q.kind] {
				quarters = append(quarters, q)
			}
		case q.typ == "" && r.localities[nameKey(q.names)] && len(r.byKey[nameKey(q.names)]) == 0:
			places = append(places, nameKey(q.names))
		default:
			parts = append(parts, q)
		}
	}
	if len(p.Paren) > 0 {
		places = append(places, nameKey(bare(canon(p.Paren))))
	}
	if q := len(quarters) - 1; q >= 0 && r.stands(&quarters[q], parts) {
		quarters[q].typ = quarters[q].kind
		parts = append(parts, quarters[q])
	}
	pick := -1
	for i, q := range parts {
		if q.typ != "" && (pick < 0 || !r.kinds[q.typ] || r.kinds[parts[pick].typ]) {
			pick = i
		}
	}
	if pick < 0 {
		for i, q := range parts {
			if len(r.byKey[nameKey(q.names)]) > 0 {
				pick = i
			}
		}
	}
	if pick < 0 {
		pick = len(parts) - 1
	}
	if pick < 0 {
		return "", nil, places
	}
	for i, q := range parts {
		if i != pick {
			places = append(places, nameKey(q.names))
		}
	}
	return parts[pick].typ, parts[pick].names, places
}

// stands tells whether a quarter with a typing error stands for the street: nothing else of the address can be it.
func (r *Register) stands(quarter *part, parts []part) bool {
	for _, q := range parts {
		if q.typ != "" || len(r.byKey[nameKey(q.names)]) > 0 {
			return false
		}
	}
	return len(r.near(quarter.kind, quarter.names)) > 0
}

// part is a piece of an address between commas.
type part struct {
	typ, kind     string   // of the street; of the place
	names, all    []string // without types of places; with them, for initials look like one
	place, region bool
}

// readPart tells types from names. Where nothing but types and numbers is left, one of the types is the name.
func (r *Register) readPart(seg []string) (q part) {
	var spare, whole []string
	sure := false // a type that is no name stands there
	for _, w := range seg {
		t, isType := streetTypes[w]
		switch {
		case isType && nameTypes[t] && len(w) > 4:
			spare, whole = append(spare, w), append(whole, w)
			if q.typ == "" {
				q.typ = t
			}
		case isType:
			q.typ, sure = t, true
		case regionTypes[w]:
			q.region = true
		case placeTypes[w] != "" && len(seg) > 1:
			q.place, q.kind = true, placeTypes[w]
			q.all = append(q.all, w)
		default:
			q.names, q.all, whole = append(q.names, w), append(q.all, w), append(whole, w)
		}
	}
	if q.typ != "" && q.place {
		q.names, q.place = q.all, false // «С.Лазо ул»: an initial, not a village
	}
	if q.place && r.kinds[q.kind] && r.hasStreet(q.kind, q.names) {
		q.typ, q.place = q.kind, false
	}
	if len(spare) > 0 && r.nameIsWhole(&q, whole, sure) {
		q.names, q.all = whole, whole
		if nameTypes[q.typ] {
			q.typ = ""
		}
	}
	return q
}

// hasStreet tells whether the register has a street of a kind and a name.
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
		d := Distance(key, s.key, best)
		if d < best {
			best, out = d, out[:0]
		}
		if d == best {
			out = append(out, i)
		}
	}
	return out
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// Distance is the Damerau–Levenshtein distance (adjacent swaps), limit or more means too far.
func Distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	prev2 := make([]int, len(y)+1)
	prev := make([]int, len(y)+1)
	cur := make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		low := i
		for j := 1; j <= len(y); j++ {
			c := 1
			if x[i-1] == y[j-1] {
				c = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+c)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
			low = min(low, cur[j])
		}
		if low > limit {
			return limit + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(y)]
}
