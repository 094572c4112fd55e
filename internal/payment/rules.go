package payment

import (
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// Rules are the rows of the catalogue by which payments of a day are shared where their payer did not say. No rules at
// all are the law's: the oldest debt first, inside a month in proportion, penalty last, nothing past limitation.
type Rules struct {
	day  calendar.Date // of the payer; 0 is unknown: limitation is not looked at
	rows []tariff.Allocation
}

// limitationYears is how long a debt can be claimed (ГК РФ ст. 196).
const limitationYears = 3

// RulesOf picks the rows of a catalogue that hold on the payer's day. Day 0 takes the rows that hold for good.
func RulesOf(c *tariff.Catalog, day calendar.Date) *Rules {
	r := &Rules{day: day}
	for i := range c.Allocations {
		if a := &c.Allocations[i]; a.Holds(day) || day == 0 && a.Until == 0 {
			r.rows = append(r.rows, *a)
		}
	}
	slices.SortStableFunc(r.rows, func(a, b tariff.Allocation) int { return width(&a) - width(&b) })
	return r
}

// width is how narrow a row is: everybody, a locality, a supplier, a supplier in a locality.
func width(a *tariff.Allocation) (n int) {
	if a.Locality != "" {
		n++
	}
	if a.Supplier != "" {
		n += 2
	}
	return n
}

// rule is what holds for the debts of one supplier in one locality.
type rule struct {
	months, penalty, surplus, instalments, leaving string
	left                                           bool
	costs, first                                   []string // folded
	minimum                                        money.Amount
	limitation                                     int
}

// of lays the rows that concern a supplier's debts in a locality one over another; of no supplier it is what all share.
func (r *Rules) of(supplier, locality string) rule {
	out := rule{months: tariff.OldestFirst, penalty: tariff.PenaltyLast, surplus: tariff.SurplusByCharges, instalments: tariff.PlanInMonth, leaving: tariff.LeavingRefund, limitation: limitationYears}
	if r == nil {
		return out
	}
	for i := range r.rows {
		a := &r.rows[i]
		if (a.Supplier == "" || a.Supplier == supplier) && (a.Locality == "" || foldName(a.Locality) == foldName(locality)) {
			out.put(a)
		}
	}
	return out
}

// put lets a narrower row speak.
func (o *rule) put(a *tariff.Allocation) {
	for _, w := range [...]struct {
		to  *string
		say string
	}{{&o.months, a.Months}, {&o.penalty, a.Penalty}, {&o.surplus, a.Surplus}, {&o.instalments, a.Instalments}, {&o.leaving, a.Leaving}} {
		if w.say != "" {
			*w.to = w.say
		}
	}
	o.left = o.left || a.Left
	if len(a.Costs) > 0 {
		o.costs = foldNames(a.Costs)
	}
	if len(a.First) > 0 {
		o.first = foldNames(a.First)
	}
	if a.Minimum != 0 {
		o.minimum = money.Amount(a.Minimum / (hundredth))
	}
	if a.Limitation != 0 {
		o.limitation = a.Limitation
	}
}

// Leaving tells where the advances of a supplier that left go, a word of the catalogue's key leaving, and whether the
// catalogue says that he did by the day of the rules.
func (r *Rules) Leaving(supplier, locality string) (way string, left bool) {
	o := r.of(supplier, locality)
	return o.leaving, o.left
}

// hundredth is a kopeck of a catalogue's figure in roubles, which counts ten-millionths.
const hundredth = 100_000

// own tells whether a supplier shares what he gets otherwise than everybody's rule would.
func (o *rule) own(everybody *rule) bool {
	return o.months != everybody.months || o.instalments != everybody.instalments || !slices.Equal(o.first, everybody.first)
}

// court tells whether a service is court costs (ГК РФ ст. 319: издержки кредитора – первыми).
func (o *rule) court(service string) bool { return slices.Contains(o.costs, foldName(service)) }

// turn is the place of a service among those paid first; all others come after them.
func (o *rule) turn(service string) int {
	if i := slices.Index(o.first, foldName(service)); i >= 0 {
		return i
	}
	return len(o.first)
}

// expired tells whether a debt of a month can no longer be claimed on the payer's day.
func (r *Rules) expired(years int, b *Bucket) bool {
	if r == nil || r.day == 0 {
		return false
	}
	return b.due()+calendar.Date(years*10000) < r.day
}

func foldNames(list []string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = foldName(list[i])
	}
	return out
}

// foldName is a name of a service or a locality as it is compared: without case, with single spaces.
func foldName(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.ToLower(s)), " "), "ё", "е")
}
