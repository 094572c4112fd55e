package charge_test

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/decimal"
)

// ownMeter is a house of two flats of 40 and 60 m², whose water meters showed 10 and 12 m³ of October, with what the house's
// own meter measured of months.
func (w *town) ownMeter(measured ...fact.Measured) {
	w.t.Helper()
	open := calc.Term{From: 20200101}
	s := &fact.Set{Building: 1, Houses: []fact.House{{House: calc.House{Area: decimal.FromInt(100), CommonArea: decimal.FromInt(10), Persons: 2}}}, Measured: measured}
	for i, flat := range []struct{ area, used int64 }{{40, 10}, {60, 12}} {
		household, account := int64(101+i), int64(11+i)
		s.Premises = append(s.Premises, fact.Premises{Household: household, Area: decimal.FromInt(flat.area)})
		s.Stays = append(s.Stays, fact.Stay{Household: household, ID: 1, Kind: fact.Resident, Persons: 1, Term: open})
		for _, x := range []struct {
			service string
			id      int64
		}{{"cold_water", 100}, {"cold_water_common", 200}} {
			s.Subscriptions = append(s.Subscriptions, fact.Subscription{Household: household, AccountID: account, Service: x.service, SupplierID: 1, ServiceID: x.id, Mode: fact.Computed, MeterOK: true, Term: open})
		}
		meter := 1000 + account
		s.Meters = append(s.Meters, fact.Meter{ID: meter, AccountID: account, Service: "cold_water", Registers: 1, VerifiedBy: 20311231, Term: open})
		for k, on := range []calendar.Date{20260930, 20261031} {
			s.Readings = append(s.Readings, fact.Reading{MeterID: meter, ID: meter*10 + int64(k), On: on, Value: decimal.FromInt(50 + int64(k)*flat.used), Accepted: true})
		}
	}
	w.record(s)
}

func measured(month calendar.Month, volume int64) fact.Measured {
	return fact.Measured{Service: "cold_water", Month: month, Volume: decimal.FromInt(volume)}
}

// TestWhatTheHouseMeterShowsBeyondTheFlats: flats' sums nobody told are added up: what is left is shared by area, what
// flats have too much is taken off by persons, a month without a reading goes by the average of three. A household
// computed alone, before the run, comes to the same. Water costs 45,61 a m³.
func TestWhatTheHouseMeterShowsBeyondTheFlats(t *testing.T) {
	for name, c := range map[string]struct {
		measured      []fact.Measured
		water, common [2]int64 // kopecks of both flats
	}{
		"30 − 22 = 8 m³, 40 and 60 %":     {[]fact.Measured{measured(october, 30)}, [2]int64{45610, 54732}, [2]int64{14595, 21893}},                                                                                                                   // 3,2 and 4,8 m³
		"20 − 22: a cubic metre a person": {[]fact.Measured{measured(october, 20)}, [2]int64{41049, 50171}, [2]int64{0, 0}},                                                                                                                           // 9 and 11 m³
		"not read: (29 + 30 + 31) ÷ 3":    {[]fact.Measured{measured(202607, 29), measured(202608, 30), measured(202609, 31), {Service: "cold_water", Month: october, Gap: fact.Unread, Missing: 1}}, [2]int64{45610, 54732}, [2]int64{14595, 21893}}, // 30 − 22
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newTown(t, d)
				w.exec("INSERT INTO service (service_id, supplier_id, name) VALUES (200, 1, 'ОДН')")
				w.ownMeter(c.measured...)
				ahead := w.ahead(1, []int64{11})
				w.charge(october)
				for i, account := range []int64{11, 12} {
					for service, want := range map[int64]int64{100: c.water[i], 200: c.common[i]} {
						got := w.count("SELECT coalesce(sum(amount_kop), 0) FROM charge_line WHERE account_id = $1 AND service_id = $2", account, service)
						if got != want {
							t.Errorf("account %d, service %d: %d, want %d", account, service, got, want)
						}
						if i == 0 && ahead[[2]int64{account, service}] != want {
							t.Errorf("ahead, service %d: %d, want %d", service, ahead[[2]int64{account, service}], want)
						}
					}
				}
			})
		})
	}
}
