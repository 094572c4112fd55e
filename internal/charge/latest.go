package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// ListLatest gives, for each account, the lines of its latest month that held at a moment. One read of one
// building serves a whole basket.
func ListLatest(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) ([]Line, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args := []any{building, int64(at)}
	return list(ctx, tx, `WHERE c.building_id = $1 AND `+db.In("c.account_id", accounts, &args)+` AND c.recorded_at <= $2
		AND c.month = (SELECT max(m.month) FROM charge m WHERE m.building_id = c.building_id AND m.account_id = c.account_id AND m.recorded_at <= $2)
		ORDER BY c.account_id, c.month, c.service_id, c.recorded_at`, args...)
}

// ListBuildingLatest is ListLatest of all accounts of a stretch of buildings: one read serves all their baskets.
func ListBuildingLatest(ctx context.Context, tx *db.Tx, first, last int64, at calendar.Micros) ([]Line, error) {
	return list(ctx, tx, `WHERE c.building_id BETWEEN $1 AND $2 AND c.recorded_at <= $3
		AND c.month = (SELECT max(m.month) FROM charge m WHERE m.building_id = c.building_id AND m.account_id = c.account_id AND m.recorded_at <= $3)
		ORDER BY c.building_id, c.account_id, c.month, c.service_id, c.recorded_at`, first, last, int64(at))
}

// ListMonth gives the lines of accounts for one month that held at a moment.
func ListMonth(ctx context.Context, tx *db.Tx, building int64, accounts []int64, month calendar.Month, at calendar.Micros) ([]Line, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args := []any{building, int64(at), int64(month)}
	return list(ctx, tx, `WHERE c.building_id = $1 AND `+db.In("c.account_id", accounts, &args)+` AND c.recorded_at <= $2 AND c.month = $3
		ORDER BY c.account_id, c.month, c.service_id, c.recorded_at`, args...)
}

// ListAll gives all lines of accounts that held at a moment, by account, month and service.
func ListAll(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) ([]Line, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args := []any{building, int64(at)}
	return list(ctx, tx, `WHERE c.building_id = $1 AND `+db.In("c.account_id", accounts, &args)+` AND c.recorded_at <= $2
		ORDER BY c.account_id, c.month, c.service_id, c.recorded_at`, args...)
}

// ListBuildings gives the buildings in which something was charged for a month.
func ListBuildings(ctx context.Context, tx *db.Tx, month calendar.Month) (list []int64, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT DISTINCT building_id FROM charge WHERE month = $1 ORDER BY building_id", int64(month))
	if err != nil {
		return nil, fmt.Errorf("list buildings charged: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	return list, rows.Err()
}

// LastCharged is the latest month a building was charged; 0 is none.
func LastCharged(ctx context.Context, tx *db.Tx, building int64) (last calendar.Month, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(month), 0) FROM charge_building WHERE building_id = $1 AND part = 0", building).Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("last month building %d was charged: %w", building, err)
	}
	return last, nil
}

// ListBetween gives all lines of a stretch of buildings that held at a moment, of the accounts Kvit has charged too: by
// building and then as ListAll.
func ListBetween(ctx context.Context, tx *db.Tx, first, last int64, at calendar.Micros) ([]Line, error) {
	return list(ctx, tx, `WHERE c.building_id BETWEEN $1 AND $2 AND c.recorded_at <= $3
		AND EXISTS (SELECT 1 FROM charge_line l WHERE l.building_id = c.building_id AND l.account_id = c.account_id)
		ORDER BY c.building_id, c.account_id, c.month, c.service_id, c.recorded_at`, first, last, int64(at))
}

// ListMonths gives the months accounts were charged for, as known at a moment, the latest first.
func ListMonths(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) (months []calendar.Month, err error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args := []any{building, int64(at)}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT c.month FROM charge c WHERE c.building_id = $1 AND `+db.In("c.account_id", accounts, &args)+`
		AND c.recorded_at <= $2 ORDER BY c.month DESC`, args...)
	if err != nil {
		return nil, fmt.Errorf("list months charged: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var m calendar.Month
		if err := rows.Scan(&m); err != nil {
			return nil, err
		}
		months = append(months, m)
	}
	return months, rows.Err()
}

// ListSenders gives the suppliers whose charges of a month a building holds, as known at a moment: of them an account
// that was not charged was left out on purpose, of others nothing is known.
func ListSenders(ctx context.Context, tx *db.Tx, building int64, month calendar.Month, at calendar.Micros) (senders map[int64]bool, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT f.supplier_id FROM charge c JOIN v_intake_file f ON f.file_id = c.file_id
		WHERE c.building_id = $1 AND c.month = $2 AND c.recorded_at <= $3`, building, int64(month), int64(at))
	if err != nil {
		return nil, fmt.Errorf("list suppliers charging: %w", err)
	}
	defer rows.Close()
	senders = map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		senders[id] = true
	}
	return senders, rows.Err()
}
