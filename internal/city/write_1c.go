package city

// documentFile writes text in the manner of 1C: a section of «Ключ=Значение» lines for each document.
type documentFile struct {
	*opened
	sink      *sink
	foreign   codec
	documents int
}

func newDocuments(o *opened) (writer, error) {
	s, err := newSink(o.dir, o.file, o.layout.encoding)
	if err != nil {
		return nil, err
	}
	w := &documentFile{opened: o, sink: s, foreign: codecs[foreign(o.layout.encoding)]}
	for _, h := range o.headings {
		s.text(h, "\r\n")
	}
	return w, nil
}

func (w *documentFile) house(string) (int, error) { return 0, nil }

func (w *documentFile) put(r *record) (int, error) {
	w.documents++
	l := w.layout
	kind := l.docKind
	if r.row.storno() {
		kind = l.storno
	}
	w.sink.text(l.docStart, "=", kind, "\r\n")
	for i, c := range r.cells {
		w.field(r.row, &l.columns[i], c)
	}
	w.sink.text(l.docEnd, "\r\n")
	return w.documents, w.sink.err
}

func (w *documentFile) field(rw *row, c *column, value cell) {
	switch c.role {
	case "service":
		w.services(rw, c.name)
		return
	case "doc_ref", "els":
		if value.text == "" {
			return
		}
	case "opening", "recalc", "penalty", "paid", "due":
		if rw.storno() {
			return // a storno takes back a charge and says nothing of the balance
		}
	}
	w.sink.text(c.name, "=")
	if rw.damage != nil && rw.damage.mixed && (c.role == "fio" || c.role == "address") {
		w.sink.textIn(w.foreign, value.text)
	} else {
		w.sink.text(value.text)
	}
	w.sink.text("\r\n")
}

// services writes a line for each service of the document.
func (w *documentFile) services(rw *row, key string) {
	extra := int64(0)
	list := rw.account.services
	if d := rw.damage; d != nil {
		extra = d.extra
	}
	if rw.storno() {
		list, extra = list[:1], -extra-list[0].charge
	}
	for i, s := range list {
		if i > 0 {
			extra = 0
		}
		w.sink.text(key, "=", s.code, "|", sumCell(s.charge+extra, w.layout.money).text, "\r\n")
	}
}

func (w *documentFile) close() (int, error) {
	w.sink.text(w.trailer, "\r\n")
	return 0, w.sink.close()
}
