// Package money holds sums in kopecks and the only places that divide them.
//
// Invariants: an Amount is an int64 of kopecks; a sum is rounded once, half away from zero; the parts of a
// split always add up to the whole. In JSON and in tables a sum is its number of kopecks.
package money

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/decimal"
)

// Amount is a sum in kopecks; negative is an overpayment or a reversal.
type Amount int64

// Max bounds any sum Kvit accepts: ten billion roubles.
const Max = Amount(1_000_000_000_000)

// Parse reads roubles as files and people write them: "1 234,56", "1234.5", "120.55-", "100 ₽", "100 руб.".
// More than two digits after the point is an error unless they are zeros. Empty text is an error.
func Parse(s string) (Amount, error) {
	t := strings.TrimSpace(s)
	for _, unit := range []string{"₽", "руб.", "руб", "р."} {
		t = strings.TrimSpace(strings.TrimSuffix(t, unit))
	}
	neg, digits, point, err := decimal.Clean(t)
	if err != nil {
		return 0, fmt.Errorf("сумма: %w", err)
	}
	v, err := decimal.Scaled(digits, point, 2)
	if err != nil {
		return 0, fmt.Errorf("сумма %q: %w", s, err)
	}
	if Amount(v) > Max {
		return 0, fmt.Errorf("сумма %q больше допустимой", s)
	}
	if neg {
		v = -v
	}
	return Amount(v), nil
}

// FromFloat takes a numeric cell of a spreadsheet or JSON that is within 10⁻⁶ of a whole kopeck as that
// kopeck; anything else is an error, because a sum with a fraction of a kopeck is not a sum.
func FromFloat(f float64) (Amount, error) {
	k := f * 100
	n := int64(k + 0.5)
	if k < 0 {
		n = int64(k - 0.5)
	}
	if d := k - float64(n); d > 1e-4 || d < -1e-4 || Amount(n) > Max || Amount(n) < -Max || f != f {
		return 0, fmt.Errorf("сумма %v: не целое число копеек", f)
	}
	return Amount(n), nil
}

// String is the machine form in roubles with a point: "1234.56", "-0.05".
func (a Amount) String() string {
	u, sign := uint64(a), ""
	if a < 0 {
		u, sign = uint64(-a), "-"
	}
	return sign + strconv.FormatUint(u/100, 10) + "." + string([]byte{byte('0' + u%100/10), byte('0' + u%10)})
}

// Abs is the sum without its sign.
func (a Amount) Abs() Amount { return max(a, -a) }

// Format is the form for people: "6 214,35 ₽" with no-break spaces and U+2212 for minus.
func (a Amount) Format() string { return a.FormatBare() + "\u00a0₽" }

// FormatBare is Format without the sign of the rouble.
func (a Amount) FormatBare() string {
	u, sign := uint64(a), ""
	if a < 0 {
		u, sign = uint64(-a), "−"
	}
	whole := strconv.FormatUint(u/100, 10)
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(c)
	}
	fmt.Fprintf(&b, ",%02d", u%100)
	return b.String()
}

// Speech is the form a screen reader says: "6214 рублей 35 копеек".
func (a Amount) Speech() string {
	u, sign := int64(a), ""
	if a < 0 {
		u, sign = -u, "минус "
	}
	return fmt.Sprintf("%s%d %s %d %s", sign, u/100, Plural(u/100, "рубль", "рубля", "рублей"), u%100, Plural(u%100, "копейка", "копейки", "копеек"))
}

// Plural picks the Russian form of a noun for n: 1 рубль, 2 рубля, 5 рублей, 11 рублей, 21 рубль.
func Plural(n int64, one, few, many string) string {
	if n < 0 {
		n = -n
	}
	switch {
	case n%100 >= 11 && n%100 <= 14:
		return many
	case n%10 == 1:
		return one
	case n%10 >= 2 && n%10 <= 4:
		return few
	}
	return many
}

// Price is volume × rate rounded once to a kopeck, half away from zero. Rate is in roubles per unit.
func Price(volume, rate decimal.Decimal) (Amount, error) {
	// (v·10⁻⁷)(r·10⁻⁷) roubles = v·r·10⁻¹² kopecks
	v, err := decimal.MulDiv(int64(volume), int64(rate), 1_000_000_000_000)
	return Amount(v), err
}

// Split shares total among weights so that the parts add up to it exactly: each gets the floor of its share,
// the kopecks left go to the largest remainders, ties by order. Weights must not be negative; when all are
// zero the first gets everything. A negative total is the mirror of the positive one.
func Split(total Amount, weights []int64) []Amount {
	parts := make([]Amount, len(weights))
	if len(weights) == 0 {
		return parts
	}
	if total < 0 {
		for i, p := range Split(-total, weights) {
			parts[i] = -p
		}
		return parts
	}
	var sum uint64
	for _, w := range weights {
		if w < 0 {
			panic("money.Split: negative weight")
		}
		sum += uint64(w)
	}
	if sum == 0 {
		parts[0] = total
		return parts
	}
	type remainder struct {
		index int
		rest  uint64
	}
	rests := make([]remainder, len(weights))
	left := total
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		q, r := bits.Div64(hi, lo, sum)
		parts[i] = Amount(q)
		left -= parts[i]
		rests[i] = remainder{i, r}
	}
	slices.SortStableFunc(rests, func(a, b remainder) int {
		switch {
		case a.rest > b.rest:
			return -1
		case a.rest < b.rest:
			return 1
		}
		return 0
	})
	for i := 0; left > 0; i++ {
		parts[rests[i].index]++
		left--
	}
	return parts
}

// Percent is a share of a sum given in hundredths of a percent (150: 1,50 %), rounded once to a kopeck, half away from
// zero.
func Percent(sum Amount, hundredths int64) (Amount, error) {
	v, err := decimal.MulDiv(int64(sum), hundredths, 10_000)
	return Amount(v), err
}
