package gis

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"kvit/internal/fault"
)

// RowsMax is how many rows one file has at most: the portal takes no more of any template.
const RowsMax = 10_000

// Column is a column of a template: its title, and the words a sheet is recognised by whatever else its title says.
type Column struct {
	Title  string
	Words  string // in small letters; '' is the title
	Number bool
}

// Layout is a template's table: the sheet and its columns in their order.
type Layout struct {
	Sheet   string
	Columns []Column
}

// Names of the tables that are written.
const (
	TableAccounts  = "accounts"
	TableMeters    = "meters"
	TableReadings  = "readings"
	TablePayments  = "payments"
	TableDocuments = "documents"
)

// Tables are the names in the order they are told in.
var Tables = []string{TableAccounts, TableMeters, TableReadings, TablePayments, TableDocuments}

// Layouts of the tables in the order the portal documents (templates 11.x); a template the operator gives decides the
// places of its own columns.
var Layouts = map[string]Layout{
	TableAccounts: {"Основные сведения", []Column{
		{Title: "№ записи", Number: true}, {Title: "Номер лицевого счета", Words: "лицевого счета"}, {Title: "Идентификатор ЖКУ"}, {Title: "Тип лицевого счета"},
		{Title: "Общая площадь", Number: true}, {Title: "Количество проживающих", Words: "проживающих", Number: true}, {Title: "Единый лицевой счет"},
		{Title: "Адрес"}, {Title: "Код ФИАС дома", Words: "фиас"}, {Title: "Номер помещения"}, {Title: "Статус обработки"},
	}},
	TableMeters: {"Сведения о ПУ", []Column{
		{Title: "Номер прибора учета", Words: "номер прибора учета"}, {Title: "Адрес дома"}, {Title: "Номер лицевого счета", Words: "лицевого счета"}, {Title: "Коммунальный ресурс"},
		{Title: "Число тарифов", Number: true}, {Title: "Дата установки"}, {Title: "Дата очередной поверки", Words: "поверки"},
		{Title: "Номер ПУ в системе", Words: "в системе"}, {Title: "Идентификатор ПУ"},
	}},
	TableReadings: {"Импорт показаний", []Column{
		{Title: "Адрес дома"}, {Title: "Номер прибора учета", Words: "номер прибора учета"}, {Title: "Коммунальный ресурс"}, {Title: "Значение показания (Т1)", Words: "показания (т1)", Number: true},
		{Title: "Значение показания (Т2)", Words: "показания (т2)", Number: true}, {Title: "Значение показания (Т3)", Words: "показания (т3)", Number: true},
		{Title: "Дата снятия показания"},
	}},
	TablePayments: {"Основные сведения", []Column{
		{Title: "№ строки", Number: true}, {Title: "Сумма", Number: true}, {Title: "Дата внесения платы"}, {Title: "Период оплаты (ММ.ГГГГ)", Words: "период оплаты"},
		{Title: "Идентификатор платежного документа"}, {Title: "Идентификатор жилищно-коммунальных услуг"}, {Title: "Статус обработки"},
	}},
	TableDocuments: {"Разделы 1-2", []Column{
		{Title: "Идентификатор ЖКУ"}, {Title: "Номер платежного документа"}, {Title: "Расчетный период (ММ.ГГГГ)", Words: "расчетный период"}, {Title: "Начислено за расчетный период", Number: true},
		{Title: "Задолженность за предыдущие периоды", Words: "задолженность", Number: true}, {Title: "Аванс на начало расчетного периода", Words: "аванс", Number: true},
		{Title: "Оплачено денежных средств", Words: "оплачено", Number: true}, {Title: "Итого к оплате с учетом задолженности", Words: "с учетом задолженности", Number: true},
		{Title: "БИК банка", Words: "бик"}, {Title: "Расчетный счет"}, {Title: "Номер лицевого счета", Words: "лицевого счета"}, {Title: "Идентификатор платежного документа"}, {Title: "Статус обработки"},
	}},
}

// words a column is recognised by.
func (c *Column) words() string {
	if c.Words != "" {
		return c.Words
	}
	return plainTitle(c.Title)
}

// plainTitle is a title without capitals, ё and doubled spaces.
func plainTitle(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.ToLower(s)), " "), "ё", "е")
}

// headRows is how deep a head may stand below the top.
const headRows = 15

// place finds the columns of a layout in a row of titles: where each stands, −1 where it does not. Of two titles that
// have the words, the one that begins with them is meant.
func (l *Layout) place(titles []string) (at []int, found int) {
	at = make([]int, len(l.Columns))
	taken := map[int]bool{}
	for i := range l.Columns {
		words := l.Columns[i].words()
		fits := func(match func(title string) bool) int {
			return slices.IndexFunc(titles, func(t string) bool { return match(plainTitle(t)) })
		}
		at[i] = fits(func(t string) bool { return strings.HasPrefix(t, words) })
		if at[i] < 0 || taken[at[i]] {
			at[i] = fits(func(t string) bool { return strings.Contains(t, words) })
		}
		if at[i] >= 0 && taken[at[i]] {
			at[i] = -1
		}
		if at[i] >= 0 {
			taken[at[i]] = true
			found++
		}
	}
	return at, found
}

