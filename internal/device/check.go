package device

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of devices (I19) as queries for offenders.
var Checks = []ledger.Check{
	{"I19.messages_have_a_state", `SELECT m.message_id || '' FROM device_message m WHERE m.state NOT IN ('waiting', 'read', 'double', 'alive', 'unreadable', 'stranger')
			OR m.state IN ('unreadable', 'stranger') AND m.reason = ''
			OR m.state = 'waiting' AND m.received_at < (SELECT max(n.received_at) FROM device_message n) - 3600000000
		UNION ALL SELECT m.message_id || '' FROM device_message m WHERE m.message_id IN
			(SELECT message_id FROM device_message WHERE state = 'read' EXCEPT SELECT message_id FROM device_figure)`},
	{"I19.figures_have_messages", `SELECT f.device_id || '/' || f.channel || '/' || f.measured_at FROM device_figure f LEFT JOIN device_message m ON m.message_id = f.message_id
		WHERE m.message_id IS NULL AND f.measured_at >= (SELECT kept_from FROM device_round WHERE round_id = 1) OR m.state <> 'read' OR m.device_id <> f.device_id`},
	{"I19.readings_have_messages", `SELECT r.building_id || '/' || r.meter_id || '/' || r.on_day || '/' || r.zone FROM charge_reading r WHERE r.source LIKE 'reading:device:%' AND r.accepted
		AND NOT EXISTS (SELECT 1 FROM device_figure f WHERE f.source = r.source AND f.source <> '')`},
	{"I19.one_reading_a_day", `SELECT f.device_id || '/' || f.channel || '/' || f.on_day FROM device_figure f WHERE f.state = 'taken' GROUP BY f.device_id, f.channel, f.on_day HAVING count(*) > 1`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
