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
func MakeEarlier(ctx context.Context, o Options, house string) (Summary, error) {
	if err := o.validate(); err != nil {
		return Summary{}, err
	}
	if o.Month == firstMonth {
		return Summary{}, nil
	}
	o.Payments = false
	m := &maker{options: o, town: newTown(o), truth: newTruth()}
	if err := m.populate(ctx); err != nil {
		return Summary{}, err
	}
	then := *m.town
	then.month, then.dirty = o.Month.Add(-1), false
	then.prices = pricesOf(then.month)
	past := &maker{options: o, town: &then, truth: newTruth()}
	for i, l := range then.set.layouts {
		g := newRegister(&then, l, past.truth, 0)
		seen := map[*account]bool{}
		for _, rw := range m.registers[i].rows {
			if a := rw.account; a.household.house.id == house && !seen[a] {
				seen[a] = true
				g.rows = append(g.rows, row{account: then.earlier(a, m.town), damage: rw.damage.ofIdentity()})
				past.summary.Accounts++
			}
		}
		past.registers = append(past.registers, g)
	}
	if past.summary.Accounts == 0 {
		return Summary{}, nil
	}
	return past.writeEarlier(ctx)
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

// earlier is an account as it was a month before now; nothing was paid that month.
func (t *town) earlier(a *account, now *town) *account {
	b := *a
	use := int64(100)
	if a.household.coldMeter {
		use = int64(seeded(t.seed, "earlier/"+a.household.id, 0).between(84, 112))
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
