package courier

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kvit/internal/calendar"
)

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func knownDay(s string) bool {
	n, err := strconv.Atoi(s)
	return s == "last" || slices.Contains(weekdays, s) || err == nil && n >= 1 && n <= 31
}

// on tells whether a day is one of the schedule's.
func (s *Schedule) on(day calendar.Date) bool {
	if day < calendar.Date(s.From) || s.Until != 0 && day > calendar.Date(s.Until) {
		return false
	}
	if len(s.Days) == 0 {
		return true
	}
	return slices.ContainsFunc(s.Days, func(d string) bool {
		return d == strconv.Itoa(day.Day()) || d == weekdays[day.Weekday()] || d == "last" && day == day.Month().Last()
	})
}

// slotsMax is how many missed hours are gone through at once.
const slotsMax = 100

// slots gives the hours of the schedule after one moment up to another, in order, the earliest first; slotsMax at most. An
// hour that a change of clocks leaves out is the moment the clocks make of it.
func (s *Schedule) slots(after, until calendar.Micros) (list []calendar.Micros) {
	for day := calendar.DateOf(after.Time().In(s.zone)); len(list) < slotsMax; day = day.AddDays(1) {
		midnight := day.Time(s.zone)
		if calendar.MicrosOf(midnight) > until || s.Until != 0 && day > calendar.Date(s.Until) {
			return list
		}
		if !s.on(day) {
			continue
		}
		for _, h := range s.hours {
			at := calendar.MicrosOf(time.Date(midnight.Year(), midnight.Month(), midnight.Day(), int(h.Hours()), int(h.Minutes())%60, 0, 0, s.zone))
			if at > after && at <= until && len(list) < slotsMax {
				list = append(list, at)
			}
		}
	}
	return list
}

// next is the first hour after a moment; 0 when there is none within a year.
func (s *Schedule) next(after calendar.Micros) calendar.Micros {
	from := after
	if begin := calendar.MicrosOf(calendar.Date(s.From).Time(s.zone)) - 1; s.From != 0 && begin > from {
		from = begin
	}
	if list := s.slots(from, from+calendar.Micros(366*24*time.Hour/time.Microsecond)); len(list) > 0 {
		return list[0]
	}
	return 0
}

// day is the day of an hour in the supplier's zone.
func (s *Schedule) day(slot calendar.Micros) calendar.Date {
	return calendar.DateOf(slot.Time().In(s.zone))
}

// fileName makes a name safe and, where another file has it, another.
func fileName(name string, number int64, taken func(string) (bool, error)) (string, error) {
	name = strings.TrimLeft(strings.NewReplacer("/", "_", "\\", "_").Replace(name), ".")
	used, err := taken(name)
	if err != nil || !used {
		return name, err
	}
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		stem, ext = name[:i], name[i:]
	}
	return stem + "_" + strconv.FormatInt(number, 10) + ext, nil
}
