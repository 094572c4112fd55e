package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/db"
	"kvit/internal/money"
)

func sortKeys(keys []balanceKey) {
	slices.SortFunc(keys, func(a, b balanceKey) int {
		return cmp.Or(cmp.Compare(a.building, b.building), cmp.Compare(a.name, b.name), cmp.Compare(a.account, b.account), cmp.Compare(a.serviceID, b.serviceID))
	})
}

// Balance is a kept balance.
type Balance struct {
	Name      string
	AccountID int64
	ServiceID int64
	Amount    money.Amount
}

// ListBalances gives the balances of an account in a building that are not zero.
func ListBalances(ctx context.Context, tx *db.Tx, building, accountID int64) ([]Balance, error) {
	return listBalances(ctx, tx, "building_id = $1 AND account_id = $2", building, accountID)
}

func listBalances(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Balance, error) {
	rows, err := tx.QueryContext(ctx, "SELECT name, account_id, service_id, balance_kop FROM ledger_balance WHERE "+where+" AND balance_kop <> 0 ORDER BY name, account_id, service_id", args...)
	if err != nil {
		return nil, fmt.Errorf("list balances: %w", err)
	}
	defer rows.Close()
	var list []Balance
	for rows.Next() {
		var b Balance
		if err := rows.Scan(&b.Name, &b.AccountID, &b.ServiceID, &b.Amount); err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, rows.Err()
}

// ListEntries gives the entries of the transaction of a key in a building; none when it was not posted.
func ListEntries(ctx context.Context, tx *db.Tx, building int64, key string) ([]Entry, error) {
	rows, err := tx.QueryContext(ctx, `SELECT e.name, e.account_id, e.supplier_id, e.service_id, e.amount_kop FROM ledger_transaction t
		JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id WHERE t.building_id = $1 AND t.key = $2 ORDER BY e.entry_no`, building, key)
	if err != nil {
		return nil, fmt.Errorf("list entries: %w", err)
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

// Check is an invariant as a query for the rows that break it.
type Check = struct{ ID, Query string }

// Breaches runs checks and tells, of each, what breaks it.
func Breaches(ctx context.Context, tx *db.Tx, checks []Check) (list []Breach, err error) {
	for _, c := range checks {
		b, err := Offenders(ctx, tx, c.ID, c.Query)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, nil
}

// Breach is an invariant that does not hold: how many rows break it, and the first of them.
type Breach struct {
	ID    string   `json:"id"`
	Count int      `json:"count"`
	Rows  []string `json:"rows"`
	Query string   `json:"-"` // for the names of all that break it; '' where no query finds them
}

// breachRows bounds the offenders named.
const breachRows = 10

// Add counts an offender and names it while there is room.
func (b *Breach) Add(name string) {
	if b.Count++; len(b.Rows) < breachRows {
		b.Rows = append(b.Rows, name)
	}
}

// Checks are the book's invariants (I1) as queries for offenders.
var Checks = []Check{
	{"I1.transactions_sum_to_zero", `SELECT building_id || '/' || txn_id FROM ledger_entry GROUP BY building_id, txn_id HAVING sum(amount_kop) <> 0`},
	{"I1.entries_have_transactions", `SELECT e.building_id || '/' || e.txn_id FROM ledger_entry e LEFT JOIN ledger_transaction t ON t.building_id = e.building_id AND t.txn_id = e.txn_id WHERE t.txn_id IS NULL`},
	{"I1.balances_equal_entries", `SELECT coalesce(e.building_id, b.building_id) || '/' || coalesce(e.name, b.name) || '/' || coalesce(e.account_id, b.account_id)
		FROM (SELECT building_id, name, account_id, service_id, sum(amount_kop) AS total FROM ledger_entry GROUP BY building_id, name, account_id, service_id) e
		FULL JOIN ledger_balance b ON b.building_id = e.building_id AND b.name = e.name AND b.account_id = e.account_id AND b.service_id = e.service_id
		WHERE coalesce(e.total, 0) <> coalesce(b.balance_kop, 0)`},
	{"I1.transfers_net_to_zero", `SELECT name FROM ledger_balance WHERE name LIKE 'transfer:%' GROUP BY name HAVING sum(balance_kop) <> 0`},
}

// Offenders runs a query whose first column names offending rows.
func Offenders(ctx context.Context, tx *db.Tx, id, query string) (Breach, error) {
	b := Breach{ID: id, Rows: []string{}, Query: query}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return b, fmt.Errorf("check %s: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return b, err
		}
		b.Add(name)
	}
	return b, rows.Err()
}
