package settlement

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// BankOperation is a movement on our bank account, as a statement tells of it.
type BankOperation struct {
	Key     string        // of the operation, the same whenever the statement comes
	Out     bool          // money that left; else money that came
	Number  string        // of the document
	Day     calendar.Date // when the bank did it
	Amount  money.Amount  // above zero
	Account string        // of the other side, ” where the statement does not tell
	INN     string        // of the other side
	Purpose string
	At      calendar.Micros // when we learn of it
}

// Matched is the payout, or the return of unidentified money, that an operation belongs to.
type Matched struct {
	Payout   int64  `json:"payout,omitempty"`
	Return   int64  `json:"return,omitempty"`
	Supplier string `json:"supplier,omitempty"`
	State    string `json:"state"`
	Repeated bool   `json:"repeated"` // the operation was matched before; nothing changed
}

// returnWindow is how long after a payout was sent money may come back.
const returnWindow = 60

// MatchOutgoing finds the payout of ours, or the return of unidentified money, that a statement's operation belongs to: one
// that left confirms it, one that came back returns it. It writes what the operation is for into the centre's book. nil: it is
// none of ours, or more than one may be meant, which a person decides. The same operation again changes nothing.
func MatchOutgoing(ctx context.Context, tx *db.Tx, o BankOperation) (*Matched, error) {
	if before, err := o.before(ctx, tx); err != nil || before != nil {
		return before, err
	}
	p, err := o.payout(ctx, tx)
	if err != nil {
		return nil, err
	}
	back, err := o.returnOf(ctx, tx)
	switch {
	case err != nil, p == nil && back == nil, p != nil && back != nil:
		return nil, err
	case back != nil:
		return &Matched{Return: back.ID, State: back.State}, back.matchReturn(ctx, tx, &o)
	}
	return &Matched{Payout: p.ID, Supplier: p.Supplier, State: o.state()}, p.match(ctx, tx, &o)
}

// before is what the operation was matched with when it came first; nil when it did not.
func (o *BankOperation) before(ctx context.Context, tx *db.Tx) (*Matched, error) {
	payouts, err := listPayouts(ctx, tx, "WHERE p."+o.keyColumn()+" = $1", o.Key)
	if err != nil {
		return nil, err
	}
	if len(payouts) > 0 {
		return &Matched{Payout: payouts[0].ID, Supplier: payouts[0].Supplier, State: payouts[0].State, Repeated: true}, nil
	}
	returns, err := listReturns(ctx, tx, "WHERE "+o.keyColumn()+" = $1", o.Key)
	if err != nil || len(returns) == 0 {
		return nil, err
	}
	return &Matched{Return: returns[0].ID, State: returns[0].State, Repeated: true}, nil
}

// match takes a payout to what the operation says of it.
func (p *Payout) match(ctx context.Context, tx *db.Tx, o *BankOperation) error {
	switch {
	case p.State == o.state(): // a person told it already: the statement is the proof
		p.setKey(*o)
		return p.change(ctx, tx, p.State)
	case o.Out && p.State == PayoutReturned: // the statement of an earlier day comes after that of its return
		p.BankKey = o.Key
		return p.change(ctx, tx, p.State)
	}
	if err := p.settle(ctx, tx, o.state(), *o); err != nil {
		return err
	}
	return audit.Record(ctx, tx, o.At, "statement", "payout."+p.State, fmt.Sprintf("payout:%d", p.ID), map[string]int64{"sum": int64(p.Paid), "order": int64(p.OrderNo)})
}

// personKey begins the keys of what a person told without a statement.
const personKey = "person:"

// keyColumn is where the key of such an operation stands.
func (o *BankOperation) keyColumn() string {
	if o.Out {
		return "bank_key"
	}
	return "return_key"
}

func (p *Payout) setKey(o BankOperation) {
	p.SettledOn, p.SettledAt = calendar.DayText(o.Day), calendar.MomentText(o.At)
	if o.Out {
		p.BankKey = o.Key
	} else {
		p.ReturnKey = o.Key
	}
}

// state is what an operation makes of its payout.
func (o *BankOperation) state() string {
	if o.Out {
		return PayoutConfirmed
	}
	return PayoutReturned
}

// payout is the one payout that waits for the operation: the same sum and number, the same account where it is told.
func (o *BankOperation) payout(ctx context.Context, tx *db.Tx) (*Payout, error) {
	states := "(p.state = 'sent' OR p.state = 'confirmed' AND p.bank_key LIKE 'person:%' OR p.state = 'returned' AND p.bank_key = '')"
	if !o.Out {
		states = "(p.state IN ('sent', 'confirmed') OR p.state = 'returned' AND p.return_key LIKE 'person:%')"
	}
	list, err := listPayouts(ctx, tx, "WHERE "+states+" AND p.paid_kop = $1 AND p.order_on BETWEEN $2 AND $3 ORDER BY p.payout_id", int64(o.Amount), int64(o.Day.AddDays(-returnWindow)), int64(o.Day))
	if err != nil {
		return nil, err
	}
	var found *Payout
	for i := range list {
		if o.shows(list[i].OrderNo, &list[i].Details.Payee) {
			if found != nil {
				return nil, nil
			}
			found = &list[i]
		}
	}
	return found, nil
}

// shows tells whether the operation may be of our payment order with a number to a payee. What left carries our number; what
// came back names it in its purpose, for the bank gives it a number of its own.
func (o *BankOperation) shows(number int, payee *Party) bool {
	if o.Out {
		if n, err := strconv.Atoi(o.Number); err != nil || n != number {
			return false
		}
		return o.Account == "" || o.Account == payee.BankAccount
	}
	if o.INN != "" && o.INN == payee.INN || o.Account != "" && o.Account == payee.BankAccount || returnWords.MatchString(o.Purpose) {
		return names(o.Purpose, number)
	}
	return false
}

// returnWords tell that money came back.
var returnWords = regexp.MustCompile(`(?i)возвра(т|щ)|отказ|не исполнен`)

var numberWords = regexp.MustCompile(`(?i)(?:№|N|п/п|пл\.?\s*пор\S*|поручени\S*)\s*0*(\d{1,6})(?:\D|$)`)

// names tells whether a purpose names the number of a payment order.
func names(purpose string, number int) bool {
	for _, m := range numberWords.FindAllStringSubmatch(purpose, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil && n == number {
			return true
		}
	}
	return false
}

// settle takes a payout to what the bank says of it, and writes into the centre's book what the bank's movement is for: the
// movement itself stands there by its statement.
func (p *Payout) settle(ctx context.Context, tx *db.Tx, state string, o BankOperation) error {
	was := p.State
	from, entries := []string{PayoutSent}, []ledger.Entry{{Name: ledger.PayoutSent(p.ID), Amount: p.Paid}, {Name: ledger.Transit, Amount: -p.Paid}}
	if state == PayoutReturned {
		from = append(from, PayoutConfirmed)
		side := ledger.PayoutSent(p.ID)
		if was == PayoutConfirmed {
			side = ledger.Transit
		}
		entries = []ledger.Entry{{Name: side, Amount: p.Paid}, {Name: ledger.Payable(p.SupplierID), Amount: -p.Paid}}
		p.Reason = o.Purpose
	}
	p.State = state
	p.setKey(o)
	if err := p.change(ctx, tx, from...); err != nil {
		return err
	}
	return p.post(ctx, tx, state, o.At, entries)
}
