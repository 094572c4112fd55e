package bill

import (
	"context"
	"slices"

	"kvit/internal/account"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/payment"
)

// addPayments subtracts the payments that no register the figures stand on has counted. A payment that names a service
// meets its line, any other the first line of the account, the supplier's before Kvit's; an account without charges gets
// a line of its own.
func (m *Module) addPayments(ctx context.Context, tx *db.Tx, b *Bill, members []account.Member, parts []payment.Part) error {
	for i := range members {
		a := &members[i]
		for k := range parts {
			p := &parts[k]
			if p.AccountID != a.AccountID {
				continue
			}
			l := b.lineFor(p)
			if l == nil {
				fresh, err := m.line(ctx, tx, a, 0)
				if err != nil {
					return err
				}
				fresh.Origin = why.ByPayer
				b.Lines = append(b.Lines, fresh)
				l = &b.Lines[len(b.Lines)-1]
			}
			if counted, err := m.counted(ctx, tx, b, l, p); err != nil {
				return err
			} else if !counted {
				l.pay(p)
			}
		}
	}
	return nil
}

// pay subtracts a payment. One dated before the month Kvit charged has reduced what stood at its beginning.
func (l *Line) pay(p *payment.Part) {
	if l.Origin == why.ByKvit && p.PaidOn < l.BillMonth.First() {
		l.Opening -= p.Amount
	} else {
		l.PaidSince, l.since = l.PaidSince+p.Amount, append(l.since, *p)
	}
	if p.Reason == payment.ReasonMoved {
		l.Moved += p.Amount
	}
	l.Due -= p.Amount
}

// counted tells whether a payment is in the figures of a line already: those of a supplier's lines are of one register
// an account, those of Kvit's go on from the register each began after.
func (m *Module) counted(ctx context.Context, tx *db.Tx, b *Bill, l *Line, p *payment.Part) (bool, error) {
	base := l.base
	if l.Origin == why.BySupplier {
		base = b.first(l.AccountID, why.BySupplier).base
	}
	if base.File == 0 {
		return false, nil
	}
	file, err := m.fileOf(ctx, tx, base.File)
	return file.counts(p, base.Month), err
}

// lineFor is the line a payment meets; nil when its account has none.
func (b *Bill) lineFor(p *payment.Part) *Line {
	for i := range b.Lines {
		if l := &b.Lines[i]; l.AccountID == p.AccountID && l.ServiceID == p.ServiceID {
			return l
		}
	}
	if l := b.first(p.AccountID, why.BySupplier); l != nil {
		return l
	}
	return b.first(p.AccountID, "")
}

// first is the first line of an account, of one origin or any; nil when there is none.
func (b *Bill) first(account int64, origin string) *Line {
	for i := range b.Lines {
		if l := &b.Lines[i]; l.AccountID == account && (origin == "" || l.Origin == origin) {
			return l
		}
	}
	return nil
}

// prune drops the lines of services Kvit charges no more and of which nothing is left.
func (b *Bill) prune() {
	b.Lines = slices.DeleteFunc(b.Lines, func(l Line) bool {
		return l.ended && l.Opening == 0 && l.Recalc == 0 && l.Penalty == 0 && l.PaidSince == 0
	})
}
