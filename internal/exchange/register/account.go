package register

import (
	"regexp"
	"strings"
	"unicode"
)

// account restores what spreadsheets take from account numbers and puts the supplier's prefix before them.
func (m *mapper) account() {
	r := &m.row
	if len(m.plan.account) == 0 {
		r.Account, r.Printed = "", ""
		return
	}
	if r.Account = visible(r.Account); r.Account == "" {
		r.Account = AccountIn(r.Purpose) // a bank's register may hand it on there only
	}
	if r.Account == "" {
		m.reject("row.account_missing", "account", "", "В строке нет номера лицевого счёта.")
		return
	}
	if r.AccountNumeric && strings.ContainsAny(r.Account, ".eE,") || scientific(r.Account) {
		m.reject("row.account_bad", "account", r.Account, "Номер счёта записан числом и округлён. Сделайте колонку текстовой.")
	}
	printed := r.Account
	if width := m.p.accountWidth(); len(printed) < width && len(m.p.Prefix)+len(printed) != width && digitsOnly(printed) {
		r.Account = strings.Repeat("0", width-len(printed)) + printed
		m.repair("row.zero_lost", "acc_zero_lost", "account", printed, r.Account, "Потеряны нули в начале номера счёта; дополнены до длины из профиля.")
	}
	if m.p.Prefix == "" {
		r.Printed = printed
		return
	}
	same := r.Account == printed
	r.Account = m.p.Prefix + r.Account
	if r.Printed = r.Account; !same {
		r.Printed = m.p.Prefix + printed
	}
}

// scientific tells a number a spreadsheet has shortened before it was saved as text: 4,00010123E+12. Its last
// digits are lost.
func scientific(s string) bool {
	head, exponent, found := strings.Cut(s, "E+")
	return found && digitsOnly(exponent) && len(head) > 2 && (head[1] == ',' || head[1] == '.') && digitsOnly(head[:1]) && digitsOnly(head[2:])
}

func (p *Profile) accountWidth() int {
	if p.AccountWidth > 0 || p.Account == nil {
		return p.AccountWidth
	}
	return p.Account.Width
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// visible drops signs nobody sees from a number: soft hyphens, zero-width spaces, no-break spaces around.
func visible(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] < ' ' {
			return strings.TrimSpace(strings.Map(func(r rune) rune {
				if r == '\u00ad' || r == '\ufeff' || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
					return -1
				}
				return r
			}, s))
		}
	}
	return s
}

// AccountChecker gives a function that tells whether a number, as printed and without the prefix, follows the
// supplier's rule. Without a rule every number does.
func (p *Profile) AccountChecker() func(number string) bool {
	rule := AccountRule{}
	if p.Account != nil {
		rule = *p.Account
	}
	pattern, err := regexp.Compile(`^(?:` + rule.Pattern + `)$`)
	if err != nil || rule.Pattern == "" {
		pattern = nil
	}
	return func(number string) bool {
		if pattern != nil && !pattern.MatchString(number) {
			return false
		}
		switch rule.Check {
		case "luhn":
			return luhn(number)
		case "mod11":
			return mod11(number, rule.Weights)
		}
		return true
	}
}

func luhn(s string) bool {
	if !digitsOnly(s) || len(s) < 2 {
		return false
	}
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mod11 is the rule of ИНН: the weighted sum of all digits but the last, modulo 11, modulo 10, is the last.
func mod11(s string, weights []int) bool {
	if !digitsOnly(s) || len(s) != len(weights)+1 {
		return false
	}
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return sum%11%10 == int(s[len(s)-1]-'0')
}
