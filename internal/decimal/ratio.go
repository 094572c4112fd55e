package decimal

import (
	"fmt"
	"math/big"
	"math/bits"
	"strings"
)

// Ratio is an exact product and quotient of decimals on its way to one rounding: nothing is lost however many
// factors are multiplied and divided. The usual case needs no allocation (128 bits over 64); anything larger goes on
// in math/big. The zero Ratio is zero.
type Ratio struct {
	hi, lo uint64   // magnitude of the numerator
	den    uint64   // denominator; 0 means 1
	digits uint8    // the value is (numerator ÷ denominator) × 10^-digits
	neg    bool     // sign
	big    *big.Rat // the whole value when 128 bits were too few
}

// One is the number one.
func One() Ratio { return Ratio{lo: 1} }

// Int is a whole number.
func Int(n int64) Ratio { return Ratio{lo: abs(n), neg: n < 0} }

// Exact is the decimal as a ratio.
func (d Decimal) Exact() Ratio {
	m, digits := d.mantissa()
	return Ratio{lo: abs(m), neg: m < 0, digits: digits}
}

// mantissa drops the zeros at the end: 43.1200000 is 4312 with two digits.
func (d Decimal) mantissa() (m int64, digits uint8) {
	m, digits = int64(d), Digits
	if m == 0 {
		return 0, 0
	}
	if m%10_000 == 0 {
		m, digits = m/10_000, digits-4
	}
	for digits > 0 && m%10 == 0 {
		m, digits = m/10, digits-1
	}
	return m, digits
}

// IsZero tells whether the value is zero.
func (r Ratio) IsZero() bool {
	return r.big == nil && r.hi == 0 && r.lo == 0 || r.big != nil && r.big.Sign() == 0
}

// Sign is −1, 0 or +1.
func (r Ratio) Sign() int {
	switch {
	case r.IsZero():
		return 0
	case r.big != nil:
		return r.big.Sign()
	case r.neg:
		return -1
	}
	return 1
}

// Neg is −r.
func (r Ratio) Neg() Ratio {
	if r.big != nil {
		return Ratio{big: new(big.Rat).Neg(r.big)}
	}
	r.neg = !r.neg
	return r
}

// Times is r × d.
func (r Ratio) Times(d Decimal) Ratio {
	m, digits := d.mantissa()
	if r.big == nil && r.hi == 0 { // the usual case stays short
		r.hi, r.lo = bits.Mul64(r.lo, abs(m))
		r.digits, r.neg = r.digits+digits, r.neg != (m < 0)
		return r
	}
	r = r.TimesInt(m)
	if r.big != nil {
		return Ratio{big: new(big.Rat).Quo(r.big, pow10(digits))}
	}
	r.digits += digits
	return r
}

// TimesInt is r × n.
func (r Ratio) TimesInt(n int64) Ratio {
	if r.big != nil {
		return Ratio{big: new(big.Rat).Mul(r.big, new(big.Rat).SetInt64(n))}
	}
	u := abs(n)
	if r.hi == 0 {
		r.hi, r.lo = bits.Mul64(r.lo, u)
		r.neg = r.neg != (n < 0)
		return r
	}
	over, hi := bits.Mul64(r.hi, u)
	carry, lo := bits.Mul64(r.lo, u)
	sum, c := bits.Add64(hi, carry, 0)
	if over != 0 || c != 0 {
		return Ratio{big: new(big.Rat).Mul(r.Rat(), new(big.Rat).SetInt64(n))}
	}
	r.hi, r.lo, r.neg = sum, lo, r.neg != (n < 0)
	return r
}

// Over is r ÷ d. It panics when d is zero: callers ask before.
func (r Ratio) Over(d Decimal) Ratio {
	m, digits := d.mantissa()
	if m == 0 {
		panic("decimal: division by zero")
	}
	for ; digits > 0; digits-- { // r ÷ (m·10^-digits) = r·10^digits ÷ m
		if r.big == nil && r.digits > 0 {
			r.digits--
			continue
		}
		r = r.TimesInt(10)
	}
	return r.OverInt(m)
}

