package biller

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/inert"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway/agent"
)

// States of an operation in a register.
const (
	StateBooked    = "booked"
	StateCancelled = "cancelled" // taken back, whole or a part: sum is what stayed
	StateRegister  = "register"  // known from the agent's register only
)

// Operation is a payment of an agent as our register has it.
type Operation struct {
	Number  string       `json:"number"` // ours
	Txn     string       `json:"txn"`
	At      string       `json:"at"` // the payer's moment by the agent's clock
	Account string       `json:"account"`
	Sum     money.Amount `json:"sum"` // less what was taken back
	Fee     money.Amount `json:"fee"`
	State   string       `json:"state"`
	day     calendar.Date
}

// Register gives the operations of an agent whose moment, by its clock, is of a day, in the order they came.
func (m *Module) Register(ctx context.Context, actor access.Actor, code string, day calendar.Date) ([]Operation, error) {
	if err := actor.Require("agent", "read"); err != nil {
		return nil, err
	}
	a, err := m.agentOf(ctx, code)
	if err != nil {
		return nil, err
	}
	all, err := m.around(ctx, a, day)
	if err != nil {
		return nil, err
	}
	list := []Operation{}
	for _, o := range all {
		if o.day == day {
			list = append(list, o)
		}
	}
	return list, nil
}

// around gives the operations of an agent of a day and its neighbours: its clock and the payers' may differ by a day.
func (m *Module) around(ctx context.Context, a *Agent, day calendar.Date) (list []Operation, err error) {
	from, to := day.AddDays(-1), day.AddDays(1)
	orders, err := m.Payments.ListBooked(ctx, a.Code, from, to)
	if err != nil {
		return nil, err
	}
	var told map[string]operation
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		told, err = listOperations(ctx, tx, a.Code, from, to)
		return err
	})
	for i := range orders {
		if t, ok := told[orders[i].GatewayID]; ok {
			list = append(list, a.operation(&orders[i], &t))
		}
	}
	return list, err
}

// momentForm is a moment in a register.
const momentForm = "2006-01-02 15:04:05"

func (a *Agent) operation(o *payment.Order, t *operation) Operation {
	at := t.ToldAt.Time().In(a.zone)
	x := Operation{Number: strconv.FormatInt(o.ID, 10), Txn: t.Txn, At: at.Format(momentForm), Account: t.Account, Sum: o.Sum - o.Refunded, Fee: money.Amount(t.Fee), State: StateBooked, day: calendar.DateOf(at)}
	switch {
	case o.Refunded > 0:
		x.State = StateCancelled
	case o.Method == payment.MethodRegister:
		x.State = StateRegister
	}
	return x
}

// WriteRegister writes operations as a table: UTF-8, a semicolon between columns, sums with a point.
func WriteRegister(w io.Writer, list []Operation) error {
	out := csv.NewWriter(w)
	out.Comma = ';'
	rows := [][]string{{"Номер", "Операция", "Дата и время", "Лицевой счёт", "Сумма", "Комиссия", "Состояние"}}
	for i := range list {
		o := &list[i]
		rows = append(rows, inert.Cells(o.Number, o.Txn, o.At, o.Account, o.Sum.String(), o.Fee.String(), o.State))
	}
	return out.WriteAll(rows)
}

// bookFromRegister books a payment that is in the agent's register and was never told of. The agent has the money, so it is
// taken whatever the account: one that nobody has waits.
func (m *Module) bookFromRegister(ctx context.Context, a *Agent, t *theirs) (reason string, err error) {
	found, outcome, err := m.locate(ctx, a, t.account, t.sum)
	if err != nil {
		return "", err
	}
	b := &booking{txn: t.txn, in: input{t.account, t.sum}, at: calendar.MicrosOf(t.at(a.zone)), day: t.day, method: payment.MethodRegister}
	if outcome != agent.OK {
		b.waits = a.named(t.account)
	}
	b.plan, err = b.split(found)
	if fault.Is(err, fault.Invalid) {
		return fault.As(err).Message, nil
	}
	if err != nil {
		return "", err
	}
	answer, err := m.book(ctx, a, b)
	if err == nil && !answer.Outcome.Done() {
		reason = answer.Outcome.String()
	}
	return reason, err
}
