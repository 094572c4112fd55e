package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kvit/internal/db"
)

// measure takes n payments one way in rounds, and after each writes the rows it left once more into emptied places: the
// limit of the database for the same rows, tables, keys and indexes, by as many clients and in as few round trips.
func (a *App) measure(ctx context.Context, w *way, n int) (res PaymentsBench, err error) {
	res = PaymentsBench{Way: w.name, Database: a.DB.Dialect.String(), Payments: n, Clients: w.clients}
	var times []time.Duration
	for _, r := range rounds(n) {
		start := time.Now()
		took, err := w.pay(ctx, r[0], r[1])
		if err != nil {
			return res, err
		}
		paid := time.Since(start)
		silent, raw, parts, err := a.besideRaw(ctx, w, r[0], r[1])
		if err != nil {
			return res, err
		}
		times = append(times, took...)
		res.Parts += parts
		res.Seconds, res.RawSeconds, res.SilentSeconds = res.Seconds+paid.Seconds(), res.RawSeconds+raw.Seconds(), res.SilentSeconds+silent.Seconds()
		if share := raw.Seconds() / paid.Seconds(); res.WorstRound == 0 || share < res.WorstRound {
			res.WorstRound = share
		}
	}
	if len(times) > 0 {
		res.P99us = quantile(times, 0.99).Microseconds()
	}
	res.PerSecond, res.RawPerSec, res.ShareOfRaw = float64(n)/res.Seconds, float64(n)/res.RawSeconds, res.RawSeconds/res.Seconds
	res.EventShare = (res.RawSeconds - res.SilentSeconds) / res.Seconds
	return res, nil
}

// rounds are first numbers and sizes of the rounds of n payments.
func rounds(n int) (list [][2]int) {
	size := (n + payRounds - 1) / payRounds
	for first := 0; first < n; first += size {
		list = append(list, [2]int{first, min(size, n-first)})
	}
	return list
}

// besideRaw writes the rows of payments raw, first without the events that tell of them, and leaves them whole.
func (a *App) besideRaw(ctx context.Context, w *way, first, n int) (silent, raw time.Duration, parts int, err error) {
	sets, err := a.takeOut(ctx, w, first, n)
	if err != nil {
		return 0, 0, 0, err
	}
	var groups, quiet []rowSet
	for group := range slices.Chunk(sets, w.batch) {
		groups = append(groups, together(group))
		quiet = append(quiet, groups[len(groups)-1].untold())
	}
	for i := range sets {
		parts += len(sets[i].rows[1])
	}
	if silent, err = a.timeRaw(ctx, w, quiet); err != nil {
		return 0, 0, 0, err
	}
	if _, err = a.takeOut(ctx, w, first, n); err != nil {
		return 0, 0, 0, err
	}
	raw, err = a.timeRaw(ctx, w, groups)
	return silent, raw, parts, err
}

// timeRaw writes groups of rows, a transaction each, by as many clients as paid.
func (a *App) timeRaw(ctx context.Context, w *way, groups []rowSet) (time.Duration, error) {
	start := time.Now()
	err := inParallel(w.clients, len(groups), func(i int) error { return a.putBack(ctx, &groups[i]) })
	return time.Since(start), err
}

// untold are the rows without events and what counts them.
func (all rowSet) untold() rowSet {
	for k := range benchTables {
		if strings.HasPrefix(benchTables[k].name, "event") {
			all.columns[k], all.rows[k] = nil, nil
		}
	}
	return all
}

// benchTable is a table payments write: how its rows are found by their orders, after the order of each, and how they are
// taken out; to a table of sums rows are added by so many columns of the key, with tail. {orders} is the condition on the
// orders.
type benchTable struct {
	name, query, out, tail string
	key                    int
}

// benchEntries joins in the order written: SQLite would begin with the entries of all.
const benchEntries = "ledger_transaction t CROSS JOIN ledger_entry e WHERE e.building_id = t.building_id AND e.txn_id = t.txn_id AND t.order_id {orders}"

