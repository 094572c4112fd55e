package record

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

const ownMeters = `
- house: H-1
  meters:
  - {service: heating, id: "70012345", readings: [{date: 2026-08-31, value: 500}, {date: 2026-09-30, value: 512.31}, {date: 2026-10-31, value: 698.66}]}
  - {service: electricity, id: "90017", factor: 40, registers: 2, verified: [{until: 2031-01-01}], readings: [{date: 2026-09-30, zone: day, value: 100},
     {date: 2026-09-30, zone: night, value: 50}, {date: 2026-10-31, zone: day, value: 130.25}, {date: 2026-10-31, zone: night, value: 60.5}]}
`

// measured is what the house's own meter of a service measured in October: the volume, or why none.
func (w *town) measured(service string) string {
	w.t.Helper()
	text := "nothing"
	err := w.d.Read(w.ctx, func(tx *db.Tx) error {
		list, err := fact.ListHouseUse(w.ctx, tx, 0, 1<<40, 202610, 202610)
		for _, u := range list {
			if u.Service == service && u.Month == calendar.Month(202610) {
				if text = string(u.Gap); u.HasMeter {
					text = u.Volume.String()
				}
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// TestAHousesOwnMetersAreFacts: told as a flat's are, known twice; the month follows each change; a volume told besides
// holds where the meter has none.
func TestAHousesOwnMetersAreFacts(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		if f := w.taken(ownMeters).Files[0]; f.New != f.Records || f.Records != 10 {
			t.Fatalf("%+v", f)
		}
		if heat, power := w.measured("heating"), w.measured("electricity"); heat != "186.35" || power != "1630" { // 698,66 − 512,31; (30,25 + 10,5) × 40
			t.Errorf("heat %s, power %s", heat, power)
		}
		if f := w.taken(ownMeters).Files[0]; f.Same != f.Records {
			t.Errorf("again: %+v", f)
		}
		w.taken("- {fact: reading, house: H-1, service: heating, meter: '70012345', date: 2026-10-31, value: 700.31}\n- {house: H-1, resources: [{service: heating, month: 2026-10, volume: 150}]}\n")
		if heat := w.measured("heating"); heat != "188" { // 700,31 − 512,31, whatever was told
			t.Errorf("corrected: %s", heat)
		}
		w.taken("- {fact: reading, house: H-1, service: heating, meter: '70012345', date: 2026-10-31, withdraw: true}\n")
		if heat := w.measured("heating"); heat != "150" {
			t.Errorf("not read: %s", heat)
		}
		w.taken("- {fact: resource, house: H-1, service: heating, month: 2026-10, withdraw: true}\n")
		if heat := w.measured("heating"); heat != "unread" {
			t.Errorf("not read and not told: %s", heat)
		}
		for text, code := range map[string]string{
			"- {house: H-1, meters: [{service: sewage, id: X1}]}":                                                  "meter.house_service",
			"- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A9, factor: 40}]}]}": "meter.factor",
			"- {fact: reading, house: H-1, service: heating, meter: '1', date: 2026-10-31, value: 1}":              "fact.no_meter",
			"- {supplier: voda, account: 1001, meters: [{service: cold_water, id: A9}]}":                           "fact.unreadable",
		} {
			if v := w.load("facts.yaml", text).Records; len(v) == 0 || v[len(v)-1].State != StateRefused || v[len(v)-1].Code != code {
				t.Errorf("%s: %+v", text, v)
			}
		}
	})
}
