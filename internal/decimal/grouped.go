package decimal

import "strings"

// Grouped is a plain number for people: a comma, spaces between thousands, at least so many digits after it.
func Grouped(s string, digits int) string {
	if s == "" {
		return ""
	}
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "\u00a0" + whole[i:]
	}
	for len(rest) < digits {
		rest += "0"
	}
	if rest == "" {
		return whole
	}
	return whole + "," + rest
}

// Shown writes a number as people read it: rounded to so many digits after the comma, zeros at the end left out.
func Shown(v Decimal, digits uint8) string {
	n, err := v.Exact().Round(digits)
	if err != nil || digits > Digits {
		return Grouped(v.String(), 0)
	}
	return Grouped((Decimal(n) * Decimal(tens[Digits-digits])).String(), 0)
}
