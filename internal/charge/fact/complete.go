package fact

import (
	"cmp"
	"slices"

	"kvit/internal/charge/calc"
)

// ofMeter gives a meter of an account's service, in every term of the service.
func (c *composer) ofMeter(x *Rare, id int64, fn func(*calc.Meter)) {
	c.taken(0, x.AccountID, x.Service, func(s *calc.Subscription) {
		for i := range s.Meters {
			if s.Meters[i].ID == id {
				fn(&s.Meters[i])
			}
		}
	})
}

// complete puts in what a change leaves unsaid: the area before it changed and who was charged before the first change.
func complete(p *calc.Premises) {
	if len(p.Areas) > 0 && p.Areas[0].From != 0 && p.Area != 0 {
		p.Areas = slices.Insert(p.Areas, 0, calc.AreaFrom{Area: p.Area, Heated: p.Heated})
	}
	if n := len(p.Areas); n > 0 {
		p.Area, p.Heated = p.Areas[n-1].Area, p.Areas[n-1].Heated
	}
	if len(p.Parties) > 0 && p.Parties[0].From != 0 {
		p.Parties = slices.Insert(p.Parties, 0, calc.Party{})
	}
	for i := range p.Services {
		for k := range p.Services[i].Meters {
			slices.SortStableFunc(p.Services[i].Meters[k].Verified, func(a, b calc.Term) int { return cmp.Compare(a.From, b.From) })
		}
	}
}
