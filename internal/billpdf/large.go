package billpdf

import "kvit/internal/pdf"

// The large print: nothing below 16 points, two pages for a usual household. The first says how much, by when and how to pay,
// the second who gets how much. How it was counted is in the ordinary document, which the large one names.

// Sizes of the large print, in points, and what it keeps free for the foot.
const (
	largeText  = 16.0
	largeTitle = 20.0
	largeSum   = 44.0
	largeFoot  = 30.0 // millimetres
)

func (p *page) large() {
	d := p.doc
	p.next()
	p.largeHead()
	p.font("B", largeTitle)
	p.text(width, 9, d.Address)
	p.font("", largeText)
	p.text(width, 7.5, join(", ", d.Payer, label("ЕЛС ", d.UnifiedNo)))
	p.Ln(4)
	p.largeSum()
	p.largePay()
	p.largeTotals()
	p.largeEnd()
	p.next()
	p.font("B", largeTitle)
	p.text(width, 9, "Кому и сколько")
	p.Ln(2)
	p.largeRecipients()
	p.largeEnd()
}

func (p *page) largeHead() {
	d := p.doc
	p.font("B", largeTitle)
	name := "Счёт за "
	if d.Draft {
		name = "Проект счёта за "
	}
	p.text(width, 9, name+d.Month)
	p.font("", largeText)
	p.text(width, 7.5, join(", ", d.Centre.Name, label("телефон ", d.Centre.Phone), d.Centre.Hours))
	p.Ln(5)
}

func (p *page) largeSum() {
	d := p.doc
	p.font("", largeText)
	p.text(width, 7.5, "К оплате")
	size := largeSum
	p.font("B", size)
	for p.TextWidth(d.Total.Format()) > width && size > largeTitle {
		size -= 2
		p.font("B", size)
	}
	p.text(width, 19, d.Total.Format())
	p.font("B", largeTitle)
	switch {
	case d.Total == 0:
		p.text(width, 9, "Платить ничего не нужно")
	case d.DueDate != "":
		p.text(width, 9, "до "+d.DueDate+" включительно")
	}
	p.font("", largeText)
	if d.DueNote != "" && d.Total > 0 {
		p.text(width, 7.5, d.DueNote)
	}
	if d.Advance > 0 {
		p.text(width, 7.5, "Переплата у поставщиков: "+d.Advance.Format())
	}
	p.Ln(5)
}

// largePay is how to pay: by the code, or by number and code typed.
func (p *page) largePay() {
	d := p.doc
	if d.PayURL == "" {
		return
	}
	top := p.Y()
	side := basket + 12
	wide := width - side - 10
	p.SetXY(margin, top)
	p.font("", largeText)
	p.text(wide, 7.5, "Весь счёт одним платежом, без комиссии – по коду справа. Код ведёт на "+d.PayHost)
	p.Ln(3)
	if d.EntryNo != "" {
		p.text(wide, 7.5, "Без камеры: лицевой счёт")
		p.font("B", largeTitle)
		p.text(wide, 9, d.EntryNo)
		p.font("", largeText)
		p.text(wide, 7.5, "код для входа на сайт")
		p.font("B", largeTitle)
		p.text(wide, 9, d.EntryCode)
	}
	p.code(d.PayURL, margin+width-side, top+4, side)
	p.SetXY(margin, max(p.Y(), top+side+10))
}

// largeRecipients lists suppliers, a name on lines of its own when it is long.
func (p *page) largeRecipients() {
	for i := range p.doc.Suppliers {
		s := &p.doc.Suppliers[i]
		p.font("", largeText)
		names := p.Split(s.label(), width-48)
		if p.Y()+float64(len(names)+1)*7.5+4 > 297-largeFoot {
			p.largeEnd()
			p.next()
		}
		top := p.Y()
		p.text(width-48, 7.5, s.label())
		p.text(width-48, 7.5, label("счёт ", s.Account))
		low := p.Y()
		p.SetXY(margin+width-48, top)
		p.font("B", largeText)
		p.Cell(48, 7.5, max(0, s.Due).Format(), pdf.NoBorder, pdf.Right)
		p.SetDrawColor(203, 213, 218)
		p.Line(margin, low+1.5, margin+width, low+1.5)
		p.SetXY(margin, low+3)
	}
	p.largeRow("Итого к оплате", p.doc.Total.Format(), "B")
}

// largeTotals are the way from the month's beginning to what is due.
func (p *page) largeTotals() {
	d := p.doc
	if p.Y()+6*9 > 297-largeFoot {
		p.largeEnd()
		p.next()
	}
	for _, f := range []figure{{"Было на начало", d.Opening}, {"Начислено", d.Charge}, {"Перерасчёт", d.Recalc}, {"Пени", d.Penalty}, {"Оплачено", -d.Paid}} {
		if f.sum != 0 || f.name == "Начислено" {
			p.largeRow(f.name, f.sum.Format(), "")
		}
	}
}

func (p *page) largeRow(name, sum, style string) {
	p.font(style, largeText)
	p.Cell(width-60, 9, name, pdf.NoBorder, pdf.Left)
	p.CellLn(60, 9, sum, pdf.NoBorder, pdf.Right)
}

// largeEnd is the foot of a page: it too is read without glasses.
func (p *page) largeEnd() {
	d := p.doc
	p.font("", largeText)
	p.SetXY(margin, 297-largeFoot+4)
	p.text(width, 7, join(", ", "Документ № "+d.Number, label("код проверки ", d.CheckCode), label("проверить: ", d.CheckHost)))
}
