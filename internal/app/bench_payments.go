package app

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway/simulator"
	"kvit/internal/payment/gateway/yookassa"
)

// PaymentsBench is how fast payments are taken beside the raw limit of the same final rows.
type PaymentsBench struct {
	Way        string  `json:"way"` // online: order, acquirer over HTTP, postings; register: a bank's register
	Database   string  `json:"database"`
	Payments   int     `json:"payments"`
	Parts      int     `json:"parts"`
	Clients    int     `json:"clients"`
	Seconds    float64 `json:"seconds"`
	PerSecond  float64 `json:"perSecond"`
	P99us      int64   `json:"p99us,omitempty"`
	RawSeconds float64 `json:"rawSeconds"` // the same final rows, one transaction a payment (online) or a batch (register)
	RawPerSec  float64 `json:"rawPerSecond"`
	ShareOfRaw float64 `json:"shareOfRaw"`
	Breaches   int     `json:"breaches"` // of invariants, after the payments
}

// benchBatch is how many payments of a register one transaction takes, as intake does.
const benchBatch = 300

// BenchPayments pays n households' bills through the acquirer's simulator with some clients at once, then takes n
// payments of a bank's register, and writes the same rows raw each time. It needs data: baskets to pay.
func (a *App) BenchPayments(ctx context.Context, n, clients int) ([]PaymentsBench, error) {
	refs, err := a.benchRefs(ctx)
	if err != nil {
		return nil, err
	}
	if len(refs) < n {
		return nil, fault.Newf(fault.Invalid, "bench.few", "Семей в базе %d, а платежей нужно %d. Примите город побольше или уменьшите --payments.", len(refs), n)
	}
	online, err := a.benchOnline(ctx, refs[:n], clients)
	if err != nil {
		return nil, err
	}
	register, err := a.benchRegister(ctx, n)
	if err != nil {
		return nil, err
	}
	return []PaymentsBench{online, register}, nil
}

func (a *App) benchOnline(ctx context.Context, refs []bill.Ref, clients int) (res PaymentsBench, err error) {
	const secret = "bench"
	sim := simulator.New(simulator.Options{Mode: simulator.Captured, ID: secret, Secret: secret})
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	sim.SetBase(server.URL)
	pay := a.Payments.WithAcquirers(payment.Only("bench", yookassa.New(server.URL, secret, secret, nil)))
	plans := make([]payment.Plan, len(refs))
	for i, ref := range refs {
		b, err := a.Bills.At(ctx, ref, 0)
		if err != nil {
			return res, err
		}
		wish := payment.Wish{All: true}
		if b.Total == 0 {
			wish = payment.Wish{Sum: 10_000, Ahead: true}
		}
		if plans[i], err = bill.Split([]*bill.Bill{b}, wish); err != nil {
			return res, err
		}
		res.Parts += len(plans[i].Parts)
	}
	times := make([]time.Duration, len(refs))
	start := time.Now()
	err = inParallel(clients, len(refs), func(i int) error {
		begun := time.Now()
		o, err := pay.Start(ctx, payment.StartRequest{Key: "bench:" + strconv.Itoa(i), Input: i, Plan: plans[i], Method: "card", Description: "bench", Actor: "bench"})
		if err == nil && !payment.Final(o.State) {
			o, err = pay.Confirm(ctx, o.PublicID)
		}
		if err == nil && o.State != payment.StateCredited {
			err = fmt.Errorf("payment %d is %s", i, o.State)
		}
		times[i] = time.Since(begun)
		return err
	})
	if err != nil {
		return res, err
	}
	res.Way, res.Clients, res.P99us = "online", clients, quantile(times, 0.99).Microseconds()
	return res, a.besideRaw(ctx, &res, len(refs), time.Since(start), 1, "bench:%")
}

