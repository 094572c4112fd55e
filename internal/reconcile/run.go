package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Period is a stretch of days.
type Period struct{ From, To calendar.Date }

func (p Period) has(d calendar.Date) bool { return d >= p.From && d <= p.To }

// Result is what a run found.
type Result struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Days     int    `json:"days"`     // partner's days looked at
	Equal    int    `json:"equal"`    // where all books agree
	Waiting  int    `json:"waiting"`  // money or register are not due yet
	Differs  int    `json:"differs"`  // with a difference or without a register
	Opened   int    `json:"opened"`   // cases
	Resolved int    `json:"resolved"` // cases whose difference is gone
	Open     int    `json:"open"`     // cases that wait for people after the run
}

// Days beside a period that are looked at too: payments near its ends may stand under other days, and money comes later.
const (
	daysBefore = 10
	daysAfter  = 15
)

// Run compares the three books anew over a period and brings the cases up to date. A period without ends goes from what came
// since the run before, at least two months back, to the last day known.
func (m *Module) Run(ctx context.Context, actor access.Actor, p Period) (Result, error) {
	if err := actor.Require("reconcile", "run"); err != nil {
		return Result{}, err
	}
	if _, _, err := m.BookResidents(ctx); err != nil {
		return Result{}, err
	}
	if err := m.bookMovements(ctx); err != nil {
		return Result{}, err
	}
	var found *comparing
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = m.period(ctx, tx, p); err != nil {
			return err
		}
		found, err = m.compare(ctx, tx, p)
		return err
	})
	if err == nil {
		err = m.explain(ctx, p, found.transfers)
	}
	if err != nil {
		return Result{}, fmt.Errorf("reconcile: %w", err)
	}
	r := Result{From: dayText(p.From), To: dayText(p.To), Days: len(found.days)}
	for _, d := range found.days {
		switch d.State {
		case DayEqual:
			r.Equal++
		case DayWaiting:
			r.Waiting++
		default:
			r.Differs++
		}
	}
	return r, m.record(ctx, p, found.days, found.cases, &r)
}

// usualDays are how far back a run without a beginning goes at least.
const usualDays = 60

// period fills the ends of a period that were not told.
func (m *Module) period(ctx context.Context, tx *db.Tx, p Period) (Period, error) {
	var first, last int64
	const known = `SELECT coalesce(min(d), 0), coalesce(max(d), 0) FROM (
		SELECT min(day_from) AS d FROM reconcile_register WHERE day_from > 0 AND loaded_at > $1 UNION ALL SELECT max(day_to) FROM reconcile_register WHERE loaded_at > $1
		UNION ALL SELECT min(day) FROM reconcile_movement v JOIN reconcile_statement s ON s.statement_id = v.statement_id WHERE s.loaded_at > $1
		UNION ALL SELECT max(day) FROM reconcile_movement
		UNION ALL SELECT min(paid_on) FROM payment_order WHERE created_at > $1 UNION ALL SELECT max(paid_on) FROM payment_order) x WHERE d > 0`
	var before int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(run_at), 0) FROM reconcile_day").Scan(&before); err != nil {
		return p, err
	}
	if err := tx.QueryRowContext(ctx, known, before).Scan(&first, &last); err != nil {
		return p, err
	}
	if p.From == 0 {
		if p.From = m.Today().AddDays(-usualDays); first > 0 {
			p.From = min(p.From, calendar.Date(first))
		}
	}
	if p.To == 0 {
		p.To = max(m.Today(), calendar.Date(last))
	}
	return p, nil
}

// comparing is what a comparison of the three books finds.
type comparing struct {
	days      []*Day
	cases     []Case
	transfers []*transfer
}

// wide is a period with the days beside it.
func (p Period) wide() Period { return Period{p.From.AddDays(-daysBefore), p.To.AddDays(daysAfter)} }

