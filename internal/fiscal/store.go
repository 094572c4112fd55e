package fiscal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

const receiptColumns = "receipt_id, external_id, kind, paid_by, channel, order_id, public_id, after_id, of_id, sum_kop, settled_on, contact, reason, state, attempts, next_at, trouble_code, trouble, " +
	"uuid, fn, fd, fp, register, shift, number, printed_at, url, made_at, sent_at, changed_at"

func scanReceipt(scan func(...any) error) (r Receipt, err error) {
	err = scan(&r.ID, &r.ExternalID, &r.Kind, &r.PaidBy, &r.Channel, &r.Order, &r.PublicID, &r.After, &r.Of, &r.Sum, &r.SettledOn, &r.Contact, &r.Reason, &r.State, &r.Attempts, &r.NextAt,
		&r.TroubleCode, &r.Trouble, &r.UUID, &r.FN, &r.FD, &r.FP, &r.Till, &r.Shift, &r.Number, &r.PrintedAt, &r.URL, &r.MadeAt, &r.SentAt, &r.ChangedAt)
	return r, err
}

// listReceipts gives receipts without their lines.
func listReceipts(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Receipt, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+receiptColumns+" FROM fiscal_receipt "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list receipts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanReceipt(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// findReceipt gives a receipt with its lines.
func findReceipt(ctx context.Context, tx *db.Tx, id int64) (r Receipt, err error) {
	r, err = scanReceipt(tx.QueryRowContext(ctx, "SELECT "+receiptColumns+" FROM fiscal_receipt WHERE receipt_id = $1", id).Scan)
	if errors.Is(err, sql.ErrNoRows) || fault.Is(db.Fold(err), fault.NotFound) {
		return r, unknownReceipt(id)
	}
	if err == nil {
		r.Lines, err = listLines(ctx, tx, id)
	}
	return r, err
}

const lineColumns = "line_no, building_id, account_id, supplier_id, service_id, kind, name, amount_kop, vat, method, subject, agent, supplier_name, supplier_inn, phone, about, used_kop"

func listLines(ctx context.Context, tx *db.Tx, receipt int64) (list []Line, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+lineColumns+" FROM fiscal_line WHERE receipt_id = $1 ORDER BY line_no", receipt)
	if err != nil {
		return nil, fmt.Errorf("lines of receipt %d: %w", receipt, err)
	}
	defer rows.Close()
	for rows.Next() {
		var l Line
		if err := rows.Scan(&l.No, &l.Building, &l.Account, &l.SupplierID, &l.Service, &l.Kind, &l.Name, &l.Amount, &l.Vat, &l.Method, &l.Subject, &l.Agent, &l.SupplierName, &l.SupplierINN, &l.Phone,
			&l.About, &l.Used); err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

// source is what was looked at: a receipt was made of it, or why none.
type source struct {
	key    string
	order  int64
	exempt int64
	reason string
}

// keep writes what was looked at and, unless it is nil, the receipt made of it. fresh is false when another did it before:
// then nothing is written.
func keep(ctx context.Context, tx *db.Tx, s source, r *Receipt, now calendar.Micros) (fresh bool, err error) {
	var id int64
	if r != nil {
		id = r.ID
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO fiscal_source (source_key, receipt_id, order_id, exempt_kop, reason, recorded_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source_key) DO NOTHING`,
		s.key, id, s.order, s.exempt, s.reason, int64(now))
	if err != nil {
		return false, fmt.Errorf("source %s: %w", s.key, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	if r == nil {
		return true, nil
	}
	return true, insertReceipt(ctx, tx, r)
}

func insertReceipt(ctx context.Context, tx *db.Tx, r *Receipt) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO fiscal_receipt ("+receiptColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, '', '', '', '', '', '', '', '', '', '', '', $16, 0, $16)`,
		r.ID, r.ExternalID, r.Kind, r.PaidBy, r.Channel, r.Order, r.PublicID, r.After, r.Of, int64(r.Sum), int64(r.SettledOn), r.Contact, r.Reason, r.State, int64(r.NextAt), int64(r.MadeAt))
	if err != nil {
		return fmt.Errorf("receipt %d: %w", r.ID, err)
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		l.No = i + 1
		_, err := tx.ExecContext(ctx, "INSERT INTO fiscal_line (receipt_id, "+lineColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
			r.ID, int64(l.No), l.Building, l.Account, l.SupplierID, l.Service, l.Kind, l.Name, int64(l.Amount), l.Vat, int64(l.Method), int64(l.Subject), l.Agent, l.SupplierName, l.SupplierINN, l.Phone,
			int64(l.About), int64(l.Used))
		if err != nil {
			return fmt.Errorf("line %d of receipt %d: %w", l.No, r.ID, err)
		}
	}
	return nil
}

// use counts a sum on a line that was ahead: it was offset, or given back.
func use(ctx context.Context, tx *db.Tx, receipt int64, l *Line, sum int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE fiscal_line SET used_kop = used_kop + $3 WHERE receipt_id = $1 AND line_no = $2", receipt, int64(l.No), sum)
	return err
}