// OverInt is r ÷ n. It panics when n is zero.
func (r Ratio) OverInt(n int64) Ratio {
	if n == 0 {
		panic("decimal: division by zero")
	}
	if r.big != nil {
		return Ratio{big: new(big.Rat).Quo(r.big, new(big.Rat).SetInt64(n))}
	}
	u := abs(n)
	if r.hi == 0 && r.lo%u == 0 { // the common case stays short
		r.lo, r.neg = r.lo/u, r.neg != (n < 0)
		return r
	}
	over, den := bits.Mul64(max(r.den, 1), u)
	if over != 0 {
		return Ratio{big: new(big.Rat).Quo(r.Rat(), new(big.Rat).SetInt64(n))}
	}
	r.den, r.neg = den, r.neg != (n < 0)
	return r
}

// By is r × s.
func (r Ratio) By(s Ratio) Ratio {
	if r.big == nil && s.big == nil && r.hi == 0 && s.hi == 0 {
		hi, lo := bits.Mul64(r.lo, s.lo)
		over, den := bits.Mul64(max(r.den, 1), max(s.den, 1))
		if digits := r.digits + s.digits; over == 0 && digits >= r.digits { // a byte holds so many digits
			return Ratio{hi: hi, lo: lo, den: den, digits: digits, neg: r.neg != s.neg}
		}
	}
	return Ratio{big: new(big.Rat).Mul(r.Rat(), s.Rat())}
}

// Quo is r ÷ s. It panics when s is zero.
func (r Ratio) Quo(s Ratio) Ratio {
	if s.IsZero() {
		panic("decimal: division by zero")
	}
	if s.big == nil && s.hi == 0 && s.lo < 1<<63 && max(s.den, 1) < 1<<63 && r.big == nil {
		n := r.TimesInt(int64(max(s.den, 1)))
		for i := s.digits; i > 0 && n.big == nil; i-- {
			if n.digits > 0 {
				n.digits--
			} else {
				n = n.TimesInt(10)
			}
		}
		if n.big == nil {
			if s.neg {
				n = n.Neg()
			}
			return n.OverInt(int64(s.lo))
		}
	}
	return Ratio{big: new(big.Rat).Quo(r.Rat(), s.Rat())}
}

// Plus is r + s.
func (r Ratio) Plus(s Ratio) Ratio {
	switch {
	case r.IsZero():
		return s
	case s.IsZero():
		return r
	}
	if sum, ok := r.plusShort(s); ok {
		return sum
	}
	return Ratio{big: new(big.Rat).Add(r.Rat(), s.Rat())}
}

// plusShort adds where both are over the same denominator and fit 64 bits.
func (r Ratio) plusShort(s Ratio) (Ratio, bool) {
	if r.big != nil || s.big != nil || max(r.den, 1) != max(s.den, 1) || r.hi != 0 || s.hi != 0 {
		return Ratio{}, false
	}
	if r.digits < s.digits {
		r, s = s, r
	}
	for ; s.digits < r.digits; s.digits++ {
		s.hi, s.lo = bits.Mul64(s.lo, 10)
		if s.hi != 0 {
			return Ratio{}, false
		}
	}
	if r.neg == s.neg {
		var carry uint64
		r.lo, carry = bits.Add64(r.lo, s.lo, 0)
		r.hi = carry
		return r, true
	}
	if r.lo < s.lo {
		r, s = s, r
	}
	r.lo -= s.lo
	return r, true
}

// Minus is r − s.
func (r Ratio) Minus(s Ratio) Ratio { return r.Plus(s.Neg()) }

// Cmp compares r with s: −1, 0, +1.
func (r Ratio) Cmp(s Ratio) int { return r.Minus(s).Sign() }

// Rat is the value in math/big.
func (r Ratio) Rat() *big.Rat {
	if r.big != nil {
		return r.big
	}
	n := new(big.Int).SetUint64(r.hi)
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(r.lo))
	if r.neg {
		n.Neg(n)
	}
	v := new(big.Rat).SetFrac(n, new(big.Int).SetUint64(max(r.den, 1)))
	return v.Quo(v, pow10(r.digits))
}

