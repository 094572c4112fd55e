package reading

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/reading/photo"
)

// eachWithPhotos is the town with a folder of photos and a reading that was given.
func eachWithPhotos(t *testing.T, fn func(t *testing.T, w *town, receipt string)) {
	each(t, func(t *testing.T, w *town) {
		w.photos = t.TempDir()
		store, err := blob.Open(w.photos)
		if err != nil {
			t.Fatal(err)
		}
		w.m.Photos = store
		fn(t, w, w.give("key-00001", given(cold, 20261120, 185)).Number)
	})
}

func snapshot(text string) *photo.Image {
	return &photo.Image{Full: []byte(text), Thumb: []byte("small " + text)}
}

func (w *town) attach(receipt string, meter int64, text string) *Photo {
	w.t.Helper()
	p, err := w.m.AttachPhoto(w.ctx, resident, Origin{Channel: Page, Author: "житель"}, home, receipt, meter, snapshot(text))
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// TestAPhotoIsSeenByThoseWhoseItIs and by nobody else.
func TestAPhotoIsSeenByThoseWhoseItIs(t *testing.T) {
	eachWithPhotos(t, func(t *testing.T, w *town, receipt string) {
		p := w.attach(receipt, cold, "a dial")
		for name, c := range map[string]struct {
			actor access.Actor
			sees  bool
		}{
			"the household":          {resident, true},
			"a neighbour":            {access.Actor{Role: access.Resident, BuildingID: 1, HouseholdID: 102}, false},
			"of another building":    {access.Actor{Role: access.Resident, BuildingID: 2, HouseholdID: 101}, false},
			"the supplier":           {access.Actor{Role: access.SupplierOperator, SupplierID: 1}, true},
			"another supplier":       {access.Actor{Role: access.SupplierOperator, SupplierID: 2}, false},
			"the supplier's program": {access.Actor{Role: access.APIToken, SupplierID: 1, Scopes: []string{"meter:read"}}, true},
			"the centre":             {access.Actor{Role: access.CentreOperator}, true},
			"nobody known":           {access.Actor{Role: access.Anonymous}, false},
		} {
			for _, small := range []bool{false, true} {
				f, err := w.m.OpenPhoto(w.ctx, c.actor, p.Ref(), small)
				if (err == nil) != c.sees {
					t.Errorf("%s: %v", name, err)
				}
				if err == nil {
					f.Close()
				}
			}
		}
		sheet, err := w.m.Sheet(w.ctx, resident, home)
		if err != nil {
			t.Fatal(err)
		}
		history, err := w.m.HistoryOf(w.ctx, access.Actor{Role: access.SupplierOperator, SupplierID: 1}, 1, cold)
		if err != nil {
			t.Fatal(err)
		}
		for i := range sheet.Cards {
			if c := &sheet.Cards[i]; c.ID == cold && len(c.PhotosOf(c.Last(0))) != 1 {
				t.Error("the household's page has no photo")
			}
		}
		if len(history.PhotosOf(&history.History[len(history.History)-1])) != 1 || len(history.PhotosOf(&history.History[0])) != 0 {
			t.Error("the supplier's page has not the photo at its reading")
		}
	})
}

// TestAPhotoBelongsToFigures: of that household, of that meter, once, and not without end.
func TestAPhotoBelongsToFigures(t *testing.T) {
	eachWithPhotos(t, func(t *testing.T, w *town, receipt string) {
		first := w.attach(receipt, cold, "a dial")
		if again := w.attach(receipt, cold, "a dial"); again.Ref() != first.Ref() {
			t.Errorf("the same picture is another photo: %s", again.Ref())
		}
		stranger := access.Actor{Role: access.Resident, BuildingID: 1, HouseholdID: 102}
		if _, err := w.m.AttachPhoto(w.ctx, stranger, Origin{Channel: Page}, home, receipt, cold, snapshot("x")); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger: %v", err)
		}
		if _, err := w.m.AttachPhoto(w.ctx, resident, Origin{Channel: Page}, home, receipt, power, snapshot("x")); fault.CodeOf(err) != "photo.no_line" {
			t.Errorf("another meter: %v", err)
		}
		if files := stored(t, w); files != 2 {
			t.Errorf("what was refused left files: %d", files)
		}
		for _, text := range []string{"2", "3", "4", "5"} {
			w.attach(receipt, cold, text)
		}
		if _, err := w.m.AttachPhoto(w.ctx, resident, Origin{Channel: Page}, home, receipt, cold, snapshot("6")); fault.CodeOf(err) != "photo.too_many" {
			t.Errorf("the sixth: %v", err)
		}
	})
}

