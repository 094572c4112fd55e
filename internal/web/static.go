package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"kvit/internal/fault"
)

//go:embed assets
var assetFiles embed.FS

type asset struct {
	body, zipped []byte // zipped is nil where it does not help
	contentType  string
}

type assetSet struct {
	hash  string
	files map[string]asset
}

// assets are the files of the folder under one hash of all their contents, so that a style sheet may name its
// fonts by relative addresses and every address may be kept by browsers for ever.
var assets = sync.OnceValue(func() assetSet {
	set := assetSet{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		short := strings.TrimPrefix(name, "assets/")
		fmt.Fprintf(sum, "%s %d\n", short, len(body))
		sum.Write(body)
		set.files[short] = newAsset(short, body)
		return nil
	})
	if err != nil {
		panic(err) // embedded files can be read
	}
	set.hash = hex.EncodeToString(sum.Sum(nil)[:6])
	return set
})

func newAsset(name string, body []byte) asset {
	a := asset{body: body, contentType: mime.TypeByExtension(path.Ext(name))}
	switch path.Ext(name) {
	case ".woff2":
		a.contentType = "font/woff2"
	case ".js":
		a.contentType = "text/javascript; charset=utf-8"
	case ".css":
		a.contentType = "text/css; charset=utf-8"
	case ".svg":
		a.contentType = "image/svg+xml"
	default:
		return a
	}
	if a.contentType != "font/woff2" {
		a.zipped = zipBytes(body)
	}
	return a
}

func zipBytes(body []byte) []byte {
	var buf bytes.Buffer
	gz, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is right
	}
	_, _ = gz.Write(body) // memory does not fail
	_ = gz.Close()
	return buf.Bytes()
}

// Asset is the address of a static file: /static/<hash>/site.css. A name that does not exist is a bug.
func Asset(name string) string {
	set := assets()
	if _, ok := set.files[name]; !ok {
		panic("web: no asset " + name)
	}
	return "/static/" + set.hash + "/" + name
}

// StaticRoute serves the embedded files.
func StaticRoute() Route {
	return Route{Method: http.MethodGet, Pattern: "/static/{hash}/{name...}", Resource: "static", Action: "read", Machine: true, Handler: serveAsset}
}

func serveAsset(w http.ResponseWriter, r *http.Request) error {
	set := assets()
	a, ok := set.files[r.PathValue("name")]
	if !ok {
		return fault.New(fault.NotFound, "static.unknown", "Такого файла нет.")
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache") // an address from before an update
	if r.PathValue("hash") == set.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := a.body
	if a.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			body = a.zipped
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Type", a.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader has left
	}
	return nil
}