// benchRegister takes a bank's register of n payments to accounts there are.
func (a *App) benchRegister(ctx context.Context, n int) (res PaymentsBench, err error) {
	lines, err := a.benchLines(ctx, n)
	if err != nil {
		return res, err
	}
	alias := func(_ context.Context, _ *db.Tx, _ int64, number string, _ money.Amount) (string, error) {
		return number, nil
	}
	start := time.Now()
	for i := 0; i < len(lines); i += benchBatch {
		if _, err := a.Payments.TakeLines(ctx, payment.Source{FileID: 1, Channel: "bench"}, lines[i:min(i+benchBatch, len(lines))], alias); err != nil {
			return res, err
		}
	}
	res.Way, res.Clients, res.Parts = "register", 1, len(lines)
	return res, a.besideRaw(ctx, &res, len(lines), time.Since(start), benchBatch, "reg:bench:%")
}

func (a *App) benchLines(ctx context.Context, n int) (lines []payment.Line, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		lines = nil
		today := calendar.DateOf(a.now().Time().In(a.Zone))
		rows, err := tx.QueryContext(ctx, `SELECT s.code, r.number FROM account_route r JOIN supplier s ON s.supplier_id = r.supplier_id WHERE r.building_id > 0 ORDER BY r.account_id LIMIT $1`, n)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			l := payment.Line{Row: len(lines) + 1, Operation: fmt.Sprintf("op%08d", len(lines)), Date: today, Amount: 150_00}
			if err := rows.Scan(&l.SupplierCode, &l.Number); err != nil {
				return err
			}
			lines = append(lines, l)
		}
		return rows.Err()
	})
	return lines, err
}

// besideRaw writes the rows the payments left once more into emptied places, a transaction for so many payments, by as
// many clients: the limit of the database for the same rows, tables, keys and indexes.
func (a *App) besideRaw(ctx context.Context, res *PaymentsBench, n int, took time.Duration, batch int, keys string) error {
	report, err := a.Check(ctx)
	if err != nil {
		return err
	}
	for _, b := range report.Invariants {
		res.Breaches += b.Count
	}
	sets, err := a.takeOut(ctx, keys)
	if err != nil {
		return err
	}
	start := time.Now()
	groups := (len(sets) + batch - 1) / batch
	err = inParallel(res.Clients, groups, func(i int) error {
		return a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return putBack(ctx, tx, sets[i*batch:min((i+1)*batch, len(sets))]) })
	})
	raw := time.Since(start)
	res.Database, res.Payments, res.Seconds, res.RawSeconds = a.DB.Dialect.String(), n, took.Seconds(), raw.Seconds()
	res.PerSecond, res.RawPerSec, res.ShareOfRaw = float64(n)/took.Seconds(), float64(n)/raw.Seconds(), raw.Seconds()/took.Seconds()
	return err
}

// benchTables are the tables a payment writes and how their rows are found by the order.
var benchTables = []struct{ table, query string }{
	{"payment_order", "SELECT * FROM payment_order WHERE order_id = $1"},
	{"payment_part", "SELECT * FROM payment_part WHERE order_id = $1 AND building_id = $2"},
	{"ledger_transaction", "SELECT * FROM ledger_transaction WHERE order_id = $1 AND building_id = $2"},
	{"ledger_entry", "SELECT e.* FROM ledger_entry e JOIN ledger_transaction t ON t.building_id = e.building_id AND t.txn_id = e.txn_id WHERE t.order_id = $1 AND t.building_id = $2"},
}

// rowSet is the rows one payment wrote, table by table.
type rowSet struct {
	columns [4][]string
	rows    [4][][]any
}

// takeOut reads the rows of payments and deletes them.
func (a *App) takeOut(ctx context.Context, keys string) (sets []rowSet, err error) {
	err = a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		sets = nil
		orders, err := ordersLike(ctx, tx, keys)
		if err != nil {
			return err
		}
		for _, o := range orders {
			var s rowSet
			for k, t := range benchTables {
				args := []any{o[0], o[1]}
				if k == 0 {
					args = args[:1]
				}
				if s.columns[k], s.rows[k], err = readRows(ctx, tx, t.query, args...); err != nil {
					return err
				}
			}
			sets = append(sets, s)
			for _, q := range []string{
				"DELETE FROM ledger_entry WHERE building_id = $2 AND txn_id IN (SELECT txn_id FROM ledger_transaction WHERE order_id = $1 AND building_id = $2)",
				"DELETE FROM ledger_transaction WHERE order_id = $1 AND building_id = $2",
				"DELETE FROM payment_part WHERE order_id = $1 AND building_id = $2",
			} {
				if _, err := tx.ExecContext(ctx, q, o[0], o[1]); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM payment_order WHERE order_id = $1", o[0]); err != nil {
				return err
			}
		}
		return nil
	})
	return sets, err
}

