package register

import "slices"

// asPayments reads the sums of a headless register of payments: the sum, what the bank passes on, its fee. They
// are told by sum = passed on + fee; without that, the sum is a column that is never zero.
func (g *guess) asPayments() {
	var sums []*column
	g.unsure = false
	for _, c := range g.columns {
		if (c.role == "" || roleNames[c.role].money()) && c.facts.decimals > .9 && c.facts.kopecks > .9 {
			c.role = ""
			sums = append(sums, c)
		}
	}
	if !g.withFee(sums) {
		if i := slices.IndexFunc(sums, func(c *column) bool { return c.facts.zeroShare() == 0 }); i >= 0 {
			sums[i].role = "amount"
			g.e.add("amount", sums[i].label(), "первая колонка сумм без нулей")
		}
	}
	g.best("operation", "длинные номера без букв адреса, стоят до счёта", func(f *facts) float64 {
		if f.spaces > 0 || f.digits < 1 || f.decimals > 0 || f.distinct < .05 || f.date > 0 || f.time > 0 || f.length < 8 {
			return 0
		}
		return f.length + f.distinct
	})
	g.fileRoles()
}

// withFee looks for three columns of which the first is the sum of the others.
func (g *guess) withFee(sums []*column) bool {
	for i, amount := range sums {
		for j, net := range sums {
			for k, fee := range sums {
				if i == j || j >= k || i == k || share(amount, []*column{net, fee}, nil) <= .85 {
					continue
				}
				if total(net) < total(fee) {
					net, fee = fee, net
				}
				amount.role, net.role, fee.role = "amount", "net", "commission"
				g.e.add("amount", amount.label(), "равна сумме к перечислению и комиссии")
				return true
			}
		}
	}
	return false
}

// total is the size of a column's sums.
func total(c *column) (n int64) {
	for _, s := range c.facts.sums {
		n += max(int64(s), -int64(s))
	}
	return n
}
