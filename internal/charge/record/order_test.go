package record

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db/dbtest"
)

// pieces are records that lean on each other in every way: none may depend on which came first.
var pieces = strings.Split(strings.TrimSpace(`
- {house: H-1, area: 5420.6, common_area: 612}
- {house: H-1, heating: {mode: season, months: 10-05..05-10}}
- {house: H-1, from: 2026-07-01, heating: {mode: even}}
- {house: H-1, resources: [{service: heating, month: 2026-09, volume: 20}, {service: heating, month: 2026-10, volume: 186.35}]}
- {house: H-1, events: [{service: cold_water, event: outage, date: 2026-10-12, hours: 30}]}
- {supplier: voda, account: 1001, area: [{area: 54.3}]}
- {supplier: voda, account: 1001, area: [{area: 56.1, from: 2026-10-11}], rooms: 2}
- {supplier: voda, account: 1001, residents: [{persons: 2}]}
- {supplier: svet, account: 2001, residents: [{persons: 1, from: 2026-10-12}]}
- {house: H-1, flat: 1, absences: [{left: 2026-10-20, returned: 2026-11-01}]}
- {house: H-1, flat: 1, absences: [{left: 2026-10-05, returned: 2026-10-09, recorded: 2026-10-10}]}
- {supplier: voda, account: 1001, services: [cold_water]}
- {supplier: voda, account: 1001, services: [sewage, maintenance]}
- {supplier: voda, account: 1001, services: [{service: gas, from: 2026-10-10, share: 0.5}]}
- {supplier: voda, account: 1001, services: [{service: gas, from: 2026-01-01}]}
- {supplier: voda, account: 1001, services: [{service: gas, from: 2026-05-05, meter_possible: true}]}
- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A1, installed: 2020-01-01}]}]}
- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A1, readings: [{date: 2026-09-30, value: 245.3}]}]}]}
- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A1, readings: [{date: 2026-10-31, value: 251.9}]}]}]}
- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A1, verified: [{until: 2026-03-31}, {from: 2026-04-10}]}]}]}
- {supplier: voda, account: 1001, benefits: [{name: ветеран, services: [maintenance], percent: 50, netted: true}]}
- {supplier: voda, account: 1001, benefits: [{name: инвалид, percent: 25, netted: true}]}
- {house: H-1, flat: 1, services: [{service: electricity, supplier: svet, meters: [{id: E, registers: 2, readings: [{date: 2026-10-31, zone: day, value: 90}, {date: 2026-10-31, zone: night, value: 40}]}]}]}
- {supplier: svet, account: 2001, services: [{service: electricity, acts: [{date: 2026-09-05, act: check}, {date: 2026-08-05, act: refusal}]}]}
`), "\n")

// TestOrderOfLoadingDoesNotMatter: in any order and any number of files, once or twice, the same is known, and the month
// costs the same.
func TestOrderOfLoadingDoesNotMatter(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			in := rand.New(rand.NewPCG(seed, 58))
			straight, mixed := newTown(t, dbtest.SQLite(t)), newTown(t, dbtest.SQLite(t))
			straight.taken(strings.Join(pieces, "\n"))
			order := slices.Clone(pieces)
			in.Shuffle(len(order), func(i, k int) { order[i], order[k] = order[k], order[i] })
			for len(order) > 0 {
				n := 1 + in.IntN(len(order))
				file := order[:n]
				if order = order[n:]; in.IntN(2) == 0 {
					file = append(slices.Clone(file), file[in.IntN(n)])
				}
				mixed.taken(strings.Join(file, "\n"))
			}
			_, before := straight.facts()
			if _, after := mixed.facts(); after != before {
				t.Errorf("in order:\n%s\nmixed:\n%s", before, after)
			}
			if a, b := straight.october(), mixed.october(); a != b {
				t.Errorf("in order %s, mixed %s", a, b)
			}
		})
	}
}

// october charges the month and says each line and reason.
func (w *town) october() string {
	w.t.Helper()
	r, err := w.m.Charges.Charge(w.ctx, charge.Request{Month: calendar.NewMonth(2026, 10), Actor: "olga"})
	if err != nil {
		w.t.Fatal(err)
	}
	text := fmt.Sprint(r.Lines, r.Amount, r.Reasons)
	rows, err := w.d.Handle().QueryContext(w.ctx, `SELECT account_id, service_no, kind, method, formula, component, zone, party, volume_e7, rate_e7, amount_kop FROM charge_line
		ORDER BY account_id, service_no, kind, method, formula, component, zone, party, volume_e7, rate_e7, amount_kop`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var v [11]int64
		if err := rows.Scan(&v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9], &v[10]); err != nil {
			w.t.Fatal(err)
		}
		text += fmt.Sprintln(v)
	}
	return text
}
