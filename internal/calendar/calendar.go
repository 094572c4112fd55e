// Package calendar holds dates without times, billing months and the ways suppliers write them.
//
// Date is a civil date; Month is a billing period (расчётный период). Both compare with < and are stored as
// TEXT 2006-01-02 and INTEGER yyyymm. Instants are int64 microseconds of Unix time in UTC.
package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Month is a billing month as the number yyyymm: 202610. Zero is no month.
type Month int

// NewMonth makes a month from year and month number.
func NewMonth(year, month int) Month { return Month(year*100 + month) }

// Valid tells whether the month lies in 1990-01 … 2099-12.
func (m Month) Valid() bool {
	return m >= 199001 && m <= 209912 && m%100 >= 1 && m%100 <= 12
}

// Year and Number take the month apart.
func (m Month) Year() int { return int(m) / 100 }

// Number is the number of the month in its year, 1 to 12.
func (m Month) Number() int { return int(m) % 100 }

// Add moves by n months.
func (m Month) Add(n int) Month {
	k := m.Year()*12 + m.Number() - 1 + n
	return NewMonth(k/12, k%12+1)
}

// First and Last are the bounds of the month.
func (m Month) First() Date {
	if n := m.Number(); n >= 1 && n <= 12 {
		return Date(m*100 + 1)
	}
	return NewDate(m.Year(), m.Number(), 1)
}

// Last is the last day of the month.
func (m Month) Last() Date { return m.Add(1).First().AddDays(-1) }

// String is 2026-10.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year(), m.Number()) }

var monthNames = [...]string{"", "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"}
var monthGenitives = [...]string{"", "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}

// Title is «октябрь 2026».
func (m Month) Title() string { return fmt.Sprintf("%s %d", monthNames[m.Number()], m.Year()) }

// Word is «октябрь».
func (m Month) Word() string { return monthNames[m.Number()] }

// Short is «окт».
func (m Month) Short() string {
	letters := []rune(m.Word())
	return string(letters[:min(3, len(letters))])
}

// Genitive is «октября».
func (m Month) Genitive() string { return monthGenitives[m.Number()] }

// ParseMonth reads a billing month as files write it: 2026-10, 102026, 1026, 202610, 10.2026, 01.10.2026,
// "октябрь 2026", and 922 where a spreadsheet ate the zero of 0922 (formats.md 0.1). A date means its month.
func ParseMonth(s string) (Month, error) {
	t := strings.ToLower(strings.TrimSpace(s))
	if m := parseMonthWords(t); m.Valid() {
		return m, nil
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, t)
	if len(digits) != len(t) {
		if m := parseSeparated(t); m.Valid() {
			return m, nil
		}
		return 0, fmt.Errorf("месяц %q: ожидается, например, 10.2026 или 2026-10", s)
	}
	if m := parseDigits(digits); m.Valid() {
		return m, nil
	}
	return 0, fmt.Errorf("месяц %q: ожидается, например, 102026 или 1026", s)
}

func parseMonthWords(t string) Month {
	for i := 1; i <= 12; i++ {
		if strings.HasPrefix(t, monthNames[i]) || strings.HasPrefix(t, monthGenitives[i]) {
			f := strings.Fields(t)
			if len(f) > 1 {
				y, _ := strconv.Atoi(f[1])
				return NewMonth(y, i)
			}
		}
	}
	return 0
}

func parseSeparated(t string) Month {
	if d, err := ParseDate(t); err == nil {
		return d.Month()
	}
	f := strings.FieldsFunc(t, func(r rune) bool { return r == '.' || r == '-' || r == '/' || r == ' ' })
	if len(f) < 2 {
		return 0
	}
	a, errA := strconv.Atoi(f[0])
	b, errB := strconv.Atoi(f[1])
	switch {
	case errA != nil || errB != nil || len(f) > 2:
		return 0
	case len(f[0]) == 4:
		return NewMonth(a, b)
	case len(f[1]) == 4:
		return NewMonth(b, a)
	case len(f[1]) == 2:
		return NewMonth(2000+b, a)
	}
	return 0
}

func parseDigits(d string) Month {
	n, err := strconv.Atoi(d)
	if err != nil {
		return 0
	}
	switch len(d) {
	case 3, 4: // MMYY, the zero may be lost
		return NewMonth(2000+n%100, n/100)
	case 5: // MYYYY
		return NewMonth(n%10000, n/10000)
	case 6: // YYYYMM before MMYYYY: a year cannot be a month
		if Month(n).Valid() {
			return Month(n)
		}
		return NewMonth(n%10000, n/10000)
	case 8: // YYYYMMDD or DDMMYYYY
		if m := Month(n / 100); m.Valid() && n%100 >= 1 && n%100 <= 31 {
			return m
		}
		return NewMonth(n%10000, n/10000%100)
	}
	return 0
}

// Date is a civil date as the number yyyymmdd. Zero is no date.
type Date int

// NewDate makes a date; out-of-range days move on as time.Date does.
func NewDate(year, month, day int) Date {
	return DateOf(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC))
}

