package reconcile

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// BankBook is the centre's book beside the statements of its bank accounts.
type BankBook struct {
	Accounts   []BankAccount `json:"accounts"`
	Booked     money.Amount  `json:"booked"`     // movements in the centre's book, of all accounts
	Unknown    money.Amount  `json:"unknown"`    // that nobody has explained: above zero money that came, below zero money that left
	PartnerFee money.Amount  `json:"partnerFee"` // kept back by banks, acquirers and agents
	Other      money.Amount  `json:"other"`      // left for no payout: the bank's own charges and the like
}

// BankAccount is an account of ours: opening + in − out = by the book; closing: by the latest statement.
type BankAccount struct {
	Account    string           `json:"account"`
	From       calendar.DayText `json:"from"`
	To         calendar.DayText `json:"to"`
	Told       bool             `json:"told"` // statements tell balances
	Opening    money.Amount     `json:"opening"`
	In         money.Amount     `json:"in"`
	Out        money.Amount     `json:"out"`
	Book       money.Amount     `json:"book"`
	Closing    money.Amount     `json:"closing"`
	Difference money.Amount     `json:"difference"` // of a day whose statement did not come, or of a movement left out of one
}

// BankBook gives the centre's book beside its statements.
func (m *Module) BankBook(ctx context.Context, actor access.Actor) (b *BankBook, err error) {
	if err := actor.Require("reconcile", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		b = &BankBook{Accounts: []BankAccount{}}
		if err := b.accounts(ctx, tx); err != nil {
			return err
		}
		return b.balances(ctx, tx)
	})
	return b, err
}

func (b *BankBook) accounts(ctx context.Context, tx *db.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT a.account, coalesce(o.day_from, 0), coalesce(o.opening_kop, 0), coalesce(c.day_to, 0), coalesce(c.closing_kop, 0) FROM
			(SELECT account FROM reconcile_movement WHERE account <> '' GROUP BY account UNION SELECT account FROM reconcile_balance) a
		LEFT JOIN reconcile_balance o ON o.account = a.account AND NOT EXISTS (SELECT 1 FROM reconcile_balance n WHERE n.account = o.account AND (n.day_from, n.day_to, n.statement_id) < (o.day_from, o.day_to, o.statement_id))
		LEFT JOIN reconcile_balance c ON c.account = a.account AND NOT EXISTS (SELECT 1 FROM reconcile_balance n WHERE n.account = c.account AND (n.day_to, n.day_from, n.statement_id) > (c.day_to, c.day_from, c.statement_id))
		ORDER BY a.account`)
	if err != nil {
		return fmt.Errorf("bank accounts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x BankAccount
		if err := rows.Scan(&x.Account, &x.From, &x.Opening, &x.To, &x.Closing); err != nil {
			return err
		}
		x.Told = x.To != 0
		b.Accounts = append(b.Accounts, x)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i := range b.Accounts {
		if err := b.Accounts[i].moved(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// moved adds up what moved on the account over the days its balances are told for, or over all.
func (x *BankAccount) moved(ctx context.Context, tx *db.Tx) error {
	var first, last calendar.Date
	err := tx.QueryRowContext(ctx, `SELECT coalesce(CAST(sum(CASE incoming WHEN 1 THEN sum_kop ELSE 0 END) AS BIGINT), 0), coalesce(CAST(sum(CASE incoming WHEN 1 THEN 0 ELSE sum_kop END) AS BIGINT), 0),
		coalesce(min(day), 0), coalesce(max(day), 0) FROM reconcile_movement WHERE account = $1 AND booked = 1 AND (CAST($3 AS BIGINT) = 0 OR day BETWEEN $2 AND $3)`, x.Account, int64(x.From), int64(x.To)).
		Scan(&x.In, &x.Out, &first, &last)
	if err != nil {
		return fmt.Errorf("movements of an account: %w", err)
	}
	x.Book = x.Opening + x.In - x.Out
	if x.Told {
		x.Difference = x.Book - x.Closing
		return nil
	}
	x.From, x.To = calendar.DayText(first), calendar.DayText(last)
	return nil
}

func (b *BankBook) balances(ctx context.Context, tx *db.Tx) error {
	list, err := ledger.ListNamed(ctx, tx, ledger.Centre)
	for _, x := range list {
		switch {
		case x.Name == ledger.Bank:
			b.Booked = x.Amount
		case x.Name == ledger.Transit:
			b.Unknown = -x.Amount
		case x.Name == ledger.OtherOut:
			b.Other = x.Amount
		case ledger.IsPartnerFee(x.Name):
			b.PartnerFee += x.Amount
		}
	}
	return err
}
