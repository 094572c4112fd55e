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
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/qr"
)

// Payee is the bank account that unidentified money goes back to.
type Payee struct {
	Name    string `json:"name"`
	INN     string `json:"inn,omitempty"`
	Account string `json:"account"`
	BIC     string `json:"bic"`
}

// validate holds a payee to what a payment order needs: a name, and an account whose key fits the bank (положение Банка
// России № 762-П).
func (p *Payee) validate() error {
	switch {
	case p.Name == "" || len([]rune(p.Name)) > payeeNameMax:
		return fault.Newf(fault.Invalid, "suspense.payee", "Напишите, кому вернуть: имя или название, до %d знаков.", payeeNameMax).WithField("payee_name")
	case !qr.ValidBankAccount(p.BIC, p.Account):
		return fault.Newf(fault.Invalid, "suspense.payee_account", "Счёт %q не подходит к БИК %q. Сверьте реквизиты с плательщиком.", p.Account, p.BIC).WithField("payee_account")
	case p.INN != "" && !qr.ValidINN(p.INN):
		return fault.Newf(fault.Invalid, "suspense.payee_inn", "ИНН %s с ошибкой в контрольной цифре.", p.INN).WithField("payee_inn")
	}
	return nil
}

// payeeNameMax is the longest name of a payee in a payment order, in signs.
const payeeNameMax = 160

// Wish is what a person wants done with unidentified money: shares, or, without them, that it goes back: to Payee by a payment
// order of ours, or, without one, the way it came.
type Wish struct {
	Shares []payment.Share
	Payee  *Payee
	Reason string
}

// GiveBack is money that goes back to a payee by a payment order of ours.
type GiveBack struct {
	payment.Returned
	Payee    Payee
	Author   string
	Approver string
}

// proposal is what one person wants to do with unidentified money; no shares: back to the payer.
type proposal struct {
	shares []payment.Share
	payee  *Payee
	reason string
	by     string
}

func findProposal(ctx context.Context, tx *db.Tx, id int64) (p proposal, found bool, err error) {
	var shares, payee string
	err = tx.QueryRowContext(ctx, "SELECT shares, payee, reason, asked_by FROM reconcile_proposal WHERE order_id = $1", id).Scan(&shares, &payee, &p.reason, &p.by)
	if none(err) {
		return p, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(shares), &p.shares)
	}
	if err == nil && payee != "" {
		err = json.Unmarshal([]byte(payee), &p.payee)
	}
	return p, err == nil, err
}

