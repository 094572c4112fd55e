package handover

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of hand-overs (I21) as queries for offenders. gone is the place of accounts that left with a number.
var Checks = []ledger.Check{
	{"I21.two_persons_hand_over", `SELECT handover_id FROM handover WHERE (side = 'out' AND state IN ('confirmed', 'completed') OR side = 'in' AND state IN ('accepted', 'completed'))
		AND (first_by = '' OR second_by = '' OR first_by = second_by)`},
	{"I21.left_and_came_as_agreed", fmt.Sprintf(`SELECT h.handover_id FROM handover h LEFT JOIN ledger_balance b ON b.name = 'handover:' || h.number AND b.account_id = 0 AND b.building_id IN (h.building_id, %d - h.number)
		WHERE h.state = 'confirmed' OR h.state = 'completed' GROUP BY h.handover_id, h.side, h.number, h.book_kop
		HAVING coalesce(sum(b.balance_kop), 0) <> CASE WHEN h.side = 'out' THEN h.book_kop - (SELECT coalesce(sum(f.amount_kop), 0) FROM handover_forward f WHERE f.number = h.number) ELSE -h.book_kop END`, account.GoneBuilding(0))},
	{"I21.accounts_sum_to_the_act", `SELECT h.handover_id FROM handover h LEFT JOIN handover_account a ON a.number = h.number AND a.side = h.side WHERE h.state IN ('confirmed', 'completed')
		GROUP BY h.handover_id, h.accounts, h.due_kop, h.book_kop HAVING count(a.account_id) <> h.accounts OR coalesce(sum(a.due_kop), 0) <> h.due_kop OR coalesce(sum(a.book_kop), 0) <> h.book_kop`},
	{"I21.left_accounts_keep_nothing", `SELECT a.building_id || '/' || a.account_id FROM handover_account a JOIN handover h ON h.number = a.number AND h.side = 'out'
		JOIN ledger_entry e ON e.account_id = a.account_id AND (e.building_id = a.building_id OR e.building_id = h.building_id)
		JOIN ledger_transaction t ON t.building_id = e.building_id AND t.txn_id = e.txn_id
		WHERE NOT (t.order_id <> 0 AND t.kind <> 'forward' AND t.recorded_at > h.cut_at AND NOT EXISTS (SELECT 1 FROM handover_forward f WHERE f.building_id = t.building_id AND f.txn_id = t.txn_id))
		AND NOT EXISTS (SELECT 1 FROM handover_account n WHERE n.account_id = a.account_id AND n.number > a.number)
		GROUP BY a.building_id, a.account_id HAVING sum(e.amount_kop) <> 0`},
	{"I21.no_month_is_billed_twice", `SELECT b.building_id || '/' || b.month FROM charge_building b JOIN handover h ON h.building_id = b.building_id AND h.side = 'in' AND h.state = 'completed'
			WHERE b.part = 0 AND b.lines > 0 AND b.month <= h.month AND b.recorded_at > h.moved_at
		UNION ALL SELECT b.building_id || '/' || b.month FROM charge_building b JOIN handover h ON h.building_id = b.building_id AND h.side = 'out' AND h.state IN ('confirmed', 'completed')
			WHERE b.part = 0 AND b.lines > 0 AND b.month > h.month AND b.recorded_at > h.moved_at
			AND NOT EXISTS (SELECT 1 FROM handover n WHERE n.building_id = h.building_id AND n.side = 'in' AND n.state = 'completed' AND n.moved_at > h.moved_at)`},
	{"I21.late_money_is_sent_on_once", `SELECT f.building_id || '/' || f.txn_id FROM handover_forward f LEFT JOIN ledger_transaction t ON t.order_id = f.order_id AND t.kind = 'forward' AND t.key = 'forward:' || f.txn_id
		GROUP BY f.building_id, f.txn_id HAVING count(t.txn_id) <> 1`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
