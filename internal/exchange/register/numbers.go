package register

import (
	"strings"

	"kvit/internal/decimal"
	"kvit/internal/exchange/charset"
	"kvit/internal/money"
)

// verdict is what came of reading a number.
type verdict uint8

const (
	good  verdict = iota
	odd           // read, but not in the form the profile states
	empty         // nothing there
	bad
)

// readMoney reads a sum in the given form. Numeric cells within 10⁻⁶ of a whole rouble's hundredth are that sum.
func readMoney(c cell, form string, enc charset.Encoding) (money.Amount, verdict) {
	if c.kind == absent || len(c.raw) == 0 {
		return 0, empty
	}
	if form == KopeckInt {
		if v, ok := plainInt(c.raw); ok {
			return v, good
		}
		return readKopecks(c, enc)
	}
	if v, ok := plainMoney(c.raw, separator(form)); ok {
		return v, good
	}
	if c.kind == numberCell {
		return numericMoney(c.raw, 2)
	}
	return oddMoney(strings.TrimSpace(enc.Text(c.raw)), form)
}

func separator(form string) byte {
	if form == RubComma {
		return ','
	}
	return '.'
}

// plainMoney is the fast path: -1234.56 with the separator expected, at most two digits behind it.
func plainMoney(b []byte, sep byte) (money.Amount, bool) {
	neg := false
	if b[0] == '-' {
		neg, b = true, b[1:]
	}
	if len(b) == 0 || len(b) > 13 {
		return 0, false
	}
	var v int64
	i := 0
	for ; i < len(b) && b[i] != sep; i++ {
		d := b[i] - '0'
		if d > 9 {
			return 0, false
		}
		v = v*10 + int64(d)
	}
	digits := 0
	if i < len(b) {
		for _, c := range b[i+1:] {
			if c -= '0'; c > 9 {
				return 0, false
			}
			v = v*10 + int64(c)
			digits++
		}
	}
	if digits > 2 || i == 0 || digits == 0 && i < len(b) {
		return 0, false
	}
	for ; digits < 2; digits++ {
		v *= 10
	}
	if v > int64(money.Max) {
		return 0, false
	}
	if neg {
		v = -v
	}
	return money.Amount(v), true
}

// plainInt is the fast path of kopecks: digits with or without a minus.
func plainInt(b []byte) (money.Amount, bool) {
	neg := b[0] == '-'
	if neg {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 12 {
		return 0, false
	}
	var v int64
	for _, c := range b {
		if c -= '0'; c > 9 {
			return 0, false
		}
		v = v*10 + int64(c)
	}
	if neg {
		v = -v
	}
	return money.Amount(v), true
}

func readKopecks(c cell, enc charset.Encoding) (money.Amount, verdict) {
	if c.kind == numberCell {
		return numericMoney(c.raw, 0)
	}
	text := strings.TrimSpace(enc.Text(c.raw))
	if noValue(text) {
		return 0, empty
	}
	neg, digits, point, err := decimal.Clean(text)
	if err != nil || point > 0 {
		return 0, bad
	}
	if strings.Trim(strings.TrimPrefix(text, "-"), "0123456789") == "" {
		return signed(neg, digits, 0, good)
	}
	return signed(neg, digits, 0, odd)
}

func signed(neg bool, digits string, point int, v verdict) (money.Amount, verdict) {
	n, err := decimal.Scaled(digits, point, point)
	if err != nil || money.Amount(n) > money.Max {
		return 0, bad
	}
	if neg {
		n = -n
	}
	return money.Amount(n), v
}

// oddMoney reads what people type: spaces between thousands, the other separator, the minus behind.
func oddMoney(text, form string) (money.Amount, verdict) {
	if noValue(text) {
		return 0, empty
	}
	v, err := money.Parse(text)
	if err != nil {
		return 0, bad
	}
	if form == RubString && strings.IndexByte(text, ',') >= 0 && !strings.ContainsAny(text, " \u00a0\u202f'") {
		return v, good // a text may hold either separator
	}
	if b := strings.TrimLeft(text, "-"); strings.Trim(b, "0123456789.") == "" && separator(form) == '.' {
		return v, good // zeros in front or behind
	}
	return v, odd
}

// noValue tells the words suppliers write for nothing.
func noValue(s string) bool {
	switch strings.ToLower(s) {
	case "", "-", "–", "—", "нет", "нет данных", "н/д", "null", "x", "х":
		return true
	}
	return false
}
