package decimal

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// TestRatioIsExact compares chains of operations with math/big.
func TestRatioIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, want := One(), big.NewRat(1, 1)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			d := Decimal(rapid.Int64Range(-1e12, 1e12).Draw(t, "d"))
			exact := big.NewRat(int64(d), Scale)
			switch rapid.IntRange(0, 4).Draw(t, "op") {
			case 0:
				r, want = r.Times(d), want.Mul(want, exact)
			case 1:
				if d != 0 {
					r, want = r.Over(d), want.Quo(want, exact)
				}
			case 2:
				r, want = r.Plus(d.Exact()), want.Add(want, exact)
			case 4:
				if d != 0 {
					r, want = r.Quo(d.Exact()), want.Quo(want, exact)
				}
			case 3:
				r, want = r.By(d.Exact()), want.Mul(want, exact)
			}
		}
		if r.Rat().Cmp(want) != 0 {
			t.Fatalf("got %s, want %s", r.Rat(), want)
		}
		got, err := r.Round(2)
		cents := new(big.Rat).Mul(want, big.NewRat(100, 1))
		half := new(big.Rat).Add(new(big.Rat).Abs(cents), big.NewRat(1, 2))
		q := new(big.Int).Quo(half.Num(), half.Denom())
		if want.Sign() < 0 {
			q.Neg(q)
		}
		if err == nil && !(q.IsInt64() && q.Int64() == got) || err != nil && q.IsInt64() {
			t.Fatalf("rounded %d (%v), want %s", got, err, q)
		}
	})
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
