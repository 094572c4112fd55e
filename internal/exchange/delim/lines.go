// Package delim reads delimited text of any dialect: one byte between fields, quotes on or off, line ends CR, LF
// and CRLF mixed, Ctrl-Z of DOS programs at the end.
//
// Owns: cutting bytes into lines and lines into fields, and the bounds on both. Does not own: code pages (it
// works on the bytes as they lie), what comments, headers and fields mean (package register).
//
// Invariants: memory is bounded by MaxRecord whatever the file; slices handed out are good until the next call;
// positions count physical lines from one, as editors show them.
package delim

import (
	"bytes"
	"io"

	"kvit/internal/fault"
)

// Bounds on text files (reliability.md, section 10).
const (
	MaxRecord  = 1 << 20   // bytes in a line, or in a record that runs over several lines
	MaxField   = 64 << 10  // bytes in a field
	MaxColumns = 256       // fields in a line
	MaxRows    = 5_000_000 // lines in a file
)

const (
	firstBuffer = 64 << 10
	ctrlZ       = 0x1a
)

// Lines cuts a stream into lines.
type Lines struct {
	src   io.Reader
	buf   []byte
	start int // of the current line
	stop  int // behind the current line, without its end
	next  int // where the following line begins
	held  int // bytes in buf
	pos   int // number of the first physical line of the current one
	last  int // number of the last physical line read
	err   error
}

// NewLines reads lines from r.
func NewLines(r io.Reader) *Lines { return &Lines{src: r, buf: make([]byte, firstBuffer)} }

// Next gives the following line without its end; io.EOF behind the last one. A line that begins with Ctrl-Z
// ends the file.
func (l *Lines) Next() ([]byte, error) {
	l.start = l.next
	if err := l.find(l.start, l.last+1); err != nil {
		return nil, err
	}
	l.last++
	l.pos = l.last
	line := l.buf[l.start:l.stop]
	if len(line) > 0 && line[0] == ctrlZ {
		l.next = l.held
		return nil, io.EOF
	}
	return line, nil
}

// Extend joins the next physical line to the current one, end of line between them included. At the end of the
// file it reports io.EOF and leaves the current line as it was.
func (l *Lines) Extend() ([]byte, error) {
	stop, next := l.stop, l.next
	shift := l.start
	if err := l.find(l.next, l.pos); err != nil {
		shift -= l.start
		l.stop, l.next = stop-shift, next-shift
		return l.buf[l.start:l.stop], err
	}
	l.last++
	return l.buf[l.start:l.stop], nil
}

// Open tells whether the current line is the last one and has no end: the file may break off in it.
func (l *Lines) Open() bool { return l.err == io.EOF && l.stop == l.held && l.next == l.held }

// Pos is the number of the physical line where the current line begins.
func (l *Lines) Pos() int { return l.pos }

// find looks for the end of the line from index at on and sets stop and next. A record that grows too long is
// reported at the given line.
func (l *Lines) find(at, line int) error {
	for {
		rest := l.buf[at:l.held]
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			l.endAt(at, at+i)
			return nil
		}
		if i := bytes.IndexByte(rest, '\r'); i >= 0 && i+1 < len(rest) {
			l.stop, l.next = at+i, at+i+1
			return nil
		}
		if l.err != nil {
			return l.final(at)
		}
		if l.held-l.start > MaxRecord {
			return TooLong(line)
		}
		shift := l.start
		l.fill()
		at -= shift
	}
}

// endAt sets the end of a line whose line feed is at index lf; a lone CR before it ends a line of its own.
func (l *Lines) endAt(from, lf int) {
	stop := lf
	if stop > from && l.buf[stop-1] == '\r' {
		stop--
	}
	if i := bytes.IndexByte(l.buf[from:stop], '\r'); i >= 0 {
		l.stop, l.next = from+i, from+i+1
		return
	}
	l.stop, l.next = stop, lf+1
}

func (l *Lines) final(at int) error {
	if l.err != io.EOF {
		return l.err
	}
	if at == l.held {
		return io.EOF
	}
	l.stop, l.next = l.held, l.held
	if n := l.held - 1; l.buf[n] == '\r' {
		l.stop = n
	}
	if l.stop-at > 1 && l.buf[l.stop-1] == ctrlZ {
		l.stop--
	}
	return nil
}

func (l *Lines) fill() {
	if l.start > 0 {
		copy(l.buf, l.buf[l.start:l.held])
		l.held -= l.start
		l.start = 0
	}
	if l.held == len(l.buf) {
		grown := make([]byte, 2*len(l.buf))
		copy(grown, l.buf[:l.held])
		l.buf = grown
	}
	for range 100 {
		n, err := l.src.Read(l.buf[l.held:])
		l.held += n
		l.err = err
		if n > 0 || err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}

// TooLong is the fault of a line or record over MaxRecord.
func TooLong(line int) *fault.Error {
	return fault.Newf(fault.Invalid, "file.record_too_long", "Строка длиннее %d байт. Проверьте, что файл не повреждён и что кавычки закрыты.", MaxRecord).
		At(fault.Place{Pos: line, Unit: "line"})
}
