package bill

import (
	"cmp"
	"context"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/db"
)

// addCharges adds the lines of what was charged: by suppliers, and by Kvit.
func (m *Module) addCharges(ctx context.Context, tx *db.Tx, b *Bill, reader *charge.Reader, members []account.Member) error {
	ids, byID := index(members)
	own, err := b.own(ctx, tx, reader, ids)
	if err != nil {
		return err
	}
	b.charged = own.Month
	mixed := own.Accounts()
	lines, err := b.latest(ctx, tx, without(ids, mixed))
	if err != nil {
		return err
	}
	sent, err := b.sent(ctx, tx, mixed)
	if err != nil {
		return err
	}
	var places []charge.Place
	for _, id := range mixed {
		rows := ofAccount(sent, id)
		placed := own.Places(id, rows)
		lines, places = append(lines, latest(own, rows, placed)...), append(places, placed...)
	}
	if err := m.addLines(ctx, tx, b, byID, lines); err != nil {
		return err
	}
	if err := m.addOwn(ctx, tx, b, byID, own, places); err != nil {
		return err
	}
	slices.SortStableFunc(b.Lines, func(x, y Line) int { return cmp.Compare(x.AccountID, y.AccountID) })
	return nil
}

func without(ids, gone []int64) (kept []int64) {
	for _, id := range ids {
		if !slices.Contains(gone, id) {
			kept = append(kept, id)
		}
	}
	return kept
}

func ofAccount(lines []charge.Line, account int64) (rows []charge.Line) {
	for _, l := range lines {
		if l.AccountID == account {
			rows = append(rows, l)
		}
	}
	return rows
}

// latest are the rows of an account's latest month that are not of services whose latest charge is Kvit's.
func latest(own *charge.Own, rows []charge.Line, places []charge.Place) (lines []charge.Line) {
	var month calendar.Month
	for i := range rows {
		r := &rows[i]
		theirs := !slices.ContainsFunc(places, func(p charge.Place) bool { return p.ServiceID == r.ServiceID && !p.Beside })
		if !theirs || own.Has(r.AccountID, r.ServiceID) && !own.Counts(r) {
			continue
		}
		if r.Month > month {
			month, lines = r.Month, lines[:0]
		}
		lines = append(lines, *r)
	}
	return lines
}

// addOwn adds the lines of what Kvit charged.
func (m *Module) addOwn(ctx context.Context, tx *db.Tx, b *Bill, byID map[int64]*account.Member, own *charge.Own, places []charge.Place) error {
	for i := range places {
		p := &places[i]
		l, err := m.ownLine(ctx, tx, byID[p.AccountID], p.Service)
		if err != nil {
			return err
		}
		l.BillMonth, l.Month, l.base = own.Month, own.Month.String(), p.Base
		l.Opening = p.Balance + p.Carried()
		if p.Base.Month == own.Month { // what he says was paid in the month is no part of its beginning
			l.Opening, l.Claimed = l.Opening+p.Claimed, p.Claimed
		}
		l.Due = l.Opening + l.Charge + l.Recalc + l.Penalty - l.Claimed
		l.ended = !own.Charged(p.AccountID, p.ServiceID, own.Month)
		l.Source = Source{RecordedAt: m.stamp(p.RecordedAt), Recorded: p.RecordedAt}
		for _, e := range p.Service.Earlier {
			b.remember(serviceOf{l.AccountID, l.ServiceID}, e)
		}
		b.Lines = append(b.Lines, l)
		b.Month = max(b.Month, l.Month)
	}
	return nil
}

// ownLine is what Kvit finds of a service in a month.
func (m *Module) ownLine(ctx context.Context, tx *db.Tx, member *account.Member, s *charge.Service) (Line, error) {
	l, err := m.line(ctx, tx, member, s.ServiceID)
	if err != nil {
		return l, err
	}
	if l.Origin = why.ByKvit; l.Service == "" {
		l.Service = s.Name
	}
	l.Charge, l.Recalc, l.Benefit, l.PutOff, l.Penalty, l.group = s.Charge, s.Recalc, s.Benefit, s.PutOff, s.Penalty, s.Group
	l.code = s.Code
	l.Volume, l.Rate, l.Unit = s.Volume, s.Rate, s.Unit
	l.tell()
	return l, nil
}
