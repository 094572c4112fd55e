package city

import (
	"context"
	"strconv"
	"strings"
)

// record is a line or document ready to be written.
type record struct {
	cells  []cell
	nested [][]cell // services inside their account
	row    *row
}

// writer writes one kind of file. Positions count what formats.json calls the unit of the file.
type writer interface {
	house(line string) (pos int, err error)
	put(*record) (pos int, err error)
	close() (last int, err error) // last is the place of the printed total
}

// totals are known before the first line is written: some files print them on top.
type totals struct {
	raw     rawTotal
	printed int64 // the total as printed, wrong on purpose in one file
}

// opened is what a writer needs to know about its file.
type opened struct {
	layout   *layout
	dir      string
	file     string
	headings []string
	trailer  string
	totals   totals
}

var kinds = map[string]func(*opened) (writer, error){
	"csv": newText, "dbf": newDBF, "ndjson": newNDJSON, "xml": newXML, "xlsx": newSheet, "xlsx_grouped": newSheet, "1c": newDocuments,
}

// write writes the whole register, in one file or a file for each house, and returns its sheets of formats.json. Who
// has no customers in a small town sends no file.
func (g *register) write(ctx context.Context, dir string) ([]*format, error) {
	g.sort()
	if !g.layout.houseAddress && len(g.rows) > 0 {
		f, err := g.writeFile(ctx, dir, nil, g.rows)
		return []*format{f}, err
	}
	var out []*format
	for start := 0; start < len(g.rows); {
		h := g.rows[start].account.household.house
		end := start
		for end < len(g.rows) && g.rows[end].account.household.house == h {
			end++
		}
		f, err := g.writeFile(ctx, dir, h, g.rows[start:end])
		if err != nil {
			return nil, err
		}
		out = append(out, f)
		start = end
	}
	return out, nil
}

func (g *register) writeFile(ctx context.Context, dir string, h *house, rows []row) (*format, error) {
	l := g.layout
	o := &opened{layout: l, dir: dir, file: g.fileName(h), totals: totals{raw: total(l, rows)}}
	o.totals.printed = o.totals.raw.Due
	if l.wrongTotal && g.town.dirty {
		o.totals.printed += 417
	}
	for _, line := range l.heading {
		o.headings = append(o.headings, o.fill(line, g.town))
	}
	o.trailer = o.fill(l.trailer, g.town)
	w, err := kinds[l.kind](o)
	if err != nil {
		return nil, err
	}
	if err := g.fillFile(ctx, o, w, rows); err != nil {
		return nil, err
	}
	g.truth.files = append(g.truth.files, fileTruth{o.file, l.code, l.kind, o.totals.raw})
	return g.formatOf(o, h), nil
}

func (g *register) fileName(h *house) string {
	name := month(g.layout.file, g.town.month)
	if h == nil {
		return name
	}
	a := h.address()
	house := strings.ReplaceAll(a.number, "/", "-") + a.letter
	if a.building != "" {
		house += "к" + a.building
	}
	return strings.NewReplacer("{no}", strconv.Itoa(h.assocNo), "{street}", a.name, "{house}", house).Replace(name)
}

// fill puts the month and the totals into a line of a heading or a trailer.
func (o *opened) fill(line string, t *town) string {
	return strings.NewReplacer("{rows}", strconv.Itoa(o.totals.raw.Rows), "{total}", sumCell(o.totals.printed, o.layout.money).text,
		"{day}", t.month.Last().Dotted()).Replace(month(line, t.month))
}

func (g *register) fillFile(ctx context.Context, o *opened, w writer, rows []row) error {
	p := newPrinter(o.layout)
	var house *house
	rec := &record{}
	v := &view{}
	for i := range rows {
		if i%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if h := rows[i].account.household.house; o.layout.grouped() && h != house {
			house = h
			if err := g.putHouse(o, w, p, h, &rows[i]); err != nil {
				return err
			}
		}
		if err := g.putRow(o, w, p, &rows[i], rec, v); err != nil {
			return err
		}
	}
	last, err := w.close()
	if err == nil && o.totals.printed != o.totals.raw.Due {
		g.truth.defects = append(g.truth.defects, &defect{Type: "control_total_mismatch", Supplier: o.layout.code, File: o.file, Pos: last,
			Action: "flag", Field: o.layout.columnOf("due"), Was: roubles(o.totals.raw.Due), Now: roubles(o.totals.printed)})
	}
	return err
}

func (g *register) putHouse(o *opened, w writer, p *printer, h *house, first *row) error {
	addr, d := g.houseAddress(h)
	line := p.fold(parseTemplate(o.layout.houseLine).print(&view{row: first, addr: addr, owner: first.account.owner}))
	pos, err := w.house(line)
	if d != nil {
		d.at(o.file, pos)
		if o.layout.kind == "xml" {
			d.Unit = "house"
		}
	}
	return err
}

// putRow writes the lines of a row and gives the defects of the row their places.
func (g *register) putRow(o *opened, w writer, p *printer, rw *row, rec *record, v *view) error {
	l := o.layout
	*v = view{row: rw, addr: rw.address(), owner: rw.owner(), number: v.number, period: periodText(l, rw, g.town.month)}
	lines := rw.lines(l.byService())
	if l.nests() {
		v.number++
		rec.row, rec.cells, rec.nested = rw, p.cells(rec.cells[:0], v, outer), rec.nested[:0]
		for i, s := range lines {
			v.line, v.sums = i, printed(l, s)
			rec.nested = append(rec.nested, p.cells(nil, v, inner))
		}
		return g.place(o, w, rec, 0)
	}
	for i, s := range lines {
		v.number++
		v.line, v.sums = i, printed(l, s)
		rec.row, rec.cells = rw, p.cells(rec.cells[:0], v, nil)
		if err := g.place(o, w, rec, i); err != nil {
			return err
		}
	}
	return nil
}

func (g *register) place(o *opened, w writer, rec *record, line int) error {
	pos, err := w.put(rec)
	d := rec.row.damage
	if err != nil || d == nil {
		return err
	}
	switch {
	case d.perLine:
		d.defects[line].at(o.file, pos)
	case line == 0:
		for _, f := range d.defects {
			f.at(o.file, pos)
		}
	}
	return nil
}

// inService are the roles that belong to a service rather than to its account.
var inService = map[string]bool{"service": true, "volume": true, "tariff": true, "reading_prev": true, "reading_cur": true,
	"opening": true, "charge": true, "recalc": true, "penalty": true, "paid": true, "due": true}

func outer(c *column) bool { return !inService[c.role] }
func inner(c *column) bool { return inService[c.role] }
