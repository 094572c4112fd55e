package fiscal

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal/atol"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// given is a line of money given ahead, on a receipt that is printed.
type given struct {
	receipt int64
	line    Line
}

func (g *given) left() money.Amount { return g.line.Amount - g.line.Used }

// home is an account in its building.
type home struct{ building, account int64 }

// Offset makes the receipts of advances that were used (54-ФЗ: зачёт аванса): of money for a month, when the month is over;
// of an advance, as much as charges took of it. Doing it again makes nothing twice.
func (m *Module) Offset(ctx context.Context) (made int, err error) {
	order, byHome, err := m.listGiven(ctx)
	if err != nil {
		return 0, err
	}
	for _, h := range order {
		list := byHome[h]
		used, one := m.usedOf(ctx, h, list)
		if one == nil && len(used) > 0 {
			var fresh bool
			if fresh, one = m.offset(ctx, h, list, used); fresh {
				made++
			}
		}
		if one != nil {
			err = errors.Join(err, fmt.Errorf("advance of account %d: %w", h.account, one))
		}
	}
	return made, err
}

func (m *Module) listGiven(ctx context.Context) (order []home, byHome map[home][]given, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		order, byHome = nil, map[home][]given{}
		rows, err := tx.QueryContext(ctx, `SELECT l.receipt_id, l.line_no, l.building_id, l.account_id, l.supplier_id, l.service_id, l.kind, l.name, l.amount_kop, l.vat, l.method, l.subject, l.agent,
			l.supplier_name, l.supplier_inn, l.phone, l.about, l.used_kop FROM fiscal_line l JOIN fiscal_receipt r ON r.receipt_id = l.receipt_id AND r.state = 'done' AND r.kind <> 'sell_refund'
			WHERE l.method IN (1, 3) AND l.used_kop < l.amount_kop ORDER BY l.receipt_id, l.line_no`)
		if err != nil {
			return fmt.Errorf("advances: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var g given
			l := &g.line
			if err := rows.Scan(&g.receipt, &l.No, &l.Building, &l.Account, &l.SupplierID, &l.Service, &l.Kind, &l.Name, &l.Amount, &l.Vat, &l.Method, &l.Subject, &l.Agent, &l.SupplierName, &l.SupplierINN,
				&l.Phone, &l.About, &l.Used); err != nil {
				return err
			}
			h := home{l.Building, l.Account}
			if byHome[h] == nil {
				order = append(order, h)
			}
			byHome[h] = append(byHome[h], g)
		}
		return rows.Err()
	})
	return order, byHome, err
}

// usedOf tells how much of each line was used, by its place in the list: the oldest advance goes first.
func (m *Module) usedOf(ctx context.Context, h home, list []given) (map[int]money.Amount, error) {
	used := map[int]money.Amount{}
	var open money.Amount
	for i := range list {
		switch about := list[i].line.About; {
		case about == 0:
			open += list[i].left()
		case about.Last() < m.today():
			used[i] = list[i].left()
		}
	}
	if open == 0 {
		return used, nil
	}
	left, err := m.Advance(ctx, h.building, h.account)
	if fault.Is(err, fault.NotFound) {
		return used, nil // the account moved: its advance is told where it lives now
	}
	if err != nil {
		return nil, err
	}
	for i := range list {
		if take := min(list[i].left(), open-left); list[i].line.About == 0 && take > 0 {
			used[i] = take
			left += take
		}
	}
	return used, nil
}

// offset writes the receipt of what was used and counts it on the lines of the advances.
func (m *Module) offset(ctx context.Context, h home, list []given, used map[int]money.Amount) (fresh bool, err error) {
	first := list[0].receipt
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return false, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		paid, err := findReceipt(ctx, tx, first)
		if err != nil {
			return err
		}
		before, err := usedBefore(ctx, tx, h)
		if err != nil {
			return err
		}
		o := payment.Order{ID: paid.Order, PublicID: paid.PublicID, Channel: paid.Channel, PaidOn: m.today()}
		r := m.newReceipt(id, atol.Sell, &o, offsetLines(list, used))
		r.PaidBy, r.Of, r.Contact, r.Reason = PaidPrepaid, first, paid.Contact, "зачёт аванса"
		s := source{key: sourceKey("offset", fmt.Sprintf("%d/%d/%d", h.building, h.account, before)), order: paid.Order}
		if fresh, err = keep(ctx, tx, s, &r, m.Now()); err != nil || !fresh {
			return err
		}
		for i, sum := range used {
			if err := use(ctx, tx, list[i].receipt, &list[i].line, int64(sum)); err != nil {
				return err
			}
		}
		return nil
	})
	return fresh, err
}

// usedBefore is how much of an account's advances was used up to now: it names the next offset, so two that come at once
// make one.
func usedBefore(ctx context.Context, tx *db.Tx, h home) (sum int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(used_kop), 0) AS BIGINT) FROM fiscal_line WHERE building_id = $1 AND account_id = $2 AND method IN (1, 3)", h.building, h.account).Scan(&sum)
	return sum, err
}

// offsetLines are the lines of the service given now, in the order the money was given.
func offsetLines(list []given, used map[int]money.Amount) (lines []Line) {
	for i := range list {
		if used[i] == 0 {
			continue
		}
		l := list[i].line
		l.Amount, l.Method, l.Subject, l.About, l.Used = used[i], methodFull, atol.Service, 0, 0
		l.Name = strings.TrimPrefix(l.Name, "Аванс: ")
		lines = append(lines, l)
	}
	return lines
}
