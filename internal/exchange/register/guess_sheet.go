package register

import (
	"io"
	"slices"
	"strings"

	"kvit/internal/exchange/xlsx"
	"kvit/internal/fault"
)

func (g *guess) sheet() error {
	g.p.Kind = KindXLSX
	book, err := xlsx.Open(g.in.Data, g.in.Size)
	if err != nil {
		return err
	}
	defer book.Close()
	for i, s := range book.Sheets() {
		if s.Hidden {
			continue
		}
		rows, err := book.Rows(i)
		if err != nil {
			return err
		}
		list, err := takeRows(rows)
		rows.Close()
		if err != nil {
			return err
		}
		if g.headed(list) {
			g.sheetBody(list)
			g.monthOfFile(titlesOf(list, g.p.HeaderRow))
			return g.sheetTotal(book, i)
		}
	}
	return fault.New(fault.Invalid, "guess.failed", "На листах книги нет строки с названиями колонок и сумм под ней. Опишите файл профилем вручную.")
}

// titlesOf are the texts of the rows above the captions.
func titlesOf(list []bookRow, header int) (titles []string) {
	for _, r := range list {
		for _, c := range r.cells {
			if r.number < header && c.text != "" && !c.number {
				titles = append(titles, c.text)
			}
		}
	}
	return titles
}

// bookRow is a row of the sample.
type bookRow struct {
	number int
	cells  []sampleValue
}

func (r bookRow) filled() (n, first int) {
	first = -1
	for i, c := range r.cells {
		if c.text != "" {
			if first < 0 {
				first = i
			}
			n++
		}
	}
	return n, first
}

func takeRows(rows *xlsx.Rows) ([]bookRow, error) {
	var list []bookRow
	for len(list) < sampleRows {
		err := rows.Next()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		r := bookRow{number: rows.Number()}
		for _, c := range rows.Cells() {
			r.cells = append(r.cells, sampleValue{text: strings.TrimSpace(string(c.Raw)), number: c.Kind == xlsx.Number, date: c.Kind == xlsx.Date})
		}
		list = append(list, r)
	}
	return list, nil
}

// headed finds the row of captions: the one with most words of the vocabulary, and where the next row has more
// of them in other columns, that one. Without such a row the sheet may begin with data.
func (g *guess) headed(list []bookRow) bool {
	best, hits := -1, 1
	for i, r := range list[:min(len(list), 30)] {
		n := 0
		for _, c := range r.cells {
			if c.text != "" && !c.number && knownWord(c.text) {
				n++
			}
		}
		if n > hits {
			best, hits = i, n
		}
	}
	if best < 0 {
		return g.headless(list)
	}
	captions := captionsOf(list[:best+1])
	last := best
	if best+1 < len(list) && second(list[best], list[best+1]) {
		last = best + 1
		captions = captionsOf(list[:last+1])
	}
	g.p.HeaderRow = list[last].number
	g.e.add("header_row", "", "здесь названия колонок")
	for i, name := range captions {
		if name != "" {
			g.columns = append(g.columns, &column{place: Place{Name: name, Index: -1}, name: name})
		} else {
			g.columns = append(g.columns, &column{place: Place{Index: i}})
		}
	}
	return true
}

// second tells whether a row goes on with the captions of the row above: no numbers, and words under gaps.
func second(above, row bookRow) bool {
	known := 0
	for i, c := range row.cells {
		if c.number || c.date {
			return false
		}
		if c.text != "" && knownWord(c.text) && (i >= len(above.cells) || above.cells[i].text == "" || above.cells[i].text != c.text) {
			known++
		}
	}
	return known > 1
}

// captionsOf are the captions of the last row, and above its gaps those of the rows before.
func captionsOf(rows []bookRow) []string {
	var names []string
	for _, r := range rows[max(0, len(rows)-headerDepth):] {
		n, _ := r.filled()
		if n < 2 {
			continue // a title
		}
		for i, c := range r.cells {
			for len(names) <= i {
				names = append(names, "")
			}
			if c.text != "" {
				names[i] = c.text
			}
		}
	}
	return names
}

func (g *guess) headless(list []bookRow) bool {
	if len(list) == 0 {
		return false
	}
	n, _ := list[0].filled()
	for i := range list[0].cells {
		g.columns = append(g.columns, &column{place: Place{Index: i}})
	}
	return n >= 3
}

// sheetBody takes the values of data rows; rows with a single filled cell are headers of houses.
func (g *guess) sheetBody(list []bookRow) {
	groups := 0
	for _, r := range list {
		n, first := r.filled()
		if r.number <= g.p.HeaderRow || n == 0 {
			continue
		}
		if n == 1 && first == 0 && !totalWord(r.cells[0].text) {
			groups++
			continue
		}
		if slices.ContainsFunc(r.cells, func(c sampleValue) bool { return totalWord(c.text) }) {
			continue
		}
		for i, c := range g.columns {
			v := sampleValue{}
			if i < len(r.cells) {
				v = r.cells[i]
			}
			c.values = append(c.values, v)
		}
	}
	if groups > 0 {
		g.p.Kind = KindXLSXGrouped
		g.e.add("kind", KindXLSXGrouped, "дом стоит отдельной строкой над своими квартирами")
	}
	g.conclude()
}

// sheetTotal looks for the caption of totals to the end of the sheet.
func (g *guess) sheetTotal(book *xlsx.Book, i int) error {
	rows, err := book.Rows(i)
	if err != nil {
		return err
	}
	defer rows.Close()
	for {
		err := rows.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if rows.Number() <= g.p.HeaderRow {
			continue
		}
		for _, c := range rows.Cells() {
			if due := g.p.Columns["due"]; c.Kind == xlsx.Text && totalWord(string(c.Raw)) {
				g.p.TotalLabel = strings.TrimSpace(string(c.Raw))
				if len(due) == 0 {
					due = g.p.Columns["amount"]
				}
				if len(due) == 1 && due[0].Name != "" {
					g.p.ControlTotal = &ControlTotal{Column: due[0].Name}
				}
			}
		}
	}
}
