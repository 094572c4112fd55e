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
	"kvit/internal/money"
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
	var places []place
	for _, id := range mixed {
		rows := ofAccount(sent, id)
		placed := placesOf(own, id, rows)
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

// place is a service that Kvit charges, and the register it goes on from: the supplier's last one before. Where there is
// none, his register of the first month Kvit charged still tells what stood at its beginning and what was paid in it.
type place struct {
	*charge.Service
	base    register
	since   calendar.Month // what Kvit charged from then on goes on top
	balance money.Amount   // due by that register, its charge left out when Kvit charged the month
	claimed money.Amount   // of balance, what he says was paid in that month
	beside  bool           // his register is the charge; Kvit has corrected months of its own that he cannot know of
}

// placesOf finds the services of an account whose latest charge is Kvit's, and those it corrected since.
func placesOf(own *charge.Own, account int64, rows []charge.Line) (places []place) {
	for i := range own.Services {
		s := &own.Services[i]
		if s.AccountID != account {
			continue
		}
		p := place{Service: s}
		for k := range rows {
			p.goOn(own, &rows[k])
		}
		if p.base.file == 0 {
			p.goOnFromOpening(own, rows)
		}
		switch {
		case s.Last(own.Month) > p.since:
			places = append(places, p)
		case p.corrections(own.Month) != 0:
			p.beside, p.balance, p.claimed = true, 0, 0
			places = append(places, p)
		}
	}
	return places
}

// carried is what Kvit charged since the register, before the last month: corrections of the register's own month too.
func (p *place) carried() money.Amount { return p.Since(p.since) }

// corrections is what Kvit charged since the register in all.
func (p *place) corrections(last calendar.Month) money.Amount {
	if last < p.since {
		return p.carried()
	}
	return p.carried() + p.Sum()
}

// goOn makes a row the one a service goes on from, if it is of a later month that counts; rows come by month. A register
// that does not name the service says it owes nothing.
func (p *place) goOn(own *charge.Own, row *charge.Line) {
	same := row.ServiceID == p.ServiceID
	before := row.Month < p.First(own.Month)
	if !before && !(same && counts(own, row)) {
		return
	}
	if row.Month > p.base.month {
		p.base, p.since, p.balance = register{row.Month, row.FileID}, row.Month, 0
	}
	if same && row.Month == p.base.month {
		p.base.file, p.balance = row.FileID, row.Due
	}
}

// goOnFromOpening takes what the supplier says stood at the beginning of the first month Kvit charged.
func (p *place) goOnFromOpening(own *charge.Own, rows []charge.Line) {
	first := p.First(own.Month)
	for i := range rows {
		r := &rows[i]
		if r.ServiceID == p.ServiceID && r.Month == first && r.Given&charge.GivenOpening != 0 {
			p.base, p.since, p.balance, p.claimed = register{first, r.FileID}, first.Add(-1), r.Opening-r.Paid, r.Paid
		}
	}
}

// counts tells whether a supplier's row is what was charged: Kvit charged neither that month of the service nor, having
// begun to, is it to.
func counts(own *charge.Own, row *charge.Line) bool {
	return !own.Charged(row.AccountID, row.ServiceID, row.Month) && !own.Computes(row.AccountID, row.ServiceID, row.Month)
}

// latest are the rows of an account's latest month that are not of services whose latest charge is Kvit's.
func latest(own *charge.Own, rows []charge.Line, places []place) (lines []charge.Line) {
	var month calendar.Month
	for i := range rows {
		r := &rows[i]
		theirs := !slices.ContainsFunc(places, func(p place) bool { return p.ServiceID == r.ServiceID && !p.beside })
		if !theirs || own.Has(r.AccountID, r.ServiceID) && !counts(own, r) {
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
func (m *Module) addOwn(ctx context.Context, tx *db.Tx, b *Bill, byID map[int64]*account.Member, own *charge.Own, places []place) error {
	for i := range places {
		p := &places[i]
		l, err := m.ownLine(ctx, tx, byID[p.AccountID], p.Service)
		if err != nil {
			return err
		}
		l.BillMonth, l.Month, l.base = own.Month, own.Month.String(), p.base
		l.Opening = p.balance + p.carried()
		if p.base.month == own.Month { // what he says was paid in the month is no part of its beginning
			l.Opening, l.Claimed = l.Opening+p.claimed, p.claimed
		}
		l.Due = l.Opening + l.Charge + l.Recalc - l.Claimed
		l.ended = !own.Charged(p.AccountID, p.ServiceID, own.Month)
		l.Source = Source{RecordedAt: m.stamp(p.RecordedAt), Recorded: p.RecordedAt}
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
	l.Charge, l.Recalc, l.Benefit = s.Charge, s.Recalc, s.Benefit
	l.Volume, l.Rate, l.Unit = s.Volume, s.Rate, s.Unit
	l.tell()
	return l, nil
}
