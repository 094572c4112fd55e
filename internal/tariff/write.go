package tariff

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"strconv"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/inert"
)

// WriteYAML writes a catalogue as a file that Read reads back equal: a row a line.
func (c *Catalog) WriteYAML(w io.Writer) error {
	doc := &yaml.Node{Kind: yaml.MappingNode}
	v := reflect.ValueOf(c).Elem()
	for i := range tables {
		list := v.Field(tables[i].index)
		if list.Len() == 0 {
			continue
		}
		rows := &yaml.Node{Kind: yaml.SequenceNode}
		for n := range list.Len() {
			rows.Content = append(rows.Content, rowNode(tables[i].columns, list.Index(n)))
		}
		doc.Content = append(doc.Content, scalar(tables[i].key, 0), rows)
	}
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(doc); err != nil {
		return fmt.Errorf("write catalogue: %w", err)
	}
	return encoder.Close()
}

func rowNode(columns []column, v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, col := range columns {
		if f := v.FieldByIndex(col.index); col.required || !f.IsZero() {
			n.Content = append(n.Content, scalar(col.key, 0), valueNode(f))
		}
	}
	return n
}

func valueNode(v reflect.Value) *yaml.Node {
	switch v.Kind() {
	case reflect.Slice:
		list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for i := range v.Len() {
			list.Content = append(list.Content, valueNode(v.Index(i)))
		}
		return list
	case reflect.Struct:
		return rowNode(columnsOf(v.Type()), v)
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: textValue(v)}
	if v.Kind() == reflect.String {
		n.Tag = "!!str"
	}
	return n
}

// textValue is a value as either kind of file writes it.
func textValue(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case decimal.Decimal:
		return x.String()
	case calendar.Date:
		return x.String()
	case calendar.Month:
		return x.String()
	case int:
		return strconv.Itoa(x)
	case bool:
		return strconv.FormatBool(x)
	}
	return v.String()
}

// CSVFile is a table as a file.
type CSVFile struct {
	Name string // tariffs.csv
	Body []byte
}

// CSV writes every table that has rows as a file of its own; the files read back equal. Lists stand in a cell in
// brackets, as in YAML.
func (c *Catalog) CSV() (files []CSVFile, err error) {
	v := reflect.ValueOf(c).Elem()
	for i := range tables {
		list := v.Field(tables[i].index)
		if list.Len() == 0 {
			continue
		}
		body, err := tableCSV(&tables[i], list)
		if err != nil {
			return nil, fmt.Errorf("write table %s: %w", tables[i].key, err)
		}
		files = append(files, CSVFile{Name: tables[i].key + ".csv", Body: body})
	}
	return files, nil
}

func tableCSV(t *table, list reflect.Value) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(columnKeys(t.columns)); err != nil {
		return nil, err
	}
	record := make([]string, len(t.columns))
	for n := range list.Len() {
		for i, col := range t.columns {
			text, err := csvCell(&col, list.Index(n).FieldByIndex(col.index))
			if err != nil {
				return nil, err
			}
			record[i] = inert.Cell(text)
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func csvCell(col *column, v reflect.Value) (string, error) {
	switch {
	case !col.required && v.IsZero():
		return "", nil
	case v.Kind() == reflect.Slice:
		text, err := yaml.Marshal(valueNode(v))
		return string(bytes.TrimSpace(text)), err
	}
	return textValue(v), nil
}
