package register

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"kvit/internal/exchange/xlsx"
)

// headerSearch is how many rows below the declared one a header is looked for: people put titles above a table.
const headerSearch = 30

// movedHeader reads the sheet whose header stands in another row than the profile says. Columns told by number have no
// header to be known by.
func (r *reading) movedHeader(book *xlsx.Book, missing error) error {
	if !slices.ContainsFunc(r.m.places, func(p Place) bool { return p.Index < 0 }) {
		return missing
	}
	for i, sheet := range book.Sheets() {
		if !r.wants(&sheet) {
			continue
		}
		row, err := r.findHeader(book, i)
		if err != nil {
			return err
		}
		if row == 0 {
			continue
		}
		r.sum.Notes = append(r.sum.Notes, Note{Code: "xlsx.header_moved", Pos: row, Text: fmt.Sprintf("Названия колонок в строке %d, а не в строке %d, как говорит профиль. Прочитано оттуда.", row, r.p.HeaderRow)})
		if _, err := r.readSheet(book, i, row); err != nil {
			return err
		}
		return r.noteOthers(book, i)
	}
	return missing
}

// findHeader is the first row of a sheet that has all columns the profile names; 0 is none.
func (r *reading) findHeader(book *xlsx.Book, i int) (row int, err error) {
	rows, err := book.Rows(i)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	s := &sheetReader{reading: r, rows: rows, total: -1, account: -1}
	for {
		err := rows.Next()
		switch {
		case errors.Is(err, io.EOF), err == nil && rows.Number() > r.p.HeaderRow+headerSearch:
			return 0, nil
		case err != nil:
			return 0, err
		case s.header(rows.Cells()) == nil:
			return rows.Number(), nil
		}
	}
}

// noteOthers tells of the sheets after the one that was read that have its columns too: rows of theirs were not taken.
func (r *reading) noteOthers(book *xlsx.Book, read int) error {
	if r.p.Sheet != "" || r.p.HeaderRow == 0 {
		return nil
	}
	for i, sheet := range book.Sheets() {
		if i <= read || sheet.Hidden {
			continue
		}
		row, err := r.findHeader(book, i)
		if err != nil {
			return err
		}
		if row != 0 {
			r.sum.Notes = append(r.sum.Notes, Note{Code: "xlsx.more_sheets", Text: fmt.Sprintf("На листе «%s» те же колонки, он не прочитан. Передайте его отдельным файлом или назовите нужный лист в профиле: sheet.", sheet.Name)})
		}
	}
	return nil
}
