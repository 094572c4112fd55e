package qr

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"sync"

	"rsc.io/qr/coding"
)

// quiet is the width of the empty margin around a code, in modules (ISO/IEC 18004).
const quiet = 4

// Matrix is a code ready to be drawn.
type Matrix struct {
	code *coding.Code
	Size int // modules a side, without the margin
}

// Encode makes the matrix of a text with medium correction.
func Encode(text string) (Matrix, error) {
	signs := encodingOf(text)
	p, err := planFor(signs)
	if err != nil {
		return Matrix{}, fmt.Errorf("qr: %w", err)
	}
	c, err := p.Encode(signs)
	if err != nil {
		return Matrix{}, fmt.Errorf("qr: %w", err)
	}
	return Matrix{c, c.Size}, nil
}

// encodingOf is the shortest way to write a text: digits, capital letters, else bytes.
func encodingOf(text string) coding.Encoding {
	switch {
	case coding.Num(text).Check() == nil:
		return coding.Num(text)
	case coding.Alpha(text).Check() == nil:
		return coding.Alpha(text)
	}
	return coding.String(text)
}

var errLong = errors.New("the text is too long for a code")

// plans are the layouts of codes by size, each worked out once: that takes longer than filling it.
var plans [coding.MaxVersion + 1]struct {
	sync.Once
	plan *coding.Plan
	err  error
}

// planFor is the layout of the smallest code a text fits in.
func planFor(signs coding.Encoding) (*coding.Plan, error) {
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		if signs.Bits(v) > v.DataBytes(coding.M)*8 {
			continue
		}
		p := &plans[v]
		p.Do(func() { p.plan, p.err = coding.NewPlan(v, coding.M, 0) })
		return p.plan, p.err
	}
	return nil, errLong
}

// Black tells a module's colour.
func (m Matrix) Black(x, y int) bool { return m.code.Black(x, y) }

// Bits are the modules row by row, each row in whole bytes, the first module in the highest bit; 1 is black.
func (m Matrix) Bits() []byte {
	wide := (m.Size + 7) / 8
	out := make([]byte, 0, wide*m.Size)
	for y := range m.Size {
		out = append(out, m.code.Bitmap[y*m.code.Stride:y*m.code.Stride+wide]...)
	}
	return out
}

// Run is a horizontal row of black modules.
type Run struct{ X, Y, Length int }

// Runs lists the black modules as rows: a picture draws far fewer shapes than modules.
func (m Matrix) Runs() []Run {
	runs := make([]Run, 0, m.Size*m.Size/4)
	for y := range m.Size {
		row := m.code.Bitmap[y*m.code.Stride : (y+1)*m.code.Stride]
		for x := next(row, 0, 0); x < m.Size; {
			end := min(m.Size, next(row, x, 0xFF))
			runs = append(runs, Run{x, y, end - x})
			x = next(row, end, 0)
		}
	}
	return runs
}

// next is the first module from x on that is not of a colour, of a row of eight modules a byte; plain is a byte of that colour.
func next(row []byte, x int, plain byte) int {
	if x>>3 >= len(row) {
		return 8 * len(row)
	}
	if rest := (row[x>>3] ^ plain) << (x & 7); rest != 0 {
		return x + bits.LeadingZeros8(rest)
	}
	for i := x>>3 + 1; i < len(row); i++ {
		if row[i] != plain {
			return 8*i + bits.LeadingZeros8(row[i]^plain)
		}
	}
	return 8 * len(row)
}

// SVG is the code as a picture with its margin, without styles of its own.
func (m Matrix) SVG(title string) string {
	var b strings.Builder
	side := m.Size + 2*quiet
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" shape-rendering="crispEdges"><title>%s</title><rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`, side, side, escape(title), side, side)
	for _, r := range m.Runs() {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", r.X+quiet, r.Y+quiet, r.Length, r.Length)
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace(s)
}
