package exchange

import (
	"context"
	"fmt"
	"os"

	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/payment"
)

// WritePayoutRegister writes the payments a payout is made of, all of one supplier, into his own layout: info has the last
// day of the payout, the number of its payment order and the order's date. The sum of the register is that of the lines.
func (m *Module) WritePayoutRegister(ctx context.Context, info register.Info, dir string, lines []payment.DayLine) (row ManifestRow, err error) {
	if len(lines) == 0 {
		return row, fault.New(fault.NotFound, "register.empty", "В этом перечислении нет платежей.")
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return row, fmt.Errorf("write register: %w", err)
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		row, err = m.writeRegister(ctx, tx, info, dir, lines)
		return err
	})
	return row, err
}
