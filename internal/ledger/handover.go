package ledger

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Handover is the account through which balances pass to another settlement centre or come from one, by the number of the
// hand-over here: the two centres' books together net to zero on it.
func Handover(number int64) string { return fmt.Sprintf("handover:%d", number) }

// ListAt gives what the entries of a building's accounts recorded up to a moment come to, by account, name and service; what is
// zero is left out.
func ListAt(ctx context.Context, tx *db.Tx, building int64, until calendar.Micros) ([]Entry, error) {
	rows, err := tx.QueryContext(ctx, `SELECT e.name, e.account_id, e.supplier_id, e.service_id, CAST(sum(e.amount_kop) AS BIGINT) FROM ledger_transaction t
		JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id WHERE t.building_id = $1 AND t.recorded_at <= $2 AND e.account_id <> 0
		GROUP BY e.name, e.account_id, e.supplier_id, e.service_id HAVING sum(e.amount_kop) <> 0 ORDER BY e.account_id, e.name, e.service_id, e.supplier_id`, building, int64(until))
	if err != nil {
		return nil, fmt.Errorf("balances of building %d: %w", building, err)
	}
	defer rows.Close()
	var list []Entry
	for rows.Next() {
		var e Entry
		if err := rows.Scan(&e.Name, &e.AccountID, &e.SupplierID, &e.ServiceID, &e.Amount); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// Movement is what postings of one kind and month came to on an account of the book.
type Movement struct {
	AccountID int64
	Name      string
	ServiceID int64
	Kind      string // of transactions: charge, payment, refund …
	Month     calendar.Month
	Amount    money.Amount
}

// ListMovements gives how the balances of ListAt came about, month by month.
func ListMovements(ctx context.Context, tx *db.Tx, building int64, until calendar.Micros) (list []Movement, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT e.account_id, e.name, e.service_id, t.kind, t.effective_on / 100, CAST(sum(e.amount_kop) AS BIGINT) FROM ledger_transaction t
		JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id WHERE t.building_id = $1 AND t.recorded_at <= $2 AND e.account_id <> 0
		GROUP BY e.account_id, e.name, e.service_id, t.kind, t.effective_on / 100 ORDER BY 1, 5, 2, 3, 4`, building, int64(until))
	if err != nil {
		return nil, fmt.Errorf("movements of building %d: %w", building, err)
	}
	defer rows.Close()
	for rows.Next() {
		var v Movement
		if err := rows.Scan(&v.AccountID, &v.Name, &v.ServiceID, &v.Kind, &v.Month, &v.Amount); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// ListOrdersAfter gives the transactions of payments of a building that were recorded after a moment, with their entries of
// accounts, in the order they were recorded.
func ListOrdersAfter(ctx context.Context, tx *db.Tx, building int64, after calendar.Micros) (list []Transaction, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT t.txn_id, t.kind, t.order_id, t.effective_on, t.recorded_at, e.name, e.account_id, e.supplier_id, e.service_id, e.amount_kop
		FROM ledger_transaction t JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id
		WHERE t.building_id = $1 AND t.recorded_at > $2 AND t.order_id <> 0 AND e.account_id <> 0 ORDER BY t.recorded_at, t.txn_id, e.entry_no`, building, int64(after))
	if err != nil {
		return nil, fmt.Errorf("payments of building %d: %w", building, err)
	}
	defer rows.Close()
	for rows.Next() {
		t := Transaction{BuildingID: building}
		var e Entry
		if err := rows.Scan(&t.ID, &t.Kind, &t.OrderID, &t.EffectiveOn, &t.RecordedAt, &e.Name, &e.AccountID, &e.SupplierID, &e.ServiceID, &e.Amount); err != nil {
			return nil, err
		}
		if n := len(list); n == 0 || list[n-1].ID != t.ID {
			list = append(list, t)
		}
		last := &list[len(list)-1]
		last.Entries = append(last.Entries, e)
	}
	return list, rows.Err()
}
