package xlsx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Writer streams a workbook of one sheet. Its bytes depend only on what is written.
type Writer struct {
	archive *zip.Writer
	sheet   *bufio.Writer
	row     int
}

// Column names of the first 26 columns are letters; more are written as Excel does.
func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + string(rune('A'+i%26))
}

const (
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	rootRels     = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRels     = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	styleSheet   = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="2" applyNumberFormat="1"/></cellXfs></styleSheet>`
	sheetOpen    = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetClose   = `</sheetData></worksheet>`
)

// NewWriter begins a workbook whose only sheet has the given name.
func NewWriter(w io.Writer, sheet string) (*Writer, error) {
	x := &Writer{archive: zip.NewWriter(w)}
	book := `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="` + escape(sheet) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`
	for _, part := range [][2]string{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", rootRels}, {"xl/workbook.xml", book},
		{"xl/_rels/workbook.xml.rels", bookRels}, {"xl/styles.xml", styleSheet},
	} {
		dst, err := x.create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(dst, xml.Header+part[1]); err != nil {
			return nil, err
		}
	}
	dst, err := x.create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	x.sheet = bufio.NewWriter(dst)
	_, err = x.sheet.WriteString(xml.Header + sheetOpen)
	return x, err
}

func (x *Writer) create(name string) (io.Writer, error) {
	return x.archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
}

// Append writes a row. Cells are Text or Number; empty ones are left out. Raw of a Number is digits with a point.
func (x *Writer) Append(cells []Cell) error {
	x.row++
	n := strconv.Itoa(x.row)
	x.sheet.WriteString(`<row r="` + n + `">`)
	for i, c := range cells {
		ref := columnName(i) + n
		switch {
		case c.Kind == Empty || len(c.Raw) == 0:
		case c.Kind == Number:
			x.sheet.WriteString(`<c r="` + ref + `" s="1"><v>` + string(c.Raw) + `</v></c>`)
		default:
			x.sheet.WriteString(`<c r="` + ref + `" t="inlineStr"><is><t xml:space="preserve">` + escape(string(c.Raw)) + `</t></is></c>`)
		}
	}
	_, err := x.sheet.WriteString(`</row>`)
	return err
}

// Close ends the workbook.
func (x *Writer) Close() error {
	if _, err := x.sheet.WriteString(sheetClose); err != nil {
		return err
	}
	if err := x.sheet.Flush(); err != nil {
		return err
	}
	return x.archive.Close()
}

// escape writes text for XML; signs XML cannot hold are dropped.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}
