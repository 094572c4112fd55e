package register

import (
	"kvit/internal/exchange/xlsx"
)

// header finds the columns the profile names. Of equal captions the last counts.
func (s *sheetReader) header(cells []xlsx.Cell) error {
	exact, folded := map[string]int{}, map[string]int{}
	for i, caption := range s.captions(cells) {
		exact[caption] = i
		folded[fold(caption)] = i
	}
	find := func(name string) int {
		if i, ok := exact[name]; ok {
			return i
		}
		if i, ok := folded[fold(name)]; ok {
			return i
		}
		return -1
	}
	columns := make([]int, len(s.m.places))
	for i, place := range s.m.places {
		if columns[i] = place.Index; place.Index < 0 {
			columns[i] = find(place.Name)
		}
		if columns[i] < 0 {
			return missingColumn(place.Name, s.p.HeaderRow, "row")
		}
	}
	s.columns = columns
	if c := s.p.ControlTotal; c != nil {
		s.total = find(c.Column)
	}
	if at := s.m.plan.account; len(at) > 0 {
		s.account = columns[at[0]]
		s.caption = string(s.at(cells, s.account).Raw)
	}
	return nil
}

// remember keeps the captions of a row that may be the upper part of the header.
func (s *sheetReader) remember(cells []xlsx.Cell) {
	if len(s.above) == headerDepth-1 {
		s.above = s.above[1:]
	}
	captions := make([]string, len(cells))
	filled := 0
	for i, c := range cells {
		if captions[i] = string(c.Raw); hasText(c.Raw) {
			filled++
		}
	}
	if filled < 2 {
		captions = nil // a title
	}
	s.above = append(s.above, captions)
}

// captions are those of the header row; a gap in it is named by the rows above.
func (s *sheetReader) captions(cells []xlsx.Cell) []string {
	s.remember(cells)
	last := s.above[len(s.above)-1]
	names := make([]string, 0, len(cells))
	for i := range max(len(cells), width(s.above)) {
		name := ""
		if i < len(last) {
			name = last[i]
		} else if i < len(cells) {
			name = string(cells[i].Raw)
		}
		for up := len(s.above) - 2; up >= 0 && name == ""; up-- {
			if i < len(s.above[up]) {
				name = s.above[up][i]
			}
		}
		names = append(names, name)
	}
	return names
}

func width(rows [][]string) int {
	n := 0
	for _, r := range rows {
		n = max(n, len(r))
	}
	return n
}
