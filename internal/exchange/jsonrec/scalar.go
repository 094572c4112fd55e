package jsonrec

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// number checks the grammar of RFC 8259 and moves behind it.
func (w *walker) number() error {
	b, i := w.b, w.i
	if i < len(b) && b[i] == '-' {
		i++
	}
	first := i
	i = digits(b, i)
	if i == first || b[first] == '0' && i-first > 1 {
		return w.bad("неверное число")
	}
	if i < len(b) && b[i] == '.' {
		from := i + 1
		if i = digits(b, from); i == from {
			return w.bad("неверное число")
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		from := i
		if i = digits(b, from); i == from {
			return w.bad("неверное число")
		}
	}
	w.i = i
	return nil
}

func digits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}

func (w *walker) word() (Kind, error) {
	rest := w.b[w.i:]
	switch {
	case bytes.HasPrefix(rest, []byte("null")):
		w.i += 4
		return Null, nil
	case bytes.HasPrefix(rest, []byte("true")):
		w.i += 4
		return Bool, nil
	case bytes.HasPrefix(rest, []byte("false")):
		w.i += 5
		return Bool, nil
	}
	return Absent, w.bad("неизвестное слово")
}

// str reads a string; its text is resolved only when wanted.
func (w *walker) str(wanted bool) ([]byte, error) {
	begin := w.i + 1
	escaped := false
	for i := begin; ; {
		n := bytes.IndexByte(w.b[i:], '"')
		if n < 0 {
			return nil, w.bad("строка не закрыта")
		}
		if j := bytes.IndexByte(w.b[i:i+n], '\\'); j >= 0 {
			escaped = true
			i += j + 2 // the sign behind a backslash never closes the string
			if i > len(w.b) {
				return nil, w.bad("строка не закрыта")
			}
			continue
		}
		w.i = i + n + 1
		raw := w.b[begin : i+n]
		if !escaped || !wanted {
			return raw, nil
		}
		return w.unescape(raw)
	}
}

func (w *walker) unescape(s []byte) ([]byte, error) {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		if s[i] == 'u' {
			r, n, ok := unicodeEscape(s[i+1:])
			if !ok {
				return nil, w.bad("неверная запись знака \\u")
			}
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		at := bytes.IndexByte([]byte(`"\/bfnrt`), s[i])
		if at < 0 {
			return nil, w.bad("неверный знак после \\")
		}
		out = append(out, "\"\\/\b\f\n\r\t"[at])
	}
	return out, nil
}

// unicodeEscape reads four hexadecimal digits and, for a surrogate, its other half.
func unicodeEscape(s []byte) (r rune, n int, ok bool) {
	first, ok := hex4(s)
	if !ok || !utf16.IsSurrogate(first) {
		return first, 4, ok
	}
	if len(s) >= 10 && s[4] == '\\' && s[5] == 'u' {
		if second, ok := hex4(s[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 10, true
			}
		}
	}
	return utf8.RuneError, 4, true
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range s[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
