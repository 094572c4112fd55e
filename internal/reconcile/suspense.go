package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/match"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// Unknown is money nobody knows the owner of, with what may tell him.
type Unknown struct {
	ID       int64           `json:"id"`
	Channel  string          `json:"channel"`
	Supplier string          `json:"supplier"`
	Number   string          `json:"account"`
	Amount   money.Amount    `json:"amount"`
	PaidOn   string          `json:"paidOn"`
	Age      int             `json:"age"` // days since it came
	Payer    string          `json:"payer"`
	Purpose  string          `json:"purpose"`
	Due      bool            `json:"returnDue"` // by its age it goes back to the payer
	Hints    []Hint          `json:"hints"`
	Shares   []payment.Share `json:"proposed"` // what one person proposes
	Back     bool            `json:"proposedReturn"`
	Reason   string          `json:"reason"`
	AskedBy  string          `json:"proposedBy"`
}

// Hint is an account the money may be for, and why.
type Hint struct {
	Supplier string `json:"supplier"`
	Number   string `json:"account"`
	Why      string `json:"why"` // number, sum
}

// Reasons of hints.
const (
	hintNumber = "номер отличается одним знаком"
	hintSum    = "к оплате ровно столько"
)

// hintsMax bounds the hints of one payment.
const hintsMax = 5

// Unidentified lists the money that waits, oldest first.
func (m *Module) Unidentified(ctx context.Context, actor access.Actor) (list []Unknown, err error) {
	if err := actor.Require("suspense", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Unknown{}
		items, err := payment.ListSuspense(ctx, tx)
		if err != nil {
			return err
		}
		for i := range items {
			u, err := m.unknown(ctx, tx, &items[i])
			if err != nil {
				return err
			}
			list = append(list, u)
		}
		return nil
	})
	return list, err
}

// FindUnidentified gives one with its hints.
func (m *Module) FindUnidentified(ctx context.Context, actor access.Actor, id int64) (u Unknown, err error) {
	list, err := m.Unidentified(ctx, actor)
	if err != nil {
		return u, err
	}
	at := slices.IndexFunc(list, func(x Unknown) bool { return x.ID == id })
	if at < 0 {
		return u, fault.Newf(fault.NotFound, "suspense.unknown", "Невыясненного платежа № %d нет или он уже отнесён.", id)
	}
	u = list[at]
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		u.Hints, err = hints(ctx, tx, &u)
		return err
	})
	return u, err
}

func (m *Module) unknown(ctx context.Context, tx *db.Tx, s *payment.SuspenseItem) (Unknown, error) {
	u := Unknown{ID: s.ID, Channel: s.Channel, Supplier: s.Supplier, Number: s.Number, Amount: s.Amount, PaidOn: s.PaidOn.String(), Age: s.PaidOn.Days(m.Today()), Hints: []Hint{}, Shares: []payment.Share{}}
	u.Due = u.Age >= m.ReturnDays
	err := tx.QueryRowContext(ctx, "SELECT v.other_name, v.purpose FROM payment_order o JOIN reconcile_movement v ON v.order_key = o.client_key WHERE o.order_id = $1", s.ID).Scan(&u.Payer, &u.Purpose)
	if err != nil && !none(err) {
		return u, fmt.Errorf("movement of %d: %w", s.ID, err)
	}
	p, found, err := findProposal(ctx, tx, s.ID)
	if found {
		u.Shares, u.Back, u.Reason, u.AskedBy = p.shares, len(p.shares) == 0, p.reason, p.by
	}
	return u, err
}

// hints are the accounts whose number differs in one sign, and those of the supplier who owe exactly the sum.
func hints(ctx context.Context, tx *db.Tx, u *Unknown) (list []Hint, err error) {
	list = []Hint{}
	add := func(h holder, why string) {
		same := slices.ContainsFunc(list, func(x Hint) bool { return x.Supplier == h.supplier && x.Number == h.number })
		if !same && len(list) < hintsMax && (u.Supplier == "" || u.Supplier == h.supplier) {
			list = append(list, Hint{h.supplier, h.number, why})
		}
	}
	near, err := listHolders(ctx, tx, match.Spellings(u.Number))
	if err != nil {
		return nil, err
	}
	for _, h := range near {
		add(h, hintNumber)
	}
	rows, err := tx.QueryContext(ctx, `SELECT s.code, a.number FROM charge c JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id AND a.closed_at = 0 JOIN supplier s ON s.supplier_id = a.supplier_id
		WHERE c.due_kop = $1 AND c.service_id = 0 AND ($2 = '' OR s.code = $2) ORDER BY s.code, a.number LIMIT $3`, int64(u.Amount), u.Supplier, hintsMax)
	if err != nil {
		return nil, fmt.Errorf("hints by sum: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var h holder
		if err := rows.Scan(&h.supplier, &h.number); err != nil {
			return nil, err
		}
		add(h, hintSum)
	}
	return list, rows.Err()
}

// proposal is what one person wants to do with unidentified money; no shares: back to the payer.
type proposal struct {
	shares []payment.Share
	reason string
	by     string
}

func findProposal(ctx context.Context, tx *db.Tx, id int64) (p proposal, found bool, err error) {
	var text string
	err = tx.QueryRowContext(ctx, "SELECT shares, reason, asked_by FROM reconcile_proposal WHERE order_id = $1", id).Scan(&text, &p.reason, &p.by)
	if none(err) {
		return p, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &p.shares)
	}
	return p, err == nil, err
}

