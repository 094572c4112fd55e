package city

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"kvit/internal/decimal"
)

// MakeEarlier writes what the suppliers of a town sent for one of its houses the month before: the same accounts, at
// the prices and in the season of that month. Balances meet: what was due then is what the town's month opens with.
// An account that is written badly in the town was written so before: whose it is must not change by this. Nothing is written where nothing is known: of the first month with
// prices, of a house without accounts.
func MakeEarlier(ctx context.Context, o Options, house string) (s Summary, err error) {
	if o.Month == firstMonth {
		return s, o.validate()
	}
	err = eachPast(ctx, o, house, 1, func(past *maker) error {
		s, err = past.writeEarlier(ctx)
		return err
	})
	return s, err
}

// MakePast writes the same for each of so many months before the town's, every month into a folder of Out of its own named by
// it; the latest comes first. Of the latest nothing was paid, what the others opened with was paid in them.
func MakePast(ctx context.Context, o Options, house string, months int) (dirs []string, err error) {
	err = eachPast(ctx, o, house, months, func(past *maker) error {
		past.options.Out = filepath.Join(o.Out, past.town.month.String())
		dirs = append(dirs, past.options.Out)
		_, err := past.writeEarlier(ctx)
		return err
	})
	return dirs, err
}

// eachPast makes the registers of a house month by month back from the town's.
func eachPast(ctx context.Context, o Options, house string, months int, take func(*maker) error) error {
	if err := o.validate(); err != nil {
		return err
	}
	o.Payments = false
	m := &maker{options: o, town: newTown(o), truth: newTruth()}
	if err := m.populate(ctx); err != nil {
		return err
	}
	following := map[*account]*account{}
	for back := 1; back <= months && m.town.month.Add(-back) >= firstMonth; back++ {
		past := m.past(back, house, following)
		if past.summary.Accounts == 0 {
			return nil
		}
		if err := take(past); err != nil {
			return err
		}
	}
	return nil
}

// past are the registers of a house so many months before; following are its accounts in the month after that one, and then in
// that month itself.
func (m *maker) past(back int, house string, following map[*account]*account) *maker {
	then := *m.town
	then.month, then.dirty, then.back = m.town.month.Add(-back), false, back-1
	then.prices = pricesOf(then.month)
	past := &maker{options: m.options, town: &then, truth: newTruth()}
	for i, l := range then.set.layouts {
		g := newRegister(&then, l, past.truth, 0)
		seen := map[*account]bool{}
		for _, rw := range m.registers[i].rows {
			a := rw.account
			if a.household.house.id != house || seen[a] {
				continue
			}
			seen[a] = true
			following[a] = then.earlier(a.before(following[a]), m.town)
			g.rows = append(g.rows, row{account: following[a], damage: rw.damage.ofIdentity()})
			past.summary.Accounts++
		}
		past.registers = append(past.registers, g)
	}
	return past
}

// before is the account of the town with the balance and the readings the following month begins with.
func (a *account) before(following *account) *account {
	if following == nil {
		return a
	}
	b := *a
	b.opening, b.meter.prev = following.opening, following.meter.prev
	if a.power != nil {
		p := *a.power
		p.prev = following.power.prev
		b.power = &p
	}
	return &b
}

// ofIdentity is what of a damage says whose a row is: address, owner and number as they are printed.
func (d *damage) ofIdentity() *damage {
	if d == nil || d.addr == nil && d.owner == nil && d.number == "" && !d.numeric {
		return nil
	}
	return &damage{addr: d.addr, owner: d.owner, number: d.number, numeric: d.numeric}
}

// writeEarlier writes the registers and their sheet: houses and suppliers are those of the town.
func (m *maker) writeEarlier(ctx context.Context) (Summary, error) {
	if err := os.MkdirAll(m.options.Out, 0o755); err != nil {
		return Summary{}, cannotWrite(m.options.Out, err)
	}
	sheet := &formatsFile{Month: m.town.month.String(), Town: townName, Payments: []*format{}}
	for _, g := range m.registers {
		list, err := g.write(ctx, m.options.Out)
		if err != nil {
			return Summary{}, err
		}
		sheet.Registers = append(sheet.Registers, list...)
	}
	m.summary.Files = len(sheet.Registers)
	return m.summary, sheet.write(filepath.Join(m.options.Out, "formats.json"))
}

// earlier is an account as it was in a month before now. Nothing was paid the month before; what older months opened with was
// paid in them.
func (t *town) earlier(a *account, now *town) *account {
	b := *a
	use := int64(100)
	if a.household.coldMeter {
		use = int64(seeded(t.seed, "earlier/"+a.household.id, t.back).between(84, 112))
	}
	if a.power != nil {
		b.power = t.earlierPower(a.power, now, use)
	}
	b.services = make([]service, len(a.services))
	b.sums = sums{}
	for i, s := range a.services {
		b.services[i] = t.earlierService(&b, s, now, use)
		b.charge += b.services[i].charge
	}
	used := int64(0)
	if a.trade == waterTrade {
		used = b.services[0].volume
	}
	b.meter.cur = a.meter.prev
	b.meter.prev = (waterModulus + b.meter.cur - used) % waterModulus
	b.due = a.opening
	b.opening = b.due - b.charge
	if t.back > 0 {
		b.opening = b.charge
		b.paid = b.opening + b.charge - b.due
	}
	return &b
}

// earlierService is one line the month before: the volume by season and use, the price of that month.
func (t *town) earlierService(a *account, s service, now *town, use int64) service {
	switch {
	case a.trade == powerTrade:
		return service{s.code, a.power.total(), 1, 0, a.power.charge}
	case s.code == t.set.services.heat:
		s.volume = share(s.volume, heatSeason[t.month.Number()], max(1, heatSeason[now.month.Number()]))
	case a.trade == waterTrade || a.trade == heatTrade || a.trade == gasTrade:
		s.volume = share(s.volume, use, 100)
	}
	price := s.price
	for _, name := range slices.Sorted(maps.Keys(now.prices)) {
		if now.prices[name] == s.price {
			price = t.prices[name]
			break
		}
	}
	return service{s.code, s.volume, s.scale, price, cost(s.volume, s.scale*int64(a.share), price)}
}

// earlierPower is the electricity of the month before; its readings end where those of the town's month begin.
func (t *town) earlierPower(p *power, now *town, use int64) *power {
	out := *p
	out.zones, out.prev = make([]zone, len(p.zones)), make([]int64, len(p.prev))
	for i, z := range p.zones {
		kwh := share(z.kwh, powerSeason[t.month.Number()]*use, powerSeason[now.month.Number()]*100)
		out.zones[i] = zone{z.name, min(kwh, p.prev[i])}
		out.prev[i] = p.prev[i] - out.zones[i].kwh
	}
	out.charge = t.powerCharge(&out)
	return &out
}

// share is n × part ÷ whole, rounded once.
func share(n, part, whole int64) int64 {
	v, err := decimal.MulDiv(n, part, whole)
	if err != nil {
		panic(err) // volumes of the town are far from the bounds of int64
	}
	return v
}
