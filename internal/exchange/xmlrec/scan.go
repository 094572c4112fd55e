// Package xmlrec reads XML files of records: a fast tokenizer with bounds, and on top of it a reader that picks
// the fields of each record out of elements and attributes named in a layout.
//
// Owns: the grammar suppliers use, bounds on depth, tags and texts, the refusal of DOCTYPE. Does not own: code
// pages (input must be UTF-8; Declared tells what the prolog claims) and meaning. Namespaces are ignored: names
// are compared without their prefix.
//
// Invariants: entities other than the five of XML and character numbers are an error, so nothing expands; one
// record is held at a time.
package xmlrec

import (
	"bytes"
	"io"

	"kvit/internal/fault"
)

// Bounds (reliability.md, section 10).
const (
	MaxDepth = 64
	MaxTag   = 1 << 20 // bytes in one tag, text or record
)

// Token is one piece of a document.
type Token struct {
	Kind  TokenKind
	Name  []byte // without prefix
	Attrs []Attr
	Text  []byte
}

// TokenKind tells tokens apart.
type TokenKind uint8

// Kinds of tokens. An empty element gives Start and End.
const (
	Start TokenKind = iota
	End
	Text
)

// Attr is one attribute, its value with entities resolved.
type Attr struct {
	Name, Value []byte
}

// Scanner cuts a document into tokens. What a token points to is good until the next call.
type Scanner struct {
	src     io.Reader
	buf     []byte
	at      int
	held    int
	err     error
	token   Token
	depth   int
	open    [MaxDepth + 1][]byte // full names of open elements
	closing bool                 // an empty element was opened and is to be closed
	scratch []byte
	seen    bool // the root element was opened
}

// NewScanner reads UTF-8 XML from r.
func NewScanner(r io.Reader) *Scanner {
	return &Scanner{src: r, buf: make([]byte, 64<<10)}
}

// Depth is the number of elements open, the one just started included.
func (s *Scanner) Depth() int { return s.depth }

// Open is the name of the open element at a depth from one, without prefix.
func (s *Scanner) Open(depth int) []byte { return local(s.open[depth]) }

// Next gives the following token; io.EOF behind the root element.
func (s *Scanner) Next() (*Token, error) {
	s.scratch = s.scratch[:0]
	if s.closing {
		s.closing = false
		return s.end(), nil
	}
	for {
		if s.at == s.held {
			if err := s.fill(s.at); err != nil {
				return nil, s.stop(err)
			}
		}
		if s.buf[s.at] != '<' {
			if token, err := s.text(); token != nil || err != nil {
				return token, err
			}
			continue
		}
		token, err := s.markup()
		if token != nil || err != nil {
			return token, err
		}
	}
}

// stop judges the end of input.
func (s *Scanner) stop(err error) error {
	if err != io.EOF {
		return err
	}
	if s.depth > 0 {
		return refuse("file.truncated", "Файл XML обрывается: не закрыт элемент «%s». Передайте файл ещё раз.", string(s.open[s.depth]))
	}
	if !s.seen {
		return refuse("xml.syntax", "В файле XML нет ни одного элемента.")
	}
	return io.EOF
}

// fill reads more, keeping the bytes from keep on; s.at keeps its place in the text.
func (s *Scanner) fill(keep int) error {
	if s.err != nil {
		return s.err
	}
	if keep > 0 {
		copy(s.buf, s.buf[keep:s.held])
		s.held -= keep
		s.at -= keep
	}
	if s.held > MaxTag {
		return refuse("file.record_too_long", "Тег или текст XML длиннее 1 МБ.")
	}
	if s.held == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.src.Read(s.buf[s.held:])
		s.held += n
		s.err = err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// until finds what from s.at+skip on and gives its index in buf.
func (s *Scanner) until(skip int, what string) (int, error) {
	for {
		if s.at+skip <= s.held {
			if i := bytes.Index(s.buf[s.at+skip:s.held], []byte(what)); i >= 0 {
				return s.at + skip + i, nil
			}
			skip = max(skip, s.held-s.at-len(what)+1)
		}
		if err := s.fill(s.at); err != nil {
			return 0, s.cut(err)
		}
	}
}

func (s *Scanner) cut(err error) error {
	if err == io.EOF {
		return refuse("file.truncated", "Файл XML обрывается посреди тега. Передайте его ещё раз.")
	}
	return err
}

// text reads up to the next tag. White space outside the root gives no token.
func (s *Scanner) text() (*Token, error) {
	end := -1
	for end < 0 {
		if i := bytes.IndexByte(s.buf[s.at:s.held], '<'); i >= 0 {
			end = s.at + i
			break
		}
		if err := s.fill(s.at); err == io.EOF {
			end = s.held
		} else if err != nil {
			return nil, err
		}
	}
	raw := s.buf[s.at:end]
	s.at = end
	if s.depth == 0 {
		if len(bytes.Trim(raw, " \t\r\n\x00\x1a\ufeff")) > 0 {
			return nil, refuse("xml.syntax", "Вне корневого элемента XML стоит текст.")
		}
		return nil, nil
	}
	return s.textToken(raw, true)
}

func (s *Scanner) textToken(raw []byte, entities bool) (*Token, error) {
	if entities {
		var err error
		if raw, err = s.resolve(raw); err != nil {
			return nil, err
		}
	}
	s.token = Token{Kind: Text, Text: raw, Attrs: s.token.Attrs[:0]}
	return &s.token, nil
}

func (s *Scanner) markup() (*Token, error) {
	for s.held-s.at < 9 && s.err == nil {
		if err := s.fill(s.at); err != nil && err != io.EOF {
			return nil, err
		}
	}
	rest := s.buf[s.at:s.held]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return nil, s.skip(4, "-->")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		i, err := s.until(9, "]]>")
		if err != nil {
			return nil, err
		}
		raw := s.buf[s.at+9 : i]
		s.at = i + 3
		return s.textToken(raw, false)
	case bytes.HasPrefix(rest, []byte("<!")):
		return nil, refuse("xml.doctype", "В файле XML есть DOCTYPE: такие файлы не принимаются. Выгрузите файл без него.")
	case bytes.HasPrefix(rest, []byte("<?")):
		return nil, s.skip(2, "?>")
	case bytes.HasPrefix(rest, []byte("</")):
		return s.endTag()
	}
	return s.startTag()
}

func (s *Scanner) skip(from int, what string) error {
	i, err := s.until(from, what)
	if err == nil {
		s.at = i + len(what)
	}
	return err
}

func (s *Scanner) endTag() (*Token, error) {
	i, err := s.until(2, ">")
	if err != nil {
		return nil, err
	}
	name := bytes.TrimRight(s.buf[s.at+2:i], " \t\r\n")
	s.at = i + 1
	if s.depth == 0 || !bytes.Equal(name, s.open[s.depth]) {
		return nil, refuse("xml.syntax", "Закрыт не тот элемент XML: «%s».", string(name))
	}
	return s.end(), nil
}

func (s *Scanner) end() *Token {
	s.token = Token{Kind: End, Name: local(s.open[s.depth]), Attrs: s.token.Attrs[:0]}
	s.depth--
	return &s.token
}

func local(name []byte) []byte { return name[bytes.LastIndexByte(name, ':')+1:] }

func refuse(code, format string, args ...any) *fault.Error {
	return fault.Newf(fault.Invalid, code, format, args...)
}
