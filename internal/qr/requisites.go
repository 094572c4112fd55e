// Package qr makes and reads payment codes of ГОСТ Р 56042-2014, and checks the requisites that go into them.
//
// Owns: the strings of the standard, check digits of ИНН and bank accounts, the matrix of a code. Does not own: what
// is paid, pages, PDF. Invariants: what is written is read back equal; a name cannot smuggle a field in, because
// the separator is a sign that no value contains.
package qr

import "strings"

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func weighed(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum
}

// ValidINN checks the control digits of an ИНН: 10 digits of an organisation, 12 of a person (приказ ФНС).
func ValidINN(s string) bool {
	if !digits(s) {
		return false
	}
	last := func(sum int) byte { return byte('0' + sum%11%10) }
	switch len(s) {
	case 10:
		return s[9] == last(weighed(s, 2, 4, 10, 3, 5, 9, 4, 6, 8))
	case 12:
		return s[10] == last(weighed(s, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) && s[11] == last(weighed(s, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
	}
	return false
}

// ValidBankAccount checks the key of a bank account for its БИК (порядок расчёта контрольного ключа, Банк России
// 08.09.1997 № 515): weights 7, 1, 3 over three digits of the БИК and the account end in zero. Treasury accounts do
// not follow it and pass by form alone.
func ValidBankAccount(bic, account string) bool {
	if len(bic) != 9 || len(account) != 20 || !digits(bic) || !digits(account) {
		return false
	}
	if strings.HasPrefix(account, "03") || strings.HasPrefix(account, "40102") {
		return true
	}
	prefix := bic[6:]
	if strings.HasPrefix(account, "301") || bic[6:] == "000" || bic[6:] == "001" || bic[6:] == "002" {
		prefix = "0" + bic[4:6]
	}
	sum := 0
	for i, c := range prefix + account {
		sum += int(c-'0') * [...]int{7, 1, 3}[i%3] % 10
	}
	return sum%10 == 0
}
