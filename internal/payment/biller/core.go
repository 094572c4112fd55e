package biller

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway/agent"
	"kvit/internal/settlement"
)

// input is what makes two requests with one number the same payment.
type input struct {
	Account string
	Sum     money.Amount
}

// check tells whether an account may be paid to, and what it owes. It changes nothing.
func (m *Module) check(ctx context.Context, a *Agent, q *agent.Request) (agent.Answer, error) {
	if stop := a.stopped(); stop != agent.OK {
		return agent.Answer{Outcome: stop}, nil
	}
	t, outcome, err := m.locate(ctx, a, q.Account, 0)
	if err == nil && outcome == agent.OK && q.Sum > 0 {
		outcome = a.judgeSum(q.Sum)
	}
	if err != nil || outcome != agent.OK {
		return agent.Answer{Outcome: outcome}, err
	}
	return agent.Answer{Payer: masked(t.bill.Payer), Address: bill.MaskAddress(t.bill.Address), Info: t.info(), Debt: t.due()}, nil
}

// stopped tells why the agent may not begin anything new.
func (a *Agent) stopped() agent.Outcome {
	switch a.State {
	case Closed:
		return agent.Forbidden
	case Paused:
		return agent.Broken
	}
	return agent.OK
}

func (a *Agent) judgeSum(sum money.Amount) agent.Outcome {
	switch {
	case sum < a.Min:
		return agent.TooSmall
	case sum > a.Max:
		return agent.TooLarge
	}
	return agent.OK
}

// pay books a payment once. What was booked is answered as it was then, whatever the contract or the account has become.
func (m *Module) pay(ctx context.Context, a *Agent, q *agent.Request) (agent.Answer, error) {
	in := input{q.Account, q.Sum}
	o, err := m.Payments.FindBooked(ctx, a.Code, q.Txn)
	if o.Repeated = true; err == nil {
		return a.again(&o, in), nil
	}
	if !m.Payments.Unknown(err) {
		return agent.Answer{}, err
	}
	day, outcome := m.payday(q.At)
	if stop := a.stopped(); stop != agent.OK {
		outcome = stop
	}
	if outcome != agent.OK {
		return agent.Answer{Outcome: outcome}, nil
	}
	t, outcome, err := m.locate(ctx, a, q.Account, q.Sum)
	if err != nil {
		return agent.Answer{}, err
	}
	b := &booking{txn: q.Txn, in: in, at: calendar.MicrosOf(q.At), day: day, method: "agent"}
	if a.Unknown == UnknownKept && nowhere(outcome) {
		b.waits, outcome = a.named(q.Account), agent.OK
	}
	if outcome == agent.OK {
		outcome = a.judgeSum(q.Sum)
	}
	if outcome != agent.OK {
		return agent.Answer{Outcome: outcome}, nil
	}
	if b.plan, err = b.split(t); err != nil {
		return agent.Answer{}, err
	}
	return m.book(ctx, a, b)
}

// nowhere tells whether an outcome says that there is no account to pay to.
func nowhere(o agent.Outcome) bool {
	return o == agent.NoAccount || o == agent.Inactive || o == agent.Unchecked
}

// named is an account nobody has as the payer named it to the agent.
func (a *Agent) named(number string) *payment.Unknown {
	if a.Accounts == ByAny {
		if code, rest, ok := strings.Cut(number, ":"); ok {
			return &payment.Unknown{Supplier: strings.TrimSpace(code), Number: strings.TrimSpace(rest)}
		}
	}
	return &payment.Unknown{Supplier: a.Supplier, Number: number}
}

// Moments of a payment that are believed: a clock may run ahead, a lost answer may be asked about long after.
const (
	clockAhead = 24 * time.Hour
	oldest     = 366 * 24 * time.Hour
)

// payday is the payer's date where he lives.
func (m *Module) payday(at time.Time) (calendar.Date, agent.Outcome) {
	now := m.Now().Time()
	if at.After(now.Add(clockAhead)) || at.Before(now.Add(-oldest)) {
		return 0, agent.BadDate
	}
	return calendar.DateOf(at.In(m.Zone)), agent.OK
}

// split shares a payment over what its target owes; what is above is paid ahead. Money that waits is whole.
func (b *booking) split(t *target) (payment.Plan, error) {
	if b.waits != nil {
		return payment.Plan{Sum: b.in.Sum}, nil
	}
	return payment.Split(t.debts, payment.Wish{Sum: b.in.Sum, Ahead: true}, t.rules)
}

// booking is a payment ready to be booked.
type booking struct {
	txn    string
	in     input
	at     calendar.Micros
	day    calendar.Date
	plan   payment.Plan
	waits  *payment.Unknown // nobody has the account: the money waits
	method string
}

