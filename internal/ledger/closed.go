package ledger

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Open is how many transactions of payments of a building no day close has counted yet.
type Open struct {
	BuildingID   int64
	Transactions int64
}

// ListOpen gives the buildings with transactions of payments dated up to a day that no close has counted, in order.
func ListOpen(ctx context.Context, tx *db.Tx, until calendar.Date) ([]Open, error) {
	var list []Open
	err := tx.Scan(ctx, `SELECT building_id, count(*) FROM ledger_transaction WHERE close_no = 0 AND order_id <> 0 AND effective_on <= $1
		GROUP BY building_id ORDER BY building_id`, []any{int64(until)}, func(v []int64, _ []byte) error {
		list = append(list, Open{v[0], v[1]})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("transactions not closed: %w", err)
	}
	return list, nil
}

// Count marks the transactions of payments of buildings first … last, dated up to a day, as counted by a close. One that
// was counted before is left alone; one that commits later has no mark and waits for the next close.
func Count(ctx context.Context, tx *db.Tx, closeNo int64, until calendar.Date, first, last int64) (n int64, err error) {
	res, err := tx.ExecContext(ctx, `UPDATE ledger_transaction SET close_no = $1 WHERE close_no = 0 AND order_id <> 0 AND effective_on <= $2 AND building_id BETWEEN $3 AND $4`,
		closeNo, int64(until), first, last)
	if err != nil {
		return 0, fmt.Errorf("count into close %d: %w", closeNo, err)
	}
	return res.RowsAffected()
}

// Counted is a transaction with the close that counted it; 0: none yet.
type Counted struct {
	CloseNo     int64
	BuildingID  int64
	ID          int64
	OrderID     int64
	Kind        string
	EffectiveOn calendar.Date
	RecordedAt  calendar.Micros
	Entries     []Entry
}

const countedQuery = `SELECT t.close_no, t.building_id, t.txn_id, t.order_id, t.kind, t.effective_on, t.recorded_at, e.name, e.account_id, e.supplier_id, e.service_id, e.amount_kop
	FROM ledger_transaction t JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id WHERE `

// EachCounted gives the transactions closes first … last counted, building by building; of a supplier (0: of all) with
// his entries and those of nobody. What it gives is good until the next.
func EachCounted(ctx context.Context, tx *db.Tx, first, last, supplierID int64, fn func(*Counted) error) error {
	return eachCounted(ctx, tx, fn, countedQuery+`t.order_id <> 0 AND t.close_no BETWEEN $1 AND $2 AND (e.supplier_id = $3 OR e.supplier_id = 0 OR CAST($3 AS BIGINT) = 0)
		ORDER BY t.close_no, t.building_id, t.txn_id, e.entry_no`, first, last, supplierID)
}

// ListCountedOf gives the transactions of an order in the buildings its money is in.
func ListCountedOf(ctx context.Context, tx *db.Tx, orderID int64, buildings []int64) (list []Counted, err error) {
	if len(buildings) == 0 {
		return nil, nil
	}
	args := []any{orderID}
	in := db.In("t.building_id", buildings, &args)
	err = eachCounted(ctx, tx, func(c *Counted) error {
		own := *c
		own.Entries = append([]Entry(nil), c.Entries...)
		list = append(list, own)
		return nil
	}, countedQuery+`t.order_id = $1 AND `+in+` ORDER BY t.recorded_at, t.building_id, t.txn_id, e.entry_no`, args...)
	return list, err
}

func eachCounted(ctx context.Context, tx *db.Tx, fn func(*Counted) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("counted transactions: %w", err)
	}
	defer rows.Close()
	var at Counted
	for rows.Next() {
		var c Counted
		var e Entry
		if err := rows.Scan(&c.CloseNo, &c.BuildingID, &c.ID, &c.OrderID, &c.Kind, &c.EffectiveOn, &c.RecordedAt, &e.Name, &e.AccountID, &e.SupplierID, &e.ServiceID, &e.Amount); err != nil {
			return err
		}
		if c.ID != at.ID || c.BuildingID != at.BuildingID {
			if at.ID != 0 {
				if err := fn(&at); err != nil {
					return err
				}
			}
			c.Entries = at.Entries[:0]
			at = c
		}
		at.Entries = append(at.Entries, e)
	}
	if err := rows.Err(); err != nil || at.ID == 0 {
		return err
	}
	return fn(&at)
}

// ListNamed gives the balances of a building that are not zero, account by account.
func ListNamed(ctx context.Context, tx *db.Tx, building int64) ([]Balance, error) {
	return listBalances(ctx, tx, "building_id = $1", building)
}
