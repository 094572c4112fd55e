package tariff

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// ReadNode reads the tables of a catalogue from a part of a YAML file, such as a case's own excerpt.
func ReadNode(file string, n *yaml.Node) (*Catalog, Faults) {
	r := &reader{file: file, catalog: &Catalog{}, broken: map[string]bool{}}
	r.readTables(resolve(n))
	r.faults.sort()
	return r.catalog, r.faults
}

func (r *reader) readYAML(body string) {
	decoder := yaml.NewDecoder(strings.NewReader(body))
	var doc, more yaml.Node
	if err := decoder.Decode(&doc); err != nil || len(doc.Content) == 0 {
		r.fault(errorLine(err), "", "catalog.yaml", "Файл не разобран как YAML. Проверьте отступы, скобки и кавычки в этой строке и рядом с ней.")
		return
	}
	r.readTables(doc.Content[0])
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		r.fault(max(more.Line, errorLine(err)), "", "catalog.yaml", "После первого документа YAML стоит ещё что-то. Положите каждый документ в свой файл.")
	}
}

var lineOfError = regexp.MustCompile(`line (\d+)`)

// errorLine is the line a YAML error tells of; the first when it tells none.
func errorLine(err error) int {
	if err != nil {
		if m := lineOfError.FindStringSubmatch(err.Error()); m != nil {
			n, _ := strconv.Atoi(m[1])
			return n
		}
	}
	return 1
}

// sections are parts of a file that are not tables: what the rows' sources are, and what is told to people only.
var sections = []string{"sources", "city", "rules", "comment"}

func (r *reader) readTables(n *yaml.Node) {
	w, ok := rowOf(n)
	if !ok {
		r.fault(n.Line, "", "catalog.shape", "Нужны таблицы каталога: %s.", strings.Join(tableKeys(), ", "))
		return
	}
	r.readSources(&w)
	seen := map[string]bool{}
	for _, c := range w.cells {
		t := findTable(c.key)
		switch {
		case seen[c.key]:
			r.fault(c.value.Line, c.key, "catalog.twice", "Таблица %s стоит в файле дважды. Сложите строки в одну.", c.key)
		case t != nil:
			r.readTable(t, resolve(c.value))
		case c.key == "city" || c.key == "rules":
			r.notice(c.value.Line, "раздел %s не читается: правила задают таблицы %s", c.key, "bands, policies, penalty_rates, penalty_stages, due_days")
		case c.key != "sources" && c.key != "comment":
			r.unknown(c.value.Line, "каталоге", c.key, append(tableKeys(), sections...))
		}
		seen[c.key] = true
	}
}

func (r *reader) readTable(t *table, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(n.Line, t.key, "catalog.shape", "Таблица %s: нужен список строк, каждая с дефиса.", t.key)
		return
	}
	var rows []row
	for _, item := range n.Content {
		w, ok := rowOf(item)
		if !ok {
			r.fault(item.Line, t.key, "catalog.shape", "Таблица %s: строка должна состоять из ключей и значений, например %s.", t.key, "{service: cold_water, value: 38.27}")
			continue
		}
		rows = append(rows, w)
	}
	r.addRows(t, rows)
}

// readSources learns the documents a file names once: sources: {rek9t: "Приказ № 9-Т"} or {rek9t: {ref: "Приказ № 9-Т"}}.
func (r *reader) readSources(w *row) {
	c := w.find("sources")
	if c == nil {
		return
	}
	list, ok := rowOf(c.value)
	if !ok {
		r.fault(c.value.Line, "sources", "catalog.shape", "Раздел sources: нужны имена и названия документов.")
		return
	}
	r.sources = map[string]string{}
	for _, s := range list.cells {
		name := resolve(s.value).Value
		if inner, ok := rowOf(s.value); ok {
			name = inner.text("ref")
		}
		r.sources[s.key] = name
	}
}
