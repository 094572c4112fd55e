package charge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/decimal"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

const november = calendar.Month(202611)

// late are facts about October that become known after it was charged: a third resident, another area, a reading that
// was wrong, a service no longer taken.
func late(building int64, ids *sample.Ids) *fact.Set {
	id := building * 1000
	s := &fact.Set{Building: building}
	s.Stays = []fact.Stay{{Household: id, ID: 900 + id, Kind: fact.Resident, Persons: 1, Term: calc.Term{From: 20261010}}}
	s.Premises = []fact.Premises{{Household: id + 1, Area: 77_7000000, Rooms: 2}}
	s.Rare = []fact.Rare{{
		ID: 7000 + building, Household: id + 2, AccountID: (id+2)*10 + 4, Service: "heating", Kind: fact.KindEvent, From: 20261005,
		Body: `{"kind":"outage","hours":300000000,"from":20261005}`,
	}}
	s.Subscriptions = []fact.Subscription{{Household: id + 3, AccountID: (id+3)*10 + 7, Service: "capital_repair", SupplierID: ids.Supplier[7], ServiceID: ids.Service[8], Mode: fact.Withdrawn}}
	return s
}

// owed is what every account owes for every service.
func (w *town) owed() map[[3]int64]int64 {
	w.t.Helper()
	all := map[[3]int64]int64{}
	err := w.d.Read(w.ctx, func(tx *db.Tx) error {
		return tx.Scan(w.ctx, "SELECT building_id, account_id, service_id, balance_kop FROM ledger_balance WHERE name = 'receivable' AND balance_kop <> 0", nil, func(v []int64, _ []byte) error {
			all[[3]int64{v[0], v[1], v[2]}] = v[3]
			return nil
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func sameOwed(t *testing.T, got, want map[[3]int64]int64) {
	t.Helper()
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%v owes %d, want %d", k, got[k], v)
		}
	}
	for k, v := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("%v owes %d, want nothing", k, v)
		}
	}
}

// TestLateFactsEndInTheSameDebts: charging by what was known and correcting later comes to the same as knowing at once.
func TestLateFactsEndInTheSameDebts(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			open := func() *db.DB {
				if dialect == "sqlite" {
					return dbtest.SQLite(t)
				}
				return dbtest.Postgres(t)
			}
			w := newTown(t, open())
			w.houses(2, 8)
			first := w.charge(october)
			if err := w.m.Close(w.ctx, october, "vera"); err != nil {
				t.Fatal(err)
			}
			w.record(late(1, &w.ids))
			w.charge(november)
			if n := w.count("SELECT count(*) FROM charge_line WHERE month = 202611 AND about = 202610 AND formula = $1", int(calc.FormulaRecalculation)); n < 4 {
				t.Errorf("%d corrections of October", n)
			}
			if n := w.count("SELECT count(*) FROM charge_line WHERE run_id = $1", first.Run); n != first.Lines {
				t.Errorf("October has %d lines, had %d", n, first.Lines)
			}

			knew := newTown(t, open())
			knew.houses(2, 8)
			knew.record(late(1, &knew.ids))
			knew.charge(october)
			knew.charge(november)
			sameOwed(t, w.owed(), knew.owed())
		})
	}
}

func TestRecalculationIsSeenPostedAndUndone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(2, 8)
		w.charge(october)
		before := w.owed()
		dearer := *w.c
		dearer.Rates = append([]tariff.Rate{}, w.c.Rates...)
		for i := range dearer.Rates {
			if dearer.Rates[i].Service == "maintenance" {
				dearer.Rates[i].Value += decimal.FromInt(1)
			}
		}
		w.c = &dearer
		ask := charge.Recalculation{In: october, From: october, Cause: "тариф", Actor: "olga"}
		seen, err := w.m.PreviewRecalculation(w.ctx, ask)
		if err != nil {
			t.Fatal(err)
		}
		if seen.Posted || seen.Accounts != 16 || seen.Amount <= 0 || seen.Less != 0 || len(seen.Largest) != 16 {
			t.Errorf("preview: %+v", seen)
		}
		sameOwed(t, w.owed(), before)
		posted, err := w.m.Recalculate(w.ctx, ask)
		if err != nil {
			t.Fatal(err)
		}
		w.sound()
		if posted.Amount != seen.Amount || posted.Accounts != seen.Accounts {
			t.Errorf("posted %+v, seen %+v", posted, seen)
		}
		again, err := w.m.Recalculate(w.ctx, ask)
		if err != nil || again.Accounts != 0 || again.Amount != 0 {
			t.Errorf("again: %+v, %v", again, err)
		}
		undone, err := w.m.Undo(w.ctx, posted.Run, november, "vera")
		if err != nil || undone.Amount != -posted.Amount {
			t.Fatalf("undone: %+v, %v", undone, err)
		}
		w.sound()
		sameOwed(t, w.owed(), before)
		w.toldOf(posted.Run, 16, int64(posted.Amount))
		w.toldOf(undone.Run, 16, -int64(posted.Amount))
		_, err = w.m.Undo(w.ctx, posted.Run, november, "vera")
		if fault.As(err).Code != "charge.state" {
			t.Errorf("undone twice: %v", err)
		}
	})
}

// toldOf checks what suppliers are told of a run's corrections: one event an account, with its sum.
func (w *town) toldOf(run int64, accounts int, sum int64) {
	w.t.Helper()
	n := 0
	err := w.d.Read(w.ctx, func(tx *db.Tx) error {
		rows, err := tx.QueryContext(w.ctx, "SELECT body FROM event WHERE kind = 'charge' AND fact_id = $1", run)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var text string
			var body event.Charge
			if err := rows.Scan(&text); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(text), &body); err != nil {
				return err
			}
			if n++; !body.Correction || body.Run != run {
				w.t.Errorf("told %s", text)
			}
			sum -= body.Sum
		}
		return rows.Err()
	})
	if err != nil || n != accounts || sum != 0 {
		w.t.Errorf("run %d: %d accounts are told, want %d, and the sums differ by %d: %v", run, n, accounts, sum, err)
	}
}