// head is where a table begins in a book.
type head struct {
	sheet string
	row   int
	at    []int
}

// findHead finds the row of titles of a layout in a book: the one with most of its columns, at least three.
func findHead(f *excelize.File, l *Layout) (best head, found int, err error) {
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			return best, 0, fmt.Errorf("sheet %s: %w", sheet, err)
		}
		for i := range rows[:min(len(rows), headRows)] {
			if at, n := l.place(rows[i]); n > found {
				best, found = head{sheet, i + 1, at}, n
			}
		}
	}
	return best, found, nil
}

// columnsMin is how many columns of a layout a sheet has to have to be its table.
const columnsMin = 3

// openTemplate opens the operator's template and finds its table. Its other sheets stay as they are.
func openTemplate(template io.Reader, l *Layout) (*excelize.File, head, error) {
	f, err := excelize.OpenReader(template)
	if err != nil {
		return nil, head{}, fault.New(fault.Invalid, "gis.template", "Шаблон не открылся: нужен файл .xlsx из ГИС ЖКХ.").Because(err)
	}
	h, found, err := findHead(f, l)
	if err == nil && found < columnsMin {
		err = fault.New(fault.Invalid, "gis.template_other", "В шаблоне нет таблицы этого вида: столбцы не узнаны. Возьмите шаблон того же вида.")
	}
	if err != nil {
		f.Close()
		return nil, head{}, err
	}
	return f, h, nil
}

// newBook is a book of our own with the documented columns in their order.
func newBook(l *Layout) (*excelize.File, head, error) {
	f := excelize.NewFile()
	h := head{l.Sheet, 1, make([]int, len(l.Columns))}
	err := f.SetSheetName("Sheet1", l.Sheet)
	for i := range l.Columns {
		h.at[i] = i
		if err == nil {
			err = setCell(f, h.sheet, i, 1, l.Columns[i].Title, false)
		}
	}
	return f, h, err
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

// WriteSheet writes rows of a table into a copy of a template, or without one into a book of our own.
func WriteSheet(w io.Writer, template io.Reader, table string, rows [][]string) error {
	l := Layouts[table]
	if len(rows) > RowsMax {
		return fmt.Errorf("%d rows in one file of %s, at most %d", len(rows), table, RowsMax)
	}
	open := func() (*excelize.File, head, error) { return newBook(&l) }
	if template != nil {
		open = func() (*excelize.File, head, error) { return openTemplate(template, &l) }
	}
	f, h, err := open()
	if err != nil {
		return err
	}
	defer f.Close()
	for i, row := range rows {
		for k := range row {
			if err := setCell(f, h.sheet, h.at[k], h.row+1+i, row[k], l.Columns[k].Number); err != nil {
				return fmt.Errorf("row %d of %s: %w", i+1, table, err)
			}
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}

// ReadSheet recognises which table a book has and reads its rows in the order of the layout's columns.
func ReadSheet(r io.Reader) (table string, rows [][]string, err error) {
	f, err := excelize.OpenReader(r)
	if err != nil {
		return "", nil, fault.New(fault.Invalid, "gis.file", "Файл не открылся: нужен .xlsx, выгруженный из ГИС ЖКХ.").Because(err)
	}
	defer f.Close()
	var best head
	var share float64
	for _, name := range Tables {
		l := Layouts[name]
		h, found, err := findHead(f, &l)
		if err != nil {
			return "", nil, err
		}
		if s := float64(found) / float64(len(l.Columns)); found >= columnsMin && s > share {
			table, best, share = name, h, s
		}
	}
	if table == "" {
		return "", nil, fault.New(fault.Invalid, "gis.file_other", "В файле нет таблицы ГИС ЖКХ, которую можно узнать по столбцам: лицевые счета, приборы учёта, показания, платежи, платёжные документы.")
	}
	rows, err = readRows(f, &best)
	return table, rows, err
}

func readRows(f *excelize.File, h *head) (list [][]string, err error) {
	rows, err := f.GetRows(h.sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", h.sheet, err)
	}
	for _, cells := range rows[min(h.row, len(rows)):] {
		row, filled := make([]string, len(h.at)), false
		for k, at := range h.at {
			if at >= 0 && at < len(cells) {
				row[k] = strings.TrimSpace(cells[at])
				filled = filled || row[k] != ""
			}
		}
		if filled {
			list = append(list, row)
		}
	}
	return list, nil
}
