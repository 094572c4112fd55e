package city

import (
	"strconv"
	"strings"
)

// jsonFile writes an object a line. Names with points are paths: "balance.due".
type jsonFile struct {
	*opened
	sink  *sink
	paths [][]string
	lines int
	buf   strings.Builder
}

func newNDJSON(o *opened) (writer, error) {
	s, err := newSink(o.dir, o.file, o.layout.encoding)
	if err != nil {
		return nil, err
	}
	w := &jsonFile{opened: o, sink: s}
	for _, c := range o.layout.columns {
		w.paths = append(w.paths, strings.Split(c.name, "."))
	}
	return w, nil
}

func (w *jsonFile) house(string) (int, error) { return 0, nil }

func (w *jsonFile) put(r *record) (int, error) {
	w.lines++
	w.buf.Reset()
	w.buf.WriteByte('{')
	var open []string
	for i, c := range r.cells {
		open = w.walk(open, w.paths[i], i == 0)
		w.buf.WriteString(strconv.Quote(w.paths[i][len(w.paths[i])-1]) + ":")
		w.value(c)
	}
	w.buf.WriteString(strings.Repeat("}", len(open)+1))
	w.buf.WriteByte('\n')
	w.sink.text(w.buf.String())
	return w.lines, w.sink.err
}

// walk closes and opens objects on the way from one path to the next and returns the objects now open. Columns
// of one object stand side by side in a layout.
func (w *jsonFile) walk(open, path []string, first bool) []string {
	objects := path[:len(path)-1]
	same := 0
	for same < len(open) && same < len(objects) && open[same] == objects[same] {
		same++
	}
	w.buf.WriteString(strings.Repeat("}", len(open)-same))
	if !first {
		w.buf.WriteByte(',')
	}
	for _, name := range objects[same:] {
		w.buf.WriteString(strconv.Quote(name) + ":{")
	}
	return objects
}

func (w *jsonFile) value(c cell) {
	switch {
	case c.form == asText:
		w.buf.WriteString(`"` + jsonText.Replace(c.text) + `"`)
	case c.text == "":
		w.buf.WriteString("null")
	default:
		w.buf.WriteString(c.text)
	}
}

var jsonText = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func (w *jsonFile) close() (int, error) { return 0, w.sink.close() }
