package register

import (
	"regexp"
	"strings"

	"kvit/internal/calendar"
)

var (
	// monthWords is a month in words with its year: «за октябрь 2026 г.».
	monthWords = regexp.MustCompile(`(?i)(январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)[а-я]*\s+20[0-9]{2}`)
	// monthDigits is a month in figures: 2026-10, 10.2026, 2026_10; not a part of a date or of a longer number.
	monthDigits = regexp.MustCompile(`(?:^|[^0-9.,/-])((?:20[0-9]{2}[-._](?:0[1-9]|1[0-2]))|(?:(?:0[1-9]|1[0-2])[-._/]20[0-9]{2}))(?:$|[^0-9.,/-]|\.[a-zа-я])`)
	monthShort  = regexp.MustCompile(`[_-]((?:0[1-9]|1[0-2])2[0-9])\.[A-Za-z]{2,5}$`)
)

// monthOfFile finds the month of a file whose rows carry none: in its title, then in its name.
func (g *guess) monthOfFile(titles []string) {
	if g.p.Period != "" || g.has("period") || g.has("amount") {
		return
	}
	for _, line := range titles {
		if m, ok := monthIn(line); ok {
			g.p.Period = m.String()
			g.e.add("period", g.p.Period, "месяц назван над строками: "+strings.TrimSpace(firstSigns(line, 80)))
			return
		}
	}
	name := g.file.Name
	m, ok := monthIn(name)
	if short := monthShort.FindStringSubmatch(name); !ok && short != nil {
		parsed, err := calendar.ParseMonth(short[1])
		m, ok = parsed, err == nil
	}
	if ok {
		g.p.Period = m.String()
		g.e.add("period", g.p.Period, "месяц из имени файла")
	}
}

// monthIn is the one month a text names.
func monthIn(text string) (calendar.Month, bool) {
	found := monthWords.FindString(text)
	if digits := monthDigits.FindStringSubmatch(strings.ToLower(text)); found == "" && digits != nil {
		found = strings.ReplaceAll(digits[1], "_", "-")
	}
	m, err := calendar.ParseMonth(found)
	return m, err == nil && m.Valid()
}
