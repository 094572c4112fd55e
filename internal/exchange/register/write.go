package register

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/dbf"
	"kvit/internal/exchange/xlsx"
	"kvit/internal/inert"
)

var utc = time.UTC

// Write writes a register of payments in a layout. Reading it with Layout.Profile gives the same rows, except
// that signs the encoding lacks are replaced and, in text without quotes, delimiters inside texts too.
func Write(w io.Writer, l Layout, rows []Row, info Info) error {
	l = l.filled()
	if l.Kind == KindCSV && l.Delimiter == "," && l.Quote == "" && l.Money == RubComma {
		return wrong("payments_out.quote", "кавычка, когда и разделитель, и знак копеек — запятая")
	}
	buf := bufio.NewWriter(w)
	o := &out{Layout: l, w: buf, enc: l.encoding(), info: info}
	var err error
	switch l.Kind {
	case KindCSV:
		err = o.csv(rows)
	case KindDBF:
		err = o.dbf(rows)
	case KindXLSX:
		err = o.xlsx(rows)
	case KindXML:
		err = o.xml(rows)
	case KindNDJSON, KindJSON:
		err = o.json(rows)
	case Kind1C:
		err = o.oneC(rows)
	default:
		err = wrong("payments_out.kind", strings.Join(outKinds, ", "))
	}
	if err != nil {
		return err
	}
	return buf.Flush()
}

// out is one file being written.
type out struct {
	Layout
	w    *bufio.Writer
	enc  charset.Encoding
	info Info
	line []byte
}

func (o *out) eol() string {
	if o.EOL == "lf" {
		return "\n"
	}
	return "\r\n"
}

// put writes text in the encoding of the file.
func (o *out) put(s string) error {
	o.line, _ = o.enc.Append(o.line[:0], s)
	_, err := o.w.Write(o.line)
	return err
}

// mark writes the byte order mark encodings ask for by their name.
func (o *out) mark() error {
	name := strings.ToLower(o.Encoding)
	if strings.Contains(name, "sig") || strings.Contains(name, "bom") || o.enc == charset.UTF16LE || o.enc == charset.UTF16BE {
		return o.put("\ufeff")
	}
	return nil
}

func (o *out) csv(rows []Row) error {
	if err := o.mark(); err != nil {
		return err
	}
	fields := make([]string, len(o.Columns))
	if o.Header {
		for i, c := range o.Columns {
			fields[i] = o.quoted(c.Name)
		}
		if err := o.record(fields); err != nil {
			return err
		}
	}
	for r := range rows {
		for i := range o.Columns {
			s, number := o.Columns[i].text(&rows[r], &o.Layout)
			if !number {
				s = o.quoted(inert.Cell(o.safe(s)))
			}
			fields[i] = s
		}
		if err := o.record(fields); err != nil {
			return err
		}
	}
	if o.Trailer == "" {
		return nil
	}
	return o.trailer(rows)
}

func (o *out) trailer(rows []Row) error {
	amount, net, commission := totals(rows)
	fields := []string{o.Trailer + strconv.Itoa(len(rows)), writeMoney(amount, o.Money), writeMoney(net, o.Money), writeMoney(commission, o.Money)}
	if o.info.Number != "" {
		fields = append(fields, o.safe(o.info.Number), o.info.Paid.Time(utc).Format("02-01-2006"))
	}
	return o.record(fields)
}

func (o *out) record(fields []string) error {
	return o.put(strings.Join(fields, o.Delimiter) + o.eol())
}

// quoted puts quotes around a text that needs them.
func (o *out) quoted(s string) string {
	if o.Quote == "" || !strings.ContainsAny(s, o.Quote+o.Delimiter+"\r\n") {
		return s
	}
	return o.Quote + strings.ReplaceAll(s, o.Quote, o.Quote+o.Quote) + o.Quote
}

func (o *out) dbf(rows []Row) error {
	fields := make([]dbf.Field, len(o.Columns))
	for i, c := range o.Columns {
		f := dbf.Field{Name: c.Name, Type: 'C', Length: c.Width}
		switch at := roleNames[c.Role]; {
		case at.money() && c.Value == "":
			f.Type, f.Decimals = 'N', 2
			if o.Money == KopeckInt {
				f.Decimals = 0
			}
		case at == roleDate && c.Value == "":
			f.Type, f.Length = 'D', 8
		}
		fields[i] = f
	}
	language := byte(dbf.LanguageCP866)
	if o.enc == charset.CP1251 {
		language = dbf.LanguageCP1251
	} else if !o.enc.SingleByte() {
		o.enc = charset.CP866
	}
	t, err := dbf.NewWriter(o.w, fields, len(rows), language, o.info.Day.Time(utc))
	if err != nil {
		return err
	}
	values := make([][]byte, len(fields))
	for r := range rows {
		for i := range o.Columns {
			s, _ := o.Columns[i].text(&rows[r], &o.Layout)
			values[i], _ = o.enc.Append(nil, o.safe(s))
		}
		if err := t.Append(values); err != nil {
			return err
		}
	}
	return t.Close()
}

