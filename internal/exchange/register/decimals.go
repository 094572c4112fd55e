package register

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"kvit/internal/decimal"
	"kvit/internal/exchange/charset"
	"kvit/internal/money"
)

// numericMoney reads a number as a program wrote it: many digits, an exponent. scale is how many digits behind
// the point make a unit. The number must be within 10⁻⁴ of a unit.
func numericMoney(raw []byte, scale int) (money.Amount, verdict) {
	const slack = 6 // digits looked at behind the unit
	neg, digits, point, ok := mantissa(raw)
	if !ok {
		return 0, bad
	}
	digits, point = cutTo(digits, point, scale+slack)
	n, err := decimal.Scaled(digits, point, scale+slack)
	if err != nil {
		return 0, bad
	}
	unit, rest := n/1_000_000, n%1_000_000
	switch {
	case rest <= 100:
	case rest >= 1_000_000-100:
		unit++
	default:
		return 0, bad
	}
	if money.Amount(unit) > money.Max {
		return 0, bad
	}
	if neg {
		unit = -unit
	}
	return money.Amount(unit), good
}

// mantissa takes a program's number apart: sign, digits, how many of them behind the point; negative point
// means zeros are missing behind.
func mantissa(raw []byte) (neg bool, digits string, point int, ok bool) {
	body, exp := raw, 0
	if i := bytes.IndexAny(raw, "eE"); i >= 0 {
		var good bool
		if exp, good = exponent(raw[i+1:]); !good {
			return false, "", 0, false
		}
		body = raw[:i]
	}
	neg, digits, point, err := decimal.Clean(string(body))
	if err != nil {
		return false, "", 0, false
	}
	point -= exp
	for point < 0 {
		if len(digits) > 38 {
			return false, "", 0, false
		}
		digits += "0"
		point++
	}
	return neg, digits, point, point < 400
}

func exponent(b []byte) (int, bool) {
	neg := false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		neg, b = b[0] == '-', b[1:]
	}
	if len(b) == 0 || len(b) > 3 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	if neg {
		n = -n
	}
	return n, true
}

// cutTo drops digits that are further behind the point than scale.
func cutTo(digits string, point, scale int) (string, int) {
	if over := point - scale; over > 0 {
		if over >= len(digits) {
			return "0", scale
		}
		return digits[:len(digits)-over], scale
	}
	return digits, point
}

// readDecimal reads a volume, an area, a rate. More digits than a Decimal keeps are cut off: they are noise of
// somebody's float.
func readDecimal(c cell, enc charset.Encoding) (decimal.Decimal, verdict) {
	if c.kind == absent || len(c.raw) == 0 {
		return 0, empty
	}
	if v, ok := plainDecimal(c.raw); ok {
		return v, good
	}
	raw := c.raw
	if c.kind != numberCell {
		text := strings.TrimSpace(enc.Text(c.raw))
		if noValue(text) {
			return 0, empty
		}
		raw = []byte(text)
		if bytes.ContainsAny(raw, "eE") {
			return 0, bad
		}
	}
	neg, digits, point, ok := mantissa(raw)
	if !ok {
		return 0, bad
	}
	digits, point = cutTo(digits, point, decimal.Digits)
	v, err := decimal.Scaled(digits, point, decimal.Digits)
	if err != nil {
		return 0, bad
	}
	if neg {
		v = -v
	}
	return decimal.Decimal(v), good
}

var tens = [...]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000}

func plainDecimal(b []byte) (decimal.Decimal, bool) {
	neg := b[0] == '-'
	if neg {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 11 {
		return 0, false
	}
	var v int64
	point := -1
	for i, c := range b {
		if c == '.' || c == ',' {
			if point >= 0 || i == 0 {
				return 0, false
			}
			point = len(b) - i - 1
			continue
		}
		if c -= '0'; c > 9 {
			return 0, false
		}
		v = v*10 + int64(c)
	}
	if point < 0 {
		point = 0
	}
	if point > decimal.Digits {
		return 0, false
	}
	v *= tens[decimal.Digits-point]
	if neg {
		v = -v
	}
	return decimal.Decimal(v), true
}

// wholeNumber writes a numeric cell that is a whole number without point and exponent: 4.00010123E+12.
func wholeNumber(raw []byte) (string, bool) {
	neg, digits, point, ok := mantissa(raw)
	if !ok || neg {
		return "", false
	}
	for point > 0 {
		if digits == "" || digits[len(digits)-1] != '0' {
			return "", false
		}
		digits, point = digits[:len(digits)-1], point-1
	}
	return digits, digits != ""
}

func signs(s string) int { return utf8.RuneCountInString(s) }
