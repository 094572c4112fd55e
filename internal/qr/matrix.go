package qr

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the width of the empty margin around a code, in modules (ISO/IEC 18004).
const quiet = 4

// Matrix is a code ready to be drawn.
type Matrix struct {
	code *qr.Code
	Size int // modules a side, without the margin
}

// Encode makes the matrix of a text with medium correction.
func Encode(text string) (Matrix, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return Matrix{}, fmt.Errorf("qr: %w", err)
	}
	return Matrix{c, c.Size}, nil
}

// Black tells a module's colour.
func (m Matrix) Black(x, y int) bool { return m.code.Black(x, y) }

// Run is a horizontal row of black modules.
type Run struct{ X, Y, Length int }

// Runs lists the black modules as rows: a picture draws far fewer shapes than modules.
func (m Matrix) Runs() []Run {
	var runs []Run
	for y := range m.Size {
		for x := 0; x < m.Size; {
			if !m.Black(x, y) {
				x++
				continue
			}
			start := x
			for x < m.Size && m.Black(x, y) {
				x++
			}
			runs = append(runs, Run{start, y, x - start})
		}
	}
	return runs
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
