package match

import (
	"slices"
	"strings"

	"kvit/internal/housing"
)

// dwellers are the payers known in a flat, four at most.
type dwellers map[uint64][4]payer

func (d dwellers) add(flat uint64, n payer) {
	if n == 0 {
		return
	}
	s := d[flat]
	for i := range s {
		if s[i] == 0 || s[i] == n {
			s[i] = n
			break
		}
	}
	d[flat] = s
}

func (d dwellers) has(flat uint64, n payer) bool {
	s := d[flat]
	return slices.ContainsFunc(s[:], func(k payer) bool { return k != 0 && k.same(n) })
}

func supplierOf(e *Evidence) uint32 { return uint32(hash(e.Supplier)) | 1 }

// sameFlat names a payer's account with a supplier in a flat.
func sameFlat(flat uint64, n payer, supplier uint32) uint64 {
	return flat ^ uint64(n)*0xD6E8FEB86659FD93 ^ uint64(supplier)*0xA0761D6478BD642F
}

// dwells tells whether a payer of a supplier is known in a flat of a house, and whether anybody is. A building whose
// number is not printed is no dwelling of his where the supplier has another account of that name in that flat already:
// they are namesakes.
func (l *Locator) dwells(e *Evidence, c *housing.Candidate, flat string, cs []housing.Candidate) (hit, others bool) {
	n, here := payerOf(e.FIO), premHash(int32(c.House), flat)
	if n == 0 {
		return false, false
	}
	plain := l.plain[here]
	others = l.sure[here][0] != 0 || plain[0] != 0
	if slices.Contains(c.Odd, "addr_korp_lost") && l.bySupplier[sameFlat(here, n, supplierOf(e))] {
		return false, others
	}
	hit = l.sure.has(here, n) || slices.ContainsFunc(plain[:], func(k payer) bool {
		return k != 0 && k.same(n) && l.livesHere(k, int32(c.House), flat, cs)
	})
	return hit, others
}

// livesHere tells whether a payer known by plain addresses lives in the plain house: nobody of his name surely lives in
// that flat of another house the address may mean, or one of the suppliers has accounts of both.
func (l *Locator) livesHere(k payer, h int32, flat string, cs []housing.Candidate) bool {
	voters := l.voters[premHash(h, flat)^uint64(k)]
	for _, c := range cs {
		there := premHash(int32(c.House), flat)
		if int32(c.House) == h || !l.sure.has(there, k) {
			continue
		}
		if !slices.ContainsFunc(voters[:], func(v uint32) bool { return v != 0 && l.bySupplier[sameFlat(there, k, v)] }) {
			return false
		}
	}
	return true
}

// houseOf is the house an evidence belongs to, -1 when it is none's or several houses'.
func (l *Locator) houseOf(known map[uint64]int32, evidence string) int32 {
	if h, ok := known[hash(evidence)]; ok && evidence != "" {
		return h
	}
	return -1
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

func premHash(house int32, flat string) uint64 { return dwelling(house, hash(flat)) }

// dwelling names a flat of a house.
func dwelling(house int32, flat uint64) uint64 { return flat ^ (uint64(house)+1)*0x9E3779B97F4A7C15 }

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
	p, c := l.reading(e)
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
		l.learnPlain(int32(c[0].House), e, p)
		return
	}
	l.learn(int32(c[0].House), e, p)
}

func (l *Locator) learn(h int32, e *Evidence, p *housing.Parsed) { l.take(h, lessonOf(e, p)) }

// Lesson is what an account teaches of the house it is in, whatever the register of houses says of its address.
type Lesson struct {
	els, base uint64 // of its unified number and its number; 0: it has none
	flat      uint64
	payer     payer
	supplier  uint32
}

// LessonOf is the lesson of an account.
func LessonOf(r *housing.Register, e *Evidence) Lesson {
	p := r.Read(&e.Address)
	return lessonOf(e, &p)
}

func lessonOf(e *Evidence, p *housing.Parsed) Lesson {
	x := Lesson{flat: hash(flatOf(p)), payer: payerOf(e.FIO), supplier: supplierOf(e)}
	if e.ELS != "" {
		x.els = hash(elsBase(e.ELS))
	}
	if t := digitsTail(e.Number, 7); t != "" {
		x.base = hash(t)
	}
	return x
}

// take learns a lesson of a house.
func (l *Locator) take(h int32, x Lesson) {
	if x.els != 0 {
		put(l.els, x.els, h)
	}
	if x.base != 0 {
		put(l.base, x.base, h)
	}
	flat := dwelling(h, x.flat)
	l.sure.add(flat, x.payer)
	if x.payer != 0 && l.r.At(int(h)).Korp != "" {
		l.bySupplier[sameFlat(flat, x.payer, x.supplier)] = true
	}
}

// learnPlain learns from an address that fits a house as printed and, a building number added, others: one such row may
// have lost the number, and a second one; rows that agree on a payer have not, unless he lives in one of the others.
func (l *Locator) learnPlain(h int32, e *Evidence, p *housing.Parsed) {
	n, flat := payerOf(e.FIO), premHash(h, flatOf(p))
	if n == 0 {
		return
	}
	k := flat ^ uint64(n)
	voters := l.voters[k]
	for i := range voters {
		if voters[i] == 0 {
			voters[i] = supplierOf(e)
			if i == len(voters)-1 {
				l.plain.add(flat, n)
			}
			break
		}
	}
	l.voters[k] = voters
}

// Known learns the lesson of a stored account.
func (l *Locator) Known(building int64, x Lesson) {
	if h, ok := l.r.IndexOf(building); ok {
		l.take(int32(h), x)
	}
}
