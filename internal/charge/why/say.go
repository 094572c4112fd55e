package why

import (
	"fmt"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Sentence is one cause in words: «Горячая вода +388,19 ₽: показаний не было, взяли среднее – 6,2 м³ вместо 3,9 м³».
type Sentence struct {
	Title  string // of the line
	Sum    money.Amount
	Text   string // why
	Remedy string // what to do about it; empty where nothing is to be done
	Number int    // of the line on the bill, 0: none
}

// mainCauses is how many causes are said in sentences.
const mainCauses = 3

// Sentences are the largest causes in words.
func (c *Comparison) Sentences() (out []Sentence) {
	for i := range c.Parts {
		p := &c.Parts[i]
		if p.Cause == Other || len(out) == mainCauses {
			break
		}
		l := p.line()
		out = append(out, Sentence{Title: l.Title, Sum: p.Sum, Text: c.Text(p), Remedy: p.Remedy(), Number: l.Number})
	}
	return out
}

// Title names a part in a chart or a table: «Отопление: тариф».
func (p *Part) Title() string {
	if p.Cause == Other {
		return "прочее"
	}
	if word := p.season(); word != "" {
		return p.line().Title + ": " + word
	}
	return p.line().Title + ": " + causeWords[p.Cause]
}

// season tells that heating begins or ends with the season; empty for anything else.
func (p *Part) season() string {
	if l := p.line(); l == nil || !heats(l) {
		return ""
	}
	switch {
	case p.Cause == Appeared, p.Cause == Volume && p.Before != nil && p.Before.Charge == 0:
		return "начался отопительный сезон"
	case p.Cause == Vanished, p.Cause == Volume && p.After != nil && p.After.Charge == 0:
		return "отопительный сезон закончился"
	}
	return ""
}

var causeWords = [...]string{
	Appeared: "появилось в счёте", Vanished: "больше не начислено", Method: "способ расчёта", Volume: "расход", Price: "тариф", Days: "дни", Persons: "число человек", Area: "площадь",
	Share: "доля поставщика", Recalc: "перерасчёт", Benefit: "льгота", PutOff: "рассрочка", Penalty: "пени", Unknown: "сумма поставщика", Rounding: "округление", Other: "прочее",
}

// Words is a cause in two words.
func (c Cause) Words() string { return causeWords[c] }

// Text is why a part is what it is.
func (c *Comparison) Text(p *Part) string {
	if p.line() == nil {
		return fmt.Sprintf("%d %s вместе", c.Small, money.Plural(int64(c.Small), "мелкая причина", "мелкие причины", "мелких причин"))
	}
	if word := p.season(); word != "" {
		return word
	}
	switch p.Cause {
	case Appeared:
		return fmt.Sprintf("в %s такой строки не было", in(c.Before, c.After))
	case Vanished:
		return fmt.Sprintf("в %s такой строки нет", in(c.After, c.Before))
	case Method:
		return p.methodText()
	case Volume:
		return p.volumeText()
	case Price:
		return p.priceText()
	}
	return p.otherText(c)
}

func (p *Part) otherText(c *Comparison) string {
	instead := func(what string, is, was money.Amount) string {
		return fmt.Sprintf("%s %s вместо %s", what, is.Format(), was.Format())
	}
	a, b := p.Before, p.After
	switch p.Cause {
	case Persons:
		return fmt.Sprintf("считают на %s чел. вместо %s", figure(b.Persons, 2), figure(a.Persons, 2))
	case Area:
		return fmt.Sprintf("в расчёте %s %s вместо %s", comma(b.Base.String()), baseUnit(b), comma(a.Base.String()))
	case Days:
		return fmt.Sprintf("посчитано %s вместо %s", daysText(b, c.After), daysText(a, c.Before))
	case Share:
		was, is, _ := priced(a, b)
		return fmt.Sprintf("начислено %s от объём × тариф вместо %s", figure(is.share, 3), figure(was.share, 3))
	case Recalc:
		return instead("перерасчёт", b.Recalc, a.Recalc)
	case Benefit:
		return instead("льгота", -b.Benefit, -a.Benefit)
	case PutOff:
		return instead("рассрочка", b.PutOff, a.PutOff)
	case Penalty:
		return instead("пени", b.Penalty, a.Penalty)
	case Unknown:
		return instead("поставщик прислал сумму без объёма и тарифа:", b.Charge, a.Charge)
	}
	return "округление до копейки"
}

func (p *Part) methodText() string {
	a, b := p.Before, p.After
	if a.Method == b.Method || b.Raised != 0 && a.Raised == 0 {
		if b.Raised == 0 {
			return "повышающий коэффициент больше не действует"
		}
		return fmt.Sprintf("действует повышающий коэффициент %s", comma(b.Factor.String()))
	}
	volumes := fmt.Sprintf("%s вместо %s", p.volume(b), p.volume(a))
	switch {
	case b.Method == calc.ByAverage:
		return "показаний не было, взяли среднее – " + volumes
	case b.Method == calc.ByNormative && a.Method != calc.ByNormative:
		return "показаний не было, взяли норматив – " + volumes
	case b.Method == calc.ByMeter:
		return "снова считают по счётчику – " + volumes
	}
	return fmt.Sprintf("посчитано %s, а было %s – %s", b.Method.Words(), a.Method.Words(), volumes)
}

// volumeText compares volumes; one that only follows from the sum and the tariff says so.
func (p *Part) volumeText() string {
	if p.Before == nil || p.After == nil {
		return "израсходовано больше, часть пошла по более дорогому тарифу"
	}
	lead := map[calc.Method]string{calc.ByHouse: "на дом пришлось ", calc.ByNormative: "по нормативу ", calc.ByAverage: "по среднему ", calc.ByMeter: "по счётчику "}[p.After.Method]
	if lead == "" {
		lead = "объём "
	}
	return fmt.Sprintf("%s%s вместо %s", lead, p.volume(p.After), p.volume(p.Before))
}

func (p *Part) volume(l *Line) string {
	f, ok := factors(l)
	text := figure(f.volume, 4)
	if ok && l.Volume.IsZero() && l.Charge != 0 {
		text = "примерно " + text
	}
	if l.Unit != "" {
		text += "\u00a0" + l.Unit
	}
	return text
}

func (p *Part) priceText() string {
	was, _ := factors(p.Before)
	is, _ := factors(p.After)
	since := ""
	if d := p.After.RateFrom; d != 0 && d > p.Before.RateFrom {
		since = "с " + strings.ReplaceAll(d.Words(), " ", "\u00a0") + " "
	}
	text := fmt.Sprintf("тариф %s%s\u00a0₽ вместо %s\u00a0₽", since, roubles(is.rate), roubles(was.rate))
	if p.After.Unit != "" {
		text += " за\u00a0" + p.After.Unit
	}
	return text
}

// heats tells a service of heating, by the name suppliers and catalogues give it.
func heats(l *Line) bool { return strings.Contains(strings.ToLower(l.Title), "отопл") }

func baseUnit(l *Line) string {
	switch l.Method {
	case calc.ByArea, calc.ByHouse:
		return "м²"
	}
	return "ед."
}

func daysText(l *Line, m calendar.Month) string {
	if l.DaysOf == 0 {
		return fmt.Sprintf("весь %s", m.Word())
	}
	return fmt.Sprintf("%d дн. из %d", l.Days, l.DaysOf)
}

var monthsIn = [...]string{"", "январе", "феврале", "марте", "апреле", "мае", "июне", "июле", "августе", "сентябре", "октябре", "ноябре", "декабре"}

// in is a month after «в», with its year when the other month is of another one.
func in(m, other calendar.Month) string {
	if m.Year() != other.Year() {
		return fmt.Sprintf("%s %d года", monthsIn[m.Number()], m.Year())
	}
	return monthsIn[m.Number()]
}

// figure is a number with at most so many digits after the comma; a small one keeps all it has.
func figure(r decimal.Ratio, digits uint8) string {
	n, err := r.Round(digits)
	if err != nil {
		return r.Text(0)
	}
	if n == 0 && !r.IsZero() {
		return comma(r.Decimal().String())
	}
	scale := int64(1)
	for range decimal.Digits - digits {
		scale *= 10
	}
	return decimal.Grouped(decimal.Decimal(n*scale).String(), 0)
}

// roubles is a price: two digits after the comma or all there are, up to four.
func roubles(r decimal.Ratio) string {
	return decimal.Grouped(strings.ReplaceAll(strings.ReplaceAll(figure(r, 4), ",", "."), "\u00a0", ""), 2)
}

func comma(s string) string { return decimal.Grouped(s, 0) }
