package register

import (
	"io"
	"strings"

	"kvit/internal/exchange/delim"
	"kvit/internal/exchange/jsonrec"
	"kvit/internal/fault"
)

// jsonReader maps JSON records.
type jsonReader struct {
	*reading
	paths   *jsonrec.Paths
	values  []jsonrec.Value
	control int // slot of the control total; -1 without one
}

func (r *reading) jsonReader() *jsonReader {
	j := &jsonReader{reading: r, control: -1}
	names := r.m.names()
	if c := r.p.ControlTotal; c != nil && c.Key != "" {
		j.control = len(names)
		names = append(names, c.Key)
	}
	j.paths, j.values = jsonrec.Compile(names), make([]jsonrec.Value, len(names))
	return j
}

func (r *reading) readLines() error {
	j := r.jsonReader()
	lines := delim.NewLines(r.utf8Stream(r.p.Encoding))
	for {
		line, err := lines.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !hasText(line) {
			r.sum.Blank++
			continue
		}
		if err := j.record(line, lines.Pos()); err != nil {
			return err
		}
	}
}

func (r *reading) readArray() error {
	j := r.jsonReader()
	array := jsonrec.NewArrayReader(r.utf8Stream(r.p.Encoding), r.p.Record)
	for {
		record, err := array.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := j.record(record, array.Pos()); err != nil {
			return err
		}
	}
}

func (j *jsonReader) record(record []byte, pos int) error {
	m := j.m
	raw := func() string { return strings.ToValidUTF8(string(record), "\ufffd") }
	if line, ok := m.rowFix(pos); ok {
		record = []byte(line)
	}
	if err := j.paths.Pick(record, j.values); err != nil {
		m.begin(pos)
		m.reject("row.json", "", firstSigns(raw(), 100), fault.As(err).Message)
		return j.emit(raw)
	}
	for i := range j.cells {
		j.cells[i] = jsonValue(j.values[i])
	}
	if j.isTotal(pos) {
		j.sum.Titles++
		return nil
	}
	m.begin(pos)
	m.apply(j.cells)
	return j.emit(raw)
}

// isTotal recognises a record that has the control total and no account.
func (j *jsonReader) isTotal(pos int) bool {
	if j.control < 0 {
		return false
	}
	for _, slot := range j.m.plan.account {
		if len(j.cells[slot].raw) > 0 {
			return false
		}
	}
	c := jsonValue(j.values[j.control])
	if c.kind == absent {
		return false
	}
	j.setControl(c.raw, c.kind, pos, j.m.unit)
	return true
}

func jsonValue(v jsonrec.Value) cell {
	switch v.Kind {
	case jsonrec.Absent, jsonrec.Null:
		return cell{}
	case jsonrec.Number:
		return cell{v.Raw, numberCell}
	case jsonrec.Object, jsonrec.Array:
		return cell{v.Raw, jsonCell}
	}
	return cell{v.Raw, textCell}
}
