package tariff

import (
	"encoding/csv"
	"errors"
	"path/filepath"
	"strings"

	"kvit/internal/inert"
)

// readCSV reads one table: its name is in the file's name (tariffs.csv, ryazan_tariffs.csv), else its header decides.
func (r *reader) readCSV(body string) {
	if strings.ContainsRune(body, 0) {
		r.fault(1, "", "catalog.csv", "В файле есть нулевые байты: это не текст CSV. Сохраните таблицу как CSV.")
		return
	}
	c := csv.NewReader(strings.NewReader(body))
	c.Comma, c.FieldsPerRecord = delimiterOf(body), -1
	header, err := c.Read()
	if err != nil {
		r.fault(csvLine(err), "", "catalog.csv", "Первая строка CSV не разобрана: нужен заголовок с ключами таблицы.")
		return
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
	}
	t := tableOf(r.file, header)
	if t == nil {
		r.fault(1, "", "catalog.table", "По имени файла и заголовку не понятно, какая это таблица. Назовите файл по таблице, например tariffs.csv; таблицы: %s.", strings.Join(tableKeys(), ", "))
		return
	}
	r.addRows(t, r.readRecords(c, header))
}

func (r *reader) readRecords(c *csv.Reader, header []string) (rows []row) {
	for {
		record, err := c.Read()
		line := csvLine(err)
		switch {
		case err != nil && line == 0:
			return rows
		case err != nil:
			r.fault(line, "", "catalog.csv", "Строка CSV не разобрана: проверьте кавычки.")
			return rows
		}
		line, _ = c.FieldPos(0)
		if w := rowOfRecord(header, record, line); len(record) > len(header) {
			r.fault(line, "", "catalog.csv", "В строке %d значений, а в заголовке %d ключей. Значение с разделителем внутри возьмите в кавычки.", len(record), len(header))
		} else if len(w.cells) > 0 {
			rows = append(rows, w)
		}
	}
}

// rowOfRecord leaves empty cells out: a key without a value is not given.
func rowOfRecord(header, record []string, line int) row {
	w := row{line: line}
	for i, value := range record[:min(len(record), len(header))] {
		if strings.TrimSpace(value) != "" {
			w.cells = append(w.cells, cell{header[i], scalar(inert.Bare(value), line)})
		}
	}
	return w
}

// csvLine is the line of an error; zero at the end of the file and when there is none.
func csvLine(err error) int {
	var e *csv.ParseError
	if errors.As(err, &e) {
		return e.Line
	}
	return 0
}

// delimiterOf is the sign the header uses most.
func delimiterOf(body string) rune {
	header, _, _ := strings.Cut(body, "\n")
	best := ','
	for _, r := range ";\t" {
		if strings.Count(header, string(r)) > strings.Count(header, string(best)) {
			best = r
		}
	}
	return best
}

// tableOf finds the table by the end of the file's name, else the only one that has all keys of the header.
func tableOf(file string, header []string) *table {
	name := strings.ToLower(strings.TrimSuffix(file, filepath.Ext(file)))
	for i := range tables {
		key := tables[i].key
		if name == key || strings.HasSuffix(name, "_"+key) || strings.HasSuffix(name, "-"+key) || strings.HasSuffix(name, "."+key) {
			return &tables[i]
		}
	}
	var found *table
	for i := range tables {
		if !fitsHeader(&tables[i], header) {
			continue
		}
		if found != nil {
			return nil
		}
		found = &tables[i]
	}
	return found
}

func fitsHeader(t *table, header []string) bool {
	has := map[string]bool{}
	for _, key := range header {
		if has[key] = true; findColumn(t.columns, key) == nil {
			return false
		}
	}
	for _, col := range t.columns {
		if col.required && !has[col.key] {
			return false
		}
	}
	return true
}
