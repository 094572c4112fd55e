package charge_test

import (
	"context"
	"fmt"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

const october = calendar.Month(202610)

// town is a database with houses of made-up households, and a clock that goes on by a second at each look.
type town struct {
	t   *testing.T
	ctx context.Context
	d   *db.DB
	m   *charge.Module
	ids sample.Ids
	at  calendar.Micros
	c   *tariff.Catalog
}

func newTown(t *testing.T, d *db.DB) *town {
	w := &town{t: t, ctx: context.Background(), d: d, at: 1_790_000_000_000_000, c: sample.Catalog()}
	w.m = charge.New(charge.Deps{DB: d, Now: w.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return w.c, nil }})
	for i := range sample.Suppliers {
		w.ids.Supplier[i] = int64(i + 1)
		w.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, '', '', '', '', '', '', '', '', '', '[]', '', '', 1)",
			i+1, sample.SupplierCode(i))
	}
	for i := range sample.Services {
		w.ids.Service[i] = int64(100 + i)
		w.exec("INSERT INTO service (service_id, supplier_id, name) VALUES ($1, $2, $3)", 100+i, w.ids.Supplier[sample.SupplierOf(i)], sample.CodeOf(i))
	}
	return w
}

func (w *town) now() calendar.Micros { w.at += 1_000_000; return w.at }

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.d.Handle().ExecContext(w.ctx, query, args...); err != nil {
		w.t.Fatalf("%v in %s", err, query)
	}
}

// record writes facts as they become known now.
func (w *town) record(sets ...*fact.Set) {
	w.t.Helper()
	out := fact.NewWriter()
	at := w.now()
	for _, s := range sets {
		if err := out.Add(s, at); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := w.d.WriteLocal(w.ctx, func(tx *db.Tx) error { return out.Write(w.ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) houses(n, flats int) {
	w.t.Helper()
	for i := range n {
		w.record(sample.House(int64(i+1), flats, october, 8, &w.ids))
	}
}

func (w *town) charge(month calendar.Month) *charge.Report {
	w.t.Helper()
	r, err := w.m.Charge(w.ctx, charge.Request{Month: month, Actor: "olga"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.sound()
	return r
}

// sound holds the invariants.
func (w *town) sound() {
	w.t.Helper()
	err := w.d.Read(w.ctx, func(tx *db.Tx) error {
		list, err := charge.Invariants(w.ctx, tx)
		for _, b := range list {
			if b.Count > 0 {
				w.t.Errorf("%s: %d, %v", b.ID, b.Count, b.Rows)
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) count(query string, args ...any) (n int64) {
	w.t.Helper()
	if err := w.d.Handle().QueryRowContext(w.ctx, query, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestChargeOfAMonthIsPostedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(3, 20)
		r := w.charge(october)
		if r.State != charge.StateChecked || r.Buildings != 3 || r.Households != 60 || r.Lines < 600 || r.Amount <= 0 || !r.OK() {
			t.Fatalf("%+v", r)
		}
		if got := w.count("SELECT CAST(sum(balance_kop) AS BIGINT) FROM ledger_balance WHERE name = 'receivable'"); got != int64(r.Amount) {
			t.Errorf("residents owe %d, charged %d", got, r.Amount)
		}
		again := w.charge(october)
		again.Worked = r.Worked
		if fmt.Sprint(again) != fmt.Sprint(r) || w.count("SELECT count(*) FROM charge_line") != r.Lines {
			t.Errorf("again: %+v\nfirst: %+v", again, r)
		}
	})
}

func TestNewHousesAreChargedByARunOfTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(2, 5)
		first := w.charge(october)
		w.record(sample.House(9, 5, october, 8, &w.ids))
		second := w.charge(october)
		if second.Run == first.Run || second.Buildings != 1 || w.count("SELECT count(*) FROM charge_building") != 3 {
			t.Errorf("first %+v\nsecond %+v", first, second)
		}
	})
}

func TestAClosedMonthIsNotCharged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(1, 5)
		w.charge(october)
		if err := w.m.Close(w.ctx, october, "vera"); err != nil {
			t.Fatal(err)
		}
		w.record(sample.House(2, 5, october, 8, &w.ids))
		_, err := w.m.Charge(w.ctx, charge.Request{Month: october, Actor: "olga"})
		if fault.As(err).Code != "charge.month_closed" {
			t.Errorf("%v", err)
		}
		w.sound()
	})
}

// shownBy is what the meters of a service showed in October: of each one read then, less its reading of September.
func shownBy(s *fact.Set, service string) (sum int64) {
	for i := range s.Meters {
		values := map[calendar.Month]int64{}
		for k := range s.Readings {
			if r := &s.Readings[k]; r.MeterID == s.Meters[i].ID {
				values[r.On.Month()] = int64(r.Value)
			}
		}
		if after, read := values[october]; read && s.Meters[i].Service == service {
			sum += after - values[october.Add(-1)]
		}
	}
	return sum
}
