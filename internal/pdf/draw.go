package pdf

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// cellMargin keeps a text off the sides of its cell.
const cellMargin = 1.0

// RGB is a colour, 0 to 255 each.
type RGB struct{ R, G, B uint8 }

// style is what a page was last told to draw with; the zero style is a page's own.
type style struct {
	font       *usedFont
	size       float64
	fill, line RGB
}

// pen is where and how the next thing is drawn.
type pen struct {
	x, y             float64
	font             *usedFont
	number           int // of the font in the file
	size             float64
	text, fill, line RGB
	drawn            style
}

// SetFont chooses font and size, in points, of what follows.
func (f *File) SetFont(font *Font, size float64) {
	f.size = size
	for i, u := range f.used {
		if u.Font == font {
			f.font, f.number = u, i
			return
		}
	}
	f.font, f.number = &usedFont{Font: font}, len(f.used)
	f.used = append(f.used, f.font)
}

// SetTextColor is the colour of text.
func (f *File) SetTextColor(r, g, b uint8) { f.text = RGB{r, g, b} }

// SetFillColor is the colour of filled shapes.
func (f *File) SetFillColor(r, g, b uint8) { f.fill = RGB{r, g, b} }

// SetDrawColor is the colour of lines.
func (f *File) SetDrawColor(r, g, b uint8) { f.line = RGB{r, g, b} }

// Y is how far down the page the next thing stands.
func (f *File) Y() float64 { return f.y }

// SetX moves to a place of the line.
func (f *File) SetX(x float64) { f.x = x }

// SetY moves to the left margin of a line; below zero it counts from the end of the page.
func (f *File) SetY(y float64) {
	f.x, f.y = f.margin, y
	if y < 0 {
		f.y = pageHeight/perMM + y
	}
}

// SetXY moves to a place.
func (f *File) SetXY(x, y float64) { f.x, f.y = x, y }

// Ln moves to the left margin, so far down.
func (f *File) Ln(height float64) { f.x, f.y = f.margin, f.y+height }

// TextWidth is how wide a text is in the font chosen.
func (f *File) TextWidth(s string) float64 { return float64(f.font.width(s)) * f.size / perMM / 1000 }

// Align is the side of its cell a text keeps to.
type Align string

// The sides.
const (
	Left  Align = "L"
	Right Align = "R"
)

// Border is the line of a cell.
type Border string

// The lines.
const (
	NoBorder Border = ""
	Under    Border = "B"
	Over     Border = "T"
)

// Cell writes a text inside a cell, in the middle of its height; the next one stands to its right.
func (f *File) Cell(wide, height float64, s string, border Border, align Align) {
	if f.Bottom > 0 && f.y+height > f.Bottom {
		x := f.x
		f.AddPage()
		f.x = x
	}
	switch border {
	case Over:
		f.Line(f.x, f.y, f.x+wide, f.y)
	case Under:
		f.Line(f.x, f.y+height, f.x+wide, f.y+height)
	}
	left := f.x + cellMargin
	if align == Right {
		left = f.x + wide - cellMargin - f.TextWidth(s)
	}
	f.Text(left, f.y+height/2+0.3*f.size/perMM, s)
	f.x += wide
}

// CellLn writes a cell and moves to the left margin under it.
func (f *File) CellLn(wide, height float64, s string, border Border, align Align) {
	f.Cell(wide, height, s, border, align)
	f.Ln(height)
}

// Lines writes a text on as many lines as it needs; what follows stands under it, at the left margin.
func (f *File) Lines(wide, height float64, s string, align Align) {
	x := f.x
	for _, line := range f.Split(s, wide) {
		f.x = x
		f.Cell(wide, height, line, NoBorder, align)
		f.y += height
	}
	f.x = f.margin
}

// Text writes a text whose letters stand on a line at y.
func (f *File) Text(x, y float64, s string) {
	if s == "" {
		return
	}
	f.setFill(f.text)
	b := f.page.AvailableBuffer()
	b = append(b, "BT "...)
	if f.drawn.font != f.font || f.drawn.size != f.size {
		f.drawn.font, f.drawn.size = f.font, f.size
		b = append(b, "/F"...)
		b = strconv.AppendInt(b, int64(f.number), 10)
		b = appendNumber(append(b, ' '), f.size)
		b = append(b, " Tf "...)
	}
	b = appendPoint(b, x, y)
	b = append(b, " Td ("...)
	for _, r := range s {
		b = f.appendGlyph(b, r)
	}
	f.page.Write(append(b, ") Tj ET\n"...))
}

