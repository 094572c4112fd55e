package match

import (
	"fmt"
	"testing"
)

// learned is a scheme that saw n numbers.
func learned(n int, number func(i int) string) *NumberScheme {
	s := NewNumberScheme()
	for i := range n {
		s.Observe(number(i))
	}
	s.Learn()
	return s
}

// checked writes a number with the check digit that a scheme asks for; one that has none is left out.
func checked(check func(string) bool, base int) (string, bool) {
	for d := range 10 {
		if s := fmt.Sprintf("%09d%d", base, d); check(s) {
			return s, true
		}
	}
	return "", false
}

func TestCheckDigits(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(string) bool
		right string
	}{
		{"Luhn", luhn, "79927398713"},
		{"ИНН of a company", mod11([]int{2, 4, 10, 3, 5, 9, 4, 6, 8}), "7707083893"},
		{"weights 7 1 3", mod10([]int{7, 1, 3}), "123459"},
		{"EAN-13", mod10([]int{1, 3}), "4006381333931"},
		{"Damm", damm, "5724"},
		{"mod 97", mod97, "3214282912345698765432161182"},
	} {
		if !c.check(c.right) {
			t.Errorf("%s: %s fails", c.name, c.right)
		}
		for i := range c.right {
			wrong := []byte(c.right)
			wrong[i] = '0' + (wrong[i]-'0'+1)%10
			if c.check(string(wrong)) && c.name != "ИНН of a company" { // its remainder 10 counts as 0
				t.Errorf("%s: %s passes", c.name, wrong)
			}
		}
	}
}

func TestNormalise(t *testing.T) {
	plain := learned(300, func(i int) string { return fmt.Sprintf("%010d", 4_000_000+i*7) })
	proved := learned(300, func(i int) string { s, _ := checked(luhn, 1_000_000+i*7); return s })
	latin := learned(300, func(i int) string { return fmt.Sprintf("K%d", 10_000_000+i*7) })
	cyrillic := learned(300, func(i int) string { return fmt.Sprintf("Р-%d", 1000+i*7) })
	few := learned(20, func(i int) string { return fmt.Sprintf("%010d", i) })
	right, _ := checked(luhn, 1_234_567)
	for _, c := range []struct {
		name                string
		scheme              *NumberScheme
		number, want, found string
	}{
		{"as usual", plain, "0004000007", "0004000007", ""},
		{"zeros lost", plain, "4000007", "0004000007", "acc_zero_lost"},
		{"longer than usual", plain, "00040000071", "00040000071", ""},
		{"not only digits", plain, "40-7", "40-7", ""},
		{"too few to believe", few, "7", "7", ""},
		{"check digit right", proved, right, right, ""},
		{"check digit right, zeros lost", proved, right[2:], right, "acc_zero_lost"},
		{"check digit wrong", proved, right[:8] + "00", right[:8] + "00", "acc_typo"},
		{"check digit wrong, zeros lost", proved, "12345670", "12345670", "acc_typo"},
		{"Cyrillic for Latin", latin, "К10000007", "K10000007", "acc_lookalike"},
		{"Latin as usual", latin, "K10000007", "K10000007", ""},
		{"Latin for Cyrillic", cyrillic, "P-1007", "Р-1007", "acc_lookalike"},
		{"empty", plain, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, f := c.scheme.Normalise(c.number)
			found := ""
			if f != nil {
				found = f.Type
			}
			if got != c.want || found != c.found {
				t.Errorf("%q: got %q %q, want %q %q", c.number, got, found, c.want, c.found)
			}
		})
	}
}

// TestEachCheckDigitIsLearned: a supplier's numbers teach the scheme they are built by.
func TestEachCheckDigitIsLearned(t *testing.T) {
	for i, check := range checks {
		s := NewNumberScheme()
		for base := range 4000 {
			if number, ok := checked(check, 17_000+base*13); ok {
				s.Observe(number)
			}
		}
		s.Learn()
		if s.checked >= schemeMin && (s.check < 0 || s.passed[i] != s.checked) {
			t.Errorf("scheme %d: learned %d, %d of %d pass", i, s.check, s.passed[i], s.checked)
		}
	}
	if s := learned(1000, func(i int) string { return fmt.Sprintf("%010d", i*7919) }); s.check >= 0 {
		t.Errorf("numbers without a check digit taught scheme %d", s.check)
	}
}

func TestFoldNumber(t *testing.T) {
	for s, want := range map[string]string{"0012": "12", "К 12": "K12", "к12": "K12", "000": "", "1 2": "12", "A-0": "A-0"} {
		if got := FoldNumber(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestUnifiedNumberAndTail(t *testing.T) {
	for s, want := range map[string]string{"10АА111111": "10AA111111", "10aa111111-01": "10AA111111", " 10АА 111111": "10AA111111", "": "", "-1": "-1"} {
		if got := elsBase(s); got != want {
			t.Errorf("unified number %q: got %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]string{"1600000051": "0000051", "26-0000-0051": "0000051", "K1234567": "", "12345678": "2345678", "": ""} {
		if got := digitsTail(s, 7); got != want {
			t.Errorf("tail %q: got %q, want %q", s, got, want)
		}
	}
}
