package calc

import "math/bits"

// prices are the prices of a month by their keys. A household asks for some twenty, most of them more than once: a table
// with open places, made with its book and only read afterwards, answers faster than a map.
type prices struct {
	keys  []uint64 // packed; 0 is an open place
	spans [][]span
	shift int // of a key's hash to its place
}

// pack is the key as a number: no two keys have one, and none has 0.
func (k rateKey) pack() uint64 {
	return 1<<63 | uint64(uint16(k.service))<<47 | uint64(uint16(k.supplier))<<31 | uint64(uint16(k.category))<<15 |
		uint64(k.component&3)<<13 | uint64(k.plan&3)<<11 | uint64(k.zone&7)<<8 | uint64(k.band)
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

func (p *prices) find(k rateKey) []span { return p.spans[p.place(k.pack())] }

// rate finds the prices of a key in the month: the supplier's own before anybody's, the category's before any,
// the plan's before any, the band's before the only one.
func (b *Book) rate(k rateKey) []span {
	list := b.rateOfBand(k)
	if list == nil && k.band == 1 {
		k.band = 0
		list = b.rateOfBand(k)
	}
	return list
}

func (b *Book) rateOfBand(k rateKey) []span {
	if list := b.rateOfSupplier(k); list != nil || k.supplier == 0 {
		return list
	}
	k.supplier = 0
	return b.rateOfSupplier(k)
}

func (b *Book) rateOfSupplier(k rateKey) []span {
	if list := b.rateOfPlan(k); list != nil || k.category == 0 {
		return list
	}
	k.category = 0
	return b.rateOfPlan(k)
}

func (b *Book) rateOfPlan(k rateKey) []span {
	if list := b.rates.find(k); list != nil || k.plan == 0 {
		return list
	}
	k.plan = 0
	return b.rates.find(k)
}

// rateOn is the price of a key on a day of the month.
func (b *Book) rateOn(k rateKey, day uint8) (span, bool) { return spans(b.rate(k)).on(day) }
