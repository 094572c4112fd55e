package penalty

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/tariff"
)

// dueDates are the last days of payment by month of charge, 2024–2027, read off the production calendar by hand: the
// 10th, from 02.2026 the 15th, and where that is a day off the next working day. 2027 has no decree yet.
const dueDates = `
12.2023 10.01.2024   01.2024 12.02.2024   02.2024 11.03.2024   03.2024 10.04.2024   04.2024 13.05.2024   05.2024 10.06.2024
06.2024 10.07.2024   07.2024 12.08.2024   08.2024 10.09.2024   09.2024 10.10.2024   10.2024 11.11.2024   11.2024 10.12.2024
12.2024 10.01.2025   01.2025 10.02.2025   02.2025 10.03.2025   03.2025 10.04.2025   04.2025 12.05.2025   05.2025 10.06.2025
06.2025 10.07.2025   07.2025 11.08.2025   08.2025 10.09.2025   09.2025 10.10.2025   10.2025 10.11.2025   11.2025 10.12.2025
12.2025 12.01.2026   01.2026 10.02.2026   02.2026 16.03.2026   03.2026 15.04.2026   04.2026 15.05.2026   05.2026 15.06.2026
06.2026 15.07.2026   07.2026 17.08.2026   08.2026 15.09.2026   09.2026 15.10.2026   10.2026 16.11.2026   11.2026 15.12.2026
12.2026 15.01.2027   01.2027 15.02.2027   02.2027 15.03.2027   03.2027 15.04.2027   04.2027 17.05.2027   05.2027 15.06.2027
06.2027 15.07.2027   07.2027 16.08.2027   08.2027 15.09.2027   09.2027 15.10.2027   10.2027 15.11.2027   11.2027 15.12.2027`

func TestDueDates(t *testing.T) {
	rules := compiled(t, law(t))
	words := strings.Fields(dueDates)
	if len(words) != 2*48 {
		t.Fatalf("%d words", len(words))
	}
	for i := 0; i < len(words); i += 2 {
		month, err := calendar.ParseMonth(words[i])
		if err != nil {
			t.Fatal(err)
		}
		if got, err := rules.DueDate(month, ""); err != nil || got.Dotted() != words[i+1] {
			t.Errorf("%s is due %s (%v), want %s", words[i], got.Dotted(), err, words[i+1])
		}
	}
}

// TestDueDatesByTheReferenceCalendar moves terms by the official list of days instead of ours.
func TestDueDatesByTheReferenceCalendar(t *testing.T) {
	f, err := os.Open("../../../shared/data/calendar/production_calendar_ru_2013_2027.csv")
	if err != nil {
		t.Skipf("SKIPPED: due dates are not compared with the reference production calendar: %v", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	days := map[calendar.Date]string{}
	for _, row := range rows[1:] {
		days[date(t, row[0])] = row[1]
	}
	listed, err := Compile(law(t), func(d calendar.Date) bool {
		if kind, ok := days[d]; ok {
			return kind == "nonworking"
		}
		return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	})
	if err != nil {
		t.Fatal(err)
	}
	ours := compiled(t, law(t))
	for m := calendar.Month(201312); m <= 202711; m = m.Add(1) {
		a, _ := ours.DueDate(m, "")
		b, err := listed.DueDate(m, "")
		if a != b || err != nil {
			t.Errorf("%s is due %s, by the reference %s (%v)", m, a, b, err)
		}
	}
}

// TestWhoseDueDay: a contract's day holds until the law forbids another; a later row of equal weight replaces.
func TestWhoseDueDay(t *testing.T) {
	rules := compiled(t, law(t))
	for _, c := range []struct {
		month    calendar.Month
		supplier string
		want     calendar.Date
	}{
		{202510, "contract", 20251125},
		{202510, "water", 20251110},
		{202602, "contract", 20260325},
		{202602, "water", 20260316},
		{202603, "contract", 20260415},
		{202603, "water", 20260415},
		{202609, "contract", 20261015},
	} {
		if got, err := rules.DueDate(c.month, c.supplier); err != nil || got != c.want {
			t.Errorf("%s of %s is due %s (%v), want %s", c.month, c.supplier, got, err, c.want)
		}
	}
}

// TestFebruaryIsAChoice: the catalogue may keep the 10th for 02.2026, where sources conflict.
func TestFebruaryIsAChoice(t *testing.T) {
	c := law(t)
	c.DueDays = append(c.DueDays, tariff.DueDay{Day: 10, FromMonth: 202602, UntilMonth: 202602})
	if got, err := compiled(t, c).DueDate(202602, ""); err != nil || got != 20260310 {
		t.Errorf("due %s (%v)", got, err)
	}
}

// TestDayOfAShortMonth: the 31st of a month without one is its last day.
func TestDayOfAShortMonth(t *testing.T) {
	rules := compiled(t, &tariff.Catalog{DueDays: []tariff.DueDay{{Day: 31}}})
	for month, want := range map[calendar.Month]calendar.Date{202601: 20260302, 202401: 20240229, 202603: 20260430, 202604: 20260601} {
		if got, err := rules.DueDate(month, ""); err != nil || got != want {
			t.Errorf("%s is due %s (%v), want %s", month, got, err, want)
		}
	}
}

// TestCalendarWithoutWorkdays: a wrong calendar moves nothing and does not hang.
func TestCalendarWithoutWorkdays(t *testing.T) {
	r, err := Compile(law(t), func(calendar.Date) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.DueDate(202501, ""); err != nil || got != 20250210 {
		t.Errorf("due %s (%v)", got, err)
	}
}
