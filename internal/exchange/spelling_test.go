package exchange

import "testing"

func TestLikeness(t *testing.T) {
	for _, c := range []struct {
		name, candidate, number string
		samePaid, suspect       bool
		want                    int
	}{
		{"the same but for what folding takes away", "5869066", "5869066", false, false, 3},
		{"one sign, nothing else", "5869066", "5869067", false, false, 0},
		{"one sign, the sum", "5869066", "5869067", true, false, 1},
		{"one sign, a broken check digit", "5869066", "5869067", false, true, 1},
		{"one sign, both", "5869066", "5869067", true, true, 2},
		{"two signs", "5869066", "5869077", true, true, 0},
		{"a sign put for a leading zero", "869066", "5869066", true, true, 2},
		{"another length", "5869066", "58690", true, true, 0},
	} {
		if got := likeness(c.candidate, c.number, c.samePaid, c.suspect); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}
