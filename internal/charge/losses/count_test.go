package losses

import (
	"slices"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

func whole(n int64) decimal.Decimal { return decimal.FromInt(n) }

func used(service string, month int, method calc.Method, volume, kop int64) *charge.Used {
	return &charge.Used{Building: 1, Month: calendar.NewMonth(2026, month), Service: service, Method: method, Volume: whole(volume), Amount: money.Amount(kop)}
}

func houseUse(service string, month int, r calc.Resource) *fact.HouseUse {
	u := &fact.HouseUse{Building: 1, Resource: fact.Resource{Service: service, Resource: r}}
	u.Month = calendar.NewMonth(2026, month)
	return u
}

// TestWhereTheWaterWent: 1000 m³ of a house parted to the last, at the price of the flats.
func TestWhereTheWaterWent(t *testing.T) {
	engine, err := calc.New(sample.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	c := newCounted(resourcesOf(engine))
	c.addUsed(used("cold_water", 10, calc.ByMeter, 500, 2_000_000), false)
	c.addUsed(used("cold_water", 10, calc.ByAverage, 60, 200_000), false)
	c.addUsed(used("cold_water", 10, calc.ByNormative, 140, 600_000), false)
	c.addUsed(used("maintenance", 10, calc.ByArea, 5000, 1), false)
	for code, common := range c.res.common {
		if common && c.res.of[code] == "cold_water" {
			c.addUsed(used(code, 10, calc.ByNormative, 50, 200_000), false)
		}
	}
	c.addHouse(houseUse("cold_water", 10, calc.Resource{HasMeter: true, Volume: whole(1000), NonResidential: whole(100), OwnUse: whole(30)}))
	c.settle()
	s, ok := c.service(1, "cold_water", 202610, &known{})
	m := &s.Now
	if !ok || m.Loss == nil || *m.Loss != Quantity(whole(120)) || m.LossPercent != "12.0" || m.LossSum == nil || *m.LossSum != 480_000 || m.Common == 0 {
		t.Fatalf("%+v", m)
	}
	if len(s.Anomalies) != 0 || !strings.Contains(s.Says, "Потери 120\u00a0м³ (12,0\u00a0%)") {
		t.Errorf("%q, %+v", s.Says, s.Anomalies)
	}
	if _, ok := c.service(1, "hot_water", 202610, &known{}); ok {
		t.Error("a service nobody takes")
	}
	if chart := s.Chart(); len(chart.Points) != trendMonths || chart.Points[0].HasPart || !chart.Points[12].HasWhole {
		t.Errorf("%+v", chart)
	}
}

// TestWhatIsOdd: each oddity by the least figures.
func TestWhatIsOdd(t *testing.T) {
	engine, err := calc.New(sample.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		losses []int64 // of months up to October; 100 m³ are the flats'
		last   calc.Resource
		want   []string
	}{
		{"as ever", []int64{5, 6, 5}, calc.Resource{HasMeter: true, Volume: whole(106)}, nil},
		{"a jump", []int64{5, 6, 5}, calc.Resource{HasMeter: true, Volume: whole(120)}, []string{"jump"}},
		{"a jump with too little behind it", []int64{5, 6}, calc.Resource{HasMeter: true, Volume: whole(120)}, nil},
		{"very much", []int64{50, 50, 50}, calc.Resource{HasMeter: true, Volume: whole(150)}, []string{"high"}},
		{"below zero", []int64{5, 6, 5}, calc.Resource{HasMeter: true, Volume: whole(90)}, []string{"negative"}},
		{"no figure", []int64{5}, calc.Resource{}, []string{"no_reading"}},
		{"a broken meter", []int64{5}, calc.Resource{MetersMissing: 1}, []string{"meter_broken"}},
	} {
		n := newCounted(resourcesOf(engine))
		for i, loss := range c.losses {
			month := 10 - len(c.losses) + i
			n.addUsed(used("cold_water", month, calc.ByMeter, 100, 1), false)
			n.addHouse(houseUse("cold_water", month, calc.Resource{HasMeter: true, Volume: whole(100 + loss)}))
		}
		n.addUsed(used("cold_water", 10, calc.ByMeter, 100, 1), false)
		n.addHouse(houseUse("cold_water", 10, c.last))
		n.settle()
		s, _ := n.service(1, "cold_water", 202610, &known{})
		var got []string
		for _, a := range s.Anomalies {
			got = append(got, a.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestFlatsThatStandOut: one reason for each, and none for a flat like the others.
func TestFlatsThatStandOut(t *testing.T) {
	before := []Quantity{Quantity(whole(5)), Quantity(whole(6)), Quantity(whole(4))}
	q := func(n int64) Quantity { return Quantity(whole(n)) }
	for _, c := range []struct {
		name string
		u    use
		want string
	}{
		{"like ever", use{method: calc.ByMeter, volume: q(6), before: before, persons: 2, head: q(3)}, ""},
		{"four times its own", use{method: calc.ByMeter, volume: q(20), before: before, persons: 2, head: q(10)}, "above_own"},
		{"much for so few", use{method: calc.ByMeter, volume: q(40), persons: 2, head: q(20)}, "above_others"},
		{"nothing, with residents", use{method: calc.ByMeter, persons: 2}, "zero"},
		{"nothing, nobody lives there", use{method: calc.ByMeter}, ""},
		{"no reading", use{method: calc.ByAverage, volume: q(5), hasMeter: true, unread: 1}, "no_readings"},
		{"no meter at all", use{method: calc.ByNormative, volume: q(5)}, ""},
		{"verification past", use{method: calc.ByNormative, volume: q(5), hasMeter: true, expired: 20260903}, "verification"},
	} {
		if code, says := c.u.reason("m3", q(4)); code != c.want || (code == "") != (says == "") {
			t.Errorf("%s: %q %q, want %q", c.name, code, says, c.want)
		}
	}
}
