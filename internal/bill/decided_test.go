package bill

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestDecisionsStandOnTheBill: what was decided holds from its day and as it was known at the moment, till suppliers say
// the same; a case that is open again keeps it.
func TestDecisionsStandOnTheBill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		day := func(n int) calendar.Micros { return calendar.MicrosOf(time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC)) }
		row := func(id, on int, attribute, state, value string, from int) string {
			return fmt.Sprintf("INSERT INTO conflict_case (building_id, case_id, recorded_at, household_id, attribute, object, state, opened_at, claims, value, holds_from, rule_id, actor, reason, effect_kop) VALUES (5, %d, %d, 9, '%s', '', '%s', 1, '[]', '%s', %d, 0, 'olga', 'x', 0)",
				id, day(on), attribute, state, value, from)
		}
		err := d.WriteLocal(t.Context(), func(tx *db.Tx) error {
			for _, q := range []string{row(1, 2, "owner", "decided", "Иванов", 0), row(1, 6, "owner", "open", "", 0), row(2, 3, "area", "decided", "45", 20261101), row(2, 8, "area", "agreed", "45", 20261101),
				row(3, 3, "flat", "decided", "7", 20261201), row(4, 3, "meter_number", "decided", "7", 0)} {
				if _, err := tx.ExecContext(t.Context(), q); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for on, want := range map[int]map[int64]decided{1: {}, 2: {9: {"owner": "Иванов"}}, 7: {9: {"owner": "Иванов", "area": "45"}}, 9: {9: {"owner": "Иванов"}}} {
			err := d.Read(context.Background(), func(tx *db.Tx) error {
				got, err := listDecided(context.Background(), tx, 5, 5, day(on))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("on day %d: %s", on, diff)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
