package charge

import (
	"context"
	"fmt"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Pause stops a running run at the next wave; Charge goes on with it.
func (m *Module) Pause(ctx context.Context, id int64, actor string) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := FindRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.State != StateRunning {
			return fault.Newf(fault.Conflict, "charge.state", "Расчёт № %d сейчас %s, приостановить нельзя.", id, r.State)
		}
		if err := setState(ctx, tx, r, StatePaused); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor, "charge.paused", fmt.Sprintf("charge_run:%d", id), nil)
	})
}

// Approve takes a checked run: by another person than the one who began it. A month closed without that can be approved
// later, so that its bills may be issued.
func (m *Module) Approve(ctx context.Context, id int64, actor string) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := FindRun(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case r.State != StateChecked && !(r.State == StateClosed && r.ApprovedBy == ""):
			return fault.Newf(fault.Conflict, "charge.state", "Расчёт № %d сейчас %s, а утвердить можно только проверенный (checked).", id, r.State)
		case r.CreatedBy == actor:
			return fault.New(fault.Forbidden, "charge.same_person", "Расчёт утверждает другой человек, не тот, кто его начал.")
		}
		if _, err := tx.ExecContext(ctx, "UPDATE charge_run SET approved_by = $1 WHERE run_id = $2", actor, id); err != nil {
			return fmt.Errorf("approve run %d: %w", id, err)
		}
		if r.State == StateChecked {
			if err := setState(ctx, tx, r, StateApproved); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, m.Now(), actor, "charge.approved", fmt.Sprintf("charge_run:%d", id), nil)
	})
}

// Close freezes a month: nothing more is charged in it; later facts about it become corrections of the open month.
// Every run of the month must be done. Closing a closed month changes nothing.
func (m *Module) Close(ctx context.Context, month calendar.Month, actor string) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		closed, err := closedAt(ctx, tx, month)
		if err != nil || closed != 0 {
			return err
		}
		runs, err := ListRuns(ctx, tx, month)
		if err != nil {
			return err
		}
		if len(runs) == 0 {
			return fault.Newf(fault.Conflict, "charge.not_charged", "Месяц %s ещё не рассчитан. Сначала: kvit charge run --month %s.", month, month)
		}
		for i := range runs {
			if runs[i].going() {
				return fault.Newf(fault.Conflict, "charge.run_open", "Расчёт № %d не закончен. Сначала: kvit charge run --month %s.", runs[i].ID, month)
			}
			if runs[i].State == StateChecked || runs[i].State == StateApproved {
				if err := setState(ctx, tx, &runs[i], StateClosed); err != nil {
					return err
				}
			}
		}
		at := m.Now()
		if _, err := tx.ExecContext(ctx, "INSERT INTO charge_month (month, closed_at, closed_by) VALUES ($1, $2, $3)", int64(month), int64(at), actor); err != nil {
			return fmt.Errorf("close %s: %w", month, err)
		}
		return audit.Record(ctx, tx, at, actor, "charge.closed", "charge_month:"+month.String(), nil)
	})
}

// OpenFrom is the first day after the months that are closed; 0 when none is.
func OpenFrom(ctx context.Context, tx *db.Tx) (day calendar.Date, err error) {
	var last calendar.Month
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(month), 0) FROM charge_month").Scan(&last)
	if err != nil || last == 0 {
		return 0, err
	}
	return last.Add(1).First(), nil
}

// PassFrom is the day from which an account that moves is charged in its new building: the first one that no closed month
// has, and no month for which only the former building was charged.
func PassFrom(ctx context.Context, tx *db.Tx, from, to int64) (day calendar.Date, err error) {
	var last calendar.Month
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(month), 0) FROM (SELECT month FROM charge_month UNION ALL SELECT a.month FROM charge_building a WHERE a.building_id = $1 AND a.part = 0
		AND NOT EXISTS (SELECT 1 FROM charge_building b WHERE b.building_id = $2 AND b.part = 0 AND b.month = a.month)) x`, from, to).Scan(&last)
	if err != nil || last == 0 {
		return 0, err
	}
	return last.Add(1).First(), nil
}
