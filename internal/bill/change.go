package bill

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

// Change is why the month of a bill costs another sum than an earlier one. It compares what the months cost: charges,
// recalculations and penalties, not debts and payments.
type Change struct {
	Month    calendar.Month
	Against  calendar.Month   // compared with; 0 when there is nothing to compare with
	Months   []calendar.Month // that may be compared with, the latest first
	Compared *why.Comparison  // nil when no account has both months
	Gaps     []Gap
}

// Change compares the month of a bill with an earlier one; with zero it chooses: in the heating season the same month
// of the year before, else the month before, else the latest there is.
func (m *Module) Change(ctx context.Context, b *Bill, against calendar.Month) (*Change, error) {
	c := &Change{Month: b.month()}
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		months, err := m.listMonths(ctx, tx, b)
		c.Months = slices.DeleteFunc(months, func(x calendar.Month) bool { return x >= c.Month || x < b.Since })
		return err
	})
	if err == nil {
		if c.Against = against; against == 0 {
			c.Against = usual(c.Month, c.Months)
		}
		if slices.Contains(c.Months, c.Against) {
			err = m.compareMonths(ctx, b, c)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("compare months: %w", err)
	}
	return c, nil
}

// listMonths gives the months the bill's accounts were charged for, by suppliers or by Kvit, the latest first.
func (m *Module) listMonths(ctx context.Context, tx *db.Tx, b *Bill) ([]calendar.Month, error) {
	months, err := charge.ListMonths(ctx, tx, b.BuildingID, b.accounts(), b.Moment)
	if err != nil || !b.charged.Valid() {
		return months, err
	}
	for _, x := range append([]charge.Lived{{Building: b.BuildingID, Accounts: b.accounts()}}, b.formers...) {
		own, err := charge.ListOwnMonths(ctx, tx, x.Building, x.Accounts, b.Moment)
		if err != nil {
			return nil, err
		}
		months = append(months, own...)
	}
	slices.SortFunc(months, func(x, y calendar.Month) int { return cmp.Compare(y, x) })
	return slices.Compact(months), nil
}

func (b *Bill) month() calendar.Month {
	m, err := calendar.ParseMonth(b.Month)
	if err != nil {
		return 0
	}
	return m
}

// accounts are the ids of the bill's accounts.
func (b *Bill) accounts() []int64 {
	ids := make([]int64, 0, len(b.Suppliers))
	for _, s := range b.Suppliers {
		ids = append(ids, s.AccountID)
	}
	return ids
}

// usual is the month a bill is compared with unless somebody asks for another (ux.md 8).
func usual(month calendar.Month, months []calendar.Month) calendar.Month {
	var try []calendar.Month
	if n := month.Number(); n >= 10 || n <= 4 {
		try = append(try, month.Add(-12))
	}
	for _, m := range append(try, month.Add(-1)) {
		if slices.Contains(months, m) {
			return m
		}
	}
	if len(months) > 0 {
		return months[0]
	}
	return 0
}

// monthOf is what is known of the bill's accounts in one month.
type monthOf struct {
	lines   map[int64][]charge.Line // suppliers', by account
	own     map[int64][]ownWhy      // Kvit's
	senders map[int64]bool
}

// known tells whether an account was charged that month.
func (o *monthOf) known(account int64) bool { return len(o.lines[account])+len(o.own[account]) > 0 }

// sent tells whether whoever charges an account has done so for the month: its supplier, or Kvit that charged it in the
// other one.
func (o *monthOf) sent(s SupplierTotal, other *monthOf) bool {
	return o.senders[s.SupplierID] || len(o.own) > 0 && len(other.own[s.AccountID]) > 0
}

func (m *Module) monthOf(ctx context.Context, b *Bill, month calendar.Month) (out monthOf, err error) {
	if out.own, err = m.ownOf(ctx, b, month); err != nil {
		return out, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err := charge.ListMonth(ctx, tx, b.BuildingID, b.accounts(), month, b.Moment)
		if err != nil {
			return err
		}
		out.lines = map[int64][]charge.Line{}
		for _, l := range list {
			if !slices.ContainsFunc(out.own[l.AccountID], func(o ownWhy) bool { return o.service == l.ServiceID }) {
				out.lines[l.AccountID] = append(out.lines[l.AccountID], l)
			}
		}
		out.senders, err = charge.ListSenders(ctx, tx, b.BuildingID, month, b.Moment)
		return err
	})
	return out, err
}