// compare gives the days of a period, its cases and what came for which days, from what is known now and nothing else.
func (m *Module) compare(ctx context.Context, tx *db.Tx, p Period) (*comparing, error) {
	partners, err := listPartners(ctx, tx)
	if err != nil {
		return nil, err
	}
	wide := p.wide()
	var cases []Case
	var sides []*side
	for _, partner := range partners {
		s, err := m.partner(ctx, tx, partner, wide, &cases)
		if err != nil {
			return nil, err
		}
		sides = append(sides, s)
	}
	transfers, err := listTransfers(ctx, tx, wide, sides)
	if err != nil {
		return nil, err
	}
	settleAll(sides, transfers)
	missing(sides, transfers, m.Today(), &cases)
	var days []*Day
	for _, s := range sides {
		for _, d := range s.days {
			if p.has(d.Day) {
				s.state(d, m.Today())
				days = append(days, d)
			}
		}
	}
	cases = slices.DeleteFunc(cases, func(c Case) bool { return !p.has(c.Day) && !p.has(c.OtherDay) })
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.Key, b.Key) })
	return &comparing{days, cases, transfers}, nil
}

// partner compares our payments with a partner's registers.
func (m *Module) partner(ctx context.Context, tx *db.Tx, partner Partner, p Period, cases *[]Case) (*side, error) {
	c := &comparison{partner: partner, days: map[calendar.Date]*Day{}}
	s := &side{partner: partner, settled: map[calendar.Date]bool{}, cases: cases}
	var err error
	if s.registers, err = listRegisters(ctx, tx, partner.Code, p.From, p.To); err != nil {
		return nil, err
	}
	back, err := listRefunds(ctx, tx, partner.channels(), p)
	if err != nil {
		return nil, err
	}
	days, err := listDays(ctx, tx, partner, p, back)
	if err != nil {
		return nil, err
	}
	for _, day := range days {
		mine, err := listOurs(ctx, tx, partner.channels(), day)
		if err != nil {
			return nil, err
		}
		theirs, err := listLines(ctx, tx, partner.Code, day)
		if err != nil {
			return nil, err
		}
		c.compareDay(day, append(mine, back[day]...), theirs)
	}
	c.covered(s)
	c.compareLeft()
	err = m.alone(ctx, tx, c)
	for _, d := range c.days {
		s.days = append(s.days, d)
	}
	slices.SortFunc(s.days, byDate)
	*cases = append(*cases, c.cases...)
	return s, err
}

// covered notes the days that a register covers though it has no lines of them, and the registers that contradict themselves.
func (c *comparison) covered(s *side) {
	for i := range s.registers {
		r := &s.registers[i]
		s.feeTold = s.feeTold || r.FeeTold
		for d, x := range c.days {
			if d >= r.From && d <= r.To {
				x.HasRegister = true
			}
		}
		if r.Control == 2 {
			c.add(Case{Day: r.To, Cause: Control, Operation: r.Name, Ours: r.Gross, Theirs: r.Printed})
		}
	}
}

// alone makes cases of what only one side has.
func (m *Module) alone(ctx context.Context, tx *db.Tx, c *comparison) error {
	var failed error
	known := func(x *Line) string {
		key, err := findCredited(ctx, tx, c.partner.channels(), x)
		if failed == nil {
			failed = err
		}
		return key
	}
	today := m.Today()
	c.alone(known, func(d calendar.Date) bool { return overdue(d, today) })
	return failed
}

// findCredited is the key of a payment of ours that a line without a pair is about, of any day: then the line repeats it.
func findCredited(ctx context.Context, tx *db.Tx, channels []string, x *Line) (key string, err error) {
	for column, id := range map[string]string{"client_key": x.OrderKey, "gateway_id": x.Operation, "public_id": cmp.Or(x.Reference, x.Operation)} {
		if id == "" || x.Amount < 0 {
			continue
		}
		args := []any{id}
		of := db.In("channel", channels, &args)
		err := tx.QueryRowContext(ctx, "SELECT client_key FROM payment_order WHERE "+column+" = $1 AND state IN ('captured', 'credited') AND "+of, args...).Scan(&key)
		if err == nil || !none(err) {
			return key, err
		}
	}
	return "", nil
}

