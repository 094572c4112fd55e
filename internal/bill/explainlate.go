package bill

import (
	"context"
	"fmt"

	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/penalty"
)

// addPenaltyDays opens penalties to their days: the runs of days of one balance, rate and fraction, and the payments that
// changed them, found again as the run saw them.
func (m *Module) addPenaltyDays(ctx context.Context, l *Line, t *charge.Told, steps []why.Calculation) error {
	var late []charge.Late
	for i := range t.Lines {
		line := &t.Lines[i]
		if line.Kind != calc.Penalty {
			continue
		}
		if late == nil {
			var err error
			if late, err = m.lateThen(ctx, t.Building, l, &t.Run); err != nil {
				return err
			}
		}
		steps[i].About, steps[i].KindText = line.Month.String(), line.Kind.Words()+" за "+line.Month.Title()
		steps[i].Volume, steps[i].Unit = "", ""
		for k := range late {
			if d := &late[k]; d.Month == line.Month && d.Group == t.Engine.Of(line.Service).Group {
				steps[i].Late = penaltyDays(&d.Due)
			}
		}
	}
	return nil
}

// lateThen is what the account of a line was late with as a run of a month saw it.
func (m *Module) lateThen(ctx context.Context, building int64, l *Line, run *charge.Run) (late []charge.Late, err error) {
	reader, err := m.charges.Reader(ctx, run.FactsAt)
	if err != nil {
		return nil, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) (err error) {
		late, err = reader.LateThen(ctx, tx, building, []int64{l.AccountID}, run)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("penalties of run %d: %w", run.ID, err)
	}
	return late, nil
}

// penaltyDays tell a penalty in words.
func penaltyDays(d *penalty.Due) (list []why.Input) {
	list = append(list, why.Input{Name: "срок оплаты", Value: d.Debt.Due.Dotted()})
	for i := range d.Intervals {
		v := &d.Intervals[i]
		list = append(list, why.Input{Name: v.Clause + "; ставка: " + v.RateAct, Value: v.String()})
	}
	for _, p := range d.Paid {
		if p.Sum > 0 && p.On > d.Debt.Due {
			list = append(list, why.Input{Name: "оплачено " + p.On.Dotted(), Value: p.Sum.Format()})
		}
	}
	return list
}