func (m *Module) compareMonths(ctx context.Context, b *Bill, c *Change) error {
	before, err := m.monthOf(ctx, b, c.Against)
	if err != nil {
		return err
	}
	now, err := m.monthOf(ctx, b, c.Month)
	if err != nil {
		return err
	}
	return m.db.Read(ctx, func(tx *db.Tx) error {
		c.Gaps, c.Compared = nil, nil
		return m.compareAccounts(ctx, tx, b, c, &before, &now)
	})
}

func (m *Module) compareAccounts(ctx context.Context, tx *db.Tx, b *Bill, c *Change, before, now *monthOf) error {
	var was, is []why.Line
	compared := 0
	for _, s := range b.Suppliers {
		if !before.known(s.AccountID) && !now.known(s.AccountID) {
			continue
		}
		if reason := gap(before, now, s); reason != "" {
			c.Gaps = append(c.Gaps, newGap(s, reason, before, now))
			continue
		}
		compared++
		a, err := m.whyLines(ctx, tx, b, s, before, now)
		if err != nil {
			return err
		}
		z, err := m.whyLines(ctx, tx, b, s, now, before)
		if err != nil {
			return err
		}
		was, is = append(was, a...), append(is, z...)
	}
	if compared > 0 {
		tellApart(was, is)
		c.Compared = why.Compare(was, is, c.Against, c.Month)
	}
	return nil
}

// tellApart adds the supplier to titles that say nothing without him: those of two suppliers, and sums without a
// service.
func tellApart(months ...[]why.Line) {
	suppliers := map[string]map[string]bool{}
	for _, lines := range months {
		for i := range lines {
			l := &lines[i]
			if suppliers[l.Title] == nil {
				suppliers[l.Title] = map[string]bool{}
			}
			suppliers[l.Title][l.Supplier] = true
		}
	}
	unnamed := supplier.ServiceTitle("", nil)
	for _, lines := range months {
		for i := range lines {
			if l := &lines[i]; len(suppliers[l.Title]) > 1 || strings.HasPrefix(l.Title, unnamed) {
				l.Title += ", " + l.Supplier
			}
		}
	}
}

// whyLines are the charges of one account in a month as they are compared with another. A supplier's volume or rate of
// zero is one he has not sent. A service that passed between him and Kvit is one line in both.
func (m *Module) whyLines(ctx context.Context, tx *db.Tx, b *Bill, s SupplierTotal, month, other *monthOf) (out []why.Line, err error) {
	seller, err := m.supplierOf(ctx, tx, s.SupplierID)
	if err != nil {
		return nil, err
	}
	lines := month.lines[s.AccountID]
	for i := range lines {
		l := &lines[i]
		name := ""
		if l.ServiceID != 0 {
			if name, err = m.suppliers.ServiceName(ctx, tx, l.ServiceID); err != nil {
				return nil, err
			}
		}
		title := supplier.ServiceTitle(name, seller.Services)
		account := strconv.FormatInt(l.AccountID, 10) + "/"
		w := why.Line{
			Key: account + strconv.FormatInt(l.ServiceID, 10), Also: account + title, Title: title, Supplier: s.Name, Number: b.numberOf(l.AccountID, l.ServiceID),
			Volume: l.Volume.Exact(), Rate: l.Rate.Exact(), Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty,
		}
		out = append(out, w)
	}
	for _, o := range month.own[s.AccountID] {
		passed := slices.ContainsFunc(other.lines[s.AccountID], func(l charge.Line) bool { return l.ServiceID == o.service })
		out = append(out, o.lines(b, s, passed)...)
	}
	if b.accountsOf(s.SupplierID) > 1 {
		for i := range out {
			out[i].Title += ", счёт " + s.Account
		}
	}
	return out, nil
}

// accountsOf is how many accounts of a supplier are on the bill.
func (b *Bill) accountsOf(supplierID int64) (n int) {
	for _, s := range b.Suppliers {
		if s.SupplierID == supplierID {
			n++
		}
	}
	return n
}

// numberOf is the place of a charge on the bill, from 1; 0 when it is not there.
func (b *Bill) numberOf(account, service int64) int {
	for i := range b.Lines {
		if b.Lines[i].AccountID == account && b.Lines[i].ServiceID == service && b.Lines[i].BillMonth.Valid() {
			return i + 1
		}
	}
	return 0
}
