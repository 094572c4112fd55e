package reading

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/dbf"
)

// isTable tells a DBF table from a text by its header: the day it was changed is no sign of a text.
func isTable(body []byte) bool {
	const header, monthAt, dayAt = 32, 2, 3
	if len(body) < header || body[monthAt] > 12 || body[dayAt] > 31 {
		return false
	}
	_, err := dbf.NewReader(bytes.NewReader(body), nil)
	return err == nil
}

// table reads a DBF table by the names of its fields.
func (s Source) table(emit func(Entry) error) error {
	r, err := dbf.NewReader(bytes.NewReader(s.Body), nil)
	if err != nil {
		return err
	}
	encoding, known := charset.Parse(r.Encoding())
	if !known {
		encoding = charset.Detect(r.Sample(), false).Encoding
	}
	l := layout{source: s}
	cells := make([]string, len(r.Fields))
	for i := range r.Fields {
		cells[i] = encoding.Text([]byte(r.Fields[i].Name))
	}
	if l.columns, l.begun = columnsOf(cells); !l.begun {
		return invalid("reading.file", "В таблице %s нет полей лицевого счёта и показания. Её поля: %s.", s.Name, strings.Join(cells, ", "))
	}
	for {
		err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(encoding.Text(r.Value(i)))
		}
		l.line = r.Pos()
		if err := l.told(cells, emit); err != nil {
			return err
		}
	}
}
