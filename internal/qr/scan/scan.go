// Package scan reads codes off pictures: QR and the linear codes that bills are printed with.
//
// Owns: the use of the decoder (gozxing). Does not own: pictures from outside, which are made safe first (reading/photo), and what
// a code means (qr). Invariants: whatever the picture, nothing panics and the work is bounded by the picture's size; the bytes
// of a QR code come as they are, in whatever encoding its issuer wrote.
package scan

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kvit/internal/fault"
)

// ErrNone says that a picture shows no code that can be read.
var ErrNone = fault.New(fault.Invalid, "scan.none", "На снимке не видно кода. Снимите его ближе, ровно и без бликов или вставьте текст кода.").WithField("photo")

// readers are tried in turn: what a whole bill has first.
func readers() []gozxing.Reader {
	return []gozxing.Reader{qrcode.NewQRCodeReader(), oned.NewCode128Reader(), oned.NewITFReader(), oned.NewEAN13Reader()}
}

// Read gives the text of the first code on a JPEG picture.
func Read(picture []byte) (string, error) {
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", ErrNone.Because(err)
	}
	for _, binarizer := range []func(gozxing.LuminanceSource) gozxing.Binarizer{gozxing.NewHybridBinarizer, gozxing.NewGlobalHistgramBinarizer} {
		for _, r := range readers() {
			if text, err := decode(r, binarizer, img); err == nil {
				return text, nil
			}
		}
	}
	return "", ErrNone
}

// decode asks one reader; a panic of it is a picture it does not read.
func decode(r gozxing.Reader, binarizer func(gozxing.LuminanceSource) gozxing.Binarizer, img image.Image) (text string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoder: %v", p)
		}
	}()
	bitmap, err := gozxing.NewBinaryBitmap(binarizer(gozxing.NewLuminanceSourceFromImage(img)))
	if err != nil {
		return "", err
	}
	// Latin-1 gives each byte as one sign: the encoding is the issuer's, and qr.Parse finds it.
	result, err := r.Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true, gozxing.DecodeHintType_CHARACTER_SET: "ISO-8859-1"})
	if err != nil {
		return "", err
	}
	return raw(result.GetText()), nil
}

// raw gives the bytes of a text read as Latin-1; a text with other signs named its encoding itself.
func raw(text string) string {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return text
		}
		b = append(b, byte(r))
	}
	return string(b)
}
