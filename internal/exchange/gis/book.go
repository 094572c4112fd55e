package gis

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"kvit/internal/fault"
)

// Book is a filled template as it was read.
type Book struct {
	Table    string
	Pages    [][]Row // by the sheets of the layout; a sheet the book lacks is empty
	Findings []Finding
}

// Row is a row of a sheet in the order of the layout's columns.
type Row struct {
	Line  int
	Cells []string
	Wrong bool // a cell of it is not as it should be

	sheet string
	at    []int // where its columns stand in the file
}

// Finding is what is wrong with a cell, or with a row.
type Finding struct {
	Sheet  string `json:"sheet"`
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"` // its letters
	Field  string `json:"field,omitempty"`  // its title
	Value  string `json:"value,omitempty"`
	Says   string `json:"says"`
}

// Find tells what is wrong with a row: of one of its columns, of the row as a whole when it is −1.
func (b *Book) Find(page int, r *Row, column int, says string) {
	f := Finding{Sheet: r.sheet, Line: r.Line, Says: says}
	if column >= 0 {
		f.Field, f.Value = Layouts[b.Table].Sheets[page].Columns[column].Title, r.Cells[column]
		if r.at[column] >= 0 {
			f.Column, _ = excelize.ColumnNumberToName(r.at[column] + 1) // it was read there
		}
	}
	b.Findings = append(b.Findings, f)
}

// ReadBook recognises which template a book is and reads its rows. What is wrong with cells is told, and the rows are
// marked; a row without any cell is passed over.
func ReadBook(r io.Reader) (*Book, error) {
	f, err := excelize.OpenReader(r)
	if err != nil {
		return nil, fault.New(fault.Invalid, "gis.file", "Файл не открылся: нужен .xlsx, выгруженный из ГИС ЖКХ.").Because(err)
	}
	defer f.Close()
	b := &Book{}
	if b.Table, err = recognise(f); err != nil {
		return nil, err
	}
	l := Layouts[b.Table]
	for i := range l.Sheets {
		h, _, err := findHead(f, &l.Sheets[i])
		if err != nil {
			return nil, err
		}
		rows, err := b.readPage(f, i, &l.Sheets[i], &h)
		if err != nil {
			return nil, err
		}
		b.Pages = append(b.Pages, rows)
	}
	return b, nil
}

// recognise tells which template a book is: by its conf, else by the columns its titles name, the fullest share.
func recognise(f *excelize.File) (table string, err error) {
	if table = tableOf(confType(f)); table != "" {
		return table, nil
	}
	var share float64
	most := 0
	for _, name := range Tables {
		h, found, err := findHead(f, &Layouts[name].Sheets[0])
		if err != nil {
			return "", err
		}
		if found < columnsMin {
			continue
		}
		if s := float64(found) / float64(h.titles); s > share || s == share && found > most {
			table, share, most = name, s, found
		}
	}
	if table == "" {
		return "", fault.New(fault.Invalid, "gis.file_other", "В файле нет таблицы ГИС ЖКХ, которую можно узнать по столбцам: лицевые счета, приборы учёта, показания, платежи, платёжные документы.")
	}
	return table, nil
}

func (b *Book) readPage(f *excelize.File, page int, s *Sheet, h *head) (list []Row, err error) {
	if h.sheet == "" {
		return nil, nil
	}
	props, err := f.GetWorkbookProps()
	if err != nil {
		return nil, err
	}
	since1904 := props.Date1904 != nil && *props.Date1904
	rows, err := f.Rows(h.sheet)
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", h.sheet, err)
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", h.sheet, err)
		}
		if line <= h.row || !filled(cells, h.at) {
			continue
		}
		list = append(list, b.readRow(page, s, h, line, cells, since1904))
	}
	return list, rows.Error()
}

// filled tells whether a row has anything in the columns of a table.
func filled(cells []string, at []int) bool {
	for _, k := range at {
		if k >= 0 && k < len(cells) && cells[k] != "" {
			return true
		}
	}
	return false
}

func (b *Book) readRow(page int, s *Sheet, h *head, line int, cells []string, since1904 bool) Row {
	r := Row{Line: line, Cells: make([]string, len(s.Columns)), sheet: h.sheet, at: h.at}
	for i := range s.Columns {
		raw, k := "", h.at[i]
		if k >= 0 && k < len(cells) {
			raw = cells[k]
		}
		var wrong string
		if r.Cells[i], wrong = s.Columns[i].read(raw, since1904); wrong != "" && (k >= 0 || s.Columns[i].Need) {
			r.Wrong = true
			b.Find(page, &r, i, wrong)
		}
	}
	return r
}
