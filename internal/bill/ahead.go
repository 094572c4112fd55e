package bill

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/penalty"
)

// Preliminary is the month Kvit has not charged yet, computed from the facts so far. It is no part of what is due; it may
// be paid ahead.
type Preliminary struct {
	Month string            `json:"month"`
	Lines []PreliminaryLine `json:"lines"`
	Sum   money.Amount      `json:"sum"`
}

// PreliminaryLine is one service of one account, as it comes to so far.
type PreliminaryLine struct {
	Supplier     string          `json:"supplier"`
	SupplierName string          `json:"supplierName"`
	Account      string          `json:"account"`
	Service      string          `json:"service"`
	VolumeText   string          `json:"volume,omitempty"`
	RateText     string          `json:"rate,omitempty"`
	Unit         string          `json:"unit,omitempty"`
	Charge       money.Amount    `json:"charge"`
	Recalc       money.Amount    `json:"recalc"`
	Benefit      money.Amount    `json:"benefit,omitempty"`
	Penalty      money.Amount    `json:"penalty,omitempty"` // of earlier months, to be charged with this one
	Sum          money.Amount    `json:"sum"`
	Volume       decimal.Decimal `json:"-"`
	Rate         decimal.Decimal `json:"-"`
	AccountID    int64           `json:"-"`
	SupplierID   int64           `json:"-"`
	ServiceID    int64           `json:"-"`
}

// Ahead adds to a bill the month that is not charged yet, debts with their penalties and ages, plans by which they are put off,
// and the rules payments are shared by, as of the moment of the bill.
// Nothing is added where Kvit computes nothing.
func (m *Module) Ahead(ctx context.Context, b *Bill) error { return m.add(ctx, b, m.ahead) }

// Owed adds to a bill what of Ahead is about its debts: their ages, penalties and the rules payments are shared by. It is enough
// for a payment of no more than is due, and asks about no other flat of the house.
func (m *Module) Owed(ctx context.Context, b *Bill) error { return m.add(ctx, b, m.overdue) }

// add adds to a bill what a function of the month not charged yet finds, and the ages of debts.
func (m *Module) add(ctx context.Context, b *Bill, more func(ctx context.Context, tx *db.Tx, b *Bill, reader *charge.Reader, month calendar.Month) error) error {
	if len(b.members) == 0 {
		return nil
	}
	month, reader := m.nextMonth(b), b.reader
	var err error
	if reader == nil {
		reader, err = m.charges.Reader(ctx, b.Moment)
	}
	if err == nil {
		b.rules = payment.RulesOf(reader.Catalog(), m.today(b))
		err = m.db.Read(ctx, func(tx *db.Tx) error {
			if err := b.addAges(ctx, tx); err != nil {
				return err
			}
			return more(ctx, tx, b, reader, month)
		})
	}
	if err != nil {
		return fmt.Errorf("preliminary %s: %w", month, err)
	}
	return nil
}

// today is the day of the bill's moment where its payers live.
func (m *Module) today(b *Bill) calendar.Date { return calendar.DateOf(b.Moment.Time().In(m.zone)) }

// nextMonth is the month after the last one charged; where none was charged, the month of the bill's moment.
func (m *Module) nextMonth(b *Bill) calendar.Month {
	if !b.charged.Valid() {
		return m.today(b).Month()
	}
	return b.charged.Add(1)
}

// overdue adds the penalties of debts. Where Kvit never charged there are none, and no facts to load for them.
func (m *Module) overdue(ctx context.Context, tx *db.Tx, b *Bill, reader *charge.Reader, month calendar.Month) error {
	day := min(m.today(b), month.Last())
	var coming charge.Coming
	if b.charged.Valid() || len(b.formers) > 0 {
		var err error
		ids, _ := index(b.members)
		if coming, err = reader.Overdue(ctx, tx, b.BuildingID, ids, month, day, b.Moment); err != nil {
			return err
		}
	}
	b.takeLate(&coming, reader.Penalties(), day)
	return nil
}

// takeLate takes what the bill's own lines are late with in the place of what it had.
func (b *Bill) takeLate(coming *charge.Coming, rules *penalty.Rules, day calendar.Date) {
	b.Late = nil
	b.narrowLate(coming)
	b.addLate(coming, rules, day)
}

func (m *Module) ahead(ctx context.Context, tx *db.Tx, b *Bill, reader *charge.Reader, month calendar.Month) error {
	if err := b.addPlans(ctx, tx); err != nil {
		return err
	}
	ids, byID := index(b.members)
	day := min(m.today(b), month.Last())
	coming, err := reader.Coming(ctx, tx, b.BuildingID, ids, month, day, b.Moment)
	for i := 0; err == nil && i < len(b.formers); i++ { // what is corrected where they lived before
		var there []charge.Service
		there, err = reader.Ahead(ctx, tx, b.formers[i].Building, b.formers[i].Accounts, month, b.Moment)
		coming.Services = charge.JoinServices(coming.Services, there)
	}
	if err != nil {
		return err
	}
	b.takeLate(&coming, reader.Penalties(), day)
	if len(coming.Services) == 0 || month > m.today(b).Month() { // a month that has not begun is not preliminary yet
		return nil
	}
	p := &Preliminary{Month: month.String(), Lines: []PreliminaryLine{}}
	for i := range coming.Services {
		l, err := m.ownLine(ctx, tx, byID[coming.Services[i].AccountID], &coming.Services[i])
		if err != nil {
			return err
		}
		if b.keep != nil && !b.keep(&l) {
			continue
		}
		line := PreliminaryLine{
			Supplier: l.Supplier, SupplierName: l.SupplierName, Account: l.Account, Service: l.Service, VolumeText: l.VolumeText, RateText: l.RateText, Unit: l.Unit,
			Charge: l.Charge, Recalc: l.Recalc, Benefit: l.Benefit, Penalty: l.Penalty, Sum: l.Charge + l.Recalc + l.Penalty, Volume: l.Volume, Rate: l.Rate,
			AccountID: l.AccountID, SupplierID: l.SupplierID, ServiceID: l.ServiceID,
		}
		p.Lines = append(p.Lines, line)
		p.Sum += line.Sum
	}
	if len(p.Lines) > 0 {
		b.Preliminary = p
	}
	return nil
}

// index gives accounts by their ids.
func index(members []account.Member) (ids []int64, byID map[int64]*account.Member) {
	byID = map[int64]*account.Member{}
	for i := range members {
		ids = append(ids, members[i].AccountID)
		byID[members[i].AccountID] = &members[i]
	}
	return ids, byID
}

// withAhead makes debts ones that may be paid ahead by what the preliminary month comes to: a service that is not on the
// bill yet owes nothing, but may be given money.
func (b *Bill) withAhead(debts []payment.Debt) []payment.Debt {
	if b.Preliminary == nil {
		return debts
	}
	for i := range b.Preliminary.Lines {
		l := &b.Preliminary.Lines[i]
		at := slices.IndexFunc(debts, func(d payment.Debt) bool { return d.AccountID == l.AccountID && d.ServiceID == l.ServiceID })
		if at < 0 {
			at = len(debts)
			debts = append(debts, payment.Debt{
				BuildingID: b.BuildingID, AccountID: l.AccountID, SupplierID: l.SupplierID, ServiceID: l.ServiceID,
				Supplier: l.Supplier, Service: l.Service, Account: l.Account, Locality: b.locality,
			})
		}
		debts[at].LastCharge = max(0, l.Sum)
	}
	return debts
}
