package ledger

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Charged is the account of what was charged for a supplier's services: the other side of residents' debts.
func Charged(supplierID int64) string { return fmt.Sprintf("charged:%d", supplierID) }

// Batch collects transactions of a run, one for each building, whose keys are known to be new, without garbage. Within
// a transaction each account and service stands once, so each balance stands once in the batch.
type Batch struct {
	transactions, entries, balances *db.Bulk

	txn Transaction
	no  int64
	sum money.Amount
}

// NewBatch makes an empty batch.
func NewBatch() *Batch {
	balance := []db.Column{
		{Name: "building_id", Kind: db.Int8},
		{Name: "name", Kind: db.Text},
		{Name: "account_id", Kind: db.Int8},
		{Name: "service_id", Kind: db.Int8},
		{Name: "balance_kop", Kind: db.Int8},
	}
	return &Batch{
		transactions: db.NewBulk("ledger_transaction", []db.Column{
			{Name: "building_id", Kind: db.Int8},
			{Name: "txn_id", Kind: db.Int8},
			{Name: "key", Kind: db.Text},
			{Name: "kind", Kind: db.Text},
			{Name: "order_id", Kind: db.Int8},
			{Name: "effective_on", Kind: db.Int4},
			{Name: "recorded_at", Kind: db.Int8},
			{Name: "reversal_of", Kind: db.Int8},
			{Name: "reason", Kind: db.Text},
		}...),
		entries: db.NewBulk("ledger_entry", []db.Column{
			{Name: "building_id", Kind: db.Int8},
			{Name: "txn_id", Kind: db.Int8},
			{Name: "entry_no", Kind: db.Int4},
			{Name: "name", Kind: db.Text},
			{Name: "account_id", Kind: db.Int8},
			{Name: "supplier_id", Kind: db.Int8},
			{Name: "service_id", Kind: db.Int8},
			{Name: "amount_kop", Kind: db.Int8},
		}...),
		balances: db.NewBulk("ledger_balance", balance...),
	}
}

// Reset empties the batch.
func (b *Batch) Reset() {
	b.transactions.Reset()
	b.entries.Reset()
	b.balances.Reset()
}

// Begin begins a transaction; its Entries are added one by one.
func (b *Batch) Begin(t Transaction) {
	b.txn, b.no, b.sum = t, 0, 0
	r := b.transactions
	r.Int(t.BuildingID)
	r.Int(t.ID)
	r.Text(t.Key)
	r.Text(t.Kind)
	r.Int(t.OrderID)
	r.Int(int64(t.EffectiveOn))
	r.Int(int64(t.RecordedAt))
	r.Int(t.ReversalOf)
	r.Text(t.Reason)
}

// Entry adds an entry to the transaction begun.
func (b *Batch) Entry(name string, account, supplier, service int64, amount money.Amount) {
	b.no++
	b.sum += amount
	r := b.entries
	r.Int(b.txn.BuildingID)
	r.Int(b.txn.ID)
	r.Int(b.no)
	r.Text(name)
	r.Int(account)
	r.Int(supplier)
	r.Int(service)
	r.Int(int64(amount))
	r = b.balances
	r.Int(b.txn.BuildingID)
	r.Text(name)
	r.Int(account)
	r.Int(service)
	r.Int(int64(amount))
}

// End holds the transaction to its rules.
func (b *Batch) End() error {
	if b.sum != 0 || b.no < 2 || b.txn.Key == "" || b.txn.ID == 0 {
		return fault.Newf(fault.Internal, "ledger.unbalanced", "Проводка %q не сходится.", b.txn.Key).Because(fmt.Errorf("sum %d of %d entries", b.sum, b.no))
	}
	return nil
}

// Write writes the transactions, their entries and balances. Fresh buildings have no balances yet: these are copied,
// not added. A balance that came meanwhile is a duplicate, and the write must be tried again as not fresh.
func (b *Batch) Write(ctx context.Context, tx *db.Tx, fresh bool) error {
	if err := tx.Load(ctx, b.transactions); err != nil {
		return err
	}
	if err := tx.Load(ctx, b.entries); err != nil {
		return err
	}
	if fresh {
		return tx.Load(ctx, b.balances)
	}
	return addLoaded(ctx, tx, b.balances)
}

// Bulks are the rows of the batch, for whoever measures them.
func (b *Batch) Bulks() []*db.Bulk { return []*db.Bulk{b.transactions, b.entries, b.balances} }

// addLoaded adds amounts to balances through a table of the transaction: one statement for all, in the order of the key as
// everywhere, so that two writers wait for each other and not crosswise. The table is dropped, not emptied: rows deleted
// from it would be walked over by every later wave.
func addLoaded(ctx context.Context, tx *db.Tx, balances *db.Bulk) error {
	const (
		begin = "CREATE TEMPORARY TABLE ledger_delta (building_id BIGINT NOT NULL, name TEXT NOT NULL, account_id BIGINT NOT NULL, service_id BIGINT NOT NULL, balance_kop BIGINT NOT NULL)"
		add   = `INSERT INTO ledger_balance (building_id, name, account_id, service_id, balance_kop)
			SELECT building_id, name, account_id, service_id, balance_kop FROM ledger_delta WHERE TRUE ORDER BY building_id, name, account_id, service_id
			ON CONFLICT (building_id, name, account_id, service_id) DO UPDATE SET balance_kop = ledger_balance.balance_kop + excluded.balance_kop`
		end = "DROP TABLE ledger_delta"
	)
	run := func(statement string) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	}
	err := run(begin)
	if err == nil {
		err = tx.LoadInto(ctx, "ledger_delta", balances)
	}
	for _, statement := range []string{add, end} {
		if err == nil {
			err = run(statement)
		}
	}
	if err != nil {
		return fmt.Errorf("add balances: %w", err)
	}
	return nil
}

// Fresh tells whether none of the buildings first … last has a balance. The order makes it a step into the key: a
// planner that expects to meet a row soon would walk the whole table.
func Fresh(ctx context.Context, tx *db.Tx, first, last int64) (bool, error) {
	fresh := true
	err := tx.Scan(ctx, "SELECT building_id FROM ledger_balance WHERE building_id >= $1 ORDER BY building_id, name, account_id, service_id LIMIT 1", []any{first},
		func(v []int64, _ []byte) error {
			fresh = v[0] > last
			return nil
		})
	if err != nil {
		return false, fmt.Errorf("balances of buildings: %w", err)
	}
	return fresh, nil
}
