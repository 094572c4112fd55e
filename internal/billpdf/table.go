package billpdf

import (
	"strings"
	"unicode/utf8"
)

// column is a column of a table: its title, its share of the width and its side.
type column struct {
	title string
	share float64
	align string
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
		p.CellFormat(width*c.share, 5*p.scale, p.fit(c.title, width*c.share), "B", 0, c.align, false, 0, "")
	}
	p.Ln(-1)
	p.gray(true)
}

func (p *page) row(columns []column, cells []string, strong bool) {
	style, border := "", ""
	if strong {
		style, border = "B", "T"
	}
	p.font(style, 9)
	for i, c := range columns {
		p.CellFormat(width*c.share, 5.4*p.scale, p.fit(cells[i], width*c.share-1), border, 0, c.align, false, 0, "")
	}
	p.Ln(-1)
}

// fit cuts a text that is wider than its cell and ends it with an ellipsis.
func (p *page) fit(s string, wide float64) string {
	if p.GetStringWidth(s)+2 <= wide {
		return s
	}
	for s != "" && p.GetStringWidth(s+"…")+2 > wide {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.TrimSpace(s) + "…"
}

func (p *page) line(wide, height float64, s string) {
	p.CellFormat(wide, height*p.scale, p.fit(s, wide), "", 1, "L", false, 0, "")
}

func (p *page) lineAt(x, wide, height float64, s string) {
	p.SetX(x)
	p.CellFormat(wide, height, p.fit(s, wide), "", 2, "L", false, 0, "")
}

// text writes a text on as many lines as it needs.
func (p *page) text(wide, height float64, s string) {
	p.MultiCell(wide, height*p.scale, s, "", "L", false)
}

var detail = []column{{"Услуга", 0.29, "L"}, {"Объём", 0.09, "R"}, {"Тариф", 0.09, "R"}, {"Начислено", 0.12, "R"}, {"Перерасчёт", 0.11, "R"}, {"Пени", 0.08, "R"}, {"Оплачено", 0.11, "R"}, {"К оплате", 0.11, "R"}}

// supplier is one recipient: requisites beside his code, then his lines.
func (p *page) supplier(s *Supplier) {
	p.room(payment + 18)
	top := p.GetY() + 2
	p.SetDrawColor(203, 213, 218)
	p.Line(margin, top, margin+width, top)
	p.SetXY(margin, top+2)
	wide := width - payment - 10
	p.font("B", 11)
	p.lineAt(margin, wide, 6*p.scale, s.Name)
	p.font("", 8.5)
	p.gray(false)
	for _, t := range []string{
		join(" · ", label("лицевой счёт ", s.Account), s.Fresh),
		join(" · ", label("ИНН ", s.INN), label("КПП ", s.KPP), label("тел. ", s.Phone)),
		join(" · ", label("р/с ", s.BankAccount), label("БИК ", s.BIC)),
		join(" · ", s.Bank, label("к/с ", s.CorrAccount)),
	} {
		if t != "" {
			p.lineAt(margin, wide, 4.6*p.scale, t)
		}
	}
	if s.QR != "" {
		p.code(s.QR, margin+width-payment-2, top+5, payment)
	} else {
		p.lineAt(margin, wide, 4.6*p.scale, "Реквизиты поставщика ещё не получены, поэтому его кода здесь нет.")
	}
	p.gray(true)
	p.SetXY(margin, max(p.GetY()+2, top+payment+9))
	if s.QR == "" {
		p.SetY(top + 30)
	}
	p.lines(s)
}

func (p *page) lines(s *Supplier) {
	p.header(detail)
	for i := range s.Lines {
		if p.room(7 * p.scale) {
			p.header(detail)
		}
		l := &s.Lines[i]
		name := l.Service
		if name == "" {
			name = "По счёту в целом"
		}
		p.row(detail, []string{name, l.Volume, l.Rate, l.Charge.FormatBare(), l.Recalc.FormatBare(), l.Penalty.FormatBare(), l.Paid.FormatBare(), l.Due.FormatBare()}, false)
	}
	p.row(detail, []string{"Всего", "", "", "", "", "", "", s.Due.FormatBare()}, true)
	p.Ln(3)
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
