package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// around is what happens to every request, also to those that no route takes: id, headers, compression,
// recovery, one line in the log.
func (s *Site) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		x := newExchange(s, r)
		r = x.attach(r)
		w.Header().Set("X-Request-Id", x.id)
		s.headers(w.Header())
		rec := &recorder{ResponseWriter: w}
		zip := compressed(rec, r)
		s.recovered(zip, r, next)
		if err := zip.Close(); err != nil && x.err == nil {
			x.err = fmt.Errorf("write answer: %w", err)
		}
		s.record(r, x, rec, time.Since(start))
	})
}

func (s *Site) recovered(w http.ResponseWriter, r *http.Request, next http.Handler) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p)
		}
		exchangeOf(r.Context()).stack = string(debug.Stack())
		Error(w, r, fmt.Errorf("panic: %v", p))
	}()
	next.ServeHTTP(w, r)
}

// record writes the one line of a request: ids, never names or paths with numbers in them.
func (s *Site) record(r *http.Request, x *exchange, rec *recorder, took time.Duration) {
	if s.Served != nil {
		s.Served(rec.Status())
	}
	if s.Log == nil {
		return
	}
	attrs := []slog.Attr{
		slog.String("request", x.id), slog.String("method", r.Method), slog.Int("status", rec.Status()),
		slog.Int64("bytes", rec.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if x.route != nil {
		attrs = append(attrs, slog.String("route", x.route.Pattern))
	}
	if x.actor != "" {
		attrs = append(attrs, slog.String("actor", x.actor))
	}
	level := slog.LevelInfo
	if x.err != nil {
		attrs = append(attrs, slog.String("case", x.number), slog.String("error", x.err.Error()))
		if rec.Status() >= 500 {
			level = slog.LevelError
		}
	}
	if x.stack != "" {
		attrs = append(attrs, slog.String("stack", x.stack))
	}
	s.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// recorder remembers status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap lets http.ResponseController reach the connection.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

// WriteHeader notes the status.
func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 {
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

// Write counts bytes.
func (rec *recorder) Write(b []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	n, err := rec.ResponseWriter.Write(b)
	rec.bytes += int64(n)
	return n, err
}

// Answered is the status a handler has answered with so far; 200 when it wrote nothing yet.
func Answered(w http.ResponseWriter) int {
	for {
		switch x := w.(type) {
		case *recorder:
			return x.Status()
		case interface{ Unwrap() http.ResponseWriter }:
			w = x.Unwrap()
		default:
			return http.StatusOK
		}
	}
}

// Status is the status answered, 200 when the handler wrote nothing.
func (rec *recorder) Status() int {
	if rec.status == 0 {
		return http.StatusOK
	}
	return rec.status
}
