package exchange

import (
	"cmp"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
)

// said is what suppliers say of a household's premises and people.
type said struct {
	areas     ballot[decimal.Decimal]
	residents ballot[int]
	month     calendar.Month // of the latest file; 0 when none of its accounts came
	source    string
	since     fact.Subscription // the earliest term
}

// ballot counts what suppliers say of one thing: most of them are right, of equals the one counted first.
type ballot[T comparable] struct {
	order []T
	count map[T]int
}

func (v *ballot[T]) add(x T) {
	if v.count == nil {
		v.count = map[T]int{}
	}
	if v.count[x] == 0 {
		v.order = append(v.order, x)
	}
	v.count[x]++
}

func (v *ballot[T]) best() (best T, ok bool) {
	for _, x := range v.order {
		if !ok || v.count[x] > v.count[best] {
			best, ok = x, true
		}
	}
	return best, ok
}

// people makes premises and residents of what suppliers say of the households that take services by the catalogue and
// whose accounts came, or that took accounts over and of which nothing is known yet. Facts of another source, a person's or
// a program's, are left alone.
func (w *charging) people(came []*arrived) error {
	takes := map[int64]*said{}
	for key, t := range w.known.terms.now {
		s := takes[t.Household]
		if s == nil {
			s = &said{}
			takes[t.Household] = s
		}
		source := w.known.terms.source[key]
		if s.since.From == 0 || t.From < s.since.From || t.From == s.since.From && source < s.since.Source {
			s.since, s.since.Source = t, source
		}
	}
	if err := w.vote(takes, came); err != nil {
		return err
	}
	for household, s := range takes {
		_, known := w.known.premises.now[household]
		switch {
		case household == 0 || s.month == 0 && (known || !fromFile(s.since.Source)):
			continue
		case s.month == 0:
			s.month, s.source = s.since.From.Month(), s.since.Source
		}
		if area, ok := s.areas.best(); ok {
			w.area(household, area, s.source)
		}
		if n, ok := s.residents.best(); ok {
			w.residents(household, int32(n), s.month, s.source)
		}
	}
	return nil
}

// vote counts what each account's supplier says, those that came first.
func (w *charging) vote(takes map[int64]*said, came []*arrived) error {
	told := map[int64]bool{}
	for _, a := range came {
		told[a.account] = true
		s := takes[w.st.links[a.account].HouseholdID]
		if s == nil {
			continue
		}
		f, j := a.latest()
		s.add(j.Area, j.HasArea, j.Residents, j.HasResidents)
		if f.month > s.month {
			s.month, s.source = f.month, sourceOf(f, j.Pos)
		}
	}
	accounts := slices.Clone(w.st.accounts)
	slices.SortFunc(accounts, func(a, b account.Account) int { return cmp.Compare(a.AccountID, b.AccountID) })
	for i := range accounts {
		s := takes[w.st.links[accounts[i].AccountID].HouseholdID]
		if s == nil || told[accounts[i].AccountID] {
			continue
		}
		claim := w.st.claims[accounts[i].AccountID]
		e, err := claim.Decode()
		if err != nil {
			return err
		}
		n, has := 0, e.Residents != nil
		if has {
			n = *e.Residents
		}
		s.add(decimal.Decimal(e.Area), e.Area != 0, n, has)
	}
	return nil
}

func (s *said) add(area decimal.Decimal, hasArea bool, residents int, hasResidents bool) {
	if hasArea && area > 0 {
		s.areas.add(area)
	}
	if hasResidents {
		s.residents.add(residents)
	}
}

// area makes the area of a household's premises this.
func (w *charging) area(household int64, area decimal.Decimal, source string) {
	p, ok := w.known.premises.now[household]
	if ok && !fromFile(w.known.premises.source[household]) {
		return
	}
	p.Household, p.Area = household, area
	w.known.premises.put(household, p, source)
}

// residents makes so many live in a household from a month on, up to what a file of a later month says otherwise.
func (w *charging) residents(household int64, persons int32, month calendar.Month, source string) {
	covering, later, others := w.residentsAt(household, month.First())
	from := month.First()
	stay := fact.Stay{Term: calc.Term{From: from}, Household: household, ID: int64(month), Kind: fact.Resident, Persons: persons}
	switch {
	case others, covering != nil && covering.Persons == persons:
		return
	case covering != nil && covering.From == from:
		stay.ID, stay.Until = covering.ID, covering.Until
	case covering != nil:
		stay.Until = covering.Until
		covering.Until = from.AddDays(-1)
		w.known.stays.put(stayKey{household, covering.ID}, *covering, source)
	case later != nil && later.Persons == persons:
		stay.ID, stay.Until = later.ID, later.Until
	case later != nil:
		stay.Until = later.From.AddDays(-1)
	}
	w.known.stays.put(stayKey{household, stay.ID}, stay, source)
	w.known.staysOf[household] = append(w.known.staysOf[household], stay.ID)
}

// residentsAt gives the residents of a household on a day and the first ones that come later, as files told; others tells
// that somebody else told of them, whom files do not correct.
func (w *charging) residentsAt(household int64, day calendar.Date) (covering, later *fact.Stay, others bool) {
	for _, id := range w.known.staysOf[household] {
		key := stayKey{household, id}
		x, ok := w.known.stays.now[key]
		switch {
		case !ok || x.Kind != fact.Resident:
		case !fromFile(w.known.stays.source[key]):
			return nil, nil, true
		case x.Holds(day):
			covering = &x
		case x.From > day && (later == nil || x.From < later.From):
			later = &x
		}
	}
	return covering, later, false
}
