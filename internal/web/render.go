package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"kvit/internal/inert"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page. It is made in memory first, so a fault on the way still becomes a failure page.
func Render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := page.Render(r.Context(), buf); err != nil {
		return fmt.Errorf("render %s: %w", r.URL.Path, err)
	}
	text := seen(buf.Bytes())
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // the reader has left: nobody to tell
	return nil
}

// seen drops signs that turn or hide others from a page made: no name of a recipient reads from its end, whoever wrote it.
// What was escaped stays escaped: none of these signs is a part of markup.
func seen(page []byte) []byte {
	if bytes.IndexFunc(page, inert.Hides) < 0 {
		return page
	}
	return bytes.Map(func(r rune) rune {
		if inert.Hides(r) {
			return -1
		}
		return r
	}, page)
}
