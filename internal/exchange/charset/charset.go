// Package charset finds out in which code page bytes are, turns them into UTF-8 fast, and repairs fields whose
// bytes are of another code page than the file around them.
//
// Owns: names of encodings, detection by evidence, decoding tables, repair of mojibake. Does not own: where in a
// file the bytes lie, or what a profile declares; callers decide whom to believe.
//
// Suppliers send cp1251, cp866, koi8-r, UTF-8 with and without a mark and UTF-16; what a file says about itself
// is often untrue (formats.md 0.1). Detection looks at letters, not at labels.
package charset

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Encoding is a code page.
type Encoding uint8

// The encodings suppliers use.
const (
	Unknown Encoding = iota
	UTF8
	CP1251
	CP866
	KOI8R
	ISO88595
	CP1252
	UTF16LE
	UTF16BE
)

var names = [...]string{"", "utf-8", "cp1251", "cp866", "koi8-r", "iso-8859-5", "cp1252", "utf-16-le", "utf-16-be"}

// String is the name used in profiles and reports.
func (e Encoding) String() string { return names[e] }

var aliases = map[string]Encoding{
	"utf8": UTF8, "utf8sig": UTF8, "utf8bom": UTF8, "ascii": UTF8, "usascii": UTF8, "65001": UTF8,
	"cp1251": CP1251, "windows1251": CP1251, "win1251": CP1251, "1251": CP1251, "windows": CP1251, "win": CP1251, "ansi": CP1251, "xcp1251": CP1251,
	"cp866": CP866, "ibm866": CP866, "866": CP866, "dos": CP866, "oem": CP866, "windows866": CP866,
	"koi8r": KOI8R, "koi8": KOI8R, "20866": KOI8R, "koi8ru": KOI8R,
	"iso88595": ISO88595, "iso885951988": ISO88595, "cyrillic": ISO88595,
	"cp1252": CP1252, "windows1252": CP1252, "iso88591": CP1252, "latin1": CP1252,
	"utf16": UTF16LE, "utf16le": UTF16LE, "utf16lebom": UTF16LE, "unicode": UTF16LE, "ucs2": UTF16LE,
	"utf16be": UTF16BE, "utf16bebom": UTF16BE,
}

// Parse understands the names profiles, XML prologs and 1C headers use, in any case, with or without hyphens.
func Parse(name string) (Encoding, bool) {
	key := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' || r == ':' {
			return -1
		}
		return r
	}, strings.ToLower(name))
	e, ok := aliases[key]
	return e, ok
}

// SingleByte tells whether each byte is one sign.
func (e Encoding) SingleByte() bool { return e >= CP1251 && e <= CP1252 }

// packed holds the UTF-8 form of each byte of a code page: up to three bytes and, on top, their number.
type packed [256]uint32

var tables [len(names)]*packed
var maps = map[Encoding]*charmap.Charmap{
	CP1251: charmap.Windows1251, CP866: charmap.CodePage866, KOI8R: charmap.KOI8R,
	ISO88595: charmap.ISO8859_5, CP1252: charmap.Windows1252,
}

func init() {
	for e, m := range maps {
		t := new(packed)
		for b := range t {
			var u [4]byte
			n := utf8.EncodeRune(u[:], m.DecodeByte(byte(b)))
			t[b] = uint32(u[0]) | uint32(u[1])<<8 | uint32(u[2])<<16 | uint32(n)<<24
		}
		tables[e] = t
	}
}

// AppendUTF8 decodes src and appends it to dst. In UTF-8 each broken byte becomes U+FFFD; UTF-16 goes through
// NewReader instead and must not be given here.
func (e Encoding) AppendUTF8(dst, src []byte) []byte {
	if !e.SingleByte() {
		return appendValid(dst, src)
	}
	t := tables[e]
	at := len(dst)
	if need := at + 3*len(src) + 3; cap(dst) < need {
		dst = append(make([]byte, 0, need+need/2), dst...)
	}
	dst = dst[:cap(dst)]
	for _, b := range src {
		if b < utf8.RuneSelf {
			dst[at] = b
			at++
			continue
		}
		v := t[b]
		out := dst[at : at+3 : at+3]
		out[0], out[1], out[2] = byte(v), byte(v>>8), byte(v>>16)
		at += int(v >> 24)
	}
	return dst[:at]
}

func appendValid(dst, src []byte) []byte {
	if utf8.Valid(src) {
		return append(dst, src...)
	}
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		dst = utf8.AppendRune(dst, r)
		src = src[n:]
	}
	return dst
}

// Text is AppendUTF8 into a new string.
func (e Encoding) Text(src []byte) string { return string(e.AppendUTF8(nil, src)) }

// substitutes are what a sign missing from a code page is written as.
var substitutes = map[rune]string{
	'−': "-", '–': "-", '—': "-", '‑': "-", '\u00a0': " ", '\u202f': " ", '\u2009': " ", '№': "N",
	'«': "\"", '»': "\"", '“': "\"", '”': "\"", '„': "\"", '’': "'", '‘': "'", '…': "...", '₽': "р.", '³': "3", '²': "2",
	'ё': "е", 'Ё': "Е",
}

// Append encodes text and appends it to dst. A sign the code page lacks is written by a plain substitute, or
// by a question mark, and lossy is true.
func (e Encoding) Append(dst []byte, text string) (out []byte, lossy bool) {
	switch {
	case e == UTF16LE || e == UTF16BE:
		return appendUTF16(dst, text, e == UTF16BE), false
	case !e.SingleByte():
		return append(dst, text...), false
	}
	m := maps[e]
	for _, r := range text {
		if r < utf8.RuneSelf {
			dst = append(dst, byte(r))
		} else if b, ok := m.EncodeRune(r); ok {
			dst = append(dst, b)
		} else if s, ok := substitutes[r]; ok {
			dst, lossy = append(dst, s...), true
		} else {
			dst, lossy = append(dst, '?'), true
		}
	}
	return dst, lossy
}
