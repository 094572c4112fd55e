package penalty

import (
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

// window is a run of days that carry one fraction of the rate, as ordinals, both included.
type window struct {
	first, last int
	stage       *tariff.Stage
}

// chargeable lists the days after the due date, up to last, that carry penalty: the debt's stages less moratoria.
// Day 1 of a delay is the day after the due date: days 1–30 nothing, 31–90 1/300, from 91 1/130 (ст. 155 ч. 14);
// capital repair from 31 on 1/300 (ч. 14.1). It jumps from edge to edge, however long the delay.
func (r *Rules) chargeable(dst []window, d *Debt, due calendar.Date, last int) ([]window, error) {
	group, ok := r.stageGroup(d.Group, due)
	if !ok {
		return dst, fault.Newf(fault.Invalid, "penalty.no_stages", "Нет ступеней пеней для срока оплаты %s. Добавьте строки penalty_stages в каталог.", due.Dotted())
	}
	var open *tariff.Stage
	zero := due.Ordinal()
	for i := range r.stages {
		s := &r.stages[i]
		if s.Group != group || !s.Holds(due) {
			continue
		}
		if open != nil {
			dst = r.outside(dst, d, due, window{zero + open.Day, min(zero+s.Day-1, last), open})
		}
		open = s
	}
	return r.outside(dst, d, due, window{zero + open.Day, last, open}), nil
}

// stageGroup is the group whose stages a debt follows: its own when it has any on the due date, else everybody's.
func (r *Rules) stageGroup(group string, due calendar.Date) (string, bool) {
	general := false
	for i := range r.stages {
		s := &r.stages[i]
		if !s.Holds(due) {
			continue
		}
		if s.Group == group {
			return group, true
		}
		general = general || s.Group == ""
	}
	return "", general
}

// outside adds the days of w that lie in no moratorium of the debt.
func (r *Rules) outside(dst []window, d *Debt, due calendar.Date, w window) []window {
	if w.stage.Over == 0 {
		return dst
	}
	for w.first <= w.last {
		end, free := r.spell(d, due, w.first, w.last)
		if !free {
			dst = join(dst, window{w.first, end, w.stage})
		}
		w.first = end + 1
	}
	return dst
}

// join adds a window, to the one before where the fraction goes on: equal days are one interval, rounded once.
func join(dst []window, w window) []window {
	if n := len(dst); n > 0 && dst[n-1].last == w.first-1 && dst[n-1].stage.Over == w.stage.Over {
		dst[n-1].last = w.last
		return dst
	}
	return append(dst, w)
}

// spell tells whether a day lies in a moratorium and how far, at most to last, the answer stays the same.
func (r *Rules) spell(d *Debt, due calendar.Date, day, last int) (end int, free bool) {
	end = last
	for i := range r.moratoria {
		m := &r.moratoria[i]
		switch {
		case m.last < day || m.first > end || !m.covers(d, due):
		case m.first <= day:
			return min(m.last, last), true
		default:
			end = m.first - 1
		}
	}
	return end, false
}

// covers tells whether a moratorium is for this debt.
func (m *moratorium) covers(d *Debt, due calendar.Date) bool {
	return (m.Group == "" || m.Group == d.Group) && (m.Supplier == "" || m.Supplier == d.Supplier) &&
		(m.DebtsBefore == 0 || due < m.DebtsBefore)
}
