package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// stored is a line as it was charged.
type stored struct {
	calc.Line
	run       int64
	serviceNo int64
	beside    bool
}

// listStored gives the lines of an account in a month as they were charged.
func listStored(ctx context.Context, tx *db.Tx, building, account int64, month calendar.Month) (list []stored, err error) {
	err = tx.Scan(ctx, `SELECT run_id, service_no, kind, method, formula, component, zone, band, party, about, volume_e7, rate_e7, amount_kop, detail
		FROM charge_line WHERE building_id = $1 AND account_id = $2 AND month = $3 ORDER BY run_id, line_no`, []any{building, account, int64(month)},
		func(v []int64, detail []byte) error {
			l := stored{run: v[0], serviceNo: v[1]}
			l.Kind, l.beside = readKind(v[2])
			l.Method, l.Formula, l.Component = calc.Method(v[3]), calc.Formula(v[4]), calc.Component(v[5])
			l.Zone, l.Band, l.Party, l.Month = calc.Zone(v[6]), uint8(v[7]), uint8(v[8]), calendar.Month(v[9])
			l.Volume, l.Rate, l.Amount = decimal.Decimal(v[10]), decimal.Decimal(v[11]), money.Amount(v[12])
			if !readDetail(detail, &l.Line) {
				return fmt.Errorf("detail of a line of account %d is broken", account)
			}
			list = append(list, l)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("lines of account %d: %w", account, err)
	}
	return list, nil
}

// Explain gives the lines of an account in a month in words. The exact product of each is computed again from the facts
// and the catalogue the run went by; a line that does not come out the same any more keeps its rounded sum.
func (m *Module) Explain(ctx context.Context, building, account int64, month calendar.Month) ([]Shown, error) {
	var lines []stored
	var runs []Run
	var household int64
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if lines, err = listStored(ctx, tx, building, account, month); err != nil {
			return err
		}
		if runs, err = ListRuns(ctx, tx, month); err != nil {
			return err
		}
		household, err = fact.HouseholdOf(ctx, tx, building, account)
		return err
	})
	list := []Shown{}
	for i := 0; err == nil && i < len(runs); i++ {
		var more []Shown
		more, err = m.explainRun(ctx, &runs[i], building, household, account, lines)
		list = append(list, more...)
	}
	return list, err
}

// explainRun explains the lines that one run made.
func (m *Module) explainRun(ctx context.Context, run *Run, building, household, account int64, lines []stored) (list []Shown, err error) {
	engine, _, err := m.engineAt(ctx, run.FactsAt)
	if err != nil {
		return nil, err
	}
	numbers, err := m.numbers(ctx, engine)
	if err != nil {
		return nil, err
	}
	again := &calc.Bill{}
	if run.Kind == KindMonth {
		err = m.withHousehold(ctx, engine, building, household, run.Month, run.FactsAt, func(h *fact.Household) error {
			engine.Month(run.Month).Charge(&h.Premises, again)
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	for i := range lines {
		l := lines[i].Line
		if lines[i].run != run.ID || !serviceOf(numbers, lines[i].serviceNo, &l) {
			continue
		}
		l.Exact = exactOf(again, &l)
		list = append(list, show(engine, account, &l))
	}
	return list, nil
}

func serviceOf(numbers []int64, no int64, l *calc.Line) bool {
	for s, n := range numbers {
		if n == no {
			l.Service = calc.Service(s)
			return true
		}
	}
	return false
}

// exactOf is the product of a line before rounding, as the same line computed again tells it.
func exactOf(again *calc.Bill, l *calc.Line) decimal.Ratio {
	for i := range again.Lines {
		x := again.Lines[i]
		exact := x.Exact
		x.Exact, x.Sub = l.Exact, l.Sub
		if x == *l {
			return exact
		}
	}
	return decimal.Int(int64(l.Amount)).OverInt(100)
}
