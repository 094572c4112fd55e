package exchange

import "kvit/internal/ledger"

// Checks are the invariants of intake and of who owns what (I2, I10, I11, I17) as queries for offenders. Pseudo-buildings
// of suppliers and channels are those of negative numbers.
var Checks = []ledger.Check{
	{"I2.due_follows_from_parts", `SELECT building_id || '/' || account_id || '/' || month FROM charge WHERE (given & 3) = 3 AND due_kop <> opening_kop + charge_kop + recalc_kop + penalty_kop - paid_kop`},
	{"I10.rows_have_verdicts", `SELECT name FROM intake_file WHERE state = 'applied' AND rows <> applied + repaired + ignored + quarantined`},
	{"I10.issues_for_each_row_left_out", `SELECT f.name FROM intake_file f LEFT JOIN (SELECT file_id, count(*) AS n FROM intake_issue WHERE verdict IN ('ignored', 'quarantined') GROUP BY file_id) i ON i.file_id = f.file_id
		WHERE f.state = 'applied' AND f.ignored + f.quarantined > 0 AND coalesce(i.n, 0) = 0`},
	{"I10.control_sums_or_issue", `SELECT f.name FROM intake_file f WHERE f.state = 'applied' AND f.control_given = 1 AND f.control_file <> f.control_read
		AND NOT EXISTS (SELECT 1 FROM intake_issue i WHERE i.file_id = f.file_id AND i.code = 'file.control_total')`},
	{"I11.intervals_do_not_overlap", `SELECT building_id || '/' || account_id FROM (SELECT building_id, account_id, closed_at, lead(opened_at) OVER (PARTITION BY account_id ORDER BY opened_at) AS later FROM account) a
		WHERE later IS NOT NULL AND (closed_at = 0 OR closed_at > later) AND NOT EXISTS (SELECT 1 FROM account_move m WHERE m.account_id = a.account_id AND m.finished_at = 0)`},
	{"I11.one_live_building", `SELECT CAST(account_id AS TEXT) FROM account a WHERE closed_at = 0
		AND NOT EXISTS (SELECT 1 FROM account_move m WHERE m.account_id = a.account_id AND m.finished_at = 0) GROUP BY account_id HAVING count(*) > 1`},
	{"I11.routes_lead_to_live_accounts", `SELECT r.supplier_id || ':' || r.number FROM account_route r LEFT JOIN account a ON a.building_id = r.building_id AND a.account_id = r.account_id AND a.closed_at = 0
		WHERE a.account_id IS NULL AND NOT EXISTS (SELECT 1 FROM account_move m WHERE m.account_id = r.account_id AND m.finished_at = 0)`},
	{"I11.links_name_households", `SELECT l.building_id || '/' || l.account_id FROM household_link l LEFT JOIN household h ON h.building_id = l.building_id AND h.household_id = l.household_id
		WHERE l.household_id <> 0 AND h.household_id IS NULL`},
	{"I17.routes_and_accounts_of_one_supplier", `SELECT r.supplier_id || ':' || r.number FROM account_route r JOIN account a ON a.building_id = r.building_id AND a.account_id = r.account_id
		WHERE a.supplier_id <> r.supplier_id OR a.number <> r.number`},
	{"I17.charges_of_own_services", `SELECT c.building_id || '/' || c.account_id || '/' || c.month FROM charge c JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id
		JOIN service s ON s.service_id = c.service_id WHERE s.supplier_id <> a.supplier_id`},
	{"I17.charges_of_own_files", `SELECT c.building_id || '/' || c.account_id || '/' || c.month FROM charge c JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id
		JOIN intake_file f ON f.file_id = c.file_id WHERE f.supplier_id <> a.supplier_id AND f.supplier_id <> 0`},
	{"I17.parts_of_the_accounts_supplier", `SELECT p.building_id || '/' || p.order_id FROM payment_part p JOIN account a ON a.building_id = p.building_id AND a.account_id = p.account_id WHERE a.supplier_id <> p.supplier_id`},
	{"I17.entries_of_the_accounts_supplier", `SELECT e.building_id || '/' || e.txn_id FROM ledger_entry e JOIN account a ON a.building_id = e.building_id AND a.account_id = e.account_id
		WHERE a.supplier_id <> e.supplier_id AND e.name NOT LIKE 'transfer:%'`},
	{"I10.batches_are_finished", `SELECT CAST(batch_id AS TEXT) FROM intake_batch WHERE state = 'applied' AND finished_at = 0`},
}
