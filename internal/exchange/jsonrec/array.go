package jsonrec

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"kvit/internal/fault"
)

// ArrayReader streams the elements of one array of a document.
type ArrayReader struct {
	src     *bufio.Reader
	buf     []byte
	pos     int
	started bool
	path    []string
}

// NewArrayReader reads the array at path ("data.items"); an empty path means that the document is the array.
func NewArrayReader(r io.Reader, path string) *ArrayReader {
	a := &ArrayReader{src: bufio.NewReaderSize(r, 64<<10)}
	if path != "" {
		a.path = strings.Split(path, ".")
	}
	return a
}

// Pos is the ordinal of the current element, from one.
func (a *ArrayReader) Pos() int { return a.pos }

// Next gives the text of the following element; io.EOF behind the last.
func (a *ArrayReader) Next() ([]byte, error) {
	if !a.started {
		if err := a.open(); err != nil {
			return nil, a.fail(err)
		}
		a.started = true
	}
	c, err := a.skip()
	if err != nil {
		return nil, a.fail(err)
	}
	if c == ',' && a.pos > 0 {
		if c, err = a.skip(); err != nil {
			return nil, a.fail(err)
		}
	} else if c == ']' {
		return nil, io.EOF
	} else if a.pos > 0 {
		return nil, a.fail(errSyntax)
	}
	a.pos++
	a.buf = append(a.buf[:0], c)
	if err := a.element(c); err != nil {
		return nil, a.fail(err)
	}
	return a.buf, nil
}

var errSyntax = errors.New("json: unexpected sign between elements")

func (a *ArrayReader) fail(err error) error {
	place := fault.Place{Pos: a.pos, Unit: "record"}
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		return f.At(place)
	case errors.Is(err, errSyntax):
		return fault.New(fault.Invalid, "json.syntax", "Файл JSON не разобрать: ожидается запятая или конец списка.").At(place)
	case errors.Is(err, io.EOF):
		return fault.New(fault.Invalid, "file.truncated", "Файл JSON обрывается. Передайте его ещё раз.").At(place)
	}
	return err
}

// open walks to the array wanted.
func (a *ArrayReader) open() error {
	c, err := a.skip()
	if err != nil {
		return err
	}
	for _, key := range a.path {
		if c != '{' {
			return a.missing()
		}
		if err := a.enter(key); err != nil {
			return err
		}
		if c, err = a.skip(); err != nil {
			return err
		}
	}
	if c != '[' {
		return a.missing()
	}
	return nil
}

func (a *ArrayReader) missing() error {
	return fault.Newf(fault.Invalid, "json.no_array", "В файле JSON нет списка записей по пути «%s». Укажите record в профиле.", strings.Join(a.path, "."))
}

// enter moves behind the colon of a key of the object it stands in.
func (a *ArrayReader) enter(key string) error {
	for {
		c, err := a.skip()
		if err != nil {
			return err
		}
		if c == ',' {
			continue
		}
		if c != '"' {
			return a.missing()
		}
		a.buf = append(a.buf[:0], c)
		if err := a.restOfString(); err != nil {
			return err
		}
		name := string(a.buf[1 : len(a.buf)-1])
		if c, err = a.skip(); err != nil {
			return err
		}
		if c != ':' {
			return errSyntax
		}
		if name == key {
			return nil
		}
		if c, err = a.skip(); err != nil {
			return err
		}
		a.buf = append(a.buf[:0], c)
		if err := a.element(c); err != nil {
			return err
		}
	}
}

func (a *ArrayReader) skip() (byte, error) {
	for {
		c, err := a.src.ReadByte()
		if err != nil || c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, err
		}
	}
}

// element reads the rest of a value that begins with c into buf.
func (a *ArrayReader) element(c byte) error {
	switch c {
	case '"':
		return a.restOfString()
	case '{', '[':
		return a.restOfContainer()
	}
	for {
		c, err := a.src.ReadByte()
		if err != nil {
			return err
		}
		if c == ',' || c == ']' || c == '}' {
			return a.src.UnreadByte()
		}
		if err := a.take(c); err != nil {
			return err
		}
	}
}

func (a *ArrayReader) take(c byte) error {
	if len(a.buf) >= MaxRecord {
		return fault.New(fault.Invalid, "file.record_too_long", "Запись JSON длиннее 1 МБ.")
	}
	a.buf = append(a.buf, c)
	return nil
}

func (a *ArrayReader) restOfContainer() error {
	for depth := 1; depth > 0; {
		c, err := a.src.ReadByte()
		if err != nil {
			return err
		}
		if err := a.take(c); err != nil {
			return err
		}
		switch c {
		case '"':
			err = a.restOfString()
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *ArrayReader) restOfString() error {
	for {
		c, err := a.src.ReadByte()
		if err != nil {
			return err
		}
		if err := a.take(c); err != nil {
			return err
		}
		if c == '"' {
			return nil
		}
		if c == '\\' {
			if c, err = a.src.ReadByte(); err != nil {
				return err
			}
			if err := a.take(c); err != nil {
				return err
			}
		}
	}
}
