package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Told is what one run charged accounts in a month, with what it went by.
type Told struct {
	Run Run
	// Building is where they were charged: an account that moved was charged in another one before.
	Building int64
	Engine   *calc.Engine // of the catalogue the run went by
	Lines    []ToldLine
}

// ToldLine is a line as it was charged.
type ToldLine struct {
	calc.Line
	AccountID int64
	ServiceID int64 // as the supplier names it
	Beside    bool  // not owed: stands beside the supplier's figure

	run       int64
	serviceNo int64
}

// Explain gives the lines of an account in a month in words. The exact product of each is computed again from the facts
// and the catalogue the run went by; a line that does not come out the same any more keeps its rounded sum.
func (m *Module) Explain(ctx context.Context, building, account int64, month calendar.Month) ([]Shown, error) {
	told, err := m.Tell(ctx, building, account, month, m.Now())
	list := []Shown{}
	for i := range told {
		for k := range told[i].Lines {
			l := &told[i].Lines[k]
			x := show(told[i].Engine, account, &l.Line)
			x.Beside, x.Owed = l.Beside, l.Kind != calc.ReliefShown && !l.Beside
			list = append(list, x)
		}
	}
	return list, err
}

// Tell gives what runs charged an account in a month, as it was known at a moment, with the exact product of each line
// computed again from the facts and the catalogue the run went by.
func (m *Module) Tell(ctx context.Context, building, account int64, month calendar.Month, at calendar.Micros) ([]Told, error) {
	m.forget() // another process may have met new services just now
	told, err := m.Lines(ctx, building, []int64{account}, month, at)
	for i := 0; err == nil && i < len(told); i++ {
		err = m.computeAgain(ctx, &told[i], building, account)
	}
	return told, err
}

// computeAgain finds the exact products of the lines of the month a run charged. A line that does not come out the same any
// more keeps its rounded sum.
func (m *Module) computeAgain(ctx context.Context, t *Told, building, account int64) error {
	again := &calc.Bill{}
	if t.Run.Kind == KindMonth {
		var household int64
		err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			household, err = fact.HouseholdOf(ctx, tx, building, account)
			return err
		})
		if err == nil {
			err = m.withHousehold(ctx, t.Engine, building, household, t.Run.Month, t.Run.FactsAt, func(h *fact.Household) error {
				t.Engine.Month(t.Run.Month).Charge(&h.Premises, again)
				return nil
			})
		}
		if err != nil && !fault.Is(err, fault.NotFound) { // the account has passed to a household that was not there then
			return err
		}
	}
	for i := range t.Lines {
		t.Lines[i].Exact = exactOf(again, &t.Lines[i].Line)
	}
	return nil
}

// Lines gives what runs charged accounts of a building in a month, as it was known at a moment. A line of a service that
// the catalogue of the run does not have is left out.
func (m *Module) Lines(ctx context.Context, building int64, accounts []int64, month calendar.Month, at calendar.Micros) (told []Told, err error) {
	var lines []ToldLine
	var runs []Run
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if lines, err = listStored(ctx, tx, building, accounts, month, at); err != nil || len(lines) == 0 {
			return err
		}
		runs, err = ListRuns(ctx, tx, month)
		return err
	})
	for i := 0; err == nil && i < len(runs); i++ {
		t := Told{Run: runs[i], Building: building}
		for k := range lines {
			if lines[k].run == t.Run.ID {
				t.Lines = append(t.Lines, lines[k])
			}
		}
		if len(t.Lines) > 0 {
			err = m.name(ctx, &t)
			told = append(told, t)
		}
	}
	return told, err
}

// listStored gives the lines of accounts in a month as they were charged.
func listStored(ctx context.Context, tx *db.Tx, building int64, accounts []int64, month calendar.Month, at calendar.Micros) (list []ToldLine, err error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args := []any{building, int64(month), int64(at)}
	err = tx.Scan(ctx, `SELECT l.run_id, l.service_no, l.kind, l.method, l.formula, l.component, l.zone, l.band, l.party, l.about, l.volume_e7, l.rate_e7, l.amount_kop, l.service_id, l.account_id, l.detail
		FROM charge_line l JOIN charge_building b ON b.building_id = l.building_id AND b.month = l.month AND b.run_id = l.run_id AND b.recorded_at <= $3
		WHERE l.building_id = $1 AND l.month = $2 AND `+db.In("l.account_id", accounts, &args)+` ORDER BY l.account_id, l.run_id, l.line_no`, args,
		func(v []int64, detail []byte) error {
			l := ToldLine{run: v[0], serviceNo: v[1], ServiceID: v[13], AccountID: v[14]}
			l.Kind, l.Beside = readKind(v[2])
			l.Method, l.Formula, l.Component = calc.Method(v[3]), calc.Formula(v[4]), calc.Component(v[5])
			l.Zone, l.Band, l.Party, l.Month = calc.Zone(v[6]), uint8(v[7]), uint8(v[8]), calendar.Month(v[9])
			l.Volume, l.Rate, l.Amount = decimal.Decimal(v[10]), decimal.Decimal(v[11]), money.Amount(v[12])
			if !readDetail(detail, &l.Line) {
				return fmt.Errorf("detail of a line of account %d is broken", l.AccountID)
			}
			list = append(list, l)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("lines of building %d: %w", building, err)
	}
	return list, nil
}

// name finds the services of the lines one run made.
func (m *Module) name(ctx context.Context, t *Told) error {
	reader, err := m.Reader(ctx, t.Run.FactsAt)
	if err != nil {
		return err
	}
	t.Engine = reader.engine
	kept := t.Lines[:0]
	for _, l := range t.Lines {
		var ok bool
		if l.Service, ok = reader.service(l.serviceNo); ok {
			kept = append(kept, l)
		}
	}
	t.Lines = kept
	return nil
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

// Repeats tells whether the line repeats what a supplier's register says.
func (l *ToldLine) Repeats() bool { return isGiven(&l.Line) }
