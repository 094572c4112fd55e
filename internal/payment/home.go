package payment

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// Home is what a household owes, and the rules a payment of a day would be shared by.
type Home struct {
	Debts []Debt
	Rules *Rules
}

// HomeOf gives the household of a code that a payer gave a bank instead of an account's number: the code of the whole
// bill. nil when it is no such code.
type HomeOf func(ctx context.Context, code string) (*Home, error)

// home is HomeOf remembered for a batch: nil is remembered too.
func (t *taking) home(code string) (*Home, error) {
	if h, ok := t.homes[code]; ok || t.m.HomeOf == nil {
		return h, nil
	}
	h, err := t.m.HomeOf(t.ctx, code)
	if err != nil {
		return nil, err
	}
	if t.homes == nil {
		t.homes = map[string]*Home{}
	}
	t.homes[code] = h
	return h, nil
}

// shared are the parts of a line whose number is the code of a household, by the line's key.
func (t *taking) share(l *Line) ([]PlanPart, error) {
	h, err := t.home(l.Number)
	if err != nil || h == nil {
		return nil, err
	}
	if l.Amount < 0 {
		return t.mirror(l)
	}
	plan, err := Split(h.Debts, Wish{Sum: l.Amount, Ahead: true}, h.Rules)
	if fault.Is(err, fault.Invalid) {
		return nil, nil // nothing was ever charged, or nobody takes it: the money waits for a person
	}
	if err != nil {
		return nil, err
	}
	h.lower(plan.Parts)
	if t.shares == nil {
		t.shares = map[string][]PlanPart{}
	}
	t.shares[l.OrderKey(t.source.Channel)] = plan.Parts
	return plan.Parts, nil
}

// lower takes off the debts what a line of the same batch pays of them.
func (h *Home) lower(parts []PlanPart) {
	for _, p := range parts {
		i := slices.IndexFunc(h.Debts, func(d Debt) bool { return d.AccountID == p.AccountID && d.ServiceID == p.ServiceID })
		d := &h.Debts[i]
		switch p.Kind {
		case PartPenalty:
			d.Penalty -= p.Amount
		case PartDebt:
			d.Buckets = paidOff(d.Buckets, p)
		}
	}
}

// paidOff are months after a part: the month it names, else the oldest first.
func paidOff(list []Bucket, p PlanPart) []Bucket {
	list = slices.Clone(list)
	left := p.Amount
	for i := range list {
		if b := &list[i]; p.Month == 0 || p.Month == b.Month {
			part := min(left, b.Amount)
			b.Amount, b.Plan, left = b.Amount-part, max(0, b.Plan-part), left-part
		}
	}
	return list
}

// mirror are the parts of the payment a reversal takes back whole, with their sums turned; none when it is not known.
func (t *taking) mirror(l *Line) ([]PlanPart, error) {
	first := *l
	first.Amount = -l.Amount
	key := first.OrderKey(t.source.Channel)
	if parts, ok := t.shares[key]; ok {
		return turned(parts), nil
	}
	o, err := findOrder(t.ctx, t.tx, "client_key", key)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	var parts []PlanPart
	for i := range o.Parts {
		if p := &o.Parts[i]; p.Amount > 0 && p.AccountID != 0 {
			parts = append(parts, PlanPart{BuildingID: p.BuildingID, AccountID: p.AccountID, SupplierID: p.SupplierID, ServiceID: p.ServiceID, Kind: p.Kind, Month: p.Month, Reason: p.Reason, Amount: p.Amount})
		}
	}
	return turned(parts), err
}

func turned(parts []PlanPart) []PlanPart {
	parts = slices.Clone(parts)
	for i := range parts {
		parts[i].Amount = -parts[i].Amount
	}
	return parts
}

// addShared credits a line to the accounts of a household, as it was shared.
func (t *taking) addShared(w *written, l *Line, parts []PlanPart) {
	o := t.order(l)
	building := parts[0].BuildingID // a household lives in one
	txn := ledger.Transaction{ID: t.id(), BuildingID: building, Key: postingKey(o.ID), Kind: "payment", OrderID: o.ID, EffectiveOn: l.Date, RecordedAt: t.now}
	var total money.Amount
	for i := range parts {
		p := &parts[i]
		part := Part{BuildingID: building, OrderID: o.ID, No: i + 1, AccountID: p.AccountID, SupplierID: p.SupplierID, ServiceID: p.ServiceID, Kind: p.Kind, Amount: p.Amount, PaidOn: l.Date,
			Channel: t.source.Channel, PostedAt: t.now, RecordedAt: t.now, Month: p.Month, Reason: p.Reason}
		w.parts, total = append(w.parts, part), total+p.Amount
		txn.Entries = append(txn.Entries, part.entry())
	}
	txn.Entries = append(txn.Entries, ledger.Entry{Name: ledger.Clearing(t.source.Channel, l.Date), Amount: total})
	w.orders, w.rows, w.partsOf = append(w.orders, o), append(w.rows, l.Row), append(w.partsOf, len(parts))
	w.postings = append(w.postings, txn)
}

// order is the order of a line.
func (t *taking) order(l *Line) Order {
	return Order{ID: t.id(), Key: l.OrderKey(t.source.Channel), PublicID: uuid.Must(uuid.NewV7()).String(), Channel: t.source.Channel, Method: "register", State: StateCredited,
		Sum: l.Amount, PaidOn: l.Date, Actor: intakeActor, CreatedAt: t.now, ChangedAt: t.now}
}