// TestAProgramNamesTheMeter as it does in readings, of its own accounts only.
func TestAProgramNamesTheMeter(t *testing.T) {
	eachWithPhotos(t, func(t *testing.T, w *town, receipt string) {
		by := Origin{Channel: API, Author: "voda"}
		p, err := w.m.AttachNamed(w.ctx, program, by, receipt, Entry{Account: "100"}, snapshot("a dial"))
		if err != nil || p.Meter != cold || p.Receipt != receipt {
			t.Fatalf("%+v, %v", p, err)
		}
		if _, err := w.m.AttachNamed(w.ctx, program, by, receipt, Entry{Account: "100", Meter: "ГВ55"}, snapshot("x")); fault.CodeOf(err) != "photo.no_line" {
			t.Errorf("a meter without a figure: %v", err)
		}
		if _, err := w.m.AttachNamed(w.ctx, program, by, "П-22222", Entry{Account: "100"}, snapshot("x")); fault.CodeOf(err) != "receipt.unknown" {
			t.Errorf("no such receipt: %v", err)
		}
		other := access.Actor{Role: access.APIToken, SupplierID: 2, Scopes: []string{"reading:write"}}
		if _, err := w.m.AttachNamed(w.ctx, other, by, receipt, Entry{Account: "100"}, snapshot("x")); err == nil {
			t.Error("another supplier added a photo")
		}
	})
}

// TestPhotosGoAfterTwelveMonths: the row says why, the bytes go with the last photo that holds them.
func TestPhotosGoAfterTwelveMonths(t *testing.T) {
	eachWithPhotos(t, func(t *testing.T, w *town, receipt string) {
		first := w.attach(receipt, cold, "a dial")
		w.later(200)
		second := w.attach(w.give("key-00002", given(power, 20261120, 6200, 2600)).Number, power, "a dial")
		if gone, err := w.m.ForgetPhotos(w.ctx); gone != 0 || err != nil {
			t.Fatalf("too early: %d, %v", gone, err)
		}
		w.later(200)
		for _, want := range []int{1, 0} {
			if gone, err := w.m.ForgetPhotos(w.ctx); gone != want || err != nil {
				t.Fatalf("%d gone, not %d: %v", gone, want, err)
			}
		}
		if _, err := w.m.OpenPhoto(w.ctx, resident, first.Ref(), false); fault.CodeOf(err) != "photo.unknown" {
			t.Errorf("the old one: %v", err)
		}
		f, err := w.m.OpenPhoto(w.ctx, resident, second.Ref(), false)
		if err != nil {
			t.Fatalf("the bytes went while another photo holds them: %v", err)
		}
		f.Close()
		w.later(200)
		if gone, err := w.m.ForgetPhotos(w.ctx); gone != 1 || err != nil {
			t.Fatalf("%d, %v", gone, err)
		}
		if files := stored(t, w); files != 0 {
			t.Errorf("%d files stayed", files)
		}
		if n := w.count("SELECT count(*) FROM reading_photo WHERE reason <> ''"); n != 2 {
			t.Errorf("%d rows say why", n)
		}
	})
}

// later lets days pass.
func (w *town) later(days int) {
	w.at += calendar.Micros(days) * calendar.Micros(24*time.Hour/time.Microsecond)
}

// stored counts the files of photos.
func stored(t *testing.T, w *town) (n int) {
	t.Helper()
	err := filepath.WalkDir(w.photos, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPicturesAndRowsGoTogether: bytes without a row are found and swept; a row without bytes is found.
func TestPicturesAndRowsGoTogether(t *testing.T) {
	eachWithPhotos(t, func(t *testing.T, w *town, receipt string) {
		p := w.attach(receipt, cold, "a dial")
		loose, _, err := w.m.Photos.Put(w.ctx, strings.NewReader("left by a crash"), 100)
		if err != nil {
			t.Fatal(err)
		}
		found := func() (rows string) {
			t.Helper()
			err := w.d.Read(w.ctx, func(tx *db.Tx) error {
				list, err := w.m.Invariants(w.ctx, tx)
				rows = ""
				for _, b := range list {
					rows += strings.Join(b.Rows, ",")
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		if got := found(); got != "" {
			t.Errorf("a picture whose row may be on its way: %s", got)
		}
		old := w.m.Now().Time().Add(-3 * 24 * time.Hour)
		if err := os.Chtimes(w.m.Photos.Path(loose), old, old); err != nil {
			t.Fatal(err)
		}
		if got := found(); got != loose {
			t.Errorf("a loose picture: %s", got)
		}
		if _, err := w.m.ForgetPhotos(w.ctx); err != nil {
			t.Fatal(err)
		}
		if got := found(); got != "" {
			t.Errorf("after it was swept: %s", got)
		}
		if err := w.m.Photos.Remove(p.thumb); err != nil {
			t.Fatal(err)
		}
		if got := found(); got != strings.ReplaceAll(p.Ref(), "-", "/") {
			t.Errorf("a photo without its small picture: %s", got)
		}
	})
}
