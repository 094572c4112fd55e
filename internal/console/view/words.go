package view

import (
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// spaced is a count with no-break spaces between thousands.
func spaced(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}

// counted is a count with its noun: 1 строка, 2 строки, 5 строк.
func counted(n int, one, few, many string) string {
	return spaced(n) + "\u00a0" + money.Plural(int64(n), one, few, many)
}

func daysLeft(n int) string {
	if n <= 0 {
		return "сегодня последний день"
	}
	return "осталось " + counted(n, "день", "дня", "дней")
}

func monthTitle(m calendar.Month) string {
	if m == 0 {
		return "не указан"
	}
	return m.Title()
}

func joined(samples []string) string { return strings.Join(samples, " · ") }
