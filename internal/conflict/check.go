package conflict

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of conflicts as queries for offenders.
var Checks = []ledger.Check{
	{"I19.conflicts_name_households", `SELECT c.building_id || '/' || c.case_id FROM conflict_case c WHERE NOT EXISTS (SELECT 1 FROM household h WHERE h.building_id = c.building_id AND h.household_id = c.household_id)`},
	{"I19.decisions_have_reasons", `SELECT building_id || '/' || case_id FROM conflict_case WHERE state = 'decided' AND (reason = '' OR value = '' OR actor = '')`},
	{"I18.decisions_are_told", `SELECT c.building_id || '/' || c.case_id FROM conflict_case c WHERE c.state = 'decided'
		AND (SELECT count(*) FROM event e WHERE e.building_id = c.building_id AND e.subject_id = c.household_id AND e.kind = 'conflict_decided' AND e.fact_id = c.case_id)
			<> (SELECT count(*) FROM conflict_case d WHERE d.building_id = c.building_id AND d.case_id = c.case_id AND d.state = 'decided')`},
}

// Invariants runs the checks, and looks whether the claims of open cases do contradict each other.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	list, err := ledger.Breaches(ctx, tx, Checks)
	if err != nil {
		return nil, err
	}
	b := ledger.Breach{ID: "I19.open_conflicts_disagree", Rows: []string{}}
	open, err := listCases(ctx, tx, "AND c.state = $1", string(Open))
	for i := range open {
		if c := &open[i]; !disagree(c.Attribute, c.Claims) {
			b.Add(fmt.Sprintf("%d/%d", c.Building, c.ID))
		}
	}
	return append(list, b), err
}
