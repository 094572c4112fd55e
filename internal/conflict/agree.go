package conflict

import (
	"slices"
	"strconv"
	"strings"

	"kvit/internal/decimal"
	"kvit/internal/match"
)

// disagree tells whether claims of different parties contradict each other.
func disagree(a Attribute, claims []Claim) bool {
	if a == Owner {
		return ownersDisagree(claims)
	}
	for i := range claims {
		for k := range claims[:i] {
			if claims[i].Who != claims[k].Who && !agree(a, claims[i].Value, claims[k].Value) {
				return true
			}
		}
	}
	return false
}

// agree tells whether two values say the same.
func agree(a Attribute, x, y string) bool {
	switch a {
	case Area:
		return sameArea(x, y)
	case Flat, MeterNumber:
		return within(x, y) || within(y, x)
	case Owner:
		return match.SamePerson(x, y)
	}
	return x == y
}

// sameArea tells whether two areas are one figure: a register that keeps fewer digits after the point rounds it, a whole
// number apart.
func sameArea(x, y string) bool {
	a, errA := decimal.Parse(x)
	b, errB := decimal.Parse(y)
	if errA != nil || errB != nil || a == b {
		return x == y || a == b
	}
	digits := min(fraction(x), fraction(y))
	if digits == 0 {
		return false
	}
	p, errA := a.Exact().Round(digits)
	q, errB := b.Exact().Round(digits)
	return errA == nil && errB == nil && p == q
}

// fraction is how many digits a number has after the point.
func fraction(s string) uint8 {
	_, rest, _ := strings.Cut(s, ".")
	return uint8(len(rest))
}

// listed are the parts of a value that names several things.
func listed(value string) []string { return strings.Split(value, ", ") }

// within tells whether each thing that x names is named by y: who serves one of two flats, or one of two meters,
// contradicts nobody who serves both.
func within(x, y string) bool {
	all := listed(y)
	for _, s := range listed(x) {
		if !slices.Contains(all, s) {
			return false
		}
	}
	return true
}

// ownersDisagree tells whether two parties have no payer in common: co-owners with accounts of their own are several
// payers of one supplier.
func ownersDisagree(claims []Claim) bool {
	names := map[string][]string{}
	var who []string
	for i := range claims {
		c := &claims[i]
		if names[c.Who] == nil {
			who = append(who, c.Who)
		}
		names[c.Who] = append(names[c.Who], c.Value)
	}
	for i := range who {
		for k := range who[:i] {
			if !anyPerson(names[who[i]], names[who[k]]) {
				return true
			}
		}
	}
	return false
}

func anyPerson(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return match.SamePerson(x, y) })
	})
}

// countText is a number of people.
func countText(n int64) string { return strconv.FormatInt(n, 10) }

// serialText is a meter's number for comparison: capitals, no spaces or signs, no zeros before it.
func serialText(s string) string {
	return match.FoldNumber(strings.NewReplacer("№", "", "-", "", "/", "", ".", "").Replace(s))
}

// flatText is a flat's number for comparison.
func flatText(s string) string {
	s = strings.TrimLeft(strings.ToUpper(strings.TrimSpace(s)), "0")
	return strings.TrimSpace(strings.TrimPrefix(s, "КВ."))
}
