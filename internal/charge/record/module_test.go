package record

import (
	"strings"
	"sync"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
)

// whole tells everything there is to tell of a flat and the house.
const whole = `
- house: H-1
  area: 5420.6
  common_area: 612
  private: true
  heating: [{mode: season, months: 10-05..05-10}, {mode: even, from: 2026-07-01}]
  resources:
  - {service: heating, month: 2026-10, volume: 186.35, metered: 2.947, fuel: [{name: газ, volume: 10, price: 8.1}]}
  events: [{service: hot_water, event: outage, date: 2026-10-12, hours: 30}]
- supplier: voda
  account: 1001
  area: [{area: 54.3}, {area: 56.1, from: 2026-06-11}]
  rooms: 2
  communal: {flat_residents: 5, living_area: 18.2, flat_living_area: 54}
  residents: [{persons: 2}, {persons: 1, from: 2026-06-12, temporary: true, until: 2026-12-31}]
  owners: 1
  owner_change: 2026-09-14
  absences: [{left: 2026-10-30, returned: 2026-11-10, persons: 2}]
  benefits: [{name: ветеран, services: [cold_water], percent: 50, persons: 1, netted: true}]
  services:
  - service: cold_water
    category: ""
    meter_possible: true
    meters:
    - {id: A1, installed: 2020-01-01, digits: 5, verified: [{until: 2025-12-31}, {from: 2026-04-10, until: 2032-04-09}],
       readings: [{date: 2026-09-30, value: 245.318, initial: true}, {date: 2026-10-31, value: "251,904"}]}
    acts: [{date: 2026-10-05, act: refusal}]
    objects: [{object: garden, count: 320}]
    instalments: [{month: 2026-11, amount: 100.50, interest: 1.20}]
    fines: [{month: 2026-11, overcharged: 450, applied: 2026-09-01, corrected: 2026-11-02}]
    volumes: [{month: 2026-08, volume: 6.5}, {month: 2026-08, zone: night, volume: 0}]
  - {service: gas, part: 1/2, meters: [{id: G, gas_factor: {2026-09: 1.09, 2026-10: 1.07}}]}
  - sewage
- house: H-1
  flat: 1
  services: [{service: electricity, supplier: svet, meters: [{id: E, registers: 2}]}]
  events: [{service: electricity, event: voltage, month: 2026-10, hours: 3}]
`

func TestEverythingCanBeToldAndIsKnownTwice(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		first := w.taken(whole)
		if f := first.Files[0]; f.New+f.Changed != f.Records || f.Records < 25 {
			t.Fatalf("%+v\n%+v", f, first.Records)
		}
		_, before := w.facts()
		again := w.taken(whole)
		if f := again.Files[0]; f.Same != f.Records || f.Records != first.Files[0].Records || len(again.Records) != 0 {
			t.Errorf("again: %+v\n%+v", f, again.Records)
		}
		if _, after := w.facts(); after != before {
			t.Errorf("known before\n%s\nafter\n%s", before, after)
		}
		for _, want := range []string{"Private:true", "Even:true", `"area":561000000`, "Value:251.904", "Num:1 Den:2", `"until":20320409`, `"value":10700000`, "Persons:2", "Kind:party"} {
			if !strings.Contains(before, want) {
				t.Errorf("%q is not known:\n%s", want, before)
			}
		}
	})
}

func TestADryRunSaysTheSameAndWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		text := whole + "- {fact: reading, supplier: voda, account: 9, service: cold_water, date: 2026-10-31, value: 1}\n"
		dry, err := w.m.Load(w.ctx, centre, Load{Sources: []Source{{"facts.yaml", strings.NewReader(text)}}, By: "facts", DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		if s, _ := w.facts(); !s.Empty() || w.count("SELECT count(*) FROM charge_sheet") != 0 {
			t.Errorf("written: %+v", s)
		}
		done := w.load("facts.yaml", text)
		if dry.Files[0] != done.Files[0] || len(dry.Records) != len(done.Records) || done.Files[0].Refused != 1 {
			t.Errorf("dry %+v\ndone %+v", dry.Files, done.Files)
		}
	})
}

