package charge_test

import (
	"maps"
	"testing"

	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

// ahead is what accounts of a building come to in October by the facts so far, each service apart, but for the figures of
// suppliers.
func (w *town) ahead(building int64, accounts []int64) (sums map[[2]int64]int64) {
	w.t.Helper()
	at := w.now()
	reader, err := w.m.Reader(w.ctx, at)
	if err != nil {
		w.t.Fatal(err)
	}
	sums = map[[2]int64]int64{}
	err = w.d.Read(w.ctx, func(tx *db.Tx) error {
		services, err := reader.Ahead(w.ctx, tx, building, accounts, october, at)
		for i := range services {
			sums[[2]int64{services[i].AccountID, services[i].ServiceID}] = int64(services[i].Sum())
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return sums
}

// preview is a household's October with nothing supposed.
func (w *town) preview(building, household int64) *charge.Preview {
	w.t.Helper()
	p, err := w.m.Preview(w.ctx, building, household, october, charge.Wish{})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// TestAheadIsWhatWillBeCharged: a household's month computed alone comes to what the run then charges it, line by line,
// metered histories, suppliers' own figures and facts recorded a moment ago included.
func TestAheadIsWhatWillBeCharged(t *testing.T) {
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
		lines, sums, services := map[int64]int{}, map[int64]int64{}, map[[2]int64]int64{}
		for building := range int64(2) {
			for flat := range int64(25) {
				household := (building+1)*1000 + flat
				p := w.preview(building+1, household)
				lines[household], sums[household] = len(p.Now), int64(p.Before)
				maps.Copy(services, w.ahead(building+1, sample.AccountsOf(household)))
			}
		}
		w.charge(october)
		for household, sum := range sums {
			const of = " FROM charge_line WHERE account_id / 10 = $1"
			if got := w.count("SELECT CAST(sum(amount_kop) AS BIGINT)"+of, household); got != sum || w.count("SELECT count(*)"+of, household) != int64(lines[household]) {
				t.Errorf("household %d: preview %d in %d lines, charged %d", household, sum, lines[household], got)
			}
		}
		charged := int64(0)
		for key, sum := range services {
			got := w.count("SELECT CAST(coalesce(sum(amount_kop), -1) AS BIGINT) FROM charge_line WHERE account_id = $1 AND service_id = $2", key[0], key[1])
			if charged += got; got != sum {
				t.Errorf("account and service %v: ahead %d, charged %d", key, sum, got)
			}
		}
		if all := w.count("SELECT CAST(sum(amount_kop) AS BIGINT) FROM charge_line"); charged != all-654_32 || len(services) < 400 {
			t.Errorf("%d services ahead come to %d, charged %d", len(services), charged, all)
		}
	})
}

// TestAheadSeesAFactAtOnce: a household is read from its own rows while its building's sheet is stale.
func TestAheadSeesAFactAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.houses(1, 5)
		sum := func() (sum int64) {
			for _, s := range w.ahead(1, sample.AccountsOf(1001)) {
				sum += s
			}
			if p := w.preview(1, 1001); int64(p.Before) != sum {
				t.Errorf("preview %d, ahead %d", p.Before, sum)
			}
			return sum
		}
		first := sum()
		w.record(&fact.Set{Building: 1, Premises: []fact.Premises{{Household: 1001, Area: 99_9000000, Rooms: 2}}})
		if got := w.count("SELECT length(body) FROM charge_sheet"); got != 0 {
			t.Fatalf("a fact leaves a sheet of %d bytes", got)
		}
		second := sum()
		if _, err := w.m.Prepare(w.ctx); err != nil {
			t.Fatal(err)
		}
		if third := sum(); second == first || third != second {
			t.Errorf("%d, then %d, by the sheet %d", first, second, third)
		}
		for _, household := range []int64{1005, 7} {
			if _, err := w.m.Preview(w.ctx, 1, household, october, charge.Wish{}); fault.As(err).Code != "charge.no_facts" {
				t.Errorf("household %d: %v", household, err)
			}
		}
	})
}

// TestPreviewGoesByTheCatalogueOfTheMoment: the catalogue in force and the one of an earlier moment may take turns.
func TestPreviewGoesByTheCatalogueOfTheMoment(t *testing.T) {
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
