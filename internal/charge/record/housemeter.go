package record

import (
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/meter"
)

// meterID is the lasting id of the meter a record names: an account's or the house's own.
func (j *judge) meterID(it *Item) int64 {
	if it.To.wholeHouse() {
		return fact.HouseMeterID(j.at.building, it.service, it.meter)
	}
	return fact.MeterID(j.account, it.service, it.meter)
}

// fitsHouse refuses what only a house's own meter has, and a house's own meter of what none measures.
func (j *judge) fitsHouse(it *Item, v *meterSpec) error {
	if !it.To.wholeHouse() {
		if v.Factor != 0 || v.Returns {
			return invalid("meter.factor", "Коэффициент и обратная труба бывают только у общедомового счётчика.")
		}
		return nil
	}
	s, _ := j.engine.Service(it.service)
	if of := j.engine.Of(s); !meter.IsMeasured(of) {
		return invalid("meter.house_service", "Услугу «%s» общедомовым счётчиком не измеряют.", of.Name)
	}
	return nil
}

// signed is how a dial counts as facts keep it.
func (v *meterSpec) signed() decimal.Decimal {
	one := decimal.FromInt(1)
	switch {
	case v.Returns && v.Factor == 0:
		return -one
	case v.Returns:
		return -v.Factor
	case v.Factor == one:
		return 0
	}
	return v.Factor
}

// measure works out what the house's own meters measured, where something was told of them.
func (w *work) measure(ctx context.Context, tx *db.Tx, told *fact.Set, known *held, at calendar.Micros) error {
	ofHouse := func(id int64) bool {
		m, ok := known.meters.held[id]
		return ok && m.OfHouse()
	}
	touched := slices.ContainsFunc(told.Meters, func(m fact.Meter) bool { return m.OfHouse() }) ||
		slices.ContainsFunc(told.Readings, func(r fact.Reading) bool { return ofHouse(r.MeterID) }) ||
		slices.ContainsFunc(told.Rare, func(x fact.Rare) bool { return x.Kind == fact.KindVerification && x.AccountID == 0 })
	if !touched {
		return nil
	}
	return meter.Measure(ctx, tx, w.engine, told.Building, w.m.Today(), at)
}
