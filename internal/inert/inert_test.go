package inert

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestSignsNobodySees(t *testing.T) {
	for in, want := range map[string]string{
		"ООО «Ромашка»": "ООО «Ромашка»", "а\u202eб\u202cв": "абв", "\u2066x\u2069": "x", "\ufeffВода": "Вода", "во\u200bда": "вода", "a\x00b\x1b[2Jc\u0085": "ab[2Jc",
		"две\nстроки\tи\r": "две\nстроки\tи\r", "пере\u00adнос": "пере\u00adнос", "1\u00a0000,00\u00a0₽ – «да»": "1\u00a0000,00\u00a0₽ – «да»",
	} {
		if got := Seen(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if unicode.Is(unicode.Bidi_Control, r) && !Hides(r) {
			t.Errorf("%U turns what follows, and stays", r)
		}
		if (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsPunct(r)) && Hides(r) {
			t.Errorf("%U is seen, and goes", r)
		}
	}
}

func TestCellsRunNothing(t *testing.T) {
	for in, want := range map[string]string{
		"=HYPERLINK(\"//x\")": "'=HYPERLINK(\"//x\")", "+7 900": "'+7 900", "@SUM(1)": "'@SUM(1)", "\tx": "'\tx", "\rx": "'\rx", "\x00=1": "'\x00=1", "-1+1": "'-1+1", "-": "'-", "-1.": "'-1.", "'=1": "''=1",
		"-5,00": "-5,00", "-5": "-5", "-5.25": "-5.25", "5": "5", "ул. Мира, 1": "ул. Мира, 1", "": "", "'x": "'x",
	} {
		if got := Cell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`['=+\-@\t0-9.,a]{0,6}`).Draw(t, "s")
		written := Cell(s)
		if got := Bare(written); got != s {
			t.Fatalf("%q became %q", s, got)
		}
		if Formula(written) && strings.Trim(written, "-0123456789.,") != "" {
			t.Fatalf("%q would be run", written)
		}
	})
}
