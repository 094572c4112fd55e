package reading

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

var (
	catalog  = sample.Catalog()
	resident = access.Actor{Role: access.Resident, BuildingID: 1, HouseholdID: 101}
	program  = access.Actor{Role: access.APIToken, SupplierID: 1, Scopes: []string{"reading:write"}}
	system   = access.Actor{Role: access.System}
	home     = Home{1, 101}
)

// Meters of the town.
const (
	cold  = 1001 // voda, 5 digits: 100 on 1 January, 8 a month, 164 on 1 September, 172 on 23 October
	power = 1002 // svet, day and night
	old   = 1003 // voda hot water, verification ended
)

// town is a flat whose cold water is voda's, sewage stoki's, power svet's.
type town struct {
	t     *testing.T
	ctx   context.Context
	d     *db.DB
	m     *Module
	at    calendar.Micros
	today calendar.Date

	photos string // folder, where a test needs one
}

func each(t *testing.T, fn func(t *testing.T, w *town)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newTown(t, d, catalog)) })
}

func newTown(t *testing.T, d *db.DB, c *tariff.Catalog) *town {
	t.Helper()
	w := &town{t: t, ctx: context.Background(), d: d, at: 1_790_000_000_000_000, today: 20261120}
	now := func() calendar.Micros { w.at += 1_000_000; return w.at }
	charges := charge.New(charge.Deps{DB: d, Now: now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return c, nil }})
	w.m = New(Deps{DB: d, Charges: charges, Now: now, Today: func() calendar.Date { return w.today }})
	b := account.Batch{Households: []account.Household{{BuildingID: 1, HouseholdID: 101, RecordedAt: 1, Flat: "1"}}}
	for s, code := range []string{"voda", "stoki", "svet"} {
		id, number := int64(s+1), fmt.Sprintf("%d00", s+1)
		w.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, $2, '', '', '', '', '', '', '', '', '[]', '', '', 1)", id, code)
		b.Routes = append(b.Routes, account.Route{SupplierID: id, Number: number, AccountID: 10 + id, BuildingID: 1})
		b.Accounts = append(b.Accounts, account.Account{BuildingID: 1, AccountID: 10 + id, SupplierID: id, Number: number, OpenedAt: 1})
		b.Claims = append(b.Claims, account.Claim{BuildingID: 1, AccountID: 10 + id, RecordedAt: 1, Printed: number, Status: account.StatusPlaced, Evidence: []byte("{}")})
		b.Links = append(b.Links, account.Link{BuildingID: 1, AccountID: 10 + id, RecordedAt: 1, HouseholdID: 101})
	}
	w.write(func(tx *db.Tx) error { return b.Write(w.ctx, tx) })
	w.facts()
	return w
}

func (w *town) facts() {
	open := calc.Term{From: 20200101}
	s := &fact.Set{Building: 1, Premises: []fact.Premises{{Household: 101, Area: decimal.FromInt(50), Rooms: 2}}, Stays: []fact.Stay{{Household: 101, ID: 1, Kind: fact.Resident, Persons: 2, Term: open}}}
	for _, x := range []struct {
		account int64
		service string
	}{{11, "cold_water"}, {11, "hot_water"}, {12, "sewage"}, {13, "electricity"}} {
		s.Subscriptions = append(s.Subscriptions, fact.Subscription{Household: 101, AccountID: x.account, Service: x.service, SupplierID: x.account - 10, ServiceID: x.account * 10, Mode: fact.Computed, MeterOK: true, Term: open})
	}
	s.Subscriptions[1].ServiceID = 119
	s.Meters = []fact.Meter{
		{ID: cold, AccountID: 11, Service: "cold_water", Serial: "ХВ-0004471", Digits: 5, Registers: 1, VerifiedBy: 20301231, Term: open},
		{ID: power, AccountID: 13, Service: "electricity", Serial: "900100", Digits: 5, Registers: 2, VerifiedBy: 20301231, Term: open},
		{ID: old, AccountID: 11, Service: "hot_water", Serial: "ГВ55", Digits: 5, Registers: 1, VerifiedBy: 20260903, Term: open},
	}
	for k := range 10 {
		on := calendar.NewDate(2026, k+1, 23)
		add := func(meter int64, zone calc.Zone, value int64) {
			s.Readings = append(s.Readings, fact.Reading{MeterID: meter, ID: fact.ReadingID(meter, on, zone), On: on, Zone: zone, Value: decimal.FromInt(value), Accepted: true})
		}
		add(cold, calc.AllDay, 100+8*int64(k))
		add(power, calc.Day, 5000+120*int64(k))
		add(power, calc.Night, 2000+60*int64(k))
		add(old, calc.AllDay, 50+3*int64(k))
	}
	w.write(func(tx *db.Tx) error { return writeFacts(w.ctx, tx, s, 1) })
}

func (w *town) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.WriteLocal(w.ctx, fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		_, err := tx.ExecContext(w.ctx, query, args...)
		return err
	})
}

func (w *town) count(query string) (n int64) {
	w.t.Helper()
	if err := w.d.Read(w.ctx, func(tx *db.Tx) error { return tx.QueryRowContext(w.ctx, query).Scan(&n) }); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func given(meter int64, on calendar.Date, values ...int64) Given {
	g := Given{Meter: meter, On: on}
	for i, v := range values {
		zone := calc.AllDay
		if len(values) > 1 {
			zone = calc.Zone(i + 1) // day, night
		}
		g.Values = append(g.Values, Value{zone, decimal.FromInt(v)})
	}
	return g
}

// give gives figures as the resident does.
func (w *town) give(key string, list ...Given) *Receipt {
	w.t.Helper()
	r, err := w.m.Give(w.ctx, resident, Request{Home: home, Origin: Origin{Channel: Page, Author: "житель", Key: key}, Given: list})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// load gives a file.
func (w *town) load(name, text string) *Outcome {
	w.t.Helper()
	r, err := w.m.Load(w.ctx, system, Load{Origin: Origin{Channel: File}, Every: true, Entries: Source{name, []byte(text)}.Entries})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func states(r *Outcome) string {
	var list []string
	for _, v := range r.Lines {
		list = append(list, string(v.State))
	}
	return strings.Join(list, " ")
}
