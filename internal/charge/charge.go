// Package charge owns charges (начисления) as facts: what is charged for an account, service and month, who
// says so, and where it stands.
//
// Owns: table charge. Does not own: payments (a register's paid is only the supplier's claim), baskets.
// Invariants: a line is never changed; the line recorded last holds; Due = Opening + Charge + Recalc + Penalty −
// Paid wherever the supplier gives these parts.
package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Given tells which sums the supplier's row carried: an absent sum and a printed zero differ.
type Given int

// Bits of Given.
const (
	GivenOpening Given = 1 << iota
	GivenCharge
	GivenRecalc
	GivenPenalty
	GivenPaid
	GivenDue
)

// Line is one charge of a service in a month as recorded.
type Line struct {
	BuildingID int64
	AccountID  int64
	Month      calendar.Month
	ServiceID  int64
	RecordedAt calendar.Micros
	FileID     int64
	RowNo      int64
	Opening    money.Amount
	Charge     money.Amount
	Recalc     money.Amount
	Penalty    money.Amount
	Paid       money.Amount // the supplier's claim up to his cutoff, never subtracted twice
	Due        money.Amount
	Volume     decimal.Decimal
	Rate       decimal.Decimal
	Given      Given
}

// Same tells whether two lines say the same of the same account, service and month, whoever recorded them.
func (l *Line) Same(o *Line) bool {
	a, b := *l, *o
	a.RecordedAt, a.FileID, a.RowNo = b.RecordedAt, b.FileID, b.RowNo
	return a == b
}

var columns = []string{
	"building_id", "account_id", "month", "service_id", "recorded_at", "file_id", "row_no", "opening_kop", "charge_kop",
	"recalc_kop", "penalty_kop", "paid_kop", "due_kop", "volume_e7", "rate_e7", "given",
}

// Write appends lines; sorted by building and account they go in fastest.
func Write(ctx context.Context, tx *db.Tx, lines []Line) error {
	_, err := tx.Copy(ctx, "charge", columns, db.Rows(lines, len(columns), func(l *Line, row []any) {
		row[0], row[1], row[2], row[3], row[4], row[5], row[6] = l.BuildingID, l.AccountID, int64(l.Month), l.ServiceID, int64(l.RecordedAt), l.FileID, l.RowNo
		row[7], row[8], row[9], row[10], row[11], row[12] = int64(l.Opening), int64(l.Charge), int64(l.Recalc), int64(l.Penalty), int64(l.Paid), int64(l.Due)
		row[13], row[14], row[15] = int64(l.Volume), int64(l.Rate), int64(l.Given)
	}))
	if err != nil {
		return err
	}
	return countWrites(ctx, tx, lines)
}

const selectLine = `SELECT c.building_id, c.account_id, c.month, c.service_id, c.recorded_at, c.file_id, c.row_no, c.opening_kop, c.charge_kop,
	c.recalc_kop, c.penalty_kop, c.paid_kop, c.due_kop, c.volume_e7, c.rate_e7, c.given FROM charge c `

// ListBuilding gives the lines of a building for a month that held at a moment.
func ListBuilding(ctx context.Context, tx *db.Tx, building int64, month calendar.Month, at calendar.Micros) ([]Line, error) {
	return list(ctx, tx, `WHERE c.building_id = $1 AND c.month = $2 AND c.recorded_at <= $3
		ORDER BY c.account_id, c.month, c.service_id, c.recorded_at`, building, int64(month), int64(at))
}

// ListAccount gives the lines of an account that held at a moment, by month.
func ListAccount(ctx context.Context, tx *db.Tx, building, account int64, at calendar.Micros) ([]Line, error) {
	return list(ctx, tx, `WHERE c.building_id = $1 AND c.account_id = $2 AND c.recorded_at <= $3
		ORDER BY c.account_id, c.month, c.service_id, c.recorded_at`, building, account, int64(at))
}

// ListEarlier gives the lines of accounts of a building that held at a moment, by account and month.
func ListEarlier(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) ([]Line, error) {
	args := []any{building, int64(at)}
	of := db.In("c.account_id", accounts, &args)
	return list(ctx, tx, "WHERE c.building_id = $1 AND c.recorded_at <= $2 AND "+of+" ORDER BY c.account_id, c.month, c.service_id, c.recorded_at", args...)
}

// list keeps, of the lines of one account, month and service in a building, the one recorded last.
func list(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Line, error) {
	return listBy(ctx, tx, selectLine+where, args...)
}

// listBy is list of a query of its own, whose columns are those of selectLine.
func listBy(ctx context.Context, tx *db.Tx, query string, args ...any) ([]Line, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list charges: %w", err)
	}
	defer rows.Close()
	var lines []Line
	for rows.Next() {
		var l Line
		err := rows.Scan(&l.BuildingID, &l.AccountID, &l.Month, &l.ServiceID, &l.RecordedAt, &l.FileID, &l.RowNo, &l.Opening, &l.Charge,
			&l.Recalc, &l.Penalty, &l.Paid, &l.Due, &l.Volume, &l.Rate, &l.Given)
		if err != nil {
			return nil, err
		}
		if n := len(lines); n > 0 && sameKey(&lines[n-1], &l) {
			lines[n-1] = l
			continue
		}
		lines = append(lines, l)
	}
	return lines, rows.Err()
}

func sameKey(a, b *Line) bool {
	return a.BuildingID == b.BuildingID && a.AccountID == b.AccountID && a.Month == b.Month && a.ServiceID == b.ServiceID
}
