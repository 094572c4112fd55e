package register

import (
	"bytes"
	"io"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/delim"
	"kvit/internal/exchange/jsonrec"
	"kvit/internal/exchange/onec"
	"kvit/internal/exchange/xmlrec"
	"kvit/internal/fault"
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

// jsonReader maps JSON records.
type jsonReader struct {
	*reading
	paths   *jsonrec.Paths
	values  []jsonrec.Value
	control int // slot of the control total; -1 without one
}

func (r *reading) jsonReader() *jsonReader {
	j := &jsonReader{reading: r, control: -1}
	names := r.m.names()
	if c := r.p.ControlTotal; c != nil && c.Key != "" {
		j.control = len(names)
		names = append(names, c.Key)
	}
	j.paths, j.values = jsonrec.Compile(names), make([]jsonrec.Value, len(names))
	return j
}

func (r *reading) readLines() error {
	j := r.jsonReader()
	lines := delim.NewLines(r.utf8Stream(r.p.Encoding))
	for {
		line, err := lines.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !hasText(line) {
			r.sum.Blank++
			continue
		}
		if err := j.record(line, lines.Pos()); err != nil {
			return err
		}
	}
}

func (r *reading) readArray() error {
	j := r.jsonReader()
	array := jsonrec.NewArrayReader(r.utf8Stream(r.p.Encoding), r.p.Record)
	for {
		record, err := array.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := j.record(record, array.Pos()); err != nil {
			return err
		}
	}
}

func (j *jsonReader) record(record []byte, pos int) error {
	m := j.m
	raw := func() string { return strings.ToValidUTF8(string(record), "\ufffd") }
	if err := j.paths.Pick(record, j.values); err != nil {
		m.begin(pos)
		m.reject("row.json", "", firstSigns(raw(), 100), fault.As(err).Message)
		return j.emit(raw)
	}
	for i := range j.cells {
		j.cells[i] = jsonValue(j.values[i])
	}
	if j.isTotal(pos) {
		j.sum.Titles++
		return nil
	}
	m.begin(pos)
	m.apply(j.cells)
	return j.emit(raw)
}

// isTotal recognises a record that has the control total and no account.
func (j *jsonReader) isTotal(pos int) bool {
	if j.control < 0 {
		return false
	}
	for _, slot := range j.m.plan.account {
		if len(j.cells[slot].raw) > 0 {
			return false
		}
	}
	c := jsonValue(j.values[j.control])
	if c.kind == absent {
		return false
	}
	j.setControl(c.raw, c.kind, pos, j.m.unit)
	return true
}

func jsonValue(v jsonrec.Value) cell {
	switch v.Kind {
	case jsonrec.Absent, jsonrec.Null:
		return cell{}
	case jsonrec.Number:
		return cell{v.Raw, numberCell}
	case jsonrec.Object, jsonrec.Array:
		return cell{v.Raw, jsonCell}
	}
	return cell{v.Raw, textCell}
}

// read1C reads documents of «key=value» lines.
func (r *reading) read1C() error {
	enc, found, notes := r.in.detect(r.p.Encoding)
	r.sum.Encoding, r.sum.Notes = found, append(r.sum.Notes, notes...)
	stream := charset.NewReader(r.in.stream, charset.UTF8)
	if enc == charset.UTF16LE || enc == charset.UTF16BE {
		stream, enc = charset.NewReader(r.in.stream, enc), charset.UTF8
	}
	r.m.enc = enc
	word := func(s string) []byte { b, _ := enc.Append(nil, s); return b }
	d := &documents{reading: r, src: onec.NewReader(stream, onec.Layout{
		DocStart: word(r.p.DocStart), DocEnd: word(r.p.DocEnd),
		Section: word("Секция"), End: word("Конец"), FileEnd: word("КонецФайла"),
	})}
	for _, place := range r.m.places {
		d.keys = append(d.keys, word(place.Name))
	}
	for _, f := range r.m.fields {
		if f.role == roleService {
			d.service = d.keys[f.slots[0]]
		}
	}
	for {
		err := d.src.Next()
		if err == io.EOF {
			return d.finishDocuments()
		}
		if err != nil {
			return err
		}
		if err := d.document(); err != nil {
			return err
		}
	}
}

// documents maps the documents of a 1C file.
type documents struct {
	*reading
	src     *onec.Reader
	keys    [][]byte // of each cell, in the encoding of the file
	service []byte
}

func (d *documents) document() error {
	m := d.m
	clear(d.cells)
	m.begin(d.src.Pos())
	for _, p := range d.src.Pairs() {
		for i, key := range d.keys {
			if d.cells[i].kind == absent && bytes.Equal(key, p.Key) {
				d.cells[i] = cell{p.Value, textCell}
			}
		}
		if len(d.service) > 0 && bytes.Equal(d.service, p.Key) {
			d.line(p.Value)
		}
	}
	m.row.DocKind = m.enc.Text(d.src.Kind())
	m.apply(d.cells)
	if len(m.row.Lines) > 0 {
		m.row.Service = m.row.Lines[0].Service
	}
	return d.emit(d.raw)
}

// line reads «Услуга=СОИ ХВС|5.25».
func (d *documents) line(value []byte) {
	name, sum, ok := bytes.Cut(value, []byte{'|'})
	if !ok {
		return
	}
	v, how := readMoney(cell{trimSpace(sum), textCell}, d.p.Money, d.m.enc)
	if how == bad {
		d.m.reject("row.money_bad", "service", d.m.enc.Text(value), "Сумму услуги не разобрать.")
		return
	}
	d.m.row.Lines = append(d.m.row.Lines, Line{d.m.enc.Text(trimSpace(name)), v})
}

func (d *documents) raw() string {
	var b strings.Builder
	for _, p := range d.src.Pairs() {
		b.WriteString(d.m.enc.Text(p.Key) + "=" + d.m.enc.Text(p.Value) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (d *documents) finishDocuments() error {
	if n := d.src.Unclosed(); n > 0 {
		d.sum.Notes = append(d.sum.Notes, Note{Code: "1c.unclosed", Text: "Не у всех документов есть конец; они прочитаны до начала следующего."})
	}
	d.sum.Header = map[string]string{}
	for _, p := range d.src.Outside() {
		d.sum.Header[d.m.enc.Text(p.Key)] = d.m.enc.Text(p.Value)
	}
	if _, ok := d.sum.Header["1CClientBankExchange"]; ok && !d.src.Ended() {
		d.sum.Notes = append(d.sum.Notes, Note{Code: "1c.no_end", Text: "В файле нет строки КонецФайла: возможно, он передан не целиком."})
	}
	d.lie()
	if c := d.p.ControlTotal; c != nil {
		if v, ok := d.sum.Header[c.Key]; ok {
			raw, _ := d.m.enc.Append(nil, v)
			d.setControl(raw, textCell, d.src.Pos(), d.m.unit)
		}
	}
	return nil
}

// lie notes a header that names another encoding than the bytes are in.
func (d *documents) lie() {
	said, ok := charset.Parse(d.sum.Header["Кодировка"])
	if ok && said != d.m.enc && d.sum.Encoding.Confidence > .5 {
		d.sum.Notes = append(d.sum.Notes, Note{Code: "file.encoding_differs", Text: "В заголовке сказано «Кодировка=" + d.sum.Header["Кодировка"] + "», а файл в " + d.m.enc.String() + ". Прочитан по содержимому."})
	}
}
