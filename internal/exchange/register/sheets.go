package register

import (
	"io"
	"slices"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/xlsx"
	"kvit/internal/fault"
)

// sheetReader reads one sheet of a workbook.
type sheetReader struct {
	*reading
	rows    *xlsx.Rows
	columns []int // column of each cell wanted
	total   int   // column of the control total
	account int   // column of the account
	caption string
	group   string
	groupAt int
	above   [][]string // captions of the rows before the header
}

// headerDepth is how many rows captions may take: merged cells put a group of columns over its parts.
const headerDepth = 3

func (r *reading) readXLSX() error {
	if r.in.stream != nil {
		return notBook(r.in.File)
	}
	book, err := xlsx.Open(r.in.Data, r.in.Size)
	if err != nil {
		return err
	}
	defer book.Close()
	r.m.enc = charset.UTF8
	r.m.system04 = book.Date1904()
	r.sum.Encoding = Encoding{Name: "utf-8", Evidence: "книга Excel", Confidence: 1}
	return r.bookOf(book)
}

// bookOf reads the sheet of a workbook that has the header where the profile says, else the one that has it elsewhere.
func (r *reading) bookOf(book *xlsx.Book) error {
	var missing error
	for i, sheet := range book.Sheets() {
		if !r.wants(&sheet) {
			continue
		}
		found, err := r.readSheet(book, i, r.p.HeaderRow)
		if found && err == nil {
			return r.noteOthers(book, i)
		}
		if found || err != nil && !isMissing(err) {
			return err
		}
		if missing == nil {
			missing = err
		}
	}
	if missing == nil {
		return fault.Newf(fault.Invalid, "xlsx.no_sheet", "В книге нет листа «%s», который называет профиль, или все листы скрыты.", r.p.Sheet)
	}
	return r.movedHeader(book, missing)
}

func (r *reading) wants(sheet *xlsx.Sheet) bool {
	if r.p.Sheet == "" {
		return !sheet.Hidden
	}
	return strings.EqualFold(sheet.Name, r.p.Sheet)
}

func isMissing(err error) bool { return fault.CodeOf(err) == "file.no_column" }

// readSheet reads a sheet that has the header the profile names in a row; found is false when it has not.
func (r *reading) readSheet(book *xlsx.Book, i, header int) (found bool, err error) {
	rows, err := book.Rows(i)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	r.sum.Titles = 0
	s := &sheetReader{reading: r, rows: rows, total: -1, account: -1}
	if header == 0 {
		if err := s.header(nil); err != nil {
			return false, err
		}
	}
	for {
		err := rows.Next()
		if err == io.EOF {
			if s.columns == nil {
				return false, missingColumn(s.m.places[0].Name, header, "row")
			}
			return true, nil
		}
		if err != nil {
			return false, err
		}
		switch n := rows.Number(); {
		case n < header:
			r.sum.Titles++
			s.remember(rows.Cells())
		case n == header:
			if err := s.header(rows.Cells()); err != nil {
				return false, err
			}
		case s.columns == nil:
			return false, missingColumn(s.m.places[0].Name, header, "row")
		default:
			if err := s.row(rows.Cells()); err != nil {
				return true, err
			}
		}
	}
}

// row decides what a row of the sheet is.
func (s *sheetReader) row(cells []xlsx.Cell) error {
	filled, only := 0, -1
	for i := range cells {
		if hasText(cells[i].Raw) {
			filled++
			only = i
		}
	}
	switch {
	case filled == 0:
		s.sum.Blank++
		return nil
	case s.isTotal(cells):
		s.sum.Titles++
		return nil
	case filled == 1 && s.p.Kind == KindXLSXGrouped:
		s.group, s.groupAt = strings.TrimSpace(string(cells[only].Raw)), s.rows.Number()
		s.sum.Groups++
		return nil
	case filled == 1, s.caption != "" && string(s.at(cells, s.account).Raw) == s.caption:
		s.sum.Titles++
		return nil
	}
	return s.record(cells)
}

