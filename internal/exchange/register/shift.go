package register

import (
	"bytes"
)

// unshift puts surplus fields back where a stray delimiter cut a text in two. Empty fields at the end are no
// surplus if the rest can be read; else the first place after which every number, period and the account can be
// read wins; nil when there is none.
func (t *textReader) unshift(fields [][]byte, surplus int) [][]byte {
	if blank(bytes.Join(fields[t.usual:], nil), t.dialect.Delimiter) && t.fits(fields[:t.usual]) {
		return fields[:t.usual]
	}
	for _, at := range t.glue {
		if whole := t.glued(fields, at, surplus); t.fits(whole) {
			t.m.repair("row.field_shift", "field_shift", t.roleAt(at), t.counted(fields), t.m.enc.Text(whole[at]), "В строке лишний разделитель; части текста соединены обратно.")
			return whole
		}
	}
	return nil
}

func (t *textReader) roleAt(index int) string {
	for _, f := range t.m.fields {
		if f.role != roleExtra && t.m.places[f.slots[0]].Index == index {
			return f.name
		}
	}
	return ""
}

// glued joins surplus+1 fields at index at into one, with the delimiter that stood between them.
func (t *textReader) glued(fields [][]byte, at, surplus int) [][]byte {
	if at+surplus >= len(fields) {
		return nil
	}
	t.joined = append(t.joined[:0], bytes.Join(fields[at:at+surplus+1], []byte{t.dialect.Delimiter})...)
	t.scratch = append(append(append(t.scratch[:0], fields[:at]...), t.joined), fields[at+surplus+1:]...)
	return t.scratch
}

// fits tells whether every field of numbers, dates and the account can be understood.
func (t *textReader) fits(fields [][]byte) bool {
	if fields == nil {
		return false
	}
	t.fill(fields)
	for _, f := range t.m.fields {
		for _, slot := range f.slots {
			if !t.m.understands(&f, t.m.cell(&f, slot, t.cells)) {
				return false
			}
		}
	}
	return true
}

// understands is a dry reading of one cell.
func (m *mapper) understands(f *field, c cell) bool {
	switch {
	case f.role.money():
		_, how := readMoney(c, m.p.Money, m.enc)
		return how != bad
	case f.role.decimal() || f.role == roleResidents:
		_, how := readDecimal(c, m.enc)
		return how != bad
	case f.role == rolePeriod:
		return len(c.raw) == 0 || m.monthOf(c) != 0
	case f.role == roleDate:
		_, ok := m.dateOf(c)
		return ok || len(c.raw) == 0
	case f.role == roleAccount:
		return len(c.raw) > 0
	}
	return true
}
