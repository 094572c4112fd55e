package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/statement"
	"kvit/internal/fault"
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
	Address  string          `json:"address"` // as the register told it
	Purpose  string          `json:"purpose"`
	Due      bool            `json:"returnDue"` // by its age it goes back to the payer
	Hints    []Hint          `json:"hints"`
	Shares   []payment.Share `json:"proposed"` // what one person proposes
	Back     bool            `json:"proposedReturn"`
	Payee    *Payee          `json:"payee,omitempty"` // whose bank account it is to go back to; nil: through whoever brought it
	Reason   string          `json:"reason"`
	AskedBy  string          `json:"proposedBy"`
	from     statement.Party // of the bank's movement it came by
}

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
		u.Hints, err = m.hints(ctx, tx, &u)
		return err
	})
	return u, err
}

func (m *Module) unknown(ctx context.Context, tx *db.Tx, s *payment.SuspenseItem) (Unknown, error) {
	u := Unknown{ID: s.ID, Channel: s.Channel, Supplier: s.Supplier, Number: s.Number, Amount: s.Amount, PaidOn: s.PaidOn.String(), Age: m.Today().Days(s.PaidOn), Payer: s.Payer, Address: s.Address,
		Hints: []Hint{}, Shares: []payment.Share{}}
	u.Due = u.Age >= m.ReturnDays
	err := tx.QueryRowContext(ctx, `SELECT v.other_name, v.other_inn, v.other_account, v.other_bic, v.purpose FROM payment_order o JOIN reconcile_movement v ON v.order_key = o.client_key WHERE o.order_id = $1`, s.ID).
		Scan(&u.from.Name, &u.from.INN, &u.from.Account, &u.from.BIC, &u.Purpose)
	if err != nil && !none(err) {
		return u, fmt.Errorf("movement of %d: %w", s.ID, err)
	}
	u.Payer = cmp.Or(u.from.Name, u.Payer)
	p, found, err := findProposal(ctx, tx, s.ID)
	if found {
		u.Shares, u.Back, u.Payee, u.Reason, u.AskedBy = p.shares, len(p.shares) == 0, p.payee, p.reason, p.by
	}
	return u, err
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
