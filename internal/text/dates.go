package text

import (
	"regexp"
	"strings"
)

// Dates, months and moments are written one way in the whole program (calendar, web), so they are understood without a
// phrase for each: «15 декабря 2026, вторник» is 15 December 2026, Tuesday. Numbers stay as they are.
var (
	dateWords  = regexp.MustCompile(`^(?:(\d{1,2}) )?(\pL+)(?: (\d{4}))?(?: (?:года|год|г\.))?(?:, (\pL+))?(?: в (\d{1,2}:\d{2}))?$`)
	monthForms = map[string]string{
		"январь": "January", "января": "January", "январе": "January", "янв": "Jan", "февраль": "February", "февраля": "February", "феврале": "February", "фев": "Feb",
		"март": "March", "марта": "March", "марте": "March", "мар": "Mar", "апрель": "April", "апреля": "April", "апреле": "April", "апр": "Apr",
		"май": "May", "мая": "May", "мае": "May", "июнь": "June", "июня": "June", "июне": "June", "июн": "Jun", "июль": "July", "июля": "July", "июле": "July", "июл": "Jul",
		"август": "August", "августа": "August", "августе": "August", "авг": "Aug", "сентябрь": "September", "сентября": "September", "сентябре": "September", "сен": "Sep",
		"октябрь": "October", "октября": "October", "октябре": "October", "окт": "Oct", "ноябрь": "November", "ноября": "November", "ноябре": "November", "ноя": "Nov",
		"декабрь": "December", "декабря": "December", "декабре": "December", "дек": "Dec",
	}
	weekdayForms = map[string]string{
		"понедельник": "Monday", "вторник": "Tuesday", "среда": "Wednesday", "среду": "Wednesday", "четверг": "Thursday", "пятница": "Friday", "пятницу": "Friday",
		"суббота": "Saturday", "субботу": "Saturday", "воскресенье": "Sunday", "пн": "Mon", "вт": "Tue", "ср": "Wed", "чт": "Thu", "пт": "Fri", "сб": "Sat", "вс": "Sun",
	}
	dayForms = map[string]string{"сегодня": "today", "вчера": "yesterday", "завтра": "tomorrow"}
)

// dateInEnglish says a date, a month, a weekday or a moment; false when the text is none.
func dateInEnglish(s string) (string, bool) {
	m := dateWords.FindStringSubmatch(plainSpaces(s))
	if m == nil {
		return "", false
	}
	word := strings.ToLower(m[2])
	said, ok := monthForms[word]
	if day, known := dayForms[word]; known && m[1] == "" {
		said, ok = day, true
	}
	if weekday, known := weekdayForms[word]; known && m[1] == "" && m[3] == "" {
		said, ok = weekday, true
	}
	weekday, known := weekdayForms[m[4]]
	if !ok || m[4] != "" && !known {
		return "", false
	}
	return joined(m[1], said, m[3], m[5], weekday), true
}

// joined puts a date together; its parts stay on one line as in Russian.
func joined(day, word, year, clock, weekday string) string {
	said := word
	if day != "" {
		said = day + "\u00a0" + said
	}
	if year != "" {
		said += "\u00a0" + year
	}
	if weekday != "" {
		said += ", " + weekday
	}
	if clock != "" {
		said += " at\u00a0" + clock
	}
	return said
}

// unitWords are units beside numbers.
var unitWords = map[string]string{
	"м": "m", "кВт": "kW", "Вт": "W", "ч": "h", "Гкал": "Gcal", "ГДж": "GJ", "МБ": "MB", "КБ": "KB", "ГБ": "GB", "л": "l", "кг": "kg", "мин": "min", "руб": "₽", "коп": "kop",
}

var (
	letters = regexp.MustCompile(`\p{Cyrillic}+`)
	figures = regexp.MustCompile(`^[^\p{Cyrillic}]*\d|^\p{Cyrillic}{1,4}[²³·./]|^\p{Cyrillic}{2,4}$`)
)

// documentNumber is a number of a payment, a receipt, an account, with the letters such numbers are made with.
var documentNumber = regexp.MustCompile(`^[\p{Lu}\d]+(?:[-/.][\p{Lu}\d]+)*$`)

// numberOfDocument knows a number that has letters: it stays as people compare it with paper.
func numberOfDocument(s string) (string, bool) {
	return s, documentNumber.MatchString(s) && strings.ContainsAny(s, "0123456789")
}

// unitsInEnglish says numbers with units, or a unit alone: «6,935 м³ × 43,12 ₽/м³», «кВт·ч».
func unitsInEnglish(s string) (string, bool) {
	if !figures.MatchString(s) || strings.Contains(s, "ч.") { // a part of an article of a law, not an hour
		return "", false
	}
	return wordByWord(s, unitWords)
}

// hoursInEnglish says days of the week with hours: «пн–пт 8:00–17:00».
func hoursInEnglish(s string) (string, bool) { return wordByWord(s, weekdayForms) }

// wordByWord says a text all of whose words are of one table.
func wordByWord(s string, table map[string]string) (said string, known bool) {
	known = true
	said = letters.ReplaceAllStringFunc(s, func(word string) string {
		english, ok := table[word]
		known = known && ok
		return english
	})
	return said, known
}
