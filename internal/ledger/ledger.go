// Package ledger is the double-entry book: nothing else moves money.
//
// Owns: tables ledger_transaction, ledger_entry, ledger_balance. Does not own: why money moves (payment), what is
// owed (charge, bill).
//
// Invariants (reliability.md I1): a transaction's entries sum to zero; it is written once for its key and never
// changed; a mistake is answered by a reversal that mirrors it; each kept balance equals the sum of its entries.
// Accounts belong to a building, so no two buildings wait for one row; building 0 is the centre. Positive amounts
// are debits.
package ledger

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Names of ledger accounts.
const (
	Receivable = "receivable" // of a resident for an account and service
	Penalty    = "penalty"    // of a resident for late payment, for an account and service
	Advance    = "advance"    // paid above what was due
	Suspense   = "suspense"   // money whose account nobody knows
)

// Clearing is the account of what a channel owes us for the payments of a day.
func Clearing(channel string, day calendar.Date) string {
	return "clearing:" + channel + ":" + day.String()
}

// Transfer is the account through which a move or an assignment passes between two buildings; both sides net to
// zero.
func Transfer(id int64) string { return fmt.Sprintf("transfer:%d", id) }

// Entry is one line of a transaction. Supplier and service tell whose money it is, so that what a supplier is
// owed is a sum made at settlement.
type Entry struct {
	Name       string
	AccountID  int64
	SupplierID int64
	ServiceID  int64
	Amount     money.Amount
}

// Transaction is one fact of the book.
type Transaction struct {
	ID          int64 // from db.NextIDs
	BuildingID  int64
	Key         string // unique in the building: the same key is posted once
	Kind        string
	OrderID     int64
	EffectiveOn calendar.Date
	RecordedAt  calendar.Micros
	ReversalOf  int64
	Reason      string
	Entries     []Entry
}

// check holds a transaction to its rules before it is written.
func (t *Transaction) check() error {
	var sum money.Amount
	for i := range t.Entries {
		sum += t.Entries[i].Amount
	}
	if sum != 0 || len(t.Entries) < 2 || t.Key == "" || t.ID == 0 {
		return fault.Newf(fault.Internal, "ledger.unbalanced", "Проводка %q не сходится.", t.Key).Because(fmt.Errorf("sum %d of %d entries", sum, len(t.Entries)))
	}
	return nil
}

// Post writes a transaction. posted is false when its key was posted before: then nothing changes.
func Post(ctx context.Context, tx *db.Tx, t *Transaction) (posted bool, err error) {
	if err := t.check(); err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO ledger_transaction (building_id, txn_id, key, kind, order_id, effective_on, recorded_at, reversal_of, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (building_id, key) DO NOTHING`,
		t.row()...)
	if err != nil {
		return false, fmt.Errorf("post %s: %w", t.Key, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, writeEntries(ctx, tx, []Transaction{*t})
}

// PostMany writes transactions whose keys are known to be new, in bulk.
func PostMany(ctx context.Context, tx *db.Tx, list []Transaction) error {
	for i := range list {
		if err := list[i].check(); err != nil {
			return err
		}
	}
	_, err := tx.Copy(ctx, "ledger_transaction", transactionColumns, db.Rows(list, len(transactionColumns), func(t *Transaction, row []any) { copy(row, t.row()) }))
	if err != nil {
		return err
	}
	return writeEntries(ctx, tx, list)
}

// placedEntry is an entry with its place.
type placedEntry struct {
	*Entry
	building, txn int64
	no            int
}

var (
	transactionColumns = []string{"building_id", "txn_id", "key", "kind", "order_id", "effective_on", "recorded_at", "reversal_of", "reason"}
	entryColumns       = []string{"building_id", "txn_id", "entry_no", "name", "account_id", "supplier_id", "service_id", "amount_kop"}
	balanceColumns     = []string{"building_id", "name", "account_id", "service_id", "balance_kop"}
)

func (t *Transaction) row() []any {
	return []any{t.BuildingID, t.ID, t.Key, t.Kind, t.OrderID, int64(t.EffectiveOn), int64(t.RecordedAt), t.ReversalOf, t.Reason}
}

func (e *placedEntry) row() []any {
	return []any{e.building, e.txn, int64(e.no), e.Name, e.AccountID, e.SupplierID, e.ServiceID, int64(e.Amount)}
}

// Add puts transactions at the end of a batch that is to be theirs: one whose key was posted before breaks it.
func Add(b *db.Batch, list []Transaction) error {
	rows := make([][]any, len(list))
	for i := range list {
		if err := list[i].check(); err != nil {
			return err
		}
		rows[i] = list[i].row()
	}
	b.Insert("ledger_transaction", transactionColumns, "", rows)
	addEntries(b, place(list))
	return nil
}

// place gives the entries of transactions their places.
func place(list []Transaction) (entries []placedEntry) {
	for i := range list {
		for k := range list[i].Entries {
			entries = append(entries, placedEntry{&list[i].Entries[k], list[i].BuildingID, list[i].ID, k + 1})
		}
	}
	return entries
}

func addEntries(b *db.Batch, entries []placedEntry) {
	rows := make([][]any, len(entries))
	for i := range entries {
		rows[i] = entries[i].row()
	}
	b.Insert("ledger_entry", entryColumns, "", rows)
	addBalances(b, entries)
}

// fewEntries are written by a batch, more by the bulk way.
const fewEntries = 100

func writeEntries(ctx context.Context, tx *db.Tx, list []Transaction) error {
	entries := place(list)
	var b db.Batch
	if len(entries) <= fewEntries {
		addEntries(&b, entries)
		return tx.Send(ctx, &b)
	}
	_, err := tx.Copy(ctx, "ledger_entry", entryColumns, db.Rows(entries, len(entryColumns), func(e *placedEntry, row []any) { copy(row, e.row()) }))
	if err != nil {
		return err
	}
	addBalances(&b, entries)
	return tx.Send(ctx, &b)
}

// balanceKey is the primary key of a kept balance.
type balanceKey struct {
	building           int64
	name               string
	account, serviceID int64
}

// addBalances adds entries to the kept balances, in one order for all transactions: no deadlocks.
func addBalances(b *db.Batch, entries []placedEntry) {
	sums := map[balanceKey]money.Amount{}
	var order []balanceKey
	for _, e := range entries {
		k := balanceKey{e.building, e.Name, e.AccountID, e.ServiceID}
		if _, ok := sums[k]; !ok {
			order = append(order, k)
		}
		sums[k] += e.Amount
	}
	sortKeys(order)
	rows := make([][]any, len(order))
	for i, k := range order {
		rows[i] = []any{k.building, k.name, k.account, k.serviceID, int64(sums[k])}
	}
	b.Insert("ledger_balance", balanceColumns, " ON CONFLICT (building_id, name, account_id, service_id) DO UPDATE SET balance_kop = ledger_balance.balance_kop + excluded.balance_kop", rows)
}
