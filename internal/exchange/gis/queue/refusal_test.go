package queue

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange/gis"
	"kvit/internal/exchange/gis/simulator"
)

// texts are the first columns of a query, sorted.
func (o *office) texts(query string) (list []string) {
	o.t.Helper()
	err := o.db.Read(context.Background(), func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(context.Background(), query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			list = append(list, s)
		}
		return rows.Err()
	})
	if err != nil {
		o.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// only are the objects of some kinds.
func only(list []object, kinds ...gis.Kind) []object {
	return slices.DeleteFunc(list, func(x object) bool { return !slices.Contains(kinds, x.Kind) })
}

const identifiers = "SELECT kind || ' ' || own_key || ' ' || value FROM v_gis_identifier WHERE kind <> 'premises'"

// TestAlreadyThere: a centre whose memory of the exchange is lost tells everything again, some of it changed. ГИС ЖКХ
// says «уже существует»; what is there is asked for, the identifiers come back as they were, nothing is there twice.
func TestAlreadyThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const n = 10
		o := newOffice(t, d, simulator.Options{Delay: 20 * time.Second, Seed: 3, Flats: flats(n)})
		o.accounts(n)
		o.queue(only(o.all(n), gis.KindAccount, gis.KindMeter, gis.KindDocument))
		if _, err := o.m.Fetch(t.Context(), "voda"); err != nil {
			t.Fatal(err)
		}
		o.work(100, time.Minute)
		before := o.texts(identifiers)
		o.write(func(tx *db.Tx) error {
			for _, table := range []string{"gis_object", "gis_request", "gis_identifier"} {
				if _, err := tx.ExecContext(context.Background(), "DELETE FROM "+table); err != nil {
					return err
				}
			}
			return nil
		})
		again := only(o.all(n), gis.KindAccount, gis.KindMeter, gis.KindDocument)
		for i := range again {
			if b, ok := again[i].Body.(*gis.Document); ok && i%2 == 0 {
				b.Total = "11.00"
			}
			if b, ok := again[i].Body.(*gis.Account); ok && i%4 == 0 {
				b.TotalArea = "44.5"
			}
		}
		o.queue(again)
		if _, err := o.m.Fetch(t.Context(), "voda"); err != nil {
			t.Fatal(err)
		}
		o.work(100, time.Minute)
		// Of each: GUID, ЕЛС, ИЖКУ, ИПД, GUID, number, version and serial of the meter; and the aliases the readings of a half have.
		if after := o.texts(identifiers); len(before) != 8*n+n/2 || !cmp.Equal(before, after) {
			t.Errorf("%d identifiers: %s", len(before), cmp.Diff(before, after))
		}
		if open := o.texts("SELECT kind || ' ' || state || ' ' || reason FROM gis_object WHERE state <> 'done'"); len(open) > 0 {
			t.Errorf("not done: %v", open)
		}
		if there := o.sim.Standing(); there != 3*n {
			t.Errorf("%d objects are there, want %d", there, 3*n)
		}
	})
}

// TestOneBadObject: of two hundred objects one is not by a newer schema, and a whole message is refused for it. It is
// found and refused alone; the others are done.
func TestOneBadObject(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const n = 200
		o := newOffice(t, d, simulator.Options{Seed: 3, Newer: "N1077"})
		o.queue(only(o.all(n), gis.KindAccount))
		o.work(100, time.Minute)
		if refused := o.texts("SELECT entity FROM gis_object WHERE state = 'refused'"); !slices.Equal(refused, []string{"account:1077"}) {
			t.Errorf("refused: %v", refused)
		}
		if done := o.number("SELECT count(*) FROM gis_object WHERE state = 'done'"); done != n-1 {
			t.Errorf("%d done, want %d", done, n-1)
		}
		s, err := o.m.Status(t.Context())
		if err != nil || len(s.Refusals) != 1 || !strings.Contains(s.Refusals[0].Advice, "не по схеме") {
			t.Errorf("status %+v, %v", s, err)
		}
	})
}

// TestNoRights: objects of a supplier who did not give his rights wait, none is refused; once he has, they go.
func TestNoRights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, simulator.Options{Seed: 3, NoAccess: 1, GivenIn: 3 * time.Hour})
		o.queue(only(o.all(2), gis.KindAccount))
		o.work(10, time.Minute)
		if waits := o.texts("SELECT state || ' ' || class FROM gis_object"); !slices.Equal(waits, []string{"waiting access", "waiting access"}) {
			t.Fatalf("%v", waits)
		}
		for range 5 {
			o.clock.Add(int64(time.Hour / time.Microsecond))
			if _, err := o.m.Round(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if done := o.texts("SELECT state FROM gis_object"); !slices.Equal(done, []string{"done", "done"}) {
			t.Errorf("%v", done)
		}
	})
}

// TestIdentifiersKeepTheirDates: an identifier that changed is known as it was, and since when it is another.
func TestIdentifiersKeepTheirDates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, simulator.Options{})
		for i, value := range []string{"a", "a", "b", "b"} {
			o.write(func(tx *db.Tx) error {
				return saveAlias(context.Background(), tx, o.s.ID, learnt{aliasUnified, "1", value, fromAnswer}, calendar.Micros(100+i))
			})
		}
		if all := o.texts("SELECT CAST(recorded_at AS TEXT) || value FROM gis_identifier"); !slices.Equal(all, []string{"100a", "102b"}) {
			t.Errorf("%v", all)
		}
		if now := o.texts("SELECT value FROM v_gis_identifier"); !slices.Equal(now, []string{"b"}) {
			t.Errorf("%v", now)
		}
	})
}
