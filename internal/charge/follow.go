package charge

import (
	"cmp"
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Lived is a building that accounts lived in before the one they live in now.
type Lived struct {
	Building int64
	Accounts []int64
}

// Follow adds to what accounts were charged where they live now what they were charged where they lived before, and what
// was corrected there since.
func (r *Reader) Follow(ctx context.Context, tx *db.Tx, own *Own, lived []Lived, at calendar.Micros) error {
	if len(lived) == 0 {
		return nil
	}
	recorded, err := own.lastOf(ctx, tx, lived, at)
	if err != nil {
		return err
	}
	for i := range lived {
		x := &lived[i]
		if recorded[x.Building] == 0 {
			continue
		}
		there := &Own{Month: own.Month}
		if err := r.fill(ctx, tx, map[int64]*Own{x.Building: there}, &stretch{x.Building, x.Building, x.Accounts, at}); err != nil {
			return err
		}
		for k := range there.Services {
			there.Services[k].RecordedAt = recorded[x.Building]
		}
		own.join(there)
	}
	return nil
}

// lastOf tells when something was charged last in former buildings. Where nothing was charged yet in the building they came
// to, the last month of the former ones is the last month.
func (o *Own) lastOf(ctx context.Context, tx *db.Tx, lived []Lived, at calendar.Micros) (recorded map[int64]calendar.Micros, err error) {
	recorded, last := map[int64]calendar.Micros{}, calendar.Month(0)
	for i := range lived {
		found, moments, _, err := listOwned(ctx, tx, stretch{lived[i].Building, lived[i].Building, lived[i].Accounts, at})
		if err != nil {
			return nil, err
		}
		for id, there := range found {
			recorded[id], last = moments[id], max(last, there.Month)
		}
	}
	if o.Month == 0 {
		o.Month = last
	}
	return recorded, nil
}

// join adds what was charged in another building, of the same last month.
func (o *Own) join(there *Own) {
	for i := range there.Services {
		s := &there.Services[i]
		o.at(s.AccountID, s.ServiceID).join(s)
	}
	o.takes = append(o.takes, there.takes...)
	slices.SortStableFunc(o.takes, func(a, b take) int { return cmp.Compare(a.account, b.account) })
}

// join adds what the same service came to in another building.
func (s *Service) join(o *Service) {
	if s.priced == 0 {
		s.Unit, s.Volume, s.Rate, s.Method = o.Unit, o.Volume, o.Rate, o.Method
	} else if o.priced > 0 {
		if s.Unit == o.Unit {
			s.Volume += o.Volume
		}
		if s.Unit != o.Unit || s.Rate != o.Rate {
			s.Rate = 0
		}
	}
	s.Name, s.Code = cmp.Or(s.Name, o.Name), cmp.Or(s.Code, o.Code)
	s.Charge, s.Recalc, s.Benefit, s.priced = s.Charge+o.Charge, s.Recalc+o.Recalc, s.Benefit+o.Benefit, s.priced+o.priced
	s.Penalty, s.PutOff = s.Penalty+o.Penalty, s.PutOff+o.PutOff
	s.RecordedAt = max(s.RecordedAt, o.RecordedAt)
	s.Earlier = slices.Clone(s.Earlier) // others may read it
	for _, e := range o.Earlier {
		s.addEarlier(e)
	}
}

// addEarlier adds what was charged in an earlier month.
func (s *Service) addEarlier(more MonthSum) {
	i, known := slices.BinarySearchFunc(s.Earlier, more.Month, func(e MonthSum, m calendar.Month) int { return cmp.Compare(e.Month, m) })
	if !known {
		s.Earlier = slices.Insert(s.Earlier, i, MonthSum{Month: more.Month})
	}
	e := &s.Earlier[i]
	e.Amount, e.PutOff, e.charged = e.Amount+more.Amount, e.PutOff+more.PutOff, e.charged || more.charged
}

// JoinServices puts together what services come to in several buildings.
func JoinServices(list, more []Service) []Service {
	o := Own{Services: list}
	o.join(&Own{Services: more})
	return o.Services
}