func TestAnotherContentSupersedesAndNothingIsLost(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken("- {fact: absence, supplier: voda, account: 1001, left: 2026-10-30, returned: 2026-11-10}")
		r := w.taken("- {fact: absence, supplier: svet, account: 2001, left: 2026-10-30, returned: 2026-11-12}")
		if r.Records[0].State != StateChanged {
			t.Errorf("%+v", r.Records)
		}
		if s, _ := w.facts(); len(s.Stays) != 1 || s.Stays[0].Until != 20261112 || s.Stays[0].Source != "facts:facts.yaml:1" {
			t.Errorf("%+v", s.Stays)
		}
		r = w.taken("- {fact: absence, supplier: voda, account: 1001, left: 2026-10-30, withdraw: true}")
		if s, _ := w.facts(); len(s.Stays) != 0 || r.Records[0].State != StateWithdrawn {
			t.Errorf("%+v %+v", s.Stays, r.Records)
		}
		if n := w.count("SELECT count(*) FROM charge_stay"); n != 3 {
			t.Errorf("%d rows of history, want 3", n)
		}
	})
}

// TestAFileThatContradictsItself: the last record holds, and the same file again writes nothing.
func TestAFileThatContradictsItself(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		const text = "- {fact: owners, supplier: voda, account: 1001, persons: 1}\n- {fact: owners, supplier: svet, account: 2001, persons: 2}\n"
		w.taken(text)
		w.taken(text)
		if s, _ := w.facts(); len(s.Stays) != 1 || s.Stays[0].Persons != 2 || w.count("SELECT count(*) FROM charge_stay") != 1 {
			t.Errorf("%+v", s.Stays)
		}
	})
}

func TestEveryKindCanBeWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken(whole)
		r := w.taken(`
- {fact: house, house: H-1, withdraw: true}
- {fact: house, house: H-1, from: 2026-07-01, withdraw: true}
- {fact: resource, house: H-1, service: heating, month: 2026-10, withdraw: true}
- {fact: event, house: H-1, service: hot_water, event: outage, date: 2026-10-12, withdraw: true}
- {fact: event, house: H-1, flat: 1, service: electricity, event: voltage, month: 2026-10, withdraw: true}
- {fact: area, supplier: voda, account: 1001, from: 2026-06-11, withdraw: true}
- {fact: premises, supplier: voda, account: 1001, withdraw: true}
- {fact: residents, supplier: voda, account: 1001, withdraw: true}
- {fact: residents, supplier: voda, account: 1001, from: 2026-06-12, temporary: true, withdraw: true}
- {fact: owners, supplier: voda, account: 1001, withdraw: true}
- {fact: party, supplier: voda, account: 1001, from: 2026-09-14, withdraw: true}
- {fact: absence, supplier: voda, account: 1001, left: 2026-10-30, withdraw: true}
- {fact: benefit, supplier: voda, account: 1001, name: ветеран, withdraw: true}
- {fact: reading, supplier: voda, account: 1001, service: cold_water, meter: A1, date: 2026-09-30, withdraw: true}
- {fact: reading, supplier: voda, account: 1001, service: cold_water, meter: A1, date: 2026-10-31, withdraw: true}
- {fact: verification, supplier: voda, account: 1001, service: cold_water, meter: A1, withdraw: true}
- {fact: verification, supplier: voda, account: 1001, service: cold_water, meter: A1, from: 2026-04-10, withdraw: true}
- {fact: gas_factor, supplier: voda, account: 1001, service: gas, meter: G, month: 2026-09, withdraw: true}
- {fact: gas_factor, supplier: voda, account: 1001, service: gas, meter: G, month: 2026-10, withdraw: true}
- {fact: act, supplier: voda, account: 1001, service: cold_water, date: 2026-10-05, act: refusal, withdraw: true}
- {fact: object, supplier: voda, account: 1001, service: cold_water, object: garden, withdraw: true}
- {fact: instalment, supplier: voda, account: 1001, service: cold_water, month: 2026-11, withdraw: true}
- {fact: fine, supplier: voda, account: 1001, service: cold_water, month: 2026-11, withdraw: true, reason: суд отменил}
- {fact: volume, supplier: voda, account: 1001, service: cold_water, month: 2026-08, withdraw: true}
- {fact: volume, supplier: voda, account: 1001, service: cold_water, month: 2026-08, zone: night, withdraw: true}
- {fact: meter, supplier: voda, account: 1001, service: cold_water, meter: A1, withdraw: true}
- {fact: meter, supplier: voda, account: 1001, service: gas, meter: G, withdraw: true}
- {fact: meter, supplier: svet, account: 2001, service: electricity, meter: E, withdraw: true}
- {fact: service, supplier: voda, account: 1001, service: cold_water, withdraw: true}
- {fact: service, supplier: voda, account: 1001, service: gas, withdraw: true}
- {fact: service, supplier: voda, account: 1001, service: sewage, withdraw: true}
- {fact: service, supplier: svet, account: 2001, service: electricity, withdraw: true}
`)
		if f := r.Files[0]; f.Withdrawn != f.Records {
			t.Errorf("%+v", f)
		}
		if s, text := w.facts(); !s.Empty() {
			t.Errorf("left:\n%s", text)
		}
		if _, err := w.m.Charges.Charge(w.ctx, charge.Request{Month: 202610, Actor: "olga"}); err != nil {
			t.Error(err)
		}
	})
}

