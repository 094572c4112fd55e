package town

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"kvit/internal/access"
	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// client does deeds on one book beside others, each by a number of its own.
type client struct {
	app     *app.App
	journal *journal
	rng     *rand.Rand
	name    string
	pots    []int64 // the house whose book each pot is in
}

// deedKinds are what clients do, in turn: the ledger's own transfers most of all.
var deedKinds = []string{transferKind, "pay", transferKind, "advance", transferKind, "assign", transferKind, "reverse", transferKind, "pay", transferKind, "return", transferKind, "advance", "house"}

// work does so many deeds.
func (c *client) work(from, deeds int) {
	for n := range deeds {
		d := &deed{ID: fmt.Sprintf("%s-%d", c.name, n), Kind: deedKinds[(from+n)%len(deedKinds)], Began: clockNow()}
		c.do(d, map[string]func(context.Context, *deed) error{
			transferKind: c.transfer, "pay": c.pay, "advance": c.moveAdvance, "assign": c.assign, "return": c.giveBack, "reverse": c.reverse, "house": c.moveHouse,
		}[d.Kind])
	}
}

// errNothing says that there is nothing to do this deed with.
var errNothing = fault.New(fault.NotFound, "town.nothing", "Нечего делать.")

// do does a deed and notes what came of it.
func (c *client) do(d *deed, how func(context.Context, *deed) error) {
	c.journal.note(d)
	err := how(context.Background(), d)
	switch kind := fault.KindOf(err); {
	case err == nil:
		d.Done, d.Ended = true, clockNow()
	case kind == fault.Unavailable:
	case kind == fault.Conflict || kind == fault.NotFound || kind == fault.Invalid:
		d.Ended = clockNow()
	default:
		d.Trouble = err.Error()
	}
	c.journal.note(d)
}

// held is an account where it lives.
type held struct {
	building, account, supplier int64
	code, number                string
}

