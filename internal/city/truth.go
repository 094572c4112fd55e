package city

import "kvit/internal/calendar"

// truth is the right answer, gathered while files are written.
type truth struct {
	defects []*defect
	orphans [][2]string
	absent  [][3]string
	files   []fileTruth
	aliases map[string]string // "supplier:as printed" to "supplier:true number"
	totals  map[string]*supplierTotal
}

func newTruth() *truth {
	return &truth{orphans: [][2]string{}, absent: [][3]string{}, aliases: map[string]string{}, totals: map[string]*supplierTotal{}}
}

// defect is one thing damaged on purpose, with its place and what a good program does about it.
type defect struct {
	ID         int      `json:"id"`
	Type       string   `json:"type"`
	Supplier   string   `json:"supplier"`
	File       string   `json:"file"`
	Pos        int      `json:"pos"`
	Twin       int      `json:"twin,omitempty"`
	Unit       string   `json:"unit,omitempty"`
	Account    string   `json:"account"`
	Household  string   `json:"household"`
	House      string   `json:"house,omitempty"`
	Action     string   `json:"action"`
	Field      string   `json:"field,omitempty"`
	Was        string   `json:"was"`
	Now        string   `json:"now"`
	How        string   `json:"how,omitempty"`
	Hints      []string `json:"hints,omitzero"`
	Delta      *int64   `json:"delta,omitempty"`
	Due        *int64   `json:"due,omitempty"`
	Charge     *int64   `json:"charge,omitempty"`
	OutOfOrder *bool    `json:"out_of_order,omitempty"`
	Operation  string   `json:"operation,omitempty"`
	Amount     *int64   `json:"amount,omitempty"`
}

// at gives a defect its place. The first of two equal rows becomes the twin of the second.
func (d *defect) at(file string, pos int) {
	if d.Pos > 0 {
		d.Twin = d.Pos
	}
	d.File, d.Pos = file, pos
}

// rawTotal is what lies in a file before any cleaning.
type rawTotal struct {
	Rows    int   `json:"rows"`
	Charge  int64 `json:"charge"`
	Due     int64 `json:"due"`
	Opening int64 `json:"opening"`
	Paid    int64 `json:"paid"`
}

func (t *rawTotal) add(s sums) {
	t.Rows++
	t.Charge += s.charge
	t.Due += s.due
	t.Opening += s.opening
	t.Paid += s.paid
}

type fileTruth struct {
	File     string   `json:"file"`
	Supplier string   `json:"supplier"`
	Format   string   `json:"format"`
	Raw      rawTotal `json:"raw"`
}

// supplierTotal is what a supplier's accounts add up to after cleaning.
type supplierTotal struct {
	Accounts int   `json:"accounts"`
	Opening  int64 `json:"opening"`
	Charge   int64 `json:"charge"`
	Recalc   int64 `json:"recalc"`
	Penalty  int64 `json:"penalty"`
	Paid     int64 `json:"paid"`
	Due      int64 `json:"due"`
}

func (t *truth) count(code string, s sums) {
	x := t.totals[code]
	if x == nil {
		x = &supplierTotal{}
		t.totals[code] = x
	}
	x.Accounts++
	x.Opening += s.opening
	x.Charge += s.charge
	x.Recalc += s.recalc
	x.Penalty += s.penalty
	x.Paid += s.paid
	x.Due += s.due
}

// report records a defect of an account.
func (t *truth) report(kind, code string, a *account, action string) *defect {
	d := &defect{Type: kind, Supplier: code, Account: a.number, Action: action}
	if a.household != nil {
		d.Household = a.household.id
	}
	t.defects = append(t.defects, d)
	return d
}

func (t *truth) counts() map[string]int {
	out := map[string]int{}
	for _, d := range t.defects {
		out[d.Type]++
	}
	return out
}

// meta tells the checker the words and rules of this town.
type meta struct {
	Generator    string            `json:"generator"`
	Town         string            `json:"town"`
	Seed         int64             `json:"seed"`
	Month        string            `json:"month"`
	Households   int               `json:"households"`
	Houses       int               `json:"houses"`
	Accounts     int               `json:"accounts"`
	Multiplier   float64           `json:"defect_multiplier"`
	Unit         string            `json:"money_unit"`
	Charge       int64             `json:"charge"`
	Due          int64             `json:"due"`
	Services     map[string]string `json:"service_names"`
	Water        string            `json:"water_supplier"`
	Power        string            `json:"power_supplier"`
	ZonePercent  map[string]int64  `json:"zone_percent"`
	MeterModulus int               `json:"meter_modulus"`
}

func (t *town) meta(o Options, s Summary) meta {
	n := t.set.services
	return meta{Generator: "kvit-city-1", Town: townName, Seed: o.Seed, Month: o.Month.String(), Households: s.Households, Houses: s.Houses,
		Accounts: s.Accounts, Multiplier: o.Defects, Unit: "kopeck", Charge: s.Charge, Due: s.Due,
		Services: map[string]string{"cw": n.cold, "sw": n.sewage, "irr": n.irrigation},
		Water:    t.set.layouts[waterTrade].code, Power: t.set.layouts[powerTrade].code, ZonePercent: zonePercent, MeterModulus: waterModulus / 1000}
}

// before is the month before, for rows of a wrong period.
func before(m calendar.Month) calendar.Month { return m.Add(-1) }
