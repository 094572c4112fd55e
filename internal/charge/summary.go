package charge

import (
	"cmp"
	"slices"

	"kvit/internal/charge/calc"
	"kvit/internal/money"
)

// summary adds up what corrections come to, building by building.
type summary struct {
	run      *Run
	res      Recalculated
	building int64
	accounts map[int64]money.Amount // of the building
}

func newSummary(run *Run) *summary {
	return &summary{run: run, accounts: map[int64]money.Amount{}, res: Recalculated{Month: run.Month.String(), From: run.FromMonth.String(), Largest: []Change{}}}
}

func (s *summary) add(building, account int64, l *calc.Line) {
	if building != s.building {
		s.flush()
		s.building = building
	}
	s.res.Lines++
	s.accounts[account] += l.Amount
}

// flush adds the building up and keeps the largest changes.
func (s *summary) flush() {
	r := &s.res
	changed := false
	for account, amount := range s.accounts {
		r.Amount += amount
		if amount == 0 {
			continue
		}
		r.More, r.Less = r.More+max(amount, 0), r.Less+max(-amount, 0)
		r.Accounts++
		changed = true
		r.Largest = append(r.Largest, Change{s.building, account, amount})
	}
	if changed {
		r.Buildings++
	}
	clear(s.accounts)
	s.sort()
}

// join adds what another worker saw of other buildings.
func (s *summary) join(o *summary) {
	s.flush()
	o.flush()
	r, x := &s.res, &o.res
	r.Lines, r.Accounts, r.Buildings = r.Lines+x.Lines, r.Accounts+x.Accounts, r.Buildings+x.Buildings
	r.More, r.Less, r.Amount = r.More+x.More, r.Less+x.Less, r.Amount+x.Amount
	r.Largest = append(r.Largest, x.Largest...)
	s.sort()
}

func (s *summary) sort() {
	r := &s.res
	slices.SortFunc(r.Largest, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Amount.Abs(), a.Amount.Abs()), cmp.Compare(a.Building, b.Building), cmp.Compare(a.Account, b.Account))
	})
	r.Largest = r.Largest[:min(len(r.Largest), largestMax)]
}

func (s *summary) done(posted bool) *Recalculated {
	s.flush()
	s.res.Run, s.res.Posted = max(s.run.ID, 0), posted
	return &s.res
}
