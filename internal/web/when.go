package web

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kvit/internal/calendar"
)

var weekdays = [...]string{"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"}

// words is a date that stays on one line.
func words(d calendar.Date) string { return strings.ReplaceAll(d.Words(), " ", "\u00a0") }

// Day is a date for people: «15 декабря», with the weekday within a week of today, with the year if it is
// another one (ux.md 7).
func (p *Page) Day(d calendar.Date) string {
	today := calendar.DateOf(p.Now)
	switch away := d.Days(today); {
	case int(d)/10000 != int(today)/10000 && (away > 7 || away < 0):
		return fmt.Sprintf("%s\u00a0%d", words(d), int(d)/10000)
	case away >= 0 && away <= 7:
		return words(d) + ", " + weekdays[d.Weekday()]
	}
	return words(d)
}

// Until is the last day to pay in words: «до 15 декабря», and once it has gone by «срок прошёл 15 декабря».
func (p *Page) Until(d calendar.Date) string {
	if d < calendar.DateOf(p.Now) {
		return "срок прошёл " + p.Day(d)
	}
	return "до " + p.Day(d)
}

// Moment is an instant for people, in the region's time: «сегодня в 10:12», «22 ноября в 18:42».
func (p *Page) Moment(m calendar.Micros) string {
	at := m.Time().In(p.Now.Location())
	d, today := calendar.DateOf(at), calendar.DateOf(p.Now)
	clock := at.Format("15:04")
	switch today.Days(d) {
	case 0:
		return "сегодня в\u00a0" + clock
	case 1:
		return "вчера в\u00a0" + clock
	}
	if at.Year() != p.Now.Year() {
		return fmt.Sprintf("%s\u00a0%d в\u00a0%s", words(d), at.Year(), clock)
	}
	return words(d) + " в\u00a0" + clock
}

// Clock is the time of day of an instant: «15:30».
func (p *Page) Clock(m calendar.Micros) string {
	return m.Time().In(p.Now.Location()).Format("15:04")
}

// machineTime is the form of an instant in <time datetime>.
func (p *Page) machineTime(m calendar.Micros) string {
	return m.Time().In(p.Now.Location()).Format(time.RFC3339)
}

// Capital makes the first letter large: a month's name at the beginning of a heading.
func Capital(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
