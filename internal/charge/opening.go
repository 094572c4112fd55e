package charge

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
)

// Register is a supplier's register of a month that figures stand on; without a file there is none.
type Register struct {
	Month calendar.Month
	File  int64
}

// Cutoff is what a register says of the payments its «paid» has counted.
type Cutoff struct {
	Day, Months int // day 0 is the last of the month
	Received    calendar.Micros
}

// Last is the last day whose payments the «paid» of a month has counted.
func (c *Cutoff) Last(month calendar.Month) calendar.Date {
	m := month.Add(c.Months)
	if c.Day == 0 {
		return m.Last()
	}
	return min(m.First().AddDays(c.Day-1), m.Last())
}

// Counts tells whether the «paid» of a month has counted a payment: one dated up to the cutoff, unless it was made
// through us after the file had come – that one nobody could know of yet. Payments of banks' registers come days after
// they were made, so their moment of coming says nothing.
func (c *Cutoff) Counts(paidOn calendar.Date, ours bool, recorded calendar.Micros, month calendar.Month) bool {
	return paidOn <= c.Last(month) && !(ours && recorded > c.Received)
}

// Place is a service that Kvit charges, and the register it goes on from: the supplier's last one before. Where there is
// none, his register of the first month Kvit charged still tells what stood at its beginning and what was paid in it.
type Place struct {
	*Service
	Base    Register
	Since   calendar.Month // what Kvit charged from then on goes on top
	Balance money.Amount   // due by that register, its charge left out when Kvit charged the month
	Claimed money.Amount   // of Balance, what he says was paid in that month
	Theirs  money.Amount   // of Balance, penalty of that month
	Beside  bool           // his register is the charge; Kvit has corrected months of its own that he cannot know of
}

// Carried is what Kvit charged since the register, before the last month: corrections of the register's own month too.
func (p *Place) Carried() money.Amount { return p.Service.Since(p.Since) }

// corrections is what Kvit charged since the register in all.
func (p *Place) corrections(last calendar.Month) money.Amount {
	if last < p.Since {
		return p.Carried()
	}
	return p.Carried() + p.Sum()
}

// Places finds the services of an account whose latest charge is Kvit's, and those it corrected since, by the registers of its supplier in order of
// their months.
func (o *Own) Places(account int64, rows []Line) (places []Place) {
	for i := range o.Services {
		s := &o.Services[i]
		if s.AccountID != account {
			continue
		}
		p := Place{Service: s}
		for k := range rows {
			p.goOn(o, &rows[k])
		}
		if p.Base.File == 0 {
			p.goOnFromOpening(o, rows)
		}
		switch {
		case s.Last(o.Month) > p.Since:
			places = append(places, p)
		case p.corrections(o.Month) != 0:
			p.Beside, p.Balance, p.Claimed, p.Theirs = true, 0, 0, 0
			places = append(places, p)
		}
	}
	return places
}

// goOn makes a row the one a service goes on from, if it is of a later month that counts; rows come by month. A register
// that does not name the service says it owes nothing.
func (p *Place) goOn(own *Own, row *Line) {
	same := row.ServiceID == p.ServiceID
	before := row.Month < p.First(own.Month)
	if !before && !(same && own.Counts(row)) {
		return
	}
	if row.Month > p.Base.Month {
		p.Base, p.Since, p.Balance, p.Theirs = Register{row.Month, row.FileID}, row.Month, 0, 0
	}
	if same && row.Month == p.Base.Month {
		p.Base.File, p.Balance, p.Theirs = row.FileID, row.Due, row.Penalty
	}
}

// goOnFromOpening takes what the supplier says stood at the beginning of the first month Kvit charged.
func (p *Place) goOnFromOpening(own *Own, rows []Line) {
	first := p.First(own.Month)
	for i := range rows {
		r := &rows[i]
		if r.ServiceID == p.ServiceID && r.Month == first && r.Given&GivenOpening != 0 {
			p.Base, p.Since, p.Balance, p.Claimed = Register{first, r.FileID}, first.Add(-1), r.Opening-r.Paid, r.Paid
		}
	}
}

// Counts tells whether a supplier's row is what was charged: Kvit charged neither that month of the service nor, having
// begun to, is it to.
func (o *Own) Counts(row *Line) bool {
	return !o.Charged(row.AccountID, row.ServiceID, row.Month) && !o.Computes(row.AccountID, row.ServiceID, row.Month)
}
