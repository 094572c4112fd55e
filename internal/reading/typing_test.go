package reading

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
)

// flat is a made-up dial with two years of readings behind it, and what it will show next.
type flat struct {
	meter *Meter
	next  []Value
	on    calendar.Date
}

// zone is a register: how much it counts in a usual month.
type zone struct {
	zone  calc.Zone
	month float64
}

// live runs a dial for two years: months differ by a third, some by holidays and guests; the day of a reading moves.
func live(r *rand.Rand, measure string, zones ...zone) flat {
	f := flat{meter: &Meter{ID: 1, AccountID: 1, Digits: 5, measure: measure}, on: 20241122}
	figures := make([]float64, len(zones))
	for i := range figures {
		f.meter.Zones = append(f.meter.Zones, zones[i].zone)
		figures[i] = float64(50 + r.IntN(9000))
	}
	for range 24 {
		for i, z := range zones {
			f.meter.Readings = append(f.meter.Readings, fact.Reading{MeterID: 1, On: f.on, Zone: z.zone, Value: decimal.FromInt(int64(figures[i])), Accepted: true})
		}
		days := 27 + r.IntN(8)
		f.on = f.on.AddDays(days)
		for i, z := range zones {
			figures[i] += z.month * float64(days) / 30 * math.Exp(r.NormFloat64()/3) * [...]float64{1, 1, 1, 1, 1, 1, 1, 1, 0.2, 1.8}[r.IntN(10)]
		}
	}
	for i, z := range zones {
		f.next = append(f.next, Value{z.zone, decimal.FromInt(int64(figures[i]))})
	}
	return f
}

// asked tells whether figures are asked about.
func (f *flat) asked(values []Value) bool {
	if f.meter.swapped(values, f.on) {
		return true
	}
	for _, v := range values {
		if len(f.meter.doubtsOf(v, f.on)) > 0 {
			return true
		}
	}
	return false
}

// extraDigit is a figure with one of its digits pressed twice, or another one beside it.
func extraDigit(r *rand.Rand, v decimal.Decimal) decimal.Decimal {
	digits := v.String()
	at := r.IntN(len(digits))
	pressed := digits[at : at+1]
	if r.IntN(2) == 0 {
		pressed = strconv.Itoa(1 + r.IntN(9))
	}
	slip, err := decimal.Parse(digits[:at] + pressed + digits[at:])
	if err != nil {
		panic(err) // digits
	}
	return slip
}

// TestSlipsAreCaughtAndHonestFiguresAreNot is ux.md 17 on made-up dials: of figures with a digit too many and of swapped zones at
// least 95 % are asked about, of honest figures at most 2 %.
func TestSlipsAreCaughtAndHonestFiguresAreNot(t *testing.T) {
	const flats, caughtLeast, falseMost = 4000, 95, 2
	r := rand.New(rand.NewPCG(17, 6))
	var honest, digits, swaps int
	for range flats {
		water := live(r, "m3", zone{calc.AllDay, 1.5 + 7*r.Float64()})
		power := live(r, "kWh", zone{calc.Day, 60 + 200*r.Float64()}, zone{calc.Night, 25 + 80*r.Float64()})
		for _, f := range []flat{water, power} {
			if f.asked(f.next) {
				honest++
			}
			slip := append([]Value{}, f.next...)
			slip[0].Value = extraDigit(r, slip[0].Value)
			if f.asked(slip) {
				digits++
			}
		}
		if power.asked([]Value{{calc.Day, power.next[1].Value}, {calc.Night, power.next[0].Value}}) {
			swaps++
		}
	}
	percent := func(n, of int) float64 { return 100 * float64(n) / float64(of) }
	t.Logf("extra digits caught %.2f %%, swapped zones %.2f %%, honest figures asked about %.2f %%", percent(digits, 2*flats), percent(swaps, flats), percent(honest, 2*flats))
	if percent(digits, 2*flats) < caughtLeast || percent(swaps, flats) < caughtLeast || percent(honest, 2*flats) > falseMost {
		t.Errorf("extra digits caught %.2f %%, swapped zones %.2f %%: at least %d; honest figures asked about %.2f %%: at most %d", percent(digits, 2*flats), percent(swaps, flats), caughtLeast, percent(honest, 2*flats), falseMost)
	}
}
