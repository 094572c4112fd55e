package charge_test

import (
	"testing"

	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
)

// TestModes: an issued service shows the supplier's figure or says that it has not come; a compared one is computed, and
// the differences list names exactly the accounts that differ.
func TestModes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		s := sample.House(1, 3, october, 8, &w.ids)
		for i := range s.Subscriptions {
			switch x := &s.Subscriptions[i]; x.Service {
			case "maintenance":
				x.Mode = fact.Issued
			case "capital_repair":
				x.Mode = fact.Compared
			}
		}
		w.record(s)
		repair := w.shownSum(1001, "capital_repair")
		w.theirs(10006, w.ids.Service[7], 123_45)
		w.theirs(10017, w.ids.Service[8], repair)
		w.theirs(10007, w.ids.Service[8], 1)
		w.charge(october)
		if got := w.count("SELECT amount_kop FROM charge_line WHERE account_id = 10006"); got != 123_45 {
			t.Errorf("issued: charged %d", got)
		}
		if got := w.count("SELECT count(*) FROM charge_issue WHERE code = 'charge.not_given' AND account_id IN (10016, 10026)"); got != 2 {
			t.Errorf("%d accounts have no figure of the supplier, want 2", got)
		}
		list, err := w.m.Differences(w.ctx, october)
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, x := range list {
			if x.Account != 10007 && x.Account != 10027 || x.Missing != (x.Account == 10027) {
				t.Errorf("%+v", x)
			}
		}
	})
}

// TestDoubledRowsAreADifference: a service that a file charges twice is named as that, whether an earlier file charged it
// or not, until a later one tells of it once.
func TestDoubledRowsAreADifference(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		s := sample.House(1, 2, october, 8, &w.ids)
		for i := range s.Subscriptions {
			if x := &s.Subscriptions[i]; x.Service == "capital_repair" {
				x.Mode = fact.Compared
			}
		}
		w.record(s)
		w.exec("INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) VALUES (1, 10007, $1, '7', 1, 0, 0), (1, 10017, $1, '17', 1, 0, 0)", w.ids.Supplier[7])
		for _, account := range []int64{10007, 10017} {
			w.exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, $1, 1, $2, '', 100, '')", account, account/10)
		}
		repair := w.shownSum(1001, "capital_repair")
		w.theirs(10017, w.ids.Service[8], repair)
		w.charge(october)
		w.twice(10007, 2, 100_00, 120_50)
		w.twice(10017, 3, repair, repair+1)
		list, err := w.m.Differences(w.ctx, october)
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, x := range list {
			earlier := x.Account == 10017
			if x.Cause != charge.CauseDoubled || x.Household != x.Account/10 || x.Supplier != w.ids.Supplier[7] || x.Missing == earlier || x.Ours == 0 || earlier && int64(x.Theirs) != repair {
				t.Errorf("%+v", x)
			}
			if !earlier && x.Of != "100.00; 120.50" {
				t.Errorf("the sums are told as %q", x.Of)
			}
		}
		w.twice(10017, 0, 0, 0)
		if list, err = w.m.Differences(w.ctx, october); err != nil || len(list) != 1 || list[0].Account != 10007 {
			t.Errorf("told once: %+v, %v", list, err)
		}
	})
}

// twice records that a file told of the capital repair of an account several times.
func (w *town) twice(account int64, told int, low, high int64) {
	w.t.Helper()
	d := charge.Doubled{BuildingID: 1, AccountID: account, Month: october, ServiceID: w.ids.Service[8], RecordedAt: w.now(), Told: told, Low: money.Amount(low), High: money.Amount(high)}
	if err := w.d.WriteLocal(w.ctx, func(tx *db.Tx) error { return charge.WriteDoubled(w.ctx, tx, []charge.Doubled{d}) }); err != nil {
		w.t.Fatal(err)
	}
}

// shownSum is what a service of a household comes to.
func (w *town) shownSum(household int64, service string) (sum int64) {
	w.t.Helper()
	p, err := w.m.Preview(w.ctx, 1, household, october, charge.Wish{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, l := range p.Now {
		if l.Service == service {
			sum += int64(l.Amount)
		}
	}
	return sum
}

// theirs records a supplier's charge of October.
func (w *town) theirs(account, service, sum int64) {
	w.t.Helper()
	line := charge.Line{BuildingID: 1, AccountID: account, Month: october, ServiceID: service, RecordedAt: w.now(), Charge: money.Amount(sum), Given: charge.GivenCharge}
	if err := w.d.WriteLocal(w.ctx, func(tx *db.Tx) error { return charge.Write(w.ctx, tx, []charge.Line{line}) }); err != nil {
		w.t.Fatal(err)
	}
}
