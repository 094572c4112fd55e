package match

import (
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"kvit/internal/housing"
)

// Evidence is what is known of an account.
type Evidence struct {
	Ref              int64
	Supplier, Number string
	Group            string
	ELS, FIO, Share  string
	Address          housing.Parts
	AreaE2           int64
	Residents        int
}

func (e *Evidence) coOwner() bool {
	return e.Share != "" && e.Share != "1" && e.Share != "1/1" && e.Share != "100"
}

// Status of a placement.
type Status int

// Statuses.
const (
	Placed Status = iota
	RuledOut
	Unplaced
	Doubtful
)

// Finding is something odd about an account.
type Finding struct {
	Ref                           int64
	Type, Field, Value, Now, Hint string
	Group                         bool
}

// Placement is where an account goes.
type Placement struct {
	Building int64
	Status   Status
	Rule     string
	Findings []Finding
	Flat     string
	Others   []int64 // of a doubtful one: the buildings it may be in
	Stranger bool    // the payers there are others
	Weak     bool    // nothing but the printed address speaks against Others, which differ by a building number
}

var seed = maphash.MakeSeed()

func hash(s string) uint64 { return maphash.String(seed, s) }

// Locator places accounts.
type Locator struct {
	r      *housing.Register
	els    map[uint64]int32
	base   map[uint64]int32
	names  map[uint64][4]payer
	votes  map[uint64]int32
	groups map[string]map[int32]int
	picked map[string]int32
	told   map[string]bool
}

// NewLocator makes a locator.
func NewLocator(r *housing.Register) *Locator {
	return &Locator{r: r, els: map[uint64]int32{}, base: map[uint64]int32{}, names: map[uint64][4]payer{}, votes: map[uint64]int32{}, groups: map[string]map[int32]int{}, picked: map[string]int32{}, told: map[string]bool{}}
}

// elsBase is a unified number without the part behind the dash, with look-alike letters as one alphabet.
func elsBase(s string) string {
	s = toLatin.Replace(strings.ToUpper(strings.Join(strings.Fields(s), "")))
	if i := strings.IndexByte(s, '-'); i > 0 {
		s = s[:i]
	}
	return s
}

func digitsTail(s string, n int) string {
	d := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if len(d) < n+1 {
		return ""
	}
	return d[len(d)-n:]
}

func premHash(house int32, flat string) uint64 {
	return hash(flat) ^ (uint64(house)+1)*0x9E3779B97F4A7C15
}

func flatOf(p *housing.Parsed) string {
	if len(p.Flats) == 0 {
		return ""
	}
	return p.Flats[0]
}

func put(m map[uint64]int32, k uint64, h int32) {
	if old, ok := m[k]; ok && old != h {
		m[k] = -1
		return
	}
	m[k] = h
}

// What an address must be to teach who lives where: nearly as the register writes it, and clearly no other house's.
const (
	teachCost = 10
	teachLead = 40
	// teachVotes is how many rows must agree where a lost building number could explain each of them.
	teachVotes = 3
)

// Observe learns from one account.
func (l *Locator) Observe(e *Evidence) {
	p := l.r.Read(&e.Address)
	c := l.r.Candidates(&p)
	if len(c) == 0 || c[0].Cost > teachCost {
		return
	}
	plain := false
	for _, x := range c[1:] {
		if x.Cost < c[0].Cost+teachLead {
			if plain = c[0].Cost == 0 && len(x.Odd) == 1 && x.Odd[0] == "addr_korp_lost"; !plain {
				return
			}
		}
	}
	if plain {
		l.learnPlain(int32(c[0].House), e, &p)
		return
	}
	l.learn(int32(c[0].House), e, &p)
}

func (l *Locator) learn(h int32, e *Evidence, p *housing.Parsed) {
	if e.ELS != "" {
		put(l.els, hash(elsBase(e.ELS)), h)
	}
	if t := digitsTail(e.Number, 7); t != "" {
		put(l.base, hash(t), h)
	}
	l.livesAt(h, p, payerOf(e.FIO))
}

