package gis

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"kvit/internal/fault"
)

// Pages are the rows of a template, a page for each sheet of its layout, in the order of the columns.
type Pages [][][]string

// Parts cuts pages into as many files as the portal takes: rows of the first sheet, with those of the others that belong
// to them.
func (p Pages) Parts(table string) (parts []Pages) {
	l := Layouts[table]
	for from := 0; from == 0 || from < len(p[0]); from += RowsMax {
		part := Pages{p[0][from:min(from+RowsMax, len(p[0]))]}
		keys := map[string]bool{}
		for _, row := range part[0] {
			keys[row[l.Key]] = true
		}
		for _, page := range p[1:] {
			var own [][]string
			for _, row := range page {
				if keys[row[0]] {
					own = append(own, row)
				}
			}
			part = append(part, own)
		}
		parts = append(parts, part)
	}
	return parts
}

// WriteBook writes a file: into a copy of a template, or without one into a book of our own.
func WriteBook(w io.Writer, template io.Reader, table string, pages Pages) error {
	l := Layouts[table]
	if len(pages) != len(l.Sheets) || len(pages[0]) > RowsMax {
		return fmt.Errorf("%d pages, %d rows in one file of %s, at most %d", len(pages), len(pages[0]), table, RowsMax)
	}
	f, heads, err := begin(template, &l)
	if err != nil {
		return err
	}
	defer f.Close()
	for i, page := range pages {
		if len(page) > 0 && heads[i].sheet == "" {
			return fault.Newf(fault.Invalid, "gis.template_sheet", "В шаблоне нет листа «%s»: столбцы не узнаны. Возьмите шаблон того же вида.", l.Sheets[i].Name)
		}
		if err := writePage(f, &l.Sheets[i], &heads[i], page); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}

func begin(template io.Reader, l *Layout) (*excelize.File, []head, error) {
	if template == nil {
		return newBook(l)
	}
	return openTemplate(template, l)
}

// openTemplate opens the operator's template and finds its tables. Its other sheets stay as they are.
func openTemplate(template io.Reader, l *Layout) (*excelize.File, []head, error) {
	f, err := excelize.OpenReader(template)
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "gis.template", "Шаблон не открылся: нужен файл .xlsx из ГИС ЖКХ.").Because(err)
	}
	heads := make([]head, len(l.Sheets))
	for i := range l.Sheets {
		if heads[i], _, err = findHead(f, &l.Sheets[i]); err != nil {
			break
		}
	}
	other := confType(f)
	if err == nil && (heads[0].sheet == "" || other != "" && other != l.Type && tableOf(other) != "") {
		err = fault.New(fault.Invalid, "gis.template_other", "В шаблоне нет таблицы этого вида: столбцы не узнаны. Возьмите шаблон того же вида.")
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, heads, nil
}

// tableOf is the table of a template by the type its conf names, ” when it is none of ours.
func tableOf(confType string) string {
	for _, name := range Tables {
		if Layouts[name].Type == confType {
			return name
		}
	}
	return ""
}

// newBook is a book of our own with the documented columns in their order, their lists, and conf.
func newBook(l *Layout) (*excelize.File, []head, error) {
	f := excelize.NewFile()
	heads := make([]head, len(l.Sheets))
	for i := range l.Sheets {
		s := &l.Sheets[i]
		if _, err := f.NewSheet(s.Name); err != nil {
			return nil, nil, err
		}
		heads[i] = head{sheet: s.Name, row: 1, at: make([]int, len(s.Columns))}
		if err := writeTitles(f, s, &heads[i]); err != nil {
			return nil, nil, err
		}
	}
	err := f.DeleteSheet("Sheet1")
	if err == nil && l.Version != "" {
		err = writeConf(f, l)
	}
	return f, heads, err
}

func writeTitles(f *excelize.File, s *Sheet, h *head) error {
	for i := range s.Columns {
		if h.at[i] = i; s.Columns[i].Back {
			h.at[i] = -1
			continue
		}
		if err := setCell(f, h.sheet, i, 1, s.Columns[i].Title, false); err != nil {
			return err
		}
		if err := offer(f, s, i); err != nil {
			return err
		}
	}
	return nil
}

// offer lets a cell be chosen from the list of its column.
func offer(f *excelize.File, s *Sheet, column int) error {
	list := s.Columns[column].List
	if list == nil {
		return nil
	}
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return err
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%s2:%s%d", name, name, RowsMax+1)
	if err := v.SetDropList(list); err != nil {
		return err
	}
	return f.AddDataValidation(s.Name, v)
}

// writeConf writes the hidden sheet by which the portal knows a template.
func writeConf(f *excelize.File, l *Layout) error {
	if _, err := f.NewSheet(confSheet); err != nil {
		return err
	}
	for i, text := range []string{"TYPE", l.Type, "VERSION", l.Version} {
		if err := setCell(f, confSheet, i%2, 1+i/2, text, false); err != nil {
			return err
		}
	}
	return f.SetSheetVisible(confSheet, false)
}

func writePage(f *excelize.File, s *Sheet, h *head, rows [][]string) error {
	for i, row := range rows {
		for k := range row {
			form := s.Columns[k].Form
			if err := setCell(f, h.sheet, h.at[k], h.row+1+i, row[k], form == Number || form == Sum || form == Figure); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
	}
	return nil
}

// setCell writes a text or a number; ” leaves the cell as it is.
func setCell(f *excelize.File, sheet string, column, row int, value string, number bool) error {
	if value == "" || column < 0 {
		return nil
	}
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return err
	}
	if number {
		return f.SetCellDefault(sheet, name, value) // as it stands: a figure never passes through a float
	}
	return f.SetCellStr(sheet, name, value)
}
