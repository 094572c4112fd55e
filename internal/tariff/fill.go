package tariff

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// fill sets the fields of a row by its keys and tells what does not fit.
func (r *reader) fill(where string, columns []column, v reflect.Value, w *row) {
	seen, meant := map[string]bool{}, map[string]bool{}
	for i, c := range w.cells {
		col := findColumn(columns, c.key)
		switch {
		case col == nil && cutByComma(w.cells, i):
			whole := w.cells[i-1].value.Value
			r.fault(c.value.Line, c.key, "catalog.key", "Запятая кончает значение: внутри { } вместо %s,%s пишите %s.%s или возьмите число в кавычки.", whole, c.key, whole, c.key)
		case col == nil:
			meant[r.unknown(c.value.Line, where, c.key, columnKeys(columns))] = true
		case seen[c.key]:
			r.fault(c.value.Line, c.key, "catalog.twice", "Ключ %s стоит в строке дважды. Оставьте один.", c.key)
		default:
			seen[c.key] = true
			r.set(col, v.FieldByIndex(col.index), c.value)
		}
	}
	for _, col := range columns {
		if col.required && !seen[col.key] && !meant[col.key] {
			r.fault(w.line, col.key, "catalog.missing", "В таблице %s нет обязательного ключа %s. Добавьте его.", where, col.key)
		}
	}
}

// cutByComma tells whether a key is the end of a number that a comma has cut: {value: 45,61}.
func cutByComma(cells []cell, i int) bool {
	return i > 0 && cells[i].value.Tag == "!!null" && digitsOnly(cells[i].key) && digitsOnly(cells[i-1].value.Value)
}

func digitsOnly(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// unknown refuses a key and names the nearest known one, which it gives, else all of them.
func (r *reader) unknown(line int, where, key string, known []string) (near string) {
	if near = nearest(key, known); near != "" {
		r.fault(line, key, "catalog.key", "В %s нет ключа %q. Возможно, это %s?", where, key, near)
		return near
	}
	r.fault(line, key, "catalog.key", "В %s нет ключа %q. Бывают: %s.", where, key, strings.Join(known, ", "))
	return ""
}

// set puts one value into its field.
func (r *reader) set(col *column, field reflect.Value, n *yaml.Node) {
	n = resolve(n)
	if field.Kind() == reflect.Slice {
		r.setList(col, field, n)
		return
	}
	if n.Kind != yaml.ScalarNode {
		r.fault(n.Line, col.key, "catalog.value", "Ключ %s: нужно одно значение, а не список или таблица.", col.key)
		return
	}
	value := strings.TrimSpace(n.Value)
	if n.Tag == "!!null" {
		value = ""
	}
	if value == "" && !col.required {
		return
	}
	if err := parseInto(field, value); err != "" {
		r.fault(n.Line, col.key, "catalog.value", "Ключ %s, значение %q: нужно %s.", col.key, value, err)
	}
}

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// parseInto reads a value by the type of its field; what it should have been when it cannot be read.
func parseInto(field reflect.Value, value string) (wanted string) {
	switch p := field.Addr().Interface().(type) {
	case *decimal.Decimal:
		d, err := decimal.Parse(value)
		if err != nil {
			return "число, например 38.27, не более 7 знаков после точки"
		}
		*p = d
	case *calendar.Date:
		d, err := calendar.ParseDate(value)
		if err != nil {
			return "дата, например 2026-07-01"
		}
		*p = d
	case *calendar.Month:
		m, err := calendar.ParseMonth(value)
		if err != nil {
			return "месяц, например 2026-07"
		}
		*p = m
	case *int:
		n, err := strconv.Atoi(value)
		if err != nil {
			return "целое число"
		}
		*p = n
	case *bool:
		n := slices.Index([]string{"false", "true", "нет", "да"}, strings.ToLower(value))
		if n < 0 {
			return "true или false"
		}
		*p = n%2 == 1
	default:
		if value == "" {
			return "непустое слово"
		}
		field.SetString(value)
	}
	return ""
}

// setList reads a list: months also as a range «5-9», rows as mappings, and the cell of a CSV file as YAML in brackets.
func (r *reader) setList(col *column, field reflect.Value, n *yaml.Node) {
	items, ok := listOf(n, field.Type().Elem().Kind() == reflect.Int)
	switch {
	case !ok:
		r.fault(n.Line, col.key, "catalog.value", "Ключ %s: нужен список в квадратных скобках, например [5, 6, 7, 8].", col.key)
		return
	case len(items) > listItemsMax:
		r.fault(n.Line, col.key, "catalog.value", "Ключ %s: в списке больше %d значений.", col.key, listItemsMax)
		return
	}
	list := reflect.MakeSlice(field.Type(), len(items), len(items))
	for i, item := range items {
		r.setItem(col, list.Index(i), resolve(item))
	}
	if len(items) > 0 {
		field.Set(list)
	}
}

func (r *reader) setItem(col *column, field reflect.Value, n *yaml.Node) {
	if field.Kind() != reflect.Struct {
		r.set(&column{key: col.key, required: true}, field, n)
		return
	}
	w, ok := rowOf(n)
	if !ok {
		r.fault(n.Line, col.key, "catalog.value", "Ключ %s: нужен список вида [{ключ: значение, …}].", col.key)
		return
	}
	r.fill(col.key, columnsOf(field.Type()), field, &w)
}

// listOf takes a list apart. A word is a list of one; a range of months 10-4 goes over the new year.
func listOf(n *yaml.Node, months bool) ([]*yaml.Node, bool) {
	switch {
	case n.Kind == yaml.SequenceNode:
		return n.Content, true
	case n.Kind != yaml.ScalarNode:
		return nil, false
	case n.Tag == "!!null" || strings.TrimSpace(n.Value) == "":
		return nil, true
	case strings.HasPrefix(strings.TrimSpace(n.Value), "["):
		return flowList(n)
	case months:
		return monthRange(n)
	}
	return []*yaml.Node{n}, true
}

// flowList reads the cell of a CSV file that holds a list.
func flowList(n *yaml.Node) ([]*yaml.Node, bool) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(n.Value), &doc); err != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.SequenceNode {
		return nil, false
	}
	atLine(doc.Content[0], n.Line)
	return doc.Content[0].Content, true
}

// atLine gives nodes of a cell the line of their row.
func atLine(n *yaml.Node, line int) {
	n.Line = line
	for _, c := range n.Content {
		atLine(c, line)
	}
}

func monthRange(n *yaml.Node) (items []*yaml.Node, ok bool) {
	first, last, isRange := strings.Cut(n.Value, "-")
	if !isRange {
		return []*yaml.Node{n}, true
	}
	a, errA := strconv.Atoi(strings.TrimSpace(first))
	z, errZ := strconv.Atoi(strings.TrimSpace(last))
	if errA != nil || errZ != nil || a < 1 || a > 12 || z < 1 || z > 12 {
		return nil, false
	}
	for m := a; ; m = m%12 + 1 {
		items = append(items, scalar(strconv.Itoa(m), n.Line))
		if m == z {
			return items, true
		}
	}
}

// rowOf takes a mapping apart.
func rowOf(n *yaml.Node) (w row, ok bool) {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		return w, false
	}
	w.line = n.Line
	for i := 0; i+1 < len(n.Content); i += 2 {
		c := cell{key: n.Content[i].Value, value: n.Content[i+1]}
		if c.value.Line == 0 {
			c.value.Line = n.Content[i].Line
		}
		w.cells = append(w.cells, c)
	}
	return w, true
}
