package penalty

import (
	"cmp"
	"slices"
	"sort"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

// Rules are the rows of a catalogue that decide penalties, compiled once. They are read-only and may be shared.
type Rules struct {
	dueDays   []tariff.DueDay
	stages    []tariff.Stage // by day; of equal days the one that holds from later is last
	moratoria []moratorium
	regimes   []tariff.Regime  // by their first day
	keys      []tariff.KeyRate // by their first day
	rateOf    []tariff.Policy  // whose rate a balance takes
	charges   []tariff.Policy  // whether penalties are charged
	dayOff    func(calendar.Date) bool
}

// moratorium is a row with its days as ordinals.
type moratorium struct {
	*tariff.Moratorium
	first, last int
}

// The policy of a debt paid in parts under different rates, by the due date; the package comment tells the readings.
const (
	rateOfPolicy = "penalty_rate"
	ofPart       = "of_part" // the default: each part takes the rate of its own day
	ofBalance    = "of_balance"
)

// The policy of charging penalties, by the due date of the debt. By default they are charged: the law binds who pays late
// to pay them (ЖК РФ ст. 155 ч. 14), and to forgive them is the supplier's choice, which he tells.
const (
	chargePolicy = "penalty"
	ChargeThem   = "charge"
	ShowThem     = "show" // the bill tells what they come to; nothing is charged
	NoPenalties  = "none"
)

// choice is what the rows of a policy say of a supplier on a day, his own row before everybody's; else is what holds
// without a row.
func choice(rows []tariff.Policy, supplier string, on calendar.Date, otherwise string) string {
	var best *tariff.Policy
	for i := range rows {
		row := &rows[i]
		if !row.Holds(on) || row.Supplier != "" && row.Supplier != supplier {
			continue
		}
		if best == nil || best.Supplier == "" && row.Supplier != "" || best.Supplier == row.Supplier && row.From >= best.From {
			best = row
		}
	}
	if best == nil {
		return otherwise
	}
	return best.Value
}

// byBalance tells whether a supplier lets the whole balance take the rate of the day its next part is paid on.
func (r *Rules) byBalance(supplier string, due calendar.Date) bool {
	return choice(r.rateOf, supplier, due, ofPart) == ofBalance
}

// Charging is whether the penalty of a debt is charged, only shown, or neither.
func (r *Rules) Charging(supplier string, due calendar.Date) string {
	return choice(r.charges, supplier, due, ChargeThem)
}

// Known tells whether there are rules at all: a catalogue may be without the tables of penalties.
func (r *Rules) Known() bool { return len(r.dueDays) > 0 && len(r.stages) > 0 && len(r.regimes) > 0 }

// forever is after every day a date can name.
const forever = 1 << 30

// Compile takes the penalty tables of a catalogue and the production calendar (calendar.DayOff) that moves terms.
func Compile(c *tariff.Catalog, dayOff func(calendar.Date) bool) (*Rules, error) {
	r := &Rules{
		dueDays: slices.Clone(c.DueDays), stages: slices.Clone(c.Stages), regimes: slices.Clone(c.Regimes),
		keys: slices.Clone(c.KeyRates), dayOff: dayOff,
	}
	for _, p := range c.Policies {
		switch p.Name {
		case rateOfPolicy:
			r.rateOf = append(r.rateOf, p)
		case chargePolicy:
			r.charges = append(r.charges, p)
		}
	}
	for _, check := range []func() error{r.checkDueDays, r.checkStages, r.checkRegimes, r.checkKeys, r.checkPolicies} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(r.stages, func(a, b tariff.Stage) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.From, b.From))
	})
	slices.SortStableFunc(r.regimes, func(a, b tariff.Regime) int { return cmp.Compare(a.From, b.From) })
	slices.SortStableFunc(r.keys, func(a, b tariff.KeyRate) int { return cmp.Compare(a.From, b.From) })
	r.moratoria = make([]moratorium, 0, len(c.Moratoria))
	for _, m := range c.Moratoria {
		last := forever
		if m.Until != 0 {
			last = m.Until.Ordinal()
		}
		r.moratoria = append(r.moratoria, moratorium{&m, m.From.Ordinal(), last})
	}
	return r, nil
}

