package bot

import (
	"strings"
	"unicode"
)

// wordsMax bounds a word or a sentence of others in a message, in signs.
const wordsMax = 300

// joiner is the sign without width that keeps a messenger from reading a link, a mention or a command into a text.
const joiner = "\u2060"

// inert makes words of others (names of suppliers and services, titles people gave) nothing but words: of one line, not long,
// and nothing in them is a link, a mention, a tag or a command in the eyes of a messenger. Messages carry no link but our own.
func inert(s string) string {
	runes := []rune(strings.Join(strings.FieldsFunc(s, breaks), " "))
	if len(runes) > wordsMax {
		runes = append(runes[:wordsMax-1], '…')
	}
	var out strings.Builder
	for i, r := range runes {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			continue // signs that cannot be seen turn or hide others
		}
		out.WriteRune(r)
		next := rune(0)
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		if live(r, next) {
			out.WriteString(joiner)
		}
	}
	return out.String()
}

// breaks tells a space at which a line may break: a no-break one stays.
func breaks(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' }

// live tells whether two signs together could begin or make something to press.
func live(r, next rune) bool {
	word := unicode.IsLetter(next) || unicode.IsDigit(next)
	switch r {
	case '.', '@', '#', '/', '_':
		return word
	case ':':
		return next == '/'
	}
	return next == '@' && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
