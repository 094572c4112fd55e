// Package mail is the client of a mail server: SMTP with STARTTLS, signed by DKIM when the key is given.
//
// Owns: the letter (plain text and the same as HTML, List-Unsubscribe, a Message-ID made of the message's key) and how it is
// handed over. Does not own: when it is sent (notice), what becomes of it behind the first server.
//
// Invariants: a header is one line whatever a text holds; a letter carries no link but the start page's and, where somebody
// subscribed to it, the one that ends it (RFC 8058); the same message
// sent twice has one Message-ID, by which mail boxes drop the second; without TLS nothing is sent but to this computer.
package mail

import (
	"cmp"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"html"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"kvit/internal/fault"
	"kvit/internal/notice/channel"
)

// sendTimeout is how long handing over one letter may take.
const sendTimeout = 20 * time.Second

// Server is how mail goes out.
type Server struct {
	URL      string // smtp://name:password@host:587 (STARTTLS) or smtps://… (TLS from the start)
	From     string // address
	Name     string // of the centre, in From
	Start    string // address of the start page: the only link of a letter, and where one unsubscribes
	DKIMKey  string // file, PEM; '': letters are not signed by us
	Selector string // of the key in DNS
	CA       string // file of certificates the server's is signed by, PEM; '': the system's
}

// Client sends letters.
type Client struct {
	s      Server
	host   string
	domain string
	mail   *gomail.Client
	signer *gomail.DKIMSigner
}

func wrong(why string) *fault.Error {
	return fault.Newf(fault.Invalid, "mail.settings", "Почта настроена не до конца: %s.", why)
}

// New makes a client and reads its keys; it calls nobody.
func New(s Server) (*Client, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, wrong("адрес сервера пишется smtp://имя:пароль@узел:порт")
	}
	_, domain, ok := strings.Cut(s.From, "@")
	if !ok || domain == "" {
		return nil, wrong("нужен адрес отправителя")
	}
	c := &Client{s: s, host: u.Hostname(), domain: domain}
	if c.signer, err = signer(s, domain); err != nil {
		return nil, err
	}
	options, err := c.options(u)
	if err != nil {
		return nil, err
	}
	if c.mail, err = gomail.NewClient(c.host, options...); err != nil {
		return nil, wrong("адрес сервера не подходит").Because(err)
	}
	return c, nil
}

func (c *Client) options(u *url.URL) ([]gomail.Option, error) {
	options := []gomail.Option{gomail.WithTimeout(sendTimeout), gomail.WithHELO(c.domain), gomail.WithoutNoop()}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		options = append(options, gomail.WithPort(port))
	}
	switch policy := gomail.TLSMandatory; {
	case u.Scheme == "smtps":
		options = append(options, gomail.WithSSL())
	case isLocal(c.host):
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(policy))
	}
	if password, ok := u.User.Password(); ok {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if c.s.CA == "" {
		return options, nil
	}
	text, err := os.ReadFile(c.s.CA)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(text) {
		return nil, wrong("файл сертификатов не прочитался").Because(err)
	}
	return append(options, gomail.WithTLSConfig(&tls.Config{ServerName: c.host, RootCAs: pool, MinVersion: tls.VersionTLS12})), nil
}

// isLocal tells whether a host is this computer itself.
func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func signer(s Server, domain string) (*gomail.DKIMSigner, error) {
	if s.DKIMKey == "" {
		return nil, nil
	}
	if s.Selector == "" {
		return nil, wrong("ключу DKIM нужен селектор")
	}
	text, err := os.ReadFile(s.DKIMKey)
	if err != nil {
		return nil, wrong("ключ DKIM не прочитался").Because(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, wrong("ключ DKIM не в PEM")
	}
	key, err := parseKey(block.Bytes)
	if err != nil {
		return nil, wrong("ключ DKIM не RSA и не Ed25519").Because(err)
	}
	return gomail.NewDKIMSigner(domain, s.Selector, key), nil
}

func parseKey(der []byte) (crypto.Signer, error) {
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("key %T does not sign", key)
	}
	return signer, nil
}

// Send hands a letter over to the server. The id is its Message-ID.
func (c *Client) Send(ctx context.Context, to string, m channel.Message) (string, error) {
	letter, id, err := c.letter(to, m)
	if err != nil {
		return "", err
	}
	err = c.mail.DialAndSendWithContext(ctx, letter)
	if letter.IsDelivered() { // whatever went wrong after that
		return id, nil
	}
	return id, outcome(err)
}

// outcome sorts what a server said, or did not say.
func outcome(err error) error {
	var e *gomail.SendError
	switch {
	case !errors.As(err, &e):
		return channel.Away(err) // no connection, no greeting, no login: nothing was handed over
	case e.ErrorCode() >= 500:
		return channel.Refused(err)
	case e.ErrorCode() >= 400:
		return channel.Away(err)
	case e.Reason == gomail.ErrSMTPDataClose:
		return channel.Unsure(err)
	}
	return channel.Away(err)
}

// letter writes a message as a letter, and its Message-ID.
func (c *Client) letter(to string, m channel.Message) (*gomail.Msg, string, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := letter.FromFormat(channel.Line(c.s.Name), c.s.From); err != nil {
		return nil, "", wrong("адрес отправителя не подходит").Because(err)
	}
	if err := letter.To(channel.Line(to)); err != nil {
		return nil, "", channel.Refused(errors.New("not an address"))
	}
	digest := sha256.Sum256([]byte(m.Key))
	id := hex.EncodeToString(digest[:16]) + "@" + c.domain
	letter.SetMessageIDWithValue(id)
	letter.SetDate()
	letter.SetBulk()
	letter.Subject(channel.Line(m.Subject))
	text := channel.Lines(m.Text)
	if leave := cmp.Or(channel.Line(m.Leave), c.s.Start); leave != "" {
		letter.SetListUnsubscribe(leave)
	}
	if m.Leave != "" {
		letter.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		text += "\n\nБольше не писать об этом: " + channel.Line(m.Leave)
	}
	letter.SetBodyString(gomail.TypeTextPlain, c.plain(text))
	letter.AddAlternativeString(gomail.TypeTextHTML, c.html(text))
	if c.signer != nil {
		letter.SetDKIM(c.signer)
	}
	return letter, id, nil
}

func (c *Client) plain(text string) string {
	if c.s.Start == "" {
		return text + "\n"
	}
	return text + "\n\nОткрыть Квит: " + c.s.Start + "\n"
}

// html is the same text on a page of its own: paragraphs, no pictures, nothing fetched from outside.
func (c *Client) html(text string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="ru"><body style="font:18px/1.45 Arial,sans-serif;color:#15212B;max-width:620px">`)
	for p := range strings.SplitSeq(text, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + html.EscapeString(p) + "</p>")
		}
	}
	if c.s.Start != "" {
		start := html.EscapeString(c.s.Start)
		b.WriteString(`<p><a href="` + start + `">` + start + `</a></p>`)
	}
	b.WriteString("</body></html>")
	return b.String()
}
