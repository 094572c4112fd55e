package gis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// headRows is how deep a head may stand below the top.
const headRows = 15

// columnsMin is how many columns of a layout a sheet has to have to be its table.
const columnsMin = 3

// place finds the columns of a sheet in a row of titles: where each stands, −1 where it does not. Of two titles that have
// the words, the one that begins with them is meant.
func (s *Sheet) place(titles []string) (at []int, found int) {
	plain := make([]string, len(titles))
	for i, t := range titles {
		plain[i] = plainTitle(t)
	}
	at = make([]int, len(s.Columns))
	taken := map[int]bool{}
	for i := range at {
		at[i] = -1
	}
	for _, match := range []func(title, words string) bool{func(t, w string) bool { return t == w }, strings.HasPrefix, strings.Contains} {
		for i := range s.Columns {
			if at[i] >= 0 {
				continue
			}
			words := s.Columns[i].words()
			for k, title := range plain {
				if title != "" && !taken[k] && match(title, words) {
					at[i], taken[k] = k, true
					found++
					break
				}
			}
		}
	}
	return at, found
}

// head is where a table begins in a book.
type head struct {
	sheet  string
	row    int
	at     []int
	titles int // there are in its row
}

// findHead finds the row of titles of a sheet in a book: the one with most of its columns, at least three. A sheet of the
// documented name comes first.
func findHead(f *excelize.File, s *Sheet) (best head, found int, err error) {
	names := f.GetSheetList()
	if i := slices.Index(names, s.Name); i > 0 {
		names = append([]string{s.Name}, slices.Delete(names, i, i+1)...)
	}
	for _, name := range names {
		if seen, err := f.GetSheetVisible(name); err != nil || !seen {
			continue // lists of the portal, and what somebody put away
		}
		rows, err := firstRows(f, name, headRows)
		if err != nil {
			return best, 0, err
		}
		for i := range rows {
			if at, n := s.place(rows[i]); n > found {
				titles := slices.DeleteFunc(slices.Clone(rows[i]), func(t string) bool { return strings.TrimSpace(t) == "" })
				best, found = head{name, i + 1, at, len(titles)}, n
			}
		}
	}
	if found < columnsMin {
		return head{}, 0, nil
	}
	return best, found, nil
}

// firstRows are the first rows of a sheet.
func firstRows(f *excelize.File, sheet string, most int) (list [][]string, err error) {
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", sheet, err)
	}
	defer rows.Close()
	for len(list) < most && rows.Next() {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", sheet, err)
		}
		list = append(list, cells)
	}
	return list, rows.Error()
}

// confType is what the hidden sheet conf says the template is, ” without one.
func confType(f *excelize.File) string {
	rows, err := firstRows(f, confSheet, headRows)
	if err != nil {
		return "" // no such sheet
	}
	for _, row := range rows {
		if len(row) > 1 && row[0] == "TYPE" {
			return row[1]
		}
	}
	return ""
}

const confSheet = "conf"
