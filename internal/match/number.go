package match

import (
	"strings"
)

// NumberScheme learns how a supplier's account numbers are built: width, alphabet, check digit.
type NumberScheme struct {
	n       int
	widths  map[int]int
	digits  int
	latin   int
	cyril   int
	passed  [len(checks)]int
	checked int
	width   int
	check   int
	script  byte
}

// checks are the check digit schemes known: the last digit proves the others.
var checks = [...]func(string) bool{luhn, mod11([]int{2, 4, 10, 3, 5, 9, 4, 6, 8}), mod11([]int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}), mod10([]int{7, 1, 3}), mod10([]int{1, 3}), mod10([]int{3, 1}), mod11([]int{2, 3, 4, 5, 6, 7, 8, 9, 10}), mod11([]int{10, 9, 8, 7, 6, 5, 4, 3, 2}), damm, mod97}

// NewNumberScheme makes an empty scheme.
func NewNumberScheme() *NumberScheme { return &NumberScheme{widths: map[int]int{}, check: -1} }

// Observe learns from one number.
func (s *NumberScheme) Observe(number string) {
	s.n++
	if onlyDigits(number) {
		s.digits++
		s.widths[len(number)]++
	}
	s.tryChecks(justDigits(number))
	for _, r := range number {
		switch {
		case r < 0x80 && strings.ContainsRune("ABCEHKMOPTXabcehkmoptx", r):
			s.latin++
		case strings.ContainsRune("АВСЕНКМОРТХавсенкмортх", r):
			s.cyril++
		}
	}
}

// tryChecks counts which check digit schemes the digits of a number satisfy.
func (s *NumberScheme) tryChecks(digits string) {
	if len(digits) < checkedMin {
		return
	}
	s.checked++
	for i, ok := range checks {
		if ok(digits) {
			s.passed[i]++
		}
	}
}

// checkedMin is the fewest digits a check digit is looked for in.
const checkedMin = 6

// justDigits leaves letters and signs out.
func justDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// What a scheme needs before it is believed.
const (
	schemeMin   = 200
	schemeShare = 0.97
)

// Learn ends learning.
func (s *NumberScheme) Learn() {
	for w, n := range s.widths {
		if n >= schemeMin && float64(n) >= schemeShare*float64(s.n) {
			s.width = w
		}
	}
	for i, n := range s.passed {
		if s.checked >= schemeMin && float64(n) >= schemeShare*float64(s.checked) {
			s.check = i
		}
	}
	switch {
	case s.latin+s.cyril < 20:
	case s.latin > 4*s.cyril:
		s.script = 'l'
	case s.cyril > 4*s.latin:
		s.script = 'c'
	}
}

var toCyrillic = strings.NewReplacer("A", "А", "B", "В", "C", "С", "E", "Е", "H", "Н", "K", "К", "M", "М", "O", "О", "P", "Р", "T", "Т", "X", "Х")
var toLatin = strings.NewReplacer("А", "A", "В", "B", "С", "C", "Е", "E", "Н", "H", "К", "K", "М", "M", "О", "O", "Р", "P", "Т", "T", "Х", "X")

// FoldNumber is a number for comparison: capitals, Latin for look-alikes, no spaces, no leading zeros.
func FoldNumber(s string) string {
	return strings.TrimLeft(toLatin.Replace(strings.ToUpper(strings.ReplaceAll(s, " ", ""))), "0")
}

// Normalise gives a number as the supplier's scheme writes it and what was odd about it.
func (s *NumberScheme) Normalise(number string) (string, *Finding) {
	clean := number
	switch s.script {
	case 'l':
		clean = toLatin.Replace(number)
	case 'c':
		clean = toCyrillic.Replace(number)
	}
	if clean != number {
		return clean, &Finding{Type: "acc_lookalike", Field: "account", Value: number, Now: clean, Hint: "Буква другого алфавита в номере счёта заменена похожей."}
	}
	if s.width > 0 && onlyDigits(number) && len(number) < s.width {
		clean = strings.Repeat("0", s.width-len(number)) + number
		if s.check < 0 || checks[s.check](clean) {
			return clean, &Finding{Type: "acc_zero_lost", Field: "account", Value: number, Now: clean, Hint: "Номер короче обычного: ведущие нули возвращены."}
		}
	}
	if d := justDigits(number); s.check >= 0 && len(d) >= checkedMin && !checks[s.check](d) {
		return number, &Finding{Type: "acc_typo", Field: "account", Value: number, Hint: "Контрольная цифра номера не сходится. Сверьте номер с поставщиком; счёт найден по остальным данным."}
	}
	return number, nil
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func luhn(s string) bool {
	t := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		t += d
	}
	return len(s) > 1 && t%10 == 0
}

func mod11(w []int) func(string) bool {
	return func(s string) bool {
		if len(s) != len(w)+1 {
			return false
		}
		t := 0
		for i, k := range w {
			t += int(s[i]-'0') * k
		}
		return t%11%10 == int(s[len(s)-1]-'0')
	}
}

func mod10(w []int) func(string) bool {
	return func(s string) bool {
		t := 0
		for i := range len(s) - 1 {
			t += int(s[i]-'0') * w[i%len(w)]
		}
		return len(s) > 1 && (10-t%10)%10 == int(s[len(s)-1]-'0')
	}
}

var dammTable = [10]string{"0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"}

func damm(s string) bool {
	c := 0
	for i := range len(s) {
		c = int(dammTable[c][s[i]-'0'] - '0')
	}
	return c == 0
}

func mod97(s string) bool {
	t := 0
	for i := range len(s) {
		t = (t*10 + int(s[i]-'0')) % 97
	}
	return len(s) > 3 && t == 1
}
