package exchange

import (
	"context"
	"fmt"
	"os"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// Paid is one payment to a supplier, under the account as he prints it. A negative sum is a reversal or a refund.
type Paid struct {
	Operation string
	Day       calendar.Date
	At        calendar.Micros
	Channel   string
	Account   string
	Amount    money.Amount
}

// WriteSupplierRegister writes one supplier's register of a day, as WriteRegisters does for all of them; NotFound when
// nobody paid him.
func (m *Module) WriteSupplierRegister(ctx context.Context, supplierID int64, day calendar.Date, dir string) (row ManifestRow, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return row, fmt.Errorf("write register: %w", err)
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		lines, err := m.supplierLines(ctx, tx, supplierID, day)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return fault.New(fault.NotFound, "register.empty", "В этот день вам не платили.")
		}
		row, err = m.writeRegister(ctx, tx, register.Info{Day: day}, dir, lines)
		return err
	})
	if err != nil {
		return row, fmt.Errorf("write register: %w", err)
	}
	return row, nil
}

// ListPaid gives the payments to a supplier on a day, in the order of his register.
func (m *Module) ListPaid(ctx context.Context, supplierID int64, day calendar.Date) (list []Paid, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		lines, err := m.supplierLines(ctx, tx, supplierID, day)
		if err != nil {
			return err
		}
		list = make([]Paid, 0, len(lines))
		for i := range lines {
			l := &lines[i]
			r, err := m.paymentRow(ctx, tx, l)
			if err != nil {
				return err
			}
			list = append(list, Paid{Operation: l.Operation, Day: l.PaidOn, At: l.At, Channel: l.Channel, Account: r.Account, Amount: l.Amount})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list payments: %w", err)
	}
	return list, nil
}

func (m *Module) supplierLines(ctx context.Context, tx *db.Tx, supplierID int64, day calendar.Date) (own []payment.DayLine, err error) {
	lines, err := m.payments.DayLines(ctx, tx, day)
	for i := range lines {
		if lines[i].SupplierID == supplierID {
			own = append(own, lines[i])
		}
	}
	return own, err
}
