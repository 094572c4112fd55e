package photo

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"kvit/internal/fault"
)

// picture is red on the left and blue on the right.
func picture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.RGBA{B: 255, A: 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withEXIF notes an orientation, and where the picture was taken, as cameras do.
func withEXIF(data []byte, orientation byte) []byte {
	tiff := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	tiff = append(tiff, "GPS 55.7558 37.6173"...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, markerEXIF}, uint16(len(tiff)+2))
	return append(append(append([]byte{}, data[:2]...), append(segment, tiff...)...), data[2:]...)
}

func read(t *testing.T, data []byte) image.Image {
	t.Helper()
	kept, err := Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(kept.Full))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func reddish(c color.Color) bool { r, _, b, _ := c.RGBA(); return r > 2*b }

// TestNothingButThePictureIsKept: the place goes, and what the camera said of how it was held is done.
func TestNothingButThePictureIsKept(t *testing.T) {
	data := withEXIF(jpegOf(t, picture(80, 40)), 6)
	kept, err := Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"full": kept.Full, "thumb": kept.Thumb} {
		if bytes.Contains(b, []byte("GPS")) || bytes.Contains(b, []byte("Exif")) {
			t.Errorf("%s still tells the place", name)
		}
	}
	m := read(t, data)
	if m.Bounds().Dx() != 40 || m.Bounds().Dy() != 80 || !reddish(m.At(20, 10)) || reddish(m.At(20, 70)) {
		t.Errorf("turned to %v", m.Bounds())
	}
}

// TestOrientations: the left of the source comes where the camera says.
func TestOrientations(t *testing.T) {
	red := map[byte]image.Point{1: {10, 20}, 2: {70, 20}, 3: {70, 20}, 4: {10, 20}, 5: {20, 10}, 6: {20, 10}, 7: {20, 70}, 8: {20, 70}}
	for o, at := range red {
		if m := read(t, withEXIF(jpegOf(t, picture(80, 40)), o)); !reddish(m.At(at.X, at.Y)) {
			t.Errorf("orientation %d: no red at %v of %v", o, at, m.Bounds())
		}
	}
}

// TestLargeIsShrunk, and the small is not enlarged.
func TestLargeIsShrunk(t *testing.T) {
	for _, c := range []struct{ w, h, toW, toH int }{{3000, 1500, 2000, 1000}, {30, 2400, 25, 2000}, {2000, 2000, 2000, 2000}, {1, 1, 1, 1}, {4001, 1, 2000, 1}} {
		m := read(t, pngOf(t, picture(c.w, c.h)))
		if b := m.Bounds(); b.Dx() != c.toW || b.Dy() != c.toH {
			t.Errorf("%dx%d became %v", c.w, c.h, b)
		}
	}
}

// TestTransparentIsWhite: JPEG has no transparency.
func TestTransparentIsWhite(t *testing.T) {
	if r, _, _, _ := read(t, pngOf(t, image.NewNRGBA(image.Rect(0, 0, 4, 4)))).At(1, 1).RGBA(); r < 0xf000 {
		t.Errorf("red is %x", r)
	}
}

// oneWebP is a picture of one pixel.
const oneWebP = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"

// TestWebPIsTaken as JPEG and PNG are.
func TestWebPIsTaken(t *testing.T) {
	data, err := base64.StdEncoding.DecodeString(oneWebP)
	if err != nil {
		t.Fatal(err)
	}
	if b := read(t, data).Bounds(); b.Dx() != 1 || b.Dy() != 1 {
		t.Errorf("%v", b)
	}
}

// bomb is a PNG of few bytes that says it is huge.
func bomb(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	head = append(head, 16, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

// TestWhatIsNotAPhotoIsRefused by its content, whatever it is called.
func TestWhatIsNotAPhotoIsRefused(t *testing.T) {
	var animation bytes.Buffer
	if err := gif.Encode(&animation, picture(4, 4), nil); err != nil {
		t.Fatal(err)
	}
	whole := jpegOf(t, picture(64, 64))
	progressive := append([]byte("\xff\xd8\xff\xc2\x00\x11\x08"), binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, 6000), 6000)...)
	progressive = append(progressive, "\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x08"...)
	for code, list := range map[string][][]byte{
		"photo.empty":           {nil},
		"photo.format":          {animation.Bytes(), []byte("<svg onload=alert(1)>"), []byte("%PDF-1.4"), []byte("\xff\xd8")},
		"photo.broken":          {whole[:len(whole)/2], []byte("\x89PNG\r\n\x1a\nnothing"), []byte("RIFF\x00\x00\x00\x00WEBPVP8 ")},
		"photo.too_large":       {append(whole, make([]byte, Max)...)},
		"photo.too_many_pixels": {bomb(100_000, 100_000), bomb(7000, 7000), progressive},
	} {
		for i, data := range list {
			if _, err := Read(bytes.NewReader(data)); fault.CodeOf(err) != code || !fault.Is(err, fault.Invalid) {
				t.Errorf("%s %d: %v", code, i, err)
			}
		}
	}
}

// FuzzRead: whatever comes is a fault of the input or a JPEG of bounded size.
func FuzzRead(f *testing.F) {
	webp, _ := base64.StdEncoding.DecodeString(oneWebP)
	for _, seed := range [][]byte{nil, webp, bomb(10, 10), jpegOf(f, picture(16, 8)), pngOf(f, picture(8, 16)), withEXIF(jpegOf(f, picture(8, 8)), 8)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kept, err := Read(bytes.NewReader(data))
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("not a fault of the input: %v", err)
			}
			return
		}
		for bound, b := range map[int][]byte{side: kept.Full, thumbSide: kept.Thumb} {
			if c, err := jpeg.DecodeConfig(bytes.NewReader(b)); err != nil || c.Width > bound || c.Height > bound {
				t.Errorf("%+v, %v", c, err)
			}
		}
	})
}