func (r *Rules) checkDueDays() error {
	for _, row := range r.dueDays {
		if row.Day < 1 || row.Day > 31 {
			return badRow(row.Origin, "Срок оплаты: день %d вне 1…31.", row.Day)
		}
	}
	return nil
}

func (r *Rules) checkStages() error {
	for _, row := range r.stages {
		if row.Day < 1 || row.Over < 0 {
			return badRow(row.Origin, "Ступень пеней: день %d и доля 1/%d; день считают с 1, доля не бывает отрицательной.", row.Day, row.Over)
		}
	}
	return nil
}

func (r *Rules) checkRegimes() error {
	for _, row := range r.regimes {
		switch {
		case !slices.Contains([]string{"key", "min", "fixed"}, row.Rule):
			return badRow(row.Origin, "Ставка пеней: правило %q неизвестно. Есть key, min и fixed.", row.Rule)
		case row.Rate < 0:
			return badRow(row.Origin, "Ставка пеней отрицательна: %s %%.", row.Rate)
		}
	}
	return nil
}

func (r *Rules) checkKeys() error {
	for _, row := range r.keys {
		if row.Rate < 0 {
			return badRow(row.Origin, "Ключевая ставка отрицательна: %s %%.", row.Rate)
		}
	}
	return nil
}

func (r *Rules) checkPolicies() error {
	for _, row := range r.rateOf {
		if row.Value != ofPart && row.Value != ofBalance {
			return badRow(row.Origin, "Политика %s: значение %q неизвестно. Есть %s и %s.", rateOfPolicy, row.Value, ofPart, ofBalance)
		}
	}
	for _, row := range r.charges {
		if !slices.Contains([]string{ChargeThem, ShowThem, NoPenalties}, row.Value) {
			return badRow(row.Origin, "Политика %s: значение %q неизвестно. Есть %s, %s и %s.", chargePolicy, row.Value, ChargeThem, ShowThem, NoPenalties)
		}
	}
	return nil
}

// badRow refuses a row of the catalogue with its place.
func badRow(of tariff.Origin, format string, args ...any) error {
	return fault.Newf(fault.Invalid, "penalty.row", format, args...).At(fault.Place{File: of.Place.File, Pos: of.Place.Line, Unit: "строка"})
}

// Rate is the yearly percent for what is paid on a day and the act that says so: the key rate, the lower of it and a
// ceiling, or a fixed one (ПП № 329 of 18.03.2025: the ceiling is 9.5 %).
func (r *Rules) Rate(on calendar.Date) (percent decimal.Decimal, act string, err error) {
	for i := len(r.regimes) - 1; i >= 0; i-- { // of two that hold, the later one
		row := &r.regimes[i]
		if !row.Holds(on) {
			continue
		}
		if row.Rule == "fixed" {
			return row.Rate, row.Document, nil
		}
		key, err := r.KeyRate(on)
		if err != nil {
			return 0, "", err
		}
		if row.Rule == "min" {
			key = min(key, row.Rate)
		}
		return key, row.Document, nil
	}
	return 0, "", fault.Newf(fault.Invalid, "penalty.no_regime", "Нет правила ставки пеней на %s. Добавьте строку penalty_rates в каталог.", on.Dotted())
}

// KeyRate is the Bank of Russia's key rate on a day, percent a year.
func (r *Rules) KeyRate(on calendar.Date) (decimal.Decimal, error) {
	i := sort.Search(len(r.keys), func(i int) bool { return r.keys[i].From > on })
	if i == 0 {
		return 0, fault.Newf(fault.Invalid, "penalty.no_key_rate", "Нет ключевой ставки на %s. Добавьте строку key_rates в каталог.", on.Dotted())
	}
	return r.keys[i-1].Rate, nil
}