func ordersLike(ctx context.Context, tx *db.Tx, keys string) (list [][2]int64, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT o.order_id, p.building_id FROM payment_order o JOIN payment_part p ON p.order_id = o.order_id WHERE o.client_key LIKE $1 ORDER BY o.order_id`, keys)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o [2]int64
		if err := rows.Scan(&o[0], &o[1]); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
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

// putBack inserts the rows of some payments, a statement a table, and adds to the balances the entries touch.
func putBack(ctx context.Context, tx *db.Tx, sets []rowSet) error {
	for k, t := range benchTables {
		var rows [][]any
		var columns []string
		for i := range sets {
			rows, columns = append(rows, sets[i].rows[k]...), sets[i].columns[k]
		}
		if err := insertRows(ctx, tx, t.table, columns, rows); err != nil {
			return err
		}
		if t.table == "ledger_entry" {
			if err := addBalances(ctx, tx, columns, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// insertRows writes a few rows by one statement and many by the bulk way.
func insertRows(ctx context.Context, tx *db.Tx, table string, columns []string, rows [][]any) error {
	const few = 20
	if len(rows) <= few {
		return insertAll(ctx, tx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES ", "", rows)
	}
	_, err := tx.Copy(ctx, table, columns, db.Rows(rows, len(columns), func(from *[]any, to []any) { copy(to, *from) }))
	return err
}

func addBalances(ctx context.Context, tx *db.Tx, columns []string, entries [][]any) error {
	at := func(row []any, name string) any { return row[slices.Index(columns, name)] }
	type key struct{ building, name, account, service any }
	sums := map[key]int64{}
	var order []key
	for _, e := range entries {
		k := key{at(e, "building_id"), fmt.Sprint(at(e, "name")), at(e, "account_id"), at(e, "service_id")}
		if _, ok := sums[k]; !ok {
			order = append(order, k)
		}
		sums[k] += at(e, "amount_kop").(int64)
	}
	var rows [][]any
	for _, k := range order {
		rows = append(rows, []any{k.building, k.name, k.account, k.service, sums[k]})
	}
	return insertAll(ctx, tx, "INSERT INTO ledger_balance (building_id, name, account_id, service_id, balance_kop) VALUES ",
		" ON CONFLICT (building_id, name, account_id, service_id) DO UPDATE SET balance_kop = ledger_balance.balance_kop + excluded.balance_kop", rows)
}

// insertAll inserts rows with as few statements as the bound on parameters allows.
func insertAll(ctx context.Context, tx *db.Tx, head, tail string, rows [][]any) error {
	const paramsMax = 2000
	for len(rows) > 0 {
		n := min(len(rows), paramsMax/len(rows[0]))
		var b strings.Builder
		b.WriteString(head)
		var args []any
		for i, row := range rows[:n] {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('(')
			for k, v := range row {
				if k > 0 {
					b.WriteByte(',')
				}
				args = append(args, v)
				b.WriteByte('$')
				b.WriteString(strconv.Itoa(len(args)))
			}
			b.WriteByte(')')
		}
		b.WriteString(tail)
		if _, err := tx.ExecContext(ctx, b.String(), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// inParallel calls fn for 0…n-1 by some clients at once and gives the first error.
func inParallel(clients, n int, fn func(i int) error) error {
	var wg sync.WaitGroup
	next := make(chan int)
	errs := make(chan error, clients)
	for range clients {
		wg.Go(func() {
			for i := range next {
				if err := fn(i); err != nil {
					select {
					case errs <- err:
					default:
					}
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}
