package atol

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lengths of fields, in signs (ФФД 1.2, tables of приказ ФНС ЕД-7-20/662@).
const (
	nameMax     = 128 // tag 1030
	contactMax  = 64  // tag 1008
	supplierMax = 239 // tag 1225: with telephones 1171 not over 256 bytes of the structure
	addressMax  = 256 // tag 1187
	externalMax = 128
	itemsMax    = 100
	sumMax      = Roubles(4_294_967_295) // tags 1020, 1043: 5 bytes of kopecks; the register's own bound is lower
)

var (
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	phoneForm = regexp.MustCompile(`^\+\d{5,18}$`)
	innForm   = regexp.MustCompile(`^(\d{10}|\d{12})$`)
	dateForm  = regexp.MustCompile(`^\d{2}\.\d{2}\.\d{4}$`)
)

// taxations are the tax systems of tag 1055.
var taxations = []string{"osn", "usn_income", "usn_income_outcome", "esn", "patent"}

// agents are the kinds of agents of tag 1222.
var agents = []string{"bank_paying_agent", "bank_paying_subagent", "paying_agent", "paying_subagent", "attorney", "commission_agent", "another"}

// methods and subjects a receipt of payments for housing services may have.
var (
	methods  = []string{FullPrepayment, Advance, FullPayment}
	subjects = []int{Service, PaymentOf, NonOperating}
)

// KnownAgent tells whether the register knows a kind of agent.
func KnownAgent(name string) bool { return slices.Contains(agents, name) }

// Finding is what is wrong with a document: the tag of the field, its place in the document, and what is asked of it.
type Finding struct {
	Tag         int
	Field, Says string
}

func (f Finding) String() string { return fmt.Sprintf("тег %d, %s: %s", f.Tag, f.Field, f.Says) }

// findings collects what is wrong.
type findings []Finding

func (l *findings) want(ok bool, tag int, field, says string) {
	if !ok {
		*l = append(*l, Finding{tag, field, says})
	}
}

// Validate gives what is wrong with a document before it is sent; nothing when it is right.
func Validate(operation string, d *Document) []Finding {
	var l findings
	l.want(d.ExternalID != "" && len(d.ExternalID) <= externalMax, 0, "external_id", "от 1 до 128 знаков")
	l.want((operation == Correction) == (d.Correction != nil), 1173, "correction", "коррекция посылается как коррекция, чек – как чек")
	r := d.Body()
	if r == nil {
		l.want(false, 1059, "receipt", "нет самого чека")
		return l
	}
	l.company(&r.Company)
	l.buyer(r, operation)
	l.want(len(r.Items) > 0 && len(r.Items) <= itemsMax, 1059, "items", "от 1 до 100 строк")
	for i := range r.Items {
		l.item(&r.Items[i], r, fmt.Sprintf("items[%d]", i))
	}
	l.sums(r)
	if operation == Correction && d.Correction != nil {
		c := r.CorrectionInfo
		l.want(c != nil && (c.Type == "self" || c.Type == "instruction" && c.BaseNumber != "") && dateForm.MatchString(c.BaseDate), 1174, "correction_info", "нужны вид, дата расчёта, а для предписания – его номер")
	}
	return l
}

func (l *findings) company(c *Company) {
	l.want(innForm.MatchString(c.INN), 1018, "company.inn", "ИНН из 10 или 12 цифр")
	l.want(slices.Contains(taxations, c.Sno), 1055, "company.sno", "система налогообложения: "+strings.Join(taxations, ", "))
	l.want(within256(c.PaymentAddress), 1187, "company.payment_address", "место расчётов до 256 знаков")
	l.want(emailForm.MatchString(c.Email), 1117, "company.email", "адрес почты отправителя чека")
}

func within256(s string) bool { return s != "" && utf8.RuneCountInString(s) <= addressMax }