func hasText(b []byte) bool {
	for _, c := range b {
		if c > ' ' {
			return true
		}
	}
	return false
}

func (s *sheetReader) at(cells []xlsx.Cell, i int) xlsx.Cell {
	if i < 0 || i >= len(cells) {
		return xlsx.Cell{}
	}
	return cells[i]
}

// isTotal recognises the row of totals by the profile's label or by the usual words in a row without an
// account, and takes the control total off it.
func (s *sheetReader) isTotal(cells []xlsx.Cell) bool {
	label := s.p.TotalLabel
	labelled := label != "" && slices.ContainsFunc(cells, func(c xlsx.Cell) bool { return string(c.Raw) == label || fold(string(c.Raw)) == fold(label) })
	if !labelled && !s.captioned(cells) {
		return false
	}
	if c := s.at(cells, s.total); (labelled || label == "") && s.total >= 0 && len(c.Raw) > 0 {
		s.setControl(c.Raw, kindOf(c), s.rows.Number(), "row")
	}
	return true
}

func (s *sheetReader) captioned(cells []xlsx.Cell) bool {
	if c := s.at(cells, s.account); hasText(c.Raw) {
		return c.Kind == xlsx.Text && c.Raw[0] >= 0x80 && totalWord(string(c.Raw))
	}
	return slices.ContainsFunc(cells, func(c xlsx.Cell) bool { return c.Kind == xlsx.Text && totalWord(string(c.Raw)) })
}

func kindOf(c xlsx.Cell) cellKind {
	switch c.Kind {
	case xlsx.Empty:
		return absent
	case xlsx.Number:
		return numberCell
	case xlsx.Date:
		return dateCell
	}
	return textCell
}

func (s *sheetReader) record(cells []xlsx.Cell) error {
	for i, column := range s.columns {
		c := s.at(cells, column)
		s.cells[i] = cell{c.Raw, kindOf(c)}
		if c.Kind == xlsx.Date && s.moneyAt(i) {
			s.cells[i].kind = numberCell
		}
	}
	m := s.m
	m.begin(s.rows.Number())
	if s.groupAt > 0 {
		m.row.GroupPos, m.row.GroupAddress = s.groupAt, s.group
	}
	m.apply(s.cells)
	return s.emit(func() string { return joinCells(cells) })
}

// moneyAt tells whether a sum is read from the cell: a date's style on a sum is a slip of the mouse.
func (s *sheetReader) moneyAt(slot int) bool {
	return slices.ContainsFunc(s.m.fields, func(f field) bool { return f.role.money() && slices.Contains(f.slots, slot) })
}

func joinCells(cells []xlsx.Cell) string {
	parts := make([]string, len(cells))
	for i, c := range cells {
		parts[i] = string(c.Raw)
	}
	return strings.Join(parts, "\t")
}

// oldBook is how files of the binary .xls format begin.
const oldBook = "\xd0\xcf\x11\xe0"

// notBook explains what a file named as a workbook really is.
func notBook(f File) error {
	head := make([]byte, 512)
	n, _ := f.Data.ReadAt(head, 0)
	text := strings.ToLower(string(head[:n]))
	switch {
	case strings.HasPrefix(string(head), oldBook):
		return fault.New(fault.Invalid, "xls.binary", "Это книга старого формата .xls. Откройте её в Excel и сохраните как .xlsx или CSV.")
	case strings.Contains(text, "<html") || strings.Contains(text, "<table"):
		return fault.New(fault.Invalid, "xls.html", "Это веб-страница с именем книги Excel. Откройте её в Excel и сохраните как .xlsx.")
	case strings.Contains(text, "<?xml") || strings.Contains(text, "spreadsheet"):
		return fault.New(fault.Invalid, "xls.xml", "Это таблица XML 2003 с именем книги Excel. Откройте её в Excel и сохраните как .xlsx.")
	}
	return fault.New(fault.Invalid, "xlsx.broken", "Это не книга Excel (.xlsx) или она передана не целиком.")
}
