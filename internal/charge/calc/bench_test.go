package calc_test

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

const month = calendar.Month(202601)

// town is a catalogue of ten services with prices and normatives.
func town(t testing.TB) *calc.Engine {
	t.Helper()
	d := func(s string) decimal.Decimal {
		v, err := decimal.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	c := &tariff.Catalog{}
	for _, r := range []struct{ service, component, zone, value string }{
		{"cold_water", "", "", "45.61"},
		{"hot_water", "water", "", "45.61"},
		{"hot_water", "heat", "", "2412.58"},
		{"sewage", "", "", "38.27"},
		{"electricity", "", "day", "6.19"},
		{"electricity", "", "night", "3.12"},
		{"electricity", "", "", "5.38"},
		{"gas", "", "", "8.36"},
		{"heating", "", "", "2412.58"},
		{"waste", "", "", "701.94"},
		{"capital_repair", "", "", "14.01"},
		{"maintenance", "", "", "31.20"},
	} {
		c.Rates = append(c.Rates, tariff.Rate{Service: r.service, Component: r.component, Zone: r.zone, Value: d(r.value)})
	}
	for _, n := range []struct{ service, purpose, value, unit string }{
		{"cold_water", "", "4.29", "m3/person/month"},
		{"hot_water", "", "3.16", "m3/person/month"},
		{"hot_water", "heat_of_water", "0.0623", "Gcal/m3"},
		{"electricity", "", "91", "kWh/person/month"},
		{"gas", "", "12", "m3/person/month"},
		{"heating", "", "0.0223", "Gcal/m2/month"},
		{"waste", "", "2.4", "m3/person/year"},
	} {
		c.Normatives = append(c.Normatives, tariff.Normative{Service: n.service, Purpose: n.purpose, Value: d(n.value), Unit: n.unit})
	}
	e, err := calc.New(tariff.Merge(tariff.Standard(), c))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// flat is a household of two with meters of water and a two-rate meter of electricity.
func flat(t testing.TB, e *calc.Engine) *calc.Premises {
	t.Helper()
	p := &calc.Premises{Area: 54_3000000, Stays: []calc.Stay{{Persons: 2}}, House: &calc.House{Area: 5420_6000000}}
	heating, _ := e.Service("heating")
	p.House.Resources = []calc.Resource{{Service: heating, HasMeter: true, Volume: 186_3500000}}
	meter := func(values ...int64) calc.Meter {
		m := calc.Meter{}
		for i := 0; i < len(values); i += 2 {
			zone := calc.AllDay
			if len(values) > 2 {
				zone = calc.Zone(1 + i/2)
			}
			m.Readings = append(m.Readings, calc.Reading{On: 20251231, Zone: zone, Value: decimal.Decimal(values[i])}, calc.Reading{On: 20260125, Zone: zone, Value: decimal.Decimal(values[i+1])})
		}
		return m
	}
	meters := map[string][]calc.Meter{
		"cold_water": {meter(245_3180000, 251_9040000)}, "hot_water": {meter(100_5000000, 104_1230000)},
		"electricity": {meter(10233_0000000, 10418_0000000, 4000_0000000, 4061_0000000)},
	}
	for s := range e.Services() {
		code := e.Of(calc.Service(s)).Code
		switch code {
		case "cold_water", "hot_water", "sewage", "electricity", "gas", "heating", "waste", "capital_repair", "maintenance":
			p.Services = append(p.Services, calc.Subscription{Service: calc.Service(s), Meters: meters[code]})
		}
	}
	return p
}

// TestChargeDoesNotAllocate holds the bulk path: a household of ten lines costs no garbage.
func TestChargeDoesNotAllocate(t *testing.T) {
	e := town(t)
	book, p, bill := e.Month(month), flat(t, e), &calc.Bill{}
	book.Charge(p, bill)
	if len(bill.Lines) != 11 || len(bill.Issues) != 0 {
		for i := range bill.Lines {
			t.Log(calc.Words(e, &bill.Lines[i]))
		}
		t.Fatalf("%d lines, issues %v", len(bill.Lines), bill.Issues)
	}
	if n := testing.AllocsPerRun(100, func() { book.Charge(p, bill) }); n != 0 {
		t.Errorf("%v allocations a household", n)
	}
}

func BenchmarkHousehold(b *testing.B) {
	e := town(b)
	book, p, bill := e.Month(month), flat(b, e), &calc.Bill{}
	for b.Loop() {
		book.Charge(p, bill)
	}
}
