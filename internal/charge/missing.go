package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Missed is a metered service of which a month has no reading: what it comes to without one, and what its own average
// would.
type Missed struct {
	Household int64
	AccountID int64
	Service   string // code of the catalogue
	Name      string
	Unit      string
	Serial    []int64 // its meters
	Method    calc.Method
	Volume    decimal.Decimal
	Sum       money.Amount
	Usual     money.Amount   // by the average of its own readings …
	HasUsual  bool           // … where there are enough of them
	Then      calendar.Month // the first later month charged by normative; 0: none within half a year
	ThenSum   money.Amount
}

// missingAhead is how many months ahead are computed: within them every average ends.
const missingAhead = 6

// Missing gives the metered services of some households of a building, or with nil of all, that have no reading for a
// month, computed as a run would, and what the months after it come to if none comes.
func (m *Module) Missing(ctx context.Context, building int64, of *fact.Scope, month calendar.Month) (list []Missed, err error) {
	at := m.Now()
	engine, _, err := m.engineAt(ctx, at)
	if err != nil {
		return nil, err
	}
	w, err := m.know(ctx)
	if err != nil {
		return nil, err
	}
	loader := m.loaders.Get().(*fact.Loader)
	defer m.loaders.Put(loader)
	loader.Engine, loader.Suppliers = engine, w.suppliers
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		var b *fact.Building
		if of == nil {
			b, err = loader.LoadAll(ctx, tx, building, at)
		} else {
			b, err = loader.LoadSome(ctx, tx, building, of, at)
		}
		if err == nil && b != nil {
			list = missing(engine, b, month)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("missing readings of building %d: %w", building, err)
	}
	return list, nil
}

// missing finds what is not read, month by month: a building is made ready for each once.
func missing(e *calc.Engine, b *fact.Building, month calendar.Month) (list []Missed) {
	at, bill := map[[2]int]int{}, &calc.Bill{} // household and service → place in the list
	for k := range missingAhead + 1 {
		m := month.Add(k)
		b.In(e, m)
		for h := range b.Households {
			x := &b.Households[h]
			e.Month(m).Charge(&x.Premises, bill)
			for sub, found := range unread(bill, &x.Premises, m) {
				place, known := at[[2]int{h, sub}]
				switch {
				case k == 0:
					at[[2]int{h, sub}] = len(list)
					list = append(list, missedOf(e, b, x, sub, found))
				case known && list[place].Then == 0 && list[place].Method != calc.ByNormative && found.Method == calc.ByNormative:
					list[place].Then, list[place].ThenSum = m, found.Sum
				}
			}
		}
		if k == 0 {
			addUsual(e, b, m, at, list)
		}
	}
	return list
}

// unread are the services with a meter in use that a month was charged without a reading, by their places.
func unread(bill *calc.Bill, p *calc.Premises, month calendar.Month) map[int]Missed {
	found := map[int]Missed{}
	for i := range bill.Lines {
		l := &bill.Lines[i]
		sub := int(l.Sub)
		if l.Month != month || l.Method != calc.ByAverage && l.Method != calc.ByNormative || !hasMeter(&p.Services[sub], month) {
			continue
		}
		x := found[sub]
		x.Method, x.Sum = l.Method, x.Sum+l.Amount
		if l.Kind == calc.Charged && l.Component != calc.Heat {
			x.Volume += l.Volume
		}
		found[sub] = x
	}
	return found
}

func hasMeter(s *calc.Subscription, month calendar.Month) bool {
	for i := range s.Meters {
		if s.Meters[i].Holds(month.Last()) {
			return true
		}
	}
	return false
}

func missedOf(e *calc.Engine, b *fact.Building, h *fact.Household, sub int, x Missed) Missed {
	s := &h.Premises.Services[sub]
	x.Household, x.AccountID, x.Service, x.Name = h.ID, h.Subs[sub].AccountID, b.Refs[h.Subs[sub].Ref].Code, e.Of(s.Service).Name
	x.Unit = calc.UnitName(string(e.Of(s.Service).Unit))
	for i := range s.Meters {
		x.Serial = append(x.Serial, s.Meters[i].ID)
	}
	return x
}

// addUsual computes the month as if each meter had run its own average: with a reading at its end, and one before. What is
// charged by the average already is that.
func addUsual(e *calc.Engine, b *fact.Building, month calendar.Month, at map[[2]int]int, list []Missed) {
	bill := &calc.Bill{}
	for key, place := range at {
		if y := &list[place]; y.Method == calc.ByAverage {
			y.Usual, y.HasUsual = y.Sum, true
			continue
		}
		x := &b.Households[key[0]]
		s := &x.Premises.Services[key[1]]
		kept := s.Meters
		s.Meters = nil
		for i := range kept {
			if m, ok := averaged(kept[i], month); ok {
				s.Meters = append(s.Meters, m)
			}
		}
		if len(s.Meters) > 0 {
			e.Month(month).Charge(&x.Premises, bill)
			for i := range bill.Lines {
				if l := &bill.Lines[i]; int(l.Sub) == key[1] && l.Month == month {
					list[place].HasUsual, list[place].Usual = true, list[place].Usual+l.Amount
				}
			}
		}
		s.Meters = kept
	}
}

// Days of readings that are supposed, before every usual cut-off, and how far back an average looks.
const (
	supposedDay = 10
	usualDays   = 366
	monthLength = 30
)

// averaged is a meter that was read this month and the one before, and ran its average between; ok is false where its
// readings do not tell one.
func averaged(m calc.Meter, month calendar.Month) (calc.Meter, bool) {
	var supposed []calc.Reading
	for zone := calc.AllDay; zone <= calc.HalfPeak; zone++ {
		var first, last *calc.Reading
		for i := range m.Readings {
			if r := &m.Readings[i]; r.Zone == zone {
				last = r
			}
		}
		for i := len(m.Readings) - 1; i >= 0 && last != nil; i-- {
			if r := &m.Readings[i]; r.Zone == zone && last.On.Days(r.On) <= usualDays {
				first = r
			}
		}
		if last == nil || last.On.Days(first.On) < monthLength-2 || last.Value < first.Value {
			continue
		}
		average := (last.Value - first.Value) / decimal.Decimal(last.On.Days(first.On)) * monthLength
		before := calc.Reading{On: month.Add(-1).First().AddDays(supposedDay - 1), Zone: zone, Value: last.Value, Ref: 1}
		after := before
		after.On, after.Value = month.First().AddDays(supposedDay-1), last.Value+average
		supposed = append(supposed, before, after)
	}
	m.Readings, m.Verified, m.FailedOn = supposed, nil, 0
	return m, len(supposed) > 0
}
