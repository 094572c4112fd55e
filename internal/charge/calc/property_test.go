package calc_test

import (
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// household draws a flat of the town: persons by time, meters or none, absences and breaches of quality.
func household(t *rapid.T, e *calc.Engine) *calc.Premises {
	p := &calc.Premises{Area: tenths(t, "area", 200, 1500), Rooms: rapid.IntRange(1, 4).Draw(t, "rooms"), House: &calc.House{Area: 5420_6000000, Persons: 160}}
	p.Stays = []calc.Stay{{Persons: int32(rapid.IntRange(0, 5).Draw(t, "persons"))}}
	if rapid.Bool().Draw(t, "newcomer") {
		p.Stays = append(p.Stays, calc.Stay{Term: calc.Term{From: day(t, "came")}, Persons: 1})
	}
	if rapid.Bool().Draw(t, "away") {
		left := day(t, "left")
		p.Absences = []calc.Absence{{Left: left, Returned: left.AddDays(rapid.IntRange(1, 40).Draw(t, "days away")), Persons: 1}}
	}
	heating, _ := e.Service("heating")
	p.House.Resources = []calc.Resource{{Service: heating, HasMeter: true, Volume: tenths(t, "house heat", 500, 3000)}}
	for _, code := range []string{"cold_water", "hot_water", "sewage", "electricity", "gas", "heating", "waste", "maintenance", "capital_repair"} {
		p.Services = append(p.Services, service(t, e, code))
	}
	return p
}

func service(t *rapid.T, e *calc.Engine, code string) calc.Subscription {
	s, _ := e.Service(code)
	sub := calc.Subscription{Service: s}
	metered := code == "cold_water" || code == "hot_water" || code == "electricity" || code == "gas"
	if metered && rapid.Bool().Draw(t, code+" metered") {
		before := tenths(t, code+" before", 0, 90000)
		sub.Meters = []calc.Meter{{Readings: []calc.Reading{{On: 20251231, Value: before}, {On: 20260131, Value: before + tenths(t, code+" used", 0, 900)}}}}
	} else if metered {
		sub.MeterOK = rapid.Bool().Draw(t, code+" meter possible")
	}
	if metered && rapid.IntRange(0, 3).Draw(t, code+" broken") == 0 {
		sub.Events = []calc.Event{{Kind: "outage", From: day(t, code+" outage"), Hours: tenths(t, code+" hours", 1, 7440)}}
	}
	return sub
}

func tenths(t *rapid.T, name string, from, to int) decimal.Decimal {
	return decimal.Decimal(int64(rapid.IntRange(from, to).Draw(t, name)) * decimal.Scale / 10)
}

func day(t *rapid.T, name string) calendar.Date {
	return month.First().AddDays(rapid.IntRange(0, 30).Draw(t, name))
}

func charge(e *calc.Engine, p *calc.Premises) *calc.Bill {
	bill := &calc.Bill{}
	e.Month(month).Charge(p, bill)
	return bill
}

func total(b *calc.Bill) (sum money.Amount) {
	for i := range b.Lines {
		if b.Lines[i].Kind != calc.ReliefShown {
			sum += b.Lines[i].Amount
		}
	}
	return sum
}

// TestRecalculationIsTheDifference: corrections add up to the charge by the new facts less the charge by the old ones.
func TestRecalculationIsTheDifference(t *testing.T) {
	e := town(t)
	rapid.Check(t, func(t *rapid.T) {
		before, now, out := charge(e, household(t, e)), charge(e, household(t, e)), &calc.Bill{}
		calc.Correct(before, now, out)
		if got, want := total(out), total(now)-total(before); got != want {
			t.Errorf("corrections %v, difference %v", got, want)
		}
	})
}

// TestTwiceIsTheSame: a bill used again for the same household comes out the same, to the last line.
func TestTwiceIsTheSame(t *testing.T) {
	e := town(t)
	bill := &calc.Bill{}
	rapid.Check(t, func(t *rapid.T) {
		p := household(t, e)
		once := charge(e, p)
		e.Month(month).Charge(p, bill)
		if len(once.Lines) != len(bill.Lines) {
			t.Fatalf("%d lines, then %d", len(once.Lines), len(bill.Lines))
		}
		for i := range once.Lines {
			if a, b := calc.Words(e, &once.Lines[i]), calc.Words(e, &bill.Lines[i]); a != b {
				t.Errorf("first %s\nthen  %s", a, b)
			}
		}
	})
}

// TestNoServiceBelowZero: whatever is cut, a month without credits for earlier ones is not negative, for any service.
func TestNoServiceBelowZero(t *testing.T) {
	e := town(t)
	rapid.Check(t, func(t *rapid.T) {
		p := household(t, e)
		bill := charge(e, p)
		for i := range p.Services {
			if sum := bill.Total(p.Services[i].Service); sum < 0 {
				t.Errorf("%s %v", e.Of(p.Services[i].Service).Code, sum)
			}
		}
	})
}

// TestRaisingFactorIsMoneyOnly: whether a meter is possible changes money of the service, never the sewage of its water.
func TestRaisingFactorIsMoneyOnly(t *testing.T) {
	e := town(t)
	sewage, _ := e.Service("sewage")
	rapid.Check(t, func(t *rapid.T) {
		p := household(t, e)
		p.Absences = nil // an absence is counted only where no meter is possible
		sums := [2]money.Amount{}
		for n := range sums {
			for i := range p.Services {
				p.Services[i].MeterOK = n == 1
			}
			sums[n] = charge(e, p).Total(sewage)
		}
		if sums[0] != sums[1] {
			t.Errorf("sewage %v without a factor, %v with", sums[0], sums[1])
		}
	})
}

// TestPartiesAddUp: an owner's change inside the month shares every line and loses nothing; a raised line, rounded with
// its base, may differ by a kopeck.
func TestPartiesAddUp(t *testing.T) {
	e := town(t)
	rapid.Check(t, func(t *rapid.T) {
		p := household(t, e)
		p.Absences = nil
		for i := range p.Services {
			p.Services[i].Events = nil
		}
		whole := charge(e, p)
		p.Parties = []calc.Party{{Name: "old"}, {Name: "new", From: month.First().AddDays(rapid.IntRange(1, 30).Draw(t, "changed"))}}
		shared := charge(e, p)
		for i := range p.Services {
			s := &p.Services[i]
			a, b := whole.Total(s.Service), shared.Total(s.Service)
			if off := max(a-b, b-a); off > 1 || off > 0 && !s.MeterOK {
				t.Errorf("%s: whole %v, parties %v", e.Of(s.Service).Code, a, b)
			}
		}
	})
}

// TestHalvesAreTheWhole: the same persons in two stays, the same volume through two meters, the same area told twice.
func TestHalvesAreTheWhole(t *testing.T) {
	e := town(t)
	rapid.Check(t, func(t *rapid.T) {
		p := household(t, e)
		p.Stays[0].Persons *= 2
		whole := charge(e, p)
		half := p.Stays[0]
		half.Persons /= 2
		p.Stays = append([]calc.Stay{half, half}, p.Stays[1:]...)
		p.Areas = []calc.AreaFrom{{Area: p.Area}, {Area: p.Area, From: month.First()}}
		for i := range p.Services {
			p.Services[i].Meters = halves(p.Services[i].Meters)
		}
		parts := charge(e, p)
		for i := range p.Services {
			lines := money.Amount(0)
			for k := range parts.Lines {
				if parts.Lines[k].Service == p.Services[i].Service {
					lines++
				}
			}
			if a, b := whole.Total(p.Services[i].Service), parts.Total(p.Services[i].Service); max(a-b, b-a) > lines {
				t.Errorf("%s: whole %v, halves %v of %d lines", e.Of(p.Services[i].Service).Code, a, b, lines)
			}
		}
	})
}

// halves are two meters that ran half each.
func halves(list []calc.Meter) (out []calc.Meter) {
	for _, m := range list {
		ran := m.Readings[1].Value - m.Readings[0].Value
		for _, part := range []decimal.Decimal{ran / 2, ran - ran/2} {
			out = append(out, calc.Meter{Readings: []calc.Reading{{On: m.Readings[0].On}, {On: m.Readings[1].On, Value: part}}})
		}
	}
	return out
}

// TestMeteredZeroIsALine: nothing used is a line of zero, with the readings it comes from.
func TestMeteredZeroIsALine(t *testing.T) {
	e := town(t)
	for _, code := range []string{"cold_water", "hot_water", "electricity", "gas"} {
		s, _ := e.Service(code)
		p := &calc.Premises{Services: []calc.Subscription{{Service: s, Meters: []calc.Meter{{Readings: []calc.Reading{{On: 20251231, Value: 5, Ref: 1}, {On: 20260125, Value: 5, Ref: 2}}}}}}}
		bill := charge(e, p)
		if len(bill.Lines) == 0 || bill.Lines[0].Method != calc.ByMeter || bill.Lines[0].Amount != 0 || bill.Lines[0].After != 2 || len(bill.Issues) != 0 {
			t.Errorf("%s: %+v %v", code, bill.Lines, bill.Issues)
		}
	}
}

// TestHouseIsPaidWhole: by every formula of the family the premises of a house together pay what the house used: V × T
// within half a kopeck each.
func TestHouseIsPaidWhole(t *testing.T) {
	e := town(t)
	heating, _ := e.Service("heating")
	rapid.Check(t, func(t *rapid.T) {
		flats := rapid.IntRange(2, 30).Draw(t, "flats")
		house := &calc.House{CommonArea: tenths(t, "common area", 0, 5000)}
		r := calc.Resource{Service: heating, HasMeter: true, AllMetered: rapid.IntRange(0, 4).Draw(t, "all metered") == 0}
		list := make([]calc.Premises, flats)
		someMetered, someOwn := rapid.Bool().Draw(t, "some metered"), rapid.Bool().Draw(t, "some own heat") && !r.AllMetered
		for i := range list {
			p := &list[i]
			p.House, p.Area = house, tenths(t, "area", 100, 1500)
			p.Services = []calc.Subscription{{Service: heating}}
			house.Area += p.Area
			switch kind := rapid.IntRange(0, 2).Draw(t, "kind"); {
			case r.AllMetered || someMetered && kind == 0:
				used := tenths(t, "used", 1, 30)
				p.Services[0].Meters = []calc.Meter{{Readings: []calc.Reading{{On: 20251231}, {On: 20260131, Value: used}}}}
				r.Metered, r.MeteredArea = r.Metered+used, r.MeteredArea+p.Area
			case someOwn && kind == 1:
				p.OwnHeat = true
				house.OwnHeat += p.Area
			}
		}
		if house.OwnHeat == house.Area {
			t.Skip("nobody is heated")
		}
		r.Volume = r.Metered*40 + tenths(t, "supply", 1, 2000) // more than all premises take
		house.Resources = []calc.Resource{r}
		var paid money.Amount
		for i := range list {
			paid += total(charge(e, &list[i]))
		}
		due, err := r.Volume.Exact().Times(2412_5800000).Round(2)
		if off := paid - money.Amount(due); err != nil || max(off, -off)*2 > money.Amount(flats) {
			t.Errorf("premises pay %v, the house used %v", paid, money.Amount(due))
		}
	})
}
