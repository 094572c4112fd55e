package delim

import (
	"bytes"
	"errors"
	"io"

	"kvit/internal/fault"
)

// Dialect is how fields stand in a line. Quote 0 means quotes are ordinary signs.
type Dialect struct {
	Delimiter byte
	Quote     byte
}

// Reader cuts lines into fields. Scan moves to a line, Fields splits it; a caller that finds a comment or a
// trailer in the line need not split it.
type Reader struct {
	lines   *Lines
	dialect Dialect
	line    []byte
	fields  [][]byte
	scratch []byte // fields with doubled quotes, written out
}

// NewReader reads lines of a dialect from r.
func NewReader(r io.Reader, d Dialect) *Reader {
	return &Reader{lines: NewLines(r), dialect: d}
}

// Scan moves to the next line and gives it whole; io.EOF behind the last.
func (r *Reader) Scan() ([]byte, error) {
	line, err := r.lines.Next()
	r.line = line
	return line, err
}

// Open tells whether the current line is the last one and has no end: the file may break off in it.
func (r *Reader) Open() bool { return r.lines.Open() }

// Pos is the number of the line Scan stands on; for a record over several lines, of the first.
func (r *Reader) Pos() int { return r.lines.Pos() }

// Line is the text of the current record, all its lines once Fields has been called.
func (r *Reader) Line() []byte { return r.line }

// Fields splits the current line. A quoted field takes in following lines until it is closed.
func (r *Reader) Fields() ([][]byte, error) {
	if r.dialect.Quote == 0 || bytes.IndexByte(r.line, r.dialect.Quote) < 0 {
		return r.plain()
	}
	for {
		done, err := r.quoted()
		if done || err != nil {
			return r.fields, err
		}
		if r.line, err = r.lines.Extend(); errors.Is(err, io.EOF) {
			return nil, r.refuse("file.quote_open", "Кавычка открыта и не закрыта до конца файла. Закройте её или отключите кавычки в профиле.")
		} else if err != nil {
			return nil, err
		}
	}
}

func (r *Reader) plain() ([][]byte, error) {
	f := r.fields[:0]
	rest := r.line
	for {
		i := bytes.IndexByte(rest, r.dialect.Delimiter)
		if i < 0 {
			break
		}
		f = append(f, rest[:i:i])
		rest = rest[i+1:]
		if len(f) > MaxColumns {
			return nil, r.tooMany()
		}
	}
	r.fields = append(f, rest)
	if len(r.fields) > MaxColumns {
		return nil, r.tooMany()
	}
	return r.fields, nil
}

// quoted splits a line with quotes in it; false asks for more lines.
func (r *Reader) quoted() (bool, error) {
	r.fields, r.scratch = r.fields[:0], r.scratch[:0]
	rest := r.line
	for {
		if len(r.fields) >= MaxColumns {
			return false, r.tooMany()
		}
		var field []byte
		var end int // index of the delimiter in rest, or -1 at the end of the line
		if len(rest) > 0 && rest[0] == r.dialect.Quote {
			var closed bool
			if field, end, closed = r.unquote(rest); !closed {
				return false, nil
			}
		} else if end = bytes.IndexByte(rest, r.dialect.Delimiter); end < 0 {
			field = rest
		} else {
			field = rest[:end:end]
		}
		r.fields = append(r.fields, field)
		if end < 0 {
			return true, nil
		}
		rest = rest[end+1:]
	}
}

// unquote reads a field that begins with a quote. A quote counts as closing only before a delimiter or the end
// of the line, so bare quotes inside names do no harm.
func (r *Reader) unquote(s []byte) (field []byte, end int, closed bool) {
	q, d := r.dialect.Quote, r.dialect.Delimiter
	from, doubled := len(r.scratch), false
	begin := 1
	for i := 1; ; {
		n := bytes.IndexByte(s[i:], q)
		if n < 0 {
			return nil, 0, false
		}
		i += n
		switch {
		case i+1 == len(s) || s[i+1] == d:
			field = s[begin:i:i]
			if doubled {
				r.scratch = append(r.scratch, field...)
				field = r.scratch[from:len(r.scratch):len(r.scratch)]
			}
			if i+1 == len(s) {
				return field, -1, true
			}
			return field, i + 1, true
		case s[i+1] == q:
			r.scratch = append(r.scratch, s[begin:i+1]...)
			doubled = true
			i += 2
			begin = i
		default:
			i++
		}
	}
}

func (r *Reader) tooMany() error {
	return r.refuse("file.too_many_columns", "В строке больше 256 полей. Проверьте разделитель в профиле.")
}

func (r *Reader) refuse(code, message string) error {
	return fault.New(fault.Invalid, code, message).At(fault.Place{Pos: r.lines.Pos(), Unit: "line"})
}