func (l *Locator) livesAt(h int32, p *housing.Parsed, n payer) {
	if n == 0 {
		return
	}
	k := premHash(h, flatOf(p))
	s := l.names[k]
	for i := range s {
		if s[i] == n {
			break
		}
		if s[i] == 0 {
			s[i] = n
			break
		}
	}
	l.names[k] = s
}

// learnPlain learns from an address that fits a house as printed and, a building number added, others: one such row may
// have lost the number, and a second one; rows that agree on a payer have not.
func (l *Locator) learnPlain(h int32, e *Evidence, p *housing.Parsed) {
	n := payerOf(e.FIO)
	k := premHash(h, flatOf(p)) ^ uint64(n)*0xD6E8FEB86659FD93
	if n == 0 {
		return
	}
	if l.votes[k]++; l.votes[k] == teachVotes {
		l.livesAt(h, p, n)
	}
}

// Known learns from a stored account.
func (l *Locator) Known(building int64, e *Evidence) {
	if h, ok := l.r.IndexOf(building); ok {
		p := l.r.Read(&e.Address)
		l.learn(int32(h), e, &p)
	}
}

// Learn ends learning.
func (l *Locator) Learn() {}

// flatlessPenalty weighs a flat number against a house that has no flats: of two houses with one address the one with
// flats is meant, yet a private house may be printed as flat 1.
const flatlessPenalty = 20

// Place decides.
func (l *Locator) Place(e *Evidence) Placement {
	p := l.r.Read(&e.Address)
	cs := l.r.Candidates(&p)
	flat := flatOf(&p)
	els, base := int32(-1), int32(-1)
	if e.ELS != "" {
		if h, ok := l.els[hash(elsBase(e.ELS))]; ok {
			els = h
		}
	}
	if t := digitsTail(e.Number, 7); t != "" {
		if h, ok := l.base[hash(t)]; ok {
			base = h
		}
	}
	n := payerOf(e.FIO)
	best, second, bi, sure := -1000, -1000, -1, false
	all := len(cs)
	cs = l.fitting(cs, flat)
	for i, c := range cs {
		h := int32(c.House)
		s := 100 - c.Cost
		if h == els {
			s += 60
		}
		if h == base {
			s += 40
		}
		house := l.r.At(int(h))
		if over(flat, house) {
			s -= 70
		}
		if flat != "" && house.Private() {
			s -= flatlessPenalty
		}
		hit, others := false, false
		if n != 0 {
			known := l.names[premHash(h, flat)]
			others = known[0] != 0
			for _, k := range known {
				hit = hit || k.same(n)
			}
			switch {
			case hit:
				s += 30
			case others && !e.coOwner():
				s -= 15
			}
		}
		if s > best {
			best, second, bi, sure = s, best, i, h == els || h == base || hit
		} else if s > second {
			second = s
		}
	}
	if bi < 0 {
		return l.lost(e, &p, els)
	}
	c := cs[bi]
	house := l.r.At(c.House)
	if over(flat, house) && els < 0 {
		return Placement{Status: RuledOut, Rule: "flat_above", Findings: []Finding{{Ref: e.Ref, Type: "orphan", Field: "flat", Value: flat, Hint: "В доме нет квартиры с таким номером. Счёт сохранён, в итоги не входит."}}}
	}
	if len(cs) < all && !sure && slices.Contains(c.Odd, "addr_korp_lost") {
		// the very house has no such flat, a building beside it has: a lost building or premises that do not exist
		p := l.doubtful(FlatElsewhere, flat, cs)
		if e.coOwner() {
			p.Others = nil // the flat has other accounts of the supplier, under other names: exclusion says nothing
			return p
		}
		known := l.names[premHash(int32(c.House), flat)]
		p.Stranger = n != 0 && known[0] != 0
		return p
	}
	if best-second < placeLead {
		return l.doubtful(SeveralHouses, flat, cs)
	}
	out := Placement{Building: house.ID, Status: Placed, Rule: "address", Flat: flat}
	if !sure && flat != "" && !slices.Contains(c.Odd, "addr_korp_lost") {
		out.Others = l.siblings(cs)
		out.Weak = len(out.Others) > 0
	}
	odd := c.Odd
	if !slices.Contains(odd, "addr_typo") && housing.MixedScript(e.Address.Text+" "+e.Address.Street) {
		odd = append(slices.Clone(odd), "addr_typo")
	}
	for _, o := range odd {
		f := Finding{Ref: e.Ref, Type: o, Field: "address", Value: e.Address.Text, Now: house.Street, Hint: "Адрес понят по реестру домов."}
		if e.Group != "" {
			if l.told[e.Group+o] {
				continue
			}
			l.told[e.Group+o] = true
			f.Group = true
			f.Type = "addr_house_" + strings.TrimPrefix(o, "addr_")
		}
		out.Findings = append(out.Findings, f)
	}
	return out
}

