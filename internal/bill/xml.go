package bill

import (
	"encoding/xml"
	"io"
)

// XML of a bill: sums in kopecks, one element a line.
type (
	xmlBill struct {
		XMLName   xml.Name      `xml:"bill"`
		Number    string        `xml:"number,attr,omitempty"`
		Digest    string        `xml:"sha256,attr,omitempty"`
		Month     string        `xml:"month,attr"`
		At        string        `xml:"at,attr"`
		Due       string        `xml:"dueOn,attr,omitempty"`
		Currency  string        `xml:"currency,attr"`
		Unit      string        `xml:"unit,attr"`
		Address   string        `xml:"address"`
		ELS       string        `xml:"unifiedAccount,omitempty"`
		Totals    xmlSums       `xml:"totals"`
		Total     int64         `xml:"toPay"`
		Advance   int64         `xml:"advance"`
		Suppliers []xmlSupplier `xml:"supplier"`
	}
	xmlSums struct {
		Opening int64 `xml:"opening,attr"`
		Charge  int64 `xml:"charged,attr"`
		Recalc  int64 `xml:"recalculated,attr"`
		Penalty int64 `xml:"penalty,attr"`
		Paid    int64 `xml:"paid,attr"`
		Due     int64 `xml:"due,attr"`
	}
	xmlSupplier struct {
		Name    string    `xml:"name,attr"`
		INN     string    `xml:"inn,attr,omitempty"`
		Account string    `xml:"account,attr"`
		Due     int64     `xml:"due,attr"`
		Lines   []xmlLine `xml:"line"`
	}
	xmlLine struct {
		Service string `xml:"service,attr"`
		Volume  string `xml:"volume,attr,omitempty"`
		Measure string `xml:"measure,attr,omitempty"`
		Rate    string `xml:"rate,attr,omitempty"`
		xmlSums
	}
)

// WriteXML writes the bill as XML, for those who keep their bills in programs of their own.
func (b *Bill) WriteXML(w io.Writer) error {
	x := xmlBill{
		Month: b.Month, At: b.At, Due: b.DueOnText, Currency: "RUB", Unit: "kopeck", Address: b.Address, ELS: b.ELS, Total: int64(b.Total), Advance: int64(b.Advance),
		Totals: xmlSums{int64(b.Opening), int64(b.Charge), int64(b.Recalc), int64(b.Penalty), int64(b.Paid), int64(b.Opening + b.Charge + b.Recalc + b.Penalty - b.Paid)},
	}
	if b.Issued != nil {
		x.Number, x.Digest = b.Issued.Number, b.Issued.Digest
	}
	for i := range b.Suppliers {
		s := &b.Suppliers[i]
		out := xmlSupplier{Name: s.Name, INN: b.recipients[s.SupplierID].INN, Account: s.Account, Due: int64(s.Due)}
		for k := range b.Lines {
			if l := &b.Lines[k]; l.AccountID == s.AccountID {
				out.Lines = append(out.Lines, xmlLine{l.Service, l.VolumeText, l.Unit, l.RateText, xmlSums{int64(l.Opening), int64(l.Charge), int64(l.Recalc), int64(l.Penalty), int64(l.Paid), int64(l.Due)}})
			}
		}
		x.Suppliers = append(x.Suppliers, out)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	return e.Encode(x)
}
