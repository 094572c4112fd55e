package charset

import (
	"unicode/utf8"
)

// Suspicious tells cheaply whether a field may be of another code page than declared. It never misses a field
// that has signs Russian text does not use; Repair decides.
func Suspicious(raw []byte, declared Encoding) bool {
	if declared.SingleByte() {
		return suspiciousBytes(raw, &byteWeights[declared])
	}
	return suspiciousUTF8(raw)
}

func suspiciousBytes(raw []byte, t *[256]weight) bool {
	odd, n := 0, 0
	prev := plain
	for _, b := range raw {
		if b < utf8.RuneSelf {
			prev = plain
			continue
		}
		c := t[b].class
		if c == weird || c == large && prev == small {
			odd++
		}
		prev = c
		n++
	}
	return odd > 0 && odd*8 >= n
}

func suspiciousUTF8(raw []byte) bool {
	odd, n := 0, 0
	prev := plain
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			prev = plain
			i++
			continue
		}
		n++
		if (raw[i] == 0xd0 || raw[i] == 0xd1) && i+1 < len(raw) {
			c := cyrillicClass(raw[i], raw[i+1])
			if c == weird || c == large && prev == small {
				odd++
			}
			prev = c
			i += 2
			continue
		}
		r, size := utf8.DecodeRune(raw[i:])
		if runeWeight(r).class == weird {
			odd++
		}
		prev = plain
		i += size
	}
	return odd > 0 && odd*8 >= n
}

// cyrillicClass judges the two bytes of U+0400…U+047F without decoding.
func cyrillicClass(a, b byte) class {
	switch {
	case a == 0xd0 && b >= 0x90 && b <= 0xaf, a == 0xd0 && b == 0x81:
		return large
	case a == 0xd0 && b >= 0xb0 && b <= 0xbf, a == 0xd1 && b >= 0x80 && b <= 0x8f, a == 0xd1 && b == 0x91:
		return small
	}
	return weird
}

// Least advantage another reading must have over the declared one, in all and for each sign, the least number of
// signs beyond ASCII, and the signs of the longest odd word: letters that stand alone prove nothing.
const (
	repairGap      = 6
	repairGapRatio = 0.7
	repairSigns    = 4
	repairWord     = 3
)

// Repair reads a field again when its bytes are plainly of another code page than the file: cp866 inside
// cp1251 and the other way round, koi8-r, UTF-8 read as 1251, and texts that were damaged so before they were
// written as UTF-8. ok is false when the declared reading stands; text is then empty.
func Repair(raw []byte, declared Encoding) (text string, from Encoding, ok bool) {
	if !Suspicious(raw, declared) {
		return "", Unknown, false
	}
	was := declared.Text(raw)
	sum, n := scoreText(was)
	if n < repairSigns || oddWord(was) < repairWord {
		return "", Unknown, false
	}
	now := reading{Unknown, "", sum + max(repairGapRatio*float64(n), repairGap)}
	if declared.SingleByte() || !utf8.Valid(raw) {
		now = now.better(raw, declared)
	} else {
		for _, wrong := range []Encoding{CP1251, CP866, KOI8R, CP1252} {
			if b, lossy := wrong.exact(was); !lossy {
				now = now.better(b, wrong)
			}
		}
	}
	if now.from == Unknown {
		return "", Unknown, false
	}
	return now.text, now.from, true
}

// oddWord counts the signs of the longest word that has a sign Russian words do not have.
func oddWord(s string) (longest int) {
	n, odd, prev := 0, false, plain
	for _, r := range s {
		if r < utf8.RuneSelf {
			n, odd, prev = 0, false, plain
			continue
		}
		c := runeWeight(r).class
		odd = odd || c == weird || c == large && prev == small
		n++
		prev = c
		if odd {
			longest = max(longest, n)
		}
	}
	return longest
}

type reading struct {
	from  Encoding
	text  string
	score float64
}

// better reads b in every encoding but one and keeps the most Russian text if it beats what is held.
func (r reading) better(b []byte, not Encoding) reading {
	for _, e := range []Encoding{UTF8, CP1251, CP866, KOI8R} {
		if e == not || e == UTF8 && !utf8.Valid(b) {
			continue
		}
		text := e.Text(b)
		if sum, _ := scoreText(text); sum > r.score {
			r = reading{e, text, sum}
		}
	}
	return r
}

// exact encodes without substitutes; lossy tells that a sign is missing from the code page. Bytes that Go's
// table of cp1252 leaves without a sign pass as they are, as browsers write them.
func (e Encoding) exact(s string) (out []byte, lossy bool) {
	m := maps[e]
	for _, r := range s {
		if b, ok := m.EncodeRune(r); ok {
			out = append(out, b)
		} else if r >= 0x80 && r < 0xa0 {
			out = append(out, byte(r))
		} else {
			return nil, true
		}
	}
	return out, false
}
