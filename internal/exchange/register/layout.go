package register

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/exchange/charset"
	"kvit/internal/money"
)

// Info is what a register of payments says about itself beside its rows.
type Info struct {
	Supplier string
	INN      string
	Day      calendar.Date
	Number   string        // of the payment order, where one goes with the register
	Paid     calendar.Date // its date
	Serial   int           // of the file on that day
}

// bankColumns are the twelve columns banks send (formats.md 3.2.1).
var bankColumns = []LayoutColumn{
	{Role: "date", Format: "dd-mm-yyyy"}, {Role: "time", Format: "hh-mm-ss"}, {Role: "branch"}, {Role: "terminal"}, {Role: "operation"},
	{Role: "account"}, {Role: "fio"}, {Role: "address"}, {Role: "period", Format: "mmyy"}, {Role: "amount"}, {Role: "net"}, {Role: "commission"},
}

// Layout is how registers of payments are written for the supplier: his own layout, or the twelve columns of
// banks in the encoding and money form of his registers.
func (p *Profile) Layout() Layout {
	l := Layout{}
	if p.PaymentsOut != nil {
		l = *p.PaymentsOut
	}
	if l.Encoding == "" || l.Encoding == "auto" {
		l.Encoding = p.Encoding
	}
	if l.Encoding == "" || l.Encoding == "auto" {
		l.Encoding = "utf-8"
	}
	if l.Money == "" {
		l.Money = p.Money
	}
	if l.Kind == "" {
		l.Kind = KindCSV
	}
	if len(l.Columns) == 0 {
		l.Columns = bankColumns
		if l.Kind == KindCSV && p.PaymentsOut == nil {
			l.Trailer = "="
		}
	}
	return l.filled()
}

// filled gives every key that may be left out its usual value.
func (l Layout) filled() Layout {
	for _, d := range []struct {
		at    *string
		usual string
	}{
		{&l.Delimiter, ";"}, {&l.EOL, "crlf"}, {&l.Money, RubDot}, {&l.Root, "payments"}, {&l.FileName, "{supplier}_{ddmmyyyy}" + extensions[l.Kind]},
	} {
		if *d.at == "" {
			*d.at = d.usual
		}
	}
	if l.Record == "" {
		l.Record = map[string]string{Kind1C: "Платеж"}[l.Kind]
		if l.Kind == KindXML {
			l.Record = "payment"
		}
	}
	l.Columns = slices.Clone(l.Columns)
	for i := range l.Columns {
		c := &l.Columns[i]
		if c.Name == "" {
			c.Name = c.Role
			if l.Kind == KindDBF {
				c.Name = strings.ToUpper(c.Role[:min(10, len(c.Role))])
			}
		}
		if c.Width == 0 {
			c.Width = widths[roleNames[c.Role]]
		}
		if c.Width == 0 {
			c.Width = 20
		}
	}
	return l
}

var extensions = map[string]string{KindCSV: ".txt", KindDBF: ".dbf", KindXLSX: ".xlsx", KindXML: ".xml", KindNDJSON: ".ndjson", KindJSON: ".json", Kind1C: ".txt"}

// widths are the usual widths of DBF columns by role.
var widths = map[role]int{roleFIO: 60, roleAddress: 150, rolePurpose: 210, roleAmount: 14, roleNet: 14, roleCommission: 14, roleDate: 8, roleTime: 8, rolePeriod: 7, roleOperation: 40, roleAccount: 30, roleStamp: 25, roleSupplier: 30}

// Name is the name of the file. In the template {supplier}, {inn}, {number}, {serial}, {dd}, {mm}, {yy}, {yyyy}
// and {ddmmyyyy} are filled in.
func (l Layout) Name(i Info) string {
	d := i.Day.Time(utc)
	return strings.NewReplacer(
		"{supplier}", i.Supplier, "{inn}", i.INN, "{number}", i.Number, "{serial}", strconv.Itoa(max(1, i.Serial)),
		"{dd}", d.Format("02"), "{mm}", d.Format("01"), "{yy}", d.Format("06"), "{yyyy}", d.Format("2006"), "{ddmmyyyy}", d.Format("02012006"),
	).Replace(l.FileName)
}

