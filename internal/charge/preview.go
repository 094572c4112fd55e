package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// Wish is what a preview supposes. Nothing of it is stored.
type Wish struct {
	Readings  []WishedReading
	Residents *int32           // live here from the first day of the month
	Area      *decimal.Decimal // of the premises
	Catalog   *tariff.Catalog  // in place of the one in force
}

// WishedReading is a reading that might be given: of the only meter of a service.
type WishedReading struct {
	Service string
	Zone    string
	On      calendar.Date
	Value   decimal.Decimal
}

// Shown is a line as people see it, made when it is shown.
type Shown struct {
	AccountID int64        `json:"account"`
	Service   string       `json:"service"`
	Name      string       `json:"name"`
	Formula   string       `json:"formula"`
	Clause    string       `json:"clause"`
	Words     string       `json:"words"`
	Volume    string       `json:"volume"`
	Rate      string       `json:"rate"`
	Exact     string       `json:"exact"` // the product before rounding, roubles
	Amount    money.Amount `json:"amount"`
	Beside    bool         `json:"beside,omitempty"` // not owed: stands beside the supplier's figure
	Owed      bool         `json:"-"`                // neither beside nor only shown
}

// Preview is a household's month as it comes to now, and as it would with what was supposed.
type Preview struct {
	Month  string       `json:"month"`
	Now    []Shown      `json:"now"`
	Then   []Shown      `json:"then"`
	Before money.Amount `json:"before"`
	After  money.Amount `json:"after"`
	Issues []string     `json:"issues"`
}

// Preview computes a household's month in memory: by the facts so far, and by what is supposed.
func (m *Module) Preview(ctx context.Context, building, household int64, month calendar.Month, w Wish) (*Preview, error) {
	at := m.Now()
	engine, _, err := m.engineAt(ctx, at)
	if err != nil {
		return nil, err
	}
	p := &Preview{Month: month.String(), Issues: []string{}}
	err = m.withHousehold(ctx, engine, building, household, month, at, func(h *fact.Household) error {
		bill := &calc.Bill{}
		engine.Month(month).Charge(&h.Premises, bill)
		p.Now, p.Before = shown(engine, h, bill)
		if w.Catalog != nil {
			return nil
		}
		return p.suppose(engine, h, month, &w)
	})
	if err != nil {
		return nil, err
	}
	if w.Catalog == nil {
		return p, nil
	}
	if engine, err = calc.New(w.Catalog); err != nil {
		return nil, err
	}
	return p, m.withHousehold(ctx, engine, building, household, month, at, func(h *fact.Household) error { return p.suppose(engine, h, month, &w) })
}

// suppose computes the month by what is supposed.
func (p *Preview) suppose(engine *calc.Engine, h *fact.Household, month calendar.Month, w *Wish) error {
	if err := w.apply(engine, h, month); err != nil {
		return err
	}
	bill := &calc.Bill{}
	engine.Month(month).Charge(&h.Premises, bill)
	p.Then, p.After = shown(engine, h, bill)
	for _, x := range bill.Issues {
		p.Issues = append(p.Issues, engine.Of(x.Service).Code+": "+x.Code)
	}
	return nil
}

// withHousehold loads one household of a building for a month and gives it, for the time of the call.
func (m *Module) withHousehold(ctx context.Context, engine *calc.Engine, building, household int64, month calendar.Month, at calendar.Micros, fn func(*fact.Household) error) error {
	w, err := m.know(ctx)
	if err != nil {
		return err
	}
	loader := m.loaders.Get().(*fact.Loader)
	defer m.loaders.Put(loader)
	loader.Engine, loader.Suppliers = engine, w.suppliers
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := householdIn(ctx, tx, loader, building, household, month, at, w.heat)
		if err != nil {
			return err
		}
		if h == nil {
			return fault.New(fault.NotFound, "charge.no_facts", "Для этого счёта нет данных начисления: услуг, жильцов, счётчиков.")
		}
		return fn(h)
	})
	if err != nil {
		return fmt.Errorf("household %d: %w", household, err)
	}
	return nil
}

// householdIn loads one household for a month, with what suppliers charged it; nil when nothing is known of it.
func householdIn(ctx context.Context, tx *db.Tx, loader *fact.Loader, building, household int64, month calendar.Month, at calendar.Micros, heat map[int64]int64) (*fact.Household, error) {
	b, err := loader.LoadHousehold(ctx, tx, building, household, month, at)
	if err != nil || b == nil {
		return nil, err
	}
	if err := given(ctx, tx, b, month, at, heat); err != nil {
		return nil, err
	}
	return &b.Households[0], sumFlats(ctx, tx, loader.Engine, b, month, at, heat, false)
}

// apply changes a household's facts to what is supposed.
func (w *Wish) apply(e *calc.Engine, h *fact.Household, month calendar.Month) error {
	if w.Residents != nil {
		h.Premises.Stays = []calc.Stay{{Persons: *w.Residents}}
	}
	if w.Area != nil {
		h.Premises.Area, h.Premises.Areas = *w.Area, nil
	}
	for _, r := range w.Readings {
		s, ok := e.Service(r.Service)
		if !ok {
			return fault.Newf(fault.Invalid, "charge.service", "Услуги %q нет в каталоге.", r.Service)
		}
		on := r.On
		if on == 0 {
			on = month.Last()
		}
		if !addReading(h, s, calc.Reading{On: on, Zone: calc.ZoneOf(r.Zone), Value: r.Value}) {
			return fault.Newf(fault.Invalid, "charge.no_meter", "У услуги %q нет счётчика, показание не к чему отнести.", r.Service)
		}
	}
	return nil
}

// addReading adds a reading to the meter of a service that is in use on its day. A reading of the same day gives way.
func addReading(h *fact.Household, service calc.Service, r calc.Reading) bool {
	for i := range h.Premises.Services {
		s := &h.Premises.Services[i]
		if s.Service != service {
			continue
		}
		for k := range s.Meters {
			m := &s.Meters[k]
			if !m.Holds(r.On) {
				continue
			}
			var list []calc.Reading
			for _, x := range m.Readings {
				if x.On < r.On || x.Zone != r.Zone && x.On == r.On {
					list = append(list, x)
				}
			}
			list = append(list, r)
			for _, x := range m.Readings {
				if x.On > r.On {
					list = append(list, x)
				}
			}
			m.Readings = list
			return true
		}
	}
	return false
}

func shown(e *calc.Engine, h *fact.Household, b *calc.Bill) (list []Shown, total money.Amount) {
	list = []Shown{}
	for i := range b.Lines {
		l := &b.Lines[i]
		x := show(e, h.Subs[l.Sub].AccountID, l)
		x.Beside = isBeside(l, h.Subs[l.Sub].Mode)
		list = append(list, x)
		if list[i].Owed = l.Kind != calc.ReliefShown && !x.Beside; list[i].Owed {
			total += l.Amount
		}
	}
	return list, total
}

// show makes the words of a line.
func show(e *calc.Engine, account int64, l *calc.Line) Shown {
	info := l.Formula.Info()
	return Shown{
		AccountID: account, Service: e.Of(l.Service).Code, Name: e.Of(l.Service).Name, Formula: info.Code, Clause: e.ClauseOf(l), Words: calc.Words(e, l),
		Volume: l.Volume.String(), Rate: l.Rate.String(), Exact: l.Exact.Text(decimal.Digits), Amount: l.Amount,
	}
}
