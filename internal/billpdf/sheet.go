package billpdf

import (
	"fmt"
	"io"

	"codeberg.org/go-pdf/fpdf"
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
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes("pt", "", regular)
	f.AddUTF8FontFromBytes("pt", "B", bold)
	f.SetCreationDate(epoch)
	f.SetModificationDate(epoch)
	f.SetCatalogSort(true)
	f.SetTitle(s.Title, true)
	f.SetLang("ru-RU")
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(true, 18)
	p := &sheet{canvas{f}, s.Foot}
	f.SetFooterFunc(p.footer)
	f.AddPage()
	p.SetFont("pt", "B", 15)
	p.MultiCell(width, 7, s.Title, "", "L", false)
	p.Ln(2)
	for _, fact := range s.Facts {
		p.SetFont("pt", "", 9.5)
		p.CellFormat(width*0.32, 5.2, fact[0], "", 0, "L", false, 0, "")
		p.SetFont("pt", "B", 9.5)
		p.MultiCell(width*0.68, 5.2, fact[1], "", "L", false)
	}
	for i := range s.Tables {
		p.table(&s.Tables[i])
	}
	if err := f.Output(w); err != nil {
		return fmt.Errorf("draw sheet: %w", err)
	}
	return nil
}

func (p *sheet) footer() {
	p.SetY(-13)
	p.SetFont("pt", "", 7)
	p.CellFormat(width*0.86, 4, p.foot, "", 0, "L", false, 0, "")
	p.CellFormat(width*0.14, 4, fmt.Sprintf("стр. %d", p.PageNo()), "", 0, "R", false, 0, "")
}

func (p *sheet) table(t *SheetTable) {
	p.Ln(3)
	p.SetFont("pt", "B", 11)
	p.MultiCell(width, 6, t.Title, "", "L", false)
	if len(t.Rows) == 0 {
		p.SetFont("pt", "", 9)
		p.MultiCell(width, 5, t.Empty, "", "L", false)
		return
	}
	widths := t.widths()
	if len(t.Columns) > 0 {
		p.SetFont("pt", "B", 8)
		p.row(t, widths, t.Columns, "B")
	}
	p.SetFont("pt", "", 8.5)
	for _, row := range t.Rows {
		p.row(t, widths, row, "")
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

func (p *sheet) row(t *SheetTable, widths []float64, cells []string, border string) {
	for i, s := range cells {
		align := "L"
		if i >= len(cells)-t.Numbers {
			align = "R"
		}
		p.CellFormat(widths[i], 5, p.fit(s, widths[i]), border, 0, align, false, 0, "")
	}
	p.Ln(-1)
}

// fit cuts a text to the width of its cell, with a sign that it was cut.
func (p *sheet) fit(s string, room float64) string {
	runes := []rune(s)
	for n := len(runes); n > 0; n-- {
		cut := string(runes[:n])
		if n < len(runes) {
			cut += "…"
		}
		if p.GetStringWidth(cut) <= room-2 {
			return cut
		}
	}
	return ""
}