// TestRefusals: what is wrong is said with its place, a code and what to do; the records beside it are taken.
func TestRefusals(t *testing.T) {
	for text, code := range map[string]string{
		"{fact: reeding, supplier: voda, account: 1001}":                                                  "fact.unreadable",
		"{fact: reading, supplier: voda, account: 1001, service: cold_water, date: 2026-10-31}":           "fact.unreadable",
		"{fact: reading, supplier: voda, account: 1001, service: cold_water, date: 2026-10-31, value: x}": "fact.unreadable",
		"{supplier: voda, account: 1001, absenses: []}":                                                   "fact.unreadable",
		"{supplier: voda, account: 1001, resources: [{service: gas, month: 2026-10}]}":                    "fact.unreadable",
		"{house: H-1, rooms: 2}": "fact.unreadable",
		"[1, 2]":                 "fact.unreadable",
		"{fact: reading, supplier: voda, account: 1001, service: cold_water, date: 2026-10-31, value: 1}":          "fact.no_meter",
		"{fact: service, supplier: voda, account: 1001, service: cold_watter}":                                     "fact.service",
		"{fact: service, supplier: voda, account: 1001}":                                                           "fact.no_service",
		"{fact: service, supplier: voda, account: 1001, service: cold_water, category: castle}":                    "fact.category",
		"{fact: service, supplier: voda, account: 1001, service: cold_water, part: half}":                          "fact.part",
		"{fact: service, supplier: voda, account: 1001, service: gas, from: 2026-10-05, until: 2026-10-04}":        "fact.term",
		"{fact: absence, supplier: voda, account: 1001, left: 2026-10-30, returned: 2026-10-29}":                   "fact.term",
		"{fact: absence, supplier: voda, account: 1001, left: 2026-08-30, returned: 2026-09-29}":                   "fact.absence_late",
		"{fact: absence, supplier: voda, account: 7777, left: 2026-10-30}":                                         "account.unknown",
		"{fact: absence, supplier: vodda, account: 1001, left: 2026-10-30}":                                        "supplier.unknown",
		"{fact: absence, house: H-1, left: 2026-10-30}":                                                            "fact.not_house",
		"{fact: absence, house: H-1, flat: 77, left: 2026-10-30}":                                                  "fact.no_flat",
		"{fact: absence, left: 2026-10-30}":                                                                        "fact.addressee",
		"{fact: house, supplier: voda, account: 1001, area: 5}":                                                    "fact.house_only",
		"{fact: resource, house: H-1, service: heating, volume: 5}":                                                "fact.month",
		"{fact: event, house: H-1, service: heating, event: outage, hours: 5}":                                     "fact.event_day",
		"{fact: service, house: H-1, flat: 1, service: gas}":                                                       "fact.no_account",
		"{fact: benefit, supplier: voda, account: 1001, name: x, percent: 5, services: [gaz]}":                     "fact.service",
		"{fact: verification, supplier: voda, account: 1001, service: cold_water, meter: X9, until: 2030-01-01}":   "fact.no_meter",
		"{fact: residents, supplier: voda, account: 1001, persons: -1}":                                            "fact.unreadable",
		"{fact: reading, supplier: voda, account: 1001, service: sewage, meter: Z, date: 2026-10-31, value: 1}":    "fact.no_meter",
		"{supplier: voda, account: 1001, services: [{service: gas, meters: [{id: 1, instaled: 2026-01-01}]}]}":     "fact.unreadable",
		"{fact: owners, supplier: voda, account: 1001, persons: 2, from: 2026-10-05, until: 2026-09-01, key: two}": "fact.term",
	} {
		t.Run(text, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				r := w.load("facts.yaml", "- {fact: area, supplier: voda, account: 1001, area: 40}\n- "+text+"\n")
				var got []Verdict
				for _, v := range r.Records {
					if v.State == StateRefused {
						got = append(got, v)
					}
				}
				if r.OK || len(got) != 1 || got[0].Code != code || got[0].Line != 2 || got[0].Says == "" || r.Files[0].New == 0 {
					t.Errorf("want %s on line 2: %+v", code, r.Records)
				}
			})
		})
	}
}

