package reading

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
)

// street adds buildings of one flat with a water meter each. Of every third the supplier prints the number otherwise than
// it is kept.
func (w *town) street(first, last int64) {
	w.t.Helper()
	for building := first; building <= last; building++ {
		id, number := building*1000, fmt.Sprintf("В%d", building)
		b := account.Batch{
			Households: []account.Household{{BuildingID: building, HouseholdID: id, RecordedAt: 1, Flat: "1"}},
			Routes:     []account.Route{{SupplierID: 1, Number: number, AccountID: id, BuildingID: building}},
			Accounts:   []account.Account{{BuildingID: building, AccountID: id, SupplierID: 1, Number: number, OpenedAt: 1}},
			Claims:     []account.Claim{{BuildingID: building, AccountID: id, RecordedAt: 1, Printed: printedOf(building), Status: account.StatusPlaced, Evidence: []byte("{}")}},
			Links:      []account.Link{{BuildingID: building, AccountID: id, RecordedAt: 1, HouseholdID: id}},
		}
		open := calc.Term{From: 20200101}
		set := &fact.Set{
			Building:      building,
			Subscriptions: []fact.Subscription{{Household: id, AccountID: id, Service: "cold_water", SupplierID: 1, ServiceID: 110, Mode: fact.Computed, MeterOK: true, Term: open}},
			Meters:        []fact.Meter{{ID: id, AccountID: id, Service: "cold_water", Serial: number, Digits: 5, Registers: 1, VerifiedBy: 20301231, Term: open}},
			Readings:      []fact.Reading{{MeterID: id, ID: fact.ReadingID(id, 20261023, calc.AllDay), On: 20261023, Value: decimal.FromInt(100), Accepted: true}},
		}
		w.write(func(tx *db.Tx) error {
			if err := b.Write(w.ctx, tx); err != nil {
				return err
			}
			return writeFacts(w.ctx, tx, set, 1)
		})
	}
}

func printedOf(building int64) string {
	if building%3 == 0 {
		return fmt.Sprintf("B%d", building) // a Latin letter
	}
	return fmt.Sprintf("В%d", building)
}

// TestManyBuildingsAtOnce: each line of a bulk gets its own verdict, each building its figures and events once, and the
// same bulk again, by the numbers as they are printed or as they are kept, changes nothing.
func TestManyBuildingsAtOnce(t *testing.T) {
	const first, last = 21, 44
	each(t, func(t *testing.T, w *town) {
		w.m.Now = func() calendar.Micros { return 1_790_000_000_000_000 } // told by many at once
		w.street(first, last)
		var text strings.Builder
		var want []string
		for building := int64(first); building <= last; building++ {
			value, state := 104, Taken
			if building%4 == 0 {
				value, state = 90, Asked
			}
			fmt.Fprintf(&text, `{"supplier":"voda","account":"%s","service":"cold_water","value":%d}`+"\n", printedOf(building), value)
			fmt.Fprintf(&text, `{"account":"нет%d","service":"cold_water","value":1}`+"\n", building)
			want = append(want, string(state), string(Refused))
		}
		done := int64(0)
		r, err := w.m.Load(w.ctx, system, Load{Origin: Origin{Channel: File}, Every: true, Entries: Source{"street.ndjson", []byte(text.String())}.Entries,
			Progress: func(_ string, n, _ int64) { done = n }})
		if err != nil {
			t.Fatal(err)
		}
		if got := states(r); got != strings.Join(want, " ") {
			t.Errorf("verdicts: %s\nwant:     %s", got, strings.Join(want, " "))
		}
		if done != last-first+1 {
			t.Errorf("progress ends at %d", done)
		}
		for range 2 {
			for query, want := range map[string]int64{
				"SELECT count(*) FROM charge_reading WHERE building_id > 20 AND on_day = 20261120 AND value_e7 = 1040000000": 18,
				"SELECT count(DISTINCT receipt_no) FROM reading_receipt":                                                     18,
				"SELECT count(*) FROM event WHERE building_id > 20 AND seq = 1":                                              18,
				"SELECT count(*) FROM event": 18,
			} {
				if got := w.count(query); got != want {
					t.Errorf("%s: %d, want %d", query, got, want)
				}
			}
			kept := strings.ReplaceAll(text.String(), `"B`, `"В`)
			if again := states(w.load("street.ndjson", kept)); again != strings.ReplaceAll(strings.Join(want, " "), string(Taken), string(Same)) {
				t.Errorf("again: %s", again)
			}
		}
	})
}

// TestVerdictsAreToldOneBuildingAfterAnother: whoever keeps what came of entries need not guard it.
func TestVerdictsAreToldOneBuildingAfterAnother(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.street(21, 32)
		var text strings.Builder
		for building := int64(21); building <= 32; building++ {
			fmt.Fprintf(&text, `{"account":"%s","service":"cold_water","value":104}`+"\n", printedOf(building))
		}
		inside, lines := make(chan struct{}, 1), []int64(nil)
		_, err := w.m.Load(w.ctx, system, Load{Origin: Origin{Channel: File}, Entries: Source{"a.ndjson", []byte(text.String())}.Entries,
			Judged: func(_ context.Context, _ *db.Tx, verdicts []Judged) error {
				select {
				case inside <- struct{}{}:
				default:
					t.Error("told of two buildings at once")
					return nil
				}
				for _, v := range verdicts {
					lines = append(lines, int64(v.Line))
				}
				<-inside
				return nil
			}})
		if err != nil {
			t.Fatal(err)
		}
		if want := "[1 2 3 4 5 6 7 8 9 10 11 12]"; fmt.Sprint(lines) != want {
			t.Errorf("told of lines %v", lines)
		}
	})
}
