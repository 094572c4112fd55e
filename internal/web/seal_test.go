package web

import "testing"

// TestSignedValues: only what this installation signed for this purpose is believed.
func TestSignedValues(t *testing.T) {
	s, other := &Site{Key: []byte("0123456789abcdef0123456789abcdef")}, &Site{Key: []byte("fedcba9876543210fedcba9876543210")}
	text := s.Signed("bill", "a.b")
	if got := s.Unsigned("bill", text); got != "a.b" {
		t.Errorf("%q", got)
	}
	for _, wrong := range []string{"", "a.b", "a.b.", text[:len(text)-1], "x" + text, other.Signed("bill", "a.b"), s.Signed("form", "a.b")} {
		if got := s.Unsigned("bill", wrong); got != "" {
			t.Errorf("%q is believed: %q", wrong, got)
		}
	}
}
