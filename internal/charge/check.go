package charge

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// Checks are the invariants of charging (I9, I11, I12): lines equal what each run posted in each building and what its
// mark says; every service taken has a line or a reason; a closed month gets nothing more. Where a query says {run} it
// may be narrowed to one run: where a month ends, the months before it are not gone through again.
var Checks = []ledger.Check{
	{"I9.lines_equal_postings", `SELECT coalesce(l.building_id, p.building_id) || '/' || coalesce(l.run_id, p.run_id) FROM
		(SELECT building_id, run_id, sum(amount_kop) AS total FROM charge_line WHERE ` + toPay + `{run} GROUP BY building_id, run_id) l
		FULL JOIN (SELECT t.building_id, r.run_id, sum(e.amount_kop) AS total FROM charge_run r
			JOIN ledger_transaction t ON t.key = 'charge:' || r.run_id
			JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id AND e.name IN ('receivable', 'penalty') WHERE TRUE{run} GROUP BY t.building_id, r.run_id) p
		ON p.building_id = l.building_id AND p.run_id = l.run_id WHERE coalesce(l.total, 0) <> coalesce(p.total, 0)`},
	{"I9.buildings_equal_lines", `SELECT coalesce(b.building_id, l.building_id) || '/' || coalesce(b.month, l.month) FROM (SELECT * FROM charge_building WHERE TRUE{run}) b
		FULL JOIN (SELECT building_id, month, run_id, count(*) AS n, sum(CASE WHEN ` + toPay + ` THEN amount_kop ELSE 0 END) AS total FROM charge_line
			WHERE TRUE{run} GROUP BY building_id, month, run_id) l ON l.building_id = b.building_id AND l.month = b.month AND l.run_id = b.run_id
		WHERE b.run_id IS NULL OR b.lines <> coalesce(l.n, 0) OR b.amount_kop <> coalesce(l.total, 0)`},
	{"I9.line_or_reason", `SELECT s.building_id || '/' || s.account_id || '/' || s.service FROM charge_building b
		JOIN charge_subscription s ON s.building_id = b.building_id AND s.recorded_at <= b.facts_at
		WHERE b.part = 0{run} AND s.mode <> '' AND s.valid_from <= b.month * 100 + 31 AND (s.valid_to = 0 OR s.valid_to > b.month * 100)
		AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service
			AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at AND n.recorded_at <= b.facts_at)
		AND NOT EXISTS (SELECT 1 FROM charge_line l WHERE l.building_id = b.building_id AND l.account_id = s.account_id AND l.month = b.month
			AND l.run_id = b.run_id AND l.service_id = s.service_id)
		AND NOT EXISTS (SELECT 1 FROM charge_issue i WHERE i.building_id = b.building_id AND i.account_id = s.account_id AND i.month = b.month
			AND i.run_id = b.run_id AND i.service_id = s.service_id)`},
	{"I11.meters_live_in_one_building", `SELECT a.meter_id || '' FROM charge_meter a JOIN charge_meter b ON b.meter_id = a.meter_id AND b.building_id > a.building_id
		WHERE a.service <> '' AND b.service <> '' AND (a.valid_to = 0 OR a.valid_to >= b.valid_from) AND (b.valid_to = 0 OR b.valid_to >= a.valid_from)
		AND NOT EXISTS (SELECT 1 FROM charge_meter n WHERE n.building_id = a.building_id AND n.meter_id = a.meter_id AND n.recorded_at > a.recorded_at)
		AND NOT EXISTS (SELECT 1 FROM charge_meter n WHERE n.building_id = b.building_id AND n.meter_id = b.meter_id AND n.recorded_at > b.recorded_at)`},
	{"I11.subscriptions_do_not_overlap", `SELECT a.building_id || '/' || a.account_id || '/' || a.service FROM charge_subscription a
		JOIN charge_subscription b ON b.building_id = a.building_id AND b.account_id = a.account_id AND b.service = a.service AND b.valid_from > a.valid_from
		WHERE a.mode <> '' AND b.mode <> '' AND (a.valid_to = 0 OR a.valid_to >= b.valid_from)
		AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = a.building_id AND n.account_id = a.account_id AND n.service = a.service
			AND n.valid_from = a.valid_from AND n.recorded_at > a.recorded_at)
		AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = b.building_id AND n.account_id = b.account_id AND n.service = b.service
			AND n.valid_from = b.valid_from AND n.recorded_at > b.recorded_at)`},
	{"I9.penalties_are_posted_apart", fmt.Sprintf(`SELECT coalesce(l.building_id, p.building_id) || '/' || coalesce(l.account_id, p.account_id) FROM
		(SELECT building_id, account_id, sum(amount_kop) AS total FROM charge_line WHERE kind = %d GROUP BY building_id, account_id) l
		FULL JOIN (SELECT e.building_id, e.account_id, sum(e.amount_kop) AS total FROM ledger_entry e JOIN ledger_transaction t ON t.building_id = e.building_id AND t.txn_id = e.txn_id
			WHERE e.name = 'penalty' AND t.kind = 'charge' GROUP BY e.building_id, e.account_id) p
		ON p.building_id = l.building_id AND p.account_id = l.account_id WHERE coalesce(l.total, 0) <> coalesce(p.total, 0)`, calc.Penalty)},
	{"I12.closed_months_get_nothing", `SELECT b.building_id || '/' || b.month FROM charge_building b JOIN charge_month m ON m.month = b.month WHERE b.recorded_at > m.closed_at`},
}

