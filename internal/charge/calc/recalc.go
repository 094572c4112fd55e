package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Correct adds to a bill the corrections of an earlier month: what it comes to by the facts known now, less what it
// came to by the facts it was charged by, for each service, component and party. Nothing of the earlier month is
// edited; each difference is a line of the month charged, with its cause left to whoever knows it.
func Correct(before, now *Bill, out *Bill) {
	keys := differences(before, now)
	for _, k := range keys {
		was, is := before.sumOf(k), now.sumOf(k)
		if was.amount == is.amount {
			continue
		}
		l := Line{
			Service: k.service, Sub: k.sub, Component: k.component, Party: k.party, Kind: Correction, Method: is.method, Formula: FormulaRecalculation,
			Month: k.line.Month, RateRow: -1, NormRow: -1, FactorRow: -1,
		}
		if l.Method == 0 {
			l.Method = was.method
		}
		l.Amount = is.amount - was.amount
		l.Volume = is.volume - was.volume
		l.Exact = decimal.Int(int64(l.Amount)).OverInt(100)
		l.Inputs = [4]decimal.Decimal{InRoubles(is.amount), InRoubles(was.amount), is.volume, was.volume}
		out.Lines = append(out.Lines, l)
	}
}

// InRoubles is a sum as a number among the inputs of a line.
func InRoubles(a money.Amount) decimal.Decimal {
	return decimal.Decimal(int64(a) * decimal.Scale / 100)
}

// part names what two computations of a month are compared by.
type part struct {
	service   Service
	sub       uint16
	component Component
	party     uint8
	line      *Line
}

func (k part) has(l *Line) bool {
	return l.Service == k.service && l.Sub == k.sub && l.Component == k.component && l.Party == k.party && l.Kind != ReliefShown && l.Kind != PutOff
}

// differences are the parts either bill has, in the order of their lines.
func differences(before, now *Bill) (keys []part) {
	for _, b := range [2]*Bill{now, before} {
		for i := range b.Lines {
			l := &b.Lines[i]
			known := l.Kind == ReliefShown || l.Kind == PutOff
			for _, k := range keys {
				known = known || k.has(l)
			}
			if !known {
				keys = append(keys, part{l.Service, l.Sub, l.Component, l.Party, l})
			}
		}
	}
	return keys
}

type partSum struct {
	amount money.Amount
	volume decimal.Decimal
	method Method
}

func (b *Bill) sumOf(k part) (s partSum) {
	for i := range b.Lines {
		if l := &b.Lines[i]; k.has(l) {
			s.amount += l.Amount
			if l.Kind != Surcharge && l.Kind != QualityCut {
				s.volume += l.Volume
			}
			if s.method == 0 {
				s.method = l.Method
			}
		}
	}
	return s
}
