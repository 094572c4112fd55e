package match

import (
	"slices"
	"testing"
)

func TestSpellings(t *testing.T) {
	list := Spellings("К07")
	for _, want := range []string{"K07", "К17", "K17", "К08", "K00"} {
		if !slices.Contains(list, want) {
			t.Errorf("К07: no %q in %q", want, list)
		}
	}
	for _, no := range []string{"К07", "К18", "К7", "М07"} {
		if slices.Contains(list, no) {
			t.Errorf("К07: %q is no spelling of it", no)
		}
	}
	if n := len(Spellings("0005869066")); n != 90 {
		t.Errorf("ten digits have %d spellings, want 90", n)
	}
	if Spellings("") != nil || Spellings(string(make([]byte, 41))) != nil {
		t.Error("an empty or overlong number has spellings")
	}
}
