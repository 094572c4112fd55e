package city

// power is the electricity of a household: the plan, and the kWh of each zone of the day.
type power struct {
	plan   string // "1", "2" or "3" zones
	stove  string // gas or electric
	zones  []zone
	charge int64
	prev   []int64 // readings before, by zone
}

type zone struct {
	name string // T all day, D day, N night, P peak, S half-peak
	kwh  int64
}

func (p *power) total() (sum int64) {
	for _, z := range p.zones {
		sum += z.kwh
	}
	return sum
}

// electricity draws the consumption of a month and prices it.
func (t *town) electricity(hh *household, r *rng) *power {
	h, month := hh.house, t.month.Number()
	kwh := (54 + 49*max(1, hh.residents)) * powerSeason[month] / 100 * int64(r.between(60, 150)) / 100
	if !h.gas {
		kwh = kwh * 136 / 100
	}
	p := &power{stove: "gas"}
	warmed := !h.block() && r.percent(4) && heatSeason[month] > 0
	if warmed {
		kwh += hh.area * heatSeason[month] * int64(r.between(36, 78)) / 10000
		hh.situations = append(hh.situations, electricHeating)
	}
	if !h.gas || warmed {
		p.stove = "electric"
	}
	p.spread(kwh, r)
	for range p.zones {
		p.prev = append(p.prev, int64(r.between(120, 97000)))
	}
	p.charge = t.powerCharge(p)
	return p
}

func (p *power) spread(kwh int64, r *rng) {
	switch r.weighted(72, 25, 3) {
	case 0:
		p.plan, p.zones = "1", []zone{{"T", kwh}}
	case 1:
		night := kwh * int64(r.between(17, 43)) / 100
		p.plan, p.zones = "2", []zone{{"D", kwh - night}, {"N", night}}
	default:
		night, peak := kwh*int64(r.between(18, 38))/100, kwh*int64(r.between(20, 35))/100
		p.plan, p.zones = "3", []zone{{"P", peak}, {"S", kwh - night - peak}, {"N", night}}
	}
}

// powerCharge spreads the kWh of a zone over the bands in proportion to the whole month; the last band reached
// takes the rest. Prices are printed with two digits, so they are rounded to them first.
func (t *town) powerCharge(p *power) (sum int64) {
	total := p.total()
	for _, z := range p.zones {
		price := half(t.prices["electricity"]*zonePercent[z.name], 100)
		if p.stove == "electric" {
			price = half(price*electricStovePercent, 100)
		}
		price = half(price, 100) * 100
		if t.month < bandsSince || total <= bands[0].limit {
			sum += cost(z.kwh, 1, price)
			continue
		}
		sum += overBands(z.kwh, total, price)
	}
	return sum
}

func overBands(kwh, total, price int64) (sum int64) {
	left, low := kwh, int64(0)
	for _, b := range bands {
		inBand := max(0, min(total, b.limit)-low)
		low = b.limit
		part := kwh * inBand / total
		if total <= b.limit {
			part = left
		}
		sum += cost(part, 1, half(price*b.rate/10000, 100)*100)
		if left -= part; left == 0 {
			break
		}
	}
	return sum
}

// half divides and rounds half up; both numbers are positive here.
func half(n, d int64) int64 { return (n + d/2) / d }
