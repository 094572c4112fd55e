// Package push is the client of push services of browsers (RFC 8030, 8291, 8292): a message is sealed for one browser and
// signed with our key, so that the service in between reads nothing.
//
// Owns: subscriptions as browsers write them, our keys (VAPID), the call. Does not own: who subscribed, when a message is
// sent (notice).
//
// Invariants: only services whose names are allowed are called, whatever address a browser named; a subscription that is
// gone is a refusal for good.
package push

import (
	"cmp"
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"kvit/internal/fault"
	"kvit/internal/notice/channel"
)

// Bounds of a push.
const (
	callTimeout = 15 * time.Second
	keepFor     = 24 * time.Hour // the service keeps a message for a telephone that is off
	textMax     = 600            // signs: the sealed record has 4096 bytes
	toMax       = 1 << 10        // bytes of a subscription
)

// services are the push services of browsers in use; a name that begins with a point stands for all below it.
var services = []string{"fcm.googleapis.com", "updates.push.services.mozilla.com", ".push.services.mozilla.com", "web.push.apple.com", ".push.apple.com", ".notify.windows.com"}

// Keys are ours: a browser is given the public one and takes messages signed with the private one only.
type Keys struct {
	Public  string `json:"public"`
	Private string `json:"private"`
}

// LoadKeys reads the keys from a file, made on first use.
func LoadKeys(path string) (k Keys, err error) {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		if k.Private, k.Public, err = webpush.GenerateVAPIDKeys(); err != nil {
			return k, err
		}
		if text, err = json.Marshal(k); err != nil {
			return k, err
		}
		return k, os.WriteFile(path, text, 0o600)
	}
	if err == nil {
		err = json.Unmarshal(text, &k)
	}
	if err != nil || k.Public == "" || k.Private == "" {
		return k, fault.Newf(fault.Unavailable, "push.keys", "Ключ %s не читается. Проверьте права.", path).Because(err)
	}
	return k, nil
}

// Client sends pushes.
type Client struct {
	keys    Keys
	contact string
	hosts   []string
	http    *http.Client
}

// New makes a client. Contact is where a push service may write to us: an e-mail address; hosts are allowed besides the
// services of browsers, as «host» or «host:port».
func New(k Keys, contact string, hosts ...string) *Client {
	return &Client{keys: k, contact: cmp.Or(contact, "postmaster@localhost"), hosts: append(slices.Clip(hosts), services...),
		http: &http.Client{Timeout: callTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// PublicKey is what a browser is given to subscribe with.
func (c *Client) PublicKey() string { return c.keys.Public }

var errSubscription = fault.New(fault.Invalid, "push.subscription", "Браузер прислал подписку, которую мы не понимаем. Попробуйте включить уведомления ещё раз.")

// Check judges a subscription as a browser wrote it and gives it in its plain form.
func (c *Client) Check(raw string) (string, error) {
	s, err := c.read(raw)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(s)
	return string(text), err
}

func (c *Client) read(raw string) (*webpush.Subscription, error) {
	s := &webpush.Subscription{}
	if len(raw) > toMax {
		return nil, errSubscription
	}
	if err := json.Unmarshal([]byte(raw), s); err != nil {
		return nil, errSubscription.Because(err)
	}
	point, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Keys.P256dh, "="))
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(point)
	}
	secret, wrongSecret := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Keys.Auth, "="))
	if err != nil || wrongSecret != nil || len(secret) != 16 {
		return nil, errSubscription.Because(errors.Join(err, wrongSecret))
	}
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.User != nil || !c.allowed(u) {
		return nil, errSubscription.Because(fmt.Errorf("host of the endpoint: %w", errors.Join(err, errHost)))
	}
	return s, nil
}

var errHost = errors.New("no push service known")

// allowed tells whether an address is a push service's: by https and the usual port, or named in the settings.
func (c *Client) allowed(u *url.URL) bool {
	named := func(host string) bool {
		return slices.ContainsFunc(c.hosts, func(h string) bool { return h == host || h[0] == '.' && strings.HasSuffix(host, h) })
	}
	if u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") && named(u.Hostname()) {
		return true
	}
	return u.Port() != "" && slices.Contains(c.hosts, u.Host)
}

// note is what the service worker shows.
type note struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Tag   string `json:"tag"` // a second one with the same tag takes the place of the first
	Open  string `json:"open,omitempty"`
}

// Send sends a push; the id is the service's address of the message.
func (c *Client) Send(ctx context.Context, to string, m channel.Message) (string, error) {
	s, err := c.read(to)
	if err != nil {
		return "", channel.Refused(err)
	}
	text := []rune(channel.Lines(m.Text))
	body, err := json.Marshal(note{channel.Line(m.Subject), string(text[:min(len(text), textMax)]), m.Key, m.Open})
	if err != nil {
		return "", err
	}
	res, err := webpush.SendNotificationWithContext(ctx, body, s, &webpush.Options{HTTPClient: c.http, Subscriber: c.contact, TTL: int(keepFor / time.Second),
		Urgency: webpush.UrgencyNormal, VAPIDPublicKey: c.keys.Public, VAPIDPrivateKey: c.keys.Private})
	if err != nil {
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err // the address is as good as a telephone
		}
		return "", channel.Unsure(err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) //nolint:errcheck // the status tells
	return res.Header.Get("Location"), judge(res.StatusCode)
}

func judge(status int) error {
	cause := fmt.Errorf("status %d", status)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusTooManyRequests:
		return channel.Busy(cause)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return channel.Setup(cause)
	case status >= 500:
		return channel.Away(cause)
	}
	return channel.Refused(cause) // 404, 410: the subscription is gone
}
