package calendar

import (
	"testing"
	"time"
)

// TestOrdinalCountsDays walks every day of two centuries beside time.Time.
func TestOrdinalCountsDays(t *testing.T) {
	first := Date(19000101)
	n := first.Ordinal()
	for d := first; d <= 20991231; d = d.AddDays(1) {
		if d.Ordinal() != n || FromOrdinal(n) != d || !d.Exists() || d.Weekday() != d.Time(time.UTC).Weekday() {
			t.Fatalf("%s is day %d, day %d is %s; want %d", d, d.Ordinal(), n, FromOrdinal(n), n)
		}
		n++
	}
	if got := Date(19700101).Ordinal(); got != 0 {
		t.Errorf("1970-01-01 is day %d", got)
	}
}

func TestDaysThatDoNotExist(t *testing.T) {
	for _, d := range []Date{0, -20250101, 20250229, 20250431, 20251301, 20250100, 18991231, 21000101, 99999999} {
		if d.Exists() {
			t.Errorf("%d is taken for a day", int(d))
		}
	}
}

func BenchmarkOrdinal(b *testing.B) {
	for b.Loop() {
		_ = FromOrdinal(Date(20250211).Ordinal() + 30)
	}
}
