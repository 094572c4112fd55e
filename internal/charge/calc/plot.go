package calc

import "kvit/internal/decimal"

// plot charges watering, animals and baths of a plot: units × normative in season (п. 49, formula 22). What the main
// meter has counted already is not charged again.
func (c *charging) plot() {
	if len(c.sub.Meters) > 0 && c.plotByMeter() {
		return
	}
	if c.reported() {
		return
	}
	for i := range c.sub.Objects {
		o := &c.sub.Objects[i]
		w := c.wantNorm("")
		w.object = o.Name
		n, ok := c.norm(w)
		if !ok {
			continue // out of season, or nothing is approved for it
		}
		volume := c.monthly(n).Times(o.Count)
		if c.sub.Included {
			c.use(volumeOf{method: ByNormative, volume: volume, included: true})
			continue
		}
		for _, s := range c.cut(c.rateOrResource(c.Book, c.rateKey())) {
			l := c.line(Charged, ByNormative, FormulaPlot)
			l.Norm, l.NormRow, l.Base, l.Party = n.Value, n.row, o.Count, s.party
			share := c.shareOfMonth(l, s, volume)
			c.price(l, share, s.rate)
			c.use(volumeOf{party: s.party, method: ByNormative, volume: share})
		}
	}
}

// shareOfMonth is a volume's part for the days of a segment.
func (c *charging) shareOfMonth(l *Line, s segment, volume decimal.Ratio) decimal.Ratio {
	if s.days() == c.days {
		return volume
	}
	l.From, l.To, l.Days, l.DaysOf = s.from, s.to, s.days(), c.days
	return volume.TimesInt(int64(s.days())).OverInt(int64(c.days))
}

// plotByMeter charges a plot's own meter; false when nothing is known by it, and the normative must stand for it.
func (c *charging) plotByMeter() bool {
	list := c.usageOf()
	if len(list) == 1 && list[0].method == ByNormative {
		return false
	}
	for i := range list {
		if c.sub.Included {
			c.use(volumeOf{method: list[i].method, volume: list[i].volume, included: true})
		}
	}
	if !c.sub.Included {
		c.byVolume(list)
	}
	return true
}