func TestReplacementsOfPeopleAndTerms(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken("- {supplier: voda, account: 1001, residents: [{persons: 2}, {persons: 1, from: 2026-06-12}], services: [gas]}")
		w.taken("- {fact: residents, supplier: voda, account: 1001, persons: 4, from: 2026-09-01, instead: true}")
		w.taken("- {fact: service, supplier: voda, account: 1001, service: gas, from: 2026-10-01, mode: compared}")
		s, text := w.facts()
		if len(s.Stays) != 3 || len(s.Subscriptions) != 2 || s.Subscriptions[0].Until != 20260930 || s.Subscriptions[1].Mode != fact.Compared {
			t.Errorf("%s", text)
		}
		for _, x := range s.Stays {
			if x.Persons != 4 && x.Until != 20260831 {
				t.Errorf("%+v goes on", x)
			}
		}
		w.taken("- {supplier: voda, account: 1001, residents: 3}")
		if s, _ := w.facts(); len(s.Stays) != 1 || s.Stays[0].Persons != 3 {
			t.Errorf("%+v", s.Stays)
		}
	})
}

func TestASupplierTellsOnlyOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken("- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A1}]}]}")
		own := access.Actor{Role: access.APIToken, SupplierID: 1, Scopes: []string{"fact:write"}}
		r := w.loadAs(own, "body.ndjson", `{"fact":"reading","supplier":"voda","account":"1001","service":"cold_water","date":"2026-10-31","value":5}
{"fact":"residents","supplier":"voda","account":"1001","persons":3}
{"fact":"service","supplier":"svet","account":"2001","service":"electricity"}
{"fact":"event","house":"H-1","service":"cold_water","event":"outage","date":"2026-10-12","hours":30}
{"supplier":"voda","account":"1001","services":[{"service":"electricity","supplier":"svet"}]}
`)
		var codes []string
		for _, v := range r.Records {
			codes = append(codes, v.Code)
		}
		if got := strings.Join(codes, " "); got != " fact.not_yours account.unknown fact.own_accounts fact.own_accounts" || r.Files[0].New != 1 {
			t.Errorf("%s\n%+v", got, r.Records)
		}
		if _, err := w.m.Load(w.ctx, access.Actor{Role: access.APIToken, SupplierID: 1}, Load{}); err == nil {
			t.Error("a token without the scope may write")
		}
	})
}

