package calc_test

import (
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

const reportedPrices = `tariffs:
  - {service: cold_water, value: 40, unit: RUB/m3}
  - {service: sewage, value: 50, unit: RUB/m3}
  - {service: hot_water, component: water, value: 40, unit: RUB/m3}
  - {service: hot_water, component: heat, value: 3000, unit: RUB/Gcal}
  - {service: heating, value: 3000, unit: RUB/Gcal}
normatives:
  - {service: hot_water, purpose: heat_of_water, value: 0.06, unit: Gcal/m3}
`

// TestVolumesTheSupplierReports: where no reading tells, the supplier's volume is charged by and says so; a reading comes
// first; irrigation charged apart is taken off the meter it ran through, and sewage is without it.
func TestVolumesTheSupplierReports(t *testing.T) {
	doc, faults := tariff.Read("prices.yaml", strings.NewReader(reportedPrices))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	e, err := calc.New(tariff.Merge(tariff.Standard(), &doc.Catalog))
	if err != nil {
		t.Fatal(err)
	}
	month := calendar.NewMonth(2026, 7)
	of := func(code string, volume string) calc.Subscription {
		s, ok := e.Service(code)
		if !ok {
			t.Fatal(code)
		}
		sub := calc.Subscription{Service: s}
		if volume != "" {
			sub.Reported = []calc.Reported{{Month: month.Add(-1), Volume: decimal.FromInt(99)}, {Month: month, Volume: number(t, volume)}}
		}
		return sub
	}
	read := of("cold_water", "7")
	read.Meters = []calc.Meter{{ID: 1, Readings: []calc.Reading{{On: month.First(), Initial: true, Value: decimal.FromInt(100)}, {On: month.Last(), Value: decimal.FromInt(110)}}}}
	watered := of("irrigation", "2.5")
	watered.Included = true
	for _, c := range []struct {
		name string
		subs []calc.Subscription
		want string
	}{
		{"no meter", []calc.Subscription{of("cold_water", "3.5")}, "cold_water reported 3.5 140.00"},
		{"a reading comes first", []calc.Subscription{read}, "cold_water meter 10 400.00"},
		{"two components", []calc.Subscription{of("hot_water", "2")}, "hot_water reported 2 80.00; hot_water reported 0.12 360.00"},
		{"sewage by its links", []calc.Subscription{of("cold_water", "3"), of("sewage", "9")}, "cold_water reported 3 120.00; sewage links 3 150.00"},
		{"sewage that nothing is linked to", []calc.Subscription{of("sewage", "9")}, "sewage reported 9 450.00"},
		{"heating", []calc.Subscription{of("heating", "0.5")}, "heating reported 0.5 1500.00"},
		{
			"irrigation through the same meter", []calc.Subscription{read, watered, of("sewage", "")},
			"cold_water meter 7.5 300.00; irrigation reported 2.5 100.00; sewage links 7.5 375.00",
		},
	} {
		bill := &calc.Bill{}
		e.Month(month).Charge(&calc.Premises{Services: c.subs}, bill)
		var got []string
		for i := range bill.Lines {
			l := &bill.Lines[i]
			got = append(got, strings.Join([]string{e.Of(l.Service).Code, l.Method.Code(), l.Volume.String(), l.Amount.String()}, " "))
		}
		if all := strings.Join(got, "; "); all != c.want || len(bill.Issues) > 0 {
			t.Errorf("%s: %s, want %s; %+v", c.name, all, c.want, bill.Issues)
		}
	}
	bill := &calc.Bill{}
	e.Month(month).Charge(&calc.Premises{Services: []calc.Subscription{of("cold_water", "3.5")}}, bill)
	if words := calc.Words(e, &bill.Lines[0]); !strings.Contains(words, "объём прислал поставщик") {
		t.Errorf("explained as %q", words)
	}
}

func number(t *testing.T, s string) decimal.Decimal {
	t.Helper()
	d, err := decimal.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
