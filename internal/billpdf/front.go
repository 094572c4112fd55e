package billpdf

import (
	"kvit/internal/money"
	"kvit/internal/pdf"
)

// head names the document; at the right, where people look first, number and code for who has no camera.
func (p *page) head() {
	d := p.doc
	wide := width
	if d.EntryCode != "" {
		wide -= entry + 4
		p.entry()
	}
	p.SetXY(margin, margin)
	p.font("B", 13)
	name := "Платёжный документ за "
	if d.Draft {
		name = "Проект платёжного документа за "
	}
	p.text(wide, 6, name+d.Month)
	p.font("", 8.5)
	p.gray(false)
	p.text(wide, 4.2, "для внесения платы за жилое помещение и коммунальные услуги")
	p.text(wide, 4.2, join(" · ", d.Centre.Name, label("тел. ", d.Centre.Phone), d.Centre.Hours))
	p.gray(true)
	p.SetY(max(p.Y(), margin+17) + 3)
}

// entry is the corner with what the first page of the site asks for.
func (p *page) entry() {
	x := margin + width - entry
	p.SetXY(x, margin)
	for _, row := range [][2]string{{"Лицевой счёт", p.doc.EntryNo}, {"Код для входа на сайт", p.doc.EntryCode}} {
		p.font("", 8)
		p.gray(false)
		p.SetX(x)
		p.CellLn(entry, 3.6, row[0], pdf.NoBorder, pdf.Right)
		p.gray(true)
		p.font("B", 11)
		p.SetX(x)
		p.CellLn(entry, 5, p.fit(row[1], entry), pdf.NoBorder, pdf.Right)
	}
}

// payer is part 1 of the form.
func (p *page) payer() {
	d := p.doc
	p.title("1. Сведения о плательщике и исполнителях услуг")
	p.font("B", 14)
	p.text(width, 6.5, d.Address)
	p.font("", 9.5)
	p.gray(false)
	if line := join(" · ", label("Плательщик: ", d.Payer), label("ЕЛС ", d.UnifiedNo), label("площадь ", d.Area), label("проживают: ", d.Residents)); line != "" {
		p.text(width, 4.8, line)
	}
	p.gray(true)
	p.Ln(3)
}

// sum is what the eye must find at once: how much, until when, by which code.
func (p *page) sum() {
	d := p.doc
	top := p.Y()
	p.SetFillColor(243, 246, 247)
	p.Rect(margin, top, width, basket+12)
	left := margin + 6
	wide := width - basket - 22
	p.SetXY(left, top+6)
	p.gray(false)
	p.font("", 11)
	p.lineAt(left, wide, 6, "К оплате за "+d.Month)
	p.gray(true)
	size := 32.0
	p.font("B", size)
	for p.TextWidth(d.Total.Format()) > wide && size > 16 {
		size -= 2
		p.font("B", size)
	}
	p.lineAt(left, wide, size*p.scale*0.42, d.Total.Format())
	p.term(left, wide)
	p.font("", 9)
	p.gray(false)
	if d.PayURL != "" {
		p.lineAt(left, wide, 5, "Весь счёт одним платежом, без комиссии – по коду справа.")
		p.lineAt(left, wide, 5, "Код ведёт на "+d.PayHost)
		p.code(d.PayURL, margin+width-basket-7, top+6, basket)
	}
	p.gray(true)
	p.SetXY(margin, top+basket+15)
}

// term says until when; of a bill with nothing to pay, that nothing is to be done.
func (p *page) term(left, wide float64) {
	d := p.doc
	p.font("B", 12)
	switch {
	case d.Total == 0:
		p.lineAt(left, wide, 7, "Платить ничего не нужно")
	case d.DueDate != "":
		p.lineAt(left, wide, 7, "до "+d.DueDate+" включительно")
	}
	p.font("", 9)
	p.gray(false)
	if d.DueNote != "" && d.Total > 0 {
		p.lineAt(left, wide, 5, d.DueNote)
	}
	if d.Advance > 0 {
		p.lineAt(left, wide, 5, "Переплата у поставщиков: "+d.Advance.Format())
	}
}

// figure is a sum with its name.
type figure struct {
	name string
	sum  money.Amount
}

// totals are the way from the month's beginning to what is due, in one row.
func (p *page) totals() {
	d := p.doc
	cells := []figure{{"Было на начало", d.Opening}, {"Начислено", d.Charge}, {"Перерасчёт", d.Recalc}, {"Пени", d.Penalty}, {"Оплачено", -d.Paid}}
	if d.Advance > 0 {
		cells = append(cells, figure{"Переплата", d.Advance})
	}
	cells = append(cells, figure{"К оплате", d.Total})
	columns := make([]column, len(cells))
	figures := make([]string, len(cells))
	for i, c := range cells {
		columns[i], figures[i] = column{c.name, 1 / float64(len(cells)), pdf.Right}, c.sum.FormatBare()
	}
	p.header(columns)
	p.row(columns, figures, false)
	p.Ln(3)
}

// summary is who gets how much; an overpayment stands beside, it pays no other supplier's bill.
func (p *page) summary() {
	p.title("Информация для внесения платы получателям")
	columns := []column{{"Поставщик", 0.46, pdf.Left}, {"Лицевой счёт", 0.22, pdf.Left}, {"Начислено, ₽", 0.16, pdf.Right}, {"К оплате, ₽", 0.16, pdf.Right}}
	p.header(columns)
	for i := range p.doc.Suppliers {
		s := &p.doc.Suppliers[i]
		if p.room(6 * p.scale * float64(p.deep(columns[0], s.label()))) {
			p.header(columns)
		}
		p.row(columns, []string{s.label(), s.Account, s.charged().FormatBare(), max(0, s.Due).FormatBare()}, false)
	}
	p.row(columns, []string{"Итого к оплате", "", p.doc.Charge.FormatBare(), p.doc.Total.FormatBare()}, true)
	p.Ln(4)
}

// whole is the payment code of the whole bill, for those who pay in their bank's program.
func (p *page) whole() {
	if p.doc.WholeCode == "" {
		return
	}
	p.room(payment + 8)
	top := p.Y()
	wide := width - payment - 10
	p.SetXY(margin, top+2)
	p.font("B", 11)
	p.text(wide, 5.4, "Оплатить весь счёт в приложении банка")
	p.font("", 9)
	p.gray(false)
	p.text(wide, 4.6, "Выберите «Оплата по QR-коду» и наведите на код справа. Получатель – "+p.doc.Centre.Name+": деньги придут всем поставщикам по этому счёту.")
	p.gray(true)
	p.code(p.doc.WholeCode, margin+width-payment-2, top+2, payment)
	p.SetXY(margin, top+payment+8)
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
	p.Ln(2)
}
