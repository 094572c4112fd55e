package settlement

import (
	"context"
	"maps"
	"slices"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// Trace is the way of a payment's money: from the payer to each supplier.
type Trace struct {
	Payment  string              `json:"payment"`
	State    string              `json:"state"`
	Channel  string              `json:"channel"`
	Method   string              `json:"method"`
	Sum      money.Amount        `json:"sum"`
	Refunded money.Amount        `json:"refunded"`
	PaidOn   calendar.DayText    `json:"paidOn"`
	At       calendar.MomentText `json:"at"`
	Gateway  string              `json:"gateway,omitempty"` // the acquirer's id
	From     payment.Origin      `json:"from"`              // the row of a register it came by
	Fee      money.Amount        `json:"fee"`               // kept by the centre of what the days closed so far counted
	Arrived  []TraceArrival      `json:"arrived,omitempty"` // how the money came to our bank account
	Returns  []TraceReturn       `json:"returns,omitempty"`
	Steps    []TraceStep         `json:"steps"`
}

// TraceStep is a share of the payment that went to one account: the posting, the close that counted it, the payout that paid it.
type TraceStep struct {
	Kind      string           `json:"kind"` // payment, refund, assign
	Supplier  string           `json:"supplier"`
	Account   int64            `json:"-"`
	Number    string           `json:"account"`
	What      string           `json:"what"` // receivable, penalty, advance, suspense
	Service   string           `json:"service,omitempty"`
	Amount    money.Amount     `json:"amount"`
	Fee       money.Amount     `json:"fee,omitempty"` // kept by the centre of the supplier's share of the posting
	Building  int64            `json:"building"`
	Posting   int64            `json:"posting"`
	PostedOn  calendar.DayText `json:"postedOn"`
	CloseNo   int64            `json:"closeNo,omitempty"`
	ClosedDay calendar.DayText `json:"closedDay,omitempty"`
	Payout    *TracePayout     `json:"payout,omitempty"`
}

// TracePayout is the payout a share went out by. Statement is the bank's operation that shows it.
type TracePayout struct {
	ID        int64            `json:"id"`
	State     string           `json:"state"`
	Paid      money.Amount     `json:"paid"`
	OrderNo   int              `json:"orderNo,omitempty"`
	OrderOn   calendar.DayText `json:"orderOn,omitempty"`
	SettledOn calendar.DayText `json:"settledOn,omitempty"`
	Statement string           `json:"statement,omitempty"`
}

// Trace follows a payment, named by its number or by the key its client made. A supplier sees his own shares, and a payment
// without any is NotFound to him.
func (m *Module) Trace(ctx context.Context, scope access.Scope, name string) (t *Trace, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		o, from, err := payment.FindOrder(ctx, tx, name)
		if err != nil {
			return err
		}
		t = &Trace{Payment: o.PublicID, State: o.State, Channel: o.Channel, Method: o.Method, Sum: o.Sum, Refunded: o.Refunded, PaidOn: calendar.DayText(o.PaidOn), At: calendar.MomentText(o.CreatedAt), Gateway: o.GatewayID, From: from, Steps: []TraceStep{}}
		if err := m.follow(ctx, tx, scope, &o, t); err != nil {
			return err
		}
		for i := range t.Steps {
			t.Fee += t.Steps[i].Fee
		}
		if err := m.beyond(ctx, tx, scope, &o, t); err != nil {
			return err
		}
		if !scope.All {
			if len(t.Steps) == 0 {
				return fault.New(fault.NotFound, "payment.unknown", "Такого платежа нет. Сверьте номер.")
			}
			t.Sum, t.Refunded, t.From, t.Gateway = own(t.Steps), 0, payment.Origin{}, ""
		}
		return nil
	})
	return t, err
}

// own is what a supplier got of a payment.
func own(steps []TraceStep) (sum money.Amount) {
	for i := range steps {
		sum += steps[i].Amount
	}
	return sum
}

func (m *Module) follow(ctx context.Context, tx *db.Tx, scope access.Scope, o *payment.Order, t *Trace) error {
	buildings := map[int64]bool{}
	for i := range o.Parts {
		buildings[o.Parts[i].BuildingID] = true
	}
	list, err := ledger.ListCountedOf(ctx, tx, o.ID, slices.Sorted(maps.Keys(buildings)))
	if err != nil {
		return err
	}
	f := &following{ctx: ctx, tx: tx, terms: map[int64]contracts{}}
	if f.codes, err = supplier.ListCodes(ctx, tx); err != nil {
		return err
	}
	if f.services, err = supplier.ListServiceNames(ctx, tx); err != nil {
		return err
	}
	for i := range list {
		steps, err := f.steps(&list[i], scope, o.Channel)
		if err != nil {
			return err
		}
		t.Steps = append(t.Steps, steps...)
	}
	return nameAccounts(ctx, tx, t.Steps)
}

// steps are the shares of one posting that a scope sees.
func (f *following) steps(c *ledger.Counted, scope access.Scope, channel string) (list []TraceStep, err error) {
	var suppliers []int64
	for k := range c.Entries {
		e := &c.Entries[k]
		if e.SupplierID == 0 && (e.Name != ledger.Suspense || !scope.All) || e.SupplierID != 0 && !scope.Sees(e.SupplierID) {
			continue
		}
		step, err := f.step(c, e)
		if err != nil {
			return nil, err
		}
		list, suppliers = append(list, step), append(suppliers, e.SupplierID)
	}
	return list, f.fees(c, channel, list, suppliers)
}

// nameAccounts gives the shares the numbers of their accounts.
func nameAccounts(ctx context.Context, tx *db.Tx, steps []TraceStep) error {
	var keys []account.Key
	for i := range steps {
		keys = append(keys, account.Key{BuildingID: steps[i].Building, ID: steps[i].Account})
	}
	found, err := account.ListByKeys(ctx, tx, keys)
	for i := range steps {
		steps[i].Number = found[keys[i]].Number
	}
	return err
}

// following is one trace inside its transaction.
type following struct {
	ctx             context.Context //nolint:containedctx // it lives no longer than the call it serves
	tx              *db.Tx
	services, codes map[int64]string
	terms           map[int64]contracts // by close
}

func (f *following) step(c *ledger.Counted, e *ledger.Entry) (s TraceStep, err error) {
	s = TraceStep{Kind: c.Kind, Supplier: f.codes[e.SupplierID], Account: e.AccountID, What: e.Name, Service: f.services[e.ServiceID], Amount: -e.Amount, Building: c.BuildingID, Posting: c.ID, PostedOn: calendar.DayText(c.EffectiveOn), CloseNo: c.CloseNo}
	if c.CloseNo == 0 || e.SupplierID == 0 {
		return s, nil
	}
	dues, err := listDues(f.ctx, f.tx, "WHERE supplier_id = $1 AND close_no = $2", e.SupplierID, c.CloseNo)
	if err != nil || len(dues) == 0 {
		return s, err
	}
	s.ClosedDay = calendar.DayText(dues[0].day)
	if dues[0].payout == 0 {
		return s, nil
	}
	p, err := findPayout(f.ctx, f.tx, all, dues[0].payout)
	if err != nil {
		return s, err
	}
	s.Payout = &TracePayout{p.ID, p.State, p.Paid, p.OrderNo, p.OrderOn, p.SettledOn, p.BankKey}
	return s, nil
}
