package simulator

import (
	"crypto/tls"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// Post is a mail server. A letter to nobody@… is refused.
type Post struct {
	heard
	server *smtp.Server
	seen   map[string]bool // Message-IDs, as a mail box drops what it has; under heard.mu
}

// NewPost makes a mail server; with a certificate it offers STARTTLS.
func NewPost(o Options, certificate *tls.Certificate) *Post {
	p := &Post{heard: newHeard(o), seen: map[string]bool{}}
	p.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{post: p, conn: c}, nil }))
	p.server.Domain, p.server.MaxMessageBytes, p.server.MaxRecipients = "post.example", 1<<20, 10
	p.server.ReadTimeout, p.server.WriteTimeout = time.Minute, time.Minute
	if certificate != nil {
		p.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}, MinVersion: tls.VersionTLS12}
	}
	return p
}

// Serve receives letters until Close.
func (p *Post) Serve(l net.Listener) error { return p.server.Serve(l) }

// Close ends it.
func (p *Post) Close() error { return p.server.Close() }

// session is one connection.
type session struct {
	post *Post
	conn *smtp.Conn
	to   []string
}

// Reset forgets the letter in work.
func (s *session) Reset() { s.to = nil }

// Logout ends the session.
func (s *session) Logout() error { return nil }

// Mail takes the sender.
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func refusal(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text}
}

// Rcpt takes a recipient, or refuses one who is not here.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	f := s.post.draw()
	switch {
	case f.fail:
		return refusal(421, "service not available")
	case f.busy:
		return refusal(451, "too many letters, later")
	case f.refuse || strings.HasPrefix(to, "nobody@"):
		return refusal(550, "no such mail box")
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes the letter.
func (s *session) Data(r io.Reader) error {
	f := s.post.draw()
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	got, id, err := readLetter(string(raw))
	if err != nil {
		return refusal(554, "letter is not readable")
	}
	s.post.mu.Lock()
	if !s.post.seen[id] && !f.undelivered {
		for _, to := range s.to {
			got.To, got.At = to, time.Now()
			s.post.keep(got)
		}
	}
	s.post.seen[id] = true
	s.post.mu.Unlock()
	if f.lose {
		s.conn.Close() //nolint:errcheck // that is the point
	}
	return nil
}

// readLetter reads a letter of text and HTML: its subject and its plain text.
func readLetter(raw string) (g Got, id string, err error) {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return g, "", err
	}
	g.Kind = Mail
	g.Header, _, _ = strings.Cut(raw, "\r\n\r\n")
	if g.Subject, err = (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return g, "", err
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return g, "", err
	}
	body, encoding := io.Reader(m.Body), m.Header.Get("Content-Transfer-Encoding")
	if strings.HasPrefix(kind, "multipart/") {
		part, err := multipart.NewReader(m.Body, params["boundary"]).NextPart() // it reads quoted-printable by itself
		if err != nil {
			return g, "", err
		}
		body, encoding = part, part.Header.Get("Content-Transfer-Encoding")
	}
	if strings.EqualFold(encoding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	g.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
	return g, m.Header.Get("Message-ID"), err
}

// Shown serves what was received at GET /got.
func (p *Post) Shown() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /got", func(w http.ResponseWriter, _ *http.Request) { answer(w, p.Got()) })
	return mux
}
