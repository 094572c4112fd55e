package charset

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

const text = "Ельников Пётр Ильич; Рязань, ул. Новосёлов, д. 21, кв. 14; к оплате 2450,30"

func TestEncodingIsFoundByTheLetters(t *testing.T) {
	for _, e := range []Encoding{UTF8, CP1251, CP866, KOI8R, UTF16LE, UTF16BE} {
		for name, s := range map[string]string{"mixed": text, "capitals": strings.ToUpper(text), "one name": "Иванова Мария"} {
			b, _ := e.Append(nil, s)
			if got := Detect(b, true); got.Encoding != e && !(name == "one name" && got.Confidence < .9) {
				t.Errorf("%s in %s taken for %s (%s)", name, e, got.Encoding, got.Evidence)
			}
		}
	}
}

func TestASignCutAtTheEndOfASampleIsNoEvidence(t *testing.T) {
	b := []byte(text)
	for cut := len(b) - 40; cut < len(b); cut++ {
		if got := Detect(b[:cut], false); got.Encoding != UTF8 {
			t.Errorf("cut at %d: %s", cut, got.Encoding)
		}
	}
}

func TestNamesOfEncodings(t *testing.T) {
	for name, want := range map[string]Encoding{"cp866": CP866, "cp1251": CP1251, "windows-1251": CP1251, "Windows": CP1251, "DOS": CP866, "koi8-r": KOI8R, "UTF-8": UTF8, "utf-8-sig": UTF8, "utf-16-le-bom": UTF16LE, "IBM866": CP866} {
		if got, ok := Parse(name); !ok || got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if _, ok := Parse("ebcdic"); ok {
		t.Error("ebcdic is known")
	}
}

func TestEveryByteSurvivesDecodingAndEncoding(t *testing.T) {
	for e := range maps {
		for b := range 256 {
			s := e.Text([]byte{byte(b)})
			if back, lossy := e.Append(nil, s); !lossy && (len(back) != 1 || back[0] != byte(b)) {
				t.Errorf("%s %#x: %q gives %x", e, b, s, back)
			}
		}
	}
}

func TestStreamsDecodeAsWholes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("абвГДЕ ёЁ№«»123;\n"))).Draw(t, "text")
		e := rapid.SampledFrom([]Encoding{UTF8, CP1251, CP866, UTF16LE, UTF16BE}).Draw(t, "encoding")
		b, lossy := e.Append(nil, s)
		if lossy {
			t.Skip("signs the code page lacks")
		}
		got, err := io.ReadAll(NewReader(iotest.OneByteReader(bytes.NewReader(b)), e))
		if err != nil || string(got) != s {
			t.Fatalf("%q, %v", got, err)
		}
	})
}

func TestGoodTextIsNeverRepaired(t *testing.T) {
	words := []string{"Иванов", "ул. Новосёлов", "д.5", "кв. 12А", "ООО «Ромашка»", "№ 7", "МУП Водоканал", "пр-кт", "Ё", "ЖКХ-Сервис", "Wi-Fi", "Ghbdtn", "Рязань—2", "м²", "РязаньЭнерго", "ТРЦ", "і", "Ұзын Әлібек"}
	for range 5000 {
		var parts []string
		for range 1 + rand.IntN(4) {
			parts = append(parts, words[rand.IntN(len(words))])
		}
		s := strings.Join(parts, " ")
		for _, e := range []Encoding{UTF8, CP1251, CP866, KOI8R} {
			if b, lossy := e.Append(nil, s); !lossy {
				if now, from, ok := Repair(b, e); ok {
					t.Errorf("%q in %s repaired to %q from %s", s, e, now, from)
				}
			}
		}
	}
}

func BenchmarkDecode1251(b *testing.B) {
	src, _ := CP1251.Append(nil, strings.Repeat(text, 100))
	b.SetBytes(int64(len(src)))
	var dst []byte
	for b.Loop() {
		dst = CP1251.AppendUTF8(dst[:0], src)
	}
}

func FuzzDetectAndRepair(f *testing.F) {
	f.Add([]byte(text))
	f.Add([]byte("\xff\xfe\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		Detect(b, true)
		for e := UTF8; e <= CP1252; e++ {
			if now, _, ok := Repair(b, e); ok && now == e.Text(b) {
				t.Errorf("%x in %s repaired to itself", b, e)
			}
		}
	})
}
