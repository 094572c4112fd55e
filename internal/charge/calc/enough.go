package calc

// Enough tells whether the readings of a subscription decide its month by themselves: every register of every meter has
// one counted in the month and one counted in the month before. If not, earlier readings matter (averages, what is
// corrected), and whoever loaded only the latest ones must load the rest.
func (b *Book) Enough(sub *Subscription) bool {
	if len(sub.Meters) == 0 {
		return true
	}
	c := charging{Book: b, sub: sub, of: &b.engine.services[sub.Service], habit: b.policy(sub.Service, sub.Supplier)}
	if kind, _ := c.refusal(c.last); kind != 0 {
		return false
	}
	for i := range sub.Meters {
		m := &sub.Meters[i]
		if m.From > c.last || m.Until != 0 && m.Until < c.first {
			continue
		}
		if c.unusableSince(m, c.last) != 0 || !c.readTwice(m) {
			return false
		}
	}
	return true
}

// readTwice tells whether each register of a meter was read for the month and for the one before.
func (c *charging) readTwice(m *Meter) bool {
	registers, before := uint8(0), c.month.Add(-1)
	for zone := AllDay; zone <= HalfPeak; zone++ {
		a, z := c.readingsOf(m, zone)
		switch {
		case a == nil && z == nil:
			continue
		case a == nil || z == nil || c.billedIn(m, a) != before:
			return false
		}
		registers++
	}
	return registers > 0 && registers >= m.Registers
}
