package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
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

// TestDaysAreCountedAsTimeDoes compares with time.Time, no date and days past the end of a month included.
func TestDaysAreCountedAsTimeDoes(t *testing.T) {
	byTime := func(d Date) time.Time { return d.Time(time.UTC) }
	rapid.Check(t, func(t *rapid.T) {
		date := func(name string) Date {
			return Date(rapid.IntRange(1900, 2100).Draw(t, name)*10000 + rapid.IntRange(1, 12).Draw(t, "month")*100 + rapid.IntRange(1, 31).Draw(t, "day"))
		}
		a, b, n := date("a"), date("b"), rapid.IntRange(-5000, 5000).Draw(t, "n")
		for _, d := range []Date{a, 0} {
			if got, want := d.AddDays(n), DateOf(byTime(d).AddDate(0, 0, n)); got != want {
				t.Fatalf("%d and %d days: %d, want %d", d, n, got, want)
			}
		}
		if got, want := a.Days(b), int(byTime(a).Sub(byTime(b))/(24*time.Hour)); got != want {
			t.Fatalf("from %d to %d: %d, want %d", b, a, got, want)
		}
	})
}