// TestAStoppedRunEndsInTheSameState stops a run after its first wave and goes on: the houses of its scope are no
// neighbours, so that each is a wave.
func TestAStoppedRunEndsInTheSameState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(5, 4)
		ctx, stop := context.WithCancel(w.ctx)
		ask := charge.Request{Month: october, Actor: "olga", Buildings: []int64{5, 1, 3}, Progress: func(int64, int64) { stop() }}
		if _, err := w.m.Charge(ctx, ask); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped run: %v", err)
		}
		if n := w.count("SELECT count(*) FROM charge_building"); n < 1 || n > 2 {
			t.Fatalf("%d buildings done when it was stopped", n)
		}
		ask.Progress = nil
		r, err := w.m.Charge(w.ctx, ask)
		if err != nil || r.Buildings != 3 || r.Households != 12 || r.State != charge.StateChecked || w.count("SELECT count(*) FROM charge_run") != 1 {
			t.Errorf("%+v, %v", r, err)
		}
		w.sound()
	})
}

// TestNothingChangedIsNoCorrection: a service taken in two terms of one month comes to the same when it is counted again.
func TestNothingChangedIsNoCorrection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		s := sample.House(1, 4, october, 8, &w.ids)
		for i := range s.Subscriptions {
			if x := &s.Subscriptions[i]; x.Service == "maintenance" || x.Service == "cold_water" {
				later := *x
				x.Until, later.From, later.Category = 20261015, 20261016, "другая"
				s.Subscriptions = append(s.Subscriptions, later)
			}
		}
		w.record(s)
		w.charge(october)
		if n := w.count("SELECT count(*) FROM (SELECT account_id FROM charge_line WHERE service_id = $1 AND method = 1 GROUP BY account_id HAVING count(*) = 2) x", w.ids.Service[0]); n == 0 {
			t.Error("no meter of cold water is charged in both terms")
		}
		if got, want := w.count("SELECT CAST(sum(volume_e7) AS BIGINT) FROM charge_line WHERE service_id = $1 AND method = 1", w.ids.Service[0]), shownBy(s, "cold_water"); got < want-10 || got > want+10 {
			t.Errorf("%d of cold water are charged, the meters showed %d", got, want)
		}
		seen, err := w.m.PreviewRecalculation(w.ctx, charge.Recalculation{In: october, From: october, Cause: "проверка", Actor: "olga"})
		if err != nil || seen.Lines != 0 || seen.Amount != 0 {
			t.Errorf("%+v, %v", seen, err)
		}
	})
}

func TestPauseAndApproval(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(1, 4)
		r := w.charge(october)
		if code := fault.As(w.m.Approve(w.ctx, r.Run, "olga")).Code; code != "charge.same_person" {
			t.Errorf("approved by who began it: %q", code)
		}
		if err := w.m.Approve(w.ctx, r.Run, "vera"); err != nil {
			t.Error(err)
		}
		if code := fault.As(w.m.Pause(w.ctx, r.Run, "vera")).Code; code != "charge.state" {
			t.Errorf("paused when done: %q", code)
		}
		if err := w.m.Close(w.ctx, october, "vera"); err != nil {
			t.Error(err)
		}
		if err := w.m.Close(w.ctx, october, "vera"); err != nil {
			t.Errorf("closed twice: %v", err)
		}
		w.sound()
	})
}

func TestPreviewSupposes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(1, 8)
		household := int64(1000)
		three := int32(5)
		p, err := w.m.Preview(w.ctx, 1, household, october, charge.Wish{Residents: &three})
		if err != nil {
			t.Fatal(err)
		}
		if p.After <= p.Before || len(p.Now) < 9 || p.Now[0].Words == "" || p.Now[0].Exact == "" {
			t.Errorf("%+v", p)
		}
		same, err := w.m.Preview(w.ctx, 1, household, october, charge.Wish{})
		if err != nil || same.After != same.Before || same.Before != p.Before {
			t.Errorf("%+v, %v", same, err)
		}
		w.charge(october)
		if got := w.count("SELECT CAST(sum(amount_kop) AS BIGINT) FROM charge_line WHERE account_id BETWEEN 10000 AND 10009"); got != int64(p.Before) {
			t.Errorf("charged %d, shown before %d", got, p.Before)
		}
		if n := w.count("SELECT count(*) FROM charge_run"); n != 1 {
			t.Errorf("%d runs: a preview stored something", n)
		}
	})
}

// TestExplainTellsTheProductBeforeRounding: a line read back is the line computed again, and keeps its inputs.
func TestExplainTellsTheProductBeforeRounding(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(1, 12)
		before, exact := map[int64][]charge.Shown{}, 0
		for household := int64(1000); household < 1012; household++ {
			p, err := w.m.Preview(w.ctx, 1, household, october, charge.Wish{})
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range p.Now {
				before[l.AccountID] = append(before[l.AccountID], l)
			}
		}
		w.charge(october)
		w.record(late(1, &w.ids)) // what became known later changes no explanation
		for account, want := range before {
			got, err := w.m.Explain(w.ctx, 1, account, october)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("account %d:\n got %v\nwant %v", account, got, want)
			}
			for _, l := range got {
				if len(l.Exact) > len(l.Amount.String()) {
					exact++
				}
			}
		}
		if exact < 20 {
			t.Errorf("only %d products have more digits than their sums", exact)
		}
	})
}
