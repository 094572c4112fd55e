package city

import "strings"

// textFile writes delimited text.
type textFile struct {
	*opened
	sink    *sink
	foreign codec
	line    int
	topLine int // line of the control total on top
}

func newText(o *opened) (writer, error) {
	s, err := newSink(o.dir, o.file, o.layout.encoding)
	if err != nil {
		return nil, err
	}
	w := &textFile{opened: o, sink: s, foreign: codecs[foreign(o.layout.encoding)]}
	for _, h := range o.headings {
		w.heading(h)
	}
	return w, nil
}

func (w *textFile) heading(h string) {
	w.line++
	if h == "{columns}" {
		names := make([]string, len(w.layout.columns))
		for i, c := range w.layout.columns {
			names[i] = c.name
		}
		w.sink.text(strings.Join(names, w.layout.delimiter), w.layout.newline)
		return
	}
	if c := w.layout.total; c != nil && c.Prefix != "" && strings.HasPrefix(h, c.Prefix) {
		w.topLine = w.line
	}
	w.sink.text(h, w.layout.newline)
}

func (w *textFile) house(string) (int, error) { return 0, nil }

func (w *textFile) put(r *record) (int, error) {
	w.line++
	mixed := r.row != nil && r.row.damage != nil && r.row.damage.mixed
	for i, c := range r.cells {
		if i > 0 {
			w.sink.text(w.layout.delimiter)
		}
		text := quoted(c, w.layout.quote)
		if role := w.layout.columns[i].role; mixed && (role == "fio" || role == "address") {
			w.sink.textIn(w.foreign, text)
		} else {
			w.sink.text(text)
		}
	}
	w.sink.text(w.layout.newline)
	return w.line, w.sink.err
}

// quoted puts quotes around text where the file has them.
func quoted(c cell, quote string) string {
	if quote == "" || c.form != asText || c.text == "" {
		return c.text
	}
	return quote + strings.ReplaceAll(c.text, quote, quote+quote) + quote
}

func (w *textFile) close() (int, error) {
	if w.trailer != "" {
		w.line++
		w.sink.text(w.trailer, w.layout.newline)
		return w.line, w.sink.close()
	}
	return w.topLine, w.sink.close()
}
