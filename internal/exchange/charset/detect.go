package charset

import (
	"bytes"
	"fmt"
	"math"
	"unicode"
	"unicode/utf8"
)

// Guess is what the bytes of a file say about their encoding. Mark is the length of the byte order mark.
type Guess struct {
	Encoding   Encoding
	Mark       int
	Confidence float64 // 0…1
	Evidence   string  // Russian
}

// letters are the frequencies of small Russian letters; the rest of the alphabet shares the tail.
var letters = map[rune]float64{
	'о': .110, 'е': .085, 'а': .080, 'и': .074, 'н': .067, 'т': .063, 'с': .055, 'р': .047, 'в': .045, 'л': .044,
	'к': .035, 'м': .032, 'д': .030, 'п': .028, 'у': .026, 'я': .020, 'ы': .019, 'ь': .017, 'г': .017, 'з': .016,
	'б': .016, 'ч': .014, 'й': .012, 'х': .010, 'ж': .009, 'ш': .007, 'ю': .006, 'ц': .005, 'щ': .004, 'э': .003,
	'ф': .003, 'ъ': .001, 'ё': .002,
}

// class is what kind of sign a byte or a rune is in Russian text.
type class uint8

const (
	plain  class = iota // ASCII
	small               // а…я ё
	large               // А…Я Ё
	common              // № « » – — … and the no-break space
	weird               // anything else
)

type weight struct {
	class class
	score float32
}

var byteWeights [len(names)][256]weight

func init() {
	for e, m := range maps {
		for b := 128; b < 256; b++ {
			byteWeights[e][b] = runeWeight(m.DecodeByte(byte(b)))
		}
	}
}

func runeWeight(r rune) weight {
	if p, ok := letters[unicode.ToLower(r)]; ok {
		c := small
		if unicode.IsUpper(r) {
			c = large
		}
		return weight{c, float32(math.Log(p))}
	}
	switch r {
	case '№', '«', '»', '–', '—', '…', '\u00a0', '“', '”', '„', '²', '³', '°', '\u202f', '−', '’':
		return weight{common, float32(math.Log(.004))}
	}
	if r < utf8.RuneSelf {
		return weight{}
	}
	return weight{weird, float32(math.Log(.0001))}
}

// capitalPenalty is taken off for a capital right after a small letter: КОИ-8 read as 1251 swaps cases.
const capitalPenalty = 3

// score adds up how Russian the bytes look in a single-byte encoding; n is the number of bytes over 127.
func (e Encoding) score(src []byte) (sum float64, n int) {
	t := &byteWeights[e]
	prev := plain
	for _, b := range src {
		if b < utf8.RuneSelf {
			prev = plain
			continue
		}
		w := t[b]
		sum += float64(w.score)
		if w.class == large && prev == small {
			sum -= capitalPenalty
		}
		prev = w.class
		n++
	}
	return sum, n
}

func scoreText(s string) (sum float64, n int) {
	prev := plain
	for _, r := range s {
		if r < utf8.RuneSelf {
			prev = plain
			continue
		}
		w := runeWeight(r)
		sum += float64(w.score)
		if w.class == large && prev == small {
			sum -= capitalPenalty
		}
		prev = w.class
		n++
	}
	return sum, n
}

// SampleSize is how many bytes of a file are worth looking at.
const SampleSize = 256 << 10

// Detect judges a sample from the beginning of a file; whole says that the sample is the whole file, so that a
// sign cut at its end counts against UTF-8.
func Detect(sample []byte, whole bool) Guess {
	if g := mark(sample); g.Encoding != Unknown {
		return g
	}
	if e := wide(sample); e != Unknown {
		return Guess{Encoding: e, Confidence: .95, Evidence: "у каждого второго байта старшая половина знака"}
	}
	good, bad := utf8Evidence(sample, whole)
	switch {
	case good == 0 && bad == 0:
		return Guess{Encoding: UTF8, Confidence: .5, Evidence: "только латиница и цифры"}
	case bad == 0:
		return Guess{Encoding: UTF8, Confidence: .99, Evidence: fmt.Sprintf("верный UTF-8, %d многобайтных знаков", good)}
	case good > 20*bad:
		return Guess{Encoding: UTF8, Confidence: .9, Evidence: fmt.Sprintf("почти весь файл — верный UTF-8, чужих байтов %d", bad)}
	}
	return byLetters(sample)
}

func mark(b []byte) Guess {
	const why = "метка порядка байтов в начале файла"
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf\xef\xbb\xbf")):
		return Guess{Encoding: UTF8, Mark: 6, Confidence: 1, Evidence: why + ", дважды"}
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return Guess{UTF8, 3, 1, why}
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return Guess{UTF16LE, 2, 1, why}
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return Guess{UTF16BE, 2, 1, why}
	}
	return Guess{}
}

// wide recognises UTF-16 without a mark: the upper halves of ASCII and Cyrillic are 0x00 and 0x04.
func wide(b []byte) Encoding {
	if len(b) < 8 {
		return Unknown
	}
	b = b[:len(b)&^1]
	var upper [2]int
	zeros := 0
	for i, c := range b {
		if c == 0 || c == 4 {
			upper[i&1]++
		}
		if c == 0 {
			zeros++
		}
	}
	half := len(b) / 2
	switch {
	case zeros == 0:
		return Unknown
	case upper[1]*20 >= half*19 && upper[0]*2 < half:
		return UTF16LE
	case upper[0]*20 >= half*19 && upper[1]*2 < half:
		return UTF16BE
	}
	return Unknown
}

// utf8Evidence counts proper multi-byte signs and bytes that fit into none.
func utf8Evidence(b []byte, whole bool) (good, bad int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			if !whole && len(b)-i < utf8.UTFMax && !utf8.FullRune(b[i:]) {
				return good, bad
			}
			bad++
		} else {
			good++
		}
		i += n
	}
	return good, bad
}

func byLetters(sample []byte) Guess {
	best, second, bestSum, secondSum := Unknown, Unknown, math.Inf(-1), math.Inf(-1)
	n := 0
	for _, e := range []Encoding{CP1251, CP866, KOI8R} {
		sum, count := e.score(sample)
		n = count
		if sum > bestSum {
			best, second, bestSum, secondSum = e, best, sum, bestSum
		} else if sum > secondSum {
			second, secondSum = e, sum
		}
	}
	gap := bestSum - secondSum
	return Guess{
		Encoding:   best,
		Confidence: 1 - math.Exp(-gap/4),
		Evidence:   fmt.Sprintf("по частоте русских букв: %s правдоподобнее %s, байтов с буквами %d", best, second, n),
	}
}
