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
	if all := lines(body); lined(all) {
		for i, line := range all {
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
	g.monthOfFile(nil)
	return nil
}

// lined tells records line by line from a document that happens to stand on one line.
func lined(all []string) bool {
	first := all[0]
	return first[0] == '{' && json.Valid([]byte(first)) && (len(all) > 1 || arrayPath(first) == "")
}

// arrayPath finds where the list of records lies: the array with most objects in it; "" when the document is the
// list. The text may break off anywhere.
func arrayPath(body string) string {
	w := arrayWalk{d: json.NewDecoder(strings.NewReader(body))}
	w.value("", 0)
	return w.best
}

// arrayWalk goes through a document looking at its arrays.
type arrayWalk struct {
	d    *json.Decoder
	best string
	most int
}

// value reads the next value; false at the end of the text.
func (w *arrayWalk) value(path string, depth int) bool {
	t, err := w.d.Token()
	if err != nil || depth > 8 {
		return false
	}
	switch t {
	case json.Delim('{'):
		return w.object(path, depth)
	case json.Delim('['):
		return w.array(path)
	}
	return true
}

func (w *arrayWalk) object(path string, depth int) bool {
	for w.d.More() {
		key, err := w.d.Token()
		if err != nil {
			return false
		}
		name, _ := key.(string)
		if path != "" {
			name = path + "." + name
		}
		if !w.value(name, depth+1) {
			return false
		}
	}
	_, err := w.d.Token()
	return err == nil
}

func (w *arrayWalk) array(path string) bool {
	for objects := 0; w.d.More(); {
		var element json.RawMessage
		if w.d.Decode(&element) != nil {
			return false
		}
		if element[0] == '{' {
			if objects++; objects > w.most {
				w.best, w.most = path, objects
			}
		}
	}
	_, err := w.d.Token()
	return err == nil
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
