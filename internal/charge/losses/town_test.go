package losses

import (
	"context"
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
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/tariff"
)

const october calendar.Month = 202610

// TestABalanceBeforeAndAfterTheCharge: what was preliminary is what the run charged; a supplier gets what it sells, a
// resident no flats, open data the house of enough flats alone, and only what was charged.
func TestABalanceBeforeAndAfterTheCharge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, at, catalog := context.Background(), calendar.Micros(1_790_000_000_000_000), sample.Catalog()
		now := func() calendar.Micros { at += 1_000_000; return at }
		charges := charge.New(charge.Deps{DB: d, Now: now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
		m := New(Deps{DB: d, Charges: charges})
		ids := fill(t, d, now)
		centre := access.Actor{Role: access.CentreOperator}

		before, err := m.House(ctx, centre, "H1", october)
		if err != nil {
			t.Fatal(err)
		}
		water := find(t, before, "cold_water")
		if !water.Now.Preliminary || water.Now.Loss == nil || water.Now.Metered == 0 || water.Now.Normative == 0 || !strings.HasPrefix(water.Says, "По данным на сегодня") {
			t.Fatalf("%+v", water.Now)
		}
		if open, err := m.Houses(ctx, access.Actor{Role: access.Anonymous}, List{Month: october, Open: true}); err != nil || len(open) != 0 {
			t.Errorf("open data of a month not charged: %+v, %v", open, err)
		}
		if _, err := charges.Charge(ctx, charge.Request{Month: october, Actor: "olga"}); err != nil {
			t.Fatal(err)
		}
		after, err := m.House(ctx, centre, "H1", october)
		if err != nil {
			t.Fatal(err)
		}
		w := find(t, after, "cold_water")
		if w.Now.Preliminary || *w.Now.Loss != *water.Now.Loss || w.Now.Metered != water.Now.Metered || *w.Now.LossSum != *water.Now.LossSum {
			t.Errorf("charged %+v, foretold %+v", w.Now, water.Now)
		}
		if len(after.Flats) == 0 || len(after.Flats) != len(before.Flats) {
			t.Errorf("flats: %d, before %d", len(after.Flats), len(before.Flats))
		}

		own := access.Actor{Role: access.SupplierOperator, SupplierID: ids.Supplier[0]} // cold water, sewage, irrigation
		his, err := m.House(ctx, own, "H1", october)
		if err != nil || len(his.Services) == 0 || len(his.Services) >= len(after.Services) {
			t.Fatalf("a supplier's: %+v, %v", his, err)
		}
		for _, f := range his.Flats {
			if f.Supplier != sample.SupplierCode(0) {
				t.Errorf("a supplier sees %+v", f)
			}
		}
		if _, err := m.House(ctx, access.Actor{Role: access.SupplierOperator, SupplierID: 99}, "H1", october); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger: %v", err)
		}
		if r, err := m.Own(ctx, 1, october); err != nil || r.Flats != nil || len(r.Services) == 0 {
			t.Errorf("a resident sees %+v, %v", r.Flats, err)
		}
		open, err := m.Houses(ctx, access.Actor{Role: access.Anonymous}, List{Month: october, Open: true})
		if err != nil || len(open) == 0 || open[0].Code != "H1" {
			t.Errorf("open data: %+v, %v", open, err)
		}
		for _, r := range open {
			if r.Code == "H2" {
				t.Error("open data of a house of few flats")
			}
		}
	})
}

func find(t *testing.T, r *Balance, service string) *Service {
	t.Helper()
	for i := range r.Services {
		if r.Services[i].Service == service {
			return &r.Services[i]
		}
	}
	t.Fatalf("no %s in %+v", service, r)
	return nil
}

// fill makes two houses: of twenty flats, and of four.
func fill(t *testing.T, d *db.DB, now func() calendar.Micros) (ids sample.Ids) {
	t.Helper()
	ctx := context.Background()
	if _, err := housing.New(d, now).Load(ctx, strings.NewReader("house_id,street_type,street,house,flats,kind\nH1,ул,Ленина,12,20,mkd\nH2,ул,Ленина,14,4,mkd\n"), "houses.csv"); err != nil {
		t.Fatal(err)
	}
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := d.Handle().ExecContext(ctx, query, args...); err != nil {
			t.Fatal(err)
		}
	}
	run("UPDATE building SET building_id = CASE code WHEN 'H1' THEN 1 ELSE 2 END")
	for i := range sample.Suppliers {
		ids.Supplier[i] = int64(i + 1)
		run("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, '', '', '', '', '', '', '', '', '', '[]', '', '', 1)", i+1, sample.SupplierCode(i))
	}
	for i := range sample.Services {
		ids.Service[i] = int64(100 + i)
		run("INSERT INTO service (service_id, supplier_id, name) VALUES ($1, $2, $3)", 100+i, ids.Supplier[sample.SupplierOf(i)], sample.CodeOf(i))
	}
	for building, flats := range map[int64]int{1: 20, 2: 4} {
		set := sample.House(building, flats, october, 8, &ids)
		set.Resources = append(set.Resources, fact.Resource{Service: "cold_water", Resource: calc.Resource{Month: october, HasMeter: true, Volume: whole(int64(20 * flats))}})
		out, accounts, seen := fact.NewWriter(), account.Batch{}, map[int64]bool{}
		at := now()
		for i := range set.Subscriptions {
			if s := &set.Subscriptions[i]; !seen[s.AccountID] {
				seen[s.AccountID] = true
				accounts.Accounts = append(accounts.Accounts, account.Account{BuildingID: building, AccountID: s.AccountID, SupplierID: s.SupplierID, Number: "N", OpenedAt: at})
			}
		}
		if err := out.Add(set, at); err != nil {
			t.Fatal(err)
		}
		err := d.WriteLocal(ctx, func(tx *db.Tx) error {
			if err := accounts.Write(ctx, tx); err != nil {
				return err
			}
			return out.Write(ctx, tx)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return ids
}