func (f *File) appendGlyph(b []byte, r rune) []byte {
	g := f.font.glyph(r)
	if !f.font.common[g] {
		if f.font.others == nil {
			f.font.others = map[uint16]bool{}
		}
		f.font.others[g] = true
	}
	return appendEscaped(appendEscaped(b, byte(g>>8)), byte(g))
}

// appendEscaped writes a byte of a string in brackets (ISO 32000-1, 7.3.4.2).
func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '(', ')', '\\':
		return append(b, '\\', c)
	case '\r':
		return append(b, '\\', 'r')
	}
	return append(b, c)
}

// Rotated writes a text around its middle, turned against the clock by degrees.
func (f *File) Rotated(degrees, x, y float64, s string) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	b := append(f.page.AvailableBuffer(), "q "...)
	for _, v := range []float64{cos, sin, -sin, cos} {
		b = append(strconv.AppendFloat(b, v, 'f', 5, 64), ' ')
	}
	f.page.Write(append(appendPoint(b, x, y), " cm\n"...))
	before := f.drawn
	f.Text(-f.TextWidth(s)/2, (pageHeight+0.36*f.size)/perMM, s)
	f.page.WriteString("Q\n")
	f.drawn = before
}

// Line draws a line.
func (f *File) Line(x1, y1, x2, y2 float64) {
	b := f.page.AvailableBuffer()
	if f.drawn.line != f.line {
		f.drawn.line = f.line
		b = append(appendColor(b, f.line), " RG\n"...)
	}
	b = append(appendPoint(b, x1, y1), " m "...)
	f.page.Write(append(appendPoint(b, x2, y2), " l S\n"...))
}

// Rect fills a rectangle.
func (f *File) Rect(x, y, wide, height float64) {
	f.setFill(f.fill)
	b := append(appendPoint(f.page.AvailableBuffer(), x, y), ' ')
	b = append(appendNumber(b, wide*perMM), ' ')
	f.page.Write(append(appendNumber(b, -height*perMM), " re f\n"...))
}

func (f *File) setFill(c RGB) {
	if f.drawn.fill != c {
		f.drawn.fill = c
		f.page.Write(append(appendColor(f.page.AvailableBuffer(), c), " rg\n"...))
	}
}

func appendColor(b []byte, c RGB) []byte {
	for i, v := range []uint8{c.R, c.G, c.B} {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendFloat(b, math.Round(float64(v)*1000/255)/1000, 'f', -1, 64)
	}
	return b
}

// appendPoint writes a place of the page as the format counts it: from the lower left corner.
func appendPoint(b []byte, x, y float64) []byte {
	b = append(appendNumber(b, x*perMM), ' ')
	return appendNumber(b, pageHeight-y*perMM)
}

// appendNumber writes a number with hundredths.
func appendNumber(b []byte, v float64) []byte {
	n := int64(math.Round(v * 100))
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/100, 10)
	if rest := n % 100; rest != 0 {
		b = append(b, '.', '0'+byte(rest/10), '0'+byte(rest%10))
	}
	return b
}

// Split breaks a text into lines that fit into a cell: at spaces, in a word only when it alone is too long. Without a text it
// is one empty line.
func (f *File) Split(s string, wide float64) (lines []string) {
	room := int(math.Ceil((wide - 2*cellMargin) * perMM * 1000 / f.size))
	start, space, sum := 0, -1, 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		sum += f.font.widths[f.font.glyph(r)]
		if r == ' ' || r == '\n' {
			space = i
		}
		switch {
		case r != '\n' && sum <= room:
			i += size
			continue
		case space >= 0:
			lines, i = append(lines, s[start:space]), space+1
		case i == start: // not even one letter fits
			i += size
			lines = append(lines, s[start:i])
		default:
			lines = append(lines, s[start:i])
		}
		start, space, sum = i, -1, 0
	}
	if start < len(s) || len(lines) == 0 {
		lines = append(lines, s[start:])
	}
	return lines
}