// Profile is the profile that reads what Write writes in this layout.
func (l Layout) Profile() Profile {
	p := Profile{Kind: l.Kind, Encoding: l.Encoding, Delimiter: l.Delimiter, Quote: l.Quote, Money: l.Money, Columns: map[string]Source{}}
	switch l.Kind {
	case KindCSV:
		p.TrailerPrefix = l.Trailer
		if l.Header {
			p.HeaderRows = 1
		}
		if l.Trailer != "" {
			field, count := 1, 0
			p.ControlTotal = &ControlTotal{Field: &field, Count: &count, Role: "amount"}
		}
	case KindXLSX:
		p.HeaderRow = 1
	case KindXML:
		p.Record = l.Record
	case Kind1C:
		p.DocStart, p.DocEnd = "СекцияДокумент", "КонецДокумента"
	}
	for i, c := range l.Columns {
		if _, taken := p.Columns[c.Role]; c.Role == "" || c.Value != "" || taken {
			continue
		}
		p.Columns[c.Role] = Named(c.Name)
		if l.Kind == KindCSV {
			p.Columns[c.Role] = At(i)
		}
	}
	if l.Kind == KindNDJSON || l.Kind == KindJSON {
		p.Paths, p.Columns = maps.Clone(p.Columns), nil
	}
	return p
}

// dateForms are the words of LayoutColumn.Format for dates and months.
var dateForms = map[string]string{
	"dd.mm.yyyy": "02.01.2006", "dd-mm-yyyy": "02-01-2006", "dd/mm/yyyy": "02/01/2006", "yyyy-mm-dd": "2006-01-02", "yyyymmdd": "20060102", "ddmmyyyy": "02012006",
	"mmyy": "0106", "mmyyyy": "012006", "mm.yyyy": "01.2006", "yyyy-mm": "2006-01", "yyyymm": "200601",
}

// text is what a column holds for a row; number says that it is a sum.
func (c *LayoutColumn) text(row *Row, l *Layout) (s string, number bool) {
	if c.Value != "" {
		return c.Value, false
	}
	at := roleNames[c.Role]
	switch {
	case at.money():
		v, _ := row.sum(at)
		return writeMoney(*v, l.Money), true
	case at.decimal():
		return numberText(row, at, l), true
	case at == roleDate:
		return c.dateText(row.Date, l), false
	case at == rolePeriod:
		return c.monthText(row), false
	case at == roleExtra:
		return row.Extra[c.Role], false
	case at == roleTime && c.Format == "hh-mm-ss":
		return strings.ReplaceAll(row.Time, ":", "-"), false
	}
	if p := row.text(at); p != nil {
		return *p, false
	}
	return "", false
}

// numberText is a volume, an area or a reading; the sign before the fraction is that of sums.
func numberText(row *Row, at role, l *Layout) string {
	v, bit := row.number(at)
	if row.Has&bit == 0 {
		return ""
	}
	if l.Money == RubComma {
		return strings.ReplaceAll(v.String(), ".", ",")
	}
	return v.String()
}

func (c *LayoutColumn) dateText(d calendar.Date, l *Layout) string {
	if d == 0 {
		return ""
	}
	form := dateForms[c.Format]
	if form == "" {
		form = "02.01.2006"
	}
	if l.Kind == KindDBF {
		form = "20060102"
	}
	return d.Time(utc).Format(form)
}

func (c *LayoutColumn) monthText(row *Row) string {
	if form := dateForms[c.Format]; form != "" && row.Month.Valid() {
		return row.Month.First().Time(utc).Format(form)
	}
	return row.Period
}

// totals are the sums of the trailer.
func totals(rows []Row) (amount, net, commission money.Amount) {
	for i := range rows {
		amount += rows[i].Amount
		net += rows[i].Net
		commission += rows[i].Commission
	}
	return amount, net, commission
}

// safe drops from a text what would break a line of text apart: line ends, and the delimiter where there are
// no quotes to keep it.
func (l *Layout) safe(s string) string {
	if l.Quote == "" && l.Kind == KindCSV {
		replacement := ","
		if l.Delimiter == "," {
			replacement = " "
		}
		s = strings.ReplaceAll(s, l.Delimiter, replacement)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' {
			return ' '
		}
		return r
	}, s))
}

func (l *Layout) encoding() charset.Encoding {
	enc, ok := charset.Parse(l.Encoding)
	if !ok {
		return charset.UTF8
	}
	return enc
}
