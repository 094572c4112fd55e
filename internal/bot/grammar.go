package bot

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kvit/internal/decimal"
)

// typedFigure is a figure of a meter as it was typed: «ХВС 123», «свет ночь 3120», «№ 4471201 251,9».
type typedFigure struct {
	Name  string // of the service or «№…» of the meter; empty goes on with the one before
	Zone  string // as it was typed; empty: the only one
	Value decimal.Decimal
}

// figuresMax bounds the figures of one message: no home has more registers.
const figuresMax = 30

// parseFigures reads figures with their names, or nothing: what is not wholly understood is not guessed at.
func parseFigures(text string) (list []typedFigure, ok bool) {
	s := scanner{rest: text}
	for {
		f, more, ok := s.figure()
		switch {
		case !ok, len(list) == figuresMax:
			return nil, false
		case !more:
			return list, len(list) > 0
		case f.Name == "" && len(list) == 0:
			return nil, false
		case f.Name == "":
			f.Name = list[len(list)-1].Name
		}
		list = append(list, f)
	}
}

// parseFigure reads one figure alone, its unit dropped; thousands may stand apart, as we write them ourselves.
func parseFigure(text string) (value decimal.Decimal, ok bool) {
	s := scanner{rest: grouped.ReplaceAllStringFunc(text, func(n string) string { return strings.Join(strings.Fields(n), "") })}
	s.skip()
	value, ok = s.number()
	s.skip()
	return value, ok && s.rest == ""
}

// grouped is a number whose thousands stand apart.
var grouped = regexp.MustCompile(`^\s*\d{1,3}([ \x{a0}]\d{3})+\b`)

// scanner reads a message from its beginning.
type scanner struct{ rest string }

// between are signs that part a name from its figure and figures from each other.
func between(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:=–—-", r) }

func (s *scanner) skip() { s.rest = strings.TrimLeftFunc(s.rest, between) }

// zoneNames are names of registers, folded.
var zoneNames = []string{"т1", "т2", "т3", "день", "ночь", "пик", "полупик"}

// figure reads a name and its number; more is false at the end.
func (s *scanner) figure() (f typedFigure, more, ok bool) {
	var words []string
	for {
		s.skip()
		if s.rest == "" {
			return f, false, len(words) == 0
		}
		if serial, is := s.serial(); is {
			if len(words) > 0 {
				return f, false, false
			}
			words = append(words, serial)
			continue
		}
		if word := s.word(); word != "" {
			words = append(words, word)
			continue
		}
		f.Value, ok = s.number()
		break
	}
	if ok && len(words) > 0 && slices.Contains(zoneNames, words[len(words)-1]) {
		f.Zone, words = words[len(words)-1], words[:len(words)-1]
	}
	f.Name = strings.Join(words, " ")
	return f, true, ok && f.Name+f.Zone != ""
}

// serial reads «№ 4471201»: the number of a meter.
func (s *scanner) serial() (string, bool) {
	rest, found := strings.CutPrefix(s.rest, "№")
	if !found {
		return "", false
	}
	rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' })
	if end <= 0 {
		return "", false
	}
	s.rest = rest[end:]
	return "№" + rest[:end], true
}

// word reads a word of letters, folded; the names of registers end in a digit. Empty when there is none.
func (s *scanner) word() string {
	end := strings.IndexFunc(s.rest, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' })
	if end < 0 {
		end = len(s.rest)
	}
	if end > 0 && end < len(s.rest) && s.rest[end] >= '1' && s.rest[end] <= '3' && isRate(s.rest[:end]) {
		end++
	}
	if end > 0 && !unicode.IsLetter(firstRune(s.rest)) {
		return ""
	}
	word := strings.NewReplacer("ё", "е", "t", "т").Replace(strings.ToLower(strings.TrimRight(s.rest[:end], ".")))
	s.rest = s.rest[end:]
	return word
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isRate tells the letter before the number of a rate: Т1, in either alphabet.
func isRate(s string) bool { return slices.Contains([]string{"Т", "т", "T", "t"}, s) }

// units may stand behind a figure.
var units = []string{"м³", "м3", "куб.м", "куб", "квт·ч", "квт*ч", "квтч", "квт", "гкал"}

// number reads digits, with a comma or a dot among them, and a unit; what goes on with letters or digits is no number.
func (s *scanner) number() (decimal.Decimal, bool) {
	end := digits(s.rest)
	if end == 0 || end > digitsMax {
		return 0, false
	}
	if end < len(s.rest) && strings.ContainsRune(",.", rune(s.rest[end])) {
		if n := digits(s.rest[end+1:]); n > 0 && n <= fractionMax {
			end += 1 + n
		}
	}
	value, err := decimal.Parse(s.rest[:end])
	s.rest = strings.TrimLeft(s.rest[end:], " \u00a0")
	for _, u := range units {
		if len(s.rest) >= len(u) && strings.EqualFold(s.rest[:len(u)], u) {
			s.rest = strings.TrimLeft(s.rest[len(u):], ".")
			break
		}
	}
	return value, err == nil && (s.rest == "" || s.rest[0] < '0' || s.rest[0] > '9')
}

// Bounds of a figure: no meter of a home shows more.
const (
	digitsMax   = 9
	fractionMax = 7
)

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
