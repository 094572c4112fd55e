package settlement

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

func insertContract(ctx context.Context, tx *db.Tx, supplierID int64, from calendar.Date, at calendar.Micros, actor string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO settlement_contract (supplier_id, valid_from, recorded_at, actor, body) VALUES ($1, $2, $3, $4, $5)",
		supplierID, int64(from), int64(at), actor, string(text))
	if err != nil {
		return fmt.Errorf("contract of supplier %d: %w", supplierID, err)
	}
	return nil
}

// listContracts gives the versions of terms recorded up to a moment.
func listContracts(ctx context.Context, tx *db.Tx, until calendar.Micros) (contracts, error) {
	list := contracts{}
	err := eachContract(ctx, tx, "supplier_id <> 0", until, func(supplierID int64, at calendar.Micros, body []byte) error {
		c := Contract{SupplierID: supplierID, RecordedAt: at}
		err := json.Unmarshal(body, &c)
		list[supplierID] = append(list[supplierID], c)
		return err
	})
	return list, err
}

// findCentre is the account the centre pays from on a day; NotFound words when it was never told.
func findCentre(ctx context.Context, tx *db.Tx, day calendar.Date, until calendar.Micros) (p Party, err error) {
	err = eachContract(ctx, tx, fmt.Sprintf("supplier_id = 0 AND valid_from <= %d", int64(day)), until, func(_ int64, _ calendar.Micros, body []byte) error {
		p = Party{}
		return json.Unmarshal(body, &p)
	})
	if err == nil && !p.complete() {
		err = errNoCentre
	}
	return p, err
}

// Centre is the centre's own account today; NotFound when it was never told.
func (m *Module) Centre(ctx context.Context) (p Party, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = findCentre(ctx, tx, m.Today(), m.Now())
		return err
	})
	return p, err
}

func eachContract(ctx context.Context, tx *db.Tx, where string, until calendar.Micros, fn func(supplierID int64, at calendar.Micros, body []byte) error) error {
	rows, err := tx.QueryContext(ctx, "SELECT supplier_id, recorded_at, body FROM settlement_contract WHERE "+where+" AND recorded_at <= $1 ORDER BY supplier_id, valid_from, recorded_at", int64(until))
	if err != nil {
		return fmt.Errorf("contracts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var at calendar.Micros
		var body []byte
		if err := rows.Scan(&id, &at, &body); err != nil {
			return err
		}
		if err := fn(id, at, body); err != nil {
			return err
		}
	}
	return rows.Err()
}

// ListContracts gives the terms with suppliers that hold on a day, by supplier; those without a contract are not here.
func (m *Module) ListContracts(ctx context.Context, day calendar.Date) ([]Contract, error) {
	list := []Contract{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		list = list[:0]
		all, err := listContracts(ctx, tx, m.Now())
		if err != nil {
			return err
		}
		suppliers, err := supplier.List(ctx, tx)
		if err != nil {
			return err
		}
		for i := range suppliers {
			if c := all.at(suppliers[i].ID, day); c.Supplier != "" {
				list = append(list, c)
			}
		}
		return nil
	})
	return list, err
}

// FeeShown is what taking a payment costs, and whom.
type FeeShown struct {
	Supplier string       `json:"supplier"`
	Channel  string       `json:"channel"`
	Sum      money.Amount `json:"sum"`
	PaidBy   string       `json:"paidBy"`
	Kept     money.Amount `json:"kept"`  // of what the supplier gets
	Added    money.Amount `json:"added"` // to what the payer pays
}

// FeeOf tells what a payment to a supplier through a channel costs today. The payer is to know before he pays
// (103-ФЗ ст. 4 ч. 13).
func (m *Module) FeeOf(ctx context.Context, code, channel string, sum money.Amount, benefit bool) (f FeeShown, err error) {
	if sum <= 0 {
		return f, fault.New(fault.Invalid, "contract.sum", "Сумма должна быть больше нуля.").WithField("sum")
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := supplier.Find(ctx, tx, code)
		if err != nil {
			return err
		}
		all, err := listContracts(ctx, tx, m.Now())
		if err != nil {
			return err
		}
		c := all.at(s.ID, m.Today())
		f = FeeShown{Supplier: code, Channel: channel, Sum: sum, PaidBy: c.Fee.PaidBy}
		if f.Kept, err = c.Fee.Kept(channel, sum); err != nil {
			return err
		}
		f.Added, err = c.Fee.Added(channel, sum, benefit)
		return err
	})
	return f, err
}
