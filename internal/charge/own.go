package charge

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Own is what Kvit charged accounts of a building, as it was known at a moment: every service of which it ever charged a
// month, but not the supplier's figures a run repeats.
type Own struct {
	Month    calendar.Month // the last one charged; 0 is none
	Services []Service      // by account and service

	takes []take
}

// Service is what a service of an account comes to in a month, and what was charged for it before.
type Service struct {
	AccountID  int64
	ServiceID  int64
	Name       string // of the catalogue
	Unit       string // of Volume, for people
	Volume     decimal.Decimal
	Rate       decimal.Decimal // zero where the lines do not share one
	Method     calc.Method     // how the first volume was found
	Charge     money.Amount
	Recalc     money.Amount // corrections, reductions, benefits, instalments
	Benefit    money.Amount // of Recalc
	Earlier    []MonthSum   // by month
	RecordedAt calendar.Micros

	priced int // lines that charge the month
}

// MonthSum is what was charged in a month.
type MonthSum struct {
	Month   calendar.Month
	Amount  money.Amount
	charged bool // not only corrected
}

// Sum is what the month comes to.
func (s *Service) Sum() money.Amount { return s.Charge + s.Recalc }

// Since is what was charged in the months after one, this one left out.
func (s *Service) Since(month calendar.Month) (sum money.Amount) {
	for _, e := range s.Earlier {
		if e.Month > month {
			sum += e.Amount
		}
	}
	return sum
}

// has tells whether the service was charged in a month.
func (s *Service) has(month, last calendar.Month) bool {
	return month == last && s.priced > 0 || slices.ContainsFunc(s.Earlier, func(e MonthSum) bool { return e.Month == month && e.charged })
}

// Last is the latest month in which something was charged.
func (s *Service) Last(last calendar.Month) calendar.Month {
	if len(s.Earlier) == 0 || s.priced > 0 || s.Sum() != 0 {
		return last
	}
	return s.Earlier[len(s.Earlier)-1].Month
}

// First is the first month charged.
func (s *Service) First(last calendar.Month) calendar.Month {
	if len(s.Earlier) > 0 {
		return s.Earlier[0].Month
	}
	return last
}

// add adds a line of the month, with the unit of its volume.
func (s *Service) add(unit string, l *calc.Line) {
	switch l.Kind {
	case calc.ReliefShown:
	case calc.Charged:
		s.Charge += l.Amount
		s.measure(unit, l)
	case calc.Surcharge:
		s.Charge += l.Amount
	case calc.Relief:
		s.Recalc, s.Benefit = s.Recalc+l.Amount, s.Benefit+l.Amount
	default:
		s.Recalc += l.Amount
	}
}

// measure adds a volume: those of the first one's unit add up; a price that is not the same everywhere is none.
func (s *Service) measure(unit string, l *calc.Line) {
	s.priced++
	switch {
	case s.priced == 1:
		s.Unit, s.Volume, s.Rate, s.Method = unit, l.Volume, l.Rate, l.Method
	case s.Unit != unit: // heat of the water whose volume it is
		s.Rate = 0
	default:
		s.Volume += l.Volume
		if s.Rate != l.Rate {
			s.Rate = 0
		}
	}
}

// take is a mode of a service for a time.
type take struct {
	account, service int64
	from, until      calendar.Date
	mode             uint8
}

// Computes tells whether in a month Kvit's figure of a service is the charge.
func (o *Own) Computes(account, service int64, month calendar.Month) bool {
	return slices.ContainsFunc(o.takes, func(t take) bool {
		return t.account == account && t.service == service && t.mode == fact.ModeComputed && t.from <= month.Last() && (t.until == 0 || t.until >= month.First())
	})
}

// Accounts are those of which Kvit ever charged something.
func (o *Own) Accounts() (list []int64) {
	for i := range o.Services {
		if n := len(list); n == 0 || list[n-1] != o.Services[i].AccountID {
			list = append(list, o.Services[i].AccountID)
		}
	}
	return list
}

// Has tells whether Kvit ever charged a service.
func (o *Own) Has(account, service int64) bool { return o.find(account, service) != nil }

// Charged tells whether Kvit charged a service in a month.
func (o *Own) Charged(account, service int64, month calendar.Month) bool {
	s := o.find(account, service)
	return s != nil && s.has(month, o.Month)
}

// find gives a service; nil when it was never charged.
func (o *Own) find(account, service int64) *Service {
	i, ok := slices.BinarySearchFunc(o.Services, [2]int64{account, service}, compareService)
	if !ok {
		return nil
	}
	return &o.Services[i]
}

func compareService(s Service, key [2]int64) int {
	return cmp.Or(cmp.Compare(s.AccountID, key[0]), cmp.Compare(s.ServiceID, key[1]))
}

// at gives a service, added when it was not there.
func (o *Own) at(account, service int64) *Service {
	i, ok := slices.BinarySearchFunc(o.Services, [2]int64{account, service}, compareService)
	if !ok {
		o.Services = slices.Insert(o.Services, i, Service{AccountID: account, ServiceID: service})
	}
	return &o.Services[i]
}

