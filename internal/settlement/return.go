package settlement

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// Return is unidentified money that goes back to its payer by a payment order of ours. Its state is one of PayoutSent,
// PayoutConfirmed, PayoutReturned: of a returned one the money waits among the unidentified anew.
type Return struct {
	ID        int64               `json:"id"`
	OrderID   int64               `json:"payment"` // number of the unidentified payment
	Channel   string              `json:"channel"` // it came by
	Day       calendar.DayText    `json:"day"`     // it left the unidentified
	State     string              `json:"state"`
	Sum       money.Amount        `json:"sum"`
	Details   Details             `json:"details"`
	OrderNo   int                 `json:"orderNo"`
	OrderOn   calendar.DayText    `json:"orderOn"`
	Author    string              `json:"author"`
	Approver  string              `json:"approver"`
	SentAt    calendar.MomentText `json:"sentAt"`
	SettledOn calendar.DayText    `json:"settledOn,omitempty"`
	BankKey   string              `json:"bankKey,omitempty"`   // operation of the statement that shows it
	ReturnKey string              `json:"returnKey,omitempty"` // operation by which the bank gave it back
}

// ReturnIDs is how many ids a return reserves: its own, and those of its postings.
const ReturnIDs = 4

// ids of the postings of a return, beside its own.
const (
	returnPaid     = 1
	returnCameBack = 2
	returnReopened = 3
)

// BankOrder is its payment order.
func (x *Return) BankOrder() BankOrder { return BankOrder{x.OrderNo, x.OrderOn, x.Sum, x.Details} }

// ReturnLabels are the words people see for states of a return.
var ReturnLabels = map[string]string{PayoutSent: "отправлено в банк", PayoutConfirmed: "исполнено банком", PayoutReturned: "банк вернул, деньги снова невыясненные"}

// MakeReturn numbers the payment order of money that goes back to its payer. Two persons have agreed on it before. Conflict
// when the centre's own account was never told.
func MakeReturn(ctx context.Context, tx *db.Tx, x *Return) (err error) {
	if x.Details.Payer, err = findCentre(ctx, tx, x.Day.Date(), x.SentAt.Micros()); err != nil {
		return err
	}
	if x.OrderNo, err = nextOrderNo(ctx, tx, x.Day.Date()); err != nil {
		return err
	}
	x.State, x.OrderOn = PayoutSent, x.Day
	details, err := json.Marshal(x.Details)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO settlement_return (return_id, order_id, channel, day, state, sum_kop, details, order_no, order_on, author, approver, sent_at, settled_on, bank_key, return_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', '')`, x.ID, x.OrderID, x.Channel, int64(x.Day), x.State, int64(x.Sum), string(details), x.OrderNo, int64(x.OrderOn), x.Author, x.Approver, int64(x.SentAt))
	if err != nil {
		return fmt.Errorf("return of order %d: %w", x.OrderID, err)
	}
	return nil
}

func listReturns(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]Return, error) {
	rows, err := tx.QueryContext(ctx, "SELECT return_id, order_id, channel, day, state, sum_kop, details, order_no, order_on, author, approver, sent_at, settled_on, bank_key, return_key FROM settlement_return "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list returns: %w", err)
	}
	defer rows.Close()
	list := []Return{}
	for rows.Next() {
		var x Return
		var details []byte
		if err := rows.Scan(&x.ID, &x.OrderID, &x.Channel, &x.Day, &x.State, &x.Sum, &details, &x.OrderNo, &x.OrderOn, &x.Author, &x.Approver, &x.SentAt, &x.SettledOn, &x.BankKey, &x.ReturnKey); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(details, &x.Details); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// returnsMax bounds a list of returns.
const returnsMax = 10_000

// Returns gives the money that goes back by payment orders, latest first; open: only what no statement shows yet.
func (m *Module) Returns(ctx context.Context, actor access.Actor, open bool) (list []Return, err error) {
	if err := actor.Require("suspense", "read"); err != nil {
		return nil, err
	}
	where := "ORDER BY return_id DESC LIMIT $1"
	if open {
		where = "WHERE state = 'sent' " + where
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listReturns(ctx, tx, where, int64(returnsMax))
		return err
	})
	return list, err
}

// returnOf is the one return that a statement's operation belongs to; nil when there is none, or more than one is meant.
func (o *BankOperation) returnOf(ctx context.Context, tx *db.Tx) (found *Return, err error) {
	missing := "bank_key = '' "
	if !o.Out {
		missing = "return_key = '' "
	}
	list, err := listReturns(ctx, tx, "WHERE "+missing+"AND sum_kop = $1 AND order_on BETWEEN $2 AND $3 ORDER BY return_id", int64(o.Amount), int64(o.Day.AddDays(-returnWindow)), int64(o.Day))
	if err != nil {
		return nil, err
	}
	for i := range list {
		x := &list[i]
		if !o.shows(x.OrderNo, &x.Details.Payee) {
			continue
		}
		if found != nil {
			return nil, nil
		}
		found = x
	}
	return found, nil
}

// matchReturn writes what the bank says of a return, and what its movement is for, into the centre's book. Money that came back
// waits among the unidentified anew.
func (x *Return) matchReturn(ctx context.Context, tx *db.Tx, o *BankOperation) error {
	from, to, no := ledger.Clearing(x.Channel, x.Day.Date()), ledger.Transit, int64(returnPaid)
	if o.Out {
		if x.BankKey = o.Key; x.State == PayoutSent {
			x.State, x.SettledOn = PayoutConfirmed, calendar.DayText(o.Day)
		}
	} else {
		from, to, no = to, from, returnCameBack
		x.State, x.ReturnKey, x.SettledOn = PayoutReturned, o.Key, calendar.DayText(o.Day)
		if err := payment.ReopenSuspense(ctx, tx, x.ID+returnReopened, x.OrderID, o.Day, o.At); err != nil {
			return err
		}
	}
	t := ledger.Transaction{ID: x.ID + no, BuildingID: ledger.Centre, Key: fmt.Sprintf("giveback:%d:%d", x.ID, no), Kind: "giveback", EffectiveOn: o.Day, RecordedAt: o.At,
		Entries: []ledger.Entry{{Name: from, Amount: x.Sum}, {Name: to, Amount: -x.Sum}}}
	if _, err := ledger.Post(ctx, tx, &t); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE settlement_return SET state = $2, settled_on = $3, bank_key = $4, return_key = $5 WHERE return_id = $1", x.ID, x.State, int64(x.SettledOn), x.BankKey, x.ReturnKey)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, o.At, "statement", "suspense.return_"+x.State, fmt.Sprintf("order:%d", x.OrderID), map[string]int64{"sum": int64(x.Sum), "order": int64(x.OrderNo)})
}
