package register

import (
	"bytes"
	"io"
	"slices"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/delim"
	"kvit/internal/fault"
)

// learn looks at the beginning of the file: which column a name in the header is, and how many fields a whole
// line has. That is as many as the header has, or as most lines have, but never fewer than the profile reads.
func (t *textReader) learn() error {
	src := delim.NewReader(bytes.NewReader(t.beginning()), t.dialect)
	seen := map[int]int{}
	var header [][]byte
	for lines := 0; lines < 300; lines++ {
		line, err := src.Scan()
		if err != nil {
			break
		}
		if t.skipped(line, src.Pos()) {
			continue
		}
		fields, err := src.Fields()
		if err != nil {
			break
		}
		if src.Pos() == t.p.HeaderRows {
			header = slices.Clone(fields)
			for i := range header {
				header[i] = bytes.Clone(header[i])
			}
			continue
		}
		seen[len(fields)]++
	}
	if err := t.resolve(header); err != nil {
		return err
	}
	t.usual = max(mostCommon(seen), len(header), t.m.width)
	return nil
}

// beginning is the sample of the file in the encoding lines are split in, its cut last line left out.
func (t *textReader) beginning() []byte {
	head, whole := t.in.sample()
	if enc, _ := charset.Parse(t.sum.Encoding.Name); enc == charset.UTF16LE || enc == charset.UTF16BE {
		head, _ = io.ReadAll(charset.NewReader(bytes.NewReader(head), enc))
	}
	if i := bytes.LastIndexByte(head, '\n'); !whole && i > 0 {
		head = head[:i]
	}
	return head
}

// resolve finds columns the profile names in the header line.
func (t *textReader) resolve(header [][]byte) error {
	captions := make([]string, len(header))
	for i, h := range header {
		captions[i] = fold(t.m.enc.Text(trimSpace(h)))
	}
	for i := range t.m.places {
		place := &t.m.places[i]
		if place.Index >= 0 {
			continue
		}
		at := slices.Index(captions, fold(place.Name))
		if at < 0 {
			return missingColumn(place.Name, t.p.HeaderRows, "line")
		}
		place.Index = at
		t.m.width = max(t.m.width, at+1)
	}
	return nil
}

func missingColumn(name string, pos int, unit string) error {
	return fault.Newf(fault.Invalid, "file.no_column", "В заголовке нет колонки «%s», которую называет профиль. Проверьте профиль или номер строки заголовка.", name).
		WithField(name).At(fault.Place{Pos: pos, Unit: unit})
}

func (t *textReader) skipped(line []byte, pos int) bool {
	return pos < t.p.HeaderRows || len(line) == 0 || pos > t.p.HeaderRows && !bytes.HasPrefix(line, t.only) ||
		len(t.comment) > 0 && bytes.HasPrefix(line, t.comment) ||
		len(t.trailer) > 0 && bytes.HasPrefix(line, t.trailer) ||
		len(t.prefix) > 0 && bytes.HasPrefix(line, t.prefix)
}

// mostCommon is the number of fields at least three lines and most of all lines have; 0 when lines disagree.
func mostCommon(seen map[int]int) int {
	best, total := 0, 0
	for n, count := range seen {
		total += count
		if count > seen[best] || count == seen[best] && n < best {
			best = n
		}
	}
	if seen[best] < 3 || seen[best]*2 <= total {
		return 0
	}
	return best
}
