package city

import (
	"strings"
)

// xmlFile writes XML with values in attributes or in child elements, houses around accounts or not.
type xmlFile struct {
	*opened
	sink    *sink
	outer   []column
	inner   []column
	records int
	houses  int
}

func newXML(o *opened) (writer, error) {
	s, err := newSink(o.dir, o.file, o.layout.encoding)
	if err != nil {
		return nil, err
	}
	w := &xmlFile{opened: o, sink: s}
	for _, c := range o.layout.columns {
		if o.layout.nests() && inner(&c) {
			w.inner = append(w.inner, c)
		} else {
			w.outer = append(w.outer, c)
		}
	}
	s.text(`<?xml version="1.0" encoding="`, o.layout.encoding, "\"?>", o.layout.newline)
	for _, h := range o.headings {
		s.text(h, o.layout.newline)
	}
	return w, nil
}

func (w *xmlFile) house(line string) (int, error) {
	l := w.layout
	if w.houses > 0 {
		w.sink.text("  </", l.group, ">", l.newline)
	}
	w.houses++
	w.sink.text("  <", l.group, " ", l.groupAt, `="`, xmlText.Replace(line), `">`, l.newline)
	return w.houses, w.sink.err
}

func (w *xmlFile) put(r *record) (int, error) {
	w.records++
	l := w.layout
	if !l.elements {
		w.attributes("    ", l.record, w.outer, r.cells, len(r.nested) > 0)
	} else {
		w.sink.text("    <", l.record, ">", l.newline)
		w.children("      ", w.outer, r.cells)
	}
	for _, cells := range r.nested {
		w.service(cells)
	}
	if l.elements || len(r.nested) > 0 {
		w.sink.text("    </", l.record, ">", l.newline)
	}
	return w.records, w.sink.err
}

func (w *xmlFile) service(cells []cell) {
	l := w.layout
	if !l.elements {
		w.attributes("      ", l.nested, w.inner, cells, false)
		return
	}
	w.sink.text("      <", l.nested, ">", l.newline)
	w.children("        ", w.inner, cells)
	w.sink.text("      </", l.nested, ">", l.newline)
}

func (w *xmlFile) attributes(indent, element string, columns []column, cells []cell, open bool) {
	w.sink.text(indent, "<", element)
	for i, c := range columns {
		if cells[i].text != "" {
			w.sink.text(" ", c.name, `="`, xmlText.Replace(cells[i].text), `"`)
		}
	}
	if open {
		w.sink.text(">", w.layout.newline)
	} else {
		w.sink.text("/>", w.layout.newline)
	}
}

func (w *xmlFile) children(indent string, columns []column, cells []cell) {
	for i, c := range columns {
		if cells[i].text != "" {
			w.sink.text(indent, "<", c.name, ">", xmlText.Replace(cells[i].text), "</", c.name, ">", w.layout.newline)
		}
	}
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;")

func (w *xmlFile) close() (int, error) {
	l := w.layout
	if w.houses > 0 {
		w.sink.text("  </", l.group, ">", l.newline)
	}
	w.sink.text(w.trailer, l.newline, "</", l.root, ">", l.newline)
	return 0, w.sink.close()
}
