package register

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/dbf"
	"kvit/internal/fault"
)

// readDBF reads a table record by record.
func (r *reading) readDBF() error {
	table, err := dbf.NewReader(r.in.stream, r.in.Memo)
	if err != nil {
		return err
	}
	r.m.enc = r.tableEncoding(table)
	columns, err := r.tableColumns(table)
	if err != nil {
		return err
	}
	total := -1
	if c := r.p.ControlTotal; c != nil {
		total = table.Index(c.Column)
	}
	for {
		err := table.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := r.tableRecord(table, columns, total); err != nil {
			return err
		}
	}
	r.sum.Deleted = table.Deleted()
	if table.Pos() != table.Records {
		r.sum.Notes = append(r.sum.Notes, Note{Code: "dbf.record_count", Text: "Число записей в заголовке таблицы не совпадает с тем, сколько их в файле. Прочитаны все, что есть."})
	}
	return nil
}

// tableEncoding believes the profile, then the language byte, unless the letters say otherwise. A table that
// says nothing and has no letters to judge by is in cp866.
func (r *reading) tableEncoding(table *dbf.Reader) charset.Encoding {
	declared := r.p.Encoding
	if declared == "" || declared == "auto" {
		declared = table.Encoding()
	}
	sample := table.Sample()
	g := charset.Detect(sample, true)
	if g.Confidence <= .5 && declared == "" {
		declared = "cp866"
	}
	g.Mark = 0 // bytes of a record are no mark
	if g.Encoding == charset.UTF16LE || g.Encoding == charset.UTF16BE {
		g = charset.Guess{Encoding: charset.CP866}
	}
	enc, found, notes := settleEncoding(g, declared)
	r.sum.Encoding, r.sum.Notes = found, notes
	return enc
}

func (r *reading) tableColumns(table *dbf.Reader) ([]int, error) {
	columns := make([]int, len(r.m.places))
	for i, place := range r.m.places {
		columns[i] = place.Index
		if place.Index < 0 {
			columns[i] = table.Index(place.Name)
		}
		if columns[i] < 0 || columns[i] >= len(table.Fields) {
			return nil, fault.Newf(fault.Invalid, "file.no_column", "В таблице нет поля «%s», которое называет профиль.", place.Name).WithField(place.Name)
		}
	}
	return columns, nil
}

func (r *reading) tableRecord(table *dbf.Reader, columns []int, total int) error {
	for i, column := range columns {
		r.cells[i] = cell{table.Value(column), textCell}
		if t := table.Fields[column].Type; t == 'I' || t == 'B' || t == 'Y' {
			r.cells[i].kind = numberCell
		}
	}
	if r.totalRecord(table) {
		r.sum.Titles++
		if total >= 0 {
			r.setControl(table.Value(total), textCell, table.Pos(), "record")
		}
		return nil
	}
	r.m.begin(table.Pos())
	r.m.apply(r.cells)
	return r.emit(func() string {
		return strings.Join(strings.Fields(r.m.enc.Text(table.Record())), " ")
	})
}

func (r *reading) totalRecord(table *dbf.Reader) bool {
	if r.p.TotalLabel == "" {
		return false
	}
	label, _ := r.m.enc.Append(nil, r.p.TotalLabel)
	return slices.ContainsFunc(table.Fields, func(f dbf.Field) bool {
		return f.Type == 'C' && bytes.Equal(table.Value(table.Index(f.Name)), label)
	})
}
