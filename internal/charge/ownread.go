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

// stretch is neighbouring buildings of which something is read as it was known at a moment; of a single one maybe only
// some accounts.
type stretch struct {
	first, last int64
	accounts    []int64 // nil is all
	at          calendar.Micros
}

// in is the condition that a row of a table is of the stretch; its arguments join the others.
func (x *stretch) in(table string, args *[]any) string {
	if x.first != x.last {
		*args = append(*args, x.first, x.last)
		return fmt.Sprintf("%s.building_id BETWEEN $%d AND $%d", table, len(*args)-1, len(*args))
	}
	*args = append(*args, x.first)
	where := fmt.Sprintf("%s.building_id = $%d", table, len(*args))
	if x.accounts != nil {
		where += " AND " + db.In(table+".account_id", x.accounts, args)
	}
	return where
}

// Own reads what Kvit charged accounts of a building, as it was known at a moment: a run's work in a building is seen
// whole or not at all.
func (r *Reader) Own(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) (*Own, error) {
	if len(accounts) == 0 {
		return &Own{}, nil
	}
	found, err := r.own(ctx, tx, stretch{building, building, accounts, at})
	if err != nil || found[building] == nil {
		return &Own{}, err
	}
	return found[building], nil
}

// OwnBetween is Own of all accounts of buildings first … last, by building: one read serves all their bills.
func (r *Reader) OwnBetween(ctx context.Context, tx *db.Tx, first, last int64, at calendar.Micros) (map[int64]*Own, error) {
	return r.own(ctx, tx, stretch{first: first, last: last, at: at})
}

// own reads a stretch, and gives the buildings of it that were charged.
func (r *Reader) own(ctx context.Context, tx *db.Tx, of stretch) (map[int64]*Own, error) {
	found, recorded, alike, err := listOwned(ctx, tx, of)
	if err != nil {
		return nil, err
	}
	for i := range alike {
		if err := r.fill(ctx, tx, found, &alike[i]); err != nil {
			return nil, err
		}
	}
	for id, o := range found {
		for i := range o.Services {
			o.Services[i].RecordedAt = recorded[id]
		}
	}
	return found, nil
}

// fill reads what buildings of one last month were charged.
func (r *Reader) fill(ctx context.Context, tx *db.Tx, found map[int64]*Own, of *stretch) error {
	for _, read := range [...]func(context.Context, *db.Tx, map[int64]*Own, *stretch) error{r.earlier, r.lines, listTakes} {
		if err := read(ctx, tx, found, of); err != nil {
			return fmt.Errorf("what buildings %d to %d were charged: %w", of.first, of.last, err)
		}
	}
	return nil
}

// listOwned finds the buildings of a stretch that were charged, with the last month of each and the moment something was
// charged last, and parts it where that month changes.
func listOwned(ctx context.Context, tx *db.Tx, of stretch) (found map[int64]*Own, recorded map[int64]calendar.Micros, alike []stretch, err error) {
	found, recorded = map[int64]*Own{}, map[int64]calendar.Micros{}
	args, buildings, month := []any{int64(of.at)}, stretch{first: of.first, last: of.last}, calendar.Month(-1)
	err = tx.Scan(ctx, `SELECT b.building_id, max(CASE WHEN b.part = 0 THEN b.month ELSE 0 END), max(b.recorded_at) FROM charge_building b
		WHERE b.recorded_at <= $1 AND `+buildings.in("b", &args)+" GROUP BY b.building_id ORDER BY b.building_id", args, func(v []int64, _ []byte) error {
		o := &Own{Month: calendar.Month(v[1])}
		found[v[0]], recorded[v[0]] = o, calendar.Micros(v[2])
		if o.Month != month {
			month = o.Month
			alike = append(alike, stretch{v[0], v[0], of.accounts, of.at})
		}
		alike[len(alike)-1].last = v[0]
		return nil
	})
	if err != nil {
		return nil, nil, nil, fmt.Errorf("buildings charged: %w", err)
	}
	return found, recorded, alike, nil
}

// seenLines joins lines with the marks of the buildings done, for those known at $1. Lines come first: their key leads to
// those of an account, and the mark of each is one step.
const seenLines = ` FROM charge_line l CROSS JOIN charge_building b
	WHERE b.building_id = l.building_id AND b.month = l.month AND b.run_id = l.run_id AND b.recorded_at <= $1 AND `

// ours is the condition of lines that are owed and are not the supplier's figures repeated. A correction to such a figure
// of a month that Kvit charged is no repetition.
var ours = fmt.Sprintf(`%s AND NOT (l.method = %d AND (l.kind = %d OR l.kind = %d AND NOT EXISTS (SELECT 1 FROM charge_line c
	WHERE c.building_id = l.building_id AND c.account_id = l.account_id AND c.month = l.about AND c.service_id = l.service_id AND c.kind = %d AND c.method <> %d)))`,
	toPay, calc.ByGiven, calc.Charged, calc.Correction, calc.Charged, calc.ByGiven)

