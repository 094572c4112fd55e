package settlement

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// TraceArrival is a movement of the bank by which the money of a payment, with that of others of its day, came to us.
type TraceArrival struct {
	Day    calendar.DayText `json:"day"` // of the payers
	On     calendar.DayText `json:"on"`  // it came
	Number string           `json:"number"`
	Sum    money.Amount     `json:"sum"` // of the whole movement
}

// TraceReturn is unidentified money of the payment that goes back by a payment order.
type TraceReturn struct {
	Sum       money.Amount     `json:"sum"`
	State     string           `json:"state"`
	OrderNo   int              `json:"orderNo"`
	OrderOn   calendar.DayText `json:"orderOn"`
	Statement string           `json:"statement,omitempty"`
}

// fees gives the shares of a transaction what the centre kept of them: as the close that counted it reckoned, once a supplier.
func (f *following) fees(c *ledger.Counted, channel string, steps []TraceStep, suppliers []int64) error {
	if c.CloseNo == 0 {
		return nil
	}
	terms, err := f.termsOf(c.CloseNo)
	if err != nil {
		return err
	}
	var shares []share
	for i := range c.Entries {
		if e := &c.Entries[i]; e.SupplierID != 0 {
			shares = addShare(shares, e.SupplierID, -e.Amount)
		}
	}
	if through, _, ok := doorOf(c.Entries); ok {
		channel = through
	}
	for _, s := range shares {
		for i := range steps {
			if suppliers[i] != s.supplier {
				continue
			}
			if steps[i].Fee, err = terms.fee(s, c, channel); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// termsOf are the contracts as a close knew them.
func (f *following) termsOf(closeNo int64) (contracts, error) {
	if terms, ok := f.terms[closeNo]; ok {
		return terms, nil
	}
	var at calendar.Micros
	if err := f.tx.QueryRowContext(f.ctx, "SELECT began_at FROM settlement_close WHERE close_no = $1", closeNo).Scan(&at); err != nil {
		return nil, fmt.Errorf("close %d: %w", closeNo, err)
	}
	terms, err := listContracts(f.ctx, f.tx, at)
	f.terms[closeNo] = terms
	return terms, err
}

// beyond tells what is the centre's own of a payment's way: how its money came, and what went back of it by payment orders.
func (m *Module) beyond(ctx context.Context, tx *db.Tx, scope access.Scope, o *payment.Order, t *Trace) error {
	if !scope.All {
		return nil
	}
	returns, err := listReturns(ctx, tx, "WHERE order_id = $1 ORDER BY return_id", o.ID)
	if err != nil {
		return err
	}
	for i := range returns {
		x := &returns[i]
		t.Returns = append(t.Returns, TraceReturn{x.Sum, x.State, x.OrderNo, x.OrderOn, x.BankKey})
	}
	if m.Arrived != nil {
		t.Arrived, err = m.Arrived(ctx, tx, o.Key, o.Channel, o.PaidOn)
	}
	return err
}
