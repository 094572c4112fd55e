package app

import (
	"os"
	"path/filepath"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
)

// computed tells whether Kvit's figure of a month is the charge.
func (a *modesAccount) computed(m calendar.Month) bool {
	if a.supplier == "svet" {
		return m >= modesThird
	}
	return m == modesSecond || m == modesThird
}

// charged is what a month costs: by the meter, each service rounded once, or as the supplier says.
func (a *modesAccount) charged(m calendar.Month) money.Amount {
	cold, sewage, power := modesPrice(m)
	switch {
	case !a.computed(m):
		return a.issued[m]
	case a.supplier == "svet":
		return money.Amount(a.used[m] * power)
	}
	return money.Amount((a.used[m]*cold+500)/1000 + (a.used[m]*sewage+500)/1000)
}

// due is what is owed when the months up to one are charged, and all that was paid so far is counted.
func (a *modesAccount) due(last calendar.Month) (sum money.Amount) {
	sum = a.opening
	for m := modesFirst; m <= last; m = m.Add(1) {
		sum += a.charged(m)
	}
	for _, paid := range a.paid {
		sum -= paid
	}
	return sum
}

// stood is what was owed when a month began.
func (a *modesAccount) stood(m calendar.Month) money.Amount {
	sum := a.opening
	for k := modesFirst; k < m; k = k.Add(1) {
		sum += a.charged(k) - a.paid[k]
	}
	return sum
}

// owed compares bills with the town's book, the months up to one charged; booked compares the program's book too, and has
// it checked.
func (c *modesTown) owed(when string, last calendar.Month) {
	c.t.Helper()
	for _, a := range c.list {
		ref, id := c.find(a)
		b, err := c.a.Bills.At(c.ctx, ref, 0)
		if err != nil {
			c.t.Fatal(err)
		}
		var due money.Amount
		for _, s := range b.Suppliers {
			if s.AccountID == id {
				due = s.Due
			}
		}
		if want := a.due(last); due != want {
			c.t.Errorf("%s: %s %s owes %d, want %d", when, a.supplier, a.number, due, want)
		}
	}
}

func (c *modesTown) booked(when string, last calendar.Month) {
	c.t.Helper()
	c.owed(when, last)
	for _, a := range c.list {
		var posted money.Amount
		_, id := c.find(a)
		if err := c.a.DB.Handle().QueryRowContext(c.ctx, "SELECT coalesce(CAST(sum(balance_kop) AS BIGINT), 0) FROM ledger_balance WHERE name = 'receivable' AND account_id = $1", id).Scan(&posted); err != nil {
			c.t.Fatal(err)
		}
		if want := a.due(last) - a.opening; posted != want {
			c.t.Errorf("%s: the book holds %d of %s %s, want %d", when, posted, a.supplier, a.number, want)
		}
	}
	r, err := c.a.Check(c.ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, b := range r.Invariants {
		if b.Count > 0 {
			c.t.Errorf("%s: %s: %d, %v", when, b.ID, b.Count, b.Rows)
		}
	}
}

func (c *modesTown) find(a *modesAccount) (bill.Ref, int64) {
	c.t.Helper()
	ref, id, err := c.a.Bills.FindByAccount(c.ctx, a.supplier, a.number, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	return ref, id
}

// back writes the registers of payments of every day, and compares them with what was paid.
func (c *modesTown) back() {
	c.t.Helper()
	for day, want := range c.byDay {
		list, err := c.a.Exchange.WriteRegisters(c.ctx, day, filepath.Join(c.dir, "out", day.String()))
		if err != nil || len(list) != len(want) {
			c.t.Fatalf("%s: %+v, %v", day, list, err)
		}
		for _, f := range list {
			if f.Sum != want[f.Supplier] {
				c.t.Errorf("%s: the register of %s comes to %d, paid were %d", day, f.Supplier, f.Sum, want[f.Supplier])
			}
		}
	}
}

// TestSuppliersPassFromModeToMode walks a town through four months: all figures are the suppliers', then water becomes
// Kvit's while its supplier goes on sending, then electricity too at new prices, then water is the supplier's again. Files
// of former months are corrected on the way.
func TestSuppliersPassFromModeToMode(t *testing.T) {
	inOrder(t)
	houses, flats := 2, 5
	if os.Getenv("KVIT_CITY_CASES") != "" {
		houses, flats = 50, 20
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newModesTown(t, d, houses, flats)
		c.modes("issued", "issued")
		c.live(modesFirst)
		c.send(modesFirst, "voda")
		c.send(modesFirst, "svet")
		c.charge(modesFirst)
		c.booked("first month", modesFirst)

		c.modes("computed", "issued")
		c.live(modesSecond)
		c.send(modesSecond, "voda")
		c.send(modesSecond, "svet")
		c.charge(modesSecond)
		c.booked("water computed", modesSecond)
		c.correctFigures(modesFirst)
		c.owed("first month corrected", modesSecond)

		c.modes("computed", "computed")
		c.live(modesThird)
		c.correctReadings(modesSecond)
		c.send(modesThird, "voda")
		c.send(modesThird, "svet")
		c.charge(modesThird)
		c.booked("electricity computed", modesThird)

		c.modes("issued", "computed")
		c.live(modesFourth)
		c.send(modesFourth, "voda")
		c.send(modesFourth, "svet")
		c.correctReadings(modesThird)
		c.charge(modesFourth)
		c.booked("water issued again", modesFourth)
		c.back()
	})
}

// correctFigures charges some accounts of water otherwise for a month that the supplier found by himself.
func (c *modesTown) correctFigures(m calendar.Month) {
	c.t.Helper()
	for i, a := range c.list {
		if a.supplier == "voda" && i%3 == 0 {
			a.issued[m] += money.Amount(c.rng.Int64N(20_000) - 5_000)
		}
	}
	c.send(m, "voda")
}

// correctReadings finds that some meters of water showed less at the end of a month.
func (c *modesTown) correctReadings(m calendar.Month) {
	c.t.Helper()
	for i, a := range c.list {
		if less := a.used[m] / 3; a.supplier == "voda" && i%4 == 0 {
			a.used[m] -= less
			a.used[m.Add(1)] += less
			a.before[m.Add(1)] -= less
		}
	}
	c.send(m, "voda")
}
