package record

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/fault"
)

// lineMax bounds a line of NDJSON.
const lineMax = 1 << 20

// readItems reads the records of a file, whatever its layout.
func readItems(s Source, emit func(*Item) error) error {
	r := &reader{file: s.Name, emit: emit}
	body := bufio.NewReader(s.Body)
	if mark, err := body.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		body.Discard(3) //nolint:errcheck // they were just seen
	}
	switch name := strings.ToLower(s.Name); {
	case strings.HasSuffix(name, ".csv"):
		return r.csv(body)
	case strings.HasSuffix(name, ".ndjson"), strings.HasSuffix(name, ".jsonl"):
		return r.lines(body)
	}
	return r.yaml(body)
}

func unreadable(file string, line int, says string, err error) error {
	return fault.Newf(fault.Invalid, "fact.file", "Файл %s не разобран: строка %d, %s.", file, line, says).Because(err)
}

// yaml reads documents: a list of records, a table with the list under facts, or one record.
func (r *reader) yaml(body io.Reader) error {
	decoder := yaml.NewDecoder(body)
	for n := 1; ; n++ {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.Newf(fault.Invalid, "fact.file", "Файл %s не разобран как YAML (документ %d): %v. Пример: kvit facts template.", r.file, n, err).Because(err)
		}
		if err := r.document(doc.Content[0]); err != nil {
			return err
		}
	}
}

func (r *reader) document(n *yaml.Node) error {
	if list := find(n, "facts"); n.Kind == yaml.MappingNode && len(n.Content) == 2 && list != nil {
		n = list
	}
	switch {
	case n.Tag == "!!null":
		return nil
	case n.Kind != yaml.SequenceNode:
		return r.record(n)
	}
	for _, x := range n.Content {
		if err := r.record(x); err != nil {
			return err
		}
	}
	return nil
}

// lines reads one JSON object a line. JSON is YAML; a line that is not gets its verdict, and the next is read.
func (r *reader) lines(body io.Reader) error {
	in := bufio.NewScanner(body)
	in.Buffer(nil, lineMax)
	for no := 1; in.Scan(); no++ {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(in.Bytes(), &doc); err != nil || len(doc.Content) == 0 {
			if err := r.emit(r.broken(Item{}, &yaml.Node{Line: no}, "", fmt.Errorf("строка %d: это не объект JSON", no))); err != nil {
				return err
			}
			continue
		}
		onLine(&doc, no)
		if err := r.record(doc.Content[0]); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return fault.Newf(fault.Invalid, "fact.file", "Файл %s не прочитан: строка длиннее %d байт или файл оборван.", r.file, lineMax).Because(err)
	}
	return nil
}

func onLine(n *yaml.Node, no int) {
	n.Line = no
	for _, x := range n.Content {
		onLine(x, no)
	}
}

// csv reads one flat record a row, by the names of its columns; a dot leads into a table, a bar parts a list.
func (r *reader) csv(body *bufio.Reader) error {
	head, err := body.Peek(min(body.Size(), 1024))
	if err != nil && len(head) == 0 {
		return nil
	}
	in := csv.NewReader(body)
	first, _, _ := strings.Cut(string(head), "\n")
	in.ReuseRecord, in.Comma = true, separator(first)
	in.FieldsPerRecord = -1
	columns, err := in.Read()
	if err != nil {
		return unreadable(r.file, 1, "это не CSV с названиями колонок", err)
	}
	columns = append([]string(nil), columns...)
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			return unreadable(r.file, line, "кавычки не закрыты или колонки сбились", err)
		}
		if err := r.row(columns, cells, line); err != nil {
			return err
		}
	}
}

func separator(head string) rune {
	for _, c := range []rune{';', '\t'} {
		if strings.ContainsRune(head, c) {
			return c
		}
	}
	return ','
}

func (r *reader) row(columns, cells []string, line int) error {
	n := &yaml.Node{Kind: yaml.MappingNode, Line: line}
	if len(cells) > len(columns) {
		return r.emit(r.broken(Item{}, n, "", fmt.Errorf("в строке %d значений больше, чем колонок", line)))
	}
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		value := &yaml.Node{Kind: yaml.ScalarNode, Value: cell, Line: line}
		if parts := strings.Split(cell, "|"); len(parts) > 1 {
			value = &yaml.Node{Kind: yaml.SequenceNode, Line: line}
			for _, p := range parts {
				value.Content = append(value.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: strings.TrimSpace(p), Line: line})
			}
		}
		set(n, strings.TrimSpace(columns[i]), value)
	}
	if find(n, "fact") == nil {
		return r.emit(r.broken(Item{}, n, "", fmt.Errorf("нет колонки fact или она пуста: впишите вид записи, %s", strings.Join(kindWords, ", "))))
	}
	return r.flat(n)
}

// set puts a value under a key; a dot leads into a table.
func set(n *yaml.Node, key string, value *yaml.Node) {
	outer, inner, ok := strings.Cut(key, ".")
	if !ok {
		put(n, key, value)
		return
	}
	table := find(n, outer)
	if table == nil {
		table = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line}
		put(n, outer, table)
	}
	set(table, inner, value)
}
