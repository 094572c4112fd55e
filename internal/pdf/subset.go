package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
)

// subset is a font cut to some of its glyphs, in the pieces a file takes as they are.
type subset struct {
	name    string // with the tag of its glyphs (ISO 32000-1, 9.6.4)
	program []byte // the font, squeezed
	size    int    // of the font
	widths  string // of the glyphs
	unicode []byte // what glyphs say when text is copied, squeezed
}

// commonSubset is the subset made once.
func (f *Font) commonSubset() *subset {
	f.once.Do(func() { f.cut = f.subsetOf(f.common) })
	return f.cut
}

// subsetWith is a subset of the common glyphs and others.
func (f *Font) subsetWith(others map[uint16]bool) *subset {
	keep := slices.Clone(f.common)
	for g := range others {
		keep[g] = true
	}
	return f.subsetOf(keep)
}

func (f *Font) subsetOf(shown []bool) *subset {
	keep := slices.Clone(shown)
	for g := range keep {
		if keep[g] {
			f.keepParts(keep, g)
		}
	}
	program := f.cutTo(keep)
	return &subset{name: tag(keep) + "+" + f.name, program: squeezed(program), size: len(program), widths: f.widthList(shown), unicode: squeezed(f.unicodeMap(shown))}
}

// tag names a set of glyphs in six letters: two subsets of one font must not bear one name.
func tag(keep []bool) string {
	h := fnv.New64a()
	for g, k := range keep {
		if k {
			fmt.Fprint(h, g, ",")
		}
	}
	letters := make([]byte, 6)
	for i, n := 0, h.Sum64(); i < len(letters); i, n = i+1, n/26 {
		letters[i] = 'A' + byte(n%26)
	}
	return string(letters)
}

// Flags of a part of a composite glyph (OpenType, chapter glyf).
const (
	partWords = 1 << 0
	partScale = 1 << 3
	partMore  = 1 << 5
	partXY    = 1 << 6
	part2x2   = 1 << 7
	partHints = 1 << 8
)

// keepParts keeps the glyphs a composite glyph is drawn of, as deep as they go.
func (f *Font) keepParts(keep []bool, g int) {
	data := f.tables["glyf"][f.loca[g]:f.loca[g+1]]
	if len(data) < 10 || int16(binary.BigEndian.Uint16(data)) >= 0 {
		return
	}
	for at := 10; at+4 <= len(data); {
		flags, part := binary.BigEndian.Uint16(data[at:]), int(binary.BigEndian.Uint16(data[at+2:]))
		if part < len(keep) && !keep[part] {
			keep[part] = true
			f.keepParts(keep, part)
		}
		if flags&partMore == 0 {
			return
		}
		at += partSize(flags)
	}
}

func partSize(flags uint16) int {
	size := 6
	if flags&partWords != 0 {
		size += 2
	}
	switch {
	case flags&partScale != 0:
		size += 2
	case flags&partXY != 0:
		size += 4
	case flags&part2x2 != 0:
		size += 8
	}
	return size
}

// cutTo is the font without the outlines of other glyphs. Glyphs keep their numbers, so nothing else of the font changes. Hints
// are left out: they are half of the font, and what draws PDF today goes without them.
func (f *Font) cutTo(keep []bool) []byte {
	glyf, loca := []byte{}, make([]byte, 0, 4*len(f.loca))
	for g := range keep {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if keep[g] {
			glyf = appendUnhinted(glyf, f.tables["glyf"][f.loca[g]:f.loca[g+1]])
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head := slices.Clone(f.tables["head"])
	binary.BigEndian.PutUint16(head[50:], 1) // loca of long offsets
	tables := map[string][]byte{"head": head, "glyf": glyf, "loca": loca}
	for _, name := range []string{"hhea", "maxp", "hmtx"} {
		if t := f.tables[name]; t != nil {
			tables[name] = t
		}
	}
	return assemble(tables)
}

// appendUnhinted writes a glyph without its hints.
func appendUnhinted(out, glyph []byte) []byte {
	if len(glyph) < 10 {
		return append(out, glyph...)
	}
	contours := int(int16(binary.BigEndian.Uint16(glyph)))
	if contours < 0 {
		return appendParts(out, glyph)
	}
	at := 10 + 2*contours
	if at+2 > len(glyph) {
		return append(out, glyph...)
	}
	hints := int(binary.BigEndian.Uint16(glyph[at:]))
	if at+2+hints > len(glyph) {
		return append(out, glyph...)
	}
	out = append(append(out, glyph[:at]...), 0, 0)
	return append(out, glyph[at+2+hints:]...)
}

// appendParts writes a composite glyph without its hints, which stand after its last part.
func appendParts(out, glyph []byte) []byte {
	out = append(out, glyph[:10]...)
	for at := 10; at+4 <= len(glyph); {
		flags := binary.BigEndian.Uint16(glyph[at:])
		end := min(len(glyph), at+partSize(flags))
		out = binary.BigEndian.AppendUint16(out, flags&^partHints)
		out = append(out, glyph[at+2:end]...)
		if flags&partMore == 0 {
			break
		}
		at = end
	}
	return out
}

// assemble writes tables as a font file with their checksums.
func assemble(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	power, log := 1, 0
	for power*2 <= len(names) {
		power, log = power*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{len(names), power * 16, log, (len(names) - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := len(out) + 16*len(names)
	var data []byte
	for _, name := range names {
		t := tables[name]
		out = append(out, name...)
		for _, v := range []uint32{checksum(t), uint32(at + len(data)), uint32(len(t))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		data = append(data, t...)
		data = append(data, make([]byte, -len(data)&3)...)
	}
	return append(out, data...)
}

func checksum(t []byte) (sum uint32) {
	for ; len(t) >= 4; t = t[4:] {
		sum += binary.BigEndian.Uint32(t)
	}
	var rest [4]byte
	copy(rest[:], t)
	return sum + binary.BigEndian.Uint32(rest[:])
}

// widthList is the /W array of the shown glyphs (ISO 32000-1, 9.7.4.3).
func (f *Font) widthList(shown []bool) string {
	var b bytes.Buffer
	for g := 0; g < len(shown); g++ {
		if !shown[g] {
			continue
		}
		fmt.Fprintf(&b, "%d[", g)
		for ; g < len(shown) && shown[g]; g++ {
			fmt.Fprintf(&b, "%d ", f.widths[g])
		}
		b.WriteByte(']')
	}
	return b.String()
}

// unicodeMap is the ToUnicode map of the shown glyphs (ISO 32000-1, 9.10.3), a hundred a block as it demands.
func (f *Font) unicodeMap(shown []bool) []byte {
	var rows []string
	for g, s := range shown {
		if s && f.runes[g] != 0 {
			rows = append(rows, fmt.Sprintf("<%04X> <%04X>\n", g, f.runes[g]))
		}
	}
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for block := range slices.Chunk(rows, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for _, row := range block {
			b.WriteString(row)
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
