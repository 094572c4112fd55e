package city

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// sheetFile writes a workbook of one sheet by hand: ECMA-376 with strings inside the cells, so that memory does
// not grow with the rows.
type sheetFile struct {
	*opened
	file    *os.File
	zip     *zip.Writer
	out     *bufio.Writer
	err     error
	rows    int
	columns []string // letters of the columns
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// workbook are the parts of a workbook besides its sheet.
var workbook = [...][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

func newSheet(o *opened) (writer, error) {
	f, err := createFile(o.dir, o.file)
	if err != nil {
		return nil, err
	}
	w := &sheetFile{opened: o, file: f, zip: zip.NewWriter(f), columns: columnLetters(len(o.layout.columns))}
	w.zip.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	for _, part := range workbook {
		if _, err := io.WriteString(w.part(part[0]), xmlHead+strings.Replace(part[1], "{sheet}", o.layout.sheet, 1)); err != nil {
			w.err = err
		}
	}
	w.out = bufio.NewWriterSize(w.part("xl/worksheets/sheet1.xml"), 1<<16)
	w.print(xmlHead, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for _, h := range o.headings {
		w.row(w.headingCells(h))
	}
	return w, w.err
}

// columnLetters are A, B, … Z; no register here is wider.
func columnLetters(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string(rune('A' + i))
	}
	return out
}

// part opens a file of the archive; its date is fixed, since the same options must give the same bytes.
func (w *sheetFile) part(name string) io.Writer {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	p, err := w.zip.CreateHeader(h)
	if err != nil {
		w.err = err
		return io.Discard
	}
	return p
}

func (w *sheetFile) headingCells(h string) []cell {
	if h != "{columns}" {
		return []cell{{text: h}}
	}
	cells := make([]cell, len(w.layout.columns))
	for i, c := range w.layout.columns {
		cells[i] = cell{text: c.name}
	}
	return cells
}

func (w *sheetFile) print(list ...string) {
	for _, s := range list {
		if w.err == nil {
			_, w.err = w.out.WriteString(s)
		}
	}
}

func (w *sheetFile) row(cells []cell) (int, error) {
	w.rows++
	n := strconv.Itoa(w.rows)
	w.print(`<row r="`, n, `">`)
	for i, c := range cells {
		switch {
		case c.text == "":
		case c.form == asNumber:
			w.print(`<c r="`, w.columns[i], n, `"><v>`, c.text, `</v></c>`)
		default:
			w.print(`<c r="`, w.columns[i], n, `" t="inlineStr"><is><t xml:space="preserve">`, xmlText.Replace(c.text), `</t></is></c>`)
		}
	}
	w.print("</row>")
	return w.rows, w.err
}

func (w *sheetFile) house(line string) (int, error) { return w.row([]cell{{text: line}}) }
func (w *sheetFile) put(r *record) (int, error)     { return w.row(r.cells) }

// totalRow is the last row: the label and the sums.
func (w *sheetFile) totalRow() {
	cells := make([]cell, len(w.layout.columns))
	cells[0].text = w.layout.totalLabel
	raw := &w.totals.raw
	values := map[string]int64{"opening": raw.Opening, "charge": raw.Charge, "paid": raw.Paid, "due": w.totals.printed}
	for i, c := range w.layout.columns {
		if v, ok := values[c.role]; ok {
			cells[i] = sumCell(v, w.layout.money)
		}
	}
	w.row(cells)
}

func (w *sheetFile) close() (int, error) {
	if w.layout.totalLabel != "" {
		w.totalRow()
	}
	w.print("</sheetData></worksheet>")
	err := w.err
	for _, step := range []func() error{w.out.Flush, w.zip.Close, w.file.Close} {
		if e := step(); err == nil {
			err = e
		}
	}
	if err != nil {
		return 0, cannotWrite(w.opened.file, err)
	}
	return w.rows, nil
}
