package xmlrec

import (
	"bytes"
	"io"
	"strings"

	"kvit/internal/fault"
)

// Layout says where records lie. Names are names of elements, or paths whose last steps they are
// («Реестр/Дом/ЛС»); case matters.
type Layout struct {
	Group        string // element of a house; empty without groups
	GroupAddress string // its attribute or child with the address
	Record       string
	Service      string   // child that makes a row of its own; empty when the record is the row
	Elements     bool     // values stand in child elements rather than in attributes
	Fields       []string // attribute or child, or a path: balance/due, balance/@due; each once
	Control      string   // element with the file's own total
	ControlAttr  string   // its attribute; empty means its text
}

// Reader streams the rows of a document.
type Reader struct {
	scan   *Scanner
	layout compiled
	n      int // fields

	pos, group int
	address    []byte
	record     values
	services   []values // of the current record; reused
	used       int      // services filled
	given      int      // services already handed out
	arena      []byte   // texts of the current record

	control    []byte
	controlPos int
}

// values are the fields of one element as spans of the arena; from < 0 means absent.
type values []span

type span struct {
	from, to int
	child    bool // stood in a child element, not in an attribute
}

type compiled struct {
	Layout
	group, record, service, control []string
	fields                          [][]string // path to the element, then "@name" for an attribute
	hints                           []int
}

// NewReader reads records laid out so from UTF-8 XML.
func NewReader(r io.Reader, l Layout) *Reader {
	c := compiled{Layout: l, group: steps(l.Group), record: steps(l.Record), service: steps(l.Service), control: steps(l.Control)}
	for _, f := range l.Fields {
		c.fields = append(c.fields, strings.Split(f, "/"))
	}
	return &Reader{scan: NewScanner(r), layout: c, n: len(l.Fields), record: make(values, len(l.Fields))}
}

func steps(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(strings.Trim(path, "/"), "/")
}

// Pos is the ordinal of the current record element, from one.
func (r *Reader) Pos() int { return r.pos }

// Group is the ordinal of the current group element, 0 outside groups.
func (r *Reader) Group() int { return r.group }

// GroupAddress is the address of the current group.
func (r *Reader) GroupAddress() []byte { return r.address }

// Control is the file's own total, as far as it has been read, with the number of records before it.
func (r *Reader) Control() (raw []byte, after int, found bool) {
	return r.control, r.controlPos, r.control != nil
}

// Own is field i of the row's own element: of the service where rows are services, else of the record.
func (r *Reader) Own(i int) ([]byte, bool) {
	if len(r.layout.service) > 0 {
		return r.text(r.services[r.given-1][i])
	}
	return r.text(r.record[i])
}

// Value is field i of the row's own element or, failing that, of its record.
func (r *Reader) Value(i int) ([]byte, bool) {
	if v, ok := r.Own(i); ok {
		return v, true
	}
	return r.text(r.record[i])
}

func (r *Reader) text(s span) ([]byte, bool) {
	if s.from < 0 {
		return nil, false
	}
	return r.arena[s.from:s.to], true
}

// Next moves to the following row; io.EOF behind the last.
func (r *Reader) Next() error {
	if r.given < r.used {
		r.given++
		return nil
	}
	for {
		token, err := r.scan.Next()
		if err != nil {
			return r.place(err)
		}
		if token.Kind != Start {
			if token.Kind == End && r.layout.group != nil && r.at(r.layout.group, 1) {
				r.address = nil
			}
			continue
		}
		found, err := r.outside(token)
		if err != nil {
			return r.place(err)
		}
		if found {
			return nil
		}
	}
}

func (r *Reader) place(err error) error {
	if f, ok := err.(*fault.Error); ok {
		return f.At(fault.Place{Pos: r.pos, Unit: "record"})
	}
	return err
}

// at tells whether the path ends with the element of the current token; below is how much deeper than the
// scanner's open elements the token stands.
func (r *Reader) at(path []string, below int) bool {
	depth := r.scan.Depth() + below
	if len(path) == 0 || len(path) > depth {
		return false
	}
	for i := len(path) - 1; i >= 0; i-- {
		if string(r.scan.Open(depth)) != path[i] {
			return false
		}
		depth--
	}
	return true
}

// outside deals with an element that opens between records.
func (r *Reader) outside(token *Token) (found bool, err error) {
	switch {
	case r.at(r.layout.group, 0):
		r.group++
		r.address = nil
		if v, ok := attr(token, r.layout.GroupAddress); ok {
			r.address = bytes.Clone(v)
		}
	case r.at(r.layout.record, 0) && (r.layout.group == nil || r.inGroup()):
		return r.readRecord(token)
	case r.at(r.layout.control, 0):
		return false, r.readControl(token)
	case r.layout.group != nil && r.address == nil && string(token.Name) == r.layout.GroupAddress && r.inGroup():
		r.address, err = r.innerText()
	}
	return false, err
}

func (r *Reader) inGroup() bool {
	for below := -1; r.scan.Depth()+below > 0; below-- {
		if r.at(r.layout.group, below) {
			return true
		}
	}
	return false
}

func attr(token *Token, name string) ([]byte, bool) {
	for i := range token.Attrs {
		if string(token.Attrs[i].Name) == name {
			return token.Attrs[i].Value, true
		}
	}
	return nil, false
}

func (r *Reader) readControl(token *Token) error {
	r.controlPos = r.pos
	if r.layout.ControlAttr != "" {
		if v, ok := attr(token, r.layout.ControlAttr); ok {
			r.control = append([]byte{}, v...)
		}
		return nil
	}
	text, err := r.innerText()
	r.control = append([]byte{}, text...)
	return err
}

// innerText gathers the text of the element just opened, up to its end.
func (r *Reader) innerText() ([]byte, error) {
	var text []byte
	for depth := r.scan.Depth(); ; {
		token, err := r.scan.Next()
		if err != nil {
			return nil, err
		}
		if token.Kind == Text {
			text = append(text, token.Text...)
		}
		if token.Kind == End && r.scan.Depth() < depth {
			return bytes.TrimSpace(text), nil
		}
		if len(text) > MaxTag {
			return nil, refuse("file.record_too_long", "Текст XML длиннее 1 МБ.")
		}
	}
}
