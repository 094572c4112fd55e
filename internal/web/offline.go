package web

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// shellFiles are the assets a page needs without a connection.
var shellFiles = []string{"site.css", "site.js", "offline.js", "icons.svg", "favicon.svg", "fonts/onest-core-400.woff2", "fonts/onest-core-600.woff2"}

// OfflineRoutes are what makes the pages of residents installable and readable without a connection (ux.md 12): the
// manifest, the service worker, and the page that stands for those that were not kept.
func OfflineRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/manifest.webmanifest", Resource: "static", Action: "read", Machine: true, Handler: manifest},
		{Method: http.MethodGet, Pattern: "/sw.js", Resource: "static", Action: "read", Machine: true, Handler: serviceWorker},
		{Method: http.MethodGet, Pattern: "/offline", Resource: "static", Action: "read", Machine: true, Handler: offline},
	}
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

func manifest(w http.ResponseWriter, r *http.Request) error {
	name := NewPage(r, "").Name
	h := w.Header()
	h.Set("Content-Type", "application/manifest+json; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	return json.NewEncoder(w).Encode(map[string]any{
		"name": name, "short_name": name, "description": "Счета за жильё, показания и оплата на одной странице", "lang": "ru", "dir": "ltr",
		"id": "/home", "start_url": "/home", "scope": "/", "display": "standalone", "background_color": "#FFFFFF", "theme_color": "#0A5C7A",
		"icons": []manifestIcon{
			{Asset("favicon.svg"), "any", "image/svg+xml", "any"},
			{Asset("icons/app-192.png"), "192x192", "image/png", "any maskable"},
			{Asset("icons/app-512.png"), "512x512", "image/png", "any maskable"},
		},
	})
}

// serviceWorker is sw.js with the addresses of this version's files: a new version is another file, and browsers take it.
func serviceWorker(w http.ResponseWriter, _ *http.Request) error {
	shell := []string{"/offline"}
	for _, name := range shellFiles {
		shell = append(shell, Asset(name))
	}
	list, err := json.Marshal(shell)
	if err != nil {
		return err
	}
	set := assets()
	body := bytes.Replace(set.files["sw.js"].body, []byte("/*shell*/[]"), list, 1)
	body = bytes.Replace(body, []byte(`/*version*/""`), []byte(`"`+set.hash+`"`), 1)
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	_, err = w.Write(body)
	return err
}

// offline is the same for everybody: it is kept by browsers whoever is signed in.
func offline(w http.ResponseWriter, r *http.Request) error {
	v := NewPage(r, "Нет связи")
	v.Token, v.Prefs = "", Prefs{Text: 100, Lang: "ru"}
	w.Header().Set("Cache-Control", "no-cache")
	return Render(w, r, http.StatusOK, OfflinePage(Offline{v}))
}

// Offline is the page that stands for pages that cannot be fetched.
type Offline struct{ Page }