var benchTables = [...]benchTable{
	{name: "payment_order", query: "SELECT order_id, payment_order.* FROM payment_order WHERE order_id {orders}", out: "DELETE FROM payment_order WHERE order_id {orders}"},
	{name: "payment_part", query: "SELECT order_id, payment_part.* FROM payment_part WHERE order_id {orders}", out: "DELETE FROM payment_part WHERE order_id {orders}"},
	{name: "ledger_transaction", query: "SELECT order_id, ledger_transaction.* FROM ledger_transaction WHERE order_id {orders}", out: "DELETE FROM ledger_transaction WHERE order_id {orders}"},
	{name: "ledger_entry", query: "SELECT t.order_id, e.* FROM " + benchEntries, out: "DELETE FROM ledger_entry WHERE (building_id, txn_id) IN (SELECT building_id, txn_id FROM ledger_transaction WHERE order_id {orders})"},
	{
		name: "ledger_balance", key: 4, tail: " ON CONFLICT (building_id, name, account_id, service_id) DO UPDATE SET balance_kop = ledger_balance.balance_kop + excluded.balance_kop",
		query: `SELECT t.order_id, e.building_id, e.name, e.account_id, e.service_id, CAST(sum(e.amount_kop) AS BIGINT) AS balance_kop FROM ` + benchEntries + `
			GROUP BY t.order_id, e.building_id, e.name, e.account_id, e.service_id ORDER BY t.order_id, e.building_id, e.name, e.account_id, e.service_id`,
	},
	{
		name: "event_subject", key: 2, tail: " ON CONFLICT (building_id, subject_id) DO UPDATE SET last_seq = event_subject.last_seq + excluded.last_seq, last_at = excluded.last_at",
		query: "SELECT fact_id, building_id, subject_id, count(*) AS last_seq, max(recorded_at) AS last_at FROM event WHERE fact_id {orders} GROUP BY fact_id, building_id, subject_id ORDER BY fact_id, building_id, subject_id",
	},
	{name: "event", query: "SELECT fact_id, event.* FROM event WHERE fact_id {orders}", out: "DELETE FROM event WHERE fact_id {orders}"},
}

// rowSet is the rows some payments wrote, table by table.
type rowSet struct {
	columns [len(benchTables)][]string
	rows    [len(benchTables)][][]any
}

// takeOut reads the rows of payments and deletes them.
func (a *App) takeOut(ctx context.Context, w *way, first, n int) (sets []rowSet, err error) {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = w.key(first + i)
	}
	err = a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		orders, err := ordersOf(ctx, tx, keys)
		if err != nil {
			return err
		}
		sets = make([]rowSet, len(orders))
		at := map[int64]int{}
		for i, id := range orders {
			at[id] = i
		}
		var args []any
		in := strings.TrimPrefix(db.In("", orders, &args), " ")
		for k := range benchTables {
			columns, rows, err := readRows(ctx, tx, strings.ReplaceAll(benchTables[k].query, "{orders}", in), args...)
			if err != nil {
				return err
			}
			share(k, columns, rows, sets, at)
		}
		for k := range slices.Backward(benchTables[:]) { // entries before what they are found by
			if benchTables[k].out == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, strings.ReplaceAll(benchTables[k].out, "{orders}", in), args...); err != nil {
				return err
			}
		}
		all := together(sets)
		return tx.Send(ctx, all.takenOff().batch(1))
	})
	return sets, err
}

// ordersOf gives the orders of keys, in the order they were made.
func ordersOf(ctx context.Context, tx *db.Tx, keys []string) (list []int64, err error) {
	var args []any
	rows, err := tx.QueryContext(ctx, "SELECT order_id FROM payment_order WHERE "+db.In("client_key", keys, &args)+" ORDER BY order_id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	if err := rows.Err(); err != nil || len(list) != len(keys) {
		return nil, errors.Join(err, fmt.Errorf("%d orders of %d keys", len(list), len(keys)))
	}
	return list, nil
}

