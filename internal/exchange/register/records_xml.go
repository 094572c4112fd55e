package register

import (
	"bytes"
	"io"
	"strings"

	"kvit/internal/exchange/xmlrec"
)

// readXML reads records picked out of elements.
func (r *reading) readXML() error {
	declared := r.p.Encoding
	head, _ := r.in.sample()
	if said := xmlrec.Declared(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))); declared == "" || declared == "auto" {
		declared = said
	}
	stream := r.utf8Stream(declared)
	layout := xmlrec.Layout{
		Group: r.p.Group, GroupAddress: r.p.GroupAddress, Record: r.p.Record, Service: r.p.Service,
		Elements: r.p.Fields == "element", Fields: r.m.names(),
	}
	if c := r.p.ControlTotal; c != nil {
		layout.Control, layout.ControlAttr = c.Element, c.Attr
	}
	x := xmlrec.NewReader(stream, layout)
	own := r.ownSlots()
	for {
		err := x.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := r.element(x, own); err != nil {
			return err
		}
	}
	r.sum.Groups = x.Group()
	if raw, after, ok := x.Control(); ok {
		r.setControl(raw, textCell, after, r.m.unit)
	}
	return nil
}

// ownSlots are the cells that must stand at the row itself: a sum of the record must not be counted once for
// each of its services.
func (r *reading) ownSlots() []bool {
	own := make([]bool, len(r.cells))
	for _, f := range r.m.fields {
		for _, s := range f.slots {
			own[s] = own[s] || f.role.money()
		}
	}
	return own
}

func (r *reading) element(x *xmlrec.Reader, own []bool) error {
	for i := range r.cells {
		raw, ok := x.Value(i)
		if own[i] {
			raw, ok = x.Own(i)
		}
		if r.cells[i] = (cell{}); ok {
			r.cells[i] = cell{raw, textCell}
		}
	}
	r.m.begin(x.Pos())
	if r.p.Group != "" {
		if string(x.GroupAddress()) != r.m.memory.group {
			r.m.memory.group = string(x.GroupAddress())
		}
		r.m.row.GroupPos, r.m.row.GroupAddress = x.Group(), strings.TrimSpace(r.m.memory.group)
	}
	r.m.apply(r.cells)
	return r.emit(r.named)
}

// named is the text of a record whose cells have names.
func (r *reading) named() string {
	var b strings.Builder
	for i, c := range r.cells {
		if c.kind != absent {
			b.WriteString(r.m.places[i].Name + "=" + r.m.show(c) + "; ")
		}
	}
	return strings.TrimSuffix(b.String(), "; ")
}
