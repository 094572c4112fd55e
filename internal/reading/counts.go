package reading

import "kvit/internal/calendar"

// CountsWords say in which bill a figure counts, and whether it came too late for the bill of its own month; "" when that is not
// known.
func (l *Line) CountsWords() (words string, late bool) {
	counts, err := calendar.ParseMonth(l.Month)
	if err != nil {
		return "", false
	}
	if on, err := calendar.ParseDate(l.Day); l.Late && err == nil {
		return "В счёт за " + on.Month().Word() + " уже не успеет, учтём в счёте за " + counts.Word() + ".", true
	}
	return "Попадут в счёт за " + counts.Word() + ".", false
}
