package reconcile

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"database/sql"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// registerRow is a register as kept.
type registerRow struct {
	ID          int64
	Partner     string
	Channel     string
	Name        string
	From, To    calendar.Date
	Order       string
	OrderDay    calendar.Date
	Lines       int
	Repeated    int
	Quarantined int
	Gross, Fee  money.Amount
	FeeTold     bool
	Printed     money.Amount
	Control     int
	LoadedAt    calendar.Micros
}

// loaded is what is told of a register that is known.
func (x *registerRow) loaded(out *Loaded) {
	out.Known, out.From, out.To, out.Lines, out.Repeated, out.Quarantined, out.Sum, out.Fee, out.Order = true, dayText(x.From), dayText(x.To), x.Lines, x.Repeated, x.Quarantined, x.Gross, x.Fee, x.Order
}

const registerColumns = "register_id, partner, channel, name, day_from, day_to, order_no, order_day, lines, repeated, quarantined, gross_kop, fee_kop, fee_told, printed_kop, control, loaded_at"

func scanRegister(scan func(...any) error) (x registerRow, err error) {
	var told int
	err = scan(&x.ID, &x.Partner, &x.Channel, &x.Name, &x.From, &x.To, &x.Order, &x.OrderDay, &x.Lines, &x.Repeated, &x.Quarantined, &x.Gross, &x.Fee, &told, &x.Printed, &x.Control, &x.LoadedAt)
	x.FeeTold = told == 1
	return x, err
}

func findRegister(ctx context.Context, tx *db.Tx, digest, partner string) (registerRow, error) {
	return scanRegister(tx.QueryRowContext(ctx, "SELECT "+registerColumns+" FROM reconcile_register WHERE digest = $1 AND partner = $2", digest, partner).Scan)
}

// listRegisters gives the registers of a partner that touch a stretch of days, in an order that does not depend on when they
// came.
func listRegisters(ctx context.Context, tx *db.Tx, partner string, from, to calendar.Date) (list []registerRow, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+registerColumns+" FROM reconcile_register WHERE partner = $1 AND loaded_at > 0 AND day_to >= $2 AND day_from <= $3 ORDER BY day_from, day_to, name, digest",
		partner, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("list registers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		x, err := scanRegister(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// linesAtOnce is how many lines one statement inserts.
const linesAtOnce = 100

func insertLines(ctx context.Context, tx *db.Tx, partner string, register int64, list []Line) error {
	for len(list) > 0 {
		n := min(len(list), linesAtOnce)
		var b strings.Builder
		b.WriteString("INSERT INTO reconcile_line (partner, day, line_key, register_id, row_no, operation, reference, parent, order_key, supplier, number, currency, amount_kop, fee_kop) VALUES ")
		args := make([]any, 0, 14*n)
		for i := range list[:n] {
			x := &list[i]
			if i > 0 {
				b.WriteByte(',')
			}
			k := len(args)
			fmt.Fprintf(&b, "($%d,$%d,$%d,$%d,$%d,$%d,$%d,$%d,$%d,$%d,$%d,$%d,$%d,$%d)", k+1, k+2, k+3, k+4, k+5, k+6, k+7, k+8, k+9, k+10, k+11, k+12, k+13, k+14)
			args = append(args, partner, int64(x.Day), x.key, register, int64(x.Row), x.Operation, x.Reference, x.Parent, x.OrderKey, x.Supplier, x.Number, x.Currency, int64(x.Amount), int64(x.Fee))
		}
		b.WriteString(" ON CONFLICT (partner, day, line_key) DO NOTHING")
		if _, err := tx.ExecContext(ctx, b.String(), args...); err != nil {
			return fmt.Errorf("keep lines: %w", err)
		}
		list = list[n:]
	}
	return nil
}

// listLines gives what a partner's registers tell of a day.
func listLines(ctx context.Context, tx *db.Tx, partner string, day calendar.Date) (list []Line, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT day, line_key, row_no, operation, reference, parent, order_key, supplier, number, currency, amount_kop, fee_kop FROM reconcile_line WHERE partner = $1 AND day = $2 ORDER BY line_key", partner, int64(day))
	if err != nil {
		return nil, fmt.Errorf("list lines: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x Line
		if err := rows.Scan(&x.Day, &x.key, &x.Row, &x.Operation, &x.Reference, &x.Parent, &x.OrderKey, &x.Supplier, &x.Number, &x.Currency, &x.Amount, &x.Fee); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// holder is an account that has a number.
type holder struct {
	supplier, name, inn string
	number              string
	account, building   int64
}

// listHolders finds whose accounts have any of the numbers.
func listHolders(ctx context.Context, tx *db.Tx, numbers []string) (list []holder, err error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	var args []any
	of := db.In("r.number", numbers, &args)
	rows, err := tx.QueryContext(ctx, "SELECT s.code, s.name, s.inn, r.number, r.account_id, r.building_id FROM supplier s CROSS JOIN account_route r WHERE r.supplier_id = s.supplier_id AND "+of+" ORDER BY s.code, r.number", args...)
	if err != nil {
		return nil, fmt.Errorf("list holders: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var h holder
		if err := rows.Scan(&h.supplier, &h.name, &h.inn, &h.number, &h.account, &h.building); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}

func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }
