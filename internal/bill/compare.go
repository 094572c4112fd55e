package bill

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// What a register says is compared.
const (
	ComparePaid    = "paid"    // the supplier's paid, with the payments Kvit holds between his cutoffs
	CompareOpening = "opening" // the supplier's opening balance, with what was due at the end of the month before
)

// Difference is a figure of a supplier's register that is not what Kvit holds. It is a matter between the supplier and
// the centre, never a posting.
type Difference struct {
	Supplier string       `json:"supplier"`
	Account  string       `json:"account"`
	Kind     string       `json:"kind"`
	Register money.Amount `json:"register"`
	Kvit     money.Amount `json:"kvit"`
	Delta    money.Amount `json:"difference"`
}

// Compared is how the registers of one supplier for a month compare.
type Compared struct {
	Supplier    string       `json:"supplier"`
	Accounts    int          `json:"accounts"`
	Differences int          `json:"differences"`
	Register    money.Amount `json:"register"` // paid, as the supplier says
	Kvit        money.Amount `json:"kvit"`     // paid, as Kvit holds
}

// Comparison is the answer of Compare.
type Comparison struct {
	Month       string       `json:"month"`
	Suppliers   []Compared   `json:"suppliers"`
	Differences []Difference `json:"differences"`
}

// Compare sets what the registers of a month say of payments and opening balances beside what Kvit holds, account by
// account. A sum the register does not carry is not compared. code ” means every supplier.
func (m *Module) Compare(ctx context.Context, code string, month calendar.Month) (*Comparison, error) {
	c := &comparing{m: m, code: code, month: month, at: m.now(), totals: map[int64]*Compared{}, out: &Comparison{Month: month.String(), Suppliers: []Compared{}, Differences: []Difference{}}}
	var buildings []int64
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		buildings, err = charge.ListBuildings(ctx, tx, month)
		return err
	})
	for i := 0; i < len(buildings) && err == nil; i++ {
		err = m.db.Read(ctx, func(tx *db.Tx) error { return c.building(ctx, tx, buildings[i]) })
	}
	if err != nil {
		return nil, fmt.Errorf("compare registers: %w", err)
	}
	c.finish()
	return c.out, nil
}

type comparing struct {
	m      *Module
	code   string
	month  calendar.Month
	at     calendar.Micros
	totals map[int64]*Compared
	order  []int64
	out    *Comparison
}

// sums are the figures of one account's register for a month.
type sums struct {
	opening, paid, due money.Amount
	given              charge.Given
	file               int64
}

func sumsOf(lines []charge.Line) map[int64]*sums {
	out := map[int64]*sums{}
	for i := range lines {
		l := &lines[i]
		s := out[l.AccountID]
		if s == nil {
			s = &sums{}
			out[l.AccountID] = s
		}
		s.opening, s.paid, s.due = s.opening+l.Opening, s.paid+l.Paid, s.due+l.Due
		s.given, s.file = s.given|l.Given, l.FileID
	}
	return out
}

func (c *comparing) building(ctx context.Context, tx *db.Tx, building int64) error {
	lines, err := charge.ListBuilding(ctx, tx, building, c.month, c.at)
	if err != nil {
		return err
	}
	before, err := charge.ListBuilding(ctx, tx, building, c.month.Add(-1), c.at)
	if err != nil {
		return err
	}
	now, earlier := sumsOf(lines), sumsOf(before)
	var members []account.Member
	for i := range lines {
		if i > 0 && lines[i].AccountID == lines[i-1].AccountID {
			continue
		}
		a, err := account.FindMember(ctx, tx, building, lines[i].AccountID, c.at)
		if err != nil {
			return err
		}
		if a.ClosedAt == 0 {
			members = append(members, a)
		}
	}
	formers, err := formersOf(ctx, tx, members)
	if err != nil {
		return err
	}
	held, err := parts(ctx, tx, nil, members, formers, c.at)
	if err != nil {
		return err
	}
	byAccount := map[int64][]*payment.Part{}
	for i := range held {
		byAccount[held[i].AccountID] = append(byAccount[held[i].AccountID], &held[i])
	}
	for i := range members {
		id := members[i].AccountID
		if err := c.account(ctx, tx, &members[i], now[id], earlier[id], byAccount[id]); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparing) account(ctx context.Context, tx *db.Tx, a *account.Member, now, before *sums, parts []*payment.Part) error {
	s, err := c.m.supplierOf(ctx, tx, a.SupplierID)
	if err != nil || c.code != "" && s.Code != c.code {
		return err
	}
	total := c.totals[s.ID]
	if total == nil {
		total = &Compared{Supplier: s.Code}
		c.totals[s.ID], c.order = total, append(c.order, s.ID)
	}
	total.Accounts++
	file, err := c.m.fileOf(ctx, tx, now.file)
	if err != nil {
		return err
	}
	note := func(kind string, register, kvit money.Amount) {
		if register != kvit {
			total.Differences++
			c.out.Differences = append(c.out.Differences, Difference{s.Code, a.Claim.Printed, kind, register, kvit, register - kvit})
		}
	}
	if now.given&charge.GivenPaid != 0 {
		var held money.Amount
		for _, p := range parts {
			if p.PaidOn > file.Last(c.month.Add(-1)) && file.counts(p, c.month) {
				held += p.Amount
			}
		}
		total.Register, total.Kvit = total.Register+now.paid, total.Kvit+held
		note(ComparePaid, now.paid, held)
	}
	if now.given&charge.GivenOpening != 0 && before != nil {
		note(CompareOpening, now.opening, before.due)
	}
	return nil
}

func (c *comparing) finish() {
	for _, id := range c.order {
		c.out.Suppliers = append(c.out.Suppliers, *c.totals[id])
	}
	slices.SortFunc(c.out.Suppliers, func(a, b Compared) int { return cmp.Compare(a.Supplier, b.Supplier) })
	slices.SortFunc(c.out.Differences, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Supplier, b.Supplier), cmp.Compare(a.Account, b.Account), cmp.Compare(b.Kind, a.Kind))
	})
}
