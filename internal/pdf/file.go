// Package pdf writes PDF files of A4 pages: text in embedded fonts, lines, filled shapes.
//
// Owns: the format (ISO 32000-1), the cut of fonts, where a text breaks. Does not own: what stands where. Invariants: the same
// calls give the same bytes; a font is parsed and cut once for all files (docs/decisions/0013); text can be selected and copied.
// Measures are millimetres from the upper left corner, type in points.
package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"sync"
	"unicode/utf16"
)

// A page of A4 in points, and points in a millimetre.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	perMM      = 72 / 25.4
)

// Info is what a file says of itself.
type Info struct {
	Title, Author, Lang string
	Made                string // «20260101000000»: one of its content, so that equal files are equal bytes
}

// File is a PDF that is being drawn. It is not safe for use by several at once.
type File struct {
	Foot   func(page, pages int) // draws the foot of a page when the file ends; nil: pages have none
	Bottom float64               // a cell that would end below begins a new page; 0: never

	info   Info
	margin float64
	page   *bytes.Buffer
	spare  *bytes.Buffer // of the page before, to be used again
	pages  [][]byte      // deflated; as they were drawn when they wait for their foot
	pen
	used  []*usedFont
	masks []mask
}

// usedFont is a font of the file.
type usedFont struct {
	*Font
	others map[uint16]bool // glyphs beyond the common ones
}

// New begins a file with a left and upper margin.
func New(info Info, margin float64) *File {
	return &File{info: info, margin: margin}
}

// AddPage begins a page; font and colours go on, the next thing stands in the corner of the margins.
func (f *File) AddPage() {
	f.endPage()
	if f.page, f.spare = f.spare, nil; f.page == nil {
		f.page = new(bytes.Buffer)
	}
	f.page.WriteString("0.57 w\n")
	f.x, f.y = f.margin, f.margin
	f.drawn = style{}
}

// endPage puts the page to the others: pages without a foot are deflated now, so that a long file stays small in memory.
func (f *File) endPage() {
	if f.page == nil {
		return
	}
	content := f.page.Bytes()
	if f.Foot == nil {
		content = deflated(content)
		f.page.Reset()
		f.spare = f.page
	}
	f.pages, f.page = append(f.pages, content), nil
}

// WriteTo ends the file and writes it.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	if f.page == nil && len(f.pages) == 0 {
		f.AddPage() // a file without pages is none
	}
	f.endPage()
	f.feet()
	out := &output{}
	out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	// 1 the catalogue, 2 the pages, 3 the resources, 4 the file itself, then five objects a font, two a page, one a mask.
	first := 5 + 5*len(f.used)
	masks := first + 2*len(f.pages)
	out.object(1, fmt.Sprintf("<</Type/Catalog/Pages 2 0 R/Lang(%s)>>", f.info.Lang))
	out.object(2, f.tree(first))
	out.object(3, f.resources(masks))
	out.object(4, fmt.Sprintf("<</Producer(Kvit)/Title%s/Author%s/CreationDate(D:%s)/ModDate(D:%[3]s)>>", words(f.info.Title), words(f.info.Author), f.info.Made))
	for i, u := range f.used {
		out.font(5+5*i, u)
	}
	for i, content := range f.pages {
		out.object(first+2*i, fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R>>", first+2*i+1))
		out.stream(first+2*i+1, "", content)
	}
	for i := range f.masks {
		out.mask(masks+i, &f.masks[i])
	}
	out.end()
	return out.Buffer.WriteTo(w)
}

// feet draws the feet of the pages, now that it is known how many they are.
func (f *File) feet() {
	if f.Foot == nil {
		return
	}
	f.Bottom = 0 // a foot stands below it
	for i, content := range f.pages {
		f.page, f.drawn = bytes.NewBuffer(content), style{}
		f.Foot(i+1, len(f.pages))
		f.pages[i] = deflated(f.page.Bytes())
	}
	f.page = nil
}

// tree lists the pages; what all have in common they inherit.
func (f *File) tree(first int) string {
	var b bytes.Buffer
	b.WriteString("<</Type/Pages/Kids[")
	for i := range f.pages {
		fmt.Fprintf(&b, "%d 0 R ", first+2*i)
	}
	fmt.Fprintf(&b, "]/Count %d/MediaBox[0 0 %.2f %.2f]/Resources 3 0 R>>", len(f.pages), pageWidth, pageHeight)
	return b.String()
}

