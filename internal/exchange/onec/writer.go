package onec

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Field is one line of a document to be written.
type Field struct{ Key, Value string }

// Writer writes an exchange file of 1C (1CClientBankExchange): a header, documents, the end. Lines end with CRLF. encode
// brings a text into the encoding of the file; lossy tells that it cannot hold a sign.
type Writer struct {
	w      *bufio.Writer
	encode func(dst []byte, text string) (out []byte, lossy bool)
	buf    []byte
	err    error
}

// NewWriter begins a file with its first line and header.
func NewWriter(w io.Writer, encode func(dst []byte, text string) (out []byte, lossy bool), header []Field) *Writer {
	x := &Writer{w: bufio.NewWriter(w), encode: encode}
	x.line("1CClientBankExchange")
	x.fields(header)
	return x
}

// Document writes one document of a kind: «Платежное поручение».
func (x *Writer) Document(kind string, fields []Field) {
	x.line("СекцияДокумент=" + kind)
	x.fields(fields)
	x.line("КонецДокумента")
}

// Close ends the file and gives the first trouble there was.
func (x *Writer) Close() error {
	x.line("КонецФайла")
	if x.err != nil {
		return x.err
	}
	return x.w.Flush()
}

func (x *Writer) fields(list []Field) {
	for _, f := range list {
		x.line(f.Key + "=" + f.Value)
	}
}

// oneLine keeps a value from becoming two lines.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

func (x *Writer) line(s string) {
	if x.err != nil {
		return
	}
	var lossy bool
	if x.buf, lossy = x.encode(x.buf[:0], oneLine.Replace(s)); lossy {
		x.err = fmt.Errorf("1c: %q has signs the encoding does not hold", s)
		return
	}
	x.buf = append(x.buf, '\r', '\n')
	_, x.err = x.w.Write(x.buf)
}
