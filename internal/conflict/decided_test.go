package conflict

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
	"kvit/internal/fault"
)

// TestAMeterNumberIsDecided: the meter of the account that called it otherwise has the number that was decided, as it is
// written on it, and its readings; the supplier is told; what he claims stays, and the case stays decided.
func TestAMeterNumberIsDecided(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newPlace(t, d)
		w.says("uk", 1, 0, 2, "")
		w.says("voda", 2, 0, 2, "")
		out := fact.NewWriter()
		for i, serial := range []string{"00-777 1", "8881"} {
			m := fact.Meter{Head: fact.Head{Source: "file:7:1"}, ID: int64(11 + i), AccountID: int64(1 + i), Service: "cold_water", Serial: serial, Term: calc.Term{From: 20200101}}
			if err := out.Add(&fact.Set{Building: w.building(), Meters: []fact.Meter{m}}, w.at+calendar.Micros(i)); err != nil {
				t.Fatal(err)
			}
		}
		w.write(func(tx *db.Tx) error { return out.Write(w.ctx, tx) })
		w.at += 10
		if err := w.m.Refresh(w.ctx); err != nil {
			t.Fatal(err)
		}
		id := w.one(MeterNumber).Case.ID
		if _, err := w.m.Decide(w.ctx, operator, Judgement{ID: id, Value: "1, 2", Reason: "фото"}); fault.As(err).Code != "conflict.serial" {
			t.Errorf("two numbers for one meter: %v", err)
		}
		if _, err := w.m.Decide(w.ctx, operator, Judgement{ID: id, As: "uk", Reason: "фото"}); err != nil {
			t.Fatal(err)
		}
		if err := w.m.Refresh(w.ctx); err != nil {
			t.Fatal(err)
		}
		if x := w.one(MeterNumber); x.State != Decided || len(x.Claims) != 2 || x.Claims[1].Value != "8881" {
			t.Errorf("%+v", x)
		}
		w.read(func(tx *db.Tx) error {
			set, err := fact.Gather(w.ctx, tx, w.building(), w.at+100)
			for i := range set.Meters {
				if set.Meters[i].Serial != "00-777 1" {
					t.Errorf("%+v", set.Meters[i])
				}
			}
			return err
		})
		w.read(func(tx *db.Tx) error {
			var told int
			err := tx.QueryRowContext(w.ctx, "SELECT count(*) FROM event WHERE kind = $1 AND account_id = 2 AND fact_id = 12 AND body LIKE '%changed%' OR kind = $2", string(event.KindMeter), string(event.KindConflictDecided)).Scan(&told)
			if told != 2 {
				t.Errorf("told %d times", told)
			}
			return err
		})
	})
}
