package statement

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/payment"
)

// basis are the facts the document stands on: payments; where it tells charges, those too; of readings, the readings.
func (c *composing) basis(ctx context.Context) (list []Basis, err error) {
	switch c.req.Kind {
	case Readings:
		return c.readingBasis(ctx)
	case Account, Charges:
		list = c.chargeBasis()
	}
	for _, x := range c.paidOrders() {
		net := c.orders[x.order]
		list = append(list, Basis{Key: "payment:" + strconv.FormatInt(x.order, 10), Sum: net.Sum, Words: "Платёж " + payment.ShortNumber(net.PublicID) + " от " + x.on.Dotted()})
	}
	return list, nil
}

func (c *composing) chargeBasis() (list []Basis) {
	for i := range c.turnover.Services {
		s := &c.turnover.Services[i]
		for k := range s.Months {
			m := &s.Months[k]
			list = append(list, Basis{Key: fmt.Sprintf("charge:%d:%d:%d", s.AccountID, s.ServiceID, int(m.Month)), Of: s.AccountID, Value: fmt.Sprintf("%d/%d/%d", m.Charge, m.Recalc, m.Penalty),
				Words: "Начисление за " + m.Month.Title() + ", " + s.Name})
		}
	}
	return list
}

func (c *composing) readingBasis(ctx context.Context) (list []Basis, err error) {
	meters, err := c.sheet(ctx)
	for _, x := range meters {
		for i := range x.Readings {
			r := &x.Readings[i]
			if month := r.On.Month(); month >= c.req.From && month <= c.req.To {
				list = append(list, Basis{Key: fmt.Sprintf("reading:%d:%d:%d", x.ID, int(r.On), r.Zone), Of: x.AccountID, Value: r.Value.String(), Words: "Показание счётчика № " + x.Serial + " от " + r.On.Dotted()})
			}
		}
	}
	return list, err
}

// gone tells which fact a document stands on was taken back since, in words for whoever checks it; empty when none was. New
// facts take nothing back: the document says what was known on its day. Neither does an account that left the household.
func (m *Module) gone(ctx context.Context, d *Document) (string, error) {
	if len(d.Content.Basis) == 0 {
		return "", nil
	}
	words, err := m.returned(ctx, d)
	if err != nil || words != "" || d.Kind != Account && d.Kind != Charges && d.Kind != Readings {
		return words, err
	}
	c, err := m.beginAgain(ctx, d)
	if err != nil {
		return "", err
	}
	list, err := c.basis(ctx)
	if err != nil {
		return "", fmt.Errorf("facts of document %s: %w", d.Number, err)
	}
	now, of := map[string]string{}, map[int64]bool{}
	for i := range list {
		now[list[i].Key], of[list[i].Of] = list[i].Value, true
	}
	for i := range d.Content.Basis {
		b := &d.Content.Basis[i]
		if value, known := now[b.Key]; b.Of != 0 && (known || of[b.Of]) && value != b.Value {
			return b.Words + " – исправлено.", nil
		}
	}
	return "", nil
}

// returned tells of a payment of the document that was taken back, in whole or in part.
func (m *Module) returned(ctx context.Context, d *Document) (words string, err error) {
	var ids []int64
	at := map[int64]*Basis{}
	for i := range d.Content.Basis {
		b := &d.Content.Basis[i]
		text, of := strings.CutPrefix(b.Key, "payment:")
		if !of {
			continue
		}
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "", fmt.Errorf("facts of document %s: %w", d.Number, err)
		}
		ids, at[id] = append(ids, id), b
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		nets, err := payment.Nets(ctx, tx, ids)
		for _, id := range ids {
			if nets[id].Sum < at[id].Sum && words == "" {
				words = at[id].Words + " отменён или возвращён."
			}
		}
		return err
	})
	return words, err
}

// beginAgain reads what a document was made of as it is known now, where its household lives now.
func (m *Module) beginAgain(ctx context.Context, d *Document) (*composing, error) {
	req := Request{Ref: d.Ref, Kind: d.Kind, From: d.From, To: d.To}
	var code string
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if req.Ref.Building, err = account.BuildingOf(ctx, tx, d.Ref.Household); err != nil || d.Supplier == 0 {
			return err
		}
		code, err = supplierCode(ctx, tx, d.Supplier)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("facts of document %s: %w", d.Number, err)
	}
	c, err := m.begin(ctx, req)
	if err != nil || code == "" {
		return c, err
	}
	c.supplier.Code, c.supplier.ID = code, d.Supplier
	c.turnover = c.turnover.Of(d.Supplier)
	return c, nil
}

// has tells whether the household still has an account of a supplier.
func has(b *bill.Bill, supplierID int64) bool {
	return slices.ContainsFunc(b.Suppliers, func(s bill.SupplierTotal) bool { return s.SupplierID == supplierID })
}
