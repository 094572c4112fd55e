package billpdf

import (
	_ "embed"
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

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
)

// epoch is the date written into every file: documents with equal content are equal bytes.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// page draws one document after another.
type page struct {
	*fpdf.Fpdf
	doc    *Document
	scale  float64 // of type: 1, or more for large print
	number int     // of the page inside the document
}

// Render writes the documents into one PDF: one household, or a whole house.
func Render(w io.Writer, docs []Document) error {
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes("pt", "", regular)
	f.AddUTF8FontFromBytes("pt", "B", bold)
	f.SetCreationDate(epoch)
	f.SetModificationDate(epoch)
	f.SetCatalogSort(true)
	f.SetTitle("Платёжный документ за ЖКУ", true)
	f.SetLang("ru-RU")
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(false, 0)
	p := &page{Fpdf: f}
	for i := range docs {
		p.document(&docs[i])
	}
	if err := f.Output(w); err != nil {
		return fmt.Errorf("draw bill: %w", err)
	}
	return nil
}

func (p *page) document(d *Document) {
	p.doc, p.scale, p.number = d, 1, 0
	if d.LargePrint {
		p.scale = 1.5
	}
	p.next()
	p.head()
	p.sum()
	p.totals()
	p.summary()
	p.notes()
	p.foot()
	p.next()
	p.title("Расчёт по поставщикам")
	for i := range d.Suppliers {
		p.supplier(&d.Suppliers[i])
	}
	p.foot()
}

func (p *page) next() {
	p.AddPage()
	p.number++
	p.SetXY(margin, margin)
}

// room begins a new page when what follows does not fit.
func (p *page) room(height float64) bool {
	if p.GetY()+height <= bottom {
		return false
	}
	p.foot()
	p.next()
	return true
}

func (p *page) font(style string, size float64) { p.SetFont("pt", style, size*p.scale) }

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
	p.CellFormat(width*0.75, 4, fmt.Sprintf("Документ %s · %s · код проверки %s", p.doc.Number, p.doc.Moment, p.doc.CheckCode), "", 0, "L", false, 0, "")
	p.CellFormat(width*0.25, 4, fmt.Sprintf("стр. %d", p.number), "", 0, "R", false, 0, "")
	p.gray(true)
}

func (p *page) head() {
	d := p.doc
	p.gray(false)
	p.font("", 9)
	p.line(width, 4.5, "Платёжный документ для внесения платы за жилое помещение и коммунальные услуги")
	p.line(width, 4.5, join(" · ", d.Centre.Name, d.Centre.Phone, d.Centre.Hours))
	p.Ln(3)
	p.gray(true)
	p.font("B", 15)
	p.text(width, 7, d.Address)
	p.font("", 10)
	p.gray(false)
	p.line(width, 5, join(" · ", label("Плательщик: ", d.Payer), label("ЕЛС ", d.UnifiedNo), label("площадь ", d.Area), label("проживают: ", d.Residents)))
	p.Ln(4)
}

// sum is what a person looks for: how much, until when, one code for everything.
func (p *page) sum() {
	d := p.doc
	top := p.GetY()
	p.SetFillColor(243, 246, 247)
	p.Rect(margin, top, width, basket+10, "F")
	left := margin + 6
	wide := width - basket - 20
	p.SetXY(left, top+6)
	p.gray(false)
	p.font("", 11)
	p.lineAt(left, wide, 6, "К оплате за "+d.Month)
	p.gray(true)
	size := 32.0
	p.font("B", size)
	for p.GetStringWidth(d.Total.Format()) > wide && size > 16 {
		size -= 2
		p.font("B", size)
	}
	p.lineAt(left, wide, size*p.scale*0.42, d.Total.Format())
	p.font("B", 12)
	if d.DueDate != "" {
		p.lineAt(left, wide, 7, "до "+d.DueDate+" включительно")
	}
	p.font("", 9)
	p.gray(false)
	if d.DueNote != "" {
		p.lineAt(left, wide, 5, d.DueNote)
	}
	if d.Advance > 0 {
		p.lineAt(left, wide, 5, "Аванс: "+d.Advance.Format())
	}
	if d.PayURL != "" {
		p.lineAt(left, wide, 5, "Весь счёт одним платежом – по коду справа.")
		p.code(d.PayURL, margin+width-basket-5, top+5, basket)
	}
	p.gray(true)
	p.SetXY(margin, top+basket+14)
}

func (p *page) totals() {
	d := p.doc
	p.font("", 9.5)
	for _, row := range [][2]string{{"Было на начало", d.Opening.Format()}, {"Начислено", d.Charge.Format()}, {"Перерасчёты", d.Recalc.Format()}, {"Пени", d.Penalty.Format()}, {"Оплачено", d.Paid.Format()}} {
		p.CellFormat(width*0.25, 5*p.scale, row[0], "", 0, "L", false, 0, "")
		p.CellFormat(width*0.2, 5*p.scale, row[1], "", 1, "R", false, 0, "")
	}
	p.Ln(4)
}

// summary lists the recipients with their shares.
func (p *page) summary() {
	p.title("Кому и сколько")
	columns := []column{{"Поставщик", 0.5, "L"}, {"Лицевой счёт", 0.28, "L"}, {"К оплате, ₽", 0.22, "R"}}
	p.header(columns)
	for i := range p.doc.Suppliers {
		s := &p.doc.Suppliers[i]
		if p.room(6 * p.scale) {
			p.header(columns)
		}
		p.row(columns, []string{s.Name, s.Account, s.Due.FormatBare()}, false)
	}
	p.row(columns, []string{"Итого к оплате", "", p.doc.Total.FormatBare()}, true)
	p.Ln(4)
}

func (p *page) notes() {
	p.font("", 8.5)
	p.gray(false)
	for _, n := range p.doc.Notes {
		p.room(10)
		p.text(width, 4.2, n)
		p.Ln(1)
	}
	p.gray(true)
}

func (p *page) code(text string, x, y, side float64) {
	m, err := qr.Encode(text)
	if err != nil {
		p.SetError(err)
		return
	}
	module := side / float64(m.Size)
	p.SetFillColor(255, 255, 255)
	p.Rect(x-4*module, y-4*module, side+8*module, side+8*module, "F")
	p.SetFillColor(0, 0, 0)
	for _, r := range m.Runs() {
		p.Rect(x+float64(r.X)*module, y+float64(r.Y)*module, float64(r.Length)*module, module, "F")
	}
}