// earlier sums the months before the last one.
func (r *Reader) earlier(ctx context.Context, tx *db.Tx, found map[int64]*Own, of *stretch) error {
	args := []any{int64(of.at), int64(found[of.first].Month)}
	query := `SELECT l.building_id, l.account_id, l.service_id, l.month, CAST(sum(l.amount_kop) AS BIGINT), CAST(sum(CASE WHEN l.kind = 0 THEN 1 ELSE 0 END) AS BIGINT),
		` + fmt.Sprintf("CAST(sum(CASE WHEN l.kind = %d THEN l.amount_kop ELSE 0 END) AS BIGINT)", calc.PutOff) + seenLines + ours +
		` AND l.month < $2 AND ` + of.in("l", &args) + ` GROUP BY l.building_id, l.account_id, l.service_id, l.month ORDER BY l.building_id, l.account_id, l.service_id, l.month`
	return tx.Scan(ctx, query, args, func(v []int64, _ []byte) error {
		s := found[v[0]].at(v[1], v[2])
		s.Earlier = append(s.Earlier, MonthSum{calendar.Month(v[3]), money.Amount(v[4]), money.Amount(v[6]), v[5] > 0})
		return nil
	})
}

// lines reads the last month, and the corrections already made in the one that is not charged yet.
func (r *Reader) lines(ctx context.Context, tx *db.Tx, found map[int64]*Own, of *stretch) error {
	args := []any{int64(of.at), int64(found[of.first].Month)}
	query := `SELECT l.building_id, l.account_id, l.service_id, l.service_no, l.kind, l.component, l.volume_e7, l.rate_e7, l.amount_kop` + seenLines + ours +
		` AND l.month >= $2 AND ` + of.in("l", &args) + ` ORDER BY l.building_id, l.account_id, l.service_id, l.month, l.run_id, l.line_no`
	return tx.Scan(ctx, query, args, func(v []int64, _ []byte) error {
		s := found[v[0]].at(v[1], v[2])
		l := calc.Line{Kind: calc.Kind(v[4]), Component: calc.Component(v[5]), Volume: decimal.Decimal(v[6]), Rate: decimal.Decimal(v[7]), Amount: money.Amount(v[8])}
		var ok bool
		if l.Service, ok = r.service(v[3]); !ok {
			l.Service = -1
		}
		s.take(r, &l)
		return nil
	})
}

// modeNumber is a mode of a service as the columns of a query tell it.
var modeNumber = fmt.Sprintf("CASE s.mode WHEN 'issued' THEN %d WHEN 'computed' THEN %d WHEN 'compared' THEN %d ELSE 0 END", fact.ModeIssued, fact.ModeComputed, fact.ModeCompared)

// Modes of accounts' services as known at $1: what is read of them, and which rows hold.
var selectTakes = "SELECT s.building_id, s.account_id, s.service_id, s.valid_from, s.valid_to, " + modeNumber + " FROM charge_subscription s "

const lastTakes = `s.recorded_at <= $1 AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service
	AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at AND n.recorded_at <= $1) ORDER BY s.building_id, s.account_id`

func takeOf(v []int64) take {
	return take{v[1], v[2], calendar.Date(v[3]), calendar.Date(v[4]), uint8(v[5])}
}

// listTakes reads the modes of the accounts' services, where something was charged.
func listTakes(ctx context.Context, tx *db.Tx, found map[int64]*Own, of *stretch) error {
	args := []any{int64(of.at)}
	return tx.Scan(ctx, selectTakes+"WHERE "+of.in("s", &args)+" AND "+lastTakes, args, func(v []int64, _ []byte) error {
		if o := found[v[0]]; o != nil && len(o.Services) > 0 {
			o.takes = append(o.takes, takeOf(v))
		}
		return nil
	})
}

// ListOwnMonths gives the months in which Kvit charged accounts of a building something that is owed, as known at a
// moment, the latest first.
func ListOwnMonths(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) (months []calendar.Month, err error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args, of := []any{int64(at)}, stretch{building, building, accounts, at}
	err = tx.Scan(ctx, "SELECT DISTINCT l.month"+seenLines+ours+" AND "+of.in("l", &args)+" ORDER BY l.month DESC", args,
		func(v []int64, _ []byte) error {
			months = append(months, calendar.Month(v[0]))
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("months building %d was charged in: %w", building, err)
	}
	return months, nil
}
