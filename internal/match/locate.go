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

	read *reading // of the address, once it was made
}

// reading is an address read and the houses it may mean.
type reading struct {
	parsed housing.Parsed
	houses []housing.Candidate
}

// Read reads the address of an account beforehand: unlike learning and placing it may be done by many at once.
func (l *Locator) Read(e *Evidence) {
	p := l.r.Read(&e.Address)
	e.read = &reading{p, l.r.Candidates(&p)}
}

// reading is the address of an account, read before or now.
func (l *Locator) reading(e *Evidence) (*housing.Parsed, []housing.Candidate) {
	if e.read == nil {
		l.Read(e)
	}
	return &e.read.parsed, e.read.houses
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
	r     *housing.Register
	els   map[uint64]int32
	base  map[uint64]int32
	sure  dwellers // by addresses that mean one house
	plain dwellers // by addresses that a lost building number could explain
	votes map[uint64]int32
	told  map[string]bool
}

// NewLocator makes a locator.
func NewLocator(r *housing.Register) *Locator {
	return &Locator{r: r, els: map[uint64]int32{}, base: map[uint64]int32{}, sure: dwellers{}, plain: dwellers{}, votes: map[uint64]int32{}, told: map[string]bool{}}
}

// flatlessPenalty weighs a flat number against a house that has no flats: of two houses with one address the one with
// flats is meant, yet a private house may be printed as flat 1.
const flatlessPenalty = 20

// ranking is the candidates of an account weighed.
type ranking struct {
	best, second int // scores
	pick         int // index of the best candidate, -1 when there is none
	sure         bool
}

// weigh scores the candidates by cost and evidence; sure tells that evidence speaks for the best one.
func (l *Locator) weigh(e *Evidence, cs []housing.Candidate, flat string) ranking {
	els, base, n := l.houseOf(l.els, elsBase(e.ELS)), l.houseOf(l.base, digitsTail(e.Number, 7)), payerOf(e.FIO)
	r := ranking{best: -1000, second: -1000, pick: -1}
	for i, c := range cs {
		h, house := int32(c.House), l.r.At(c.House)
		s := 100 - c.Cost
		if h == els {
			s += 60
		}
		if h == base {
			s += 40
		}
		if over(flat, house) {
			s -= 70
		}
		if flat != "" && house.Private() {
			s -= flatlessPenalty
		}
		hit, others := l.dwells(n, h, flat, cs)
		switch {
		case hit:
			s += 30
		case others && !e.coOwner():
			s -= 15
		}
		if s > r.best {
			r = ranking{s, r.best, i, h == els || h == base || hit}
		} else if s > r.second {
			r.second = s
		}
	}
	return r
}

// Place decides.
func (l *Locator) Place(e *Evidence) Placement {
	p, all := l.reading(e)
	flat := flatOf(p)
	cs := l.fitting(all, flat)
	r := l.weigh(e, cs, flat)
	els := l.houseOf(l.els, elsBase(e.ELS))
	if r.pick < 0 {
		return l.lost(e, p, els)
	}
	c := cs[r.pick]
	house := l.r.At(c.House)
	switch {
	case over(flat, house) && els < 0:
		return Placement{Status: RuledOut, Rule: "flat_above", Findings: []Finding{{Ref: e.Ref, Type: "orphan", Field: "flat", Value: flat, Hint: "В доме нет квартиры с таким номером. Счёт сохранён, в итоги не входит."}}}
	case len(cs) < len(all) && !r.sure && slices.Contains(c.Odd, "addr_korp_lost"):
		return l.flatElsewhere(e, flat, cs, int32(c.House))
	case r.best-r.second < placeLead:
		return l.doubtful(SeveralHouses, flat, cs)
	}
	out := Placement{Building: house.ID, Status: Placed, Rule: "address", Flat: flat, Findings: l.findings(e, &c)}
	if !r.sure && flat != "" && !slices.Contains(c.Odd, "addr_korp_lost") {
		out.Others = l.siblings(cs)
		out.Weak = len(out.Others) > 0
	}
	return out
}

// flatElsewhere: the very house has no such flat, a building beside it has – a lost building number, or premises that do
// not exist.
func (l *Locator) flatElsewhere(e *Evidence, flat string, cs []housing.Candidate, best int32) Placement {
	p := l.doubtful(FlatElsewhere, flat, cs)
	if e.coOwner() {
		p.Others = nil // the flat has other accounts of the supplier, under other names: exclusion says nothing
		return p
	}
	hit, others := l.dwells(payerOf(e.FIO), best, flat, cs)
	p.Stranger = others && !hit
	return p
}

// findings tell what was odd about an address that was understood; what a heading has is told once.
func (l *Locator) findings(e *Evidence, c *housing.Candidate) (list []Finding) {
	odd := c.Odd
	if !slices.Contains(odd, "addr_typo") && housing.MixedScript(e.Address.Text+" "+e.Address.Street) {
		odd = append(slices.Clone(odd), "addr_typo")
	}
	for _, o := range odd {
		f := Finding{Ref: e.Ref, Type: o, Field: "address", Value: e.Address.Text, Now: l.r.At(c.House).Street, Hint: "Адрес понят по реестру домов."}
		if e.Group != "" {
			if l.told[e.Group+o] {
				continue
			}
			l.told[e.Group+o] = true
			f.Group = true
			f.Type = "addr_house_" + strings.TrimPrefix(o, "addr_")
		}
		list = append(list, f)
	}
	return list
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
