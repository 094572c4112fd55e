// Package inert makes words of others nothing but words, wherever they are shown: names of suppliers, addresses of
// registers, what residents write.
//
// Owns: signs nobody sees that turn or hide others; text that a spreadsheet would run. Does not own: escaping for HTML
// (templates do it), headers of letters (notice/channel), links in messengers (bot).
//
// Invariants: what is read as a number stays one; Bare(Cell(s)) == s.
package inert

import "strings"

// Hides tells a sign that is not seen itself and changes how others are: marks and overrides of direction (Unicode
// Bidi_Control: «ООО ‮киР» would be read from its end), signs without width that make two names look one, controls but the
// tab and ends of lines. The soft hyphen and joiners stay: they are a part of writing.
func Hides(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n' && r != '\r'
	case r < 0x7f:
		return false
	case r <= 0x9f, r == 0x61c, r == 0xfeff:
		return true
	}
	return r == 0x200b || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2061 && r <= 0x2069 || r >= 0xfff9 && r <= 0xfffb
}

// Seen is a text without the signs that Hides tells.
func Seen(s string) string {
	return strings.Map(func(r rune) rune {
		if Hides(r) {
			return -1
		}
		return r
	}, s)
}

// Formula tells whether a spreadsheet takes a text that begins so for a formula or drops its first sign (reliability.md 10).
func Formula[T string | []byte](s T) bool {
	return len(s) > 0 && strings.IndexByte("=+-@\t\r\x00", s[0]) >= 0
}

// Cell puts an apostrophe before a text a spreadsheet would run as a formula, and before a text that looks as if that had
// been done already. A negative number stays a number.
func Cell(s string) string {
	if !number(s) && Formula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// Cells are the cells of a row, each as Cell has it.
func Cells(row ...string) []string {
	for i := range row {
		row[i] = Cell(row[i])
	}
	return row
}

// Bare takes the apostrophe of Cell away.
func Bare(s string) string {
	if strings.HasPrefix(s, "'") && Formula(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}

// number tells -12, -12.5 and -12,50.
func number(s string) bool {
	digits, ok := strings.CutPrefix(s, "-")
	whole, part, cut := strings.Cut(strings.Replace(digits, ",", ".", 1), ".")
	return ok && allDigits(whole) && (!cut || allDigits(part))
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
