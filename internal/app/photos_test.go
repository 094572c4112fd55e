package app

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/web"
)

// picture is a small photo.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// send posts a form with files, or a body as it is.
func (v *visitor) send(path, kind string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://127.0.0.1:8080"+path, bytes.NewReader(body))
	r.RemoteAddr = "127.0.0.1:5000"
	r.Header.Set("Content-Type", kind)
	if v.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+v.bearer)
	}
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	out := httptest.NewRecorder()
	v.w.handler.ServeHTTP(out, r)
	return out
}

// withFile is a form of many parts.
func (v *visitor) withFile(form url.Values, field string, file []byte) (kind string, body []byte) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	form.Set(web.TokenField, v.token)
	for name, values := range form {
		_ = m.WriteField(name, values[0])
	}
	part, _ := m.CreateFormFile(field, "счётчик.png")
	_, _ = part.Write(file)
	_ = m.Close()
	return m.FormDataContentType(), b.Bytes()
}

// TestPhotosByPageAndProgram: a photo comes with the figures of the form, or by a program to a receipt; what is no picture
// is refused beside its field and no figure is taken; those whose meter it is see it, a neighbour does not.
func TestPhotosByPageAndProgram(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		supplierID, printed := w.plantMeters()
		v := w.visitor(access.Resident, 0)
		kind, body := v.withFile(v.fill("/readings", url.Values{"r1-0": {"105"}}), "p1", []byte("не картинка"))
		if out := v.send("/readings", kind, body); out.Code != 422 || !strings.Contains(out.Body.String(), "Это не фото") {
			t.Errorf("no picture: %d", out.Code)
		}
		kind, body = v.withFile(v.fill("/readings", url.Values{"r1-0": {"105"}}), "p1", picture(t))
		out := v.send("/readings", kind, body)
		if out.Code != 303 {
			t.Fatalf("a picture: %d %.500s", out.Code, out.Body)
		}
		_, src, found := strings.Cut(v.do("GET", "/readings", nil).Body.String(), `"/readings/photos/`)
		src, _, _ = strings.Cut(src, `"`)
		if img := v.do("GET", "/readings/photos/"+src, nil); !found || img.Code != 200 || !strings.HasPrefix(img.Header().Get("Content-Type"), "image/") {
			t.Errorf("the photo %q: %d %s", src, img.Code, img.Header())
		}
		receipt, err := url.PathUnescape(strings.TrimPrefix(out.Header().Get("Location"), "/readings/"))
		if err != nil {
			t.Fatal(err)
		}
		w.photosByAPI(v, supplierID, receipt, printed)
		report, err := w.a.Check(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range report.Invariants {
			if strings.HasPrefix(x.ID, "I20.") && x.Count > 0 {
				t.Errorf("%s: %v", x.ID, x.Rows)
			}
		}
	})
}

// photosByAPI adds a photo as a supplier's program does.
func (w *town) photosByAPI(resident *visitor, supplierID int64, receipt, printed string) {
	t := w.t
	t.Helper()
	query := url.Values{"account": {printed}, "meter": {"770001"}}
	path := "/api/v1/readings/" + url.PathEscape(receipt) + "/photos?"
	program, other := w.visitor(access.APIToken, supplierID), w.visitor(access.APIToken, supplierID+1)
	out := program.send(path+query.Encode(), "image/png", picture(t))
	var kept struct{ Photo, Href string }
	if out.Code != http.StatusCreated || json.Unmarshal(out.Body.Bytes(), &kept) != nil || kept.Photo == "" {
		t.Fatalf("by the API: %d %s", out.Code, out.Body)
	}
	if again := program.send(path+query.Encode(), "image/png", picture(t)); !strings.Contains(again.Body.String(), kept.Photo) {
		t.Errorf("the same picture: %d %s", again.Code, again.Body)
	}
	if out := other.send(path+query.Encode(), "image/png", picture(t)); out.Code != http.StatusNotFound {
		t.Errorf("another supplier: %d %s", out.Code, out.Body)
	}
	if out := program.send(path+query.Encode(), "image/png", []byte("GIF89a")); out.Code != http.StatusUnprocessableEntity {
		t.Errorf("no picture: %d %s", out.Code, out.Body)
	}
	if out := program.send("/api/v1/readings/x/photos?"+query.Encode(), "image/png", picture(t)); out.Code != http.StatusNotFound {
		t.Errorf("no receipt: %d %s", out.Code, out.Body)
	}
	if img := resident.do("GET", "/readings/photos/"+kept.Photo, nil); img.Code != 200 {
		t.Errorf("the resident: %d", img.Code)
	}
	neighbour := w.own
	w.own.UserID, w.own.HomeID = 0, 0
	w.own.HouseholdID++
	stranger := w.visitor(access.Resident, 0)
	w.own = neighbour
	if img := stranger.do("GET", "/readings/photos/"+kept.Photo, nil); img.Code != http.StatusNotFound {
		t.Errorf("a neighbour: %d", img.Code)
	}
}