// listDays are the days on which either side has something.
func listDays(ctx context.Context, tx *db.Tx, partner Partner, p Period, back map[calendar.Date][]ours) (list []calendar.Date, err error) {
	args := []any{int64(p.From), int64(p.To), partner.Code}
	of := db.In("channel", partner.channels(), &args)
	rows, err := tx.QueryContext(ctx, "SELECT paid_on FROM payment_order WHERE paid_on BETWEEN $1 AND $2 AND "+of+" GROUP BY paid_on UNION SELECT day FROM reconcile_line WHERE partner = $3 AND day BETWEEN $1 AND $2", args...)
	if err != nil {
		return nil, fmt.Errorf("list days: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d calendar.Date
		if err := rows.Scan(&d); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	for d := range back {
		list = append(list, d)
	}
	slices.Sort(list)
	return slices.Compact(list), rows.Err()
}

// listOurs are our payments of a day that the bank took.
func listOurs(ctx context.Context, tx *db.Tx, channels []string, day calendar.Date) (list []ours, err error) {
	args := []any{int64(day)}
	of := db.In("channel", channels, &args)
	rows, err := tx.QueryContext(ctx, `SELECT client_key, public_id, gateway_id, channel, sum_kop FROM payment_order o WHERE paid_on = $1 AND state IN ('captured', 'credited') AND `+of+`
		AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.order_id = o.order_id AND r.refund_key LIKE 'reverse:%' AND r.state = 'posted') ORDER BY client_key`, args...)
	if err != nil {
		return nil, fmt.Errorf("list payments of %v: %w", day, err)
	}
	defer rows.Close()
	for rows.Next() {
		o := ours{Day: day}
		var gateway string
		if err := rows.Scan(&o.Key, &o.Public, &gateway, &o.through, &o.Sum); err != nil {
			return nil, err
		}
		o.IDs = []string{o.Key, gateway, o.Public, told(o.Key)}
		list = append(list, o)
	}
	return list, rows.Err()
}

// told is the partner's own number inside a key: of «reg:bank:OP:…» the operation, of «reg:agent:code:ID» the last part.
func told(key string) string {
	parts := strings.Split(key, ":")
	switch {
	case len(parts) >= 4 && parts[0] == "reg" && parts[1]+":" == agentPrefix:
		return parts[len(parts)-1]
	case len(parts) >= 6 && parts[0] == "reg":
		return parts[2]
	}
	return ""
}

// listRefunds is the money given back through channels, by the day it went.
func listRefunds(ctx context.Context, tx *db.Tx, channels []string, p Period) (map[calendar.Date][]ours, error) {
	args := []any{int64(p.From), int64(p.To)}
	of := db.In("o.channel", channels, &args)
	rows, err := tx.QueryContext(ctx, `SELECT r.refund_key, r.sum_kop, o.public_id, o.gateway_id, o.client_key, o.channel, (SELECT max(p.paid_on) FROM payment_part p WHERE p.order_id = r.order_id AND p.part_no = r.first_no) AS day
		FROM payment_refund r JOIN payment_order o ON o.order_id = r.order_id WHERE r.state = 'posted' AND r.refund_key NOT LIKE 'reverse:%' AND o.paid_on <= $2
		AND EXISTS (SELECT 1 FROM payment_part p WHERE p.order_id = r.order_id AND p.part_no = r.first_no AND p.paid_on BETWEEN $1 AND $2) AND `+of+" ORDER BY r.refund_key", args...)
	if err != nil {
		return nil, fmt.Errorf("list refunds: %w", err)
	}
	defer rows.Close()
	byDay := map[calendar.Date][]ours{}
	for rows.Next() {
		var o ours
		var gateway, order string
		if err := rows.Scan(&o.Key, &o.Sum, &o.Public, &gateway, &order, &o.through, &o.Day); err != nil {
			return nil, err
		}
		o.Sum = -o.Sum
		o.IDs, o.Parent = []string{o.Key}, []string{gateway, o.Public, told(order)}
		byDay[o.Day] = append(byDay[o.Day], o)
	}
	return byDay, rows.Err()
}

// listTransfers are the credits of a period with what their purposes tell.
func listTransfers(ctx context.Context, tx *db.Tx, p Period, sides []*side) ([]*transfer, error) {
	list, err := credits(ctx, tx, p.From, p.To)
	if err != nil {
		return nil, err
	}
	partners := make([]Partner, len(sides))
	for i, s := range sides {
		partners[i] = s.partner
	}
	out := make([]*transfer, len(list))
	for i := range list {
		t := &transfer{movement: &list[i], purpose: ReadPurpose(list[i].Purpose, list[i].Code)}
		if q := partnerOf(&list[i].Movement, &t.purpose, partners); q != nil {
			for _, s := range sides {
				if s.partner.Code == q.Code {
					t.partner = s
				}
			}
		}
		out[i] = t
	}
	return out, nil
}

// record writes the days and brings the cases of the period up to date.
func (m *Module) record(ctx context.Context, p Period, days []*Day, cases []Case, r *Result) error {
	first, err := m.DB.NextIDs(ctx, len(cases)+1)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		now := m.Now()
		r.Opened, r.Resolved, r.Open = 0, 0, 0
		if _, err := tx.ExecContext(ctx, "DELETE FROM reconcile_day WHERE day BETWEEN $1 AND $2", int64(p.From), int64(p.To)); err != nil {
			return err
		}
		if err := insertDays(ctx, tx, days, now); err != nil {
			return err
		}
		stored, err := listCases(ctx, tx, "WHERE state <> 'resolved' AND (day BETWEEN $1 AND $2 OR other_day BETWEEN $1 AND $2)", int64(p.From), int64(p.To))
		if err != nil {
			return err
		}
		if r.Resolved, err = resolve(ctx, tx, stored, cases, now); err != nil {
			return err
		}
		if r.Opened, err = openCases(ctx, tx, stored, cases, first, now); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM reconcile_case WHERE state IN ('open', 'explained')").Scan(&r.Open)
	})
}

