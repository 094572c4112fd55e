package xlsx

import (
	"io"
	"os"

	"kvit/internal/exchange/xmlrec"
	"kvit/internal/fault"
)

// stringTable holds shared strings: in memory up to MaxStrings, the rest in a temporary file.
type stringTable struct {
	ends    offsets // end of each string in the text of all of them
	memory  []byte
	file    *os.File
	written uint64 // bytes in file
	block   []byte // piece of the file read last
	from    uint64
}

// offsets are growing numbers in blocks of their own base: four bytes each, and never copied to grow.
type offsets struct {
	bases  []uint64
	blocks [][]uint32
	n      int
}

const offsetBlock = 1 << 16

func (o *offsets) add(v uint64) {
	if o.n%offsetBlock == 0 {
		o.bases = append(o.bases, v)
		o.blocks = append(o.blocks, make([]uint32, 0, offsetBlock))
	}
	last := len(o.blocks) - 1
	o.blocks[last] = append(o.blocks[last], uint32(v-o.bases[last]))
	o.n++
}

func (o *offsets) at(i int) uint64 {
	return o.bases[i/offsetBlock] + uint64(o.blocks[i/offsetBlock][i%offsetBlock])
}

const (
	blockSize    = 8 << 10
	maxShared    = 20_000_000
	maxSharedAll = 2 << 30
)

// load reads the table once, when the first cell needs it.
func (b *Book) load() (*stringTable, error) {
	if b.strings != nil {
		return b.strings, nil
	}
	t := &stringTable{}
	b.strings = t
	name := "xl/sharedStrings.xml"
	r, ok, err := b.part(name)
	if !ok || err != nil {
		return t, err
	}
	defer r.Close()
	return t, t.read(xmlrec.NewScanner(skipMark(r)))
}

// read takes the texts of each <si>: one <t> or several runs; phonetic hints (<rPh>) are not text.
func (t *stringTable) read(scan *xmlrec.Scanner) error {
	inText, hint := false, 0
	for {
		token, err := scan.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name := string(token.Name)
		switch token.Kind {
		case xmlrec.Start:
			inText = name == "t" && hint == 0
			if name == "rPh" {
				hint++
			}
		case xmlrec.Text:
			if inText {
				if err := t.append(token.Text); err != nil {
					return err
				}
			}
		case xmlrec.End:
			inText = false
			if name == "rPh" {
				hint--
			}
			if name == "si" {
				t.ends.add(t.size())
				if t.ends.n > maxShared {
					return tooMuch()
				}
			}
		}
	}
}

func tooMuch() error {
	return fault.New(fault.Invalid, "xlsx.too_large", "В книге слишком много текста. Разделите её на части или выгрузите в CSV.")
}

func (t *stringTable) size() uint64 { return t.written + uint64(len(t.memory)) }

func (t *stringTable) append(text []byte) error {
	t.memory = append(t.memory, text...)
	if t.size() > maxSharedAll {
		return tooMuch()
	}
	if t.file == nil && len(t.memory) < MaxStrings || t.file != nil && len(t.memory) < 1<<20 {
		return nil
	}
	return t.spill()
}

// spill moves what is in memory to the temporary file.
func (t *stringTable) spill() error {
	if t.file == nil {
		f, err := os.CreateTemp("", "kvit-xlsx-*")
		if err != nil {
			return err
		}
		t.file = f
		os.Remove(f.Name()) // the open file stays readable; nothing is left behind after a crash
	}
	n, err := t.file.WriteAt(t.memory, int64(t.written))
	t.written += uint64(n)
	t.memory = t.memory[:0]
	if cap(t.memory) > 4<<20 {
		t.memory = nil
	}
	return err
}

// get appends string n to dst.
func (t *stringTable) get(dst []byte, n int) ([]byte, bool, error) {
	if n < 0 || n >= t.ends.n {
		return dst, false, nil
	}
	var from uint64
	if n > 0 {
		from = t.ends.at(n - 1)
	}
	to := t.ends.at(n)
	if from >= t.written {
		return append(dst, t.memory[from-t.written:to-t.written]...), true, nil
	}
	if to > t.written {
		if err := t.spill(); err != nil {
			return dst, false, err
		}
	}
	return t.fromFile(dst, from, to)
}

func (t *stringTable) fromFile(dst []byte, from, to uint64) ([]byte, bool, error) {
	if from < t.from || to > t.from+uint64(len(t.block)) {
		t.block = append(t.block[:0], make([]byte, max(blockSize, int(to-from)))...)
		n, err := t.file.ReadAt(t.block, int64(from))
		if err != nil && err != io.EOF {
			return dst, false, err
		}
		t.block, t.from = t.block[:n], from
	}
	return append(dst, t.block[from-t.from:to-t.from]...), true, nil
}

func (t *stringTable) Close() error {
	if t.file == nil {
		return nil
	}
	return t.file.Close()
}