// siblings are the houses an address may mean that differ from it by a building number.
func (l *Locator) siblings(cs []housing.Candidate) (list []int64) {
	for _, c := range cs {
		if slices.Contains(c.Odd, "addr_korp_lost") {
			list = append(list, l.r.At(c.House).ID)
		}
	}
	return list
}

// placeLead is how much better than the next the house chosen must be.
const placeLead = 8

// Why a placement is doubtful.
const (
	SeveralHouses = "several_houses" // the address fits several
	FlatElsewhere = "flat_elsewhere" // the very house has no such flat, houses that differ by a building number have
)

// doubtful names the houses an address may mean, unless one of them is the very house printed: then nothing but more
// evidence speaks for the others.
func (l *Locator) doubtful(rule, flat string, cs []housing.Candidate) Placement {
	p := Placement{Status: Doubtful, Rule: rule, Flat: flat}
	for _, c := range cs {
		if !slices.Contains(c.Odd, "addr_korp_lost") {
			return Placement{Status: Doubtful, Rule: rule}
		}
		p.Others = append(p.Others, l.r.At(c.House).ID)
	}
	return p
}

// fitting leaves out the houses that have no such flat, as long as another one has.
func (l *Locator) fitting(cs []housing.Candidate, flat string) []housing.Candidate {
	fit := slices.DeleteFunc(slices.Clone(cs), func(c housing.Candidate) bool { return over(flat, l.r.At(c.House)) })
	if len(fit) == 0 {
		return cs
	}
	return fit
}

func (l *Locator) lost(e *Evidence, p *housing.Parsed, els int32) Placement {
	if els >= 0 {
		return Placement{Building: l.r.At(int(els)).ID, Status: Placed, Rule: "els"}
	}
	if p.Slash != "" && len(p.Flats) == 0 {
		// «15/4» may be the flat or the room 4 of house 15
		plain := *p
		plain.Slash = ""
		if len(l.r.Candidates(&plain)) > 0 {
			return Placement{Status: Unplaced, Rule: "flat_behind_slash"}
		}
	}
	if p.Num != "" && l.r.KnowsStreet(p) {
		return Placement{Status: RuledOut, Rule: "no_house", Findings: []Finding{{Ref: e.Ref, Type: "orphan", Field: "address", Value: e.Address.Text, Hint: "Такого дома нет в реестре. Счёт сохранён, в итоги не входит."}}}
	}
	return Placement{Status: Unplaced, Rule: "no_address"}
}

// blocksMax is how many numbered parts a house of one family each may have: «блокированная застройка» has up to ten.
const blocksMax = 10

// over tells whether the register rules a flat out.
func over(flat string, h *housing.House) bool {
	limit := h.Flats
	switch {
	case h.Private():
		limit = max(limit, blocksMax)
	case limit == 0:
		return false
	}
	n := 0
	for _, c := range flat {
		if c < '0' || c > '9' {
			break
		}
		n = min(n*10+int(c-'0'), math.MaxInt32)
	}
	return n > limit
}
