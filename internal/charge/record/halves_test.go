package record

import (
	"maps"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// once tells of a household in one piece, halves in two: each person by himself, the volume through two meters, the area
// and the prices of a month in two parts.
const (
	once = `
- {house: H-1, area: 5420.6}
- {supplier: voda, account: 1001, area: [{area: 54.2}], residents: [{persons: 2}], services: [sewage, maintenance]}
- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A, readings: [{date: 2026-09-30, value: 100}, {date: 2026-10-31, value: 106.4}]}]}]}
- {supplier: svet, account: 2001, services: [{service: electricity, meters: [{id: E, readings: [{date: 2026-09-30, value: 500}, {date: 2026-10-31, value: 500}]}]}]}`
	halves = `
- {house: H-1, area: 5420.6}
- {supplier: voda, account: 1001, area: [{area: 54.2}, {area: 54.2, from: 2026-10-16}], residents: [{persons: 1, key: he}, {persons: 1, key: she}], services: [sewage]}
- {supplier: voda, account: 1001, services: [{service: maintenance, until: 2026-10-15}, {service: maintenance, from: 2026-10-16}]}
- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A, readings: [{date: 2026-09-30, value: 100}, {date: 2026-10-31, value: 103.2}]}]}]}
- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: B, readings: [{date: 2026-09-30, value: 7}, {date: 2026-10-31, value: 10.2}]}]}]}
- {supplier: svet, account: 2001, services: [{service: electricity, meters: [{id: E, readings: [{date: 2026-09-30, value: 500}, {date: 2026-10-31, value: 500}]}]}]}`
)

// TestHalvesComeToTheWhole: a household told in halves is charged as one told whole, but for a kopeck a line; and a meter
// that showed nothing is a line of zero with its method.
func TestHalvesComeToTheWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		whole, parts := newTown(t, d), newTown(t, dbtest.SQLite(t))
		whole.taken(once)
		parts.taken(halves)
		want, _ := whole.sums()
		got, lines := parts.sums()
		for service, sum := range want {
			if off := max(got[service]-sum, sum-got[service]); off > lines[service] {
				t.Errorf("%s: whole %d, halves %d of %d lines", service, sum, got[service], lines[service])
			}
		}
		if len(want) != len(got) || want["cold_water"] == 0 || want["maintenance"] == 0 || lines["maintenance"] != 2 {
			t.Errorf("whole %v, halves %v of %v lines", want, got, lines)
		}
		if sum, ok := want["electricity"]; !ok || sum != 0 {
			t.Errorf("a meter that showed nothing: %v", maps.Clone(want))
		}
	})
}

// sums charges October and gives sums and lines of services.
func (w *town) sums() (sums, lines map[string]int64) {
	w.t.Helper()
	if _, err := w.m.Charges.Charge(w.ctx, charge.Request{Month: calendar.NewMonth(2026, 10), Actor: "olga"}); err != nil {
		w.t.Fatal(err)
	}
	sums, lines = map[string]int64{}, map[string]int64{}
	rows, err := w.d.Handle().QueryContext(w.ctx, "SELECT s.code, count(*), CAST(sum(l.amount_kop) AS BIGINT) FROM charge_line l JOIN charge_service s ON s.service_no = l.service_no GROUP BY s.code")
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		var n, sum int64
		if err := rows.Scan(&code, &n, &sum); err != nil {
			w.t.Fatal(err)
		}
		sums[code], lines[code] = sum, n
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return sums, lines
}