// Propose says whose unidentified money is, or, without shares, that it goes back to the payer. Below the sum the
// installation sets, accounts get it at once; else another person confirms.
func (m *Module) Propose(ctx context.Context, actor access.Actor, id int64, shares []payment.Share, reason string) (done bool, err error) {
	if err := actor.Require("suspense", "propose"); err != nil {
		return false, err
	}
	u, err := m.FindUnidentified(ctx, actor, id)
	if err != nil {
		return false, err
	}
	if reason = strings.TrimSpace(reason); reason == "" || len([]rune(reason)) > noteMax {
		return false, fault.Newf(fault.Invalid, "suspense.reason", "Напишите, почему так, до %d знаков.", noteMax).WithField("reason")
	}
	if len(shares) > 0 && u.Amount < m.AssignAbove {
		return true, m.Payments.SplitSuspense(ctx, actor.String(), id, shares)
	}
	if err := m.known(ctx, &u, shares); err != nil {
		return false, err
	}
	text, err := json.Marshal(shares)
	if err != nil {
		return false, err
	}
	return false, m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		now := m.Now()
		_, err := tx.ExecContext(ctx, `INSERT INTO reconcile_proposal (order_id, shares, reason, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (order_id) DO UPDATE SET shares = excluded.shares, reason = excluded.reason, asked_by = excluded.asked_by, asked_at = excluded.asked_at`, id, string(text), reason, actor.String(), int64(now))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.String(), "suspense.proposed", fmt.Sprintf("order:%d", id), shares)
	})
}

// known refuses shares that do not add up or name accounts there are not.
func (m *Module) known(ctx context.Context, u *Unknown, shares []payment.Share) error {
	sum := money.Amount(0)
	numbers := make([]string, 0, len(shares))
	for _, s := range shares {
		sum += s.Amount
		numbers = append(numbers, s.Number)
	}
	if len(shares) > 0 && sum != u.Amount {
		return fault.Newf(fault.Invalid, "suspense.shares", "Доли вместе %s, а пришло %s.", sum.Format(), u.Amount.Format()).WithField("amount")
	}
	return m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listHolders(ctx, tx, numbers)
		for _, s := range shares {
			if err == nil && !slices.ContainsFunc(list, func(h holder) bool { return h.supplier == s.Supplier && h.number == s.Number }) {
				err = fault.Newf(fault.Invalid, "account.unknown", "Счёта %s у поставщика %s нет.", s.Number, s.Supplier).WithField("account")
			}
		}
		return err
	})
}

// Confirm is the second person's word on a proposal.
func (m *Module) Confirm(ctx context.Context, actor access.Actor, id int64) error {
	if err := actor.Require("suspense", "confirm"); err != nil {
		return err
	}
	var p proposal
	var found bool
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, found, err = findProposal(ctx, tx, id)
		return err
	})
	switch {
	case err != nil:
		return err
	case !found:
		return fault.New(fault.NotFound, "suspense.no_proposal", "Предложения по этому платежу нет: его уже подтвердили или ещё не сделали.")
	case p.by == actor.String():
		return fault.New(fault.Conflict, "suspense.same_person", "Подтверждает другой человек, не тот, кто предложил.")
	}
	if len(p.shares) == 0 {
		err = m.Payments.ReturnSuspense(ctx, actor.String(), id, p.by+": "+p.reason)
	} else {
		err = m.Payments.SplitSuspense(ctx, actor.String(), id, p.shares)
	}
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM reconcile_proposal WHERE order_id = $1", id)
		return err
	})
}

// Arrival is a register or a statement that came, for the page of payments.
type Arrival struct {
	Kind        string
	Name        string
	Partner     string
	From, To    calendar.Date
	Lines       int
	Repeated    int
	Quarantined int
	Sum         money.Amount
	Differs     bool // its own total is not that of its rows
	At          calendar.Micros
}

// arrivalsMax bounds the files a page lists.
const arrivalsMax = 100

// Arrivals are the latest registers and statements.
func (m *Module) Arrivals(ctx context.Context, actor access.Actor) (list []Arrival, err error) {
	if err := actor.Require("reconcile", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT 'register', name, partner, day_from, day_to, lines, repeated, quarantined, gross_kop, control, loaded_at FROM reconcile_register WHERE loaded_at > 0
			UNION ALL SELECT 'statement', name, accounts, day_from, day_to, movements, repeated, 0, 0, CASE notes WHEN '' THEN 1 ELSE 2 END, loaded_at FROM reconcile_statement ORDER BY 11 DESC LIMIT $1`, arrivalsMax)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a Arrival
			var control int
			if err := rows.Scan(&a.Kind, &a.Name, &a.Partner, &a.From, &a.To, &a.Lines, &a.Repeated, &a.Quarantined, &a.Sum, &control, &a.At); err != nil {
				return err
			}
			a.Differs = control == 2
			list = append(list, a)
		}
		return rows.Err()
	})
	return list, err
}
