package charge

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Own is what Kvit charged accounts of a building, as it was known at a moment: every service of which it ever charged a
// month, but not the supplier's figures a run repeats.
type Own struct {
	Month    calendar.Month // the last one charged; 0 is none
	Services []Service      // by account and service

	takes []take // by account
}

// Service is what a service of an account comes to in a month, and what was charged for it before.
type Service struct {
	AccountID  int64
	ServiceID  int64
	Name       string // of the catalogue
	Code       string // of the catalogue
	Group      string // of services, of the catalogue
	Unit       string // of Volume, for people
	Volume     decimal.Decimal
	Rate       decimal.Decimal // zero where the lines do not share one
	Method     calc.Method     // how the first volume was found
	Charge     money.Amount
	Recalc     money.Amount // corrections, reductions, benefits, instalments
	Benefit    money.Amount // of Recalc
	PutOff     money.Amount // of Recalc: the part of an instalment plan with its interest; below zero where a debt was put off
	Penalty    money.Amount
	Earlier    []MonthSum // by month
	RecordedAt calendar.Micros

	priced int // lines that charge the month
}

// MonthSum is what was charged in a month.
type MonthSum struct {
	Month   calendar.Month
	Amount  money.Amount
	PutOff  money.Amount // of Amount, as in Service
	charged bool         // not only corrected
}

// Sum is what the month comes to.
func (s *Service) Sum() money.Amount { return s.Charge + s.Recalc + s.Penalty }

// Since is what was charged from a month on, the last one left out.
func (s *Service) Since(month calendar.Month) (sum money.Amount) {
	for _, e := range s.Earlier {
		if e.Month >= month {
			sum += e.Amount
		}
	}
	return sum
}

// has tells whether the service was charged in a month.
func (s *Service) has(month, last calendar.Month) bool {
	return month == last && s.priced > 0 || slices.ContainsFunc(s.Earlier, func(e MonthSum) bool { return e.Month == month && e.charged })
}

// chargedAfter tells whether the service was charged, not only corrected, in a month later than one, the last left out.
func (s *Service) chargedAfter(month calendar.Month) bool {
	return slices.ContainsFunc(s.Earlier, func(e MonthSum) bool { return e.Month > month && e.charged })
}

// Last is the latest month in which something was charged.
func (s *Service) Last(last calendar.Month) calendar.Month {
	if len(s.Earlier) == 0 || s.priced > 0 || s.Sum() != 0 {
		return last
	}
	return s.Earlier[len(s.Earlier)-1].Month
}

// First is the first month charged.
func (s *Service) First(last calendar.Month) calendar.Month {
	if len(s.Earlier) > 0 {
		return s.Earlier[0].Month
	}
	return last
}

// add adds a line of the month, with the unit of its volume.
func (s *Service) add(unit string, l *calc.Line) {
	switch l.Kind {
	case calc.ReliefShown:
	case calc.Charged:
		s.Charge += l.Amount
		s.measure(unit, l)
	case calc.Surcharge:
		s.Charge += l.Amount
	case calc.Penalty:
		s.Penalty += l.Amount
	case calc.Relief:
		s.Recalc, s.Benefit = s.Recalc+l.Amount, s.Benefit+l.Amount
	case calc.PutOff:
		s.Recalc, s.PutOff = s.Recalc+l.Amount, s.PutOff+l.Amount
	default:
		s.Recalc += l.Amount
	}
}

// measure adds a volume: those of the first one's unit add up; a price that is not the same everywhere is none.
func (s *Service) measure(unit string, l *calc.Line) {
	s.priced++
	switch {
	case s.priced == 1:
		s.Unit, s.Volume, s.Rate, s.Method = unit, l.Volume, l.Rate, l.Method
	case s.Unit != unit: // heat of the water whose volume it is
		s.Rate = 0
	default:
		s.Volume += l.Volume
		if s.Rate != l.Rate {
			s.Rate = 0
		}
	}
}

// take is a mode of a service for a time.
type take struct {
	account, service int64
	from, until      calendar.Date
	mode             uint8
}

// Computes tells whether in a month Kvit's figure of a service is the charge.
func (o *Own) Computes(account, service int64, month calendar.Month) bool {
	return slices.ContainsFunc(o.takes, func(t take) bool {
		return t.account == account && t.service == service && t.mode == fact.ModeComputed && t.from <= month.Last() && (t.until == 0 || t.until >= month.First())
	})
}

// Accounts are those of which Kvit ever charged something.
func (o *Own) Accounts() (list []int64) {
	for i := range o.Services {
		if n := len(list); n == 0 || list[n-1] != o.Services[i].AccountID {
			list = append(list, o.Services[i].AccountID)
		}
	}
	return list
}

// Has tells whether Kvit ever charged a service.
func (o *Own) Has(account, service int64) bool { return o.find(account, service) != nil }

// Charged tells whether Kvit charged a service in a month.
func (o *Own) Charged(account, service int64, month calendar.Month) bool {
	s := o.find(account, service)
	return s != nil && s.has(month, o.Month)
}

// Of is the part of some accounts.
func (o *Own) Of(accounts []int64) *Own {
	part := &Own{Month: o.Month}
	for _, id := range slices.Sorted(slices.Values(accounts)) {
		for i, _ := slices.BinarySearchFunc(o.Services, [2]int64{id, 0}, compareService); i < len(o.Services) && o.Services[i].AccountID == id; i++ {
			part.Services = append(part.Services, o.Services[i])
		}
		i, _ := slices.BinarySearchFunc(o.takes, id, func(t take, id int64) int { return cmp.Compare(t.account, id) })
		for ; i < len(o.takes) && o.takes[i].account == id; i++ {
			part.takes = append(part.takes, o.takes[i])
		}
	}
	return part
}

// find gives a service; nil when it was never charged.
func (o *Own) find(account, service int64) *Service {
	i, ok := slices.BinarySearchFunc(o.Services, [2]int64{account, service}, compareService)
	if !ok {
		return nil
	}
	return &o.Services[i]
}

func compareService(s Service, key [2]int64) int {
	return cmp.Or(cmp.Compare(s.AccountID, key[0]), cmp.Compare(s.ServiceID, key[1]))
}

// at gives a service, added when it was not there.
func (o *Own) at(account, service int64) *Service {
	i, ok := slices.BinarySearchFunc(o.Services, [2]int64{account, service}, compareService)
	if !ok {
		o.Services = slices.Insert(o.Services, i, Service{AccountID: account, ServiceID: service})
	}
	return &o.Services[i]
}
