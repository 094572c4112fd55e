package statement

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"

	"kvit/internal/calendar"
	"kvit/internal/exchange/charset"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// operation is an OperationInfo of DirectBank 2.3.1: one document and what happened to it. DC is 1 for a debit of our
// account, 2 for a credit.
type operation struct {
	PayDoc struct {
		Docs []payDoc `xml:",any"`
	} `xml:"PayDoc"`
	DC   string `xml:"DC"`
	Date string `xml:"Date"`
}

// payDoc is the document whichever its kind: PayDocRu, BankOrder, MemOrder …
type payDoc struct {
	XMLName xml.Name
	DocNo   string     `xml:"DocNo"`
	DocDate string     `xml:"DocDate"`
	Sum     string     `xml:"Sum"`
	Payer   bankClient `xml:"Payer"`
	Payee   bankClient `xml:"Payee"`
	Code    string     `xml:"Code"`
	Purpose string     `xml:"Purpose"`
}

type bankClient struct {
	Name    string `xml:"Name"`
	INN     string `xml:"INN"`
	Account string `xml:"Account"`
	Bank    struct {
		BIC  string `xml:"BIC"`
		Name string `xml:"Name"`
	} `xml:"Bank"`
}

func (c *bankClient) party() Party {
	return Party{Name: c.Name, INN: zeroless(c.INN), Account: c.Account, BIC: c.Bank.BIC, Bank: c.Bank.Name}
}

// operations is one pass over a Statement of DirectBank.
func (s *reading) operations() error {
	dec := xml.NewDecoder(bufio.NewReader(io.NewSectionReader(s.data, 0, s.size)))
	s.sum.Encoding = charset.UTF8.String()
	dec.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		enc, ok := charset.Parse(label)
		if !ok {
			return nil, fault.Newf(fault.Invalid, "statement.encoding", "Кодировка %s неизвестна.", label)
		}
		s.sum.Encoding = enc.String()
		return charset.NewReader(input, enc), nil
	}
	var b Balance
	told := map[string]bool{}
	depth := 0
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			s.ended = depth == 0
			b.HasEnds, b.HasFlows = told["OpeningBalance"] && told["ClosingBalance"], told["TotalCredits"] && told["TotalDebits"]
			s.sum.Balances = append(s.sum.Balances, b)
			s.period(b.From, b.To)
			return nil
		}
		if err != nil {
			return fault.New(fault.Invalid, "file.truncated", "Выписка не разобрана как XML: она обрывается или повреждена. Передайте файл ещё раз.").Because(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "OperationInfo" {
				err = s.operation(dec, &e)
			} else if depth++; depth == 3 { // of Statement/Data
				depth--
				err = s.total(dec, &e, &b, told)
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		}
	}
}

// total takes what stands beside the operations: our account, the period, the balances.
func (s *reading) total(dec *xml.Decoder, e *xml.StartElement, b *Balance, told map[string]bool) error {
	var v string
	if err := dec.DecodeElement(&v, e); err != nil {
		return fault.New(fault.Invalid, "file.truncated", "Выписка обрывается. Передайте файл ещё раз.").Because(err)
	}
	sum, err := money.Parse(v)
	told[e.Name.Local] = err == nil
	day, _ := optionalDate(firstSigns(v, 10))
	switch e.Name.Local {
	case "Account":
		b.Account = v
		s.own(v)
	case "DateFrom":
		b.From = day
	case "DateTo":
		b.To = day
	case "OpeningBalance":
		b.Opening = sum
	case "ClosingBalance":
		b.Closing = sum
	case "TotalCredits":
		b.In = sum
	case "TotalDebits":
		b.Out = sum
	}
	return nil
}

func firstSigns(s string, n int) string { return s[:min(n, len(s))] }

func (s *reading) operation(dec *xml.Decoder, e *xml.StartElement) error {
	var o operation
	if err := dec.DecodeElement(&o, e); err != nil {
		return fault.New(fault.Invalid, "file.truncated", "Выписка обрывается внутри операции. Передайте файл ещё раз.").Because(err)
	}
	s.docs++
	if len(o.PayDoc.Docs) == 0 || o.DC == "" {
		s.sum.Orders++
		return nil
	}
	d := &o.PayDoc.Docs[0]
	m := Movement{Pos: s.docs, Kind: d.XMLName.Local, Number: d.DocNo, Code: zeroless(d.Code), Purpose: d.Purpose, Payer: d.Payer.party(), Payee: d.Payee.party(), Incoming: o.DC == "2"}
	m.DocDate, _ = optionalDate(firstSigns(d.DocDate, 10))
	day, err := calendar.ParseDate(firstSigns(o.Date, 10))
	if err == nil {
		m.Sum, err = money.Parse(d.Sum)
	}
	if err != nil || m.Sum <= 0 {
		return fault.Newf(fault.Invalid, "statement.field", "Операция %d, № %s: дату или сумму не разобрать.", s.docs, d.DocNo).At(fault.Place{Pos: s.docs, Unit: "document"}).Because(err)
	}
	m.Date, m.Account = day, m.Payer.Account
	if m.Incoming {
		m.Account = m.Payee.Account
	}
	if len(s.sum.Accounts) > 0 && !s.ours(m.Account) {
		m.Account = s.sum.Accounts[0]
	}
	return s.emit(&m)
}
