package register

import (
	"bytes"
	"encoding/json"
	"strings"

	"kvit/internal/exchange/jsonrec"
)

// json proposes paths of the leaves of objects.
func (g *guess) json(body string, whole bool) error {
	g.p.Kind = KindNDJSON
	var records [][]byte
	first := lines(body)[0]
	if json.Valid([]byte(first)) && first[0] == '{' {
		for i, line := range lines(body) {
			if i < sampleRows && json.Valid([]byte(line)) {
				records = append(records, []byte(line))
			}
		}
	} else {
		g.p.Kind = KindJSON
		g.p.Record = arrayPath(body)
		a := jsonrec.NewArrayReader(strings.NewReader(body), g.p.Record)
		for len(records) < sampleRows {
			r, err := a.Next()
			if err != nil {
				break
			}
			records = append(records, bytes.Clone(r))
		}
	}
	g.e.add("kind", g.p.Kind, "записи JSON")
	byPath := map[string]*column{}
	for i, r := range records {
		g.leaves(byPath, "", r, i, 0)
	}
	for _, c := range g.columns {
		for len(c.values) < len(records) {
			c.values = append(c.values, sampleValue{})
		}
	}
	g.conclude()
	return nil
}

// arrayPath finds the key under which the list of records lies; "" when the document is the list.
func arrayPath(body string) string {
	if body[0] == '[' {
		return ""
	}
	open := strings.IndexByte(body, '[')
	if open < 0 {
		return ""
	}
	before := body[:open]
	end := strings.LastIndexByte(before, '"')
	if end < 0 {
		return ""
	}
	begin := strings.LastIndexByte(before[:end], '"')
	return before[begin+1 : end]
}

// leaves walks one object and files its values by path.
func (g *guess) leaves(byPath map[string]*column, prefix string, raw []byte, row, depth int) {
	_ = jsonrec.Each(raw, func(key []byte, _ int, v jsonrec.Value) error {
		path := prefix + string(key)
		if key == nil || strings.Contains(string(key), ".") {
			return nil
		}
		if v.Kind == jsonrec.Object && depth < 5 {
			g.leaves(byPath, path+".", v.Raw, row, depth+1)
			return nil
		}
		c := byPath[path]
		if c == nil {
			c = &column{place: Place{Name: path, Index: -1}, name: path}
			byPath[path] = c
			g.columns = append(g.columns, c)
		}
		for len(c.values) < row {
			c.values = append(c.values, sampleValue{})
		}
		if v.Kind != jsonrec.Null && len(c.values) == row {
			c.values = append(c.values, sampleValue{text: string(v.Raw), number: v.Kind == jsonrec.Number})
		}
		return nil
	})
}
