package exchange

import (
	"encoding/binary"
	"errors"
)

// encoder appends the spool's compact form: varints and length-prefixed strings.
type encoder struct{ b []byte }

func (e *encoder) int(v int64)   { e.b = binary.AppendVarint(e.b, v) }
func (e *encoder) text(s string) { e.int(int64(len(s))); e.b = append(e.b, s...) }
func (e *encoder) bool(v bool) {
	if v {
		e.b = append(e.b, 1)
		return
	}
	e.b = append(e.b, 0)
}

// errSpool means the program read its own spool wrongly: a bug or a damaged disk.
var errSpool = errors.New("spool is damaged")

// decoder reads what encoder wrote; after the first fault it yields zeros and keeps err.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.err, d.b = errSpool, nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) text() string {
	n := d.int()
	if n < 0 || n > int64(len(d.b)) {
		d.err, d.b = errSpool, nil
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) bool() bool {
	if len(d.b) == 0 {
		d.err = errSpool
		return false
	}
	v := d.b[0] == 1
	d.b = d.b[1:]
	return v
}
