package dbf

import (
	"bufio"
	"encoding/binary"
	"io"
	"time"

	"kvit/internal/fault"
)

// Writer writes a dBase III table. Values are bytes in the table's code page; a value that does not fit its
// column is an error, never cut.
type Writer struct {
	dst    *bufio.Writer
	fields []Field
	rec    []byte
	want   int
	done   int
}

// Language bytes of the header.
const (
	LanguageCP866  = 0x65
	LanguageCP1251 = 0xc9
)

// NewWriter writes the header of a table of exactly records records. Names are up to ten capital ASCII letters,
// digits and underscores; types C, N, D and L.
func NewWriter(w io.Writer, fields []Field, records int, language byte, updated time.Time) (*Writer, error) {
	d := &Writer{dst: bufio.NewWriter(w), want: records}
	at := 1
	for _, f := range fields {
		if err := checkField(f); err != nil {
			return nil, err
		}
		f.offset = at
		at += f.Length
		d.fields = append(d.fields, f)
	}
	if len(fields) == 0 || len(fields) > MaxFields || at > 65535 {
		return nil, refuse("dbf.fields", "В таблице DBF должно быть от 1 до 255 полей общей длиной до 65534 знаков.")
	}
	d.rec = make([]byte, at)
	return d, d.header(language, updated)
}

func checkField(f Field) error {
	ok := len(f.Name) >= 1 && len(f.Name) <= 10 && f.Length >= 1 && f.Length <= 254
	for _, c := range []byte(f.Name) {
		ok = ok && (c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')
	}
	if !ok || f.Type != 'C' && f.Type != 'N' && f.Type != 'D' && f.Type != 'L' {
		return refuse("dbf.field", "Поле DBF %s: имя — до 10 заглавных латинских букв и цифр, длина до 254, вид C, N, D или L.", f.Name)
	}
	return nil
}

func (d *Writer) header(language byte, updated time.Time) error {
	size := 32 + 32*len(d.fields) + 1
	h := make([]byte, size)
	h[0] = 0x03
	h[1], h[2], h[3] = byte(updated.Year()-1900), byte(updated.Month()), byte(updated.Day())
	binary.LittleEndian.PutUint32(h[4:], uint32(d.want))
	binary.LittleEndian.PutUint16(h[8:], uint16(size))
	binary.LittleEndian.PutUint16(h[10:], uint16(len(d.rec)))
	h[29] = language
	for i, f := range d.fields {
		b := h[32+32*i:]
		copy(b, f.Name)
		b[11], b[16], b[17] = f.Type, byte(f.Length), byte(f.Decimals)
	}
	h[size-1] = terminator
	_, err := d.dst.Write(h)
	return err
}

// Append writes one record. Numbers stand to the right, everything else to the left.
func (d *Writer) Append(values [][]byte) error {
	for i := range d.rec {
		d.rec[i] = ' '
	}
	for i, f := range d.fields {
		v := values[i]
		if len(v) > f.Length {
			return fault.Newf(fault.Invalid, "dbf.too_wide", "Значение длиннее поля %s (%d знаков). Увеличьте ширину поля в профиле.", f.Name, f.Length).
				WithField(f.Name).At(fault.Place{Pos: d.done + 1, Unit: "record"})
		}
		at := f.offset
		if f.Type == 'N' {
			at += f.Length - len(v)
		}
		copy(d.rec[at:], v)
	}
	d.done++
	_, err := d.dst.Write(d.rec)
	return err
}

// Close writes the end mark. It fails when another number of records was written than promised.
func (d *Writer) Close() error {
	if d.done != d.want {
		return fault.Newf(fault.Internal, "dbf.count", "Записано %d записей вместо %d.", d.done, d.want)
	}
	if err := d.dst.WriteByte(endOfFile); err != nil {
		return err
	}
	return d.dst.Flush()
}
