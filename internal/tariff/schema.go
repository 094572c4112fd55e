package tariff

import (
	"reflect"
	"strings"
)

// table is one list of a Catalog as files write it: its key and the keys of its rows. It is read off the types, so
// that YAML, CSV, export and the words of refusals cannot differ from them.
type table struct {
	key     string
	index   int // of the field of Catalog
	row     reflect.Type
	columns []column
}

// column is one key of a row.
type column struct {
	key      string
	index    []int // of the field in the row
	typ      reflect.Type
	required bool
}

var tables = describe(reflect.TypeFor[Catalog]())

func describe(catalog reflect.Type) (list []table) {
	for i := range catalog.NumField() {
		f := catalog.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		list = append(list, table{key: key, index: i, row: f.Type.Elem(), columns: columnsOf(f.Type.Elem())})
	}
	return list
}

// columnsOf lists the keys of a row: a key without omitempty must be given.
func columnsOf(row reflect.Type) (list []column) {
	for i := range row.NumField() {
		f := row.Field(i)
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for _, c := range columnsOf(f.Type) {
				c.index = append([]int{i}, c.index...)
				list = append(list, c)
			}
		case key != "-":
			list = append(list, column{key: key, index: []int{i}, typ: f.Type, required: options != "omitempty"})
		}
	}
	return list
}

func findTable(key string) *table {
	for i := range tables {
		if tables[i].key == key {
			return &tables[i]
		}
	}
	return nil
}

func findColumn(columns []column, key string) *column {
	for i := range columns {
		if columns[i].key == key {
			return &columns[i]
		}
	}
	return nil
}

func tableKeys() (keys []string) {
	for i := range tables {
		keys = append(keys, tables[i].key)
	}
	return keys
}

func columnKeys(columns []column) (keys []string) {
	for i := range columns {
		keys = append(keys, columns[i].key)
	}
	return keys
}

// nearest is the known word closest to a mistyped one; empty when none is close.
func nearest(word string, known []string) string {
	best, at := "", max(2, len([]rune(word))/3)+1
	for _, k := range known {
		if d := EditDistance([]rune(strings.ToLower(word)), []rune(k)); d < at {
			best, at = k, d
		}
	}
	return best
}

// EditDistance is how many letters must be put in, taken out or changed to make b of a.
func EditDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
