package register

import "bytes"

// cutProof is after how many lines that end alike another last line is held for cut.
const cutProof = 3

// cut tells whether the last line of the file breaks off inside its last sum: the line has no end, and the sum has
// not as many kopecks as those above it. A sum cut there would still be a number, only a smaller one.
func (t *textReader) cut(fields [][]byte) bool {
	last := trimSpace(fields[len(fields)-1])
	n := len(last) - 1 - bytes.LastIndexAny(last, ".,")
	if n == len(last) || len(fields) > len(t.sums) || !t.sums[len(fields)-1] {
		n = -1
	}
	if t.src.Open() && t.firm >= cutProof && t.digits > 0 && n != t.digits {
		return true
	}
	if t.firm++; n != t.digits {
		t.digits, t.firm = n, 1
	}
	return false
}

// sumColumns tells for each column whether it holds a sum.
func (m *mapper) sumColumns() []bool {
	columns := make([]bool, m.width)
	for _, f := range m.fields {
		for _, s := range f.slots {
			if at := m.places[s].Index; f.role.money() && at >= 0 {
				columns[at] = true
			}
		}
	}
	return columns
}
