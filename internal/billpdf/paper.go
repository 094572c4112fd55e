package billpdf

import (
	"fmt"
	"io"

	"kvit/internal/pdf"
)

// Paper is a certificate or a statement: who says what of whom, tables, and how to tell that it is genuine.
type Paper struct {
	Title     string // «Справка об отсутствии задолженности»
	Number    string
	Made      string // «26 ноября 2026, 12:40»
	Centre    Centre
	Address   string
	Payer     string
	Lead      string      // the sentence the paper is asked for
	Facts     [][2]string // what, how much
	Tables    []SheetTable
	Notes     []string
	CheckURL  string // of the page that tells whether the paper is genuine, for the code
	CheckHost string // its address in letters
	Digest    string // SHA-256 of the content, hex
	Void      string // «ОТОЗВАНА»: across every page of a paper that holds no more
}

// Measures of a paper in millimetres.
const (
	paperCode = 30.0
	paperRow  = 5.4
)

// paper draws a Paper.
type paper struct {
	page
	doc *Paper
}

// RenderPaper writes the paper as PDF; the same paper gives the same bytes.
func RenderPaper(w io.Writer, d *Paper) error {
	p := &paper{page{canvas: canvas{begin(d.Title+" № "+d.Number, d.Centre.Name)}, doc: &Document{Number: d.Number}, scale: 1}, d}
	p.Foot = p.end
	p.begin()
	p.head()
	p.body()
	for i := range d.Tables {
		p.table(&d.Tables[i])
	}
	p.notes()
	return p.write(w)
}

func (p *paper) begin() {
	p.AddPage()
	if p.doc.Void != "" {
		p.across(p.doc.Void)
	}
	p.SetXY(margin, margin)
}

// fits begins a new page when what follows does not fit.
func (p *paper) fits(height float64) bool {
	if p.Y()+height <= bottom-4 {
		return true
	}
	p.begin()
	return false
}

// head names the centre and the paper; at the right the code of the check.
func (p *paper) head() {
	d := p.doc
	wide := width
	if d.CheckURL != "" {
		wide -= paperCode + 8
		p.code(d.CheckURL, margin+width-paperCode-1, margin+2, paperCode)
		p.SetXY(margin+width-paperCode-8, margin+paperCode+4)
		p.font("", 7.5)
		p.gray(false)
		p.Lines(paperCode+8, 3.4, "Проверить подлинность: "+d.CheckHost, pdf.Right)
	}
	p.SetXY(margin, margin)
	p.font("B", 10.5)
	p.gray(true)
	p.text(wide, 5, d.Centre.Name)
	p.font("", 9)
	p.gray(false)
	p.text(wide, 4.4, join(" · ", label("тел. ", d.Centre.Phone), d.Centre.Hours))
	p.Ln(9)
	p.font("B", 17)
	p.gray(true)
	p.text(wide, 7.6, d.Title)
	p.Ln(1)
	p.font("", 10)
	p.text(wide, 5, "№ "+d.Number+" · "+d.Made)
	p.SetY(max(p.Y(), margin+paperCode+13) + 3)
	p.SetDrawColor(203, 213, 218)
	p.Line(margin, p.Y(), margin+width, p.Y())
	p.Ln(4)
}

func (p *paper) body() {
	d := p.doc
	p.font("B", 13)
	p.text(width, 6.2, d.Address)
	if d.Payer != "" {
		p.font("", 10)
		p.gray(false)
		p.text(width, 5, "Плательщик: "+d.Payer)
		p.gray(true)
	}
	p.Ln(3)
	if d.Lead != "" {
		p.font("", 12.5)
		p.text(width, 6.4, d.Lead)
		p.Ln(2)
	}
	for _, fact := range d.Facts {
		p.fact(fact[0], fact[1])
	}
}

func (p *paper) fact(name, value string) {
	p.font("", 10)
	p.fits(paperRow)
	top := p.Y()
	p.gray(false)
	p.Lines(width*0.45-3, 5, name, pdf.Left)
	low := p.Y()
	p.gray(true)
	p.SetXY(margin+width*0.45, top)
	p.font("B", 10)
	p.Lines(width*0.55, 5, value, pdf.Left)
	p.SetXY(margin, max(low, p.Y())+0.6)
}

