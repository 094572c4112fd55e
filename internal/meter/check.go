package meter

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of the lives of meters as queries for offenders.
var Checks = []ledger.Check{
	{"I11.meter_steps_have_meters", `SELECT x.building_id || '/' || x.meter_id FROM (SELECT building_id, meter_id FROM meter_step UNION SELECT building_id, meter_id FROM meter_link
			UNION SELECT building_id, other_id FROM meter_link) x
		WHERE NOT EXISTS (SELECT 1 FROM charge_meter m WHERE m.building_id = x.building_id AND m.meter_id = x.meter_id)`},
	{"I18.meter_steps_are_told", `SELECT s.building_id || '/' || s.meter_id || '/' || s.step_id FROM meter_step s WHERE s.kind <> 'described'
		AND NOT EXISTS (SELECT 1 FROM charge_meter m WHERE m.building_id = s.building_id AND m.meter_id = s.meter_id AND m.account_id = 0)
		AND NOT EXISTS (SELECT 1 FROM event e WHERE e.building_id = s.building_id AND e.kind = 'meter' AND e.fact_id = s.meter_id AND e.recorded_at >= s.recorded_at)`},
}

// Invariants runs the checks, that of what houses measured too.
func (m *Module) Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	list, err := ledger.Breaches(ctx, tx, Checks)
	if err != nil {
		return nil, err
	}
	measured, err := m.checkMeasured(ctx, tx)
	return append(list, measured), err
}
