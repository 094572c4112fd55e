package billpdf

import (
	_ "embed"
	"fmt"
	"io"
	"sync"

	"kvit/internal/pdf"
	"kvit/internal/qr"
)

//go:embed fonts/PTS55F.ttf
var regular []byte

//go:embed fonts/PTS75F.ttf
var bold []byte

// Page geometry in millimetres.
const (
	margin  = 14.0
	width   = 210.0 - 2*margin
	bottom  = 297.0 - 16.0
	basket  = 46.0 // side of the basket's code
	payment = 30.0 // side of a supplier's code
	entry   = 52.0 // width of the corner with number and code
)

// epoch is the date written into every file: documents with equal content are equal bytes.
const epoch = "20260101000000"

// usual are the signs of a Russian bill: other ones are drawn too, but their file carries a cut of the font of its own.
const usual = " !\"#%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz|~\u00a0§«»°±²³·×–—’“”„…−№₽" +
	"АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя"

// faces are the fonts, read once.
var faces = sync.OnceValue(func() (list [2]*pdf.Font) {
	for i, ttf := range [][]byte{regular, bold} {
		var err error
		if list[i], err = pdf.ParseFont([]string{"PTSans-Regular", "PTSans-Bold"}[i], ttf, usual); err != nil {
			panic(err) // the vendored files, which a test holds
		}
	}
	return list
})

// face is the font of a style: "B" is bold.
func face(style string) *pdf.Font {
	if style == "B" {
		return faces()[1]
	}
	return faces()[0]
}

// begin begins a file.
func begin(title, author string) *pdf.File {
	return pdf.New(pdf.Info{Title: title, Author: author, Lang: "ru-RU", Made: epoch}, margin)
}

// page draws one document after another.
type page struct {
	canvas
	doc    *Document
	scale  float64 // of type: 1, or more for large print
	number int     // of the page inside the document
	err    error   // of the first code that could not be made
}

// Render writes the documents into one PDF: one household, or a whole house.
func Render(w io.Writer, docs []Document) error {
	p := &page{canvas: canvas{begin("Платёжный документ за ЖКУ", "")}}
	for i := range docs {
		p.document(&docs[i])
	}
	return p.write(w)
}

// write writes what was drawn, if all of it could be.
func (p *page) write(w io.Writer) error {
	if p.err != nil {
		return fmt.Errorf("draw: %w", p.err)
	}
	if _, err := p.WriteTo(w); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}

// document draws one bill: the first page is to pay by, the second says how it was counted. The parts are those of
// the form of Приказ Минстроя 26.01.2018 № 43/пр, as far as there are data for them.
func (p *page) document(d *Document) {
	p.doc, p.scale, p.number = d, 1, 0
	if d.LargePrint {
		p.large()
		return
	}
	p.next()
	p.head()
	p.payer()
	p.sum()
	p.totals()
	p.summary()
	p.whole()
	p.foot()
	p.next()
	p.title("2. Показания приборов учёта")
	p.remark("Показания в этот документ не вошли. Объём каждой услуги указан в разделе 3.")
	p.title("3. Расчёт размера платы")
	for i := range d.Suppliers {
		p.supplier(&d.Suppliers[i])
	}
	p.title("4. Справочная информация")
	p.notes()
	p.title("5. Рассрочка платежей")
	p.plans()
	p.foot()
	if d.Duplex && p.number%2 == 1 {
		p.AddPage() // the next household's bill begins on a leaf of its own
	}
}

func (p *page) next() {
	p.AddPage()
	p.number++
	switch {
	case p.doc.Draft:
		p.across("ПРОЕКТ")
	case p.doc.Void != "":
		p.across(p.doc.Void)
	}
	p.SetXY(margin, margin)
}

// across writes a word in large pale letters over the page, under everything else.
func (p *page) across(word string) {
	p.SetFont(face("B"), 110)
	p.SetTextColor(224, 229, 233)
	p.Rotated(52, 105, 148.5, word)
	p.gray(true)
}

// room begins a new page when what follows does not fit.
func (p *page) room(height float64) bool {
	if p.Y()+height <= bottom {
		return false
	}
	p.foot()
	p.next()
	return true
}

func (p *page) font(style string, size float64) { p.SetFont(face(style), size*p.scale) }

func (p *page) gray(dark bool) {
	if dark {
		p.SetTextColor(21, 33, 43)
		return
	}
	p.SetTextColor(74, 89, 101)
}

func (p *page) foot() {
	p.font("", 7.5)
	p.gray(false)
	y := 297.0 - 12
	p.SetXY(margin, y)
	p.Cell(width*0.75, 4, join(" · ", "Документ "+p.doc.Number, p.doc.Moment, label("код проверки ", p.doc.CheckCode), label("проверить: ", p.doc.CheckHost)), pdf.NoBorder, pdf.Left)
	p.Cell(width*0.25, 4, fmt.Sprintf("стр. %d", p.number), pdf.NoBorder, pdf.Right)
	p.gray(true)
}

// remark is a part of the form without data: it says so.
// plans tells of debts put off into parts.
func (p *page) plans() {
	if len(p.doc.Plans) == 0 {
		p.remark("Данных о рассрочке нет.")
		return
	}
	for i := range p.doc.Plans {
		p.room(20)
		p.remark(p.doc.Plans[i].Title)
		for _, part := range p.doc.Plans[i].Parts {
			p.room(8)
			p.remark("    " + part)
		}
	}
}

func (p *page) remark(s string) {
	p.font("", 8.5)
	p.gray(false)
	p.text(width, 4.2, s)
	p.gray(true)
	p.Ln(3)
}

func (p *page) code(text string, x, y, side float64) {
	m, err := qr.Encode(text)
	if err != nil {
		if p.err == nil {
			p.err = err
		}
		return
	}
	module := side / float64(m.Size)
	p.SetFillColor(255, 255, 255)
	p.Rect(x-4*module, y-4*module, side+8*module, side+8*module)
	p.SetFillColor(0, 0, 0)
	if p.doc.Duplex {
		p.Mask(x, y, side, m.Size, m.Bits())
		return
	}
	grid := p.Grid(x, y, module)
	for _, r := range m.Runs() {
		grid.Row(r.X, r.Y, r.Length)
	}
	grid.Fill()
}
