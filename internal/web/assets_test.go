package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kvit/internal/web/webtest"
)

// TestVendoredFilesAreUnchanged recomputes the digests of files that are not ours; every file of their folders
// is listed with licence and version.
func TestVendoredFilesAreUnchanged(t *testing.T) {
	fonts := vendored(t, "assets")
	tools := vendored(t, "webtest/axe")
	for _, pattern := range []string{"assets/fonts/*", "webtest/axe/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range files {
			if !fonts[name] && !tools[name] && filepath.Base(name) != "vendor.json" {
				t.Errorf("%s is not in vendor.json", name)
			}
		}
	}
}

// vendored checks the files a vendor.json names and gives their paths.
func vendored(t *testing.T, dir string) map[string]bool {
	t.Helper()
	var list struct {
		Files []struct{ File, Licence, Version, SHA256 string }
	}
	text, err := os.ReadFile(filepath.Join(dir, "vendor.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range list.Files {
		path := filepath.Join(dir, f.File)
		body, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		sum := sha256.Sum256(body)
		if hex.EncodeToString(sum[:]) != f.SHA256 || f.Licence == "" || f.Version == "" {
			t.Errorf("%s: changed, or without licence or version", path)
		}
		known[path] = true
	}
	return known
}

func TestStaticFiles(t *testing.T) {
	h, _ := site(t)
	for _, name := range []string{"site.css", "site.js", "icons.svg", "favicon.svg", "fonts/onest-core-400.woff2"} {
		w := do(h, httptest.NewRequest("GET", Asset(name), nil))
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
	if w := do(h, httptest.NewRequest("GET", "/static/000000000000/site.css", nil)); w.Code != 200 || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("an address from before an update: %d %v", w.Code, w.Header())
	}
	for _, away := range []string{"/static/x/../site.go", "/static/x/..%2fsite.go", "/static/x/nothing.css", "/static/x/"} {
		if w := do(h, httptest.NewRequest("GET", away, nil)); w.Code == 200 {
			t.Errorf("%s is served", away)
		}
	}
}

// TestFirstVisitIsLight adds up what a browser fetches for a first page (ux.md 17).
func TestFirstVisitIsLight(t *testing.T) {
	set := assets()
	gz := func(name string) int {
		if z := set.files[name].zipped; z != nil {
			return len(z)
		}
		return len(set.files[name].body)
	}
	html := webtest.Weight(webtest.Render(t, StylePage(Style{samplePage("x")})))
	fonts := gz("fonts/onest-core-400.woff2") + gz("fonts/onest-core-600.woff2")
	icons := gz("icons.svg") + gz("favicon.svg")
	for _, c := range []struct {
		what     string
		size, kb int
	}{
		{"CSS", gz("site.css"), 14},
		{"JS", gz("site.js") + gz("offline.js"), 16},
		{"fonts", fonts, 36},
		{"icons", icons, 4},
		{"HTML", html, 20},
		{"all", gz("site.css") + gz("site.js") + gz("offline.js") + fonts + icons + html, 100},
	} {
		t.Logf("%s: %d bytes of %d KB", c.what, c.size, c.kb)
		if c.size > c.kb<<10 {
			t.Errorf("%s: %d bytes, at most %d KB", c.what, c.size, c.kb)
		}
	}
}

func TestIconsExist(t *testing.T) {
	sprite := string(assets().files["icons.svg"].body)
	for _, s := range samples() {
		for _, m := range regexp.MustCompile(`icons\.svg#([a-z]+)`).FindAllStringSubmatch(webtest.Render(t, s.Page), -1) {
			if !strings.Contains(sprite, `id="`+m[1]+`"`) {
				t.Errorf("%s: no sign %s", s.Name, m[1])
			}
		}
	}
}

// palettes reads the tokens of the three blocks of site.css: light, dark by choice, dark by system.
func palettes(t *testing.T) []map[string]string {
	css := string(assets().files["site.css"].body)
	_, css, _ = strings.Cut(css, "@layer tokens")
	css, _, _ = strings.Cut(css, "@layer base")
	var list []map[string]string
	for _, block := range regexp.MustCompile(`(?s):root[^{]*\{([^}]*)\}`).FindAllStringSubmatch(css, -1) {
		p := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9A-F]{6});`).FindAllStringSubmatch(block[1], -1) {
			p[m[1]] = m[2]
		}
		list = append(list, p)
	}
	if len(list) != 3 {
		t.Fatalf("%d palettes, want light, dark by choice, dark by system", len(list))
	}
	return list
}

// TestContrast holds WCAG 2.2: 4.5 for text, 3 for borders of fields, bars and the focus ring; most pairs have
// more (ux.md 13).
func TestContrast(t *testing.T) {
	list := palettes(t)
	for name, colour := range list[1] {
		if list[2][name] != colour {
			t.Errorf("--%s differs between the two dark palettes", name)
		}
	}
	for i, p := range list[:2] {
		for _, c := range []struct {
			fore, back string
			least      float64
		}{
			{"text", "bg", 15},
			{"text", "surface", 12},
			{"muted", "bg", 7},
			{"muted", "surface", 4.5},
			{"accent", "bg", 4.5},
			{"accent", "surface", 4.5},
			{"on-accent", "accent", 4.5},
			{"on-accent", "accent-deep", 4.5},
			{"ok", "ok-bg", 4.5},
			{"warn", "warn-bg", 4.5},
			{"bad", "bad-bg", 4.5},
			{"info", "info-bg", 4.5},
			{"bad", "bg", 4.5},
			{"text", "ok-bg", 7},
			{"text", "warn-bg", 7},
			{"text", "bad-bg", 7},
			{"text", "info-bg", 7},
			{"bg", "text", 7},
			{"control", "bg", 3},
			{"bar", "bg", 3},
			{"bar-old", "bg", 3},
			{"focus", "focus-edge", 3},
		} {
			if got := contrast(t, p[c.fore], p[c.back]); got < c.least {
				t.Errorf("palette %d: %s on %s: %.1f, at least %.1f", i, c.fore, c.back, got, c.least)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		t.Fatalf("colour %q: %v", colour, err)
	}
	channel := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

// TestStaticFilesKnowNoSession: nobody is looked for behind a request of a file that all may read, whatever cookie comes with it:
// a page brings a dozen of them.
func TestStaticFilesKnowNoSession(t *testing.T) {
	h, s := site(t, OfflineRoutes()...)
	asked := ""
	s.Identify = func(r *http.Request) (*http.Request, error) {
		if _, err := r.Cookie("session"); err == nil {
			asked = r.URL.Path
		}
		return r, nil
	}
	for _, address := range []string{Asset("site.css"), "/sw.js", "/manifest.webmanifest"} {
		r := httptest.NewRequest("GET", address, nil)
		r.AddCookie(&http.Cookie{Name: "session", Value: strings.Repeat("a", 64)})
		if w := do(h, r); w.Code != http.StatusOK || asked != "" {
			t.Errorf("%s: status %d, a session was looked for at %q", address, w.Code, asked)
		}
	}
}