// TestALateFactBecomesACorrection: a fact about a month charged already is taken, said to be late, and the next month's
// run corrects the sum.
func TestALateFactBecomesACorrection(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken("- {supplier: voda, account: 1001, residents: 3, services: [cold_water]}")
		run := func(month calendar.Month) *charge.Report {
			r, err := w.m.Charges.Charge(w.ctx, charge.Request{Month: month, Actor: "olga"})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		october := run(202610)
		if err := w.m.Charges.Close(w.ctx, 202610, "vera"); err != nil {
			t.Fatal(err)
		}
		r := w.taken("- {fact: absence, supplier: voda, account: 1001, left: 2026-10-03, returned: 2026-10-25, persons: 3}")
		if r.Late != 1 || r.Records[0].Late != "2026-10" {
			t.Errorf("%+v", r)
		}
		if november := run(202611); november.Amount >= october.Amount {
			t.Errorf("november %v, october %v: nothing was taken back", november.Amount, october.Amount)
		}
	})
}

// TestTwoLoadsIntoOneHouse: loads at the same time lose nothing and tell each fact once.
func TestTwoLoadsIntoOneHouse(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		at := calendar.Micros(1_790_000_000_000_000)
		w.m.Now = func() calendar.Micros { return at } // the clock stands still: moments of recording still differ
		var all sync.WaitGroup
		for _, month := range []string{"2026-07", "2026-08", "2026-09", "2026-10"} {
			all.Add(1)
			go func() {
				defer all.Done()
				text := "- {supplier: voda, account: 1001, residents: 3, services: [cold_water]}\n- {house: H-1, resources: [{service: heating, month: " + month + ", volume: 5}]}\n"
				if _, err := w.m.Load(w.ctx, centre, Load{Sources: []Source{{"facts.yaml", strings.NewReader(text)}}, By: "facts"}); err != nil {
					t.Error(err)
				}
			}()
		}
		all.Wait()
		if s, text := w.facts(); len(s.Resources) != 4 || len(s.Stays) != 1 || len(s.Subscriptions) != 1 || w.count("SELECT count(*) FROM charge_stay") != 1 {
			t.Errorf("%s", text)
		}
	})
}

func TestCSVAndNDJSONSayTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken("- {supplier: voda, account: 1001, services: [{service: cold_water, meters: [{id: A1}]}]}")
		r := w.load("facts.csv", "\ufefffact;supplier;account;house;flat;service;meter;date;value;persons;from;name;percent;services;heating.mode;heating.months\n"+
			"reading;voda;1001;;;cold_water;A1;31.10.2026;251,904;;;;;;;\n"+
			"residents;;;H-1;2;;;;;3;2026-01-01;;;;;\n"+
			"benefit;voda;1001;;;;;;;;;ветеран;50;cold_water|sewage;;\n"+
			"house;;;H-1;;;;;;;;;;;even;10-01..05-01\n"+
			";voda;1001;;;;;;;;;;;;;\n")
		if r.Files[0].New != 4 || r.Files[0].Refused != 1 || r.Records[4].Line != 6 {
			t.Fatalf("%+v", r)
		}
		same := w.load("facts.ndjson", `{"fact":"reading","supplier":"voda","account":"1001","service":"cold_water","meter":"A1","date":"2026-10-31","value":251.904}

{"house":"H-1","flat":"2","residents":[{"persons":3,"from":"2026-01-01"}]}
{"fact":"benefit","supplier":"voda","account":1001,"name":"ветеран","percent":50,"services":["cold_water","sewage"]}
{"house":"H-1","heating":{"mode":"even","months":[10,11,12,1,2,3,4,5]}}
not json at all: [
`)
		if same.Files[0].Same != 4 || same.Files[0].Refused != 1 || same.Records[0].Line != 6 {
			t.Errorf("%+v", same)
		}
	})
}
