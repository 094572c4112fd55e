package why

import (
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Cause is why a part of a sum changed. The order is the one in which causes are named.
type Cause uint8

// Causes.
const (
	Appeared Cause = iota
	Vanished
	Method   // of finding the volume, or the raising factor
	Volume   // more or less was used
	Price    //
	Days     // of the month charged
	Persons  //
	Area     // or another base
	Share    // of the product that the supplier charges
	Recalc   //
	Benefit  //
	PutOff   // an instalment
	Penalty  //
	Unknown  // the supplier sent the sum alone
	Rounding //
	Other    // small parts together
)

// Code is the stable name of a cause, for programs.
func (c Cause) Code() string {
	return [...]string{"appeared", "vanished", "method", "volume", "price", "days", "persons", "area", "share", "recalculation", "benefit", "instalment", "penalty", "unknown", "rounding", "other"}[c]
}

// Part is one cause of one line's change.
type Part struct {
	Cause  Cause
	Sum    money.Amount
	Before *Line // nil when the line was not there
	After  *Line
}

// line is the line a part speaks of: as it is now, else as it was.
func (p *Part) line() *Line {
	if p.After != nil {
		return p.After
	}
	return p.Before
}

// split takes the change of one line apart. Either may be nil, not both. The parts add up to the change.
func split(a, b *Line) []Part {
	s := splitting{a: withoutCharge(a, b), b: withoutCharge(b, a)}
	a, b = s.a, s.b
	switch {
	case a == nil && b.Band > 1:
		s.add(Volume, b.Sum()) // more was used: part of it is dearer
	case b == nil && a.Band > 1:
		s.add(Volume, -a.Sum())
	case a == nil:
		s.add(Appeared, b.Sum())
	case b == nil:
		s.add(Vanished, -a.Sum())
	default:
		s.charge()
		s.add(Method, b.Raised-a.Raised)
		s.add(Recalc, b.Recalc-a.Recalc)
		s.add(Benefit, b.Benefit-a.Benefit)
		s.add(PutOff, b.PutOff-a.PutOff)
		s.add(Penalty, b.Penalty-a.Penalty)
	}
	return s.parts
}

// withoutCharge stands in for a line that is not there while the other carries no charge of its own: a recalculation
// or a penalty alone is that, not a service that came or went.
func withoutCharge(l, other *Line) *Line {
	if l == nil && other.Charge == 0 && other.Raised == 0 {
		return &Line{Key: other.Key, Title: other.Title, Supplier: other.Supplier, Unit: other.Unit}
	}
	return l
}

type splitting struct {
	a, b  *Line
	parts []Part
}

// add adds a part; parts of one cause are one.
func (s *splitting) add(c Cause, sum money.Amount) {
	if sum == 0 {
		return
	}
	for i := range s.parts {
		if s.parts[i].Cause == c {
			s.parts[i].Sum += sum
			return
		}
	}
	s.parts = append(s.parts, Part{Cause: c, Sum: sum, Before: s.a, After: s.b})
}

// charge splits the change of volume × rate × share: one factor after another goes from what it was to what it is, and
// each step is rounded once. What the roundings leave is the last part.
//
//	6,2 м³ × 43,12 ₽ against 3,9 м³ × 39,80 ₽: volume (6,2 − 3,9) × 39,80 = 91,54; price 6,2 × (43,12 − 39,80) = 20,58.
func (s *splitting) charge() {
	change := s.b.Charge - s.a.Charge
	before, after, ok := priced(s.a, s.b)
	if !ok {
		s.add(Unknown, change)
		return
	}
	left := change
	step := func(c Cause, from, to decimal.Ratio) {
		kopecks, err := to.Minus(from).Round(2)
		if err != nil { // beyond any sum of a bill: what is left says it all
			return
		}
		s.add(c, money.Amount(kopecks))
		left -= money.Amount(kopecks)
	}
	at := before
	for _, v := range s.volumes(before.volume, after.volume) {
		next := at
		next.volume = v.to
		step(v.cause, at.sum(), next.sum())
		at = next
	}
	next := at
	next.rate = after.rate
	step(Price, at.sum(), next.sum())
	step(Share, next.sum(), after.sum())
	s.add(Rounding, left)
}

// volumeStep is a volume after one of its causes has changed.
type volumeStep struct {
	cause Cause
	to    decimal.Ratio
}

// volumes is the way of the volume from what it was to what it is. A volume that is counted by persons, area or days
// goes with them first. When it is found by another method than before, what the former method would have come to
// is taken from the month before, and all the rest of the way is the method's.
func (s *splitting) volumes(from, to decimal.Ratio) (steps []volumeStep) {
	a, b := s.a, s.b
	at := from
	scale := func(c Cause, was, is decimal.Ratio) {
		if was.Sign() > 0 && is.Sign() > 0 && was.Cmp(is) != 0 {
			at = at.By(is).Per(was)
			steps = append(steps, volumeStep{c, at})
		}
	}
	switch a.Method {
	case calc.ByNormative, calc.ByPersons, calc.ByArea, calc.ByUnits, calc.ByHouse:
		scale(Persons, a.Persons, b.Persons)
		scale(Area, a.Base.Exact(), b.Base.Exact())
		scale(Days, days(a), days(b))
	}
	last := Volume
	if a.Method != b.Method && a.Method != 0 && b.Method != 0 {
		last = Method
	}
	return append(steps, volumeStep{last, to})
}

// days is the part of the month that is charged. Where persons are counted by days, they carry it already.
func days(l *Line) decimal.Ratio {
	if l.Days == 0 || l.DaysOf == 0 || !l.Persons.IsZero() {
		return decimal.One()
	}
	return decimal.Int(int64(l.Days)).OverInt(int64(l.DaysOf))
}

// product is a charge as factors.
type product struct {
	volume, rate, share decimal.Ratio
}

func (p *product) sum() decimal.Ratio { return p.volume.By(p.rate).By(p.share) }

// priced gives both months as factors; ok is false where the supplier has not sent enough to tell.
func priced(a, b *Line) (before, after product, ok bool) {
	before, okA := factors(a)
	after, okB := factors(b)
	switch {
	case !okA && okB && a.Charge == 0:
		before = product{rate: after.rate, share: after.share} // nothing was charged: nothing was used, at any price
	case okA && !okB && b.Charge == 0:
		after = product{rate: before.rate, share: before.share}
	case !okA || !okB:
		return before, after, false
	}
	if before.share.IsZero() {
		before.share = after.share
	}
	if after.share.IsZero() {
		after.share = before.share
	}
	if before.share.IsZero() { // nothing was charged in either month
		before.share, after.share = decimal.One(), decimal.One()
	}
	return before, after, true
}

// factors are volume, rate and the share of their product that is charged. One of the first two that is missing
// follows from the sum; the share is not known (zero) where the product is zero.
func factors(l *Line) (p product, ok bool) {
	p = product{volume: l.Volume, rate: l.Rate}
	charge := decimal.Int(int64(l.Charge)).OverInt(100)
	switch {
	case p.rate.IsZero() && p.volume.IsZero():
		return p, false
	case p.rate.IsZero() && l.Charge == 0, p.volume.IsZero() && l.Charge == 0:
		return p, !p.rate.IsZero()
	case p.rate.IsZero():
		p.rate, p.share = charge.Per(p.volume), decimal.One()
		return p, true
	case p.volume.IsZero():
		p.volume, p.share = charge.Per(p.rate), decimal.One()
		return p, true
	}
	p.share = shareOf(charge, p.volume.By(p.rate))
	return p, true
}

// shareOf is how much of a product is charged: all of it when they differ by roundings, of which a supplier's line may
// hold several.
func shareOf(charge, product decimal.Ratio) decimal.Ratio {
	off := charge.Minus(product)
	if off.Sign() < 0 {
		off = off.Neg()
	}
	if off.Cmp(decimal.One().OverInt(20)) <= 0 {
		return decimal.One()
	}
	return charge.Per(product)
}