func insertDays(ctx context.Context, tx *db.Tx, days []*Day, now calendar.Micros) error {
	columns := []string{"partner", "day", "ours_kop", "register_kop", "has_register", "fee_kop", "bank_kop", "bank_fee_kop", "has_bank", "state", "run_at"}
	_, err := tx.Copy(ctx, "reconcile_day", columns, db.Rows(days, len(columns), func(x **Day, row []any) {
		d := *x
		row[0], row[1], row[2], row[3], row[4], row[5] = d.Partner, int64(d.Day), int64(d.Ours), int64(d.Register), int64(flag(d.HasRegister)), int64(d.Fee)
		row[6], row[7], row[8], row[9], row[10] = int64(d.Bank), int64(d.BankFee), int64(flag(d.HasBank)), d.State, int64(now)
	}))
	return err
}

// resolve closes the stored cases that are not found any more.
func resolve(ctx context.Context, tx *db.Tx, stored []StoredCase, found []Case, now calendar.Micros) (n int, err error) {
	still := map[string]bool{}
	for i := range found {
		still[found[i].Key] = true
	}
	for i := range stored {
		if still[stored[i].Key] {
			continue
		}
		n++
		if _, err := tx.ExecContext(ctx, "UPDATE reconcile_case SET state = 'resolved', wanted = '', changed_at = $2 WHERE case_key = $1", stored[i].Key, int64(now)); err != nil {
			return n, err
		}
	}
	return n, nil
}

// openCases writes the cases found: new ones, ones that were resolved, and ones whose figures changed, which opens what was
// explained or accepted again.
func openCases(ctx context.Context, tx *db.Tx, stored []StoredCase, found []Case, first int64, now calendar.Micros) (n int, err error) {
	type figures struct{ ours, theirs money.Amount }
	same := map[string]figures{}
	for i := range stored {
		same[stored[i].Key] = figures{stored[i].Ours, stored[i].Theirs}
	}
	for i := range found {
		c := &found[i]
		if was, ok := same[c.Key]; ok && was == (figures{c.Ours, c.Theirs}) {
			continue
		}
		n++
		_, err := tx.ExecContext(ctx, `INSERT INTO reconcile_case (case_key, case_id, partner, day, cause, operation, order_key, ours_kop, theirs_kop, other_day, state, wanted, owner, note, explained_by, accepted_by, opened_at, changed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', '', $11, '', '', '', $12, $12)
			ON CONFLICT (case_key) DO UPDATE SET ours_kop = excluded.ours_kop, theirs_kop = excluded.theirs_kop, other_day = excluded.other_day, state = 'open', wanted = '', explained_by = '', accepted_by = '', changed_at = excluded.changed_at`,
			c.Key, first+int64(i), c.Partner, int64(c.Day), string(c.Cause), c.Operation, c.OrderKey, int64(c.Ours), int64(c.Theirs), int64(c.OtherDay), c.Cause.Owner(), int64(now))
		if err != nil {
			return n, fmt.Errorf("open case %s: %w", c.Key, err)
		}
	}
	return n, nil
}
