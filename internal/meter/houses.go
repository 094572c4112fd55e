package meter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/ledger"
)

// Measure works out again what the own meters of a building measured, up to the month of today, and writes what differs
// from what is known, at the moment after the given one. It is called where facts of such meters were written, in the
// same transaction, and when months pass.
func Measure(ctx context.Context, tx *db.Tx, engine *calc.Engine, building int64, today calendar.Date, at calendar.Micros) error {
	changed, err := remeasured(ctx, tx, engine, building, today.Month(), at)
	if err != nil || len(changed) == 0 {
		return err
	}
	w := fact.NewWriter()
	if err := w.Add(&fact.Set{Building: building, Measured: changed}, at+1); err != nil {
		return err
	}
	return w.Write(ctx, tx)
}

// Measuring gives Measure with the catalogue of today, for who writes facts of houses in a transaction of his own.
func (m *Module) Measuring(ctx context.Context) (func(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) error, error) {
	engine, err := m.Engine(ctx)
	return func(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) error {
		return Measure(ctx, tx, engine, building, m.Today(), at)
	}, err
}

// remeasured gives the months that come out otherwise than they are known.
func remeasured(ctx context.Context, tx *db.Tx, engine *calc.Engine, building int64, until calendar.Month, at calendar.Micros) ([]fact.Measured, error) {
	known, err := Gather(ctx, tx, building, &fact.Scope{House: true}, at)
	if err != nil {
		return nil, err
	}
	all, err := measuringOf(ctx, tx, engine, known, at)
	if err != nil {
		return nil, err
	}
	held, err := fact.ListMeasured(ctx, tx, building, at)
	if err != nil {
		return nil, err
	}
	var list []fact.Measured
	for _, x := range all {
		list = append(list, x.months(until)...)
	}
	return differing(held, list), nil
}

// differing are the rows that must be written so that those held become those of a list.
func differing(held, list []fact.Measured) (changed []fact.Measured) {
	type key struct {
		service string
		month   calendar.Month
	}
	was := map[key]fact.Measured{}
	for _, m := range held {
		was[key{m.Service, m.Month}] = m
	}
	for _, m := range list {
		k := key{m.Service, m.Month}
		old, known := was[k]
		old.RecordedAt = 0
		if delete(was, k); !known || old != m {
			changed = append(changed, m)
		}
	}
	for _, m := range was {
		m.RecordedAt = 0
		changed = append(changed, m.Withdrawn())
	}
	slices.SortFunc(changed, func(a, b fact.Measured) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), cmp.Compare(a.Month, b.Month))
	})
	return changed
}

