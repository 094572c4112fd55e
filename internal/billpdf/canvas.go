package billpdf

import (
	"codeberg.org/go-pdf/fpdf"

	"kvit/internal/inert"
)

// canvas is where everything is written: signs that turn or hide others do not get onto paper, whoever gave the text.
type canvas struct{ *fpdf.Fpdf }

// CellFormat writes a line.
func (c canvas) CellFormat(w, h float64, text, border string, next int, align string, fill bool, link int, address string) {
	c.Fpdf.CellFormat(w, h, inert.Seen(text), border, next, align, fill, link, address)
}

// MultiCell writes a paragraph.
func (c canvas) MultiCell(w, h float64, text, border, align string, fill bool) {
	c.Fpdf.MultiCell(w, h, inert.Seen(text), border, align, fill)
}

// SplitText tells how a paragraph breaks into lines.
func (c canvas) SplitText(text string, w float64) []string {
	return c.Fpdf.SplitText(inert.Seen(text), w)
}
