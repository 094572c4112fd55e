package portal

import (
	"errors"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/reading"
	"kvit/internal/reading/form"
	"kvit/internal/reading/photo"
	"kvit/internal/web"
)

// photoOf names the field of a photo of a meter.
func photoOf(meter int64) string { return "p" + strconv.FormatInt(meter, 10) }

// photoField takes a photo of a meter; on a telephone the camera is offered.
func photoField(meter int64) web.Field {
	return web.Field{Name: photoOf(meter), Label: "Фото счётчика", Hint: "JPEG, PNG или WebP до 10 МБ, храним 12 месяцев. Место съёмки удаляем", Type: "file", Accept: "image/jpeg,image/png,image/webp", Optional: true}
}

// pictured are the photos of a form by meter.
type pictured map[int64]*photo.Image

// photos reads the photos that came with the figures.
func photos(r *http.Request, s *reading.Sheet) (found pictured, wrong web.Errors, err error) {
	found = pictured{}
	for i := range s.Cards {
		c := &s.Cards[i]
		file, _, err := r.FormFile(photoOf(c.ID))
		switch {
		case errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart):
			continue
		case err != nil:
			return nil, nil, err
		}
		img, err := photo.Read(file)
		file.Close()
		switch {
		case fault.Is(err, fault.Invalid):
			wrong = append(wrong, web.FieldError{Field: photoOf(c.ID), Message: fault.As(err).Message})
		case err != nil:
			return nil, nil, err
		case cleanFigure(r.PostFormValue(form.Field(c.ID, c.Zones[0]))) == "":
			wrong = append(wrong, web.FieldError{Field: form.Field(c.ID, c.Zones[0]), Message: "Введите показание: фото без него не принимаем"})
		default:
			found[c.ID] = img
		}
	}
	return found, wrong, nil
}

// keepPhotos attaches the photos to the figures they came with.
func (m *Module) keepPhotos(r *http.Request, h *readingHome, receipt *reading.Receipt, list pictured) error {
	if receipt.Number == "" {
		return nil // known from a file or an act: there is no receipt to hold a photo
	}
	for meter, img := range list {
		if _, err := m.Readings.AttachPhoto(r.Context(), h.actor, h.Origin, h.Home, receipt.Number, meter, img); err != nil {
			return err
		}
	}
	return nil
}

// withoutPhoto is how figures were known that cannot hold a photo.
const withoutPhoto = "photo"

func knownHow(list pictured) string {
	if len(list) > 0 {
		return withoutPhoto
	}
	return "yes"
}

// pickAgain reminds, beside figures that are asked about, of photos: a browser gives no file twice by itself.
func pickAgain(v *view.Readings, list pictured) {
	for i := range v.Cards {
		c := &v.Cards[i]
		for meter := range list {
			if c.Photo.Name == photoOf(meter) {
				c.Photo.Hint = "Выберите фото ещё раз: вместе с вопросом оно не сохранилось"
			}
		}
	}
}

// shown are the photos of a figure as a page shows them.
func shown(list []reading.Photo) (refs []string) {
	for i := range list {
		refs = append(refs, "/readings/photos/"+list[i].Ref())
	}
	return refs
}

func (m *Module) photo(w http.ResponseWriter, r *http.Request) error {
	f, err := m.Readings.OpenPhoto(r.Context(), access.FromContext(r.Context()), r.PathValue("id"), r.URL.Query().Has("small"))
	if err != nil {
		return err
	}
	defer f.Close()
	return web.Picture(w, r, f)
}
