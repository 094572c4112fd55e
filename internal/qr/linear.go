package qr

import (
	"regexp"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Linear is the layout of the digits under a linear code of a paper bill (Code 128 and the like): no standard says how it is
// made, so each issuer's is written down as data. A layout is digits that stand as they are and fields in braces:
//
//	{account:15} {period:MMYY} {sum:9} {check:2}      «004586600262089 1213 000127109 22»
//	46{account:10}{sum:8}{luhn}
//
// account is required. period is MMYY, MMYYYY, YYMM or YYYYMM; sum is in kopecks; check is digits nobody verifies, because
// their rule is not known; luhn and ean are one check digit over all digits before it.
type Linear struct {
	fields []linearField
	length int
}

type linearField struct {
	name, format string
	length       int
}

// Paper is what a linear code says.
type Paper struct {
	Account string
	Month   calendar.Month // 0: it does not say
	Sum     money.Amount
	HasSum  bool
}

var linearPart = regexp.MustCompile(`\{([a-z]+)(?::([A-Z0-9]+))?\}|([0-9]+)|\s+|(.)`)

// linearMax bounds a code: the longest that scanners are given.
const linearMax = 80

// ParseLinear reads a layout.
func ParseLinear(layout string) (*Linear, error) {
	l := &Linear{}
	account := false
	for _, part := range linearPart.FindAllStringSubmatch(layout, -1) {
		f := linearField{name: part[1], format: part[2]}
		switch {
		case part[4] != "":
			return nil, wrongLinear(layout, "лишний знак "+part[4])
		case part[3] != "":
			f = linearField{name: "=", format: part[3], length: len(part[3])}
		case f.name == "":
			continue // spaces are for people
		case f.name == "period" && (f.format == "MMYY" || f.format == "YYMM" || f.format == "MMYYYY" || f.format == "YYYYMM"):
			f.length = len(f.format)
		case (f.name == "luhn" || f.name == "ean") && f.format == "":
			f.length = 1
		case f.name == "account" || f.name == "sum" || f.name == "check":
			n, err := strconv.Atoi(f.format)
			if err != nil || n < 1 || n > linearMax {
				return nil, wrongLinear(layout, "у поля "+f.name+" нет длины")
			}
			f.length, account = n, account || f.name == "account"
		default:
			return nil, wrongLinear(layout, "поля "+part[0]+" нет")
		}
		l.fields, l.length = append(l.fields, f), l.length+f.length
	}
	if !account || l.length > linearMax {
		return nil, wrongLinear(layout, "нужно поле account, всего до "+strconv.Itoa(linearMax)+" цифр")
	}
	return l, nil
}

func wrongLinear(layout, why string) error {
	return fault.Newf(fault.Invalid, "linear.layout", "Штриховой код %q: %s. Пример: {account:15}{period:MMYY}{sum:9}{check:2}.", layout, why).WithField("barcodes")
}

// LinearDigits are the digits of a text that may be a linear code, as scanners and people type it; false when it is none.
func LinearDigits(text string) (string, bool) {
	text = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '-' || r == '\r' || r == '\n' || r == '\t' {
			return -1
		}
		return r
	}, text)
	return text, len(text) <= linearMax && digits(text)
}

// Read reads digits by the layout; false when they are of another one.
func (l *Linear) Read(code string) (p Paper, ok bool) {
	if len(code) != l.length || !digits(code) {
		return p, false
	}
	at := 0
	for _, f := range l.fields {
		value := code[at : at+f.length]
		if !p.take(f, value, code[:at]) {
			return p, false
		}
		at += f.length
	}
	return p, true
}

// take reads one field; before are the digits that stand before it.
func (p *Paper) take(f linearField, value, before string) bool {
	switch f.name {
	case "=":
		return value == f.format
	case "account":
		p.Account += value
	case "sum":
		n, err := strconv.ParseInt(value, 10, 64)
		p.Sum, p.HasSum = money.Amount(n), true
		return err == nil
	case "period":
		p.Month = periodOf(f.format, value)
		return p.Month.Valid()
	case "luhn":
		return value[0] == weighted(before, 2, 1)
	case "ean":
		return value[0] == weighted(before, 3, 1)
	}
	return true
}

// periodOf reads a month.
func periodOf(format, value string) calendar.Month {
	var m, y string
	if strings.HasPrefix(format, "MM") {
		m, y = value[:2], value[2:]
	} else {
		m, y = value[len(value)-2:], value[:len(value)-2]
	}
	if len(y) == 2 {
		y = "20" + y
	}
	n, err := strconv.Atoi(y + m)
	if err != nil {
		return 0
	}
	return calendar.Month(n)
}

// weighted is the check digit over digits, the last one weighing first; of a weight of two the digits of the product are
// added (ISO/IEC 7812-1), of three its value (GS1).
func weighted(code string, first, second int) byte {
	sum := 0
	for i := range len(code) {
		w := second
		if (len(code)-1-i)%2 == 0 {
			w = first
		}
		n := int(code[i]-'0') * w
		if first == 2 && n > 9 {
			n -= 9
		}
		sum += n
	}
	return byte('0' + (10-sum%10)%10)
}
