package text

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"мира", "мира", 0}, {"мира", "мера", 1}, {"мира", "мриа", 1}, {"мира", "мир", 1}, {"мира", "мирра", 1}, {"мира", "гора", 2}, {"мира", "", 3}, {"мира", "ленина", 3}} {
		if got := min(Distance(c.a, c.b, 2), 3); got != c.want {
			t.Errorf("%q, %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[а-г]{0,6}`).Draw(t, "a"), rapid.StringMatching(`[а-г]{0,6}`).Draw(t, "b")
		x, y := Distance(a, b, 3), Distance(b, a, 3)
		if min(x, 4) != min(y, 4) || (x == 0) != (a == b) {
			t.Errorf("%q, %q: %d and %d", a, b, x, y)
		}
	})
}
