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

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
