package scan

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"golang.org/x/text/encoding/charmap"
	"rsc.io/qr"

	"kvit/internal/fault"
)

// printed is a code on paper, turned a little, as a phone takes it.
func printed(t *testing.T, dark func(x, y int) bool, w, h, scale int, angle float64) []byte {
	t.Helper()
	side := int(1.5 * float64(max(w, h)*scale))
	img := image.NewGray(image.Rect(0, 0, side, side))
	sin, cos := math.Sincos(angle)
	for y := range side {
		for x := range side {
			dx, dy := float64(x-side/2), float64(y-side/2)
			u, v := int(math.Floor((cos*dx+sin*dy)/float64(scale)+float64(w)/2)), int(math.Floor((cos*dy-sin*dx)/float64(scale)+float64(h)/2))
			shade := uint8(225 - 40*x/side) // the light falls from one side
			if u >= 0 && v >= 0 && u < w && v < h && dark(u, v) {
				shade = 35
			}
			img.SetGray(x, y, color.Gray{Y: shade})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCodesAreReadOffPictures(t *testing.T) {
	cyrillic, err := charmap.Windows1251.NewEncoder().String("ST00011|Name=МУП «Водоканал»|PersonalAcc=40702810138250123017|BankName=Банк|BIC=044525225|CorrespAcc=0|PersAcc=В-0014|Sum=38550")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"ST00012|Name=МУП Водоканал|PersAcc=В-0014|Sum=38550", "https://epd.example/pay/0123456789abcdef0123", cyrillic} {
		code, err := qr.Encode(text, qr.M)
		if err != nil {
			t.Fatal(err)
		}
		for _, angle := range []float64{0, 0.12} {
			if got, err := Read(printed(t, code.Black, code.Size, code.Size, 7, angle)); err != nil || got != text {
				t.Errorf("turned by %.2f: %q, %v, want %q", angle, got, err, text)
			}
		}
	}
	const digits = "004586600262089121300012710922"
	bars, err := oned.NewCode128Writer().Encode(digits, gozxing.BarcodeFormat_CODE_128, 0, 60, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Read(printed(t, bars.Get, bars.GetWidth(), bars.GetHeight(), 3, 0)); err != nil || got != digits {
		t.Errorf("a linear code: %q, %v", got, err)
	}
}

func TestPicturesWithoutCodes(t *testing.T) {
	empty := printed(t, func(x, y int) bool { return x*y%7 == 3 }, 60, 60, 5, 0.3)
	for name, picture := range map[string][]byte{"noise": empty, "no picture": []byte("GIF89a"), "cut": empty[:len(empty)/3], "nothing": nil} {
		if text, err := Read(picture); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}
