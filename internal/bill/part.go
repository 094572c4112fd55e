package bill

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/person"
)

// Part is what one of those who share every line of a home's bill pays of it. The lines stay whole.
type Part struct {
	Agreement *person.Agreement
	Owed      []money.Amount // what each has to pay now, in the order of the agreement; together it is what is due
	Paid      []money.Amount // what each has paid since they agreed
	mine      int
}

// ServiceKey names the service of a line where it is agreed who pays for it; a supplier who names no services is one service.
func (l *Line) ServiceKey() string { return cmp.Or(l.Service, l.SupplierName) }

// Divide leaves of a live bill what somebody pays of it, where its home is shared: his lines, or his part of every line. Total
// is his then, Whole is of all. Who shares nothing, and whoever is not known, has the whole. It comes before Ahead.
func (m *Module) Divide(ctx context.Context, b *Bill, who int64) error {
	b.Whole = b.Total
	if m.People == nil || who == 0 || b.HouseholdID == 0 || b.Status == StatusAsOf || b.Status == StatusDraft {
		return nil
	}
	d, err := m.People.DivisionOf(ctx, b.BuildingID, b.HouseholdID)
	if err != nil {
		return fmt.Errorf("who pays what of a home: %w", err)
	}
	if keep := d.Lines(who); keep != nil {
		b.Divided = true
		b.Narrow(func(l *Line) bool { return keep(l.ServiceKey(), l.CapitalRepair()) })
		return nil
	}
	if !d.Sums(who) {
		return nil
	}
	b.Divided = true
	p, err := m.parts(ctx, b, d.Agreement)
	if err != nil {
		return err
	}
	p.mine = d.Agreement.PartOf(who)
	b.Part, b.Total = p, p.Owed[p.mine]
	return nil
}

// Parts is what each of those who agreed has to pay of a whole live bill now, and what he has paid since, in the order of their
// parts.
func (m *Module) Parts(ctx context.Context, b *Bill, a *person.Agreement) (*Part, error) {
	b.Whole = b.Total
	p, err := m.parts(ctx, b, a)
	if err != nil || a.Sums() {
		return p, err
	}
	d := person.Division{Agreement: a}
	for i := range a.Parts {
		keep, one := d.Lines(a.Parts[i].PersonID), *b
		one.Lines = slices.Clone(b.Lines)
		one.Narrow(func(l *Line) bool { return keep(l.ServiceKey(), l.CapitalRepair()) })
		p.Owed[i] = one.Total
	}
	return p, nil
}

func (m *Module) parts(ctx context.Context, b *Bill, a *person.Agreement) (p *Part, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		p, err = b.parts(ctx, tx, a)
		return err
	})
	return p, err
}

// parts finds what those who share every line have to pay.
func (b *Bill) parts(ctx context.Context, tx *db.Tx, a *person.Agreement) (*Part, error) {
	p := &Part{Agreement: a, Owed: make([]money.Amount, len(a.Parts)), Paid: make([]money.Amount, len(a.Parts))}
	accounts, _ := index(b.members)
	payers := make([]string, len(a.Parts))
	for i := range a.Parts {
		payers[i] = access.Actor{Role: access.Resident, UserID: a.Parts[i].PersonID}.String()
	}
	paid, err := payment.PaidBy(ctx, tx, b.BuildingID, accounts, payers, a.AgreedAt, b.Moment)
	if err != nil {
		return nil, err
	}
	for i := range payers {
		p.Paid[i] = paid[payers[i]]
	}
	if a.Sums() {
		billed, _ := calendar.ParseMonth(b.Month) // 0 where nothing is billed yet: the first month
		p.Owed = a.Owed(b.Whole, b.Whole-b.Advance, p.Paid, a.Months(billed))
	}
	return p, nil
}

// of is one's part of a sum of the whole bill.
func (p *Part) of(sum money.Amount) money.Amount {
	weights := make([]int64, len(p.Owed))
	for i := range p.Owed {
		weights[i] = int64(p.Owed[i])
	}
	if p.Owed[p.mine] == 0 {
		return 0
	}
	return money.Split(sum, weights)[p.mine]
}

// Undivide gives a bill of which somebody pays a part of every line back as a whole.
func (b *Bill) Undivide() {
	if b.Part != nil {
		b.Part, b.Total = nil, b.Whole
	}
}

// cut leaves of debts so much as one part of them is, of each in proportion: its oldest months first and the penalty last
// (ГК РФ ст. 319, 319.1).
func cut(debts []payment.Debt, sum money.Amount) {
	weights := make([]int64, len(debts))
	for i := range debts {
		weights[i] = int64(debts[i].Due())
	}
	for i, left := range money.Split(sum, weights) {
		d := &debts[i]
		for k := range d.Buckets {
			x := &d.Buckets[k]
			x.Amount = min(x.Amount, left)
			x.Plan, left = min(x.Plan, x.Amount), left-x.Amount
		}
		d.Penalty = min(d.Penalty, left)
	}
}
