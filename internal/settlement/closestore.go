package settlement

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Close is a closed day.
type Close struct {
	No           int64
	Day          calendar.Date
	State        string
	Actor        string
	BeganAt      calendar.Micros
	ClosedAt     calendar.Micros
	Transactions int64
	Body         []byte // the document as it was signed
	Previous     string
	Digest       string
}

// CloseHead is a close without its document.
type CloseHead struct {
	No           int64               `json:"no"`
	Day          calendar.DayText    `json:"day"`
	State        string              `json:"state"`
	Actor        string              `json:"actor"`
	ClosedAt     calendar.MomentText `json:"closedAt"`
	Transactions int64               `json:"transactions"`
	Previous     string              `json:"previous"`
	Digest       string              `json:"digest"`
}

// Head is the close without its document.
func (c *Close) Head() CloseHead {
	return CloseHead{c.No, calendar.DayText(c.Day), c.State, c.Actor, calendar.MomentText(c.ClosedAt), c.Transactions, c.Previous, c.Digest}
}

const closeColumns = "close_no, day, state, actor, began_at, closed_at, transactions, body, previous, digest"

func listCloses(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]Close, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+closeColumns+" FROM settlement_close "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list closes: %w", err)
	}
	defer rows.Close()
	var list []Close
	for rows.Next() {
		var c Close
		if err := rows.Scan(&c.No, &c.Day, &c.State, &c.Actor, &c.BeganAt, &c.ClosedAt, &c.Transactions, &c.Body, &c.Previous, &c.Digest); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// lastClose is the latest close, whatever its state; nil when no day was closed.
func lastClose(ctx context.Context, tx *db.Tx) (*Close, error) {
	list, err := listCloses(ctx, tx, "ORDER BY close_no DESC LIMIT 1")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// closedUpTo is the latest finished close of a day up to one; nil when there is none.
func closedUpTo(ctx context.Context, tx *db.Tx, day calendar.Date) (*Close, error) {
	list, err := listCloses(ctx, tx, "WHERE state = 'closed' AND day <= $1 ORDER BY close_no DESC LIMIT 1", int64(day))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func insertClose(ctx context.Context, tx *db.Tx, c *Close) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO settlement_close ("+closeColumns+") VALUES ($1, $2, $3, $4, $5, 0, 0, '', $6, '')",
		c.No, int64(c.Day), c.State, c.Actor, int64(c.BeganAt), c.Previous)
	return err
}

// moveClose takes the row of a close from a state to another, or holds it in its state; a Conflict when it is elsewhere.
func moveClose(ctx context.Context, tx *db.Tx, no int64, from, to string) error {
	res, err := tx.ExecContext(ctx, "UPDATE settlement_close SET state = $3 WHERE close_no = $1 AND state = $2", no, from, to)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.Newf(fault.Conflict, "day.busy", "День закрывает другой процесс. Посмотрите: kvit day list.")
}

func saveDocument(ctx context.Context, tx *db.Tx, c *Close) error {
	_, err := tx.ExecContext(ctx, "UPDATE settlement_close SET closed_at = $2, transactions = $3, body = $4, digest = $5 WHERE close_no = $1",
		c.No, int64(c.ClosedAt), c.Transactions, string(c.Body), c.Digest)
	return err
}

// insertTotals writes what the close counted, and what it owes each supplier.
func insertTotals(ctx context.Context, tx *db.Tx, c *Close, sums *totals) error {
	keys := sums.keys()
	columns := []string{"close_no", "supplier_id", "channel", "day", "payments", "collected_kop", "refunded_kop", "fee_kop"}
	_, err := tx.Copy(ctx, "settlement_total", columns, db.Rows(keys, len(columns), func(k *totalKey, row []any) {
		s := sums.sums[*k]
		row[0], row[1], row[2], row[3] = c.No, k.supplier, k.channel, int64(k.day)
		row[4], row[5], row[6], row[7] = s.payments, int64(s.collected), int64(s.refunded), int64(s.fee)
	}))
	if err != nil {
		return err
	}
	for supplierID, s := range sums.dues() {
		_, err := tx.ExecContext(ctx, `INSERT INTO settlement_due (supplier_id, close_no, day, payments, collected_kop, refunded_kop, fee_kop, payout_id) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
			supplierID, c.No, int64(c.Day), s.payments, int64(s.collected), int64(s.refunded), int64(s.fee))
		if err != nil {
			return fmt.Errorf("due of supplier %d: %w", supplierID, err)
		}
	}
	return nil
}

// due is what a close owes a supplier.
type due struct {
	closeNo int64
	day     calendar.Date
	payout  int64
	counted
}

func listDues(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]due, error) {
	rows, err := tx.QueryContext(ctx, "SELECT close_no, day, payout_id, payments, collected_kop, refunded_kop, fee_kop FROM settlement_due "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list dues: %w", err)
	}
	defer rows.Close()
	var list []due
	for rows.Next() {
		var d due
		if err := rows.Scan(&d.closeNo, &d.day, &d.payout, &d.payments, &d.collected, &d.refunded, &d.fee); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}
