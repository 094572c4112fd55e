package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kvit/internal/fault"
)

// Problem is the answer to a program: application/problem+json (RFC 9457).
type Problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Code     string         `json:"code"`
	Instance string         `json:"instance,omitempty"`
	Errors   []ProblemError `json:"errors,omitempty"`
	Place    *fault.Place   `json:"place,omitempty"`
}

// ProblemError names the input at fault.
type ProblemError struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// ProblemOf makes the answer for a fault; instance is the id of the request.
func ProblemOf(err error, instance string) Problem {
	f := settled(err)
	p := Problem{Type: "about:blank", Title: f.Kind.title(), Status: f.status, Detail: f.Message, Code: f.Code, Instance: instance}
	if f.Field != "" {
		p.Errors = []ProblemError{{f.Field, f.Message}}
	}
	if f.Place.File != "" {
		p.Place = &f.Place
	}
	return p
}

// answer is a fault on its way out with its status.
type answer struct {
	*fault.Error
	Kind   kind
	status int
}

type kind fault.Kind

// settled finds the fault in err; what net/http reports on its own gets words of ours.
func settled(err error) answer {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		f := fault.Newf(fault.Invalid, "body.too_large", "Больше %d МБ за раз не принимаем. Разделите файл на части.", big.Limit>>20)
		return answer{f, kind(f.Kind), http.StatusRequestEntityTooLarge}
	}
	f := fault.As(err)
	status := f.Kind.HTTPStatus()
	if f.Code == errMethod.Code {
		status = http.StatusMethodNotAllowed
	}
	return answer{f, kind(f.Kind), status}
}

// title is the short phrase of a kind: heading of the page, title of the problem.
func (k kind) title() string {
	switch fault.Kind(k) {
	case fault.Invalid:
		return "Проверьте данные"
	case fault.Unauthenticated:
		return "Нужно войти"
	case fault.Forbidden:
		return "Сюда нет доступа"
	case fault.NotFound:
		return "Не нашли"
	case fault.Conflict:
		return "Данные уже изменились"
	case fault.Limited:
		return "Слишком много попыток"
	case fault.Unavailable:
		return "Сервис сейчас не отвечает"
	case fault.Gone:
		return "Этого уже нет"
	}
	return "Страница не открылась"
}

// RetryAfterer is an error that knows when a repeat makes sense.
type RetryAfterer interface{ RetryAfter() time.Duration }

// Elsewhere is a fault that has a page where the person goes on: who opens a page is led there.
type Elsewhere struct {
	Fault *fault.Error
	Path  string
}

// Error says why.
func (e *Elsewhere) Error() string { return e.Fault.Error() }

// Unwrap gives the fault, for forms and programs.
func (e *Elsewhere) Unwrap() error { return e.Fault }

// Error is the one place where a fault becomes an answer: a page for people, problem+json for programs. The
// cause goes to the request's line in the log and nowhere else.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	x := exchangeOf(r.Context())
	if x != nowhere {
		x.err = err
	}
	a := settled(err)
	h := w.Header()
	for _, stale := range []string{"Content-Length", "Content-Disposition", "Etag", "Last-Modified"} {
		h.Del(stale)
	}
	h.Set("Cache-Control", "no-store")
	SetRetryAfter(h, err, a.status)
	var on *Elsewhere
	switch {
	case errors.As(err, &on) && r.Method == http.MethodGet && !wantsProblem(r):
		h.Set("Location", LocalPath(on.Path, "/"))
		w.WriteHeader(http.StatusSeeOther)
	case wantsProblem(r):
		if a.status == http.StatusUnauthorized {
			h.Set("WWW-Authenticate", "Bearer") // RFC 6750
		}
		writeProblem(w, ProblemOf(err, x.id), a.status)
	case a.status == http.StatusUnauthorized && r.Method == http.MethodGet && x.site.SignInPath != "":
		h.Set("Location", x.site.SignInPath+"?next="+url.QueryEscape(LocalPath(r.URL.RequestURI(), "/")))
		w.WriteHeader(http.StatusSeeOther)
	default:
		writeFailure(w, r, a)
	}
}

// SetRetryAfter tells a program when to come again, when the error knows.
func SetRetryAfter(h http.Header, err error, status int) {
	var later RetryAfterer
	switch {
	case errors.As(err, &later):
		h.Set("Retry-After", strconv.Itoa(max(1, int(later.RetryAfter()/time.Second))))
	case status == http.StatusServiceUnavailable:
		h.Set("Retry-After", "30")
	}
}

// wantsProblem tells programs from people: by route, by path, by Accept.
func wantsProblem(r *http.Request) bool {
	if x := exchangeOf(r.Context()); x.route != nil && x.route.Machine {
		return true
	}
	accept := r.Header.Get("Accept")
	return strings.HasPrefix(r.URL.Path, "/api/") || strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

func writeProblem(w http.ResponseWriter, p Problem, status int) {
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers of ours
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // nobody is left to tell
}

func writeFailure(w http.ResponseWriter, r *http.Request, a answer) {
	page := NewPage(r, a.Kind.title())
	v := Failure{Page: page, Status: a.status, Message: a.Message}
	if a.status >= http.StatusInternalServerError {
		v.Number = exchangeOf(r.Context()).number
	}
	if err := Render(w, r, a.status, FailurePage(v)); err != nil {
		http.Error(w, a.Message, a.status) // the failure page itself failed: plain words are left
	}
}
