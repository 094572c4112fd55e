package app

import (
	"bytes"
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

var pageKey = regexp.MustCompile(`name="_key" value="([^"]+)"`)

// TestDocumentWalk is T8 without scripts: two pages and a file; the same press again gives the same document; strangers learn of
// it what its paper says, and another household nothing.
func TestDocumentWalk(t *testing.T) {
	inOrder(t)
	w := newTown(t, dbtest.SQLite(t))
	resident, stranger := w.visitor(access.Resident, 0), w.visitor(access.Anonymous, 0)
	first := resident.do("GET", "/documents", nil)
	key := pageKey.FindStringSubmatch(first.Body.String())
	if first.Code != 200 || key == nil {
		t.Fatalf("the form: %d", first.Code)
	}
	form := func() url.Values {
		return url.Values{"_key": {key[1]}, "kind": {"charges"}, "from": {"2026-10"}, "to": {"2026-10"}}
	}
	made := resident.do("POST", "/documents", form())
	href, _, _ := strings.Cut(made.Header().Get("Location"), "?")
	if made.Code != 303 || !strings.HasPrefix(href, "/documents/") {
		t.Fatalf("made: %d %s", made.Code, made.Body.String())
	}
	if again, _, _ := strings.Cut(resident.do("POST", "/documents", form()).Header().Get("Location"), "?"); again != href {
		t.Errorf("pressed again: %s, was %s", again, href)
	}
	page, file := resident.do("GET", href, nil), resident.do("GET", href+"/pdf", nil)
	if page.Code != 200 || file.Code != 200 || !bytes.HasPrefix(file.Body.Bytes(), []byte("%PDF")) {
		t.Errorf("page %d, file %d", page.Code, file.Code)
	}
	number := strings.TrimPrefix(href, "/documents/")
	checked := stranger.do("GET", "/check/"+number, nil).Body.String()
	if !strings.Contains(checked, "подлинный, действует") || !strings.Contains(checked, "***") {
		t.Error("the public page does not tell it is genuine, or tells the whole address")
	}
	if unknown := stranger.do("GET", "/check.json?number=2222-2222-2222", nil); unknown.Code != 404 || !strings.Contains(unknown.Body.String(), "unknown") {
		t.Errorf("unknown: %d %s", unknown.Code, unknown.Body.String())
	}
	if other := w.otherResident().do("GET", href, nil); other.Code != 404 {
		t.Errorf("another household's document: %d", other.Code)
	}
}

// otherResident is a visitor of another household.
func (w *town) otherResident() *visitor {
	w.t.Helper()
	own := w.own
	ref := bill.Ref{}
	if err := w.a.DB.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), "SELECT building_id, household_id FROM household_link WHERE household_id NOT IN (0, $1) LIMIT 1", own.HouseholdID).Scan(&ref.Building, &ref.Household)
	}); err != nil {
		w.t.Fatal(err)
	}
	w.own = access.Actor{Role: access.Resident, Name: "сосед", BuildingID: ref.Building, HouseholdID: ref.Household}
	defer func() { w.own = own }()
	return w.visitor(access.Resident, 0)
}
