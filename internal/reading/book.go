package reading

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/exchange/xlsx"
)

// book reads the sheets that have a header of readings: people keep a house, or a service, on each.
func (s Source) book(emit func(Entry) error) error {
	b, err := xlsx.Open(bytes.NewReader(s.Body), int64(len(s.Body)))
	if err != nil {
		return err
	}
	defer b.Close()
	found := false
	for i, sheet := range b.Sheets() {
		if sheet.Hidden {
			continue
		}
		of := s
		if found {
			of.Name += ", лист «" + sheet.Name + "»"
		}
		known, err := of.sheet(b, i, emit)
		if err != nil {
			return err
		}
		found = found || known
	}
	if !found {
		return invalid("reading.file", "В файле %s нет листа с колонками «Лицевой счет», «Номер счетчика», «Показание». Проверьте заголовки.", s.Name)
	}
	return nil
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
			return l.begun, nil
		}
		if err != nil {
			return l.begun, err
		}
		cells := texts(rows.Cells(), b.Date1904())
		l.line = rows.Number()
		switch {
		case l.begun:
			err = l.told(cells, emit)
		case l.line > headerRows:
			return false, nil
		default:
			l.columns, l.begun = columnsOf(cells)
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
		n, err := strconv.Atoi(whole)
		switch {
		case c.Kind == xlsx.Date && err == nil:
			list[i] = calendar.FromSerial(n, since1904).String()
		case c.Kind == xlsx.Number:
			list[i] = plainNumber(list[i])
		}
	}
	return list
}

// plainNumber writes the number of a cell as people do: a spreadsheet keeps 251.904 as 251.90400000000002, and a long
// account as 1.6001234567E10.
func plainNumber(s string) string {
	const plain = 15 // digits a spreadsheet keeps exactly
	if len(s) <= plain && !strings.ContainsAny(s, "eE") || len(s) > 30 {
		return s
	}
	v, ok := new(big.Rat).SetString(s)
	if !ok || v.Num().BitLen() > 128 || v.Denom().BitLen() > 1024 {
		return s
	}
	text := v.FloatString(decimal.Digits)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// told reads a row under the header; one without an account is a title or a total.
func (l *layout) told(cells []string, emit func(Entry) error) error {
	if l.get(cells, "account") == "" {
		return nil
	}
	return l.figures(cells, emit)
}