// measuringOf puts the meters of a building together by services, with their readings.
func measuringOf(ctx context.Context, tx *db.Tx, engine *calc.Engine, known *Known, at calendar.Micros) ([]*measuring, error) {
	byService := map[string]*measuring{}
	var ids []int64
	for i := range known.Meters {
		m := &known.Meters[i]
		s, ok := engine.Service(m.Service)
		if !ok || !m.OfHouse() {
			continue
		}
		x := byService[m.Service]
		if x == nil {
			x = measuringIn(engine, s)
			byService[m.Service] = x
		}
		ids = append(ids, m.ID)
		x.meters = append(x.meters, gaugeOf(known, m))
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := fact.ListReadingRows(ctx, tx, known.Building, ids, 0, at)
	if err != nil {
		return nil, err
	}
	held := holding(rows)
	list := slices.SortedFunc(maps.Values(byService), func(a, b *measuring) int { return strings.Compare(a.service, b.service) })
	for _, x := range list {
		for i := range x.meters {
			x.meters[i].read(held[x.meters[i].ID])
		}
	}
	return list, nil
}

func measuringIn(engine *calc.Engine, s calc.Service) *measuring {
	expired := engine.Month(calendar.NewMonth(2024, 1)).ExpiredReads(s, 0)
	return &measuring{service: engine.Of(s).Code, expired: expired, cutoff: func(m calendar.Month) int { return engine.Month(m).CutoffDay(s, 0) }}
}

// gaugeOf makes a gauge of what is known of a meter; nothing is usual of a house's dial: only digits that were told turn it.
func gaugeOf(known *Known, m *fact.Meter) gauge {
	x := gauge{
		Meter: calc.Meter{ID: m.ID, Term: m.Term, Digits: m.Digits, FailedOn: m.FailedOn}, serial: m.Serial,
		zones: ZonesOf(known.Named[m.ID], m.Registers), factor: cmp.Or(m.Factor, decimal.FromInt(1)),
	}
	if m.VerifiedBy != 0 {
		x.Verified = []calc.Term{{Until: m.VerifiedBy}}
	}
	for i := range known.Rare {
		if v, ok := known.Rare[i].VerificationOf(m.ID); ok {
			x.Verified = append(x.Verified, calc.Term{From: known.Rare[i].From, Until: v.Until})
		}
	}
	slices.SortStableFunc(x.Verified, func(a, b calc.Term) int { return cmp.Compare(a.From, b.From) })
	return x
}

// holding gives of the rows of readings those that hold, by meter.
func holding(rows []fact.Reading) map[int64][]fact.Reading {
	held := map[int64][]fact.Reading{}
	for i, r := range rows {
		last := i+1 == len(rows) || rows[i+1].MeterID != r.MeterID || rows[i+1].On != r.On || rows[i+1].Zone != r.Zone
		if last && r.Accepted {
			held[r.MeterID] = append(held[r.MeterID], r)
		}
	}
	return held
}

// read takes the readings that hold, by day.
func (m *gauge) read(list []fact.Reading) {
	for _, r := range list {
		m.Readings = append(m.Readings, calc.Reading{On: r.On, Zone: r.Zone, Value: r.Value, Ref: r.ID, Initial: r.Initial, Control: r.Control})
	}
}

// CatchUp works out the months that have passed since the own meters of houses were last heard of: a month without a
// reading counts as missed. It tells in how many houses something changed.
func (m *Module) CatchUp(ctx context.Context) (changed int, err error) {
	engine, err := m.Engine(ctx)
	if err != nil {
		return 0, err
	}
	var stale []int64
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		stale = nil
		buildings, err := fact.ListMeasuredBuildings(ctx, tx)
		for _, building := range buildings {
			rows, err := remeasured(ctx, tx, engine, building, m.Today().Month(), maxMoment)
			if err != nil {
				return err
			}
			if len(rows) > 0 {
				stale = append(stale, building)
			}
		}
		return err
	})
	for _, building := range stale {
		err = errors.Join(err, m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			at, err := fact.Lock(ctx, tx, building, m.Now())
			if err != nil {
				return err
			}
			return Measure(ctx, tx, engine, building, m.Today(), at)
		}))
	}
	if err != nil {
		return 0, fmt.Errorf("meters of houses: %w", err)
	}
	return len(stale), nil
}

// checkMeasured works out what each house's meters measured anew, up to the last month known, and compares.
func (m *Module) checkMeasured(ctx context.Context, tx *db.Tx) (ledger.Breach, error) {
	b := ledger.Breach{ID: "I11.measured_follows_readings", Rows: []string{}}
	engine, err := m.Engine(ctx)
	if err != nil {
		return b, err
	}
	last, err := fact.ListMeasuredUntil(ctx, tx)
	if err != nil {
		return b, err
	}
	for _, building := range slices.Sorted(maps.Keys(last)) {
		changed, err := remeasured(ctx, tx, engine, building, last[building], maxMoment)
		if err != nil {
			return b, err
		}
		for _, x := range changed {
			b.Add(fmt.Sprintf("%d/%s/%s", building, x.Service, x.Month))
		}
	}
	return b, nil
}

// maxMoment is later than any fact.
const maxMoment = 1<<63 - 1
