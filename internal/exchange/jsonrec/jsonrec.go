// Package jsonrec streams records of JSON: one object a line (NDJSON) or the elements of an array, and picks
// the values at given paths out of each.
//
// Owns: finding records, walking them, bounds. Does not own: what a value means. Numbers are handed out as the
// digits that stand in the file and never pass through a float.
//
// Invariants: one record is held at a time; depth and size are bounded; a record that is not proper JSON is
// reported with its place and the next record is still readable in NDJSON.
package jsonrec

import (
	"strconv"
	"strings"

	"kvit/internal/fault"
)

// Bounds (reliability.md, section 10).
const (
	MaxDepth  = 64
	MaxRecord = 1 << 20
)

// Kind is the kind of a value.
type Kind uint8

// Kinds of values. Absent stands for a path that leads nowhere.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Object
	Array
)

// Value is one value of a record. Raw is its text in the file; for a String without the quotes and with
// escapes resolved. It is good until the next record.
type Value struct {
	Kind Kind
	Raw  []byte
}

// node is one step of the paths wanted.
type node struct {
	key  string
	slot []int // values of paths that end here
	next []*node
}

// Paths are the places wanted from each record, compiled.
type Paths struct {
	root *node
	n    int
}

// Compile takes paths as profiles write them: keys joined by points, a number for an element of an array
// ("meters.0.sn"). The values of Record come in the same order; a path may be listed twice.
func Compile(paths []string) *Paths {
	p := &Paths{root: &node{}, n: len(paths)}
	for i, path := range paths {
		at := p.root
		for _, key := range strings.Split(path, ".") {
			at = at.child(key)
		}
		at.slot = append(at.slot, i)
	}
	return p
}

func (n *node) child(key string) *node {
	for _, c := range n.next {
		if c.key == key {
			return c
		}
	}
	c := &node{key: key}
	n.next = append(n.next, c)
	return c
}

func (n *node) find(key []byte) *node {
	if n == nil {
		return nil
	}
	for _, c := range n.next {
		if string(key) == c.key {
			return c
		}
	}
	return nil
}

// Pick walks one record and fills values, which must be as long as the paths compiled. When a key is repeated
// the last one counts.
func (p *Paths) Pick(record []byte, values []Value) error {
	clear(values)
	w := walker{b: record, values: values}
	w.space()
	if err := w.value(p.root, 0); err != nil {
		return err
	}
	w.space()
	if w.i != len(w.b) {
		return w.bad("за значением стоит лишнее")
	}
	return nil
}

type walker struct {
	b      []byte
	i      int
	values []Value
}

func (w *walker) bad(what string) error {
	return fault.Newf(fault.Invalid, "json.syntax", "Запись JSON не разобрать: %s, знак %d.", what, w.i+1)
}

func (w *walker) space() {
	for w.i < len(w.b) {
		switch w.b[w.i] {
		case ' ', '\t', '\n', '\r':
			w.i++
		default:
			return
		}
	}
}

// value reads one value; n is the step of the paths it stands at, or nil when nobody wants it.
func (w *walker) value(n *node, depth int) error {
	if depth > MaxDepth {
		return fault.New(fault.Invalid, "json.depth", "Вложенность JSON больше 64 уровней.")
	}
	if w.i >= len(w.b) {
		return w.bad("запись обрывается")
	}
	begin := w.i
	var v Value
	var err error
	switch c := w.b[w.i]; {
	case c == '{':
		v.Kind, err = Object, w.object(n, depth)
	case c == '[':
		v.Kind, err = Array, w.array(n, depth)
	case c == '"':
		var s []byte
		s, err = w.str(n != nil && len(n.slot) > 0)
		v = Value{String, s}
	case c == '-' || c >= '0' && c <= '9':
		v.Kind, err = Number, w.number()
	default:
		v.Kind, err = w.word()
	}
	if err != nil {
		return err
	}
	if n != nil && len(n.slot) > 0 {
		if v.Kind != String {
			v.Raw = w.b[begin:w.i]
		}
		for _, slot := range n.slot {
			w.values[slot] = v
		}
	}
	return nil
}

func (w *walker) object(n *node, depth int) error {
	w.i++
	w.space()
	if w.i < len(w.b) && w.b[w.i] == '}' {
		w.i++
		return nil
	}
	for {
		key, err := w.key()
		if err != nil {
			return err
		}
		if err := w.value(n.find(key), depth+1); err != nil {
			return err
		}
		if done, err := w.more('}'); done || err != nil {
			return err
		}
	}
}

// key reads "name": and stands before the value.
func (w *walker) key() ([]byte, error) {
	w.space()
	if w.i >= len(w.b) || w.b[w.i] != '"' {
		return nil, w.bad("ожидается имя поля в кавычках")
	}
	key, err := w.str(true)
	if err != nil {
		return nil, err
	}
	w.space()
	if w.i >= len(w.b) || w.b[w.i] != ':' {
		return nil, w.bad("ожидается двоеточие")
	}
	w.i++
	w.space()
	return key, nil
}

func (w *walker) array(n *node, depth int) error {
	w.i++
	w.space()
	if w.i < len(w.b) && w.b[w.i] == ']' {
		w.i++
		return nil
	}
	for index := 0; ; index++ {
		w.space()
		var next *node
		if n != nil && len(n.next) > 0 {
			next = n.find(strconv.AppendInt(nil, int64(index), 10))
		}
		if err := w.value(next, depth+1); err != nil {
			return err
		}
		if done, err := w.more(']'); done || err != nil {
			return err
		}
	}
}

// more reads what stands between elements; done means the container is closed.
func (w *walker) more(closing byte) (done bool, err error) {
	w.space()
	if w.i >= len(w.b) {
		return false, w.bad("запись обрывается")
	}
	switch w.b[w.i] {
	case ',':
		w.i++
		return false, nil
	case closing:
		w.i++
		return true, nil
	}
	return false, w.bad("ожидается запятая")
}
