package photo

import (
	"image"
	"image/color"
	"image/draw"
)

// shrink makes a picture fit a square of a side: every pixel is the mean of those it stands for. It never enlarges; what is
// transparent becomes white. The source is taken in bands, so that a large one is never held twice.
func shrink(src image.Image, side int) *image.RGBA {
	from := src.Bounds()
	w, h := fit(from.Dx(), from.Dy(), side)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		top, bottom := y*from.Dy()/h, (y+1)*from.Dy()/h
		band := image.NewRGBA(image.Rect(0, 0, from.Dx(), bottom-top))
		draw.Draw(band, band.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(band, band.Bounds(), src, from.Min.Add(image.Pt(0, top)), draw.Over)
		for x := range w {
			out.SetRGBA(x, y, mean(band, x*from.Dx()/w, (x+1)*from.Dx()/w))
		}
	}
	return out
}

// fit gives the size of a picture within a square of a side, its proportions kept.
func fit(w, h, side int) (int, int) {
	switch {
	case w <= side && h <= side:
		return w, h
	case w >= h:
		return side, max(1, h*side/w)
	}
	return max(1, w*side/h), side
}

// mean is the mean colour of the columns of a band.
func mean(band *image.RGBA, left, right int) color.RGBA {
	var r, g, b, n int
	for y := range band.Rect.Dy() {
		row := band.Pix[y*band.Stride:]
		for x := left; x < right; x++ {
			r, g, b, n = r+int(row[4*x]), g+int(row[4*x+1]), b+int(row[4*x+2]), n+1
		}
	}
	return color.RGBA{R: uint8(r / n), G: uint8(g / n), B: uint8(b / n), A: 255}
}

// turned stands a picture upright by the orientation its camera noted (EXIF, 1 to 8).
func turned(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation > 4 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			to := place(orientation, x, y, w-1, h-1)
			out.SetRGBA(to.X, to.Y, src.RGBAAt(x, y))
		}
	}
	return out
}

// place is where a pixel goes; right and bottom are the last of the source.
func place(orientation, x, y, right, bottom int) image.Point {
	switch orientation {
	case 2:
		return image.Pt(right-x, y)
	case 3:
		return image.Pt(right-x, bottom-y)
	case 4:
		return image.Pt(x, bottom-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(bottom-y, x)
	case 7:
		return image.Pt(bottom-y, right-x)
	}
	return image.Pt(y, right-x)
}
