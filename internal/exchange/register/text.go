package register

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/delim"
)

// textReader reads delimited text. Everything compared with lines is in the encoding of the file.
type textReader struct {
	*reading
	src      *delim.Reader
	dialect  delim.Dialect
	comment  []byte
	trailer  []byte
	only     []byte // how lines of records begin in a file of typed lines
	prefix   []byte // of the line with the control total
	label    []byte // of the total row
	usual    int    // fields in a whole line
	glue     []int  // indexes where surplus fields may belong, best first
	scratch  [][]byte
	joined   []byte
	unitLine string
	sums     []bool // columns that hold sums
	digits   int    // behind the separator of the last field of the line before; -1 when that is no sum
	firm     int    // lines in a row whose last field had as many
}

func (r *reading) readText() error {
	enc, found, notes := r.in.detect(r.p.Encoding)
	r.sum.Encoding, r.sum.Notes = found, append(r.sum.Notes, notes...)
	var stream io.Reader = r.in.stream
	if enc == charset.UTF16LE || enc == charset.UTF16BE {
		stream, enc = charset.NewReader(stream, enc), charset.UTF8
	}
	r.m.enc = enc
	t := &textReader{reading: r, dialect: r.p.dialect(enc), unitLine: "line"}
	t.comment, t.trailer, t.label = t.bytes(r.p.CommentPrefix), t.bytes(r.p.TrailerPrefix), t.bytes(r.p.TotalLabel)
	t.only = t.bytes(r.p.LinePrefix)
	if c := r.p.ControlTotal; c != nil {
		t.prefix = t.bytes(c.Prefix)
	}
	if err := t.learn(); err != nil {
		return err
	}
	t.glue, t.sums = t.candidates(), t.m.sumColumns()
	t.src = delim.NewReader(stream, t.dialect)
	for {
		line, err := t.src.Scan()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := t.line(line); err != nil {
			return err
		}
	}
}

// dialect is the profile's, in bytes. A delimiter outside ASCII is one byte of the file's code page.
func (p *Profile) dialect(enc charset.Encoding) delim.Dialect {
	one := func(s string) byte {
		if b, _ := enc.Append(nil, s); len(b) == 1 {
			return b[0]
		}
		return 0
	}
	return delim.Dialect{Delimiter: one(p.Delimiter), Quote: one(p.Quote)}
}

func (t *textReader) bytes(s string) []byte {
	b, _ := t.m.enc.Append(nil, s)
	return b
}

// candidates are the columns of free text a stray delimiter may have cut: the address first, then names, and the reason a
// supplier gives in his own words.
func (t *textReader) candidates() []int {
	var list []int
	for _, want := range []role{roleAddress, roleFIO, rolePurpose, roleStreet, roleLocality} {
		for _, f := range t.m.fields {
			if f.role == want {
				list = append(list, t.m.places[f.slots[len(f.slots)-1]].Index)
			}
		}
	}
	for _, f := range t.m.fields {
		if f.role == roleExtra && f.name == "reason" {
			list = append(list, t.m.places[f.slots[len(f.slots)-1]].Index)
		}
	}
	return list
}

// line deals with one physical line.
func (t *textReader) line(line []byte) error {
	switch {
	case t.src.Pos() <= t.p.HeaderRows:
		if len(t.sum.Heading) < headingMax {
			t.sum.Heading = append(t.sum.Heading, t.m.enc.Text(line))
		}
		t.maybeControl(line)
		return nil
	case t.maybeControl(line):
		t.sum.Comments++
		return nil
	case len(t.comment) > 0 && bytes.HasPrefix(line, t.comment):
		t.sum.Comments++
		return nil
	case len(t.trailer) > 0 && bytes.HasPrefix(line, t.trailer):
		return t.trailerLine(line[len(t.trailer):])
	case blank(line, t.dialect.Delimiter):
		t.sum.Blank++
		return nil
	case !bytes.HasPrefix(line, t.only):
		t.sum.Titles++
		return nil
	}
	fields, err := t.src.Fields()
	if err != nil {
		return err
	}
	return t.record(fields)
}

// headingMax is how many lines before the data are kept.
const headingMax = 20

func blank(line []byte, delimiter byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != delimiter {
			return false
		}
	}
	return true
}

// maybeControl takes the total off a line that begins with its prefix.
func (t *textReader) maybeControl(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, t.prefix)
	if !ok || len(t.prefix) == 0 {
		return false
	}
	first, _, _ := bytes.Cut(rest, []byte{t.dialect.Delimiter})
	t.setControl(first, textCell, t.src.Pos(), t.unitLine)
	return true
}

