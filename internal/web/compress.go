package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"
)

var zippers = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// zipWriter compresses text answers for those who accept it. Form tokens are masked anew on every page, so the
// length of a compressed page tells nothing about them.
type zipWriter struct {
	http.ResponseWriter
	wanted  bool
	started bool
	gz      *gzip.Writer
}

func compressed(w http.ResponseWriter, r *http.Request) *zipWriter {
	return &zipWriter{ResponseWriter: w, wanted: r.Method != http.MethodHead && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")}
}

// Unwrap lets http.ResponseController reach the connection.
func (z *zipWriter) Unwrap() http.ResponseWriter { return z.ResponseWriter }

// WriteHeader decides whether this answer is worth compressing.
func (z *zipWriter) WriteHeader(status int) {
	if !z.started {
		z.start(status)
	}
	z.ResponseWriter.WriteHeader(status)
}

func (z *zipWriter) start(status int) {
	z.started = true
	h := z.Header()
	if status == http.StatusNoContent || status == http.StatusNotModified || h.Get("Content-Encoding") != "" || !textual(h.Get("Content-Type")) {
		return
	}
	h.Add("Vary", "Accept-Encoding")
	if !z.wanted {
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	z.gz = zippers.Get().(*gzip.Writer)
	z.gz.Reset(z.ResponseWriter)
}

func textual(contentType string) bool {
	for _, prefix := range []string{"text/html", "text/css", "text/csv", "application/json", "application/problem+json", "application/x-ndjson", "application/yaml", "image/svg", "text/javascript"} {
		if strings.HasPrefix(contentType, prefix) {
			return true
		}
	}
	return false
}

// Write compresses or passes on.
func (z *zipWriter) Write(b []byte) (int, error) {
	if !z.started {
		z.start(http.StatusOK)
	}
	if z.gz != nil {
		return z.gz.Write(b)
	}
	return z.ResponseWriter.Write(b)
}

// Flush sends what there is, for streams.
func (z *zipWriter) Flush() {
	if z.gz != nil {
		_ = z.gz.Flush() // the next write tells
	}
	_ = http.NewResponseController(z.ResponseWriter).Flush()
}

// Close ends the compressed stream.
func (z *zipWriter) Close() error {
	if z.gz == nil {
		return nil
	}
	err := z.gz.Close()
	zippers.Put(z.gz)
	z.gz = nil
	return err
}