func (l *findings) buyer(r *Receipt, operation string) {
	email, phone := r.Client.Email, r.Client.Phone
	l.want(operation == Correction || email != "" || phone != "", 1008, "client", "нужна почта или телефон покупателя")
	l.want(email == "" || emailForm.MatchString(email) && len(email) <= contactMax, 1008, "client.email", "почта до 64 знаков")
	l.want(phone == "" || phoneForm.MatchString(phone), 1008, "client.phone", "телефон вида +79991234567")
}

func (l *findings) item(i *Item, r *Receipt, at string) {
	l.want(i.Name != "" && utf8.RuneCountInString(i.Name) <= nameMax, 1030, at+".name", "название от 1 до 128 знаков")
	l.want(i.Sum > 0 && i.Sum <= sumMax && i.Quantity > 0 && int64(i.Price)*int64(i.Quantity) == int64(i.Sum), 1043, at+".sum", "цена × количество = сумме, больше нуля")
	l.want(slices.Contains(methods, i.PaymentMethod), 1214, at+".payment_method", "признак способа расчёта: "+strings.Join(methods, ", "))
	l.want(slices.Contains(subjects, i.PaymentObject), 1212, at+".payment_object", "признак предмета расчёта 4, 10 или 15")
	l.want(i.Measure == 0, 2108, at+".measure", "мера количества 0 – поштучно")
	l.vat(i, at)
	l.agent(i, r, at)
}

func (l *findings) vat(i *Item, at string) {
	v, ok := rates[i.Vat.Type]
	advance := i.PaymentMethod == Advance || i.PaymentMethod == FullPrepayment
	l.want(ok && (!advance || v.calculated == i.Vat.Type), 1199, at+".vat.type", "ставка НДС; у аванса – расчётная")
	l.want(ok && i.Vat.Sum >= 0 && i.Vat.Sum < i.Sum, 1200, at+".vat.sum", "НДС меньше суммы строки")
}

func (l *findings) agent(i *Item, r *Receipt, at string) {
	if i.AgentInfo == nil {
		l.want(i.SupplierInfo == nil, 1222, at+".agent_info", "у поставщика нужен признак агента")
		return
	}
	s := i.SupplierInfo
	l.want(KnownAgent(i.AgentInfo.Type), 1222, at+".agent_info.type", "признак агента: "+strings.Join(agents, ", "))
	l.want(s != nil && innForm.MatchString(s.INN) && s.INN != r.Company.INN, 1226, at+".supplier_info.inn", "ИНН поставщика, не свой")
	l.want(s != nil && s.Name != "" && utf8.RuneCountInString(s.Name) <= supplierMax, 1225, at+".supplier_info.name", "название поставщика до 239 знаков")
	l.want(s != nil && slices.IndexFunc(s.Phones, func(p string) bool { return !phoneForm.MatchString(p) }) < 0, 1171, at+".supplier_info.phones", "телефоны вида +79991234567")
	if a := i.AgentInfo.PayingAgent; a != nil {
		l.want(len(a.Phones) > 0 && slices.IndexFunc(a.Phones, func(p string) bool { return !phoneForm.MatchString(p) }) < 0, 1073, at+".agent_info.paying_agent.phones", "телефоны вида +79991234567")
	}
}

// sums holds the total to its lines, ways of payment and VAT.
func (l *findings) sums(r *Receipt) {
	var items, paid, vats, lineVats Roubles
	for i := range r.Items {
		items += r.Items[i].Sum
		lineVats += r.Items[i].Vat.Sum
	}
	for _, p := range r.Payments {
		paid += p.Sum
		l.want(p.Type == Cash || p.Type == Electronic || p.Type == Prepaid, 1031, "payments.type", "вид оплаты 0, 1 или 2")
	}
	for _, v := range r.Vats {
		vats += v.Sum
	}
	l.want(r.Total == items, 1020, "total", "итог равен сумме строк")
	l.want(r.Total == paid, 1020, "payments", "сумма оплат равна итогу")
	l.want(len(r.Vats) == 0 || vats == lineVats, 1102, "vats", "сумма НДС равна сумме по строкам")
}

// Email tells whether a text may stand in tag 1008 as an e-mail.
func Email(s string) bool { return len(s) <= contactMax && emailForm.MatchString(s) }
