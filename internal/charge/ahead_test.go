package charge_test

import (
	"testing"

	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

// TestLiveIsWhatWillBeCharged: a household's month computed alone comes to what the run then charges it, line by line,
// metered histories, suppliers' own figures and facts recorded a moment ago included.
func TestLiveIsWhatWillBeCharged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		for building := range int64(2) {
			s := sample.House(building+1, 25, october, 8, &w.ids)
			for i := range s.Subscriptions {
				if s.Subscriptions[i].Service == "maintenance" && building == 1 {
					s.Subscriptions[i].Mode = fact.Issued
				}
			}
			w.record(s)
		}
		line := charge.Line{BuildingID: 2, AccountID: 20006, Month: october, ServiceID: w.ids.Service[7], RecordedAt: w.now(), Charge: 654_32, Given: charge.GivenCharge}
		if err := d.WriteLocal(w.ctx, func(tx *db.Tx) error { return charge.Write(w.ctx, tx, []charge.Line{line}) }); err != nil {
			t.Fatal(err)
		}
		lines, sums := map[int64]int{}, map[int64]int64{}
		for building := range int64(2) {
			for flat := range int64(25) {
				household := (building+1)*1000 + flat
				l, err := w.m.Live(w.ctx, building+1, household, october)
				if err != nil {
					t.Fatal(err)
				}
				lines[household], sums[household] = len(l.Lines), int64(l.Amount)
			}
		}
		w.charge(october)
		for household, sum := range sums {
			const of = " FROM charge_line WHERE account_id / 10 = $1"
			if got := w.count("SELECT CAST(sum(amount_kop) AS BIGINT)"+of, household); got != sum || w.count("SELECT count(*)"+of, household) != int64(lines[household]) {
				t.Errorf("household %d: live %d in %d lines, charged %d", household, sum, lines[household], got)
			}
		}
	})
}

// TestLiveSeesAFactAtOnce: a household is read from its own rows while its building's sheet is stale.
func TestLiveSeesAFactAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(1, 5)
		live := func() int64 {
			l, err := w.m.Live(w.ctx, 1, 1001, october)
			if err != nil {
				t.Fatal(err)
			}
			return int64(l.Amount)
		}
		first := live()
		w.record(&fact.Set{Building: 1, Premises: []fact.Premises{{Household: 1001, Area: 99_9000000, Rooms: 2}}})
		if got := w.count("SELECT length(body) FROM charge_sheet"); got != 0 {
			t.Fatalf("a fact leaves a sheet of %d bytes", got)
		}
		second := live()
		if _, err := w.m.Prepare(w.ctx); err != nil {
			t.Fatal(err)
		}
		if third := live(); second == first || third != second {
			t.Errorf("%d, then %d, by the sheet %d", first, second, third)
		}
		for _, household := range []int64{1005, 7} {
			if _, err := w.m.Live(w.ctx, 1, household, october); fault.As(err).Code != "charge.no_facts" {
				t.Errorf("household %d: %v", household, err)
			}
		}
	})
}

// TestLiveGoesByTheCatalogueOfTheMoment: the catalogue in force and the one of an earlier moment may take turns.
func TestLiveGoesByTheCatalogueOfTheMoment(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newTown(t, d)
	w.houses(1, 3)
	sum := func() int64 { return w.shownSum(1001, "capital_repair") }
	old, dear := w.c, sample.Figures()
	for i := range dear.Rates {
		dear.Rates[i].Value *= 2
	}
	before := sum()
	w.c = tariff.Merge(tariff.Standard(), dear)
	doubled := sum()
	w.c = old
	if again := sum(); doubled < 2*before-1 || doubled > 2*before+1 || again != before {
		t.Errorf("%d, then %d, then %d", before, doubled, again)
	}
}
