package charge_test

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/tariff"
)

// TestRecalculationOfWhatChangedLeavesNothing: counting again only households that facts are about gives what counting
// all of them does. The whole is counted when the catalogue is another, here by a price nobody pays.
func TestRecalculationOfWhatChangedLeavesNothing(t *testing.T) {
	for name, set := range lateFacts() {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newTown(t, d)
				for building := range int64(2) {
					s := sample.House(building+1, 8, october, 8, &w.ids)
					for i := range s.Subscriptions {
						if s.Subscriptions[i].Service == "maintenance" {
							s.Subscriptions[i].Mode = fact.Issued
						}
					}
					w.record(s)
				}
				w.charge(october)
				set(w)
				some := w.recalculate(october)
				w.sound()
				if some.Lines == 0 {
					t.Fatal("nothing was corrected")
				}
				idle := *w.c
				idle.Rates = append([]tariff.Rate{{Service: "gas", Supplier: "nobody", Value: 1}}, w.c.Rates...)
				w.c = &idle
				if all := w.recalculate(october); all.Lines != 0 {
					t.Errorf("%d lines more, %v, when all households are counted: %+v", all.Lines, all.Amount, all.Largest)
				}
			})
		})
	}
}

func (w *town) recalculate(from calendar.Month) *charge.Recalculated {
	w.t.Helper()
	r, err := w.m.Recalculate(w.ctx, charge.Recalculation{In: november, From: from, Cause: "данные", Actor: "olga"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// lateFacts are facts that come after October was charged, each alone.
func lateFacts() map[string]func(*town) {
	record := func(s fact.Set) func(*town) {
		return func(w *town) { s.Building = 1; w.record(&s) }
	}
	const id, account = 1002, 10020
	return map[string]func(*town){
		"residents": record(fact.Set{Stays: []fact.Stay{{Household: id, ID: 77, Kind: fact.Resident, Persons: 2, Term: calc.Term{From: 20261011}}}}),
		"area":      record(fact.Set{Premises: []fact.Premises{{Household: id, Area: 88_8000000, Rooms: 1}}}),
		"reading": func(w *town) {
			meter := w.count("SELECT min(meter_id) FROM charge_meter WHERE building_id = 1 AND service = 'cold_water'")
			w.record(&fact.Set{Building: 1, Readings: []fact.Reading{{MeterID: meter, ID: 5, On: 20261024, Value: 999_0000000, Accepted: true}}})
		},
		"reported volume": func(w *town) {
			unmetered := w.count(`SELECT min(account_id) FROM charge_subscription WHERE building_id = 1 AND service = 'gas'
				AND account_id NOT IN (SELECT account_id FROM charge_meter WHERE building_id = 1)`)
			w.record(&fact.Set{Building: 1, Volumes: []fact.Volume{{AccountID: unmetered, Service: "gas", Month: october, Value: 31_0000000, Accepted: true}}})
		},
		"benefit": record(fact.Set{Rare: []fact.Rare{{ID: 7, Household: id, Kind: fact.KindBenefit, Body: `{"name":"ветеран","percent":500000000,"netted":true}`}}}),
		"account's outage": record(fact.Set{Rare: []fact.Rare{{
			ID: 8, AccountID: account + 4, Service: "heating", Kind: fact.KindEvent, Body: `{"kind":"outage","hours":300000000,"from":20261005}`,
		}}}),
		"house's outage": record(fact.Set{Rare: []fact.Rare{{ID: 9, Service: "heating", Kind: fact.KindEvent, Body: `{"kind":"outage","hours":300000000,"from":20261005}`}}}),
		"house meter":    record(fact.Set{Resources: []fact.Resource{{Service: "heating", Resource: calc.Resource{Month: october, HasMeter: true, Volume: 20_0000000}}}}),
		"moved account": func(w *town) {
			w.record(&fact.Set{Building: 1, Subscriptions: []fact.Subscription{{
				Household: id + 1, AccountID: account + 5, Service: "waste", SupplierID: w.ids.Supplier[5], ServiceID: w.ids.Service[6], Mode: fact.Computed,
			}}, Stays: []fact.Stay{{Household: id + 1, ID: 78, Kind: fact.Resident, Persons: 3}}})
		},
		"taken no more": func(w *town) {
			w.record(&fact.Set{Building: 1, Subscriptions: []fact.Subscription{{
				Household: id, AccountID: account + 7, Service: "capital_repair", SupplierID: w.ids.Supplier[7], ServiceID: w.ids.Service[8], Mode: fact.Withdrawn,
			}}})
		},
		"supplier's figure": func(w *town) { w.theirs(account+6, w.ids.Service[7], 777_77) },
	}
}
