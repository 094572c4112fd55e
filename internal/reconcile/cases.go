package reconcile

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// StoredCase is a case with what people did about it.
type StoredCase struct {
	Case
	ID          int64
	State       string
	Wanted      string // what the second person's word will do
	Owner       string
	Note        string
	ExplainedBy string
	AcceptedBy  string
	OpenedAt    calendar.Micros
	ChangedAt   calendar.Micros
}

// CaseShown is a case as people and programs read it.
type CaseShown struct {
	ID          int64        `json:"id"`
	Partner     string       `json:"partner"`
	Day         string       `json:"day"`
	OtherDay    string       `json:"otherDay"`
	Cause       Cause        `json:"cause"`
	Word        string       `json:"word"`
	Operation   string       `json:"operation"`
	Ours        money.Amount `json:"ours"`
	Theirs      money.Amount `json:"theirs"`
	Difference  money.Amount `json:"difference"`
	State       string       `json:"state"`
	Wanted      string       `json:"wanted"`
	Owner       string       `json:"owner"`
	Age         int          `json:"age"` // days since it was found
	Hint        string       `json:"hint"`
	Note        string       `json:"note"`
	ExplainedBy string       `json:"explainedBy"`
	AcceptedBy  string       `json:"acceptedBy"`
}

// day of microseconds, for ages.
const microsOfDay = calendar.Micros(24 * 3600 * 1_000_000)

func (s *StoredCase) shown(now calendar.Micros) CaseShown {
	return CaseShown{ID: s.ID, Partner: s.Partner, Day: dayText(s.Day), OtherDay: dayText(s.OtherDay), Cause: s.Cause, Word: s.Cause.Word(), Operation: s.Operation, Ours: s.Ours, Theirs: s.Theirs,
		Difference: s.Ours - s.Theirs, State: s.State, Wanted: s.Wanted, Owner: s.Owner, Age: int((now - s.OpenedAt) / microsOfDay), Hint: s.Cause.Hint(), Note: s.Note, ExplainedBy: s.ExplainedBy, AcceptedBy: s.AcceptedBy}
}

