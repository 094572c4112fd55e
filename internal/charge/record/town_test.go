package record

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

var centre = access.Actor{Role: access.System}

// town is a house of three flats with accounts of two suppliers.
type town struct {
	t   *testing.T
	ctx context.Context
	d   *db.DB
	m   *Module
	at  atomic.Int64 // the clock, microseconds
}

// Numbers of the town: flat n is household 100+n, its account of supplier s is 10*n+s.
const flats = 3

func newTown(t *testing.T, d *db.DB) *town {
	t.Helper()
	w := &town{t: t, ctx: context.Background(), d: d}
	w.at.Store(1_790_000_000_000_000)
	now := func() calendar.Micros { return calendar.Micros(w.at.Add(1_000_000)) }
	charges := charge.New(charge.Deps{DB: d, Now: now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
	w.m = New(Deps{DB: d, Suppliers: supplier.New(d, now), Charges: charges, Now: now, Today: func() calendar.Date { return 20261120 }})
	w.exec("INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at) VALUES (1, 'H-1', '', '', 'Рязань', 'ул', 'Лесная', '', '1', '', '', 0, 0, 0, '', '', '', 1)")
	for s, code := range []string{1: "voda", 2: "svet"} {
		if code != "" {
			w.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, $2, '', '', '', '', '', '', '', '', '[]', '', '', 1)", s, code)
		}
	}
	b := account.Batch{}
	for n := int64(1); n <= flats; n++ {
		b.Households = append(b.Households, account.Household{BuildingID: 1, HouseholdID: 100 + n, RecordedAt: 1, Flat: fmt.Sprint(n)})
		for s := int64(1); s <= 2; s++ {
			id, number := 10*n+s, fmt.Sprintf("%d00%d", s, n)
			b.Routes = append(b.Routes, account.Route{SupplierID: s, Number: number, AccountID: id, BuildingID: 1})
			b.Accounts = append(b.Accounts, account.Account{BuildingID: 1, AccountID: id, SupplierID: s, Number: number, OpenedAt: 1})
			b.Claims = append(b.Claims, account.Claim{BuildingID: 1, AccountID: id, RecordedAt: 1, Printed: number, Status: account.StatusPlaced, Evidence: []byte("{}")})
			b.Links = append(b.Links, account.Link{BuildingID: 1, AccountID: id, RecordedAt: 1, HouseholdID: 100 + n})
		}
	}
	if err := d.WriteLocal(w.ctx, func(tx *db.Tx) error { return b.Write(w.ctx, tx) }); err != nil {
		t.Fatal(err)
	}
	return w
}

var catalog = sample.Catalog()

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.d.Handle().ExecContext(w.ctx, query, args...); err != nil {
		w.t.Fatalf("%v in %s", err, query)
	}
}

func (w *town) load(name, text string) *Report {
	w.t.Helper()
	return w.loadAs(centre, name, text)
}

func (w *town) loadAs(actor access.Actor, name, text string) *Report {
	w.t.Helper()
	r, err := w.m.Load(w.ctx, actor, Load{Sources: []Source{{Name: name, Body: strings.NewReader(text)}}, By: "facts"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// taken loads what must be taken whole.
func (w *town) taken(text string) *Report {
	w.t.Helper()
	r := w.load("facts.yaml", text)
	if !r.OK {
		w.t.Fatalf("%+v", r.Records)
	}
	return r
}

// facts is what is known of the house without who says so and when.
func (w *town) facts() (s *fact.Set, text string) {
	w.t.Helper()
	err := w.d.Read(w.ctx, func(tx *db.Tx) (err error) {
		h, err := load(w.ctx, tx, 1, 1<<62)
		if err != nil {
			return err
		}
		h.houses.told, h.resources.told, h.premises.told, h.stays.told = h.houses.held, h.resources.held, h.premises.held, h.stays.held
		h.subs.told, h.meters.told, h.readings.told, h.volumes.told, h.rare.told = h.subs.held, h.meters.held, h.readings.held, h.volumes.held, h.rare.held
		s = h.set()
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s, strings.Join(plain(s), "\n")
}

// plain says each fact in a line.
func plain(s *fact.Set) (list []string) {
	bare := func(x any, h *fact.Head) {
		*h = fact.Head{}
		list = append(list, fmt.Sprintf("%+v", x))
	}
	for _, x := range s.Houses {
		bare(&x, &x.Head)
	}
	for _, x := range s.Resources {
		bare(&x, &x.Head)
	}
	for _, x := range s.Premises {
		bare(&x, &x.Head)
	}
	for _, x := range s.Stays {
		bare(&x, &x.Head)
	}
	for _, x := range s.Subscriptions {
		x.ServiceID = 0 // numbers follow the order of coming
		bare(&x, &x.Head)
	}
	for _, x := range s.Meters {
		bare(&x, &x.Head)
	}
	for _, x := range s.Readings {
		bare(&x, &x.Head)
	}
	for _, x := range s.Volumes {
		bare(&x, &x.Head)
	}
	for _, x := range s.Rare {
		bare(&x, &x.Head)
	}
	return list
}

func (w *town) count(query string) (n int64) {
	w.t.Helper()
	if err := w.d.Handle().QueryRowContext(w.ctx, query).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func each(t *testing.T, fn func(*testing.T, *town)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newTown(t, d)) })
}