func (p *paper) table(t *SheetTable) {
	p.Ln(4)
	p.fits(22)
	p.font("B", 11.5)
	p.text(width, 6, t.Title)
	if len(t.Rows) == 0 {
		p.font("", 10)
		p.gray(false)
		p.text(width, 5, t.Empty)
		p.gray(true)
		return
	}
	columns := p.columns(t)
	p.paperHeader(columns)
	for i, row := range t.Rows {
		p.font("", 9)
		height := paperRow * float64(p.lines(columns, row))
		if t.Total && i == len(t.Rows)-2 {
			height += 2 * paperRow // no total alone on a page
		}
		if !p.fits(height) {
			p.paperHeader(columns)
		}
		p.cells(columns, row, t.Total && i == len(t.Rows)-1)
	}
}

// columns shares the width: figures take what their widest needs, words what theirs do, the first the rest.
func (p *paper) columns(t *SheetTable) []column {
	p.font("B", 9)
	words := len(t.Columns) - t.Numbers
	list, rest := make([]column, len(t.Columns)), width
	for i, title := range t.Columns {
		list[i] = column{title: title, align: pdf.Left}
		if i < words {
			continue
		}
		wide := p.TextWidth(title)
		for _, row := range t.Rows {
			wide = max(wide, p.TextWidth(row[i]))
		}
		list[i].align, list[i].share = pdf.Right, (wide+3.4)/width
		rest -= wide + 3.4
	}
	least := 24.0 * float64(words)
	if rest < least { // so many long figures that words would vanish: figures give way evenly
		for i := words; i < len(list); i++ {
			list[i].share *= (width - least) / (width - rest)
		}
		rest = least
	}
	for i := 1; i < words; i++ { // numbers of accounts and the like stay whole where they can
		wide := p.TextWidth(t.Columns[i])
		for _, row := range t.Rows {
			wide = max(wide, p.TextWidth(row[i]))
		}
		wide = min(wide+3.4, rest*0.62/float64(words-1))
		list[i].share = wide / width
	}
	list[0].share = rest / width
	for i := 1; i < words; i++ {
		list[0].share -= list[i].share
	}
	return list
}

func (p *paper) paperHeader(columns []column) {
	p.font("", 8)
	p.gray(false)
	titles := make([]string, len(columns))
	for i := range columns {
		titles[i] = columns[i].title
	}
	p.wrapped(columns, titles, 4)
	p.gray(true)
	p.SetDrawColor(120, 134, 144)
	p.Line(margin, p.Y(), margin+width, p.Y())
	p.Ln(1)
}

// cells draws a row; words and figures that do not fit go on below: nothing is cut.
func (p *paper) cells(columns []column, cells []string, strong bool) {
	style := ""
	if strong {
		style = "B"
		p.SetDrawColor(120, 134, 144)
		p.Line(margin, p.Y(), margin+width, p.Y())
		p.Ln(0.6)
	}
	p.font(style, 9)
	p.wrapped(columns, cells, 4.6)
	p.Ln(0.8)
}

func (p *paper) wrapped(columns []column, cells []string, height float64) {
	top, low, x := p.Y(), p.Y(), margin
	for i, c := range columns {
		p.SetXY(x, top)
		p.Lines(width*c.share, height, cells[i], c.align)
		low, x = max(low, p.Y()), x+width*c.share
	}
	p.SetXY(margin, low)
}

// lines is how many lines a row takes.
func (p *paper) lines(columns []column, cells []string) (n int) {
	for i, c := range columns {
		n = max(n, len(p.Split(cells[i], width*c.share-2)))
	}
	return max(1, n)
}

func (p *paper) notes() {
	p.Ln(5)
	p.font("", 9)
	p.gray(false)
	for _, n := range p.doc.Notes {
		p.fits(4.4 * float64(len(p.Split(n, width-2))))
		p.text(width, 4.4, n)
		p.Ln(0.8)
	}
	p.gray(true)
}

// end is the foot of every page: a page alone can be checked too.
func (p *paper) end(page, pages int) {
	d := p.doc
	p.SetXY(margin, 297-15)
	p.font("", 7.5)
	p.gray(false)
	p.Cell(width*0.8, 3.6, join(" · ", d.Title+" № "+d.Number, label("проверить: ", d.CheckHost)), pdf.NoBorder, pdf.Left)
	p.CellLn(width*0.2, 3.6, fmt.Sprintf("стр. %d из %d", page, pages), pdf.NoBorder, pdf.Right)
	p.SetX(margin)
	p.Cell(width, 3.6, "Отпечаток SHA-256: "+d.Digest, pdf.NoBorder, pdf.Left)
	p.gray(true)
}
