package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"kvit/internal/fault"
)

// HandlerFunc answers a request or returns why it cannot; the caller turns the error into an answer.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// Route is one row of the table of routes. Resource and Action say what it does in the words of the permission
// table («bill», «read»).
type Route struct {
	Method   string
	Pattern  string // a path of http.ServeMux: /bills/{id}
	Resource string
	Action   string
	Files    bool  // carries files: 64 MB and minutes instead of 1 MB and seconds
	Machine  bool  // for programs: answers problem+json, knows no cookies, needs no form token
	Slow     bool  // writes for long: a download or a stream
	Bulk     int64 // takes up to so many bytes, for hours, past MaxBody and MaxFile
	Handler  HandlerFunc
}

func (r *Route) check() error {
	switch {
	case r.Method == "" || r.Pattern == "" || r.Pattern[0] != '/':
		return fmt.Errorf("route %q %q: method and a path are needed", r.Method, r.Pattern)
	case r.Resource == "" || r.Action == "":
		return fmt.Errorf("route %s %s: says neither resource nor action, so nobody can tell who may", r.Method, r.Pattern)
	case r.Handler == nil:
		return fmt.Errorf("route %s %s: no handler", r.Method, r.Pattern)
	}
	return nil
}

// Routes is the table of all routes of the program.
type Routes struct {
	list []Route
}

// Add declares routes.
func (t *Routes) Add(routes ...Route) { t.list = append(t.list, routes...) }

// List gives the declared routes, for the tests of permissions and of the API's description.
func (t *Routes) List() []Route { return t.list }

// minKey is the length of the key that signs form tokens.
const minKey = 32

// Handler builds the server's handler from the table. A route that does not say who may, or stands twice, is an
// error.
func (t *Routes) Handler(s *Site) (http.Handler, error) {
	if len(s.Key) < minKey {
		return nil, fmt.Errorf("site: a key of at least %d bytes is needed to sign forms", minKey)
	}
	mux := http.NewServeMux()
	seen := map[string]bool{}
	var errs []error
	for i := range t.list {
		r := &t.list[i]
		key := r.Method + " " + r.Pattern
		if err := r.check(); err != nil {
			errs = append(errs, err)
			continue
		}
		if seen[key] {
			errs = append(errs, fmt.Errorf("route %s: declared twice", key))
			continue
		}
		seen[key] = true
		mux.Handle(key, s.serve(r))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return s.around(s.find(mux)), nil
}

// find answers unknown paths and methods as faults; the mux itself would write plain English.
func (s *Site) find(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		c := capture{header: http.Header{}}
		h.ServeHTTP(&c, r)
		if c.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", c.header.Get("Allow"))
			Error(w, r, errMethod)
			return
		}
		Error(w, r, errNoPage)
	})
}

var (
	errNoPage = fault.New(fault.NotFound, "page.unknown", "Такой страницы нет. Возможно, адрес набран с ошибкой или страница переехала.")
	errMethod = fault.New(fault.Invalid, "method.unknown", "Так эту страницу открыть нельзя. Начните с главной страницы.")
	errOrigin = fault.New(fault.Forbidden, "request.foreign", "Запрос пришёл с другого сайта. Откройте страницу на нашем сайте и повторите.")
)

var errBytes = fault.New(fault.Invalid, "request.bytes", "В запросе есть знаки, которых в тексте не бывает. Наберите его заново.")

// readable refuses an address with bytes that are no text: PostgreSQL stores none of them.
func readable(r *http.Request) error {
	if !isText(r.URL.Path) {
		return errNoPage
	}
	return allText(r.URL.Query())
}

func allText(values url.Values) error {
	for name, list := range values {
		for _, value := range list {
			if !isText(name) || !isText(value) {
				return errBytes.WithField(strings.ToValidUTF8(name, ""))
			}
		}
	}
	return nil
}

func isText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

type capture struct {
	header http.Header
	status int
}

func (c *capture) Header() http.Header         { return c.header }
func (c *capture) Write(b []byte) (int, error) { return len(b), nil }
func (c *capture) WriteHeader(status int)      { c.status = status }

// serve is the way of a request into a route: bounds, who is asking, is it really from our page, may they.
func (s *Site) serve(route *Route) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r.Context())
		x.route = route
		s.bound(w, r, route)
		defer func() {
			if r.MultipartForm != nil {
				_ = r.MultipartForm.RemoveAll() // leftovers in the temporary folder hurt nobody
			}
		}()
		if err := readable(r); err != nil {
			Error(w, r, err)
			return
		}
		if cross.Check(r) != nil {
			Error(w, r, errOrigin)
			return
		}
		if route.Machine {
			r.Header.Del("Cookie") // a program's rights come from its token, never from a browser
		}
		if route.Method == http.MethodGet && !route.Slow && !route.Files && route.Bulk == 0 {
			ctx, cancel := context.WithTimeout(r.Context(), pageTimeout)
			defer cancel()
			r = r.WithContext(ctx)
		}
		r2, err := s.admit(w, r, route)
		if err == nil {
			err = route.Handler(w, r2)
		}
		if r2 != nil && r2.MultipartForm != nil {
			r.MultipartForm = r2.MultipartForm
		}
		if err != nil {
			Error(w, r, err)
		}
	})
}

func (s *Site) bound(w http.ResponseWriter, r *http.Request, route *Route) {
	limit := int64(MaxBody)
	deadlines := http.NewResponseController(w)
	if route.Files {
		limit = MaxFile
		_ = deadlines.SetReadDeadline(time.Now().Add(fileTimeout)) // a recorder in tests has none
	}
	if route.Files || route.Slow {
		_ = deadlines.SetWriteDeadline(time.Now().Add(fileTimeout))
	}
	if route.Bulk > 0 {
		limit = route.Bulk
		_ = deadlines.SetReadDeadline(time.Now().Add(bulkTimeout))
		_ = deadlines.SetWriteDeadline(time.Now().Add(bulkTimeout + writeTimeout))
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
}

func (s *Site) admit(w http.ResponseWriter, r *http.Request, route *Route) (*http.Request, error) {
	if s.Identify != nil {
		known, err := s.Identify(r)
		if err != nil {
			return r, err
		}
		r = known
	}
	if !route.Machine {
		if err := s.checkForm(w, r); err != nil {
			return r, err
		}
	}
	if s.Allow == nil {
		return r, fault.New(fault.Forbidden, "access.closed", "Вход ещё не настроен.")
	}
	return r, s.Allow(r, route)
}
