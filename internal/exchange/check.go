package exchange

// Checks are the invariants of intake (I2, I10, I11) as queries for offenders.
var Checks = []struct{ ID, Query string }{
	{"I2.due_follows_from_parts", `SELECT building_id || '/' || account_id || '/' || month FROM charge WHERE (given & 3) = 3 AND due_kop <> opening_kop + charge_kop + recalc_kop + penalty_kop - paid_kop`},
	{"I10.rows_have_verdicts", `SELECT name FROM intake_file WHERE state = 'applied' AND rows <> applied + repaired + ignored + quarantined`},
	{"I10.issues_for_each_row_left_out", `SELECT f.name FROM intake_file f LEFT JOIN (SELECT file_id, count(*) AS n FROM intake_issue WHERE verdict IN ('ignored', 'quarantined') GROUP BY file_id) i ON i.file_id = f.file_id
		WHERE f.state = 'applied' AND f.ignored + f.quarantined > 0 AND coalesce(i.n, 0) = 0`},
	{"I11.one_live_building", `SELECT CAST(account_id AS TEXT) FROM account WHERE closed_at = 0 GROUP BY account_id HAVING count(*) > 1`},
	{"I11.routes_lead_to_live_accounts", `SELECT r.supplier_id || ':' || r.number FROM account_route r LEFT JOIN account a ON a.building_id = r.building_id AND a.account_id = r.account_id AND a.closed_at = 0
		WHERE a.account_id IS NULL AND NOT EXISTS (SELECT 1 FROM account_move m WHERE m.account_id = r.account_id AND m.finished_at = 0)`},
	{"I11.links_name_households", `SELECT l.building_id || '/' || l.account_id FROM household_link l LEFT JOIN household h ON h.building_id = l.building_id AND h.household_id = l.household_id
		WHERE l.household_id <> 0 AND h.household_id IS NULL`},
	{"I10.batches_are_finished", `SELECT CAST(batch_id AS TEXT) FROM intake_batch WHERE state = 'applied' AND finished_at = 0`},
}
