package decimal

import "testing"

func TestGroupedIsForPeople(t *testing.T) {
	for _, c := range []struct {
		text   string
		digits int
		want   string
	}{{"4043.19", 2, "4\u00a0043,19"}, {"51.9", 2, "51,90"}, {"14.28", 0, "14,28"}, {"7", 0, "7"}, {"7", 2, "7,00"}, {"-1234567.5", 0, "-1\u00a0234\u00a0567,5"}, {"", 2, ""}} {
		if got := Grouped(c.text, c.digits); got != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
}
