package charge

import (
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
)

// Cause is why two sums likely differ.
type Cause string

// Causes.
const (
	CauseMissing       Cause = "missing"        // the supplier gave no charge
	CauseDoubled       Cause = "doubled"        // several rows of his file, with other sums: none is taken; Of is the least and the greatest
	CauseAbsent        Cause = "absent"         // nearly all other households of the house take the service, this one does not
	CauseNotComputed   Cause = "not_computed"   // Kvit has no line; Of is the issue
	CauseLinkedMissing Cause = "linked_missing" // the household has no account of a service whose volume counts; Of is that service
	CauseLinkedLeftOut Cause = "linked_left_out"
	CauseVolume        Cause = "volume"
	CauseRounding      Cause = "rounding" // one volume is the other, rounded
	CauseZones         Cause = "zones"    // his sum is that of the same volumes in other zones
	CauseRate          Cause = "rate"
	CauseSum           Cause = "sum" // volume and rate are the same, the sum is not their product
	CauseUnknown       Cause = "unknown"
)

// explained is what is known of a building's month to explain differences by.
type explained struct {
	engine *calc.Engine
	codes  map[int64]string // of the catalogue, by lasting numbers
	subs   []fact.Subscription
	lines  []comparedLine
	issues map[figureKey]string
}

type comparedLine struct {
	account, service int64 // the supplier's service
	code             string
	method           calc.Method
	component        calc.Component
	volume, rate     decimal.Decimal
}

// explainDifferences gives differences both sides' volumes and rates, and the likely cause.
func (m *Module) explainDifferences(ctx context.Context, tx *db.Tx, month calendar.Month, list []Difference) error {
	if len(list) == 0 {
		return nil
	}
	read, err := m.explainer(ctx, tx, month)
	if err != nil {
		return err
	}
	for i := range list {
		x, err := read(list[i].Building)
		if err != nil {
			return err
		}
		x.explain(&list[i])
	}
	return nil
}

// explainer reads what is known of buildings, each once.
func (m *Module) explainer(ctx context.Context, tx *db.Tx, month calendar.Month) (func(building int64) (*explained, error), error) {
	engine, _, err := m.engineAt(ctx, m.Now())
	if err != nil {
		return nil, err
	}
	known, err := listNumbers(ctx, tx)
	if err != nil {
		return nil, err
	}
	codes := map[int64]string{}
	for code, n := range known {
		codes[n] = code
	}
	at := map[int64]*explained{}
	return func(building int64) (*explained, error) {
		if at[building] == nil {
			x := &explained{engine: engine, codes: codes}
			if err := x.load(ctx, tx, building, month, m.Now()); err != nil {
				return nil, err
			}
			at[building] = x
		}
		return at[building], nil
	}, nil
}

func (x *explained) load(ctx context.Context, tx *db.Tx, building int64, month calendar.Month, at calendar.Micros) error {
	set, err := fact.Gather(ctx, tx, building, at)
	if err != nil {
		return err
	}
	for _, s := range set.Subscriptions {
		if s.Days(month.First(), month.Last()) > 0 {
			x.subs = append(x.subs, s)
		}
	}
	err = tx.Scan(ctx, `SELECT account_id, service_id, service_no, method, component, volume_e7, rate_e7 FROM charge_line
		WHERE building_id = $1 AND month = $2 AND formula <> $3 AND kind = $4`, []any{building, int64(month), int64(calc.FormulaRecalculation), int64(besideMark | calc.Charged)},
		func(v []int64, _ []byte) error {
			x.lines = append(x.lines, comparedLine{v[0], v[1], x.codes[v[2]], calc.Method(v[3]), calc.Component(v[4]), decimal.Decimal(v[5]), decimal.Decimal(v[6])})
			return nil
		})
	if err != nil {
		return err
	}
	x.issues = map[figureKey]string{}
	rows, err := tx.QueryContext(ctx, "SELECT account_id, service_id, code FROM charge_issue WHERE building_id = $1 AND month = $2 ORDER BY run_id, issue_no", building, int64(month))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key figureKey
		var code string
		if err := rows.Scan(&key.account, &key.service, &code); err != nil {
			return err
		}
		if _, ok := x.issues[key]; !ok {
			x.issues[key] = code // the first says what the others follow from
		}
	}
	return rows.Err()
}

