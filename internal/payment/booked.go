package payment

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// ChannelAgent begins the channels of banks and networks that pay by a biller's protocol: «agent:» and their code.
const ChannelAgent = "agent:"

// MethodRegister marks a payment that is known from a register only: nobody told of it when it was made.
const MethodRegister = "register"

// AgentKey is the key of an agent's operation. It begins as the keys of registers do, so that no client can take it.
func AgentKey(agent, txn string) string { return registerKey + ChannelAgent + agent + ":" + txn }

// Booking is money that an agent has taken for us already.
type Booking struct {
	Agent  string // code
	Txn    string // the agent's own number
	Input  any    // what was asked for: the same number with another input is a Conflict
	Method string // «agent», or MethodRegister
	PaidOn calendar.Date
	Plan   Plan
	Waits  *Unknown // nobody knows the account: the money waits, and the plan has a sum and no parts
	Actor  string
	Join   func(b *db.Batch, o *Order) // adds what is written with it, once
}

// Unknown is an account as a payer named it that nobody has.
type Unknown struct{ Supplier, Number string }

// Book credits money an agent has taken: order, parts and postings in one transaction, so that an answer given after it
// stays true. The same operation gives the first order, marked Repeated; with another input it is a Conflict.
func (m *Module) Book(ctx context.Context, b *Booking) (Order, error) {
	channel, now := ChannelAgent+b.Agent, m.now()
	o := Order{Key: AgentKey(b.Agent, b.Txn), PublicID: uuid.Must(uuid.NewV7()).String(), Fingerprint: Fingerprint(b.Input), Channel: channel, Method: b.Method,
		Sum: b.Plan.Sum, PaidOn: b.PaidOn, GatewayID: b.Txn, Actor: b.Actor, CreatedAt: now, ChangedAt: now}
	if b.Waits != nil {
		building, err := m.channelBuilding(ctx, channel)
		if err != nil {
			return o, err
		}
		o.Parts = []Part{{BuildingID: building, No: 1, Kind: ledger.Suspense, Amount: o.Sum, PaidOn: o.PaidOn, Channel: channel, RecordedAt: now}}
	}
	if err := m.pay(ctx, &o, &b.Plan); err != nil {
		return o, err
	}
	var batch db.Batch
	o.add(&batch)
	b.Join(&batch, &o)
	if b.Waits != nil {
		w := suspense{order: o.ID, building: o.Parts[0].BuildingID, code: b.Waits.Supplier, number: b.Waits.Number, amount: o.Sum, day: o.PaidOn}
		batch.Add(suspenseInsert, w.row(channel, now)...)
	}
	if err := o.addPostings(&batch, o.ID+1, now); err != nil {
		return o, err
	}
	return m.writeOnce(ctx, o, &batch)
}

// pay makes a fresh order one that is paid and credited: its parts posted with it. The ids of its postings follow its own.
func (m *Module) pay(ctx context.Context, o *Order, plan *Plan) (err error) {
	o.divide(plan)
	if o.ID, err = m.db.NextIDs(ctx, 1+len(o.buildings())); err != nil {
		return err
	}
	o.State = StateCredited
	for i := range o.Parts {
		o.Parts[i].OrderID, o.Parts[i].PostedAt = o.ID, o.CreatedAt
	}
	return nil
}

// addPostings puts the postings of an order and what suppliers are told of them at the end of a batch; their ids begin
// with id.
func (o *Order) addPostings(b *db.Batch, id int64, at calendar.Micros) error {
	var list []ledger.Transaction
	var events []event.Event
	for i, building := range o.buildings() {
		t, parts := o.posting(building, id+int64(i), at)
		list = append(list, t)
		events = append(events, eventsOf(o, parts, at)...)
	}
	if err := ledger.Add(b, list); err != nil {
		return err
	}
	return event.Add(b, events)
}

// FindBooked gives an agent's operation by its number; NotFound when there is none.
func (m *Module) FindBooked(ctx context.Context, agent, txn string) (o Order, err error) {
	there := false // mostly it is not: agents ask before they pay, and seldom twice
	err = m.db.Ask(ctx, "SELECT 1 FROM payment_order WHERE client_key = $1", []any{AgentKey(agent, txn)}, func(func(...any) error) error {
		there = true
		return nil
	})
	if err == nil && !there {
		err = errUnknownPayment
	}
	if err != nil {
		return o, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		o, err = findOrder(ctx, tx, "client_key", AgentKey(agent, txn))
		return err
	})
	return o, err
}

// ListBooked gives the operations of an agent that are dated by a stretch of days, without their parts, in the
// order they came.
func (m *Module) ListBooked(ctx context.Context, agent string, from, to calendar.Date) (list []Order, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listBooked(ctx, tx, agent, from, to)
		return err
	})
	return list, err
}

func listBooked(ctx context.Context, tx *db.Tx, agent string, from, to calendar.Date) (list []Order, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+orderColumns+" FROM payment_order WHERE channel = $1 AND paid_on BETWEEN $2 AND $3 ORDER BY created_at, order_id",
		ChannelAgent+agent, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("list booked: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		o, err := scanOrder(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// DayTotal is what came through a channel on a day.
type DayTotal struct {
	Count int
	Sum   money.Amount // less what went back
}

// AgentTotals gives what each agent, by its code, has brought of payments dated by a day.
func (m *Module) AgentTotals(ctx context.Context, day calendar.Date) (map[string]DayTotal, error) {
	totals := map[string]DayTotal{}
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		clear(totals)
		rows, err := tx.QueryContext(ctx, `SELECT channel, count(*), CAST(sum(sum_kop - refunded_kop) AS BIGINT) FROM payment_order
			WHERE paid_on = $1 AND channel LIKE 'agent:%' GROUP BY channel`, int64(day))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var channel string
			var t DayTotal
			if err := rows.Scan(&channel, &t.Count, &t.Sum); err != nil {
				return err
			}
			totals[strings.TrimPrefix(channel, ChannelAgent)] = t
		}
		return rows.Err()
	})
	return totals, err
}
