package calendar

import (
	"testing"
	"time"
)

func TestParseMonthAsFilesWriteIt(t *testing.T) {
	for in, want := range map[string]Month{
		"2026-10": 202610, "102026": 202610, "1026": 202610, "202610": 202610, "10.2026": 202610, "01.10.2026": 202610,
		"922": 202209, "62015": 201506, "октябрь 2026": 202610, "Октября 2026 г.": 202610, "2026-10-15": 202610, "10/2026": 202610,
		"20261031": 202610, "31102026": 202610, "10.26": 202610,
	} {
		if got, err := ParseMonth(in); err != nil || got != want {
			t.Errorf("ParseMonth(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "13.2026", "2026-00", "x", "1326", "00.0000"} {
		if got, err := ParseMonth(in); err == nil {
			t.Errorf("ParseMonth(%q) = %v, want an error", in, got)
		}
	}
}

func TestParseDateRefusesDaysThatDoNotExist(t *testing.T) {
	for _, in := range []string{"31.02.2026", "01.13.2026", "1899-01-01", "01.01.9999", ""} {
		if d, err := ParseDate(in); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", in, d)
		}
	}
	for in, want := range map[string]Date{"23.11.2026": 20261123, "23-11-2026": 20261123, "2026-11-23": 20261123, "20261123": 20261123, "23112026": 20261123, "23.11.26": 20261123, "2026-10-03T07:01:02+03:00": 20261003} {
		if got, err := ParseDate(in); err != nil || got != want {
			t.Errorf("ParseDate(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
}

func TestDaysAndMonths(t *testing.T) {
	if got := Month(202612).Add(1); got != 202701 {
		t.Errorf("after December comes %v", got)
	}
	if got := Month(202402).Last(); got != 20240229 {
		t.Errorf("last of February 2024 is %v", got)
	}
	if got := FromSerial(46326, false); got != 20261031 {
		t.Errorf("serial 46326 is %v", got)
	}
	if got := Date(20261123).Weekday(); got != time.Monday {
		t.Errorf("23.11.2026 is %v", got)
	}
}

// Dates of charging.md 11.2: terms that fall on days off move to the next working day.
func TestDayOff(t *testing.T) {
	for in, want := range map[Date]Date{20260110: 20260112, 20261115: 20261116, 20260815: 20260817, 20261215: 20261215, 20180428: 20180428, 20261104: 20261105} {
		if got := NextWorkday(in); got != want {
			t.Errorf("NextWorkday(%v) = %v, want %v", in, got, want)
		}
	}
}
