package qr

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"kvit/internal/fault"
	"kvit/internal/inert"
	"kvit/internal/money"
)

// Payment is what a payment code tells a bank. Texts longer than the standard allows are cut.
type Payment struct {
	Name        string       // получатель, to 160
	PersonalAcc string       // 20 digits
	BankName    string       // to 45
	BIC         string       // 9 digits
	CorrespAcc  string       // 20 digits, or 0
	KPP         string       // to 9
	PayeeINN    string       // to 12
	Purpose     string       // to 210
	Sum         money.Amount // 0: the payer types it
	PersAcc     string       // лицевой счёт
	PaymPeriod  string       // 10.2026
	QuittID     string       // number of the document
}

// separators are the signs a writer may part fields with, the usual one first.
const separators = "|@;:^_~{}!#$%&()*+,/"

// Encode writes the code in UTF-8 («ST00012»): required fields in the order of the standard, then КПП, ИНН, purpose
// and sum as banks' programs expect them, then the rest. Missing requisites are Invalid.
func (p Payment) Encode() (string, error) {
	if p.Name == "" || p.BankName == "" || len(p.BIC) != 9 || len(p.PersonalAcc) != 20 {
		return "", fault.New(fault.Invalid, "qr.requisites", "Для QR-кода нужны получатель, счёт, банк и БИК. Загрузите реквизиты: kvit suppliers load.")
	}
	if p.CorrespAcc == "" {
		p.CorrespAcc = "0"
	}
	sum := ""
	if p.Sum > 0 {
		sum = strconv.FormatInt(int64(p.Sum), 10)
	}
	fields := [...][2]string{{"Name", cut(p.Name, 160)}, {"PersonalAcc", p.PersonalAcc}, {"BankName", cut(p.BankName, 45)}, {"BIC", p.BIC}, {"CorrespAcc", p.CorrespAcc},
		{"KPP", p.KPP}, {"PayeeINN", p.PayeeINN}, {"Purpose", cut(p.Purpose, 210)}, {"Sum", sum}, {"PersAcc", p.PersAcc}, {"PaymPeriod", p.PaymPeriod}, {"QuittId", p.QuittID}, {"TechCode", "02"}}
	sep := separator(fields[:])
	if sep == 0 {
		return "", fault.New(fault.Invalid, "qr.separator", "В реквизитах слишком много знаков препинания для QR-кода. Упростите название получателя.")
	}
	var b strings.Builder
	b.WriteString("ST00012")
	for _, f := range fields {
		if f[1] != "" {
			b.WriteByte(sep)
			b.WriteString(f[0] + "=" + f[1])
		}
	}
	return b.String(), nil
}

// separator is the first sign that no value contains: there is no escaping in the standard.
func separator(fields [][2]string) byte {
	for i := range len(separators) {
		free := true
		for _, f := range fields {
			free = free && strings.IndexByte(f[1], separators[i]) < 0
		}
		if free {
			return separators[i]
		}
	}
	return 0
}

// named are what a text of a code may not hold: a bank's program may part fields by them whatever the separator is
// (reliability.md S12).
var named = strings.NewReplacer("|", "/", "=", "-")

// cut drops signs that are not seen, those of the standard, and what is over its length, counted in characters.
func cut(s string, max int) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == '\u00a0' || r == ' ' }), " ")
	s = named.Replace(inert.Seen(s))
	for utf8.RuneCountInString(s) > max {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.TrimSpace(s)
}

// Field is one «Key=Value» of a code read.
type Field struct{ Key, Value string }

// Code is a code read: fields in their order with keys in the standard's case, and what was odd.
type Code struct {
	Fields   []Field
	Encoding string
	Warnings []string
}

// Get is the value of a key, ” when absent.
func (c *Code) Get(key string) string {
	for _, f := range c.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return ""
}

