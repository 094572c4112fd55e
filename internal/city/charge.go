package city

import (
	"kvit/internal/decimal"
)

// service is a line of a charge: volume in units of 1/scale, price in 1/10000 rouble.
type service struct {
	code   string
	volume int64
	scale  int64
	price  int64
	charge int64 // kopecks
}

// priced makes a line; the sum is rounded once, half up.
func priced(code string, volume, scale, price int64) service {
	return service{code, volume, scale, price, cost(volume, scale, price)}
}

// cost is volume × price in kopecks. Volumes and prices of the town are far from the bounds of int64.
func cost(volume, scale, price int64) int64 {
	k, err := decimal.MulDiv(volume, price, scale*100)
	if err != nil {
		panic(err)
	}
	return k
}

// names of services as the water and the heat supplier print them; they are part of a set of layouts.
type serviceNames struct {
	cold, sewage, irrigation string
	heat, warmHeat, warmCold string
}

// water computes volumes: a meter in the kitchen counts the garden too, sewage does not.
func (t *town) water(hh *household, r *rng) {
	h, c := hh.house, &hh.calc
	people := hh.residents
	if people == 0 && r.percent(40) {
		people = 1
	}
	c.hasWater = true
	c.cold = normCold * max(1, hh.residents)
	if hh.coldMeter {
		c.cold = 2550 * people * int64(r.between(60, 152)) / 100
	}
	switch {
	case h.warm && hh.hotMeter:
		c.hot = 1720 * people * int64(r.between(60, 150)) / 100
	case h.warm:
		c.hot = normHot * max(1, hh.residents)
	case hh.coldMeter:
		c.cold = c.cold * 3 / 2 // water is warmed at home
	}
	if m := t.month.Number(); h.plot > 0 && m >= 5 && m <= 8 && r.percent(72) {
		c.irrigation = h.plot * 60
	}
	if h.block() || r.percent(62) {
		c.sewage = c.cold + c.hot
	}
}

func (t *town) waterServices(hh *household) []service {
	c, n := &hh.calc, t.set.services
	list := []service{priced(n.cold, c.cold, 1000, t.prices["cold_water"])}
	if c.sewage > 0 {
		list = append(list, priced(n.sewage, c.sewage, 1000, t.prices["sewage"]))
	}
	if c.irrigation > 0 {
		list = append(list, priced(n.irrigation, c.irrigation, 1000, t.prices["cold_water"]))
	}
	return list
}

// heatServices are heating in season and hot water of two components.
func (t *town) heatServices(hh *household) []service {
	h, n := hh.house, t.set.services
	if !h.heat {
		return nil
	}
	var list []service
	if g := hh.area * builds[h.kind].heatNorm * heatSeason[t.month.Number()] * h.heatFactor / 10000; g > 0 {
		list = append(list, priced(n.heat, g, 1_000_000, t.prices["heat"]))
	}
	if h.warm {
		list = append(list, priced(n.warmHeat, hh.calc.hot*heatOfHotWater/10, 1_000_000, t.prices["heat"]),
			priced(n.warmCold, hh.calc.hot, 1000, t.prices["cold_water"]))
	}
	return list
}

func (t *town) gasServices(hh *household, r *rng) []service {
	h, people := hh.house, max(1, hh.residents)
	volume := 11 * people * int64(r.between(60, 140)) / 100
	if h.warm {
		volume = 4 * people * int64(r.between(60, 140)) / 100
	}
	if !h.block() {
		volume = hh.residents*9 + hh.area*heatSeason[t.month.Number()]*int64(r.between(80, 130))/270000
	}
	return []service{priced("Газ", volume, 1, t.prices["gas"])}
}

func (t *town) wasteServices(hh *household) []service {
	volume := max(1, hh.residents) * 198
	if !hh.house.block() {
		volume = max(1, hh.residents) * 224
	}
	return []service{priced("Обращение с ТКО", volume, 1000, t.prices["waste"])}
}

func (t *town) upkeepServices(hh *household) []service {
	b := &builds[hh.house.kind]
	rate := int64(72)
	if hh.house.floors > 5 {
		rate = 113 // lifts
	}
	return []service{priced("Содержание и ремонт", hh.area, 100, b.upkeep),
		priced("ХВ на СОИ", hh.area*3/10, 10000, t.prices["cold_water"]),
		priced("ЭЭ на СОИ", hh.area*rate, 100000, t.prices["electricity"])}
}

// repairShare is the contribution of one of n owners for area, rounded half up.
func (t *town) repairShare(area int64, n int) service {
	price := t.prices["capital_repair"]
	s := service{"Взнос на капремонт", area, 100, price, 0}
	s.charge = cost(area, int64(100*n), price)
	return s
}

func flatFee(code string, kopecks int64) []service {
	return []service{{code, 1, 1, kopecks * 100, kopecks}}
}
