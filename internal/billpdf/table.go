package billpdf

import (
	"strings"
	"unicode/utf8"

	"kvit/internal/pdf"
)

// column is a column of a table: its title, its share of the width and its side.
type column struct {
	title string
	share float64
	align pdf.Align
}

func (p *page) title(s string) {
	p.room(16)
	p.font("B", 12)
	p.gray(true)
	p.line(width, 7*p.scale, s)
	p.Ln(1)
}

func (p *page) header(columns []column) {
	p.font("", 8)
	p.gray(false)
	for _, c := range columns {
		p.Cell(width*c.share, 5*p.scale, p.fit(c.title, width*c.share), pdf.Under, c.align)
	}
	p.Ln(5 * p.scale)
	p.gray(true)
}

// row draws the cells of a row; the first may take several lines, so that no name is cut.
func (p *page) row(columns []column, cells []string, strong bool) {
	style, border := "", pdf.NoBorder
	if strong {
		style, border = "B", pdf.Over
	}
	p.font(style, 9)
	height := 4.6 * p.scale
	names := p.Split(cells[0], width*columns[0].share-2)
	for n, name := range names {
		for i, c := range columns {
			text := name
			switch {
			case i > 0 && n > 0:
				text = ""
			case i > 0:
				text = p.fit(cells[i], width*c.share-1)
			}
			p.Cell(width*c.share, height, text, border, c.align)
		}
		border = pdf.NoBorder
		p.Ln(height)
	}
	p.Ln(0.8)
}

// deep is how many lines the first cell of a row takes.
func (p *page) deep(c column, text string) int {
	p.font("", 9)
	return max(1, len(p.Split(text, width*c.share-2)))
}

// fit cuts a text that is wider than its cell and ends it with an ellipsis.
func (p *page) fit(s string, wide float64) string {
	if p.TextWidth(s)+2 <= wide {
		return s
	}
	for s != "" && p.TextWidth(s+"…")+2 > wide {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.TrimSpace(s) + "…"
}

func (p *page) line(wide, height float64, s string) {
	p.CellLn(wide, height*p.scale, p.fit(s, wide), pdf.NoBorder, pdf.Left)
}

func (p *page) lineAt(x, wide, height float64, s string) {
	p.SetX(x)
	p.CellLn(wide, height, p.fit(s, wide), pdf.NoBorder, pdf.Left)
}

// text writes a text on as many lines as it needs.
func (p *page) text(wide, height float64, s string) {
	p.Lines(wide, height*p.scale, s, pdf.Left)
}

// detail are the columns of a supplier's lines: from left to right a line adds up.
var detail = []column{{"Услуга", 0.22, pdf.Left}, {"Объём", 0.095, pdf.Right}, {"Тариф", 0.085, pdf.Right}, {"На начало", 0.11, pdf.Right}, {"Начислено", 0.1, pdf.Right}, {"Перерасчёт", 0.1, pdf.Right}, {"Пени", 0.07, pdf.Right}, {"Оплачено", 0.11, pdf.Right}, {"К оплате", 0.11, pdf.Right}}

// supplier draws who he is, where the money goes, his own code, and his lines.
func (p *page) supplier(s *Supplier) {
	p.room(payment + 26*p.scale)
	top := p.Y()
	p.SetDrawColor(203, 213, 218)
	p.Line(margin, top, margin+width, top)
	wide := width - payment - 10
	p.SetXY(margin, top+2)
	p.font("B", 11)
	p.text(wide, 5.4, s.Name)
	p.requisites(s, wide)
	low := p.Y() + 1
	if s.QR != "" {
		p.code(s.QR, margin+width-payment-2, top+4, payment)
		low = max(low, top+payment+8)
	}
	p.SetXY(margin, low)
	p.lines(s)
}

// requisites are what a person compares with another paper before paying.
func (p *page) requisites(s *Supplier, wide float64) {
	p.font("", 8.5)
	p.gray(false)
	for _, t := range []string{
		join(" · ", label("лицевой счёт ", s.Account), s.Fresh),
		join(" · ", label("ИНН ", s.INN), label("КПП ", s.KPP), label("тел. ", s.Phone)),
		join(" · ", label("р/с ", s.BankAccount), label("БИК ", s.BIC)),
		join(" · ", s.Bank, label("к/с ", s.CorrAccount)),
	} {
		if t != "" {
			p.text(wide, 4.2, t)
		}
	}
	if s.QR == "" && !p.doc.Draft {
		p.text(wide, 4.2, "Реквизиты поставщика ещё не получены, поэтому его кода здесь нет.")
	}
	p.gray(true)
	p.font("B", 10)
	p.text(wide, 5.4, "К оплате "+max(0, s.Due).Format())
}

func (p *page) lines(s *Supplier) {
	p.header(detail)
	var all Line
	for i := range s.Lines {
		l := &s.Lines[i]
		if p.room(6 * p.scale * float64(p.deep(detail[0], l.Service))) {
			p.header(detail)
		}
		p.row(detail, l.cells(), false)
		all.add(l)
	}
	if len(s.Lines) > 1 {
		all.Service = "Всего"
		p.row(detail, all.cells(), true)
	}
	p.Ln(4)
}

func label(name, value string) string {
	if value == "" {
		return ""
	}
	return name + value
}

func join(sep string, parts ...string) string {
	var kept []string
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, sep)
}