// Own reads what Kvit charged accounts of a building, as it was known at a moment: a run's work in a building is seen
// whole or not at all.
func (r *Reader) Own(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) (*Own, error) {
	o := &Own{}
	if len(accounts) == 0 {
		return o, nil
	}
	var recorded calendar.Micros
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(CASE WHEN part = 0 THEN month ELSE 0 END), 0), coalesce(max(recorded_at), 0)
		FROM charge_building WHERE building_id = $1 AND recorded_at <= $2`, building, int64(at)).Scan(&o.Month, &recorded)
	if err != nil || recorded == 0 {
		return o, db.Fold(err)
	}
	for _, read := range [...]func(context.Context, *db.Tx, *Own, int64, []int64, calendar.Micros) error{r.earlier, r.lines, listTakes} {
		if err := read(ctx, tx, o, building, accounts, at); err != nil {
			return nil, fmt.Errorf("what building %d was charged: %w", building, err)
		}
	}
	for i := range o.Services {
		o.Services[i].RecordedAt = recorded
	}
	return o, nil
}

// seenLines joins lines with the marks of the buildings done, for those known at $2 of building $1.
const seenLines = ` FROM charge_line l JOIN charge_building b ON b.building_id = l.building_id AND b.month = l.month AND b.run_id = l.run_id AND b.recorded_at <= $2
	WHERE l.building_id = $1 AND `

// ours is the condition of lines that are owed and are not the supplier's figures repeated. A correction to such a figure
// of a month that Kvit charged is no repetition.
var ours = fmt.Sprintf(`%s AND NOT (l.method = %d AND (l.kind = %d OR l.kind = %d AND NOT EXISTS (SELECT 1 FROM charge_line c
	WHERE c.building_id = l.building_id AND c.account_id = l.account_id AND c.month = l.about AND c.service_id = l.service_id AND c.kind = %d AND c.method <> %d)))`,
	toPay, calc.ByGiven, calc.Charged, calc.Correction, calc.Charged, calc.ByGiven)

// earlier sums the months before the last one.
func (r *Reader) earlier(ctx context.Context, tx *db.Tx, o *Own, building int64, accounts []int64, at calendar.Micros) error {
	args := []any{building, int64(at), int64(o.Month)}
	query := `SELECT l.account_id, l.service_id, l.month, CAST(sum(l.amount_kop) AS BIGINT), CAST(sum(CASE WHEN l.kind = 0 THEN 1 ELSE 0 END) AS BIGINT)` + seenLines + ours + `
		AND l.month < $3 AND l.account_id IN (` + placeholders(len(args), accounts, &args) + `) GROUP BY l.account_id, l.service_id, l.month ORDER BY l.account_id, l.service_id, l.month`
	return tx.Scan(ctx, query, args, func(v []int64, _ []byte) error {
		s := o.at(v[0], v[1])
		s.Earlier = append(s.Earlier, MonthSum{calendar.Month(v[2]), money.Amount(v[3]), v[4] > 0})
		return nil
	})
}

// lines reads the last month, and the corrections already made in the one that is not charged yet.
func (r *Reader) lines(ctx context.Context, tx *db.Tx, o *Own, building int64, accounts []int64, at calendar.Micros) error {
	args := []any{building, int64(at), int64(o.Month)}
	query := `SELECT l.account_id, l.service_id, l.service_no, l.kind, l.component, l.volume_e7, l.rate_e7, l.amount_kop` + seenLines + ours + `
		AND l.month >= $3 AND l.account_id IN (` + placeholders(len(args), accounts, &args) + `) ORDER BY l.account_id, l.service_id, l.month, l.run_id, l.line_no`
	return tx.Scan(ctx, query, args, func(v []int64, _ []byte) error {
		s := o.at(v[0], v[1])
		l := calc.Line{Kind: calc.Kind(v[3]), Component: calc.Component(v[4]), Volume: decimal.Decimal(v[5]), Rate: decimal.Decimal(v[6]), Amount: money.Amount(v[7])}
		service, ok := r.service(v[2])
		if !ok { // the catalogue has dropped it
			s.add("", &l)
			return nil
		}
		l.Service, s.Name = service, r.engine.Of(service).Name
		s.add(calc.UnitOf(r.engine, &l), &l)
		return nil
	})
}

// ListOwnMonths gives the months in which Kvit charged accounts of a building something that is owed, as known at a
// moment, the latest first.
func ListOwnMonths(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) (months []calendar.Month, err error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args := []any{building, int64(at)}
	err = tx.Scan(ctx, "SELECT DISTINCT l.month"+seenLines+ours+" AND l.account_id IN ("+placeholders(len(args), accounts, &args)+") ORDER BY l.month DESC", args,
		func(v []int64, _ []byte) error {
			months = append(months, calendar.Month(v[0]))
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("months building %d was charged in: %w", building, err)
	}
	return months, nil
}

// listTakes reads the modes of the accounts' services.
func listTakes(ctx context.Context, tx *db.Tx, o *Own, building int64, accounts []int64, at calendar.Micros) error {
	if len(o.Services) == 0 {
		return nil
	}
	args := []any{building, int64(at)}
	return tx.Scan(ctx, `SELECT s.account_id, s.service_id, s.valid_from, s.valid_to, CASE s.mode WHEN 'issued' THEN 1 WHEN 'computed' THEN 2 WHEN 'compared' THEN 3 ELSE 0 END
		FROM charge_subscription s WHERE s.building_id = $1 AND s.recorded_at <= $2 AND s.account_id IN (`+placeholders(len(args), accounts, &args)+`)
		AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service
			AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at AND n.recorded_at <= $2)`, args, func(v []int64, _ []byte) error {
		o.takes = append(o.takes, take{v[0], v[1], calendar.Date(v[2]), calendar.Date(v[3]), uint8(v[4])})
		return nil
	})
}
