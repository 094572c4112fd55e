package city

import (
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/money"
)

// cell is a printed field.
type cell struct {
	text string
	form form
}

type form uint8

const (
	asText   form = iota
	asNumber      // a number where the kind of file knows numbers
	asJSON        // a piece of JSON
)

// printer turns lines of a register into cells.
type printer struct {
	layout    *layout
	templates []template
	others    []template
}

func newPrinter(l *layout) *printer {
	p := &printer{layout: l}
	for _, c := range l.columns {
		p.templates = append(p.templates, parseTemplate(c.text))
		p.others = append(p.others, parseTemplate(c.alt))
	}
	return p
}

func (p *printer) cells(dst []cell, v *view, want func(*column) bool) []cell {
	for i := range p.layout.columns {
		if c := &p.layout.columns[i]; want == nil || want(c) {
			dst = append(dst, p.cell(i, c, v))
		}
	}
	return dst
}

func (p *printer) cell(i int, c *column, v *view) cell {
	if sum, ok := v.sum(c); ok {
		return p.sum(sum, v)
	}
	if text, ok := p.figure(c.role, v); ok {
		return cell{text, asNumber}
	}
	switch c.role {
	case "meters":
		return cell{v.meters(), asJSON}
	case "-seq":
		return cell{strconv.Itoa(v.number), asNumber}
	case "account":
		return p.account(i, v)
	case "version":
		return cell{strconv.Itoa(v.row.version()), asNumber}
	}
	return cell{text: p.text(i, v)}
}

func (p *printer) text(i int, v *view) string {
	t := p.templates[i]
	if d := v.row.damage; d != nil && d.variant && len(p.others[i]) > 0 {
		t = p.others[i]
	}
	s := t.print(v)
	if d := v.row.damage; d != nil && d.shifted && p.layout.columns[i].role == "address" {
		s = strings.Replace(s, ", ", p.layout.delimiter, 1)
	}
	return p.fold(s)
}

// fold applies the habits of the supplier's program: capitals, no ё.
func (p *printer) fold(s string) string {
	if p.layout.upper {
		s = strings.ToUpper(s)
	}
	if p.layout.noYo || p.layout.upper {
		s = noYo.Replace(s)
	}
	return s
}

var noYo = strings.NewReplacer("ё", "е", "Ё", "Е")

func (p *printer) account(i int, v *view) cell {
	if d := v.row.damage; d != nil && d.numeric {
		return cell{v.row.number(), asNumber}
	}
	return cell{text: p.templates[i].print(v)}
}

// sum is the figure of a money role.
func (v *view) sum(c *column) (int64, bool) {
	switch c.role {
	case "opening":
		return v.sums.opening, true
	case "charge":
		if c.part > 0 {
			return v.row.account.services[c.part-1].charge, true
		}
		return v.sums.charge, true
	case "recalc":
		return v.sums.recalc, true
	case "penalty":
		return v.sums.penalty, true
	case "paid":
		return v.sums.paid, true
	case "due":
		return v.sums.due, true
	}
	return 0, false
}

func (p *printer) sum(k int64, v *view) cell {
	if d := v.row.damage; d != nil && d.spaced {
		return cell{text: spaced(k)}
	}
	return sumCell(k, p.layout.money)
}

// sumCell prints kopecks in one of the five forms of formats.json.
func sumCell(k int64, money string) cell {
	switch money {
	case "kopeck_int":
		return cell{strconv.FormatInt(k, 10), asNumber}
	case "rub_number":
		return cell{roubles(k), asNumber}
	case "rub_comma":
		return cell{text: strings.Replace(roubles(k), ".", ",", 1)}
	}
	return cell{text: roubles(k)}
}

func roubles(k int64) string { return money.Amount(k).String() }

// spaced is 1 234,56 with a no-break space.
func spaced(k int64) string {
	return strings.Replace(money.Amount(k).FormatBare(), "−", "-", 1)
}

// figure prints roles of plain numbers; empty where the account has none.
func (p *printer) figure(role string, v *view) (string, bool) {
	acc := v.row.account
	s := &acc.services[v.line]
	text := ""
	switch role {
	case "area":
		text = fixed(acc.area, 2)
	case "residents":
		text = strconv.FormatInt(acc.household.residents, 10)
	case "volume":
		text = fixed(s.volume, digitsOf[s.scale])
	case "tariff":
		text = fixed(s.price/100, 2)
	case "reading_prev", "reading_cur":
		if acc.meter.has && v.line == 0 {
			text = fixed(map[bool]int64{true: acc.meter.prev, false: acc.meter.cur}[role == "reading_prev"], 3)
		}
	case "day", "night", "peak":
		text = acc.power.zoneText(role)
	default:
		return "", false
	}
	if p.layout.money == "rub_comma" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text, true
}

var digitsOf = map[int64]int{1: 0, 100: 2, 1000: 3, 10000: 4, 100000: 5, 1_000_000: 6}

// fixed prints n in units of 10 to the power of -digits; n is not negative.
func fixed(n int64, digits int) string {
	if digits == 0 {
		return strconv.FormatInt(n, 10)
	}
	s := fmt.Sprintf("%0*d", digits+1, n)
	return s[:len(s)-digits] + "." + s[len(s)-digits:]
}

// zoneRole is where a zone of the day is printed.
var zoneRole = map[string]string{"T": "day", "D": "day", "S": "day", "N": "night", "P": "peak"}

func (p *power) zoneText(role string) string {
	for _, z := range p.zones {
		if zoneRole[z.name] == role {
			return strconv.FormatInt(z.kwh, 10)
		}
	}
	return ""
}

// meters is the list of meters with readings before and after, by scale; electric meters have five digits.
func (v *view) meters() string {
	acc := v.row.account
	var b strings.Builder
	fmt.Fprintf(&b, `[{"serial":"%09d","scales":{`, (acc.household.base*31+acc.household.flats[0])%1_000_000_000)
	for i, z := range acc.power.zones {
		if i > 0 {
			b.WriteByte(',')
		}
		prev := acc.power.prev[i]
		fmt.Fprintf(&b, `"%s":[%d,%d]`, zoneRole[z.name], prev, (prev+z.kwh)%100000)
	}
	b.WriteString("}}]")
	return b.String()
}
