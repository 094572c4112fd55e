package reading

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of suppliers' answers as queries for offenders.
var Checks = []ledger.Check{
	{"I17.answers_of_own_meters", `SELECT a.building_id || '/' || a.meter_id || '/' || a.on_day FROM reading_answer a WHERE NOT EXISTS (SELECT 1 FROM charge_meter m
		JOIN account c ON c.building_id = m.building_id AND c.account_id = m.account_id AND c.supplier_id = a.supplier_id
		WHERE m.building_id = a.building_id AND m.meter_id = a.meter_id)`},
	{"I11.declined_readings_do_not_count", `SELECT a.building_id || '/' || a.meter_id || '/' || a.on_day FROM reading_answer a
		JOIN charge_reading r ON r.building_id = a.building_id AND r.meter_id = a.meter_id AND r.on_day = a.on_day AND r.zone = a.zone
		WHERE a.answer = 'declined' AND r.accepted AND r.value_e7 = a.value_e7 AND r.recorded_at = (SELECT max(n.recorded_at) FROM charge_reading n
			WHERE n.building_id = a.building_id AND n.meter_id = a.meter_id AND n.on_day = a.on_day AND n.zone = a.zone AND n.recorded_at <= a.recorded_at)`},
}

// Invariants runs the checks, those of photos too.
func (m *Module) Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	list, err := ledger.Breaches(ctx, tx, Checks)
	if err != nil {
		return nil, err
	}
	photos, err := m.checkPhotos(ctx, tx)
	return append(list, photos...), err
}