func insertProposal(ctx context.Context, tx *db.Tx, id int64, p *proposal, at calendar.Micros) error {
	shares, err := json.Marshal(p.shares)
	if err != nil {
		return err
	}
	payee := []byte{}
	if p.payee != nil {
		if payee, err = json.Marshal(p.payee); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO reconcile_proposal (order_id, shares, payee, reason, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (order_id) DO UPDATE SET shares = excluded.shares, payee = excluded.payee, reason = excluded.reason, asked_by = excluded.asked_by, asked_at = excluded.asked_at`,
		id, string(shares), string(payee), p.reason, p.by, int64(at))
	return err
}

// Propose says whose unidentified money is, or that it goes back. Below the sum the installation sets, accounts get it at
// once; else another person confirms.
func (m *Module) Propose(ctx context.Context, actor access.Actor, id int64, w Wish) (done bool, err error) {
	if err := actor.Require("suspense", "propose"); err != nil {
		return false, err
	}
	u, err := m.FindUnidentified(ctx, actor, id)
	if err != nil {
		return false, err
	}
	p := proposal{shares: w.Shares, payee: w.Payee, reason: strings.TrimSpace(w.Reason), by: actor.String()}
	if p.reason == "" || len([]rune(p.reason)) > noteMax {
		return false, fault.Newf(fault.Invalid, "suspense.reason", "Напишите, почему так, до %d знаков.", noteMax).WithField("reason")
	}
	if len(p.shares) > 0 && u.Amount < m.AssignAbove {
		return true, m.Payments.SplitSuspense(ctx, p.by, id, p.shares)
	}
	if err := m.admit(ctx, &u, &p); err != nil {
		return false, err
	}
	return false, m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if err := insertProposal(ctx, tx, id, &p, m.Now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), p.by, "suspense.proposed", fmt.Sprintf("order:%d", id), p.shares)
	})
}

// admit refuses a proposal that cannot be carried out. Money that came straight to our bank account can only go back by a
// payment order: without a payee told it is whoever sent it.
func (m *Module) admit(ctx context.Context, u *Unknown, p *proposal) error {
	if len(p.shares) > 0 {
		p.payee = nil
		return m.known(ctx, u, p.shares)
	}
	if p.payee == nil && u.Channel == ChannelBank {
		p.payee = &Payee{Name: u.from.Name, Account: u.from.Account, BIC: u.from.BIC}
		if qr.ValidINN(u.from.INN) {
			p.payee.INN = u.from.INN
		}
	}
	if p.payee == nil {
		return nil
	}
	return p.payee.validate()
}

// known refuses shares that do not add up or name accounts there are not.
func (m *Module) known(ctx context.Context, u *Unknown, shares []payment.Share) error {
	sum := money.Amount(0)
	numbers := make([]string, 0, len(shares))
	for _, s := range shares {
		sum += s.Amount
		numbers = append(numbers, s.Number)
	}
	if sum != u.Amount {
		return fault.Newf(fault.Invalid, "suspense.shares", "Доли вместе %s, а пришло %s.", sum.Format(), u.Amount.Format()).WithField("amount")
	}
	return m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listHolders(ctx, tx, numbers)
		for _, s := range shares {
			if err == nil && !slices.ContainsFunc(list, func(h holder) bool { return h.supplier == s.Supplier && h.number == s.Number }) {
				err = fault.Newf(fault.Invalid, "suspense.account", "Счёта %s у поставщика %s нет.", s.Number, s.Supplier).WithField("account")
			}
		}
		return err
	})
}

// Confirm is the second person's word on a proposal. It tells what was done.
func (m *Module) Confirm(ctx context.Context, actor access.Actor, id int64) (Wish, error) {
	if err := actor.Require("suspense", "confirm"); err != nil {
		return Wish{}, err
	}
	var p proposal
	var found bool
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, found, err = findProposal(ctx, tx, id)
		return err
	})
	done := Wish{Shares: p.shares, Payee: p.payee, Reason: p.reason}
	switch {
	case err != nil:
		return done, err
	case !found:
		return done, fault.New(fault.NotFound, "suspense.no_proposal", "Предложения по этому платежу нет: его уже подтвердили или ещё не сделали.")
	case p.by == actor.String():
		return done, fault.New(fault.Conflict, "suspense.same_person", "Подтверждает другой человек, не тот, кто предложил.")
	}
	if len(p.shares) > 0 {
		err = m.Payments.SplitSuspense(ctx, actor.String(), id, p.shares)
	} else {
		err = m.giveBack(ctx, actor, id, &p)
	}
	if err != nil {
		return done, err
	}
	return done, m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM reconcile_proposal WHERE order_id = $1", id)
		return err
	})
}

// giveBack returns unidentified money: with a payment order of ours when there is a payee.
func (m *Module) giveBack(ctx context.Context, actor access.Actor, id int64, p *proposal) error {
	join := func(context.Context, *db.Tx, *payment.Returned) error { return nil }
	if p.payee != nil {
		write, err := m.GiveBack(ctx)
		if err != nil {
			return err
		}
		join = func(ctx context.Context, tx *db.Tx, r *payment.Returned) error {
			return write(ctx, tx, &GiveBack{Returned: *r, Payee: *p.payee, Author: p.by, Approver: actor.String()})
		}
	}
	return m.Payments.ReturnSuspense(ctx, actor.String(), id, p.by+": "+p.reason, join)
}
