package calc

import "kvit/internal/decimal"

// byReported takes for the month's usage the volumes the supplier gives; false when he gives none, or a meter was read.
func (c *charging) byReported() bool {
	if len(c.sub.Reported) == 0 || c.read() {
		return false
	}
	for i := range c.sub.Reported {
		if r := &c.sub.Reported[i]; r.Month == c.month {
			c.out.usage = append(c.out.usage, usage{zone: r.Zone, method: ByReported, month: c.month, volume: r.Volume.Exact()})
		}
	}
	return len(c.out.usage) > 0
}

// read tells whether a meter of the service has a difference of readings that counts in the month.
func (c *charging) read() bool {
	for i := range c.sub.Meters {
		if m := &c.sub.Meters[i]; c.counts(m) {
			for zone := AllDay; zone <= HalfPeak; zone++ {
				if before, after := c.readingsOf(m, zone); before != nil && after != nil {
					return true
				}
			}
		}
	}
	return false
}

// reported charges a service that no meter of its own decides by the volumes the supplier gives; false when he gives none.
func (c *charging) reported() bool {
	if len(c.sub.Reported) == 0 {
		return false
	}
	c.out.usage = c.out.usage[:0]
	if !c.byReported() {
		return false
	}
	for i := range c.out.usage {
		volume := c.out.usage[i].volume
		for _, s := range c.cut(c.rateOrResource(c.Book, c.rateKey())) {
			l := c.line(Charged, ByReported, FormulaReported)
			l.Party = s.party
			share := c.shareOfMonth(l, s, volume)
			c.price(l, share, s.rate)
			c.use(volumeOf{party: s.party, method: ByReported, volume: share})
		}
	}
	return true
}

// apart takes off a meter's volume what went through it but is charged in a line of its own: irrigation whose volume the
// supplier gives. Of several accounts of one service the first is meant.
func (c *charging) apart(list []usage) {
	for i := range c.p.Services[:c.at] {
		if s := &c.p.Services[i]; s.Service == c.sub.Service && s.Supplier == c.sub.Supplier && s.Days(c.first, c.last) > 0 {
			return
		}
	}
	for i := range c.p.Services {
		s := &c.p.Services[i]
		if !s.Included || s.Supplier != c.sub.Supplier || c.engine.services[s.Service].resource != c.sub.Service || s.Days(c.first, c.last) == 0 {
			continue
		}
		c.takeOff(list, c.reportedOf(s))
	}
}

func (c *charging) reportedOf(s *Subscription) (sum decimal.Ratio) {
	for i := range s.Reported {
		if s.Reported[i].Month == c.month {
			sum = sum.Plus(s.Reported[i].Volume.Exact())
		}
	}
	return sum
}

// takeOff takes a volume off the first meter that showed as much.
func (c *charging) takeOff(list []usage, volume decimal.Ratio) {
	for i := range list {
		if list[i].method == ByMeter && list[i].volume.Cmp(volume) >= 0 {
			list[i].volume = list[i].volume.Minus(volume)
			return
		}
	}
}
