package tariff

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// TestPricesThroughTime: rows of one key are one price, in time; a day has the row that holds, and the one that follows.
func TestPricesThroughTime(t *testing.T) {
	row := func(service, zone string, from, until calendar.Date, roubles int64) Rate {
		return Rate{Service: service, Zone: zone, Value: decimal.FromInt(roubles), Term: Term{From: from, Until: until}}
	}
	c := &Catalog{Services: []Service{{Code: "cold_water"}, {Code: "electricity"}}, Rates: []Rate{
		row("electricity", "night", 20250101, 0, 3), row("cold_water", "", 20260701, 0, 50), row("cold_water", "", 20250101, 20260630, 40),
		row("electricity", "day", 20250101, 0, 7), row("gone", "", 20250101, 0, 1), row("cold_water", "secret", 20250101, 0, 1),
	}}
	list := c.Prices(func(r *Rate) bool { return r.Zone != "secret" })
	if len(list) != 3 || list[0].Service.Code != "cold_water" || list[1].Rates[0].Zone != "night" {
		t.Fatalf("%+v", list)
	}
	water := &list[0]
	for _, c := range []struct {
		day       calendar.Date
		now, next int64
	}{{20241231, 0, 40}, {20250101, 40, 50}, {20260630, 40, 50}, {20260701, 50, 0}} {
		at, next := water.At(c.day), water.Next(c.day)
		if (at == nil) != (c.now == 0) || at != nil && at.Value != decimal.FromInt(c.now) || (next == nil) != (c.next == 0) || next != nil && next.Value != decimal.FromInt(c.next) {
			t.Errorf("%s: %+v, then %+v", c.day, at, next)
		}
	}
}

func TestPriceWords(t *testing.T) {
	for want, r := range map[string]Rate{
		"": {}, "подогрев": {Component: "heat"}, "газовая плита, двухтарифный счётчик, ночь, 2-й диапазон": {Category: "gas_stove", Plan: "two_zone", Zone: "night", Band: 2}, "свой план": {Plan: "свой план"},
	} {
		if got := r.Words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