func listCases(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []StoredCase, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT case_key, case_id, partner, day, cause, operation, order_key, ours_kop, theirs_kop, other_day, state, wanted, owner, note, explained_by, accepted_by, opened_at, changed_at
		FROM reconcile_case `+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s StoredCase
		if err := rows.Scan(&s.Key, &s.ID, &s.Partner, &s.Day, &s.Cause, &s.Operation, &s.OrderKey, &s.Ours, &s.Theirs, &s.OtherDay, &s.State, &s.Wanted, &s.Owner, &s.Note, &s.ExplainedBy, &s.AcceptedBy, &s.OpenedAt, &s.ChangedAt); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// CaseFilter narrows a list of cases.
type CaseFilter struct {
	Partner string
	Day     calendar.Date // 0: every day
	Cause   Cause
	State   string // '': those that wait for people
	Limit   int    // 0: all
}

// ListCases gives cases, oldest first.
func (m *Module) ListCases(ctx context.Context, actor access.Actor, f CaseFilter) ([]CaseShown, error) {
	if err := actor.Require("reconcile", "read"); err != nil {
		return nil, err
	}
	shown := []CaseShown{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		limit := int64(f.Limit)
		if limit == 0 {
			limit = casesMax
		}
		list, err := listCases(ctx, tx, `WHERE ($1 = '' AND state IN ('open', 'explained') OR $1 = 'all' OR state = $1) AND ($2 = '' OR partner = $2) AND (CAST($3 AS BIGINT) = 0 OR day = $3 OR other_day = $3)
			AND ($4 = '' OR cause = $4) ORDER BY day, partner, case_key LIMIT $5`, f.State, f.Partner, int64(f.Day), string(f.Cause), limit)
		shown = shown[:0]
		for i := range list {
			shown = append(shown, list[i].shown(m.Now()))
		}
		return err
	})
	return shown, err
}

// casesMax bounds a list of cases.
const casesMax = 100_000

// ShowCase gives one case.
func (m *Module) ShowCase(ctx context.Context, actor access.Actor, id int64) (CaseShown, error) {
	if err := actor.Require("reconcile", "read"); err != nil {
		return CaseShown{}, err
	}
	var shown CaseShown
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := findCase(ctx, tx, id)
		shown = s.shown(m.Now())
		return err
	})
	return shown, err
}

func findCase(ctx context.Context, tx *db.Tx, id int64) (StoredCase, error) {
	list, err := listCases(ctx, tx, "WHERE case_id = $1", id)
	if err == nil && len(list) == 0 {
		err = fault.Newf(fault.NotFound, "reconcile.unknown_case", "Расхождения № %d нет.", id)
	}
	if err != nil {
		return StoredCase{}, err
	}
	return list[0], nil
}

// DayShown is a partner's day as people and programs read it.
type DayShown struct {
	Partner     string       `json:"partner"`
	Name        string       `json:"name"`
	Day         string       `json:"day"`
	Ours        money.Amount `json:"ours"`
	Register    money.Amount `json:"register"`
	HasRegister bool         `json:"hasRegister"`
	Fee         money.Amount `json:"fee"`
	Bank        money.Amount `json:"bank"`
	BankFee     money.Amount `json:"bankFee"`
	HasBank     bool         `json:"hasBank"`
	Difference  money.Amount `json:"difference"`
	State       string       `json:"state"`
	Cases       int          `json:"cases"` // that wait for people
}

// Matrix gives the partners' days of a period as the latest run found them; a period without an end goes on.
func (m *Module) Matrix(ctx context.Context, actor access.Actor, p Period) (list []DayShown, err error) {
	if err := actor.Require("reconcile", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		names, err := partnerNames(ctx, tx)
		if err != nil {
			return err
		}
		list, err = listMatrix(ctx, tx, p, names)
		return err
	})
	return list, err
}

func partnerNames(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	partners, err := listToldPartners(ctx, tx)
	names := map[string]string{}
	for i := range partners {
		names[partners[i].Code] = partners[i].name()
	}
	return names, err
}

func listMatrix(ctx context.Context, tx *db.Tx, p Period, names map[string]string) ([]DayShown, error) {
	rows, err := tx.QueryContext(ctx, `SELECT d.partner, d.day, d.ours_kop, d.register_kop, d.has_register, d.fee_kop, d.bank_kop, d.bank_fee_kop, d.has_bank, d.state,
		(SELECT count(*) FROM reconcile_case c WHERE c.partner = d.partner AND c.day = d.day AND c.state IN ('open', 'explained'))
		FROM reconcile_day d WHERE d.day >= $1 AND (CAST($2 AS BIGINT) = 0 OR d.day <= $2) ORDER BY d.partner, d.day`, int64(p.From), int64(p.To))
	if err != nil {
		return nil, fmt.Errorf("list matrix: %w", err)
	}
	defer rows.Close()
	list := []DayShown{}
	for rows.Next() {
		var d Day
		var register, bank, cases int
		if err := rows.Scan(&d.Partner, &d.Day, &d.Ours, &d.Register, &register, &d.Fee, &d.Bank, &d.BankFee, &bank, &d.State, &cases); err != nil {
			return nil, err
		}
		d.HasRegister, d.HasBank = register == 1, bank == 1
		name := names[d.Partner]
		if name == "" {
			name = d.Partner
		}
		list = append(list, DayShown{Partner: d.Partner, Name: name, Day: d.Day.String(), Ours: d.Ours, Register: d.Register, HasRegister: d.HasRegister, Fee: d.Fee, Bank: d.Bank, BankFee: d.BankFee,
			HasBank: d.HasBank, Difference: d.Difference(), State: d.State, Cases: cases})
	}
	return list, rows.Err()
}

// Latest is the period the matrix is of: from the first to the last day with payments.
func (m *Module) Latest(ctx context.Context) (p Period, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT coalesce(min(day), 0), coalesce(max(day), 0) FROM reconcile_day").Scan(&p.From, &p.To)
	})
	return p, err
}

// Standing is how the partners' days of a period stand, and the cases of theirs that wait for people, in the caller's
// transaction.
func Standing(ctx context.Context, tx *db.Tx, p Period, now calendar.Micros) (days []DayShown, open []CaseShown, err error) {
	names, err := partnerNames(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	if days, err = listMatrix(ctx, tx, p, names); err != nil {
		return nil, nil, err
	}
	list, err := listCases(ctx, tx, "WHERE state IN ('open', 'explained') AND day BETWEEN $1 AND $2 ORDER BY day, partner, case_key", int64(p.From), int64(p.To))
	for i := range list {
		open = append(open, list[i].shown(now))
	}
	return days, open, err
}
