package billpdf

import (
	"fmt"
	"io"

	"kvit/internal/pdf"
)

// Sheet is a document of the centre's own work: a title, facts, tables, a foot on each page.
type Sheet struct {
	Title  string
	Facts  [][2]string // what, how much
	Tables []SheetTable
	Foot   string
}

// SheetTable is a table of a sheet: the first columns are words, the last Numbers are figures. Without rows it says Empty.
type SheetTable struct {
	Title   string
	Columns []string
	Numbers int
	Rows    [][]string
	Total   bool // the last row sums the others up; drawn so on papers
	Empty   string
}

// sheet draws a Sheet.
type sheet struct {
	canvas
	foot string
}

// RenderSheet writes the sheet as a PDF; the same sheet gives the same bytes.
func RenderSheet(w io.Writer, s *Sheet) error {
	p := &sheet{canvas{begin(s.Title, "")}, s.Foot}
	p.File.Foot, p.Bottom = p.footer, 297-18
	p.AddPage()
	p.SetFont(face("B"), 15)
	p.Lines(width, 7, s.Title, pdf.Left)
	p.Ln(2)
	for _, fact := range s.Facts {
		p.SetFont(face(""), 9.5)
		p.Cell(width*0.32, 5.2, fact[0], pdf.NoBorder, pdf.Left)
		p.SetFont(face("B"), 9.5)
		p.Lines(width*0.68, 5.2, fact[1], pdf.Left)
	}
	for i := range s.Tables {
		p.table(&s.Tables[i])
	}
	if _, err := p.WriteTo(w); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	return nil
}

func (p *sheet) footer(page, _ int) {
	p.SetY(-13)
	p.SetFont(face(""), 7)
	p.Cell(width*0.86, 4, p.foot, pdf.NoBorder, pdf.Left)
	p.Cell(width*0.14, 4, fmt.Sprintf("стр. %d", page), pdf.NoBorder, pdf.Right)
}

func (p *sheet) table(t *SheetTable) {
	p.Ln(3)
	p.SetFont(face("B"), 11)
	p.Lines(width, 6, t.Title, pdf.Left)
	if len(t.Rows) == 0 {
		p.SetFont(face(""), 9)
		p.Lines(width, 5, t.Empty, pdf.Left)
		return
	}
	widths := t.widths()
	if len(t.Columns) > 0 {
		p.SetFont(face("B"), 8)
		p.row(t, widths, t.Columns, pdf.Under)
	}
	p.SetFont(face(""), 8.5)
	for _, row := range t.Rows {
		p.row(t, widths, row, pdf.NoBorder)
	}
}

// widths gives figures a column of their own size and shares the rest among words, twice as much to the first.
func (t *SheetTable) widths() []float64 {
	const figure = 25.0
	words := len(t.Rows[0]) - t.Numbers
	rest := width - figure*float64(t.Numbers)
	list := make([]float64, words+t.Numbers)
	for i := range list {
		switch {
		case i >= words:
			list[i] = figure
		case i == 0:
			list[i] = 2 * rest / float64(words+1)
		default:
			list[i] = rest / float64(words+1)
		}
	}
	return list
}

func (p *sheet) row(t *SheetTable, widths []float64, cells []string, border pdf.Border) {
	for i, s := range cells {
		align := pdf.Left
		if i >= len(cells)-t.Numbers {
			align = pdf.Right
		}
		p.Cell(widths[i], 5, p.fit(s, widths[i]), border, align)
	}
	p.Ln(5)
}

// fit cuts a text to the width of its cell, with a sign that it was cut.
func (p *sheet) fit(s string, room float64) string {
	runes := []rune(s)
	for n := len(runes); n > 0; n-- {
		cut := string(runes[:n])
		if n < len(runes) {
			cut += "…"
		}
		if p.TextWidth(cut) <= room-2 {
			return cut
		}
	}
	return ""
}
