// Package dbf reads and writes dBase III, dBase IV and FoxPro tables as suppliers use them.
//
// Owns: the container: header, field descriptors, deleted marks, memo files, numbers stored in binary. Does not
// own: code pages (values are bytes as they lie; Language tells what the header claims) and meaning.
//
// Invariants: one record is held at a time; a wrong record count in the header is tolerated and reported; a
// record cut in the middle is not. Format: formats.md 3.6.
package dbf

import (
	"bytes"
	"encoding/binary"
	"io"
	"time"

	"kvit/internal/fault"
)

// Bounds of a table.
const (
	MaxFields  = 255
	MaxRecord  = 1 << 20
	MaxMemo    = 64 << 10
	maxHeader  = 32 + 32*MaxFields + 1 + 263
	terminator = 0x0d
	endOfFile  = 0x1a
)

// Field is one column.
type Field struct {
	Name     string
	Type     byte // C N D F L I B Y T M 0
	Length   int
	Decimals int
	offset   int
}

// Header is what a table says about itself.
type Header struct {
	Version  byte
	Updated  time.Time
	Records  int
	Language byte
	Fields   []Field
	length   int
	record   int
}

// Encoding is the code page the language byte stands for: cp866, cp1251, cp1252, or "" when it says nothing.
func (h *Header) Encoding() string {
	switch h.Language {
	case 0x26, 0x65, 0x64, 0x01, 0x02:
		if h.Language == 0x26 || h.Language == 0x65 {
			return "cp866"
		}
	case 0x57, 0xc9:
		return "cp1251"
	case 0x03, 0x58, 0x59:
		return "cp1252"
	}
	return ""
}

// Index finds a column by name, in any case; -1 when there is none.
func (h *Header) Index(name string) int {
	for i := range h.Fields {
		if equalFold(h.Fields[i].Name, name) {
			return i
		}
	}
	return -1
}

func equalFold(a, b string) bool { return bytes.EqualFold([]byte(a), []byte(b)) }

func readHeader(r io.Reader) (*Header, error) {
	var b [32]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return nil, refuse("file.truncated", "Таблица DBF обрывается в заголовке. Передайте файл ещё раз.")
	}
	h := &Header{
		Version:  b[0],
		Updated:  time.Date(1900+int(b[1]), time.Month(b[2]), int(b[3]), 0, 0, 0, 0, time.UTC),
		Records:  int(binary.LittleEndian.Uint32(b[4:])),
		length:   int(binary.LittleEndian.Uint16(b[8:])),
		record:   int(binary.LittleEndian.Uint16(b[10:])),
		Language: b[29],
	}
	if h.length < 33 || h.length > 65535 || h.record < 2 || !knownVersion(h.Version) {
		return nil, refuse("dbf.header", "Это не таблица DBF: заголовок не разобрать.")
	}
	rest := make([]byte, h.length-32)
	if _, err := io.ReadFull(r, rest); err != nil {
		return nil, refuse("file.truncated", "Таблица DBF обрывается в описании полей. Передайте файл ещё раз.")
	}
	return h, h.describe(rest)
}

func knownVersion(v byte) bool {
	return bytes.IndexByte([]byte{0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8b, 0x8e, 0xcb, 0xf5, 0xfb}, v) >= 0
}

func (h *Header) describe(b []byte) error {
	for len(b) >= 32 && b[0] != terminator {
		name, _, _ := bytes.Cut(b[:11], []byte{0})
		h.Fields = append(h.Fields, Field{Name: string(bytes.TrimSpace(name)), Type: b[11], Length: int(b[16]), Decimals: int(b[17])})
		b = b[32:]
	}
	if len(h.Fields) == 0 || len(h.Fields) > MaxFields {
		return refuse("dbf.header", "В таблице DBF нет ни одного поля или их больше 255.")
	}
	if !h.layOut(false) && !h.layOut(true) {
		return refuse("dbf.header", "Длины полей таблицы DBF не сходятся с длиной записи.")
	}
	return nil
}

// layOut places the fields in the record. Clipper and FoxPro keep the upper byte of a long C field's length
// where other types keep decimals.
func (h *Header) layOut(long bool) bool {
	at := 1
	for i := range h.Fields {
		f := &h.Fields[i]
		n := f.Length
		if long && f.Type == 'C' {
			n += f.Decimals << 8
		}
		f.offset = at
		at += n
	}
	if at != h.record {
		return false
	}
	for i := range h.Fields {
		if f := &h.Fields[i]; long && f.Type == 'C' {
			f.Length, f.Decimals = f.Length+f.Decimals<<8, 0
		}
	}
	return true
}

func refuse(code, format string, args ...any) *fault.Error {
	return fault.Newf(fault.Invalid, code, format, args...)
}
