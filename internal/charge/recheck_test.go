package charge_test

import (
	"testing"

	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestChargedLinesComeOutAgain: what was charged comes out the same from the facts of the run's beginning, whatever was
// learnt later; a kopeck, a hidden input and a line taken away are found, and named by their house.
func TestChargedLinesComeOutAgain(t *testing.T) {
	for name, harm := range map[string]string{
		"a kopeck":        "UPDATE charge_line SET amount_kop = amount_kop + 1 WHERE building_id = 2 AND line_no = 3",
		"a hidden input":  "UPDATE charge_line SET detail = (SELECT detail FROM charge_line o WHERE o.building_id = 2 AND o.month = 202610 AND o.line_no = 1) WHERE building_id = 2 AND line_no = 3",
		"a line removed":  "DELETE FROM charge_line WHERE building_id = 2 AND line_no = 3",
		"a reason hidden": "DELETE FROM charge_issue WHERE building_id = 2",
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newTown(t, d)
				w.houses(3, 5)
				w.charge(october)
				w.record(&fact.Set{Building: 2, Stays: []fact.Stay{{Household: 2000, ID: 1, Kind: fact.Resident, Persons: 7}}})
				w.charge(october.Add(1)) // with corrections of October
				for _, all := range []bool{false, true} {
					if b, err := w.m.Recheck(w.ctx, all); err != nil || b.Count != 0 {
						t.Fatalf("%+v %v", b, err)
					}
				}
				w.exec(harm)
				if b, err := w.m.Recheck(w.ctx, true); err != nil || b.Count == 0 || b.Rows[0] != "2/202610" {
					t.Errorf("%+v %v", b, err)
				}
			})
		})
	}
}