// accounts are those of the town; of one house, when it is named.
func (c *client) accounts(ctx context.Context, house int64) (list []held, err error) {
	err = c.app.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT r.building_id, r.account_id, r.supplier_id, s.code, r.number FROM account_route r JOIN supplier s ON s.supplier_id = r.supplier_id
			WHERE r.building_id > 0 AND (r.building_id = $1 OR CAST($1 AS BIGINT) = 0) ORDER BY r.account_id`, house)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a held
			if err := rows.Scan(&a.building, &a.account, &a.supplier, &a.code, &a.number); err != nil {
				return err
			}
			list = append(list, a)
		}
		return rows.Err()
	})
	return list, err
}

func (c *client) anAccount(ctx context.Context, house int64) (held, error) {
	list, err := c.accounts(ctx, house)
	if err == nil && len(list) == 0 {
		err = errNothing
	}
	if err != nil {
		return held{}, err
	}
	return list[c.rng.IntN(min(len(list), 6))], nil // few of them, so that deeds meet
}

func (a *held) part(kind string, sum money.Amount) payment.PlanPart {
	return payment.PlanPart{BuildingID: a.building, AccountID: a.account, SupplierID: a.supplier, Supplier: a.code, Account: a.number, Kind: kind, Amount: sum}
}

const crowdAgent = "crowd"

// pay brings a payment of an agent: a debt and money ahead. Without an answer it asks again, as agents do.
func (c *client) pay(ctx context.Context, d *deed) error {
	a, err := c.anAccount(ctx, 0)
	if err != nil {
		return err
	}
	debt, ahead := money.Amount(1+c.rng.Int64N(50_000)), money.Amount(1+c.rng.Int64N(50_000))
	d.Name = payment.AgentKey(crowdAgent, d.ID)
	b := payment.Booking{Agent: crowdAgent, Txn: d.ID, Input: d.ID, Method: "agent", PaidOn: calendar.NewDate(2026, 2, 10), Actor: "agent", Join: func(*db.Batch, *payment.Order) {},
		Plan: payment.Plan{Sum: debt + ahead, Parts: []payment.PlanPart{a.part(payment.PartDebt, debt), a.part(payment.PartAdvance, ahead)}}}
	for try := 0; ; try++ {
		if _, err = c.app.Payments.Book(ctx, &b); fault.KindOf(err) != fault.Unavailable || try == 2 {
			return err
		}
	}
}

// moveAdvance gives what an account holds paid ahead to another of its house.
func (c *client) moveAdvance(ctx context.Context, _ *deed) error {
	a, err := c.anAccount(ctx, 0)
	if err != nil {
		return err
	}
	to, err := c.anAccount(ctx, a.building)
	if err != nil || to.account == a.account {
		return errors.Join(err, errNothing)
	}
	var sum money.Amount
	err = c.app.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := payment.ListAdvancesOf(ctx, tx, a.building, a.account)
		sum = 0
		for _, x := range list {
			sum += x.Left
		}
		return err
	})
	if err != nil || sum == 0 {
		return errors.Join(err, errNothing)
	}
	return c.app.Payments.MoveAdvance(ctx, "centre", a.building, a.account, &payment.Plan{Sum: sum, Parts: []payment.PlanPart{to.part(payment.PartAdvance, sum)}})
}

// waiting is a sum nobody has placed.
func (c *client) waiting(ctx context.Context, d *deed) (s payment.SuspenseItem, err error) {
	var list []payment.SuspenseItem
	err = c.app.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = payment.ListSuspense(ctx, tx)
		return err
	})
	if err == nil && len(list) == 0 {
		err = errNothing
	}
	if err != nil {
		return s, err
	}
	s = list[c.rng.IntN(min(len(list), 3))]
	d.Name = suspenseName(s.ID)
	c.journal.note(d)
	return s, nil
}

func suspenseName(id int64) string { return fmt.Sprintf("suspense:%d", id) }

// assign shares a sum nobody had placed between two accounts.
func (c *client) assign(ctx context.Context, d *deed) error {
	s, err := c.waiting(ctx, d)
	if err != nil {
		return err
	}
	shares := []payment.Share{}
	for i, sum := range money.Split(s.Amount, []int64{1, 2}) {
		a, err := c.anAccount(ctx, 0)
		if err != nil {
			return err
		}
		if shares = append(shares, payment.Share{Supplier: a.code, Number: a.number, Amount: sum}); i > 0 && shares[0].Number == a.number {
			shares = []payment.Share{{Supplier: a.code, Number: a.number, Amount: s.Amount}}
		}
	}
	return c.app.Payments.SplitSuspense(ctx, "centre", s.ID, shares)
}

// giveBack gives a sum nobody had placed back to where it came from.
func (c *client) giveBack(ctx context.Context, d *deed) error {
	s, err := c.waiting(ctx, d)
	if err != nil {
		return err
	}
	return c.app.Payments.ReturnSuspense(ctx, "centre", s.ID, "test", func(context.Context, *db.Tx, *payment.Returned) error { return nil })
}

// reverse takes a payment of the agent back: its register did not have it.
func (c *client) reverse(ctx context.Context, d *deed) error {
	list, err := c.app.Payments.ListBooked(ctx, crowdAgent, calendar.NewDate(2026, 2, 10), calendar.NewDate(2026, 2, 10))
	if err == nil && len(list) == 0 {
		err = errNothing
	}
	if err != nil {
		return err
	}
	key := list[c.rng.IntN(len(list))].Key
	d.Name = "back:" + key
	c.journal.note(d)
	return c.app.Payments.Reverse(ctx, "centre", key, "test")
}

// moveHouse moves an account, with its book, to the other house.
func (c *client) moveHouse(ctx context.Context, _ *deed) error {
	a, err := c.anAccount(ctx, 0)
	if err != nil {
		return err
	}
	house := "H1"
	if a.building == c.pots[0] {
		house = "H2"
	}
	return c.app.Exchange.Move(ctx, access.Actor{Role: access.System}, a.code, a.number, house, "test")
}
