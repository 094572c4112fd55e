package exchange

import (
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/supplier"
)

// noteFigure notes that a file tells of a service once, and that a supplier's figure of a month that was charged by it is
// another now: no fact tells of that.
func (w *charging) noteFigure(t *telling, service int64) {
	w.once(t, service)
	day := t.month.First()
	term, _ := w.termsAt(takenKey{t.a.account, t.x.Catalog}, day)
	given := w.st.charges[chargeKey{t.a.account, t.month, service}]
	if t.month > w.known.charged || term == nil || term.Mode != supplier.ModeIssued || given.FileID != t.f.id {
		return
	}
	if w.known.since == 0 || day < w.known.since {
		w.known.since = day
	}
}

// take makes a service taken from a month on. Whose figure is charged in a month that was charged already is settled: a
// file of such a month leaves it, and another mode begins with the first month that is not charged yet.
func (w *charging) take(s fact.Subscription, month calendar.Month, source string) {
	of := takenKey{s.AccountID, s.Service}
	covering, _ := w.termsAt(of, month.First())
	if covering == nil || covering.Mode == s.Mode || month > w.known.charged {
		w.term(s, month, source)
		return
	}
	settled := s
	settled.Mode = covering.Mode
	w.term(settled, month, source)
	if covering, _ = w.termsAt(of, month.First()); covering.Until == 0 {
		w.term(s, w.known.charged.Add(1), source)
	}
}

// termsAt gives the term of a service that holds on a day, and the first one that begins later; nil when there is none.
func (w *charging) termsAt(of takenKey, day calendar.Date) (covering, later *fact.Subscription) {
	for _, begins := range w.known.termsOf[of] {
		t, ok := w.known.terms.now[termKey{of.account, of.service, begins}]
		switch {
		case !ok:
		case t.Holds(day):
			covering = &t
		case t.From > day && (later == nil || t.From < later.From):
			later = &t
		}
	}
	return covering, later
}

// term makes a service taken from a month on. What changes with a month ends the term before it; a month earlier than
// all that is known begins the term that follows earlier.
func (w *charging) term(s fact.Subscription, month calendar.Month, source string) {
	terms, of, from := &w.known.terms, takenKey{s.AccountID, s.Service}, month.First()
	covering, later := w.termsAt(of, from)
	s.From = from
	switch {
	case covering != nil:
		s.Household = covering.Household // follow moves it
		s.Quantity, s.Share, s.Part, s.FlatRest = covering.Quantity, covering.Share, covering.Part, covering.FlatRest
		if covering.Until == month.Last() && fromFile(terms.source[termKey{s.AccountID, s.Service, covering.From}]) {
			covering.Until = before(later) // a file that left it out ended it, this one tells of it
		}
		s.Until = covering.Until
		if sameTerm(*covering, s) {
			terms.put(termKey{s.AccountID, s.Service, covering.From}, *covering, source)
			return
		}
		if covering.From < from {
			covering.Until = from.AddDays(-1)
			terms.put(termKey{s.AccountID, s.Service, covering.From}, *covering, source)
		}
	case later != nil && sameTerm(*later, s):
		s.Until = later.Until
		delete(terms.now, termKey{s.AccountID, s.Service, later.From})
	default:
		s.Until = before(later)
	}
	terms.put(termKey{s.AccountID, s.Service, from}, s, source)
	w.known.termsOf[of] = append(w.known.termsOf[of], from)
}

// before is the last day before a term; 0 where there is none.
func before(later *fact.Subscription) calendar.Date {
	if later == nil {
		return 0
	}
	return later.From.AddDays(-1)
}

// sameTerm tells whether two terms of a service say the same, but for their days and household. What no file tells (a
// quantity, a share) stays as another source has it.
func sameTerm(a, b fact.Subscription) bool {
	return a.SupplierID == b.SupplierID && a.ServiceID == b.ServiceID && a.Category == b.Category && a.Mode == b.Mode && a.MeterOK == b.MeterOK && a.Included == b.Included
}

// follow puts subscriptions into the households their accounts are in now.
func (w *charging) follow() {
	terms := &w.known.terms
	for key, t := range terms.now {
		link, ok := w.st.links[t.AccountID]
		if !ok || link.HouseholdID == 0 || link.HouseholdID == t.Household || t.Household != 0 && w.b.mapped[t.SupplierID] == nil {
			continue
		}
		t.Household = link.HouseholdID
		terms.put(key, t, terms.source[key])
	}
}
