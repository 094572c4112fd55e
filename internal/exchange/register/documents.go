package register

import (
	"bytes"
	"io"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/onec"
)

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
