package billpdf

import (
	"kvit/internal/inert"
	"kvit/internal/pdf"
)

// canvas is where everything is written: signs that turn or hide others do not get onto paper, whoever gave the text.
type canvas struct{ *pdf.File }

// Cell writes a line and stays beside it.
func (c canvas) Cell(wide, height float64, s string, border pdf.Border, align pdf.Align) {
	c.File.Cell(wide, height, inert.Seen(s), border, align)
}

// CellLn writes a line and goes below it.
func (c canvas) CellLn(wide, height float64, s string, border pdf.Border, align pdf.Align) {
	c.File.CellLn(wide, height, inert.Seen(s), border, align)
}

// Lines writes a paragraph.
func (c canvas) Lines(wide, height float64, s string, align pdf.Align) {
	c.File.Lines(wide, height, inert.Seen(s), align)
}

// Text writes a line at a place.
func (c canvas) Text(x, y float64, s string) { c.File.Text(x, y, inert.Seen(s)) }

// Split tells how a paragraph breaks into lines.
func (c canvas) Split(s string, wide float64) []string { return c.File.Split(inert.Seen(s), wide) }
