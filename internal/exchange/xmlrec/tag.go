package xmlrec

import (
	"bytes"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// startTag reads an opening tag; when the buffer ends inside it, more is read and it begins anew.
func (s *Scanner) startTag() (*Token, error) {
	for {
		n, empty, err := s.parseTag(s.buf[s.at:s.held])
		if err != nil {
			return nil, err
		}
		if n == 0 {
			s.scratch = s.scratch[:0]
			if err := s.fill(s.at); err != nil {
				return nil, s.cut(err)
			}
			continue
		}
		s.at += n
		s.closing = empty
		return &s.token, s.push()
	}
}

func (s *Scanner) push() error {
	if s.depth == 0 && s.seen {
		return refuse("xml.syntax", "В файле XML больше одного корневого элемента.")
	}
	if s.depth == MaxDepth {
		return refuse("xml.depth", "Вложенность XML больше 64 уровней.")
	}
	s.seen = true
	s.depth++
	s.open[s.depth] = append(s.open[s.depth][:0], s.token.Name...)
	s.token.Name = local(s.token.Name)
	return nil
}

// parseTag reads "<name a="v" …>" and gives its length; zero asks for more bytes.
func (s *Scanner) parseTag(b []byte) (n int, empty bool, err error) {
	i := nameEnd(b, 1)
	if i == len(b) {
		return 0, false, nil
	}
	if i == 1 {
		return 0, false, refuse("xml.syntax", "После «<» в XML нет имени элемента.")
	}
	s.token = Token{Kind: Start, Name: b[1:i], Attrs: s.token.Attrs[:0]}
	for {
		i = spaceEnd(b, i)
		if i+1 >= len(b) && (i == len(b) || b[i] != '>') {
			return 0, false, nil
		}
		switch {
		case b[i] == '>':
			return i + 1, false, nil
		case b[i] == '/' && b[i+1] == '>':
			return i + 2, true, nil
		}
		i, err = s.attribute(b, i)
		if err != nil || i == 0 {
			return 0, false, err
		}
	}
}

// attribute reads name="value" from i on and gives the index behind it; zero asks for more bytes.
func (s *Scanner) attribute(b []byte, i int) (int, error) {
	from := i
	i = nameEnd(b, i)
	name := b[from:i]
	i = spaceEnd(b, i)
	if i == len(b) {
		return 0, nil
	}
	if len(name) == 0 || b[i] != '=' {
		return 0, refuse("xml.syntax", "Атрибут XML «%s» без значения.", string(name))
	}
	i = spaceEnd(b, i+1)
	if i == len(b) {
		return 0, nil
	}
	quote := b[i]
	if quote != '"' && quote != '\'' {
		return 0, refuse("xml.syntax", "Значение атрибута XML «%s» без кавычек.", string(name))
	}
	n := bytes.IndexByte(b[i+1:], quote)
	if n < 0 {
		return 0, nil
	}
	value, err := s.resolve(b[i+1 : i+1+n])
	s.token.Attrs = append(s.token.Attrs, Attr{local(name), value})
	return i + n + 2, err
}

func nameEnd(b []byte, i int) int {
	for i < len(b) {
		switch b[i] {
		case ' ', '\t', '\r', '\n', '=', '/', '>', '<', '"', '\'':
			return i
		}
		i++
	}
	return i
}

func spaceEnd(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// resolve writes entities out. Only the five of XML and character numbers exist.
func (s *Scanner) resolve(b []byte) ([]byte, error) {
	amp := bytes.IndexByte(b, '&')
	if amp < 0 {
		return b, nil
	}
	from := len(s.scratch)
	for amp >= 0 {
		s.scratch = append(s.scratch, b[:amp]...)
		semi := bytes.IndexByte(b[amp:], ';')
		if semi < 0 || semi > 12 {
			return nil, refuse("xml.entity", "В тексте XML стоит «&» без имени. Замените на «&amp;».")
		}
		r, ok := entity(string(b[amp+1 : amp+semi]))
		if !ok {
			return nil, refuse("xml.entity", "Неизвестная сущность XML «%s».", string(b[amp:amp+semi+1]))
		}
		s.scratch = utf8.AppendRune(s.scratch, r)
		b = b[amp+semi+1:]
		amp = bytes.IndexByte(b, '&')
	}
	s.scratch = append(s.scratch, b...)
	return s.scratch[from:len(s.scratch):len(s.scratch)], nil
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n > 0 && n <= utf8.MaxRune
}

var declared = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']`)

// Declared is the encoding the prolog claims, or "" when it claims none. The sample is in ASCII terms: the
// beginning of the file in any single-byte encoding or UTF-8.
func Declared(sample []byte) string {
	if m := declared.FindSubmatch(sample[:min(len(sample), 400)]); m != nil {
		return string(m[1])
	}
	return ""
}
