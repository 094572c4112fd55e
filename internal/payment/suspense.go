package payment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
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

// intakeActor is who takes registers.
const intakeActor = "intake"

// suspense is money whose account nobody knows yet.
type suspense struct {
	order, building int64
	code, number    string
	amount          money.Amount
	day             calendar.Date
}

func insertSuspense(ctx context.Context, tx *db.Tx, channel string, list []suspense, at calendar.Micros) error {
	for _, s := range list {
		_, err := tx.ExecContext(ctx, `INSERT INTO payment_suspense (order_id, building_id, channel, supplier_code, number, amount_kop, paid_on, recorded_at, assigned_at, assigned_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')`, s.order, s.building, channel, s.code, s.number, int64(s.amount), int64(s.day), int64(at))
		if err != nil {
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
	building int64
}

// ListSuspense lists the money that waits, oldest first.
func ListSuspense(ctx context.Context, tx *db.Tx) ([]SuspenseItem, error) {
	rows, err := tx.QueryContext(ctx, "SELECT order_id, building_id, channel, supplier_code, number, amount_kop, paid_on FROM payment_suspense WHERE assigned_at = 0 ORDER BY paid_on, order_id")
	if err != nil {
		return nil, fmt.Errorf("list suspense: %w", err)
	}
	defer rows.Close()
	var list []SuspenseItem
	for rows.Next() {
		var s SuspenseItem
		if err := rows.Scan(&s.ID, &s.building, &s.Channel, &s.Supplier, &s.Number, &s.Amount, &s.PaidOn); err != nil {
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
		if err := m.assign(ctx, &s, s.Supplier, s.Number, intakeActor, alias); err != nil && !fault.Is(err, fault.NotFound) {
			return fmt.Errorf("retry suspense %d: %w", s.ID, err)
		}
	}
	return nil
}

// AssignSuspense puts waiting money onto the account a person named. NotFound when there is no such money or
// account; assigning twice changes nothing more.
func (m *Module) AssignSuspense(ctx context.Context, actor string, id int64, supplier, number string) error {
	found, err := m.findSuspense(ctx, id)
	if err != nil {
		return err
	}
	return m.assign(ctx, found, supplier, number, actor, nil)
}

func (m *Module) assign(ctx context.Context, s *SuspenseItem, supplier, number, actor string, alias Alias) error {
	first, err := m.db.NextIDs(ctx, 2)
	if err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		t := &taking{m: m, ctx: ctx, tx: tx}
		if err := t.findAccounts([]Line{{SupplierCode: supplier, Number: number, Amount: s.Amount}}, alias); err != nil {
			return err
		}
		at, ok := t.accounts[supplier+":"+number]
		if !ok {
			return fault.Newf(fault.NotFound, "account.unknown", "Счёта %s у поставщика %s нет.", number, supplier)
		}
		return m.move(ctx, tx, s, at, actor, first)
	})
}

// move passes the money from the channel's pseudo-building to the account's, in one transaction.
func (m *Module) move(ctx context.Context, tx *db.Tx, s *SuspenseItem, at place, actor string, id int64) error {
	now := m.now()
	res, err := tx.ExecContext(ctx, "UPDATE payment_suspense SET assigned_at = $2, assigned_by = $3 WHERE order_id = $1 AND assigned_at = 0", s.ID, int64(now), actor)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	transfer := ledger.Transfer(s.ID)
	out := ledger.Transaction{ID: id, BuildingID: s.building, Key: "assign:" + postingKey(s.ID), Kind: "assign", OrderID: s.ID, EffectiveOn: s.PaidOn, RecordedAt: now,
		Entries: []ledger.Entry{{Name: ledger.Suspense, Amount: s.Amount}, {Name: transfer, Amount: -s.Amount}}}
	in := ledger.Transaction{ID: id + 1, BuildingID: at.building, Key: "assign:" + postingKey(s.ID), Kind: "assign", OrderID: s.ID, EffectiveOn: s.PaidOn, RecordedAt: now,
		Entries: []ledger.Entry{{Name: transfer, Amount: s.Amount}, {Name: ledger.Receivable, AccountID: at.account, SupplierID: at.supplier, Amount: -s.Amount}}}
	for _, t := range []*ledger.Transaction{&out, &in} {
		if _, err := ledger.Post(ctx, tx, t); err != nil {
			return err
		}
	}
	if actor != intakeActor { // what an intake does is in its own record
		if err := audit.Record(ctx, tx, now, actor, "suspense.assigned", fmt.Sprintf("order:%d", s.ID), map[string]int64{"account": at.account, "sum": int64(s.Amount)}); err != nil {
			return err
		}
	}
	o, err := findOrder(ctx, tx, "order_id", s.ID)
	if err != nil {
		return err
	}
	parts := []Part{
		{BuildingID: s.building, OrderID: s.ID, No: 2, Kind: ledger.Suspense, Amount: -s.Amount, PaidOn: s.PaidOn, Channel: s.Channel, PostedAt: now, RecordedAt: now},
		{BuildingID: at.building, OrderID: s.ID, No: 3, AccountID: at.account, SupplierID: at.supplier, Kind: PartDebt, Amount: s.Amount, PaidOn: s.PaidOn, Channel: s.Channel, PostedAt: now, RecordedAt: now},
	}
	if err := insertParts(ctx, tx, parts); err != nil {
		return err
	}
	return tell(ctx, tx, &o, parts, now)
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
