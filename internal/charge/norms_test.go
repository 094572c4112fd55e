package charge_test

import (
	"slices"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/tariff"
)

// TestOldMonthsKeepTheirSocialNorm: a resident learnt of too late changes the norm three months back, not further.
func TestOldMonthsKeepTheirSocialNorm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		c := *w.c
		c.SocialNorms = append(slices.Clone(c.SocialNorms), tariff.SocialNorm{Service: "electricity", PerPerson: 1_0000000})
		c.Rates = append(slices.Clone(c.Rates), tariff.Rate{Service: "electricity", Zone: "day", Band: 2, Value: 9_0000000}, tariff.Rate{Service: "electricity", Zone: "night", Band: 2, Value: 8_0000000}, tariff.Rate{Service: "electricity", Band: 2, Value: 9_0000000})
		w.c = &c
		w.houses(1, 6)
		const june, august = calendar.Month(202606), calendar.Month(202608)
		w.charge(june)
		w.charge(august)
		var set fact.Set
		set.Building = 1
		for h := int64(1000); h < 1006; h++ {
			set.Stays = append(set.Stays, fact.Stay{Household: h, ID: 90_000 + h, Kind: fact.Resident, Persons: 1, Term: calc.Term{From: 20260601}})
		}
		w.record(&set)
		w.charge(october)
		corrected := func(about calendar.Month) int64 {
			return w.count("SELECT count(*) FROM charge_line l WHERE month = $1 AND about = $2 AND formula = $3 AND service_id = $4 AND EXISTS (SELECT 1 FROM charge_line m WHERE m.account_id = l.account_id AND m.month = $2 AND m.service_id = $4 AND m.method = 1)",
				int64(october), int64(about), int(calc.FormulaRecalculation), w.ids.Service[3])
		}
		if n := corrected(june); n != 0 {
			t.Errorf("%d metered households have another norm in June", n)
		}
		if n := corrected(august); n == 0 {
			t.Error("no household has another norm in August")
		}
		w.sound()
	})
}