// keys are the standard's keys and the other spellings met in the wild.
var keys = func() map[string]string {
	m := map[string]string{"inn": "PayeeINN", "pensaccno": "PensAcc"}
	for _, k := range strings.Fields(`Name PersonalAcc BankName BIC CorrespAcc Sum Purpose PayeeINN PayerINN DrawerStatus KPP CBC OKTMO PaytReason TaxPeriod DocNo DocDate TaxPaytKind
		LastName FirstName MiddleName PayerAddress PersonalAccount DocIdx PensAcc Contract PersAcc Flat Phone PayerIdType PayerIdNum ChildFio BirthDate PaymTerm PaymPeriod Category ServiceName
		CounterId CounterVal QuittId QuittDate InstNum ClassNum SpecFio AddAmount RuleId ExecId RegType UIN TechCode`) {
		m[strings.ToLower(k)] = k
	}
	return m
}()

// readMax bounds a code read: a QR holds less than 3 KB.
const readMax = 8 << 10

// Parse reads a code as banks and people hand it over: any separator, keys in any case, stray fragments, an encoding
// digit that lies. It refuses what is not such a code: prefix, version, missing required keys.
func Parse(raw []byte) (*Code, error) {
	if len(raw) < 9 || len(raw) > readMax || !bytes.HasPrefix(raw, []byte("ST0001")) {
		return nil, refuse("Это не платёжный QR-код: он начинается не с ST0001.")
	}
	c := &Code{}
	text, err := c.decode(raw[6], raw[7:])
	if err != nil {
		return nil, err
	}
	sep, size := utf8.DecodeRuneInString(text)
	for fragment := range strings.SplitSeq(text[size:], string(sep)) {
		c.add(strings.TrimRight(fragment, "\r\n\x00 "))
	}
	for _, k := range [...]string{"Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"} {
		if c.Get(k) == "" {
			return nil, refuse("В QR-коде нет обязательного поля " + k + ".")
		}
	}
	c.checkSum()
	return c, nil
}

func refuse(message string) error {
	return fault.New(fault.Invalid, "qr.not_payment", message+" Введите реквизиты с квитанции.")
}

func (c *Code) decode(digit byte, body []byte) (string, error) {
	switch {
	case digit == '2' || utf8.Valid(body) && hasWide(body):
		if digit != '2' {
			c.warn("кодировка заявлена другая, текст в UTF-8")
		}
		if digit < '1' || digit > '3' {
			return "", refuse("Кодировка QR-кода не указана.")
		}
		c.Encoding = "utf-8"
		return strings.ToValidUTF8(string(body), "\uFFFD"), nil
	case digit == '1':
		c.Encoding = "windows-1251"
		b, err := charmap.Windows1251.NewDecoder().Bytes(body)
		return string(b), err
	case digit == '3':
		c.Encoding = "koi8-r"
		b, err := charmap.KOI8R.NewDecoder().Bytes(body)
		return string(b), err
	}
	return "", refuse("Кодировка QR-кода не указана.")
}

func hasWide(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r >= 0x80 }) >= 0
}

func (c *Code) warn(format string, args ...any) {
	c.Warnings = append(c.Warnings, fmt.Sprintf(format, args...))
}

func (c *Code) add(fragment string) {
	key, value, ok := strings.Cut(fragment, "=")
	switch {
	case fragment == "":
		return
	case !ok:
		c.warn("фрагмент %q без знака равенства пропущен", fragment)
		return
	}
	if k, known := keys[strings.ToLower(strings.TrimSpace(key))]; known {
		key = k
	}
	if c.Get(key) != "" && key != "CounterId" && key != "CounterVal" {
		c.warn("поле %s повторено, взято первое", key)
		return
	}
	c.Fields = append(c.Fields, Field{key, value})
}

// checkSum takes a sum written in roubles with two decimals for what it means; the standard wants kopecks.
func (c *Code) checkSum() {
	for i := range c.Fields {
		f := &c.Fields[i]
		switch {
		case f.Key == "TechCode" && len(f.Value) == 1:
			f.Value = "0" + f.Value
		case f.Key == "Sum" && strings.ContainsAny(f.Value, ".,"):
			if a, err := money.Parse(f.Value); err == nil && strings.IndexAny(f.Value, ".,") == len(f.Value)-3 {
				c.warn("сумма записана в рублях, а не в копейках")
				f.Value = strconv.FormatInt(int64(a), 10)
			}
		}
	}
}
