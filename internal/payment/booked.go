package payment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
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
	Join   func(ctx context.Context, tx *db.Tx, o *Order) error // what is written with it, once
}

// Unknown is an account as a payer named it that nobody has.
type Unknown struct{ Supplier, Number string }

// KeyReused is the code of a fault: the number or key was used before with another input.
const KeyReused = "payment.key_reused"

// Book credits money an agent has taken: order, parts and postings in one transaction, so that an answer given after it
// stays true. The same operation gives the first order, marked Repeated; with another input it is a Conflict.
func (m *Module) Book(ctx context.Context, b *Booking) (Order, error) {
	o, err := m.book(ctx, b)
	if fault.CodeOf(err) == "duplicate" { // another request booked the same operation between our look and our write
		o, err = m.book(ctx, b)
	}
	return o, err
}

func (m *Module) book(ctx context.Context, b *Booking) (o Order, err error) {
	buildings := b.buildings()
	first, err := m.db.NextIDs(ctx, 1+max(1, len(buildings)))
	if err != nil {
		return o, err
	}
	print := Fingerprint(b.Input)
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		o, err = findOrder(ctx, tx, "client_key", AgentKey(b.Agent, b.Txn))
		if err == nil {
			if o.Repeated = true; o.Fingerprint != print {
				return errKeyReused
			}
			return nil
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		o = b.order(first, print, m.now())
		if err := b.Join(ctx, tx, &o); err != nil {
			return err
		}
		if b.Waits != nil {
			return m.creditUnknown(ctx, tx, &o, b.Waits, first+1)
		}
		return m.credit(ctx, tx, &o, buildings, first+1)
	})
	return o, err
}

// creditUnknown credits an order nobody knows the account of to the pseudo-building of its channel, where it waits.
func (m *Module) creditUnknown(ctx context.Context, tx *db.Tx, o *Order, whose *Unknown, id int64) error {
	building, err := channelBuilding(ctx, tx, o.Channel)
	if err != nil {
		return err
	}
	s := SuspenseItem{ID: o.ID, Channel: o.Channel, building: building}
	o.Parts = []Part{s.part(1, o.Sum, o.PaidOn, o.CreatedAt)}
	if err := m.credit(ctx, tx, o, []int64{building}, id); err != nil {
		return err
	}
	return insertSuspense(ctx, tx, o.Channel, []suspense{{order: o.ID, building: building, code: whose.Supplier, number: whose.Number, amount: o.Sum, day: o.PaidOn}}, o.CreatedAt)
}

// buildings are those the money goes to, in order.
func (b *Booking) buildings() (list []int64) {
	for i := range b.Plan.Parts {
		list = append(list, b.Plan.Parts[i].BuildingID)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// order is the operation as it is kept; its parts are posted with it.
func (b *Booking) order(id int64, print string, now calendar.Micros) Order {
	channel := ChannelAgent + b.Agent
	o := Order{ID: id, Key: AgentKey(b.Agent, b.Txn), PublicID: uuid.Must(uuid.NewV7()).String(), Fingerprint: print, Channel: channel, Method: b.Method, State: StateCredited,
		Sum: b.Plan.Sum, PaidOn: b.PaidOn, GatewayID: b.Txn, Actor: b.Actor, CreatedAt: now, ChangedAt: now}
	o.divide(&b.Plan)
	for i := range o.Parts {
		o.Parts[i].PostedAt = now
	}
	return o
}

// credit writes an order with its parts and posts them, building by building; ids of the postings begin with id.
func (m *Module) credit(ctx context.Context, tx *db.Tx, o *Order, buildings []int64, id int64) error {
	if err := insertOrders(ctx, tx, []Order{*o}, 0, func(int) int { return 0 }); err != nil {
		return err
	}
	if err := insertParts(ctx, tx, o.Parts); err != nil {
		return err
	}
	var events []event.Event
	for i, building := range buildings {
		t, parts := o.posting(building)
		t.ID = id + int64(i)
		if _, err := ledger.Post(ctx, tx, &t); err != nil {
			return err
		}
		events = append(events, eventsOf(o, parts, o.CreatedAt)...)
	}
	return event.Write(ctx, tx, events)
}

// posting is what a building gets of an order, and its parts there.
func (o *Order) posting(building int64) (t ledger.Transaction, parts []Part) {
	t = ledger.Transaction{BuildingID: building, Key: postingKey(o.ID), Kind: "payment", OrderID: o.ID, EffectiveOn: o.PaidOn, RecordedAt: o.CreatedAt}
	var total money.Amount
	for i := range o.Parts {
		if p := &o.Parts[i]; p.BuildingID == building {
			t.Entries = append(t.Entries, p.entry())
			total += p.Amount
			parts = append(parts, *p)
		}
	}
	t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Clearing(o.Channel, o.PaidOn), Amount: total})
	return t, parts
}

// FindBooked gives an agent's operation by its number; NotFound when there is none.
func (m *Module) FindBooked(ctx context.Context, agent, txn string) (o Order, err error) {
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
