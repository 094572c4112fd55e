package charset

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// NewReader streams r, which is in encoding e, as UTF-8. The byte order mark must have been read already.
// UTF-8 passes through untouched, broken bytes included.
func NewReader(r io.Reader, e Encoding) io.Reader {
	switch {
	case e == UTF16LE:
		return &decoder{src: r, in: make([]byte, 32<<10), decode: wideDecoder(binary.LittleEndian)}
	case e == UTF16BE:
		return &decoder{src: r, in: make([]byte, 32<<10), decode: wideDecoder(binary.BigEndian)}
	case e.SingleByte():
		return &decoder{src: r, in: make([]byte, 32<<10), decode: func(dst, src []byte, _ bool) ([]byte, int) {
			return e.AppendUTF8(dst, src), len(src)
		}}
	}
	return r
}

// decoder turns chunks of src into UTF-8. decode appends what it can and says how many bytes it took.
type decoder struct {
	src    io.Reader
	in     []byte
	held   int // bytes of in kept from the last chunk
	out    []byte
	at     int
	err    error
	decode func(dst, src []byte, last bool) ([]byte, int)
}

func (d *decoder) Read(p []byte) (int, error) {
	for d.at == len(d.out) {
		if d.err != nil {
			return 0, d.err
		}
		d.fill()
	}
	n := copy(p, d.out[d.at:])
	d.at += n
	return n, nil
}

func (d *decoder) fill() {
	n, err := d.src.Read(d.in[d.held:])
	d.err = err
	src := d.in[:d.held+n]
	out, took := d.decode(d.out[:0], src, err != nil)
	d.out, d.at = out, 0
	d.held = copy(d.in, src[took:])
}

func wideDecoder(order binary.ByteOrder) func(dst, src []byte, last bool) ([]byte, int) {
	return func(dst, src []byte, last bool) ([]byte, int) {
		i := 0
		for ; i+1 < len(src); i += 2 {
			r := rune(order.Uint16(src[i:]))
			if utf16.IsSurrogate(r) {
				if i+3 >= len(src) && !last {
					break
				}
				if i+3 < len(src) {
					if full := utf16.DecodeRune(r, rune(order.Uint16(src[i+2:]))); full != utf8.RuneError {
						r = full
						i += 2
					}
				}
			}
			dst = utf8.AppendRune(dst, r)
		}
		if last && i < len(src) {
			return utf8.AppendRune(dst, utf8.RuneError), len(src)
		}
		return dst, i
	}
}

func appendUTF16(dst []byte, text string, big bool) []byte {
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			dst = binary.BigEndian.AppendUint16(dst, u)
		} else {
			dst = binary.LittleEndian.AppendUint16(dst, u)
		}
	}
	return dst
}
