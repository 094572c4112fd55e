package statement

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/onec"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// documents is one pass over a 1CClientBankExchange.
func (s *reading) documents() error {
	enc := charset.Detect(s.head, int64(len(s.head)) == s.size).Encoding
	s.sum.Encoding = enc.String()
	stream := io.Reader(bufio.NewReader(io.NewSectionReader(s.data, 0, s.size)))
	if enc == charset.UTF16LE || enc == charset.UTF16BE {
		stream, enc = charset.NewReader(stream, enc), charset.UTF8
	}
	word := func(text string) []byte { b, _ := enc.Append(nil, text); return b }
	r := onec.NewReader(stream, onec.Layout{DocStart: word("СекцияДокумент"), DocEnd: word("КонецДокумента"),
		Section: word("Секция"), End: word("Конец"), FileEnd: word("КонецФайла"), OtherEnds: ends()})
	r.OnSection = func(name []byte, pairs []onec.Pair) { s.section(enc, enc.Text(name), pairs) }
	r.OnHeader = func(p onec.Pair) { s.header(enc.Text(p.Key), enc.Text(p.Value)) }
	for {
		err := r.Next()
		if errors.Is(err, io.EOF) {
			s.ended = r.Ended()
			return nil
		}
		if err != nil {
			return err
		}
		s.docs++
		d := document{pos: r.Pos(), kind: enc.Text(r.Kind()), values: map[string]string{}}
		for _, p := range r.Pairs() {
			if key := enc.Text(p.Key); d.values[key] == "" {
				d.values[key] = enc.Text(p.Value)
			}
		}
		if err := s.document(&d); err != nil {
			return err
		}
	}
}

// ends are the end mark in the encodings programs mix up.
func ends() (list [][]byte) {
	for _, enc := range []charset.Encoding{charset.UTF8, charset.CP1251, charset.CP866} {
		b, _ := enc.Append(nil, "КонецФайла")
		list = append(list, b)
	}
	return list
}

// header takes a line before the sections; dates of headers are often malformed and then say nothing.
func (s *reading) header(key, value string) {
	day, _ := calendar.ParseDate(value)
	switch key {
	case "РасчСчет":
		s.own(value)
	case "ДатаНачала":
		s.period(day, 0)
	case "ДатаКонца":
		s.period(0, day)
	}
}

// section takes the balances of an account.
func (s *reading) section(enc charset.Encoding, name string, pairs []onec.Pair) {
	if name != "РасчСчет" {
		return
	}
	var b Balance
	told := map[string]bool{}
	for _, p := range pairs {
		key, value := enc.Text(p.Key), enc.Text(p.Value)
		sum, err := money.Parse(value)
		day, _ := calendar.ParseDate(value)
		told[key] = err == nil
		switch key {
		case "РасчСчет":
			b.Account = value
		case "ДатаНачала":
			b.From = day
		case "ДатаКонца":
			b.To = day
		case "НачальныйОстаток":
			b.Opening = sum
		case "ВсегоПоступило":
			b.In = sum
		case "ВсегоСписано":
			b.Out = sum
		case "КонечныйОстаток":
			b.Closing = sum
		}
	}
	b.HasEnds = told["НачальныйОстаток"] && told["КонечныйОстаток"]
	b.HasFlows = told["ВсегоПоступило"] && told["ВсегоСписано"]
	s.own(b.Account)
	s.period(b.From, b.To)
	s.sum.Balances = append(s.sum.Balances, b)
}

// document is one СекцияДокумент.
type document struct {
	pos    int
	kind   string
	values map[string]string
}

// first is the first of several keys that has a value.
func (d *document) first(keys ...string) string {
	for _, k := range keys {
		if v := d.values[k]; v != "" {
			return v
		}
	}
	return ""
}

