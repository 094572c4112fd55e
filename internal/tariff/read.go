package tariff

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"gopkg.in/yaml.v3"
)

// Bounds of a catalogue's file.
const (
	fileBytesMax = 16 << 20
	listItemsMax = 64 // of a list inside a row
	faultsMax    = 1000
)

// Document is one file of a catalogue.
type Document struct {
	Name    string // of the file
	Body    string // UTF-8
	Catalog Catalog
	Notices []Notice
	broken  map[string]bool // tables that lost rows to faults
}

// Read reads a file of a catalogue: CSV by its name, else YAML. All faults are told; the document holds what could
// be read.
func Read(name string, r io.Reader) (*Document, Faults) {
	d := &Document{Name: filepath.Base(name)}
	var faults Faults
	body, err := io.ReadAll(io.LimitReader(r, fileBytesMax+1))
	switch {
	case err != nil:
		faults.add(Place{d.Name, 1}, "", "catalog.read", "Файл не читается: %v. Проверьте путь и права.", err)
	case len(body) > fileBytesMax:
		faults.add(Place{d.Name, 1}, "", "catalog.size", "Файл больше %d МБ. Разделите его на несколько.", fileBytesMax>>20)
	case len(bytes.TrimSpace(body)) == 0:
		faults.add(Place{d.Name, 1}, "", "catalog.empty", "Файл пуст. Таблицы каталога: %s.", strings.Join(tableKeys(), ", "))
	default:
		d.Body = textOf(body)
		faults = d.parse()
	}
	return d, faults
}

func (d *Document) parse() Faults {
	r := &reader{file: d.Name, catalog: &d.Catalog, broken: map[string]bool{}}
	if strings.EqualFold(filepath.Ext(d.Name), ".csv") {
		r.readCSV(d.Body)
	} else {
		r.readYAML(d.Body)
	}
	d.Notices, d.broken = r.notices, r.broken
	r.faults.sort()
	return r.faults
}

// textOf is the text in UTF-8 without a byte order mark; Excel writes Windows-1251.
func textOf(body []byte) string {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if !utf8.Valid(body) {
		if s, err := charmap.Windows1251.NewDecoder().Bytes(body); err == nil {
			body = s
		}
	}
	return string(body)
}

// reader fills a catalogue from one file.
type reader struct {
	file    string
	catalog *Catalog
	sources map[string]string // documents by the names the file gives them
	broken  map[string]bool
	notices []Notice
	faults  Faults
}

func (r *reader) fault(line int, field, code, format string, args ...any) {
	if len(r.faults) < faultsMax {
		r.faults.add(Place{r.file, line}, field, code, format, args...)
	}
}

func (r *reader) notice(line int, format string, args ...any) {
	r.notices = append(r.notices, Notice{Place{r.file, line}, fmt.Sprintf(format, args...)})
}

// cell is a key of a row with its value, from either kind of file.
type cell struct {
	key   string
	value *yaml.Node
}

// row is a row before its keys are known.
type row struct {
	line  int
	cells []cell
}

func (w *row) find(key string) *cell {
	for i := range w.cells {
		if w.cells[i].key == key {
			return &w.cells[i]
		}
	}
	return nil
}

// text is the value of a key; empty when it is not given.
func (w *row) text(key string) string {
	if c := w.find(key); c != nil && c.value.Kind == yaml.ScalarNode {
		return strings.TrimSpace(c.value.Value)
	}
	return ""
}

// put gives a key a value, or takes it away when the value is empty.
func (w *row) put(key, value string) {
	line := w.line
	if c := w.find(key); c != nil {
		line = c.value.Line
		w.drop(key)
	}
	if value != "" {
		w.cells = append(w.cells, cell{key, scalar(value, line)})
	}
}

func (w *row) drop(key string) {
	kept := w.cells[:0]
	for _, c := range w.cells {
		if c.key != key {
			kept = append(kept, c)
		}
	}
	w.cells = kept
}

func scalar(value string, line int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: line}
}

// addRows reads the rows of a table into the catalogue. A row with a fault is left out; its faults are told.
func (r *reader) addRows(t *table, rows []row) {
	list := reflect.ValueOf(r.catalog).Elem().Field(t.index)
	rows = r.translate(t, rows)
	for i := range rows {
		w := &rows[i]
		v := reflect.New(t.row).Elem()
		before := len(r.faults)
		r.fill(t.key, t.columns, v, w)
		if len(r.faults) > before {
			r.broken[t.key] = true
			continue
		}
		v.FieldByName("Place").Set(reflect.ValueOf(Place{r.file, w.line}))
		list.Set(reflect.Append(list, v))
	}
	r.normalise()
}

// normalise gives one form to what may be written in several.
func (r *reader) normalise() {
	for i := range r.catalog.Rates {
		rate := &r.catalog.Rates[i]
		if rate.Zone == "all" {
			rate.Zone = ""
		}
		if rate.Period == "month" {
			rate.Period = ""
		}
		if u, err := ParsePriceUnit(rate.Unit); err == nil && u.Year && rate.Period == "" {
			rate.Period = "year"
		}
	}
}