// explain finds Kvit's volume and rate, and the likely cause.
func (x *explained) explain(d *Difference) {
	var own []comparedLine
	for _, l := range x.lines {
		if l.account == d.Account && l.service == d.Service {
			own = append(own, l)
		}
	}
	d.OurVolume, d.OurRate = volumeAndRate(own)
	switch {
	case d.Cause == CauseDoubled:
	case d.Missing:
		d.Cause = CauseMissing
	case len(own) == 0:
		d.Cause, d.Of = CauseNotComputed, x.issues[figureKey{d.Account, d.Service}]
	default:
		if d.Cause, d.Of = x.linked(d, own[0].code); d.Cause == "" {
			d.Cause = causeOf(d, own)
		}
	}
}

// volumeAndRate are the volume of lines together, heat not counted with water, and their rate where it is one.
func volumeAndRate(lines []comparedLine) (volume, rate *decimal.Decimal) {
	if len(lines) == 0 {
		return nil, nil
	}
	water := slices.ContainsFunc(lines, func(l comparedLine) bool { return l.component != calc.Heat })
	var sum decimal.Decimal
	rates := map[decimal.Decimal]bool{}
	for _, l := range lines {
		if l.component != calc.Heat || !water {
			sum += l.volume
		}
		rates[l.rate] = true
	}
	if len(rates) == 1 {
		rate = &lines[0].rate
	}
	return &sum, rate
}

// linked tells whether the volume of a service that counts in this one is missing on one side.
func (x *explained) linked(d *Difference, code string) (Cause, string) {
	s, ok := x.engine.Service(code)
	if !ok || d.TheirVolume == nil || *d.TheirVolume == *d.OurVolume {
		return "", ""
	}
	missing := ""
	for _, l := range x.engine.Of(s).Links {
		volume, taken := x.volumeOf(d.Household, l.Service)
		switch {
		case l.Factor < 0:
		case taken && volume != 0 && *d.OurVolume-volume == *d.TheirVolume:
			return CauseLinkedLeftOut, l.Service
		case volume == 0 && !x.computed(d.Household, l.Service) && x.sold(l.Service) && missing == "":
			missing = l.Service
		}
	}
	if missing != "" && *d.TheirVolume > *d.OurVolume {
		return CauseLinkedMissing, missing
	}
	return "", ""
}

// volumeOf is the volume of a service of a household; taken tells whether an account of it takes the service.
func (x *explained) volumeOf(household int64, service string) (sum decimal.Decimal, taken bool) {
	for _, s := range x.subs {
		if s.Household != household || s.Service != service {
			continue
		}
		taken = true
		for _, l := range x.lines {
			if l.account == s.AccountID && l.code == service && l.component != calc.Heat {
				sum += l.volume
			}
		}
	}
	return sum, taken
}

// computed tells whether a household has a line of a service, be its volume zero.
func (x *explained) computed(household int64, service string) bool {
	return slices.ContainsFunc(x.subs, func(s fact.Subscription) bool {
		return s.Household == household && s.Service == service && slices.ContainsFunc(x.lines, func(l comparedLine) bool { return l.account == s.AccountID && l.code == service })
	})
}

// sold tells whether anybody in the building takes a service.
func (x *explained) sold(service string) bool {
	return slices.ContainsFunc(x.subs, func(s fact.Subscription) bool { return s.Service == service })
}

func causeOf(d *Difference, own []comparedLine) Cause {
	theirInput := !slices.ContainsFunc(own, func(l comparedLine) bool { return l.method != calc.ByMeter && l.method != calc.ByReported })
	switch {
	case d.TheirVolume != nil && *d.TheirVolume != *d.OurVolume && roundedTo(*d.TheirVolume, *d.OurVolume):
		return CauseRounding
	case d.TheirVolume != nil && *d.TheirVolume != *d.OurVolume:
		return CauseVolume
	case d.TheirRate != nil && d.OurRate != nil && *d.TheirRate != *d.OurRate:
		return CauseRate
	case d.TheirVolume != nil && d.TheirRate != nil && d.OurRate != nil:
		return CauseSum
	case d.TheirVolume == nil && d.TheirRate == nil && theirInput:
		return inferred(d.Theirs, own)
	case theirInput && d.TheirRate == nil:
		return CauseRate // the volume is his own, so what is left is the price
	}
	return CauseUnknown
}