// resources are fonts and masks by the names pages call them; masks is the number of the first one.
func (f *File) resources(masks int) string {
	var b bytes.Buffer
	b.WriteString("<</ProcSet[/PDF/Text/ImageB]/Font<<")
	for i := range f.used {
		fmt.Fprintf(&b, "/F%d %d 0 R", i, 5+5*i)
	}
	b.WriteString(">>/XObject<<")
	for i := range f.masks {
		fmt.Fprintf(&b, "/M%d %d 0 R", i, masks+i)
	}
	b.WriteString(">>>>")
	return b.String()
}

// output is a file as its objects are written.
type output struct {
	bytes.Buffer
	places []int // of objects, by number
}

func (o *output) begin(n int) {
	for len(o.places) <= n {
		o.places = append(o.places, 0)
	}
	o.places[n] = o.Len()
	fmt.Fprintf(o, "%d 0 obj\n", n)
}

func (o *output) object(n int, text string) {
	o.begin(n)
	o.WriteString(text)
	o.WriteString("\nendobj\n")
}

// stream writes deflated bytes as an object.
func (o *output) stream(n int, attributes string, content []byte) {
	o.begin(n)
	fmt.Fprintf(o, "<</Filter/FlateDecode/Length %d%s>>\nstream\n", len(content), attributes)
	o.Write(content)
	o.WriteString("\nendstream\nendobj\n")
}

// mask writes a mask as it is: its bits are as good as random, nothing makes them fewer.
func (o *output) mask(n int, m *mask) {
	o.begin(n)
	fmt.Fprintf(o, "<</Type/XObject/Subtype/Image/Width %d/Height %[1]d/ImageMask true/Decode[1 0]/BitsPerComponent 1/Length %d>>\nstream\n", m.size, len(m.bits))
	o.Write(m.bits)
	o.WriteString("\nendstream\nendobj\n")
}

// font writes the five objects of a font: as text names it, its glyphs, its measures, its program, its Unicode map.
func (o *output) font(n int, u *usedFont) {
	s := u.commonSubset()
	if len(u.others) > 0 {
		s = u.subsetWith(u.others)
	}
	o.object(n, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", s.name, n+1, n+4))
	o.object(n+1, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW %d/W[%s]>>",
		s.name, n+2, u.widths[0], s.widths))
	o.object(n+2, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %d 0 R>>",
		s.name, u.scaled("head", 36), u.scaled("head", 38), u.scaled("head", 40), u.scaled("head", 42), u.scaled("hhea", 4), u.scaled("hhea", 6), u.scaled("OS/2", 88), n+3))
	o.stream(n+3, fmt.Sprintf("/Length1 %d", s.size), s.program)
	o.stream(n+4, "", s.unicode)
}

// end writes where objects are.
func (o *output) end() {
	from := o.Len()
	fmt.Fprintf(o, "xref\n0 %d\n0000000000 65535 f \n", len(o.places))
	for _, place := range o.places[1:] {
		fmt.Fprintf(o, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(o, "trailer\n<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(o.places), from)
}

// words are a text of the file's own description: UTF-16 with its mark.
func words(s string) string {
	var b bytes.Buffer
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteByte('>')
	return b.String()
}

// deflaters are kept: one takes a megabyte to begin.
var deflaters = sync.Pool{New: func() any {
	z, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed) // a level it knows
	return &deflater{z: z}
}}

// deflater deflates pages one after another.
type deflater struct {
	z   *zlib.Writer
	out bytes.Buffer
}

// deflated is a page for the file, deflated at speed: a better level takes three times as long as all drawing.
func deflated(content []byte) []byte {
	d := deflaters.Get().(*deflater)
	defer deflaters.Put(d)
	d.out.Reset()
	d.z.Reset(&d.out)
	_, _ = d.z.Write(content) // memory does not fail
	_ = d.z.Close()
	return bytes.Clone(d.out.Bytes())
}

// squeezed is what is deflated once and written into every file.
func squeezed(content []byte) []byte {
	var out bytes.Buffer
	z, _ := zlib.NewWriterLevel(&out, zlib.BestCompression) // a level it knows
	_, _ = z.Write(content)                                 // memory does not fail
	_ = z.Close()
	return out.Bytes()
}
