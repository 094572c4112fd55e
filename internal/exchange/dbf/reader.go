package dbf

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strconv"
	"time"

	"kvit/internal/fault"
)

// Reader streams the records of a table.
type Reader struct {
	Header
	src     *bufio.Reader
	memo    *memo
	rec     []byte
	pos     int
	deleted int
}

// NewReader opens a table. memoFile may be nil: memo fields are then empty.
func NewReader(r io.Reader, memoFile io.ReaderAt) (*Reader, error) {
	src := bufio.NewReaderSize(r, 256<<10)
	h, err := readHeader(src)
	if err != nil {
		return nil, err
	}
	d := &Reader{Header: *h, src: src, rec: make([]byte, h.record)}
	if memoFile != nil {
		d.memo = openMemo(memoFile, h.Version)
	}
	return d, nil
}

// Next moves to the following record that is not deleted; io.EOF behind the last.
func (d *Reader) Next() error {
	for {
		first, err := d.src.ReadByte()
		if err == io.EOF || err == nil && first != ' ' && first != '*' {
			return d.end(first, err)
		}
		if err != nil {
			return err
		}
		d.rec[0] = first
		if _, err := io.ReadFull(d.src, d.rec[1:]); err != nil {
			return d.cut(err)
		}
		d.pos++
		if first == ' ' {
			return nil
		}
		d.deleted++
	}
}

// end judges what follows the last record: the end mark, nothing, or the middle of something.
func (d *Reader) end(first byte, err error) error {
	if err == io.EOF || first == endOfFile || d.pos >= d.Records {
		return io.EOF
	}
	return fault.New(fault.Invalid, "dbf.record_mark", "Запись таблицы DBF начинается не с пробела и не со звёздочки: файл повреждён. Передайте его ещё раз.").
		At(fault.Place{Pos: d.pos + 1, Unit: "record"})
}

func (d *Reader) cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.New(fault.Invalid, "file.truncated", "Таблица DBF обрывается посреди записи. Передайте файл ещё раз.").
			At(fault.Place{Pos: d.pos + 1, Unit: "record"})
	}
	return err
}

// Pos is the number of the current record, deleted ones counted.
func (d *Reader) Pos() int { return d.pos }

// Deleted is how many deleted records were skipped so far.
func (d *Reader) Deleted() int { return d.deleted }

// Record is the current record as it lies in the file, without the deleted mark.
func (d *Reader) Record() []byte { return d.rec[1:] }

// Value is field i of the current record as text in the table's code page: spaces around it cut off, binary
// numbers and moments written out (1234.5, 2026-10-31 09:00:00). An overflown number keeps its asterisks.
func (d *Reader) Value(i int) []byte {
	f := &d.Fields[i]
	raw := d.rec[f.offset : f.offset+f.Length]
	switch f.Type {
	case 'I', '+':
		if len(raw) == 4 {
			return strconv.AppendInt(nil, int64(int32(binary.LittleEndian.Uint32(raw))), 10)
		}
	case 'Y':
		if len(raw) == 8 {
			return appendFixed(nil, int64(binary.LittleEndian.Uint64(raw)), 4)
		}
	case 'B', 'O':
		if len(raw) == 8 && d.Version != 0x8b { // in dBase IV B is a binary memo
			return strconv.AppendFloat(nil, math.Float64frombits(binary.LittleEndian.Uint64(raw)), 'f', -1, 64)
		}
	case 'T', '@':
		if len(raw) == 8 {
			return appendMoment(nil, raw)
		}
	case 'M', 'G', 'P':
		return d.memoText(raw)
	case '0':
		return nil
	}
	return trim(raw)
}

func (d *Reader) memoText(raw []byte) []byte {
	if d.memo == nil {
		return nil
	}
	return bytes.Clone(d.memo.text(raw)) // a record may have several memos, the buffer holds one
}

func trim(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == 0) {
		b = b[:len(b)-1]
	}
	for len(b) > 0 && (b[0] == ' ' || b[0] == 0) {
		b = b[1:]
	}
	return b
}

// appendFixed writes v·10^-digits.
func appendFixed(dst []byte, v int64, digits int) []byte {
	if v < 0 {
		dst = append(dst, '-')
	}
	s := strconv.FormatUint(magnitude(v), 10)
	for len(s) <= digits {
		s = "0" + s
	}
	dst = append(dst, s[:len(s)-digits]...)
	dst = append(dst, '.')
	return append(dst, s[len(s)-digits:]...)
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return uint64(-v)
	}
	return uint64(v)
}

// appendMoment writes a FoxPro moment: Julian day number and milliseconds of the day.
func appendMoment(dst, raw []byte) []byte {
	const julianOf1970 = 2440588
	day := int64(int32(binary.LittleEndian.Uint32(raw)))
	ms := int64(int32(binary.LittleEndian.Uint32(raw[4:])))
	if day == 0 {
		return dst
	}
	return time.UnixMilli((day-julianOf1970)*86400_000+ms).UTC().AppendFormat(dst, "2006-01-02 15:04:05")
}

// memo reads texts from a .DBT or .FPT file.
type memo struct {
	src   io.ReaderAt
	block int64
	style byte // 3: dBase III, 4: dBase IV, 'F': FoxPro
	buf   []byte
}

func openMemo(src io.ReaderAt, version byte) *memo {
	m := &memo{src: src, block: 512, style: 3}
	var head [24]byte
	if _, err := src.ReadAt(head[:], 0); err != nil {
		return m
	}
	switch version {
	case 0x30, 0x31, 0x32, 0xf5, 0xfb:
		m.style, m.block = 'F', int64(binary.BigEndian.Uint16(head[6:]))
	case 0x8b, 0x8e, 0xcb:
		m.style, m.block = 4, int64(binary.LittleEndian.Uint16(head[20:]))
	}
	if m.block == 0 {
		m.block = 512
	}
	return m
}

// text reads the memo a field points to: ten digits or, in FoxPro, four bytes. Nothing found is no text.
func (m *memo) text(pointer []byte) []byte {
	var n int64
	if len(pointer) == 4 {
		n = int64(binary.LittleEndian.Uint32(pointer))
	} else {
		n, _ = strconv.ParseInt(string(trim(pointer)), 10, 64)
	}
	if n <= 0 {
		return nil
	}
	if m.buf == nil {
		m.buf = make([]byte, MaxMemo+8)
	}
	got, err := m.src.ReadAt(m.buf, n*m.block)
	if err != nil && err != io.EOF {
		return nil
	}
	return m.cutText(m.buf[:got])
}

func (m *memo) cutText(b []byte) []byte {
	if m.style == 3 {
		if i := bytes.IndexByte(b, endOfFile); i >= 0 {
			b = b[:i]
		}
		return trim(b)
	}
	if len(b) < 8 {
		return nil
	}
	size := int64(binary.BigEndian.Uint32(b[4:]))
	if m.style == 4 {
		size = int64(binary.LittleEndian.Uint32(b[4:])) - 8
	}
	if size < 0 || size > int64(len(b)-8) {
		size = int64(len(b) - 8)
	}
	return trim(b[8 : 8+size])
}

// Sample is the beginning of the records, to judge their code page by; nothing is taken from the table. Binary
// fields are left out.
func (d *Reader) Sample() []byte {
	head, _ := d.src.Peek(256 << 10)
	var sample []byte
	for ; len(head) >= len(d.rec); head = head[len(d.rec):] {
		for i := range d.Fields {
			if f := &d.Fields[i]; f.Type == 'C' {
				sample = append(append(sample, trim(head[f.offset:f.offset+f.Length])...), ' ')
			}
		}
	}
	return sample
}