func (m *Module) book(ctx context.Context, a *Agent, b *booking) (agent.Answer, error) {
	fee, err := percent(b.in.Sum, a.fee)
	if err != nil {
		return agent.Answer{}, err
	}
	o, err := m.Payments.Book(ctx, &payment.Booking{
		Agent: a.Code, Txn: b.txn, Input: b.in, Method: b.method, PaidOn: b.day, Plan: b.plan, Waits: b.waits, Actor: payment.ChannelAgent + a.Code,
		Join: func(batch *db.Batch, o *payment.Order) {
			addOperation(batch, a.Code, &operation{Txn: b.txn, OrderID: o.ID, Account: b.in.Account, ToldAt: b.at, Fee: int64(fee)})
		},
	})
	if fault.CodeOf(err) == payment.KeyReused {
		return agent.Answer{Outcome: agent.OtherData}, nil
	}
	if err != nil {
		return agent.Answer{}, err
	}
	return a.again(&o, b.in), nil
}

// percent is a share of a sum, rounded once.
func percent(sum money.Amount, share decimal.Decimal) (money.Amount, error) {
	part, err := decimal.MulDiv(int64(sum), int64(share), 100*int64(decimal.FromInt(1)))
	if err != nil {
		return 0, fmt.Errorf("fee of %d: %w", sum, err)
	}
	return money.Amount(part), nil
}

// again is the answer to a payment that is booked: the first time, or repeated.
func (a *Agent) again(o *payment.Order, in input) agent.Answer {
	switch {
	case o.Fingerprint != payment.Fingerprint(in):
		return agent.Answer{Outcome: agent.OtherData}
	case o.Refunded == o.Sum:
		return a.told(o, agent.Cancelled)
	case o.Repeated:
		return a.told(o, agent.Repeated)
	}
	return a.told(o, agent.OK)
}

// told is an answer about an order.
func (a *Agent) told(o *payment.Order, outcome agent.Outcome) agent.Answer {
	return agent.Answer{Outcome: outcome, Number: strconv.FormatInt(o.ID, 10), At: o.CreatedAt.Time().In(a.zone), Sum: o.Sum}
}

// status tells what became of a payment.
func (m *Module) status(ctx context.Context, a *Agent, q *agent.Request) (agent.Answer, error) {
	o, err := m.Payments.FindBooked(ctx, a.Code, q.Txn)
	switch {
	case m.Payments.Unknown(err):
		return agent.Answer{Outcome: agent.NoPayment}, m.Payments.Missing(ctx) // its record may have been lost: asked again later
	case err != nil:
		return agent.Answer{}, err
	case o.Refunded == o.Sum:
		return a.told(&o, agent.Cancelled), nil
	}
	return a.told(&o, agent.OK), nil
}

// cancel takes a payment back by the mirror of its split, within the days of the contract. Asked again it is done already.
func (m *Module) cancel(ctx context.Context, a *Agent, q *agent.Request) (agent.Answer, error) {
	o, err := m.Payments.FindBooked(ctx, a.Code, q.Txn)
	switch {
	case m.Payments.Unknown(err):
		return agent.Answer{Outcome: agent.NoPayment}, m.Payments.Missing(ctx) // its record may have been lost: asked again later
	case err != nil:
		return agent.Answer{}, err
	case o.Refunded == o.Sum:
		return a.told(&o, agent.OK), nil
	}
	may, err := m.mayCancel(ctx, a, &o)
	if err != nil || !may {
		return agent.Answer{Outcome: agent.NotCancelled}, err
	}
	o, err = m.Payments.Refund(ctx, o.Channel, o.PublicID, "cancel:"+o.Key, o.Sum)
	if fault.Is(err, fault.Conflict) { // a refund of the centre came between
		return agent.Answer{Outcome: agent.NotCancelled}, nil
	}
	return a.told(&o, agent.OK), err
}

// mayCancel tells whether a payment may still be taken back: none of it went back or out to suppliers, and the days of the
// contract are not over. Day 0 is the one we registered the payment on, where the payers live.
func (m *Module) mayCancel(ctx context.Context, a *Agent, o *payment.Order) (may bool, err error) {
	age := m.today().Days(calendar.DateOf(o.CreatedAt.Time().In(m.Zone)))
	if o.Refunded > 0 || a.Cancel != cancelOpen && age > a.Cancel {
		return false, nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		gone, err := settlement.PaidOut(ctx, tx, o)
		may = !gone
		return err
	})
	return may, err
}

// masked hides a name from whoever pays: «И*** П*** С***».
func masked(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		words[i] = string(r) + "***"
	}
	return strings.Join(words, " ")
}