func pow10(digits uint8) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
}

var tens = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// Round is the value as a count of 10^-digits, rounded once, half away from zero. It fails beyond 63 bits.
func (r Ratio) Round(digits uint8) (int64, error) {
	if r.big != nil {
		return r.roundBig(digits)
	}
	if q, ok := r.roundShort(digits); ok {
		return q, nil
	}
	if more := digits - r.digits; r.digits < digits {
		if int(more) >= len(tens)-1 { // 10^19 is beyond int64
			return r.roundBig(digits)
		}
		wide := r.TimesInt(int64(tens[more]))
		if wide.big != nil {
			return r.roundBig(digits)
		}
		r, r.digits = wide, digits
	}
	shift := r.digits - digits
	if int(shift) >= len(tens) {
		return r.roundBig(digits)
	}
	over, den := bits.Mul64(max(r.den, 1), tens[shift])
	if over != 0 || r.hi >= den {
		return r.roundBig(digits)
	}
	q, rest := bits.Div64(r.hi, r.lo, den)
	if rest >= den-rest {
		q++
	}
	if q > 1<<63-1 {
		return 0, fmt.Errorf("слишком большое число")
	}
	if r.neg {
		return -int64(q), nil
	}
	return int64(q), nil
}

// roundShort rounds where 64 bits are enough: one division, or none.
func (r Ratio) roundShort(digits uint8) (int64, bool) {
	num, den, over := r.lo, max(r.den, 1), r.hi
	if more := digits - r.digits; r.digits <= digits {
		if int(more) < len(tens) && over == 0 {
			over, num = bits.Mul64(num, tens[more])
		} else {
			over = 1
		}
	} else if less := r.digits - digits; int(less) < len(tens) && over == 0 {
		over, den = bits.Mul64(den, tens[less])
	} else {
		over = 1
	}
	if over != 0 {
		return 0, false
	}
	q := num
	if den != 1 {
		q = num / den
		if rest := num - q*den; rest >= den-rest {
			q++
		}
	}
	if q > 1<<63-1 {
		return 0, false
	}
	if r.neg {
		return -int64(q), true
	}
	return int64(q), true
}

func (r Ratio) roundBig(digits uint8) (int64, error) {
	v := new(big.Rat).Mul(r.Rat(), pow10(digits))
	num, den := new(big.Int).Abs(v.Num()), v.Denom()
	q := new(big.Int).Lsh(num, 1)
	q.Add(q, den).Quo(q, new(big.Int).Lsh(den, 1))
	if !q.IsInt64() {
		return 0, fmt.Errorf("слишком большое число")
	}
	if v.Sign() < 0 {
		return -q.Int64(), nil
	}
	return q.Int64(), nil
}

// Decimal is the value rounded to seven digits, half away from zero; values beyond the range are cut to its ends.
func (r Ratio) Decimal() Decimal {
	v, err := r.Round(Digits)
	if err != nil {
		if r.Sign() < 0 {
			return -1 << 63
		}
		return 1<<63 - 1
	}
	return Decimal(v)
}

// Text writes the value with at most n digits after the point, and «…» when more follow: "1304.6249…".
func (r Ratio) Text(n int) string {
	v := r.Rat()
	s := new(big.Rat).Abs(v).FloatString(n + 1)
	exact := new(big.Rat)
	exact.SetString(s)
	whole := exact.Cmp(new(big.Rat).Abs(v)) == 0 && strings.HasSuffix(s, "0")
	s = s[:len(s)-1]
	if !whole { // cut, not rounded: what is shown stands in the number
		cut := new(big.Int).Mul(new(big.Int).Abs(v.Num()), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
		cut.Quo(cut, v.Denom())
		s = new(big.Rat).SetFrac(cut, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)).FloatString(n)
	}
	if whole && strings.ContainsRune(s, '.') {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	if !whole {
		s += "…"
	}
	if v.Sign() < 0 {
		s = "-" + s
	}
	return s
}
