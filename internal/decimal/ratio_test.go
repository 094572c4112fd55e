package decimal

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// TestRatioIsExact compares chains of operations with math/big: numbers of people, which fit a word and take the short
// ways, and any numbers.
func TestRatioIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int64{1e3, 1e9, 1e12, 1e18}).Draw(t, "most")
		step := rapid.SampledFrom([]int64{1, 1e3, 1e5, 1e7}).Draw(t, "step")
		r, want := One(), big.NewRat(1, 1)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			n := rapid.Int64Range(-most/step, most/step).Draw(t, "n")
			r, want = operate(t, r, want, Decimal(n*step), n)
		}
		if r.Rat().Cmp(want) != 0 || r.Sign() != want.Sign() || r.IsZero() != (want.Sign() == 0) {
			t.Fatalf("got %s, want %s", r.Rat(), want)
		}
		for _, digits := range []uint8{0, 2, 3, 7, 19} {
			got, err := r.Round(digits)
			if q := roundedBig(want, digits); err == nil && !(q.IsInt64() && q.Int64() == got) || err != nil && q.IsInt64() {
				t.Fatalf("%s to %d digits: %d (%v), want %s", want, digits, got, err, q)
			}
		}
	})
}

// operate does one operation on a ratio and on the same value in math/big.
func operate(t *rapid.T, r Ratio, want *big.Rat, d Decimal, n int64) (Ratio, *big.Rat) {
	exact, whole := big.NewRat(int64(d), Scale), new(big.Rat).SetInt64(n)
	op := rapid.IntRange(0, 7).Draw(t, "op")
	if d == 0 && (op == 1 || op == 4 || op == 6) {
		return r, want
	}
	switch op {
	case 0:
		return r.Times(d), want.Mul(want, exact)
	case 1:
		return r.Over(d), want.Quo(want, exact)
	case 2:
		return r.Plus(d.Exact()), want.Add(want, exact)
	case 3:
		return r.By(d.Exact()), want.Mul(want, exact)
	case 4:
		return r.Quo(d.Exact()), want.Quo(want, exact)
	case 5:
		return r.TimesInt(n), want.Mul(want, whole)
	case 6:
		return r.OverInt(n), want.Quo(want, whole)
	}
	return r.Minus(d.Exact()), want.Sub(want, exact)
}

// roundedBig is a value as a count of 10^-digits, half away from zero.
func roundedBig(v *big.Rat, digits uint8) *big.Int {
	scaled := new(big.Rat).Mul(v, pow10(digits))
	half := new(big.Rat).Add(new(big.Rat).Abs(scaled), big.NewRat(1, 2))
	q := new(big.Int).Quo(half.Num(), half.Denom())
	if v.Sign() < 0 {
		q.Neg(q)
	}
	return q
}

func TestRatioRoundsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		value string
		want  int64
	}{{"0.125", 13}, {"-0.125", -13}, {"0.1249999", 12}, {"2.675", 268}, {"0", 0}} {
		d, err := Parse(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Exact().Round(2); err != nil || got != c.want {
			t.Errorf("%s is %d (%v), want %d", c.value, got, err, c.want)
		}
	}
}

// TestHalvesOfEverySizeRoundAway: one half more than a whole number, in one word, in two and in math/big.
func TestHalvesOfEverySizeRoundAway(t *testing.T) {
	const odd = 1_000_001
	for size, wide := range []Ratio{
		Int(odd), Int(odd).TimesInt(1 << 40).TimesInt(1e6).OverInt(1 << 40).OverInt(1e6),
		Int(odd).TimesInt(1e18).TimesInt(1e18).TimesInt(1e18).OverInt(1e18).OverInt(1e18).OverInt(1e18),
	} {
		for _, sign := range []int64{1, -1} {
			if got, err := wide.TimesInt(sign).OverInt(2).Round(0); err != nil || got != sign*(odd+1)/2 {
				t.Errorf("size %d: %d (%v), want %d", size, got, err, sign*(odd+1)/2)
			}
		}
	}
}

func TestRatioText(t *testing.T) {
	third := One().OverInt(3)
	d, _ := Parse("58.3862")
	for _, c := range []struct {
		r    Ratio
		n    int
		want string
	}{{third, 4, "0.3333…"}, {third.Neg(), 2, "-0.33…"}, {d.Exact(), 6, "58.3862"}, {d.Exact(), 2, "58.38…"}, {Int(12), 3, "12"}, {Int(2).OverInt(3), 3, "0.666…"}} {
		if got := c.r.Text(c.n); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestRatioDoesNotAllocate holds the hot path of charging: a line of six factors stays in registers.
func TestRatioDoesNotAllocate(t *testing.T) {
	n, _ := Parse("4.29")
	price, _ := Parse("45.61")
	k, _ := Parse("3")
	var sum int64
	if got := testing.AllocsPerRun(100, func() {
		v, _ := Int(57).OverInt(30).Times(n).Times(k).Times(price).Round(2)
		sum += v
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkRatioLine(b *testing.B) {
	n, _ := Parse("4.29")
	price, _ := Parse("45.61")
	for b.Loop() {
		if _, err := Int(3).Times(n).Times(price).Round(2); err != nil {
			b.Fatal(err)
		}
	}
}

func TestRatioPer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Decimal(rapid.Int64Range(-1e12, 1e12).Draw(t, "a"))
		b := Decimal(rapid.Int64Range(1, 1e12).Draw(t, "b"))
		for _, sign := range []int64{1, -1} {
			if got := a.Exact().Per(b.Exact().TimesInt(sign)); got.By(b.Exact()).Cmp(a.Exact().TimesInt(sign)) != 0 {
				t.Fatalf("%s ÷ %s is %s", a, b, got.Text(8))
			}
		}
	})
}

// TestSmallFactorsStayExact: fifty factors of 10⁻⁷ are 10⁻³⁵⁰, more digits than a byte counts.
func TestSmallFactorsStayExact(t *testing.T) {
	product, back := One(), One()
	for range 50 {
		product, back = product.By(Decimal(1).Exact()), back.By(FromInt(10_000_000).Exact())
	}
	if got := product.By(back); got.Cmp(One()) != 0 {
		t.Errorf("10⁻³⁵⁰ × 10³⁵⁰ = %s", got.Text(9))
	}
}
