package web

import (
	"io"
	"net/http"
	"strconv"
)

// Shared lets anybody between us and the browser keep an answer for so many seconds: it is the same for everybody.
func Shared(w http.ResponseWriter, seconds int) {
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(seconds))
}

// PlainText writes a text that is the same for everybody.
func PlainText(w http.ResponseWriter, seconds int, text string) error {
	Shared(w, seconds)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, text) // the reader has left: nobody to tell
	return nil
}
