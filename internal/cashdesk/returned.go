package cashdesk

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/restore"
)

// shiftsSkipped is more than a desk opens in any time that copies reach back to.
const shiftsSkipped = 1_000

// Skip lets the shifts of every desk go on above the numbers that may have been given in the time that is lost.
func Skip(ctx context.Context, tx *db.Tx, r *restore.Return) error {
	list, err := listShifts(ctx, tx, "WHERE number = (SELECT max(n.number) FROM cash_shift n WHERE n.desk = cash_shift.desk) ORDER BY desk")
	if err != nil {
		return err
	}
	for i := range list {
		if err := restore.SetLeast(ctx, tx, r, restore.NumberShift, list[i].Desk, list[i].Number+shiftsSkipped); err != nil {
			return err
		}
	}
	return nil
}
