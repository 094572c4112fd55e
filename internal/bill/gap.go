package bill

import (
	"slices"

	"kvit/internal/charge"
	"kvit/internal/money"
)

// Why an account does not take part in a comparison of two months.
const (
	GapNow    = "not_sent"        // the supplier has not sent this month yet
	GapBefore = "not_sent_before" // of the earlier month nothing is known
	GapDue    = "due_only"        // the supplier sends only what is to pay, so what a month costs is not known
)

// Gap is an account that is left out, and what is known of it.
type Gap struct {
	Supplier string
	Account  string
	Why      string
	Was, Is  money.Amount // cost of the month
	DueOnly  bool         // the sums are what is to pay: nothing else is known
}

// Partial tells that some supplier has not sent one of the months.
func (c *Change) Partial() bool {
	return slices.ContainsFunc(c.Gaps, func(g Gap) bool { return g.Why != GapDue })
}

// gap tells why the two months of an account cannot be compared; empty when they can. An account left out of a month
// that its supplier has sent, or Kvit has charged, costs nothing that month.
func gap(before, now *monthOf, s SupplierTotal) string {
	switch {
	case !now.known(s.AccountID) && !now.sent(s, before):
		return GapNow
	case !before.known(s.AccountID) && !before.sent(s, now):
		return GapBefore
	case !costKnown(before.lines[s.AccountID]) || !costKnown(now.lines[s.AccountID]):
		return GapDue
	}
	return ""
}

// costKnown tells that a supplier has said what the month costs, not only what is to pay.
func costKnown(lines []charge.Line) bool {
	return len(lines) == 0 || slices.ContainsFunc(lines, func(l charge.Line) bool { return l.Given&charge.GivenCharge != 0 })
}

func newGap(s SupplierTotal, reason string, before, now *monthOf) Gap {
	g := Gap{Supplier: s.Name, Account: s.Account, Why: reason}
	g.DueOnly = !costKnown(before.lines[s.AccountID]) || !costKnown(now.lines[s.AccountID])
	sum := func(month *monthOf) (total money.Amount) {
		for _, l := range month.lines[s.AccountID] {
			if g.DueOnly {
				total += l.Due
			} else {
				total += l.Charge + l.Recalc + l.Penalty
			}
		}
		for i := range month.own[s.AccountID] {
			total += month.own[s.AccountID][i].Sum()
		}
		return total
	}
	g.Was, g.Is = sum(before), sum(now)
	return g
}
