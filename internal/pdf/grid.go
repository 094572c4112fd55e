package pdf

import "strconv"

// Grid fills squares of a grid as one shape: a code takes a third of the bytes its rectangles would.
type Grid struct {
	f *File
	b []byte
}

// Grid begins a grid of squares of a side, its corner at x, y.
func (f *File) Grid(x, y, side float64) *Grid {
	f.setFill(f.fill)
	b := append(f.page.AvailableBuffer(), "q "...)
	side *= perMM
	b = append(strconv.AppendFloat(b, side, 'f', 5, 64), " 0 0 "...)
	b = append(strconv.AppendFloat(b, -side, 'f', 5, 64), ' ')
	return &Grid{f, append(appendPoint(b, x, y), " cm\n"...)}
}

// Row fills squares beside each other.
func (g *Grid) Row(x, y, length int) {
	g.b = append(appendSmall(g.b, x), ' ')
	g.b = append(appendSmall(g.b, y), ' ')
	g.b = append(appendSmall(g.b, length), " 1 re\n"...)
}

// appendSmall writes a number of a grid: of these a page has thousands, and nearly all have one or two digits.
func appendSmall(b []byte, n int) []byte {
	switch {
	case n < 0 || n > 99:
		return strconv.AppendInt(b, int64(n), 10)
	case n > 9:
		return append(b, '0'+byte(n/10), '0'+byte(n%10))
	}
	return append(b, '0'+byte(n))
}

// Fill ends the grid.
func (g *Grid) Fill() { g.f.page.Write(append(g.b, "f Q\n"...)) }

// mask is a square of bits, each row in whole bytes; 1 is drawn.
type mask struct {
	size int
	bits []byte
}

// Mask fills the squares of a grid whose bits are 1, as a picture: of a code a twentieth of what a Grid takes. Paper shows it as
// sharp; a screen may blur its edges.
func (f *File) Mask(x, y, side float64, size int, bits []byte) {
	f.setFill(f.fill)
	b := append(f.page.AvailableBuffer(), "q "...)
	b = append(appendNumber(b, side*perMM), " 0 0 "...)
	b = append(appendNumber(b, side*perMM), ' ')
	b = append(appendPoint(b, x, y+side), " cm /M"...)
	b = strconv.AppendInt(b, int64(len(f.masks)), 10)
	f.page.Write(append(b, " Do Q\n"...))
	f.masks = append(f.masks, mask{size, bits})
}
