package payment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

func ignoreMissing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// channelBuilding is the pseudo-building that holds a channel's money of unknown accounts: −1, −2, …
func channelBuilding(ctx context.Context, tx *db.Tx, code string) (int64, error) {
	var id int64
	err := tx.QueryRowContext(ctx, "SELECT channel_id FROM payment_channel WHERE code = $1", code).Scan(&id)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return -id, err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO payment_channel (channel_id, code) SELECT coalesce(max(channel_id), 0) + 1, CAST($1 AS TEXT) FROM payment_channel", code); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "SELECT channel_id FROM payment_channel WHERE code = $1", code).Scan(&id)
	return -id, err
}

// channelBuilding is channelBuilding in a transaction of its own.
func (m *Module) channelBuilding(ctx context.Context, code string) (building int64, err error) {
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		building, err = channelBuilding(ctx, tx, code)
		return err
	})
	return building, err
}

// intakeActor is who takes registers.
const intakeActor = "intake"

// suspense is money whose account nobody knows yet.
type suspense struct {
	order, building int64
	code, number    string
	payer, address  string // as the register tells them; '': it does not
	amount          money.Amount
	day             calendar.Date
}

const suspenseInsert = `INSERT INTO payment_suspense (order_id, building_id, channel, supplier_code, number, amount_kop, paid_on, recorded_at, assigned_at, assigned_by, payer, address)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', $9, $10)`

// row are the values of suspenseInsert.
func (s *suspense) row(channel string, at calendar.Micros) []any {
	return []any{s.order, s.building, channel, s.code, s.number, int64(s.amount), int64(s.day), int64(at), s.payer, s.address}
}

func insertSuspense(ctx context.Context, tx *db.Tx, channel string, list []suspense, at calendar.Micros) error {
	for i := range list {
		if _, err := tx.ExecContext(ctx, suspenseInsert, list[i].row(channel, at)...); err != nil {
			return err
		}
	}
	return nil
}

// SuspenseItem is money that waits for its account.
type SuspenseItem struct {
	ID       int64         `json:"id"`
	Channel  string        `json:"channel"`
	Supplier string        `json:"supplier"`
	Number   string        `json:"number"`
	Amount   money.Amount  `json:"amount"`
	PaidOn   calendar.Date `json:"paidOn"`
	Payer    string        `json:"payer"` // and Address: as the register told them
	Address  string        `json:"address"`
	building int64
}

// ListSuspense lists the money that waits, oldest first.
func ListSuspense(ctx context.Context, tx *db.Tx) ([]SuspenseItem, error) {
	return listSuspense(ctx, tx, "WHERE assigned_at = 0 ORDER BY paid_on, order_id")
}

func listSuspense(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]SuspenseItem, error) {
	rows, err := tx.QueryContext(ctx, "SELECT order_id, building_id, channel, supplier_code, number, amount_kop, paid_on, payer, address FROM payment_suspense "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list suspense: %w", err)
	}
	defer rows.Close()
	var list []SuspenseItem
	for rows.Next() {
		var s SuspenseItem
		if err := rows.Scan(&s.ID, &s.building, &s.Channel, &s.Supplier, &s.Number, &s.Amount, &s.PaidOn, &s.Payer, &s.Address); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// RetrySuspense assigns the money whose account has become known since.
func (m *Module) RetrySuspense(ctx context.Context, alias Alias) error {
	var list []SuspenseItem
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = ListSuspense(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range list {
		err := m.assign(ctx, &s, []Share{{s.Supplier, s.Number, s.Amount}}, intakeActor, alias)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return fmt.Errorf("retry suspense %d: %w", s.ID, err)
		}
	}
	return nil
}

// Totals are the sums of all registers: credited to accounts, waiting in suspense, met twice.
func (m *Module) Totals(ctx context.Context, tx *db.Tx) (map[string]int64, error) {
	out := map[string]int64{}
	for name, query := range map[string]string{
		"clean":      "SELECT coalesce(CAST(sum(p.amount_kop) AS BIGINT), 0) FROM payment_part p WHERE p.posted_at > 0 AND p.kind <> 'suspense'",
		"suspense":   "SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM payment_suspense WHERE assigned_at = 0",
		"duplicates": "SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM payment_duplicate",
	} {
		var sum int64
		if err := tx.QueryRowContext(ctx, query).Scan(&sum); err != nil {
			return nil, fmt.Errorf("payment totals: %w", err)
		}
		out[name] = sum
	}
	return out, nil
}
