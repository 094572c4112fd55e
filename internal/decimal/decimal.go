// Package decimal holds exact numbers for volumes, rates, areas and factors.
//
// A Decimal is an int64 count of 10⁻⁷: readings come with up to seven digits after the point, rates with six.
// Nothing here is a float. Products and quotients are computed exactly in 128 bits and rounded once, half away
// from zero, by whoever owns the result (money.Price for roubles, MulDiv for volumes).
package decimal

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Scale is the number of units in one: 10⁷.
const Scale = 10_000_000

// Digits is how many digits after the point a Decimal keeps.
const Digits = 7

// Decimal is an exact number in units of 10⁻⁷; its range is ±922 337 203 685.
type Decimal int64

// FromInt makes a whole number. Values over ±922 337 203 685 wrap; callers bound their inputs.
func FromInt(n int64) Decimal { return Decimal(n * Scale) }

// Parse reads a number as files bring it: "1 234,5", "0.0598", "-3". Spaces of every kind are dropped, a comma
// is a point. More than seven significant digits after the point is an error: nothing is lost silently.
func Parse(s string) (Decimal, error) {
	neg, digits, point, err := Clean(s)
	if err != nil {
		return 0, err
	}
	v, err := Scaled(digits, point, Digits)
	if err != nil {
		return 0, fmt.Errorf("число %q: %w", s, err)
	}
	if neg {
		v = -v
	}
	return Decimal(v), nil
}

// Clean takes a written number apart: sign, digits without separators, and how many of them stand after the
// decimal point. It accepts what suppliers write: spaces (U+0020, U+00A0, U+202F, U+2009) and apostrophes
// between thousands, comma or point, U+2212 or hyphen before, a hyphen behind ("120.55-"). With both comma and
// point the last one is the decimal point and the other must part thousands. Anything else is an error.
func Clean(s string) (neg bool, digits string, point int, err error) {
	s = strings.TrimSpace(s)
	var buf [40]byte
	n, lastSep, seps, commas, points := 0, -1, 0, 0, 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			if n == len(buf) {
				return false, "", 0, fmt.Errorf("число %q: слишком много цифр", s)
			}
			buf[n] = byte(r)
			n++
		case r == '-' || r == '−':
			if neg || (i != 0 && i != len(s)-len(string(r))) {
				return false, "", 0, fmt.Errorf("число %q: знак минус не на месте", s)
			}
			neg = true
		case r == '+' && i == 0:
		case r == '.' || r == ',':
			if r == '.' {
				points++
			} else {
				commas++
			}
			seps++
			lastSep = n
		case r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\'':
		default:
			return false, "", 0, fmt.Errorf("число %q: посторонний знак %q", s, r)
		}
	}
	if n == 0 {
		return false, "", 0, fmt.Errorf("число %q: нет цифр", s)
	}
	if seps > 1 && !(commas > 0 && points == 1) && !(points > 0 && commas == 1) {
		return false, "", 0, fmt.Errorf("число %q: больше одной запятой или точки", s)
	}
	if lastSep >= 0 {
		point = n - lastSep
	}
	return neg, string(buf[:n]), point, nil
}

// Scaled turns digits with point of them after the decimal point into a count of 10^-scale. Digits beyond the
// scale must be zeros.
func Scaled(digits string, point, scale int) (int64, error) {
	for point > scale {
		if digits[len(digits)-1] != '0' {
			return 0, fmt.Errorf("больше %d знаков после запятой", scale)
		}
		digits, point = digits[:len(digits)-1], point-1
	}
	var v uint64
	for i := 0; i < len(digits)+scale-point; i++ {
		d := uint64(0)
		if i < len(digits) {
			d = uint64(digits[i] - '0')
		}
		hi, lo := bits.Mul64(v, 10)
		v = lo + d
		if hi != 0 || v < lo || v > 1<<63-1 {
			return 0, fmt.Errorf("слишком большое")
		}
	}
	return int64(v), nil
}

// String writes the shortest exact form with a point: "43.12", "-0.5", "7".
func (d Decimal) String() string {
	u := uint64(d)
	sign := ""
	if d < 0 {
		u, sign = uint64(-d), "-"
	}
	whole, frac := u/Scale, u%Scale
	if frac == 0 {
		return sign + strconv.FormatUint(whole, 10)
	}
	f := strings.TrimRight(fmt.Sprintf("%07d", frac), "0")
	return sign + strconv.FormatUint(whole, 10) + "." + f
}

// MulDiv computes a×b÷c exactly and rounds once, half away from zero. It fails when c is zero or the result
// does not fit 63 bits.
func MulDiv(a, b, c int64) (int64, error) {
	if c == 0 {
		return 0, fmt.Errorf("деление на ноль")
	}
	neg := (a < 0) != (b < 0) != (c < 0)
	ua, ub, uc := abs(a), abs(b), abs(c)
	hi, lo := bits.Mul64(ua, ub)
	if hi >= uc {
		return 0, fmt.Errorf("слишком большое произведение %d × %d", a, b)
	}
	q, r := bits.Div64(hi, lo, uc)
	if r >= uc-r {
		q++
	}
	if q > 1<<63-1 {
		return 0, fmt.Errorf("слишком большое частное")
	}
	if neg {
		return -int64(q), nil
	}
	return int64(q), nil
}

func abs(v int64) uint64 {
	if v < 0 {
		return uint64(-v)
	}
	return uint64(v)
}

// UnmarshalYAML reads a number of a YAML file as Parse does: 0.0598, "1 234,5".
func (d *Decimal) UnmarshalYAML(decode func(any) error) (err error) {
	var s string
	if err := decode(&s); err != nil {
		return err
	}
	*d, err = Parse(s)
	return err
}

// MarshalYAML writes the shortest exact form.
func (d Decimal) MarshalYAML() (any, error) { return d.String(), nil }
