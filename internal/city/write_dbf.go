package city

import (
	"encoding/binary"
	"fmt"
	"io"

	"kvit/internal/fault"
)

// dbfFile writes dBase III: a header of 32 bytes, 32 for each field, records of fixed length, Ctrl-Z.
type dbfFile struct {
	*opened
	sink    *sink
	columns []column
	records int
}

// pageMarks is the byte of the header that names the code page.
var pageMarks = map[string]byte{"cp866": 0x65, "cp1251": 0xc9}

func newDBF(o *opened) (writer, error) {
	s, err := newSink(o.dir, o.file, o.layout.encoding)
	if err != nil {
		return nil, err
	}
	w := &dbfFile{opened: o, sink: s, columns: o.layout.columns}
	s.bytes(w.header(0))
	return w, nil
}

func (w *dbfFile) header(records int) []byte {
	length := 1
	for _, c := range w.columns {
		length += c.wide
	}
	h := make([]byte, 32, 33+32*len(w.columns))
	h[0], h[1], h[2], h[3] = 3, 126, 1, 1 // dBase III without memo; the date is fixed: files must not depend on the day
	binary.LittleEndian.PutUint32(h[4:], uint32(records))
	binary.LittleEndian.PutUint16(h[8:], uint16(33+32*len(w.columns)))
	binary.LittleEndian.PutUint16(h[10:], uint16(length))
	h[29] = pageMarks[w.layout.encoding]
	for _, c := range w.columns {
		d := make([]byte, 32)
		copy(d[:11], c.name)
		d[11], d[16], d[17] = c.dbf, byte(c.wide), byte(c.dec)
		h = append(h, d...)
	}
	return append(h, '\r')
}

func (w *dbfFile) house(string) (int, error) { return 0, nil }

func (w *dbfFile) put(r *record) (int, error) {
	w.records++
	w.sink.text(" ")
	for i, c := range w.columns {
		text := r.cells[i].text
		pad := c.wide - len([]rune(text))
		if pad < 0 {
			return 0, fault.Newf(fault.Internal, "city.dbf", "Поле %s: %q длиннее %d знаков.", c.name, text, c.wide)
		}
		if c.dbf == 'N' {
			text = fmt.Sprintf("%*s", c.wide, text)
		} else {
			text = fmt.Sprintf("%-*s", c.wide, text)
		}
		w.sink.text(text)
	}
	return w.records, w.sink.err
}

// close writes the end mark and goes back to put the number of records into the header.
func (w *dbfFile) close() (int, error) {
	w.sink.text("\x1a")
	if err := w.sink.out.Flush(); err != nil {
		return 0, cannotWrite(w.file, err)
	}
	if _, err := w.sink.file.Seek(0, io.SeekStart); err != nil {
		return 0, cannotWrite(w.file, err)
	}
	w.sink.bytes(w.header(w.records))
	return 0, w.sink.close()
}
