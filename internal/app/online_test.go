package app

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/db/dbtest"
	"kvit/internal/online/simulator"
)

// TestSilentSuppliersDoNotHoldPages: a resident's page waits for all suppliers together no longer than one budget.
func TestSilentSuppliersDoNotHoldPages(t *testing.T) {
	d := dbtest.One(t)
	w := newTown(t, d)
	secret := []byte("0123456789abcdef0123456789abcdef")
	dir := filepath.Join(w.a.Settings.Data, "keys", "online")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "all"), secret, 0o600); err != nil {
		t.Fatal(err)
	}
	s := simulator.New(simulator.Options{Secret: secret, Mode: simulator.Silent})
	server := httptest.NewServer(s)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	v := w.visitor(access.Resident, 0)
	if _, err := d.Handle().ExecContext(context.Background(), "UPDATE supplier SET online = $1", `{"url":"`+server.URL+`","secret":"all"}`); err != nil {
		t.Fatal(err)
	}
	w.a.Online.Budget = 200 * time.Millisecond
	begun := time.Now()
	page := v.do("GET", "/home", nil)
	if took := time.Since(begun); page.Code != 200 || took > 10*w.a.Online.Budget || s.Asked() == 0 {
		t.Errorf("silent: %d after %s, asked %d times", page.Code, took, s.Asked())
	}
	if strings.Contains(page.Body.String(), "по данным поставщика на ") {
		t.Error("the page tells a balance that nobody told")
	}
}
