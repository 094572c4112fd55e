package fiscal

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"kvit/internal/calendar"
	"kvit/internal/fiscal/atol"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// piece is a part of a payment with what its line says.
type piece struct {
	payment.Part
	supplier supplier.Supplier
	service  string         // in words
	account  string         // as printed
	billed   calendar.Month // the last month charged to the account when it was paid; 0: none
}

// nameMax bounds the name of a line, tag 1030.
const nameMax = 128

// linesOf are the lines of a receipt of parts of a payment, and the sum that needs none. Penalty is no price of a service:
// it is told as a gain apart, without VAT.
func (m *Module) linesOf(pieces []piece, r rules, day calendar.Date) (lines []Line, exempt money.Amount, reason string) {
	for i := range pieces {
		p := &pieces[i]
		policy := r.at(p.SupplierID, day)
		switch {
		case policy == nil:
			exempt += p.Amount
			reason = "обязанность ещё не наступила"
		case !*policy.Duty:
			exempt += p.Amount
			reason = policy.Reason
		default:
			lines = append(lines, m.lineOf(p, policy, day))
		}
	}
	return lines, exempt, reason
}

func (m *Module) lineOf(p *piece, policy *Policy, day calendar.Date) Line {
	l := Line{Building: p.BuildingID, Account: p.AccountID, SupplierID: p.SupplierID, Service: p.ServiceID, Kind: p.Kind, Amount: p.Amount, Vat: policy.Vat, Subject: atol.Service, Method: methodFull}
	title := p.service
	switch {
	case p.Kind == payment.PartPenalty:
		title, l.Subject, l.Vat = "Пени: "+p.service, atol.NonOperating, "none"
	case p.Kind == payment.PartAdvance:
		l.prepay(policy, 0)
	case p.billed.Valid() && p.billed.Last() >= day:
		l.prepay(policy, p.billed)
	}
	if l.Method == methodAdvance {
		title = "Аванс: " + p.service
	}
	l.Name = cut(title+", л/с "+p.account, nameMax)
	m.tellSupplier(&l, &p.supplier, policy)
	return l
}

// prepay tells a line as money given before its service, as the supplier's rule says.
func (l *Line) prepay(policy *Policy, about calendar.Month) {
	switch policy.Prepaid {
	case atol.Advance:
		l.Method, l.Subject = methodAdvance, atol.PaymentOf
	case atol.FullPrepayment:
		l.Method = methodPrepaid
	default:
		return // «full_payment»: one receipt, no offset later
	}
	l.About = about
}

// tellSupplier sets whose money it is. Its own money the centre does not take as an agent.
func (m *Module) tellSupplier(l *Line, s *supplier.Supplier, policy *Policy) {
	l.SupplierName, l.SupplierINN, l.Phone = s.Name, s.INN, phoneOf(policy.Phone)
	if l.Phone == "" {
		l.Phone = phoneOf(s.Phone)
	}
	if l.Agent = policy.Agent; s.INN != "" && s.INN == m.Register.INN {
		l.Agent = ""
	}
}

// cut keeps the first signs of a text.
func cut(s string, most int) string {
	for utf8.RuneCountInString(s) > most {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// phoneOf is the first telephone of a text in full, +79991234567; empty when there is none.
func phoneOf(text string) string {
	first, _, _ := strings.Cut(text, ",")
	first, _, _ = strings.Cut(first, ";")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, first)
	switch {
	case len(digits) == 11 && (digits[0] == '8' || digits[0] == '7'):
		return "+7" + digits[1:]
	case len(digits) == 10:
		return "+7" + digits
	}
	return ""
}

// sumOf is what lines come to.
func sumOf(lines []Line) (sum money.Amount) {
	for i := range lines {
		sum += lines[i].Amount
	}
	return sum
}

// paidTypes are the ways money was given, as the register counts them.
var paidTypes = map[string]int{PaidCash: atol.Cash, PaidElectronic: atol.Electronic, PaidPrepaid: atol.Prepaid}

// document is the receipt as it is sent.
func (m *Module) document(r *Receipt) *atol.Document {
	body := &atol.Receipt{
		Company:  atol.Company{Email: m.Register.Email, Sno: m.Register.Taxation, INN: m.Register.INN, PaymentAddress: cut(m.Register.Place, 256)},
		Payments: []atol.Payment{{Type: paidTypes[r.PaidBy], Sum: atol.Roubles(r.Sum)}}, Total: atol.Roubles(r.Sum), Internet: r.Channel == payment.ChannelOnline,
	}
	body.Client = m.buyer(r)
	for i := range r.Lines {
		body.Items = append(body.Items, m.item(&r.Lines[i]))
	}
	body.Vats = atol.Totals(body.Items)
	d := &atol.Document{Timestamp: atol.Stamp(r.MadeAt.Time().In(m.Zone)), ExternalID: r.ExternalID, Receipt: body}
	if m.Register.Callback != "" {
		d.Service = &atol.Callback{CallbackURL: m.Register.Callback}
	}
	if r.Kind == atol.Correction {
		body.CorrectionInfo = &atol.CorrectionInfo{Type: "self", BaseDate: r.SettledOn.Dotted()}
		d.Receipt, d.Correction = nil, body
	}
	return d
}

// buyer is where the receipt goes: the payer's own address, else the centre's.
func (m *Module) buyer(r *Receipt) atol.Buyer {
	switch {
	case r.Contact == "":
		return atol.Buyer{Email: m.Register.Email}
	case strings.Contains(r.Contact, "@"):
		return atol.Buyer{Email: r.Contact}
	}
	return atol.Buyer{Phone: r.Contact}
}

func (m *Module) item(l *Line) atol.Item {
	method := methodNames[l.Method]
	i := atol.Item{Name: l.Name, Price: atol.Roubles(l.Amount), Quantity: 1, Sum: atol.Roubles(l.Amount), PaymentMethod: method, PaymentObject: l.Subject, Vat: atol.VatOf(l.Vat, method, l.Amount)}
	if l.Agent == "" {
		return i
	}
	i.AgentInfo = &atol.AgentInfo{Type: l.Agent}
	if own := phoneOf(m.Register.Phone); own != "" && strings.HasPrefix(l.Agent, "paying_") {
		i.AgentInfo.PayingAgent = &atol.Phones{Phones: []string{own}}
	}
	i.SupplierInfo = &atol.SupplierInfo{Name: cut(l.SupplierName, 239), INN: l.SupplierINN}
	if l.Phone != "" {
		i.SupplierInfo.Phones = []string{l.Phone}
	}
	return i
}

// Contact reads the address a receipt is sent to: an e-mail, or a telephone in any writing. Empty stays empty.
func Contact(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", nil
	case strings.Contains(text, "@") && atol.Email(text):
		return text, nil
	case !strings.Contains(text, "@") && phoneOf(text) != "":
		return phoneOf(text), nil
	}
	return "", errContact
}

// sourceKey names what a receipt is of.
func sourceKey(kind string, of any) string { return fmt.Sprintf("%s:%v", kind, of) }