// narrowed are checks for one run; 0 is all.
func narrowed(checks []ledger.Check, run int64) []ledger.Check {
	narrow := ""
	if run != 0 {
		narrow = " AND run_id = " + strconv.FormatInt(run, 10)
	}
	list := slices.Clone(checks)
	for i := range list {
		list[i].Query = strings.ReplaceAll(list[i].Query, "{run}", narrow)
	}
	return list
}

// Invariants runs the checks of charging.
func Invariants(ctx context.Context, tx *db.Tx) (list []ledger.Breach, err error) {
	if list, err = ledger.Breaches(ctx, tx, narrowed(Checks, 0)); err != nil {
		return nil, err
	}
	sheets, err := fact.CheckSheets(ctx, tx)
	return append(list, sheets), err
}

// Report is what a run came to.
type Report struct {
	Run        int64           `json:"run"`
	Kind       string          `json:"kind"`
	Month      calendar.Month  `json:"-"`
	In         string          `json:"month"`
	State      string          `json:"state"`
	Buildings  int64           `json:"buildings"`
	Households int64           `json:"households"`
	Lines      int64           `json:"lines"`
	Issues     int64           `json:"issues"`
	Amount     money.Amount    `json:"amount"`
	Checks     []ledger.Breach `json:"checks"`
	Reasons    []Reason        `json:"reasons"`
	Outliers   []Outlier       `json:"outliers"`
	Services   []ServiceTotal  `json:"services"`
	Worked     calendar.Micros `json:"-"` // how long charging took, without these checks
}

// Reason is how often a service could not be charged as it should, by its code.
type Reason struct {
	Service string `json:"service"`
	Code    string `json:"code"`
	Count   int64  `json:"count"`
}

// Outlier is an account charged very otherwise than the month before.
type Outlier struct {
	Building int64        `json:"building"`
	Account  int64        `json:"account"`
	Before   money.Amount `json:"before"`
	Now      money.Amount `json:"now"`
}

// OK tells whether every check of the run holds.
func (r *Report) OK() bool {
	for _, b := range r.Checks {
		if b.Count > 0 {
			return false
		}
	}
	return true
}

// finish checks what a run came to and lets it wait for a second person; one that breaks an invariant stays running.
func (m *Module) finish(ctx context.Context, run *Run) (r *Report, err error) {
	if run.going() {
		if err := m.DB.Analyze(ctx, "charge_building", "charge_line", "charge_issue", "ledger_transaction", "ledger_entry"); err != nil {
			return nil, err
		}
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		r = &Report{Run: run.ID, Kind: run.Kind, Month: run.Month, In: run.Month.String(), State: run.State, Reasons: []Reason{}, Outliers: []Outlier{}, Services: []ServiceTotal{}, Checks: []ledger.Breach{}}
		for _, part := range []func(context.Context, *db.Tx) error{r.count, r.check, r.countReasons, r.findOutliers, r.addServices} {
			if err := part(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || !run.going() {
		return r, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if err := m.keepReport(ctx, tx, r); err != nil || !r.OK() {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE charge_run SET finished_at = $1 WHERE run_id = $2", int64(m.Now()), run.ID)
		if err == nil {
			err = setState(ctx, tx, run, StateChecked)
		}
		if err == nil {
			err = tellCharged(ctx, tx, run, r, m.Now())
		}
		return err
	})
	r.State = run.State
	return r, err
}

func (r *Report) count(ctx context.Context, tx *db.Tx) error {
	return tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(households), 0), coalesce(sum(lines), 0), coalesce(sum(issues), 0), coalesce(sum(amount_kop), 0)
		FROM charge_building WHERE run_id = $1 AND month = $2`, r.Run, int64(r.Month)).Scan(&r.Buildings, &r.Households, &r.Lines, &r.Issues, &r.Amount)
}

// check runs the checks that are about what the run charged.
func (r *Report) check(ctx context.Context, tx *db.Tx) (err error) {
	r.Checks, err = ledger.Breaches(ctx, tx, narrowed(Checks[:3], r.Run))
	return err
}

func (r *Report) countReasons(ctx context.Context, tx *db.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT coalesce(s.code, ''), i.code, count(*) FROM charge_issue i LEFT JOIN charge_service s ON s.service_no = i.service_no
		WHERE i.run_id = $1 AND i.month = $2 GROUP BY coalesce(s.code, ''), i.code ORDER BY count(*) DESC, i.code, coalesce(s.code, '')`, r.Run, int64(r.Month))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var x Reason
		if err := rows.Scan(&x.Service, &x.Code, &x.Count); err != nil {
			return err
		}
		r.Reasons = append(r.Reasons, x)
	}
	return rows.Err()
}

// findOutliers finds the accounts whose month differs most from the one before.
func (r *Report) findOutliers(ctx context.Context, tx *db.Tx) error {
	return tx.Scan(ctx, `SELECT n.building_id, n.account_id, CAST(coalesce(p.total, 0) AS BIGINT), CAST(n.total AS BIGINT) FROM
		(SELECT building_id, account_id, sum(amount_kop) AS total FROM charge_line WHERE run_id = $1 AND `+toPay+` GROUP BY building_id, account_id) n
		JOIN (SELECT building_id, account_id, sum(amount_kop) AS total FROM charge_line WHERE month = $2 AND `+toPay+` GROUP BY building_id, account_id) p
		ON p.building_id = n.building_id AND p.account_id = n.account_id
		WHERE n.total <> p.total ORDER BY abs(n.total - p.total) DESC, n.building_id, n.account_id LIMIT 50`, []any{r.Run, int64(r.Month.Add(-1))},
		func(v []int64, _ []byte) error {
			r.Outliers = append(r.Outliers, Outlier{v[0], v[1], money.Amount(v[2]), money.Amount(v[3])})
			return nil
		})
}
