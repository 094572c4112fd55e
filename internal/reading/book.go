package reading

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/exchange/xlsx"
)

// headerRows is how far down the first row of names is looked for.
const headerRows = 20

// book reads the first sheet that has a header of readings.
func (s Source) book(emit func(Entry) error) error {
	b, err := xlsx.Open(bytes.NewReader(s.Body), int64(len(s.Body)))
	if err != nil {
		return err
	}
	defer b.Close()
	for i, sheet := range b.Sheets() {
		if sheet.Hidden {
			continue
		}
		if known, err := s.sheet(b, i, emit); known || err != nil {
			return err
		}
	}
	return invalid("reading.file", "В файле %s нет листа с колонками «Лицевой счет», «Номер счетчика», «Показание». Проверьте заголовки.", s.Name)
}

func (s Source) sheet(b *xlsx.Book, i int, emit func(Entry) error) (known bool, err error) {
	rows, err := b.Rows(i)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	l := layout{source: s}
	for {
		err := rows.Next()
		if errors.Is(err, io.EOF) {
			return l.column != nil, nil
		}
		if err != nil {
			return l.column != nil, err
		}
		cells := texts(rows.Cells(), b.Date1904())
		l.line = rows.Number()
		switch {
		case l.column != nil:
			err = l.registers(cells, emit)
		case l.line > headerRows:
			return false, nil
		default:
			l.column = columnsOf(cells)
		}
		if err != nil {
			return true, err
		}
	}
}

// texts are the cells of a row as a text file would have them.
func texts(cells []xlsx.Cell, since1904 bool) []string {
	list := make([]string, len(cells))
	for i, c := range cells {
		list[i] = strings.TrimSpace(string(c.Raw))
		whole, _, _ := strings.Cut(list[i], ".")
		if n, err := strconv.Atoi(whole); c.Kind == xlsx.Date && err == nil {
			list[i] = calendar.FromSerial(n, since1904).String()
		}
	}
	return list
}

// registers reads the figures of a row: the only one, or those of Т1 … Т4 as they are printed on the device.
func (l *layout) registers(cells []string, emit func(Entry) error) error {
	if l.at(cells, "account") == "" {
		return nil
	}
	single := true
	for _, n := range []string{"1", "2", "3", "4"} {
		value := l.at(cells, "value"+n)
		if _, several := l.column["value"+n]; !several {
			continue
		}
		single = false
		if value == "" {
			continue
		}
		e := l.simple(cells)
		e.Value, e.Zone = Text(value), "Т"+n
		if err := emit(e); err != nil {
			return err
		}
	}
	if single {
		return emit(l.simple(cells))
	}
	return nil
}