func (o *out) xlsx(rows []Row) error {
	book, err := xlsx.NewWriter(o.w, "Платежи")
	if err != nil {
		return err
	}
	cells := make([]xlsx.Cell, len(o.Columns))
	for i, c := range o.Columns {
		cells[i] = xlsx.Cell{Kind: xlsx.Text, Raw: []byte(c.Name)}
	}
	if err := book.Append(cells); err != nil {
		return err
	}
	for r := range rows {
		for i := range o.Columns {
			cells[i] = o.cell(&rows[r], i)
		}
		if err := book.Append(cells); err != nil {
			return err
		}
	}
	return book.Close()
}

func (o *out) cell(row *Row, i int) xlsx.Cell {
	s, number := o.Columns[i].text(row, &o.Layout)
	if number {
		return xlsx.Cell{Kind: xlsx.Number, Raw: []byte(strings.Replace(s, ",", ".", 1))}
	}
	return xlsx.Cell{Kind: xlsx.Text, Raw: []byte(inert.Cell(o.safe(s)))}
}

func (o *out) xml(rows []Row) error {
	name := map[charset.Encoding]string{charset.CP1251: "windows-1251", charset.KOI8R: "koi8-r", charset.CP866: "cp866"}[o.enc]
	if name == "" {
		name, o.enc = "UTF-8", charset.UTF8
	}
	if err := o.put(`<?xml version="1.0" encoding="` + name + `"?>` + o.eol() + "<" + o.Root + ">" + o.eol()); err != nil {
		return err
	}
	for r := range rows {
		var b strings.Builder
		b.WriteString("<" + o.Record)
		for i := range o.Columns {
			s, _ := o.Columns[i].text(&rows[r], &o.Layout)
			b.WriteString(" " + o.Columns[i].Name + `="`)
			_ = xml.EscapeText(&b, []byte(o.safe(s))) // a Builder never fails
			b.WriteString(`"`)
		}
		b.WriteString("/>" + o.eol())
		if err := o.put(b.String()); err != nil {
			return err
		}
	}
	return o.put("</" + o.Root + ">" + o.eol())
}

func (o *out) json(rows []Row) error {
	open, between, end := "", "\n", "\n"
	if o.Kind == KindJSON {
		open, between, end = "[\n", ",\n", "\n]\n"
	}
	if len(rows) == 0 && o.Kind == KindNDJSON {
		return nil
	}
	if err := o.put(open); err != nil {
		return err
	}
	for r := range rows {
		if r > 0 {
			if err := o.put(between); err != nil {
				return err
			}
		}
		if err := o.put(o.object(&rows[r])); err != nil {
			return err
		}
	}
	return o.put(end)
}

func (o *out) object(row *Row) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := range o.Columns {
		if i > 0 {
			b.WriteByte(',')
		}
		s, number := o.Columns[i].text(row, &o.Layout)
		name, _ := json.Marshal(o.Columns[i].Name)
		b.Write(name)
		b.WriteByte(':')
		if number && (o.Money == KopeckInt || o.Money == RubNumber || o.Money == RubDot) {
			b.WriteString(s)
			continue
		}
		value, _ := json.Marshal(o.safe(s)) // a string always marshals
		b.Write(value)
	}
	b.WriteByte('}')
	return b.String()
}

func (o *out) oneC(rows []Row) error {
	encoding := map[charset.Encoding]string{charset.CP1251: "Windows", charset.CP866: "DOS"}[o.enc]
	if encoding == "" {
		encoding = o.enc.String()
	}
	if err := o.mark(); err != nil {
		return err
	}
	lines := []string{"1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=" + encoding, "ДатаСоздания=" + o.info.Day.Dotted()}
	for r := range rows {
		lines = append(lines, "СекцияДокумент="+o.Record)
		for i := range o.Columns {
			s, _ := o.Columns[i].text(&rows[r], &o.Layout)
			lines = append(lines, o.Columns[i].Name+"="+o.safe(s))
		}
		lines = append(lines, "КонецДокумента")
		if err := o.put(strings.Join(lines, o.eol()) + o.eol()); err != nil {
			return err
		}
		lines = lines[:0]
	}
	return o.put(strings.Join(append(lines, "КонецФайла"), o.eol()) + o.eol())
}
