package fact

import (
	"encoding/binary"
	"errors"
	"slices"

	"kvit/internal/charge/calc"
)

// formatOf is the first byte of a sheet: a sheet of another form is built again.
const formatOf = 3

// formatByte is how it is written.
const formatByte = formatOf << 1

// page reads or writes a sheet: one walk over the facts serves both, so that they cannot differ. Whole numbers are
// varints. When reading, slices come from arenas that are used again for the next building.
type page struct {
	buf    []byte
	write  bool
	broken bool
	only   int64 // the household to read; 0 is all
	arenas
}

type arenas struct {
	households  []Household
	subs        []Sub
	services    []calc.Subscription
	stays       []calc.Stay
	parties     []calc.Party
	absences    []calc.Absence
	meters      []calc.Meter
	terms       []calc.Term
	modes       []calc.HeatingMode
	areas       []calc.AreaFrom
	gas         []calc.GasFactor
	acts        []calc.Act
	events      []calc.Event
	objects     []calc.Object
	instalments []calc.Instalment
	fines       []calc.Fine
	houses      []House
	resources   []Resource
	fuel        []calc.Fuel
	months      []int
	refs        []Ref
	words       []string
	communal    []calc.Communal
	readings    []calc.Reading
}

// reset empties the arenas and keeps their memory.
func (a *arenas) reset() {
	a.households, a.subs, a.services, a.stays = a.households[:0], a.subs[:0], a.services[:0], a.stays[:0]
	a.parties, a.absences, a.meters, a.acts = a.parties[:0], a.absences[:0], a.meters[:0], a.acts[:0]
	a.terms, a.modes, a.areas, a.gas = a.terms[:0], a.modes[:0], a.areas[:0], a.gas[:0]
	a.events, a.objects, a.instalments, a.fines = a.events[:0], a.objects[:0], a.instalments[:0], a.fines[:0]
	a.houses, a.resources, a.fuel, a.months = a.houses[:0], a.resources[:0], a.fuel[:0], a.months[:0]
	a.refs, a.words, a.communal, a.readings = a.refs[:0], a.words[:0], a.communal[:0], a.readings[:0]
}

var errSheet = errors.New("sheet is broken")

type whole interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16
}

// num reads or writes a number.
func num[T whole](p *page, v *T) {
	if p.write {
		p.buf = binary.AppendVarint(p.buf, int64(*v))
		return
	}
	*v = T(p.varint())
}

// varint reads a number; after the end it is zero and the page is broken.
func (p *page) varint() int64 {
	if len(p.buf) > 0 && p.buf[0] < 0x80 { // one byte, the usual length
		u := uint64(p.buf[0])
		p.buf = p.buf[1:]
		return int64(u>>1) ^ -int64(u&1)
	}
	v, n := binary.Varint(p.buf)
	if n <= 0 {
		p.broken = true
		p.buf = nil
		return 0
	}
	p.buf = p.buf[n:]
	return v
}

func yes(p *page, v *bool) {
	n := uint8(0)
	if *v {
		n = 1
	}
	num(p, &n)
	*v = n != 0
}

func str(p *page, s *string) {
	n := len(*s)
	num(p, &n)
	if p.write {
		p.buf = append(p.buf, *s...)
		return
	}
	if n < 0 || n > len(p.buf) {
		p.broken = true
		return
	}
	*s, p.buf = string(p.buf[:n]), p.buf[n:]
}

// list reads or writes a slice; read ones live in an arena.
func list[T any](p *page, s *[]T, arena *[]T, each func(*page, *T)) {
	n := len(*s)
	num(p, &n)
	if !p.write {
		if n < 0 || n > len(p.buf) { // each element takes a byte at least
			p.broken = true
			return
		}
		if *s = nil; n == 0 {
			return
		}
		*s = take(arena, n)
	}
	for i := range *s {
		each(p, &(*s)[i])
	}
}

// take gives n zero elements of an arena; what was taken before stays where it is.
func take[T any](arena *[]T, n int) []T {
	at := len(*arena)
	if at+n > cap(*arena) {
		*arena, at = make([]T, 0, max(2*cap(*arena), n, 64)), 0
	}
	*arena = (*arena)[:at+n]
	got := (*arena)[at : at+n : at+n]
	clear(got)
	return got
}

// sized writes something behind its length.
func (p *page) sized(write func()) {
	start := len(p.buf)
	write()
	var length [binary.MaxVarintLen64]byte
	n := binary.PutVarint(length[:], int64(len(p.buf)-start))
	p.buf = slices.Insert(p.buf, start, length[:n]...)
}

// skip steps over so many bytes.
func (p *page) skip(n int) {
	if n < 0 || n > len(p.buf) {
		p.broken = true
		return
	}
	p.buf = p.buf[n:]
}

// encode writes the sheet of a building.
func encode(b *Building) []byte {
	p := &page{write: true}
	p.building(b)
	return p.buf
}

// decode reads a sheet; what it gives lives until the page is reset.
func (p *page) decode(b *Building, body []byte) error {
	p.buf, p.broken = body, false
	p.building(b)
	if p.broken || len(p.buf) != 0 {
		return errSheet
	}
	return nil
}
