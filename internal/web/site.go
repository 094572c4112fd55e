package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Limits of a request.
const (
	MaxBody      = 1 << 20  // of a form or a JSON document
	MaxFile      = 64 << 20 // of a request with files
	maxHeader    = 16 << 10
	readTimeout  = 10 * time.Second
	writeTimeout = 30 * time.Second
	idleTimeout  = 2 * time.Minute
	pageTimeout  = 4 * time.Second // of a page to look at: a database that is away is said within five seconds
	fileTimeout  = 5 * time.Minute // a supplier's slow line and a big register
	bulkTimeout  = 2 * time.Hour   // the same line and gigabytes sent by a program
)

// Site is what all pages and answers have in common. The zero value serves in tests; app fills it once.
type Site struct {
	Name        string         // «Квит»
	HelpPhone   string         // «8 800 000-00-00»
	HelpHours   string         // «ежедневно 8:00–20:00»
	Secure      bool           // pages are served over https: cookies get Secure and the __Host- prefix
	FormOrigins []string       // banks' pages a form may lead to, for CSP form-action
	Proxies     []netip.Prefix // of ours: what they say of who sent a request is believed
	Zone        *time.Location // the region's time
	Key         []byte         // signs form tokens; 32 random bytes kept by the installation
	SignInPath  string         // where a person without a session is sent
	Log         *slog.Logger
	Now         func() time.Time

	// Identify finds who is asking (session cookie or API token), tells it with SetActor and returns the request
	// with the actor in its context. Nil: everybody is anonymous.
	Identify func(*http.Request) (*http.Request, error)
	// Allow decides whether the actor of the request may use the route. Nil: nobody may.
	Allow func(*http.Request, *Route) error
}

// NewServer makes a server with the limits of this package around a handler.
func NewServer(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadTimeout:       readTimeout,
		ReadHeaderTimeout: readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// Mark is a name for something of a person that tells nothing of him: browsers keep what is his apart by it.
func (s *Site) Mark(text string) string {
	m := hmac.New(sha256.New, s.Key)
	m.Write([]byte("mark\x00" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:9])
}

func (s *Site) now() time.Time {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	if s.Zone != nil {
		return now().In(s.Zone)
	}
	return now()
}

// headers sets what every answer carries (reliability.md S8).
func (s *Site) headers(h http.Header) {
	h.Set("Content-Security-Policy", s.policy())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

func (s *Site) policy() string {
	actions := strings.Join(append([]string{"'self'"}, s.FormOrigins...), " ")
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
		"manifest-src 'self'; worker-src 'self'; form-action " + actions + "; frame-ancestors 'none'; base-uri 'none'"
}
