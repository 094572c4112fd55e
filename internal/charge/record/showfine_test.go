package record

import "testing"

// TestAFineIsShown: a fine known of an account does not hide everything else known of it.
func TestAFineIsShown(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.taken("- {supplier: voda, account: 1001, residents: 2, services: [cold_water]}")
		account := w.count("SELECT min(account_id) FROM charge_subscription")
		w.exec(`INSERT INTO charge_fact (building_id, fact_id, recorded_at, source, household_id, account_id, service, kind, valid_from, body)
			VALUES (1, 5, 1, 'person:olga: решение суда', 101, $1, 'cold_water', 'fine', 20261101, '{"month":202611,"excess":45000}')`, account)
		facts, err := w.m.Show(w.ctx, centre, Addressee{Supplier: "voda", Account: "1001"}, w.m.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range facts.Facts {
			if k.Fact == "fine" && k.Service == "cold_water" && k.Values["excess"] != nil {
				return
			}
		}
		t.Errorf("%+v", facts.Facts)
	})
}
