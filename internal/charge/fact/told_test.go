package fact_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/decimal"
)

// TestFactsAreTold: each change of a fact is told as what it makes of the household, the premises, the account or the meter.
func TestFactsAreTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := calendar.Micros(10)
		tell := func(news fact.News, s fact.Set) (list []string) {
			t.Helper()
			ctx, w := context.Background(), fact.NewWriter()
			s.Building = 1
			at++
			if err := w.Add(&s, at); err != nil {
				t.Fatal(err)
			}
			err := d.WriteLocal(ctx, func(tx *db.Tx) error {
				if err := w.Write(ctx, tx); err != nil {
					return err
				}
				events, err := fact.Told(ctx, tx, &s, at, news)
				list = nil
				for _, e := range events {
					body, _ := json.Marshal(e.Body)
					list = append(list, string(e.Body.Kind())+string(body))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		stay := func(kind string, id int64, persons int32, from, until calendar.Date) fact.Set {
			return fact.Set{Stays: []fact.Stay{{Household: 7, ID: id, Kind: kind, Persons: persons, Term: calc.Term{From: from, Until: until}}}}
		}
		meter := func(id int64, serial string, from, until, verified, failed calendar.Date) fact.Meter {
			return fact.Meter{ID: id, AccountID: 5, Service: "cold_water", Serial: serial, VerifiedBy: verified, FailedOn: failed, Term: calc.Term{From: from, Until: until}}
		}
		takes := func(from, until calendar.Date) fact.Set {
			return fact.Set{Subscriptions: []fact.Subscription{{AccountID: 5, Household: 7, Service: "cold_water", Mode: fact.Issued, Term: calc.Term{From: from, Until: until}}}}
		}
		area := fact.Set{Premises: []fact.Premises{{Household: 7, Area: decimal.Decimal(455 * decimal.Scale / 10)}}}
		for _, c := range []struct {
			what string
			news fact.News
			set  fact.Set
			want []string
		}{
			{"a first register is no news", fact.ChangesOnly, stay(fact.Resident, 1, 2, 20260101, 0), nil},
			{"a child is born", fact.ChangesOnly, stay(fact.Resident, 2, 1, 20261101, 0), []string{`residents{"living":3,"day":"2026-11-01"}`}},
			{"a guest for a time", fact.Everything, stay(fact.Temporary, 3, 1, 20261201, 20261231), []string{`residents{"living":3,"temporary":1,"day":"2026-12-01"}`, `residents{"living":3,"day":"2027-01-01"}`}},
			{"away: neither the day of leaving nor that of return counts", fact.Everything, stay(fact.Absent, 4, 1, 20261110, 20261120), []string{`residents{"living":3,"absent":1,"day":"2026-11-11"}`, `residents{"living":3,"day":"2026-11-20"}`}},
			{"two owners", fact.Everything, stay(fact.Owner, 5, 2, 20260101, 0), []string{`ownership{"owners":2,"day":"2026-01-01"}`}},
			{"one of them is withdrawn", fact.Everything, stay(fact.Owner, 5, -1, 20260101, 0), []string{`ownership{"owners":0,"day":"2026-01-01"}`}},
			{"who is charged is nobody else's matter", fact.Everything, stay(fact.Party, 6, 1, 20260101, 0), nil},
			{"an area", fact.Everything, area, []string{`area{"total":"45.5"}`}},
			{"the same area again", fact.Everything, area, nil},
			{"an area from a day on", fact.Everything, fact.Set{Rare: []fact.Rare{{ID: 9, Household: 7, Kind: fact.KindArea, From: 20261101, Body: `{"area":500000000}`}}}, []string{`area{"total":"50","day":"2026-11-01"}`}},
			{"a service is taken", fact.Everything, takes(20260101, 0), nil},
			{"a meter", fact.ChangesOnly, fact.Set{Meters: []fact.Meter{meter(1, "А-1", 20260110, 0, 20301231, 0)}}, []string{`meter{"meter":1,"serial":"А-1","service":"cold_water","what":"installed","day":"2026-01-10","verifiedTo":"2030-12-31"}`}},
			{"its verification", fact.Everything, fact.Set{Meters: []fact.Meter{meter(1, "А-1", 20260110, 0, 20341231, 0)}}, []string{`meter{"meter":1,"serial":"А-1","service":"cold_water","what":"verified","day":"2026-01-10","verifiedTo":"2034-12-31"}`}},
			{"a reading of it", fact.ChangesOnly, fact.Set{Readings: []fact.Reading{{MeterID: 1, ID: 31, On: 20261120, Zone: calc.Day, Value: decimal.Decimal(123 * decimal.Scale / 10), Accepted: true, Head: fact.Head{Source: "file:4:17"}}}},
				[]string{`reading{"meter":1,"serial":"А-1","service":"cold_water","zone":"day","day":"2026-11-20","value":"12.3","source":"file"}`}},
			{"it breaks", fact.Everything, fact.Set{Meters: []fact.Meter{meter(1, "А-1", 20260110, 0, 20341231, 20261121)}}, []string{`meter{"meter":1,"serial":"А-1","service":"cold_water","what":"failed","day":"2026-11-21","verifiedTo":"2034-12-31"}`}},
			{"another in its place", fact.Everything, fact.Set{Meters: []fact.Meter{meter(1, "А-1", 20260110, 20261125, 20341231, 20261121), meter(2, "Б-2", 20261125, 0, 0, 0)}},
				[]string{`meter{"meter":1,"serial":"А-1","service":"cold_water","what":"replaced","day":"2026-11-25","verifiedTo":"2034-12-31"}`, `meter{"meter":2,"serial":"Б-2","service":"cold_water","what":"installed","day":"2026-11-25"}`}},
			{"that one is taken away", fact.Everything, fact.Set{Meters: []fact.Meter{meter(2, "Б-2", 20261125, 20261130, 0, 0)}}, []string{`meter{"meter":2,"serial":"Б-2","service":"cold_water","what":"removed","day":"2026-11-30"}`}},
			{"the last service ends", fact.Everything, takes(20260101, 20261130), []string{`account_closed{"day":"2026-11-30"}`}},
			{"it ended before", fact.Everything, takes(20260101, 20261129), nil},
		} {
			if got := tell(c.news, c.set); !slices.Equal(got, c.want) {
				t.Errorf("%s:\n got %v\nwant %v", c.what, got, c.want)
			}
		}
	})
}
