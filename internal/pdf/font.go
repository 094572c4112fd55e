package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"
)

// errFont is a font this package does not read: only TrueType outlines with a Unicode map of format 4.
var errFont = errors.New("pdf: not a TrueType font with a Unicode map")

// Font is a parsed TrueType font. It may be used by many files at once.
type Font struct {
	name   string
	tables map[string][]byte
	glyphs []uint16 // by rune of the basic plane; 0 is the glyph of what the font lacks
	widths []int    // by glyph, thousandths of the type's size
	common []bool   // by glyph: is in the subset made once
	runes  []rune   // by glyph: what it says when its text is copied
	loca   []uint32

	once sync.Once
	cut  *subset // of the common glyphs
}

// ParseFont reads a TrueType font. name is its PostScript name. The glyphs of common are embedded in every file by a subset
// made once; a file with other signs gets a subset of its own.
func ParseFont(name string, ttf []byte, common string) (*Font, error) {
	f := &Font{name: name}
	if err := f.readTables(ttf); err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	if err := f.readMetrics(); err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	if err := f.readMap(); err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	f.common = make([]bool, len(f.widths))
	f.common[0] = true
	for _, r := range common {
		f.common[f.glyph(r)] = true
	}
	return f, nil
}

func (f *Font) glyph(r rune) uint16 {
	if int(r) >= len(f.glyphs) {
		return 0
	}
	return f.glyphs[r]
}

// width is how wide a text is, in thousandths of the type's size.
func (f *Font) width(s string) (sum int) {
	for _, r := range s {
		sum += f.widths[f.glyph(r)]
	}
	return sum
}

// tablesNeeded are those a PDF reader draws glyphs by.
var tablesNeeded = []string{"head", "hhea", "hmtx", "maxp", "loca", "glyf", "cmap"}

func (f *Font) readTables(ttf []byte) error {
	if len(ttf) < 12 || binary.BigEndian.Uint32(ttf) != 0x00010000 {
		return errFont
	}
	f.tables = map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		at := 12 + 16*i
		if at+16 > len(ttf) {
			return errFont
		}
		from, size := uint64(binary.BigEndian.Uint32(ttf[at+8:])), uint64(binary.BigEndian.Uint32(ttf[at+12:]))
		if from+size > uint64(len(ttf)) {
			return errFont
		}
		f.tables[string(ttf[at:at+4])] = ttf[from : from+size : from+size]
	}
	for _, name := range tablesNeeded {
		if len(f.tables[name]) < 6 {
			return errFont
		}
	}
	if len(f.tables["head"]) < 54 || len(f.tables["hhea"]) < 36 {
		return errFont
	}
	return nil
}

// unitsPerEm is what the font measures in.
func (f *Font) unitsPerEm() float64 {
	return max(1, float64(binary.BigEndian.Uint16(f.tables["head"][18:])))
}

// scaled is a measure of a table in thousandths of the type's size.
func (f *Font) scaled(table string, at int) int {
	t := f.tables[table]
	if at+2 > len(t) {
		return 0
	}
	return int(float64(int16(binary.BigEndian.Uint16(t[at:]))) * 1000 / f.unitsPerEm())
}

func (f *Font) readMetrics() error {
	count := int(binary.BigEndian.Uint16(f.tables["maxp"][4:]))
	metrics := int(binary.BigEndian.Uint16(f.tables["hhea"][34:]))
	long := binary.BigEndian.Uint16(f.tables["head"][50:]) == 1
	hmtx, loca := f.tables["hmtx"], f.tables["loca"]
	if count == 0 || metrics == 0 || len(hmtx) < 4*metrics || len(loca) < (count+1)*map[bool]int{false: 2, true: 4}[long] {
		return errFont
	}
	f.widths, f.loca = make([]int, count), make([]uint32, count+1)
	for g := range count {
		advance := binary.BigEndian.Uint16(hmtx[4*min(g, metrics-1):])
		f.widths[g] = int(math.Round(float64(advance) * 1000 / f.unitsPerEm()))
	}
	for g := range f.loca {
		if long {
			f.loca[g] = binary.BigEndian.Uint32(loca[4*g:])
		} else {
			f.loca[g] = 2 * uint32(binary.BigEndian.Uint16(loca[2*g:]))
		}
		if g > 0 && f.loca[g] < f.loca[g-1] || int(f.loca[g]) > len(f.tables["glyf"]) {
			return errFont
		}
	}
	return nil
}

// readMap reads the Unicode map: which glyph draws which sign.
func (f *Font) readMap() error {
	cmap := f.tables["cmap"]
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		at := 4 + 8*i
		if at+8 > len(cmap) {
			return errFont
		}
		platform, coding := binary.BigEndian.Uint16(cmap[at:]), binary.BigEndian.Uint16(cmap[at+2:])
		from := int(binary.BigEndian.Uint32(cmap[at+4:]))
		if (platform == 0 || platform == 3 && coding == 1) && from+16 < len(cmap) && binary.BigEndian.Uint16(cmap[from:]) == 4 {
			return f.readSegments(cmap[from:])
		}
	}
	return errFont
}

// readSegments reads a map of format 4 (OpenType, chapter cmap): segments of signs in a row with a shift, or a list.
func (f *Font) readSegments(t []byte) error {
	n := int(binary.BigEndian.Uint16(t[6:])) / 2
	ends, starts := 14, 16+2*n
	deltas, offsets := starts+2*n, starts+4*n
	if offsets+2*n > len(t) {
		return errFont
	}
	at := func(i int) int { return int(binary.BigEndian.Uint16(t[i:])) }
	f.glyphs, f.runes = make([]uint16, 0x10000), make([]rune, len(f.widths))
	for s := range n {
		for r := at(starts + 2*s); r <= at(ends+2*s) && r < 0xFFFF; r++ {
			g := r
			if list := at(offsets + 2*s); list != 0 {
				place := offsets + 2*s + list + 2*(r-at(starts+2*s))
				if place+2 > len(t) {
					continue
				}
				if g = at(place); g == 0 {
					continue
				}
			}
			g = (g + at(deltas+2*s)) & 0xFFFF
			if g >= len(f.widths) {
				return errFont
			}
			f.glyphs[r] = uint16(g)
			if f.runes[g] == 0 {
				f.runes[g] = rune(r)
			}
		}
	}
	return nil
}
