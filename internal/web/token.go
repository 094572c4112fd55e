package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"

	"kvit/internal/fault"
)

// TokenField is the hidden field that proves a form came from a page of ours (reliability.md S7).
const TokenField = "_form"

var errToken = fault.New(fault.Forbidden, "form.stale", "Форма устарела: за это время вы вошли или вышли. Откройте страницу ещё раз и повторите, ничего не отправлено.")

// checkForm gives the browser its secret and, for a request that changes something, demands the token made from
// it. The token is bound to the session too, so a secret planted by a neighbour subdomain is of no use.
func (s *Site) checkForm(w http.ResponseWriter, r *http.Request) error {
	x := exchangeOf(r.Context())
	name := s.cookieName("form")
	if c, err := r.Cookie(name); err == nil && len(c.Value) == 43 {
		x.secret = c.Value
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		if x.secret == "" {
			x.secret = randomText()
			http.SetCookie(w, s.cookie("form", x.secret))
		}
		return nil
	}
	if err := parseForm(r); err != nil {
		return err
	}
	if x.secret == "" || !s.validToken(x, r.PostFormValue(TokenField)) {
		return errToken
	}
	return nil
}

// parseForm reads a form of either kind; file parts over 1 MB go to the temporary folder.
func parseForm(r *http.Request) error {
	err := r.ParseMultipartForm(MaxBody)
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil
	}
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return err
	case err != nil:
		return fault.New(fault.Invalid, "form.unreadable", "Форма не прочитана. Откройте страницу ещё раз и повторите.").Because(err)
	}
	return allText(r.PostForm)
}

func (s *Site) sign(x *exchange) []byte {
	m := hmac.New(sha256.New, s.Key)
	m.Write([]byte(x.secret))
	m.Write([]byte{0})
	m.Write([]byte(x.session))
	return m.Sum(nil)
}

// token masks the signature with fresh bytes: the same page never carries the same token twice.
func (s *Site) token(x *exchange) string {
	sum := s.sign(x)
	out := make([]byte, 2*len(sum))
	rand.Read(out[:len(sum)])
	subtle.XORBytes(out[len(sum):], out[:len(sum)], sum)
	return base64.RawURLEncoding.EncodeToString(out)
}

func (s *Site) validToken(x *exchange, token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 2*sha256.Size {
		return false
	}
	subtle.XORBytes(raw[:sha256.Size], raw[:sha256.Size], raw[sha256.Size:])
	return hmac.Equal(raw[:sha256.Size], s.sign(x))
}

func randomText() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// cookieName adds the __Host- prefix where browsers accept it: over https only.
func (s *Site) cookieName(name string) string {
	if s.Secure {
		return "__Host-kvit-" + name
	}
	return "kvit-" + name
}

// CookieName is the name under which this site keeps a cookie.
func (s *Site) CookieName(name string) string { return s.cookieName(name) }

func (s *Site) cookie(name, value string) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", Secure: s.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// Cookie makes a session cookie with the attributes of S6; maxAge in seconds, 0 until the browser closes.
func (s *Site) Cookie(name, value string, maxAge int) *http.Cookie {
	c := s.cookie(name, value)
	c.MaxAge = maxAge
	return c
}
