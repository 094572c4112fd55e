package calc

import "math/bits"

// prices are the prices of a month by their keys. A household asks for some twenty, most of them more than once: a table
// with open places, made with its book and only read afterwards, answers faster than a map.
type prices struct {
	keys  []uint64 // packed; 0 is an open place
	spans [][]span
	shift int // of a key's hash to its place
}

// Bits of a packed key.
const (
	bitsTaken    = 1 << 63
	bitService   = 47
	bitSupplier  = 31
	bitCategory  = 15
	bitComponent = 13
	bitPlan      = 11
	bitZone      = 8

	anySupplier = 0xFFFF << bitSupplier
	anyCategory = 0xFFFF << bitCategory
	anyPlan     = 3 << bitPlan
	anyBand     = 0xFF
)

// pack is the key as a number: no two keys have one, and none has 0.
func (k rateKey) pack() uint64 {
	return bitsTaken | uint64(uint16(k.service))<<bitService | uint64(uint16(k.supplier))<<bitSupplier | uint64(uint16(k.category))<<bitCategory |
		uint64(k.component)<<bitComponent | uint64(k.plan)<<bitPlan | uint64(k.zone)<<bitZone | uint64(k.band)
}

func newPrices(of map[rateKey][]span) (p prices) {
	size := bits.Len(uint(2 * len(of)))
	p.keys, p.spans, p.shift = make([]uint64, 1<<size), make([][]span, 1<<size), 64-size
	for k, list := range of {
		packed := k.pack()
		i := p.place(packed)
		p.keys[i], p.spans[i] = packed, list
	}
	return p
}

// place is where a key is, or the open place where it would be.
func (p *prices) place(packed uint64) int {
	last := len(p.keys) - 1
	i := int(packed * 0x9E3779B97F4A7C15 >> p.shift)
	for p.keys[i&last] != 0 && p.keys[i&last] != packed {
		i++
	}
	return i & last
}

// widenings are what of a key is left out where it has no prices, in turn: the supplier's own come before anybody's, the
// category's before any, the plan's before any.
var widenings = [...]uint64{
	0, anyPlan, anyCategory, anyCategory | anyPlan,
	anySupplier, anySupplier | anyPlan, anySupplier | anyCategory, anySupplier | anyCategory | anyPlan,
}

// find gives the prices of a key, or of the narrowest wider one.
func (p *prices) find(packed uint64) []span {
	last := uint64(0)
	for _, any := range widenings {
		try := packed &^ any
		if try == last {
			continue
		}
		if list := p.spans[p.place(try)]; list != nil {
			return list
		}
		last = try
	}
	return nil
}

// rate finds the prices of a key in the month; where the first band has none, there is one for all.
func (b *Book) rate(k rateKey) []span {
	packed := k.pack()
	list := b.rates.find(packed)
	if list == nil && k.band == 1 {
		list = b.rates.find(packed &^ anyBand)
	}
	return list
}

// rateOn is the price of a key on a day of the month.
func (b *Book) rateOn(k rateKey, day uint8) (span, bool) { return spans(b.rate(k)).on(day) }
