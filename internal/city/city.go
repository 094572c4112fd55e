package city

import (
	"context"
	"os"
	"path/filepath"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// Options say which town to make. Defects multiplies all rates of damage: 0 is a clean town, 3 a very dirty one.
// Progress, when given, is called with the work done and the work there is, in households.
type Options struct {
	Out        string
	Households int
	Seed       int64
	Month      calendar.Month
	Defects    float64
	Payments   bool
	Progress   func(done, total int)
}

// Summary counts what was made. Sums are in kopecks.
type Summary struct {
	Households int            `json:"households"`
	Houses     int            `json:"houses"`
	Accounts   int            `json:"accounts"`
	Suppliers  int            `json:"suppliers"`
	Files      int            `json:"files"`
	Defects    int            `json:"defects"`
	ByDefect   map[string]int `json:"byDefect"`
	Charge     int64          `json:"charge"`
	Due        int64          `json:"due"`
	Paid       int64          `json:"paid"`
}

// maxHouseholds is as many homes as the streets of the town and the numbers of its centre can bear.
const maxHouseholds = 1_000_000

func (o *Options) validate() error {
	switch {
	case o.Out == "":
		return fault.New(fault.Invalid, "city.out", "Назовите папку, куда записать город.").WithField("out")
	case o.Households < 1 || o.Households > maxHouseholds:
		return fault.Newf(fault.Invalid, "city.households", "Семей может быть от 1 до %d, а указано %d.", maxHouseholds, o.Households).WithField("households")
	case !o.Month.Valid() || o.Month < firstMonth || o.Month > lastMonth:
		return fault.Newf(fault.Invalid, "city.month", "Цены города известны с %s по %s. Назовите месяц из этого срока.", firstMonth, lastMonth).WithField("month")
	case o.Defects < 0 || o.Defects > 10 || o.Defects != o.Defects:
		return fault.New(fault.Invalid, "city.defects", "Доля ошибок – число от 0 до 10.").WithField("defects")
	}
	return nil
}

// Make writes a town into a folder. The same options give the same bytes.
func Make(ctx context.Context, o Options) (Summary, error) {
	if err := o.validate(); err != nil {
		return Summary{}, err
	}
	m := &maker{options: o, town: newTown(o), truth: newTruth()}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return Summary{}, cannotWrite(o.Out, err)
	}
	if err := m.populate(ctx); err != nil {
		return Summary{}, err
	}
	return m.write(ctx)
}

// maker holds a town between its birth and its files.
type maker struct {
	options   Options
	town      *town
	truth     *truth
	registers []*register
	cashbook  *cashbook
	summary   Summary
}

func (m *maker) progress(done int) {
	if m.options.Progress != nil {
		m.options.Progress(done, 2*m.options.Households)
	}
}

// populate builds houses until all households live somewhere, and puts their accounts into registers.
func (m *maker) populate(ctx context.Context) error {
	for _, l := range m.town.set.layouts {
		m.registers = append(m.registers, newRegister(m.town, l, m.truth, m.options.Defects))
	}
	m.cashbook = newCashbook(m.town, m.truth, m.options.Defects)
	for len(m.town.households) < m.options.Households {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, hh := range m.town.settle(m.options.Households - len(m.town.households)) {
			m.bill(hh)
		}
		m.progress(len(m.town.households))
	}
	return nil
}

// bill puts the accounts of a household into the registers and pays for those that got there.
func (m *maker) bill(hh *household) {
	r := seeded(m.options.Seed, "rows/"+hh.id, 0)
	kept := hh.accounts[:0]
	for _, a := range hh.accounts {
		if m.registers[a.trade].add(a, r) {
			kept = append(kept, a)
			hh.charge += a.charge
			hh.due += a.due
			m.summary.Paid += a.paid
		}
	}
	hh.accounts = kept
	hh.house.charge += hh.charge
	hh.house.due += hh.due
	m.summary.Accounts += len(kept)
	m.summary.Charge += hh.charge
	m.summary.Due += hh.due
	if m.options.Payments {
		m.cashbook.pay(kept, r)
	}
}

func (m *maker) write(ctx context.Context) (Summary, error) {
	dir := m.options.Out
	sheet := &formatsFile{Month: m.options.Month.String(), Town: townName, Payments: []*format{}}
	for i, g := range m.registers {
		list, err := g.write(ctx, dir)
		if err != nil {
			return Summary{}, err
		}
		sheet.Registers = append(sheet.Registers, list...)
		g.rows = nil
		m.progress(m.options.Households + m.options.Households*i/len(m.registers))
	}
	var pays *paymentsTruth
	if m.options.Payments {
		var err error
		if pays, sheet.Payments, err = m.cashbook.write(dir); err != nil {
			return Summary{}, err
		}
	}
	m.count(sheet)
	meters := m.town.houseMeters()
	for _, step := range []func() error{
		func() error { return m.town.writeRegistry(dir) },
		func() error { return m.town.writeHouseMeters(filepath.Join(dir, HouseMetersFile), meters) },
		func() error { return sheet.write(filepath.Join(dir, "formats.json")) },
		func() error { return m.writeSuppliers(filepath.Join(dir, "suppliers.yaml")) },
		func() error {
			return m.town.writeTruth(dir, m.truth, pays, meters, m.town.meta(m.options, m.summary))
		},
	} {
		if err := step(); err != nil {
			return Summary{}, err
		}
	}
	m.progress(2 * m.options.Households)
	return m.summary, nil
}

func (m *maker) count(sheet *formatsFile) {
	s := &m.summary
	s.Households, s.Houses, s.Suppliers = len(m.town.households), len(m.town.houses), int(trades)
	s.Files, s.Defects, s.ByDefect = len(sheet.Registers)+len(sheet.Payments), len(m.truth.defects), m.truth.counts()
}

func (m *maker) writeSuppliers(path string) error {
	if err := os.WriteFile(path, []byte(m.town.suppliersYAML()), 0o644); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}
