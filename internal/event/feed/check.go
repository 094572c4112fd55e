package feed

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// recent narrows a check to facts whose events cannot have been removed as old: a day younger than the last of those.
const recent = `(SELECT CASE WHEN max(pruned_before) = 0 THEN 0 ELSE max(pruned_before) + 86400000000 END FROM event_round) <= `

// Checks are the invariants of events and feeds (I17, I18) as queries for offenders. Who tells of a new kind of fact
// adds to events_have_facts how it is found.
var Checks = []ledger.Check{
	{"I18.events_in_sequence", `SELECT s.building_id || '/' || s.subject_id FROM event_subject s LEFT JOIN event e ON e.building_id = s.building_id AND e.subject_id = s.subject_id
			GROUP BY s.building_id, s.subject_id, s.last_seq, s.pruned HAVING count(e.seq) + s.pruned <> s.last_seq OR coalesce(max(e.seq), 0) > s.last_seq
		UNION ALL SELECT e.building_id || '/' || e.subject_id FROM event e LEFT JOIN event_subject s ON s.building_id = e.building_id AND s.subject_id = e.subject_id WHERE s.subject_id IS NULL`},
	{"I18.events_have_facts", `SELECT e.building_id || '/' || e.subject_id || '/' || e.seq FROM event e WHERE e.kind IN ('payment', 'refund')
			AND NOT EXISTS (SELECT 1 FROM payment_part p WHERE p.building_id = e.building_id AND p.order_id = e.fact_id AND p.account_id = e.account_id AND p.posted_at > 0)
		UNION ALL SELECT e.building_id || '/' || e.subject_id || '/' || e.seq FROM event e WHERE e.kind IN ('account_opened', 'account_moved', 'account_closed')
			AND NOT EXISTS (SELECT 1 FROM account a WHERE a.building_id = e.building_id AND a.account_id = e.account_id)
		UNION ALL SELECT e.building_id || '/' || e.subject_id || '/' || e.seq FROM event e WHERE e.kind = 'conflict_decided'
			AND NOT EXISTS (SELECT 1 FROM conflict_case c WHERE c.building_id = e.building_id AND c.case_id = e.fact_id AND c.state = 'decided')
		UNION ALL SELECT e.building_id || '/' || e.subject_id || '/' || e.seq FROM event e WHERE e.kind = 'requisites'
			AND NOT EXISTS (SELECT 1 FROM supplier_requisites r WHERE r.change_id = e.fact_id AND r.supplier_id = -e.subject_id)
		UNION ALL SELECT e.building_id || '/' || e.subject_id || '/' || e.seq FROM event e WHERE e.kind IN ('bill_published', 'bill_withdrawn')
			AND NOT EXISTS (SELECT 1 FROM bill_snapshot s WHERE s.building_id = e.building_id AND s.household_id = e.household_id AND s.month * 1000 + s.version = e.fact_id)
		UNION ALL SELECT e.building_id || '/' || e.subject_id || '/' || e.seq FROM event e WHERE e.kind = 'charge' AND NOT EXISTS (SELECT 1 FROM charge_run r WHERE r.run_id = e.fact_id)
		UNION ALL SELECT e.building_id || '/' || e.subject_id || '/' || e.seq FROM event e WHERE e.kind = 'meter'
			AND NOT EXISTS (SELECT 1 FROM charge_meter m WHERE m.building_id = e.building_id AND m.meter_id = e.fact_id)
		UNION ALL SELECT e.building_id || '/' || e.subject_id || '/' || e.seq FROM event e WHERE e.kind = 'appeal'
			AND NOT EXISTS (SELECT 1 FROM appeal a WHERE a.building_id = e.building_id AND a.appeal_id = e.fact_id AND a.state <> 'draft')`},
	{"I18.people_are_told", `SELECT s.building_id || '/' || s.household_id FROM charge_stay s WHERE s.kind <> 'party' AND s.source NOT LIKE 'file:%'
			AND s.recorded_at >= (SELECT min(recorded_at) FROM event WHERE kind IN ('residents', 'ownership')) AND ` + recent + `s.recorded_at
			AND NOT EXISTS (SELECT 1 FROM event e WHERE e.building_id = s.building_id AND e.subject_id = s.household_id AND e.kind IN ('residents', 'ownership') AND e.recorded_at >= s.recorded_at)`},
	{"I18.bills_are_told", `SELECT s.building_id || '/' || s.household_id || '/' || s.month || '/' || s.version FROM bill_snapshot s
			WHERE s.published_at >= (SELECT min(recorded_at) FROM event WHERE kind = 'bill_published') AND ` + recent + `s.published_at
			AND NOT EXISTS (SELECT 1 FROM event e WHERE e.building_id = s.building_id AND e.subject_id = s.household_id AND e.kind = 'bill_published' AND e.fact_id = s.month * 1000 + s.version)`},
	{"I18.corrections_are_told", `SELECT b.building_id || '/' || b.run_id FROM charge_building b JOIN charge_run r ON r.run_id = b.run_id AND r.kind <> 'month'
			WHERE b.amount_kop <> 0 AND b.recorded_at >= (SELECT min(recorded_at) FROM event WHERE kind = 'charge') AND ` + recent + `b.recorded_at
			AND NOT EXISTS (SELECT 1 FROM event e WHERE e.building_id = b.building_id AND e.kind = 'charge' AND e.fact_id = b.run_id)`},
	{"I18.payments_are_told", `SELECT p.building_id || '/' || p.order_id FROM payment_part p WHERE p.account_id <> 0 AND p.posted_at >= (SELECT min(recorded_at) FROM event WHERE kind IN ('payment', 'refund')) AND ` + recent + `p.posted_at
			AND NOT EXISTS (SELECT 1 FROM event e WHERE e.building_id = p.building_id AND e.subject_id = p.account_id AND e.fact_id = p.order_id)`},
	{"I18.readings_are_told", `SELECT r.building_id || '/' || r.meter_id || '/' || r.on_day || '/' || r.zone FROM charge_reading r WHERE r.source LIKE 'reading:%' AND ` + recent + `r.recorded_at
			AND NOT EXISTS (SELECT 1 FROM charge_meter m WHERE m.building_id = r.building_id AND m.meter_id = r.meter_id AND m.account_id = 0)
			AND r.reading_id IN (SELECT reading_id FROM charge_reading WHERE source LIKE 'reading:%' EXCEPT SELECT fact_id FROM event WHERE kind = 'reading')`},
	{"I18.feeds_have_no_gaps", `SELECT h.supplier_id || '' FROM event_feed_head h LEFT JOIN event_feed f ON f.supplier_id = h.supplier_id
			GROUP BY h.supplier_id, h.position, h.pruned_to HAVING count(f.position) <> h.position - h.pruned_to OR coalesce(max(f.position), h.position) <> h.position OR coalesce(min(f.position), h.pruned_to + 1) <> h.pruned_to + 1
		UNION ALL SELECT DISTINCT f.supplier_id || '' FROM event_feed f LEFT JOIN event_feed_head h ON h.supplier_id = f.supplier_id WHERE h.supplier_id IS NULL`},
	{"I18.feeds_in_order", `SELECT supplier_id || '/' || position FROM (SELECT supplier_id, position, seq, lag(seq) OVER (PARTITION BY supplier_id, building_id, subject_id, account_id ORDER BY position) AS before
			FROM event_feed) x WHERE before >= seq`},
	{"I18.fed_events_are_there", `SELECT f.supplier_id || '/' || f.position FROM event_feed f LEFT JOIN event e ON e.building_id = f.building_id AND e.subject_id = f.subject_id AND e.seq = f.seq
		WHERE e.seq IS NULL OR e.fed = 0`},
	{"I18.own_events_are_fed", `SELECT building_id || '/' || subject_id || '/' || seq FROM (SELECT a.supplier_id, e.building_id, e.subject_id, e.seq, e.account_id FROM event e
			JOIN account a ON a.building_id = e.building_id AND a.account_id = e.account_id WHERE e.fed = 1
		EXCEPT SELECT supplier_id, building_id, subject_id, seq, account_id FROM event_feed) x`},
	{"I17.feeds_show_own_accounts", `SELECT f.supplier_id || '/' || f.position FROM event_feed f LEFT JOIN account a ON a.building_id = f.building_id AND a.account_id = f.account_id AND a.supplier_id = f.supplier_id
		WHERE a.account_id IS NULL AND f.subject_id <> -f.supplier_id`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
