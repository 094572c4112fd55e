// Package photo makes a picture from outside safe to keep: it is told by its content, decoded within bounds of memory and
// written anew as JPEG, so that nothing of what the camera noted beside it (place, device, owner) survives.
package photo

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"kvit/internal/fault"
)

// Max bounds a picture as it comes, in bytes.
const Max = 10 << 20

// Longest sides of what is kept, in pixels.
const (
	side      = 2000
	thumbSide = 160
)

// What decoding may take: pixels, and bytes of memory as the decoders lay a picture out.
const (
	pixelsMax = 50_000_000
	memoryMax = 320 << 20
)

// quality of the JPEG that is kept: the figures on a dial stay sharp.
const quality = 85

// Image is a picture ready to keep, and a small one to show in lists; both JPEG.
type Image struct{ Full, Thumb []byte }

// turn lets one picture be decoded at a time: each may take memoryMax.
var turn = make(chan struct{}, 1)

// format is a kind of picture that is taken.
type format struct {
	bytesPerPixel func(data []byte) int64
	config        func(io.Reader) (image.Config, error)
	decode        func(io.Reader) (image.Image, error)
}

// The most a decoder holds for a pixel: three whole components, and for each of them four more bytes of coefficients while
// a progressive JPEG is put together; PNG of 16 bits a channel; WebP with the row filters of its lossless kind.
const (
	baselineBytes    = 3
	progressiveBytes = 15
	otherBytes       = 8
)

func formatOf(data []byte) *format {
	other := func([]byte) int64 { return otherBytes }
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return &format{jpegBytes, jpeg.DecodeConfig, jpeg.Decode}
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return &format{other, png.DecodeConfig, png.Decode}
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return &format{other, webp.DecodeConfig, webp.Decode}
	}
	return nil
}

func jpegBytes(data []byte) int64 {
	if scanJPEG(data).progressive {
		return progressiveBytes
	}
	return baselineBytes
}

// Read reads a picture and makes of it what is kept.
func Read(r io.Reader) (*Image, error) {
	data, err := io.ReadAll(io.LimitReader(r, Max+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) == 0:
		return nil, fault.New(fault.Invalid, "photo.empty", "Файл пустой. Выберите фото ещё раз.")
	case len(data) > Max:
		return nil, fault.Newf(fault.Invalid, "photo.too_large", "Фото больше %d МБ. Выберите снимок поменьше.", Max>>20)
	}
	f := formatOf(data)
	if f == nil {
		return nil, fault.New(fault.Invalid, "photo.format", "Это не фото JPEG, PNG или WebP. Снимите счётчик ещё раз или выберите другой файл.")
	}
	config, err := f.config(bytes.NewReader(data))
	if err != nil || config.Width < 1 || config.Height < 1 {
		return nil, broken(err)
	}
	if pixels := int64(config.Width) * int64(config.Height); pixels > pixelsMax || pixels*f.bytesPerPixel(data) > memoryMax {
		return nil, fault.New(fault.Invalid, "photo.too_many_pixels", "На фото слишком много точек. Снимите в обычном режиме камеры: до 20 мегапикселей.")
	}
	turn <- struct{}{}
	defer func() { <-turn }()
	src, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return nil, broken(err)
	}
	upright := turned(shrink(src, side), scanJPEG(data).orientation)
	return encode(upright)
}

func broken(err error) error {
	return fault.New(fault.Invalid, "photo.broken", "Фото повреждено: не открывается. Снимите счётчик ещё раз или выберите другой файл.").Because(err)
}

func encode(full image.Image) (*Image, error) {
	var out Image
	for _, x := range []struct {
		to    *[]byte
		image image.Image
	}{{&out.Full, full}, {&out.Thumb, shrink(full, thumbSide)}} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, x.image, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		*x.to = b.Bytes()
	}
	return &out, nil
}