// trailerLine reads the totals behind the trailer's prefix: the sum is field 1 unless the profile says another.
func (t *textReader) trailerLine(rest []byte) error {
	t.sum.Titles++
	fields := bytes.Split(rest, []byte{t.dialect.Delimiter})
	t.sum.Trailer = t.sum.Trailer[:0]
	for _, f := range fields {
		t.sum.Trailer = append(t.sum.Trailer, t.m.enc.Text(trimSpace(f)))
	}
	c := t.p.ControlTotal
	if c == nil || c.Prefix != "" || c.Column != "" {
		return nil
	}
	at := 1
	if c.Field != nil {
		at = *c.Field
	}
	if at >= len(fields) {
		return nil
	}
	if c.Count != nil && *c.Count < len(fields) {
		t.control.count = string(fields[*c.Count])
	}
	t.setControl(fields[at], textCell, t.src.Pos(), t.unitLine)
	return nil
}

// record maps one data line.
func (t *textReader) record(fields [][]byte) error {
	if t.totalRow(fields) {
		return nil
	}
	m := t.m
	m.begin(t.src.Pos())
	if line, ok := m.rowFix(t.src.Pos()); ok {
		if anew := t.split(line); anew != nil {
			fields = anew
		}
	}
	if surplus := len(fields) - t.usual; surplus > 0 {
		mended := t.unshift(fields, surplus)
		if mended == nil {
			return t.broken(fields, Finding{Code: "row.field_shift", Type: "field_shift", Value: t.counted(fields), Hint: "В строке больше полей, чем в профиле, и непонятно, какое разрезано. Исправьте её у поставщика."})
		}
		fields = mended
	}
	if len(fields) < m.width && t.lacks(len(fields)) {
		return t.broken(fields, Finding{Code: "row.short", Type: badValue, Value: t.counted(fields), Hint: "В строке меньше полей, чем в профиле."})
	}
	t.fill(fields)
	m.apply(t.cells)
	if t.cut(fields) {
		m.reject("row.cut", "", string(fields[len(fields)-1]), "Файл обрывается на этой строке: у суммы меньше знаков, чем во всех строках выше. Передайте файл целиком.")
	}
	return t.emit(func() string { return m.enc.Text(t.src.Line()) })
}

// split takes a line a person wrote apart; nil when it is no record.
func (t *textReader) split(line string) [][]byte {
	r := delim.NewReader(bytes.NewReader(t.bytes(line)), t.dialect)
	if _, err := r.Scan(); err != nil {
		return nil
	}
	fields, err := r.Fields()
	if err != nil {
		return nil
	}
	return fields
}

func (t *textReader) fill(fields [][]byte) {
	for i, p := range t.m.places {
		if p.Index < len(fields) {
			t.cells[i] = cell{fields[p.Index], textCell}
		} else {
			t.cells[i] = cell{}
		}
	}
}

// lacks tells whether a line of n fields misses something no row can be without.
func (t *textReader) lacks(n int) bool {
	return slices.ContainsFunc(t.m.fields, func(f field) bool {
		return f.role.required() && slices.ContainsFunc(f.slots, func(s int) bool { return t.m.places[s].Index >= n })
	})
}

// broken hands over a row whose fields are not where they should be: only its account is told.
func (t *textReader) broken(fields [][]byte, why Finding) error {
	m := t.m
	why.Severity = Quarantined
	m.note(why)
	if at := m.plan.account; len(at) > 0 && m.places[at[0]].Index < len(fields) {
		m.row.Account = m.p.Prefix + m.enc.Text(trimSpace(fields[m.places[at[0]].Index]))
		m.row.Printed = m.row.Account
	}
	return t.emit(func() string { return m.enc.Text(t.src.Line()) })
}

func (t *textReader) counted(fields [][]byte) string {
	const what = "%d вместо %d"
	return fmt.Sprintf(what, len(fields), t.usual)
}

// totalRow deals with a row that carries totals instead of an account.
func (t *textReader) totalRow(fields [][]byte) bool {
	labelled := len(t.label) > 0 && slices.ContainsFunc(fields, func(f []byte) bool { return bytes.Equal(trimSpace(f), t.label) })
	if !labelled && !t.captioned(fields) {
		return false
	}
	t.sum.Titles++
	c := t.p.ControlTotal
	if c == nil || c.Column == "" || len(t.label) > 0 && !labelled {
		return true
	}
	if i := atoi(c.Column); digitsOnly(c.Column) && i < len(fields) {
		t.setControl(fields[i], textCell, t.src.Pos(), t.unitLine)
	}
	return true
}

// captioned tells whether the account column, or an empty one's neighbours, hold the word for a total.
func (t *textReader) captioned(fields [][]byte) bool {
	if len(t.m.plan.account) == 0 {
		return false
	}
	at := t.m.places[t.m.plan.account[0]].Index
	if at >= len(fields) {
		return false
	}
	account := trimSpace(fields[at])
	if len(account) > 0 {
		return account[0] >= 0x80 && totalWord(t.m.enc.Text(account))
	}
	return slices.ContainsFunc(fields, func(f []byte) bool { return len(f) > 0 && totalWord(t.m.enc.Text(f)) })
}