// share gives the rows of a table to the sets of their orders, which the first column names.
func share(table int, columns []string, rows [][]any, sets []rowSet, at map[int64]int) {
	for _, row := range rows {
		s := &sets[at[row[0].(int64)]]
		s.columns[table], s.rows[table] = columns[1:], append(s.rows[table], row[1:])
	}
}

func readRows(ctx context.Context, tx *db.Tx, query string, args ...any) (columns []string, list [][]any, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		row, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, nil, err
		}
		list = append(list, row)
	}
	return columns, list, rows.Err()
}

// together are the rows of some payments as one transaction writes them: what goes to one sum is added up.
func together(sets []rowSet) (all rowSet) {
	for k := range benchTables {
		for i := range sets {
			if len(sets[i].rows[k]) > 0 {
				all.columns[k], all.rows[k] = sets[i].columns[k], append(all.rows[k], sets[i].rows[k]...)
			}
		}
		if key := benchTables[k].key; key > 0 {
			all.rows[k] = summed(all.rows[k], key)
		}
	}
	return all
}

// summed adds up rows with the same first columns: the next one is a sum, the last of the others stays.
func summed(rows [][]any, key int) (list [][]any) {
	at := map[string]int{}
	for _, row := range rows {
		name := fmt.Sprint(row[:key]...)
		i, there := at[name]
		if !there {
			at[name] = len(list)
			list = append(list, row)
			continue
		}
		sum := list[i][key].(int64) + row[key].(int64)
		list[i] = append([]any(nil), row...)
		list[i][key] = sum
	}
	slices.SortFunc(list, func(a, b []any) int { return byColumns(a[:key], b[:key]) })
	return list
}

// byColumns orders rows as keys of the database: numbers and texts.
func byColumns(a, b []any) int {
	for i := range a {
		c := 0
		switch x := a[i].(type) {
		case int64:
			c = cmp.Compare(x, b[i].(int64))
		default:
			c = cmp.Compare(fmt.Sprint(x), fmt.Sprint(b[i]))
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// takenOff are the sums below zero: added, they take off what was added.
func (all *rowSet) takenOff() *rowSet {
	var off rowSet
	for k := range benchTables {
		key := benchTables[k].key
		for _, row := range all.rows[k] {
			if key > 0 {
				row = slices.Clone(row)
				row[key] = -row[key].(int64)
				off.columns[k], off.rows[k] = all.columns[k], append(off.rows[k], row)
			}
		}
	}
	return &off
}

// bulkFrom is from how many rows of a table on the bulk way is the quicker one.
const bulkFrom = 100

// putBack writes rows as one transaction, in as few round trips as the database allows.
func (a *App) putBack(ctx context.Context, all *rowSet) error {
	if len(all.rows[1]) <= bulkFrom {
		return a.DB.WriteBatch(ctx, all.batch(0))
	}
	return a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for k := range benchTables {
			if benchTables[k].key > 0 || len(all.rows[k]) == 0 {
				continue
			}
			width := len(all.columns[k])
			if _, err := tx.Copy(ctx, benchTables[k].name, all.columns[k], db.Rows(all.rows[k], width, func(from *[]any, to []any) { copy(to, *from) })); err != nil {
				return err
			}
		}
		return tx.Send(ctx, all.batch(1))
	})
}

// batch inserts the rows of the tables whose sums have a key of at least so many columns.
func (all *rowSet) batch(key int) *db.Batch {
	var b db.Batch
	for k := range benchTables {
		if t := &benchTables[k]; t.key >= key && len(all.rows[k]) > 0 {
			b.Insert(t.name, all.columns[k], t.tail, all.rows[k])
		}
	}
	return &b
}
