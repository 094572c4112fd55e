package city

import (
	"fmt"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// codec puts text into the code page of a file.
type codec struct {
	page *charmap.Charmap // nil: UTF-8 or UTF-16
	wide bool
}

var codecs = map[string]codec{
	"utf-8": {}, "utf-8-sig": {}, "utf-16-le-bom": {wide: true},
	"cp1251": {page: charmap.Windows1251}, "windows-1251": {page: charmap.Windows1251},
	"cp866": {page: charmap.CodePage866}, "koi8-r": {page: charmap.KOI8R},
}

// marks are the bytes that stand before everything else in a file of an encoding.
var marks = map[string]string{"utf-8-sig": "\xef\xbb\xbf", "utf-16-le-bom": "\xff\xfe"}

// encode appends s; a sign the code page has not is an error of a layout.
func (c codec) encode(dst []byte, s string) ([]byte, error) {
	switch {
	case c.wide:
		for _, u := range utf16.Encode([]rune(s)) {
			dst = append(dst, byte(u), byte(u>>8))
		}
		return dst, nil
	case c.page == nil:
		return append(dst, s...), nil
	}
	for _, r := range s {
		b, ok := c.page.EncodeRune(r)
		if !ok {
			return dst, fmt.Errorf("знака %q нет в кодировке %s", r, c.page)
		}
		dst = append(dst, b)
	}
	return dst, nil
}
