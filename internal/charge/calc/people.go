package calc

import "kvit/internal/calendar"

// shortStayDays is how long a temporary resident may stay without counting (п. 56).
const shortStayDays = 5

// personDays is Σ persons × days counted from a day to a day, both included. Who is temporary counts from the sixth
// day of a stay on, for all its days; a day on which nobody lives here counts the owners (п. 56(2), 148(36)).
func (p *Premises) personDays(from, to calendar.Date) int64 {
	if len(p.Stays) == 1 && len(p.Owners) == 0 {
		s := &p.Stays[0]
		if !s.short() {
			return int64(s.Persons) * int64(s.Days(from, to))
		}
		return 0
	}
	var sum int64
	for i := range p.Stays {
		if s := &p.Stays[i]; !s.short() {
			sum += int64(s.Persons) * int64(s.Days(from, to))
		}
	}
	if len(p.Owners) == 0 || sum > 0 && p.alwaysLivedIn(from, to) {
		return sum
	}
	for d := from; d <= to; d = d.AddDays(1) {
		if p.livingOn(d) == 0 {
			for i := range p.Owners {
				sum += int64(p.Owners[i].Persons) * int64(p.Owners[i].Days(d, d))
			}
		}
	}
	return sum
}

func (s *Stay) short() bool {
	return s.Temporary && s.Until != 0 && s.Until.Days(s.From)+1 <= shortStayDays
}

// livingOn is how many residents count on a day.
func (p *Premises) livingOn(d calendar.Date) (n int64) {
	for i := range p.Stays {
		if s := &p.Stays[i]; s.Holds(d) && !s.short() {
			n += int64(s.Persons)
		}
	}
	return n
}

// Holds tells whether a stay covers a day.
func (p *Premises) alwaysLivedIn(from, to calendar.Date) bool {
	for i := range p.Stays {
		if s := &p.Stays[i]; s.Persons > 0 && !s.short() && s.From <= from && (s.Until == 0 || s.Until >= to) {
			return true
		}
	}
	return false
}

// counted is the number of persons on a day as normatives by persons know it: owners where nobody lives.
func (p *Premises) counted(d calendar.Date) int64 {
	if n := p.livingOn(d); n > 0 {
		return n
	}
	var n int64
	for i := range p.Owners {
		if p.Owners[i].Holds(d) {
			n += int64(p.Owners[i].Persons)
		}
	}
	return n
}