// DateOf is the civil date of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d)
}

// Time is midnight of the date in a zone.
func (d Date) Time(zone *time.Location) time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, zone)
}

// AddDays moves by n days.
func (d Date) AddDays(n int) Date {
	if day := d.Day() + n; day >= 1 && day <= 28 && d >= dateMin { // every month has these
		return d + Date(n)
	}
	return FromOrdinal(d.Ordinal() + n)
}

// dateMin is the first day of the first year.
const dateMin = Date(1_01_01)

// Days is the number of days from a to d.
func (d Date) Days(a Date) int {
	if d/100 == a/100 && a >= dateMin {
		return int(d - a)
	}
	return d.Ordinal() - a.Ordinal()
}

// Month is the billing month the date lies in.
func (d Date) Month() Month { return Month(d / 100) }

// Day is the day of the month, 1 to 31.
func (d Date) Day() int { return int(d) % 100 }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday((d.Ordinal()%7 + 11) % 7) }

// String is 2026-10-31, the stored form; empty for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", int(d)/10000, int(d)/100%100, int(d)%100)
}

// Words is «15 декабря».
func (d Date) Words() string { return fmt.Sprintf("%d %s", d.Day(), monthGenitives[int(d)/100%100]) }

// Dotted is 31.10.2026, the form of bank files.
func (d Date) Dotted() string {
	return fmt.Sprintf("%02d.%02d.%04d", d.Day(), int(d)/100%100, int(d)/10000)
}

var dateLayouts = []string{"2006-01-02", "02.01.2006", "02-01-2006", "02/01/2006", "02.01.06", "20060102", "02012006", "2006-01-02T15:04:05Z07:00", "02.01.2006 15:04:05", "02.01.2006 15:04", "2006-01-02 15:04:05", "02.01.2006_15:04:05"}

// ParseDate reads a date as files write it (formats.md 0.1); an instant means its day in its own zone. Dates
// that do not exist, such as 31.02, are errors.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && t.Year() < 2100 {
			return DateOf(t), nil
		}
	}
	return 0, fmt.Errorf("дата %q: ожидается, например, 31.10.2026", s)
}

// FromSerial is the date of a spreadsheet serial number: days since 1899-12-30, or since 1904-01-01 in books
// of the 1904 system.
func FromSerial(n int, system1904 bool) Date {
	if system1904 {
		return NewDate(1904, 1, 1).AddDays(n)
	}
	return NewDate(1899, 12, 30).AddDays(n)
}

// Micros is an instant as stored: microseconds of Unix time.
type Micros int64

// MicrosOf is the stored form of t.
func MicrosOf(t time.Time) Micros { return Micros(t.UnixMicro()) }

// Time is the instant in UTC.
func (m Micros) Time() time.Time { return time.UnixMicro(int64(m)).UTC() }
