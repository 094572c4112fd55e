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

// dwells tells whether a payer is known in a flat of a house, and whether anybody is. Who is known there by plain
// addresses only, and surely in the same flat of another house the address may mean, lost his building number.
func (l *Locator) dwells(n payer, h int32, flat string, cs []housing.Candidate) (hit, others bool) {
	if n == 0 {
		return false, false
	}
	here := premHash(h, flat)
	plain := l.plain[here]
	hit = l.sure.has(here, n) || slices.ContainsFunc(plain[:], func(k payer) bool {
		return k != 0 && k.same(n) && !slices.ContainsFunc(cs, func(c housing.Candidate) bool {
			return int32(c.House) != h && l.sure.has(premHash(int32(c.House), flat), k)
		})
	})
	return hit, l.sure[here][0] != 0 || plain[0] != 0
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

func (l *Locator) learn(h int32, e *Evidence, p *housing.Parsed) {
	if e.ELS != "" {
		put(l.els, hash(elsBase(e.ELS)), h)
	}
	if t := digitsTail(e.Number, 7); t != "" {
		put(l.base, hash(t), h)
	}
	l.sure.add(premHash(h, flatOf(p)), payerOf(e.FIO))
}

// learnPlain learns from an address that fits a house as printed and, a building number added, others: one such row may
// have lost the number, and a second one; rows that agree on a payer have not, unless he lives in one of the others.
func (l *Locator) learnPlain(h int32, e *Evidence, p *housing.Parsed) {
	n, flat := payerOf(e.FIO), premHash(h, flatOf(p))
	if n == 0 {
		return
	}
	k := flat ^ uint64(n)*0xD6E8FEB86659FD93
	if l.votes[k]++; l.votes[k] == teachVotes {
		l.plain.add(flat, n)
	}
}

// Known learns from a stored account.
func (l *Locator) Known(building int64, e *Evidence) {
	if h, ok := l.r.IndexOf(building); ok {
		p := l.r.Read(&e.Address)
		l.learn(int32(h), e, &p)
	}
}
