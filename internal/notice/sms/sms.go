// Package sms is the client of gateways of text messages and voice calls over HTTP.
//
// Owns: the calls to a gateway by its profile (data: smsc, smsru, or a file), what its codes mean, its call-backs as hints.
// Does not own: when a message is sent, retries, other ways (notice).
//
// Invariants: a text is one line without links; a gateway that takes our id is given one made of the message's key, so a
// lost answer is asked about and never sent twice; a call-back is only a hint.
package sms

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kvit/internal/notice/channel"
)

// Bounds of one call.
const (
	callTimeout = 15 * time.Second
	answerMax   = 256 << 10
	textMax     = 670 // ten parts of a text in Cyrillic
)

// Access is how a gateway is reached.
type Access struct {
	Profile  string // code of one built in, or a file
	URL      string // '': the profile's own
	Login    string
	Password string // or key
	Sender   string // the name people see, as agreed with the gateway
}

// Client talks to one gateway.
type Client struct {
	a    Access
	p    *Profile
	http *http.Client
}

// New makes a client.
func New(a Access) (*Client, error) {
	p, err := FindProfile(a.Profile)
	if err != nil {
		return nil, err
	}
	if a.URL == "" {
		a.URL = p.URL
	}
	a.URL = strings.TrimRight(a.URL, "/")
	return &Client{a: a, p: p, http: &http.Client{Timeout: callTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// Send sends a text. The id is given also with an Unsure fault when the gateway can be asked by it.
func (c *Client) Send(ctx context.Context, to string, m channel.Message) (string, error) {
	return c.hand(ctx, c.p.Send, to, m.Key, channel.Line(m.Text))
}

// Voice is the way that calls and reads a text aloud; nil when the gateway does not call.
func (c *Client) Voice() channel.Sender {
	if c.p.Call == nil {
		return nil
	}
	return voice{c}
}

type voice struct{ c *Client }

// Send calls. Figures of a code are read one by one, and the whole twice.
func (v voice) Send(ctx context.Context, to string, m channel.Message) (string, error) {
	text := Spoken(channel.Line(m.Text))
	return v.c.hand(ctx, v.c.p.Call, to, m.Key, text+". Повторяю. "+text)
}

// Ask tells what became of a call, as of a text.
func (v voice) Ask(ctx context.Context, to, id string) (channel.Report, error) {
	return v.c.Ask(ctx, to, id)
}

var codes = regexp.MustCompile(`\b\d{3} \d{3}\b|\b\d{4,8}\b`)

// Spoken parts the figures of codes, so that a voice reads them one by one: «482 913» is «4, 8, 2, 9, 1, 3».
func Spoken(text string) string {
	return codes.ReplaceAllStringFunc(strings.TrimRight(text, ". "), func(code string) string {
		return strings.Join(strings.Split(strings.ReplaceAll(code, " ", ""), ""), ", ")
	})
}

var digits = regexp.MustCompile(`^\+?\d{10,15}$`)

func (c *Client) hand(ctx context.Context, r *Request, to, key, text string) (id string, err error) {
	switch {
	case !digits.MatchString(to):
		return "", channel.Refused(errors.New("not a telephone"))
	case text == "" || len([]rune(text)) > textMax:
		return "", channel.Refused(fmt.Errorf("text of %d signs", len([]rune(text))))
	}
	if err := channel.WithoutLinks(text); err != nil {
		return "", err
	}
	if c.p.OwnID {
		id = ownID(key)
	}
	answer, err := c.call(ctx, r, map[string]string{"to": strings.TrimPrefix(to, "+"), "text": text, "key": id})
	if err != nil {
		return id, err
	}
	if err := c.judge(r, answer); err != nil {
		return "", err
	}
	if c.p.OwnID {
		return id, nil
	}
	if id = textAt(answer, r.ID); id == "" {
		return "", channel.Unsure(errors.New("answer without an id"))
	}
	return id, nil
}

// ownID is our id of a message: 24 letters and figures of its key.
func ownID(key string) string {
	d := sha256.Sum256([]byte(key))
	return hex.EncodeToString(d[:12])
}

// Ask tells what became of a message.
func (c *Client) Ask(ctx context.Context, to, id string) (channel.Report, error) {
	if c.p.Ask == nil || id == "" {
		return channel.Report{State: channel.Waiting}, nil
	}
	answer, err := c.call(ctx, c.p.Ask, map[string]string{"to": strings.TrimPrefix(to, "+"), "id": id})
	if err != nil {
		return channel.Report{}, err
	}
	if code := textAt(answer, c.p.Ask.Code); slices.Contains(c.p.Codes.Missing, code) {
		return channel.Report{State: channel.Missing}, nil
	}
	if err := c.judge(c.p.Ask, answer); err != nil {
		return channel.Report{}, err
	}
	return c.report(answer), nil
}

func (c *Client) report(answer any) channel.Report {
	word := textAt(answer, c.p.Ask.State)
	r := channel.Report{State: channel.Waiting, Reason: strings.TrimSpace(word + " " + textAt(answer, c.p.Ask.Reason))}
	switch s := c.p.States; {
	case slices.Contains(s.Delivered, word):
		r.State = channel.Delivered
	case slices.Contains(s.Failed, word):
		r.State = channel.Failed
	case slices.Contains(s.Missing, word):
		r.State = channel.Missing
	}
	if at, err := strconv.ParseInt(textAt(answer, c.p.Ask.At), 10, 64); err == nil && at > 0 {
		r.At = time.Unix(at, 0)
	}
	return r
}

// judge tells a refusal of an answer from a yes.
func (c *Client) judge(r *Request, answer any) error {
	for _, path := range []string{r.Whole, r.Code} {
		code := textAt(answer, path)
		if code == "" || slices.Contains(c.p.Codes.Fine, code) {
			continue
		}
		cause := fmt.Errorf("code %s: %.100s", code, textAt(answer, r.Reason))
		switch {
		case slices.Contains(c.p.Codes.Busy, code):
			return channel.Busy(cause)
		case slices.Contains(c.p.Codes.Setup, code):
			return channel.Setup(cause)
		}
		return channel.Refused(cause)
	}
	return nil
}

// call does one request. Whatever is not an answer in the gateway's own words leaves the outcome open, but for answers
// that say nothing was done.
func (c *Client) call(ctx context.Context, r *Request, words map[string]string) (any, error) {
	req, err := c.request(ctx, r, words)
	if err != nil {
		return nil, fmt.Errorf("address of the gateway: %w", err)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, channel.Unsure(withoutAddress(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return nil, channel.Unsure(err)
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return nil, channel.Busy(fmt.Errorf("status %d", res.StatusCode))
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		return nil, channel.Setup(fmt.Errorf("status %d", res.StatusCode))
	case res.StatusCode == http.StatusServiceUnavailable:
		return nil, channel.Away(fmt.Errorf("status %d", res.StatusCode))
	case res.StatusCode >= 500 || res.StatusCode >= 300 && res.StatusCode < 400:
		return nil, channel.Unsure(fmt.Errorf("status %d", res.StatusCode))
	}
	var answer any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&answer); err != nil {
		return nil, channel.Unsure(fmt.Errorf("status %d, answer is not as it should be: %w", res.StatusCode, err))
	}
	return answer, nil
}

// withoutAddress drops the address of a failed request from its error: a gateway's may carry a telephone.
func withoutAddress(err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (c *Client) request(ctx context.Context, r *Request, words map[string]string) (*http.Request, error) {
	words["login"], words["password"], words["sender"] = c.a.Login, c.a.Password, c.a.Sender
	form, object := url.Values{}, map[string]string{}
	for name, value := range r.Fields {
		if v := fill(value, words); v != "" {
			form.Set(name, v)
			object[name] = v
		}
	}
	body, kind := form.Encode(), "application/x-www-form-urlencoded"
	if c.p.JSON {
		text, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		body, kind = string(text), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.a.URL+r.Path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", kind)
	for name, value := range c.p.Headers {
		req.Header.Set(name, fill(value, words))
	}
	return req, nil
}

// fill puts words in the place of their {names}; a value is taken as it is and not read for names again.
func fill(template string, words map[string]string) string {
	pairs := make([]string, 0, 2*len(words))
	for name, value := range words {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(template)
}

// textAt is what stands at a path of an answer; ” when nothing does.
func textAt(answer any, path string) string {
	if path == "" {
		return ""
	}
	for key := range strings.SplitSeq(path, ".") {
		object, ok := answer.(map[string]any)
		if !ok {
			return ""
		}
		if answer = object[key]; key == "*" && len(object) == 1 {
			for _, answer = range object { // the only one
				break
			}
		}
	}
	switch x := answer.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	}
	return ""
}

// Hint reads a call-back: the ids of messages whose state has changed, and what the gateway wants to hear.
func (c *Client) Hint(form url.Values) (ids []string, answer string) {
	h := c.p.Hint
	for name, list := range form {
		for _, value := range list {
			switch {
			case h.Field != "" && name == h.Field:
				ids = append(ids, value)
			case h.List != "" && (name == h.List || strings.HasPrefix(name, h.List+"[")):
				if lines := strings.Split(value, "\n"); h.Line < len(lines) {
					ids = append(ids, strings.TrimSpace(lines[h.Line]))
				}
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), h.Answer
}
