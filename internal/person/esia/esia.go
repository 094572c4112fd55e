// Package esia is a client of ЕСИА, the sign-in of Госуслуги: the code flow of OAuth 2.0 with a signature in the place of a shared
// secret, the token's own signature checked, the person's data by his number.
//
// Owns: the words of that protocol. Does not own: who the person is to us, and the keys of ГОСТ Р 34.10-2012, which only certified
// means hold: an outside program or service signs and verifies (Signer, Verifier).
//
// Source: Методические рекомендации по использованию ЕСИА (Минцифры), version 3 of the exchange; docs/formats/esia.md.
package esia

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Signer makes the detached PKCS#7 signature (DER) of what a request says.
type Signer interface {
	Sign(ctx context.Context, data []byte) ([]byte, error)
}

// Verifier checks the signature of a token against the certificate of ЕСИА; alg is the name in the token's header.
type Verifier interface {
	Verify(ctx context.Context, alg string, signed, signature []byte) error
}

// Config is how the installation is known to ЕСИА.
type Config struct {
	URL             string        // https://esia.gosuslugi.ru, or the test stand's
	ClientID        string        // мнемоника информационной системы
	RedirectURL     func() string // where people come back to
	Scope           string        // "": DefaultScope
	CertificateHash string        // ГОСТ hash of the certificate as ЕСИА's own tool prints it; "": not sent
	Signer          Signer
	Verifier        Verifier
	Now             func() time.Time
	HTTP            *http.Client // nil: one with a time limit
}

// DefaultScope asks for the least: the number of the account, and whether it is confirmed.
const DefaultScope = "openid fullname"

// Addresses of ЕСИА below its own.
const (
	authPath   = "/aas/oauth2/v2/ac"
	tokenPath  = "/aas/oauth2/v3/te"
	personPath = "/rs/prns/"
)

// timeForm is how ЕСИА writes moments.
const timeForm = "2006.01.02 15:04:05 -0700"

// answerTimeout is how long ЕСИА may take; answerMost is the longest answer read.
const (
	answerTimeout = 15 * time.Second
	answerMost    = 1 << 20
)

// Client speaks with ЕСИА.
type Client struct{ c Config }

// New makes a client.
func New(c Config) *Client {
	c.URL = strings.TrimRight(c.URL, "/")
	if c.Scope == "" {
		c.Scope = DefaultScope
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: answerTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return &Client{c}
}

// secret signs the values of a request, in the order ЕСИА puts them together.
func (c *Client) secret(ctx context.Context, values ...string) (string, error) {
	der, err := c.c.Signer.Sign(ctx, []byte(strings.Join(values, "")))
	if err != nil {
		return "", fmt.Errorf("sign for esia: %w", err)
	}
	return base64.URLEncoding.EncodeToString(der), nil
}

// AuthURL is where a person is sent to say who he is; state comes back with him.
func (c *Client) AuthURL(ctx context.Context, state string) (string, error) {
	at := c.c.Now().Format(timeForm)
	secret, err := c.secret(ctx, c.c.ClientID, c.c.Scope, at, state, c.c.RedirectURL())
	if err != nil {
		return "", err
	}
	q := url.Values{
		"client_id": {c.c.ClientID}, "client_secret": {secret}, "redirect_uri": {c.c.RedirectURL()}, "scope": {c.c.Scope}, "response_type": {"code"},
		"state": {state}, "timestamp": {at}, "access_type": {"online"},
	}
	c.certificate(q)
	return c.c.URL + authPath + "?" + q.Encode(), nil
}

func (c *Client) certificate(q url.Values) {
	if c.c.CertificateHash != "" {
		q.Set("client_certificate_hash", c.c.CertificateHash)
	}
}

// Token lets ask about one person for a while.
type Token struct {
	Access string
	Person string // number of his account
}

// Exchange gives the token for the code a person came back with.
func (c *Client) Exchange(ctx context.Context, code, state string) (Token, error) {
	at := c.c.Now().Format(timeForm)
	secret, err := c.secret(ctx, c.c.ClientID, c.c.Scope, at, state, c.c.RedirectURL(), code)
	if err != nil {
		return Token{}, err
	}
	form := url.Values{
		"client_id": {c.c.ClientID}, "client_secret": {secret}, "redirect_uri": {c.c.RedirectURL()}, "scope": {c.c.Scope}, "grant_type": {"authorization_code"},
		"state": {state}, "timestamp": {at}, "token_type": {"Bearer"}, "code": {code},
	}
	c.certificate(form)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.c.URL+tokenPath, strings.NewReader(form.Encode()))
	if err != nil {
		return Token{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer struct {
		Access string `json:"access_token"`
		ID     string `json:"id_token"`
		State  string `json:"state"`
	}
	if err := c.ask(r, &answer); err != nil {
		return Token{}, err
	}
	if answer.State != "" && answer.State != state {
		return Token{}, fmt.Errorf("esia: the token's state is another's")
	}
	return c.read(ctx, answer.Access, answer.ID)
}

// ask sends a request and reads the JSON it is answered with.
func (c *Client) ask(r *http.Request, into any) error {
	resp, err := c.c.HTTP.Do(r)
	if err != nil {
		return fmt.Errorf("esia: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerMost))
	if err != nil {
		return fmt.Errorf("esia: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		var failed struct {
			Error       string `json:"error"`
			Description string `json:"error_description"`
			Message     string `json:"message"`
		}
		_ = json.Unmarshal(body, &failed) // an answer that is no JSON has its status
		return fmt.Errorf("esia: %s %s %s%s", resp.Status, failed.Error, failed.Description, failed.Message)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("esia: an answer that cannot be read: %w", err)
	}
	return nil
}