// document turns a document into the movements it tells of: none for an order, two for a transfer between our accounts.
func (s *reading) document(d *document) error {
	m := Movement{Pos: d.pos, Kind: d.kind, Number: d.values["Номер"], Code: zeroless(d.values["Код"]), Purpose: d.purpose(), Payer: d.party("Плательщик"), Payee: d.party("Получатель")}
	m.DocDate, _ = calendar.ParseDate(d.values["Дата"])
	in, inErr := optionalDate(d.values["ДатаПоступило"])
	out, outErr := optionalDate(d.values["ДатаСписано"])
	if err := errors.Join(inErr, outErr); err != nil {
		return d.wrong("Дату движения не разобрать. Ожидается, например, 31.10.2026.", err)
	}
	came, left := s.directions(&m, in, out)
	if came == 0 && left == 0 {
		s.sum.Orders++
		return nil
	}
	var err error
	if m.Sum, err = money.Parse(d.values["Сумма"]); err != nil || m.Sum <= 0 {
		return d.wrong("Сумму не разобрать. Ожидается, например, 1234.56.", err)
	}
	if left != 0 {
		m.Incoming, m.Date, m.Account = false, left, s.accountOf(m.Payer.Account)
		if err := s.emit(&m); err != nil {
			return err
		}
	}
	if came != 0 {
		m.Incoming, m.Date, m.Account = true, came, s.accountOf(m.Payee.Account)
		return s.emit(&m)
	}
	return nil
}

// directions are the days on which the money came to us and left us, 0 for not. Our account decides; a file that names no
// accounts in its documents is told by the dates alone.
func (s *reading) directions(m *Movement, in, out calendar.Date) (came, left calendar.Date) {
	payee, payer := s.ours(m.Payee.Account), s.ours(m.Payer.Account)
	if m.Payee.Account == "" || len(s.sum.Accounts) == 0 {
		payee = payee || in != 0 && !payer
	}
	if m.Payer.Account == "" || len(s.sum.Accounts) == 0 {
		payer = payer || out != 0 && !payee
	}
	switch {
	case payee && payer:
		return in, out
	case payee:
		return firstDate(in, out), 0
	case payer:
		return 0, firstDate(out, in)
	}
	return 0, 0
}

func firstDate(a, b calendar.Date) calendar.Date {
	if a != 0 {
		return a
	}
	return b
}

// accountOf is the account a movement is of: the one in the document, or the only one of the file.
func (s *reading) accountOf(named string) string {
	if named == "" && len(s.sum.Accounts) > 0 {
		return s.sum.Accounts[0]
	}
	return named
}

func optionalDate(text string) (calendar.Date, error) {
	if text == "" {
		return 0, nil
	}
	return calendar.ParseDate(text)
}

func (d *document) wrong(what string, cause error) error {
	return fault.Newf(fault.Invalid, "statement.field", "Документ %d, № %s: %s", d.pos, d.values["Номер"], what).At(fault.Place{Pos: d.pos, Unit: "document"}).Because(cause)
}

// purpose is the purpose of payment, joined where the bank cut it into lines.
func (d *document) purpose() string {
	if p := d.values["НазначениеПлатежа"]; p != "" {
		return p
	}
	var parts []string
	for _, n := range []string{"1", "2", "3", "4", "5", "6"} {
		if p := d.values["НазначениеПлатежа"+n]; p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " ")
}

// namePrefix is the tax number some banks put before a name: «7777777777, ООО …».
var namePrefix = regexp.MustCompile(`^(?:ИНН\s*)?(\d{10}|\d{12})(?:\s*,\s*|\s+)`)

func (d *document) party(side string) Party {
	p := Party{INN: zeroless(d.values[side+"ИНН"]), Account: d.first(side+"Счет", side+"РасчСчет"), BIC: d.values[side+"БИК"], Bank: d.first(side+"Банк1", side+"Банк2")}
	full := d.values[side]
	if cut := namePrefix.FindStringSubmatch(full); cut != nil {
		full = full[len(cut[0]):]
		if p.INN == "" {
			p.INN = cut[1]
		}
	}
	if p.Name = d.values[side+"1"]; p.Name == "" {
		p.Name = full
	}
	return p
}

// zeroless drops the zero by which programs say «none».
func zeroless(s string) string {
	if len(bytes.Trim([]byte(s), "0")) == 0 {
		return ""
	}
	return s
}
