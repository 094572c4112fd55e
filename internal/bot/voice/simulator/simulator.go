// Package simulator is a telephone exchange for trials: people call the centre from its page or from a test, hear what is said as
// text and press keys. It asks over the network as FreeSWITCH does and reads our documents by code of its own.
package simulator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Exchange makes calls.
type Exchange struct {
	Target string // where the centre is asked
	Secret string
	Twice  bool // each turn is asked twice, as after an answer that was lost

	mu    sync.Mutex
	calls map[string]*Call
	last  int
	http  http.Client
}

// New makes an exchange.
func New(target, secret string) *Exchange {
	return &Exchange{Target: target, Secret: secret, calls: map[string]*Call{}, http: http.Client{Timeout: 20 * time.Second}}
}

// Call is one call as the caller hears it.
type Call struct {
	x     *Exchange
	ID    string
	From  string
	Lines []string // heard, and pressed
	Ended bool
	turn  string
	bind  *regexp.Regexp // of the keys that are waited for
	strip string
	name  string
}

// Errors of a document that FreeSWITCH would not take.
var errDocument = errors.New("the exchange does not take the document")

// Dial calls from a number; ” is a number that is hidden.
func (x *Exchange) Dial(from string) (*Call, error) {
	x.mu.Lock()
	x.last++
	c := &Call{x: x, ID: fmt.Sprintf("9c6f38d3-%04d", x.last), From: from}
	x.calls[c.ID] = c
	x.mu.Unlock()
	return c, c.ask(nil)
}

// Said is what was said last.
func (c *Call) Said() string {
	if len(c.Lines) == 0 {
		return ""
	}
	return c.Lines[len(c.Lines)-1]
}

// Press presses keys. What is not waited for is no input: the exchange asks again without it.
func (c *Call) Press(keys string) error {
	if c.Ended {
		return errors.New("the call has ended")
	}
	c.Lines = append(c.Lines, "→ "+keys)
	if c.bind == nil || !c.bind.MatchString(keys) {
		return c.ask(nil)
	}
	return c.ask(url.Values{c.name: {strings.Trim(keys, c.strip)}})
}

// Hang ends the call; the centre is told.
func (c *Call) Hang() error {
	if c.Ended {
		return nil
	}
	c.Ended = true
	_, err := c.post(url.Values{"exiting": {"true"}})
	return err
}

// ask asks what to do next, and does it.
func (c *Call) ask(more url.Values) error {
	body, err := c.post(more)
	if err == nil && c.x.Twice {
		body, err = c.post(more)
	}
	if err == nil {
		err = c.do(body)
	}
	if err != nil {
		c.Ended = true
		c.Lines = append(c.Lines, "Связь прервалась.")
	}
	return err
}

func (c *Call) post(more url.Values) ([]byte, error) {
	form := url.Values{"session_id": {c.ID}, "hostname": {"simulator"}, "Caller-Direction": {"inbound"}, "Caller-Caller-ID-Number": {c.From}, "Caller-Destination-Number": {"100"}}
	if c.turn != "" {
		form.Set("turn", c.turn)
	}
	for name, values := range more {
		form[name] = values
	}
	r, err := http.NewRequest(http.MethodPost, c.x.Target, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("kvit", c.x.Secret)
	res, err := c.x.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("status %d: %.200s", res.StatusCode, body)
	case !strings.HasPrefix(res.Header.Get("Content-Type"), "text/xml"):
		return nil, fmt.Errorf("%w: its type is %s", errDocument, res.Header.Get("Content-Type"))
	}
	return body, nil
}

// do speaks and waits as a document says.
func (c *Call) do(body []byte) error {
	var d struct {
		XMLName xml.Name `xml:"document"`
		Type    string   `xml:"type,attr"`
		Params  struct {
			Turn string `xml:"turn"`
		} `xml:"params"`
		Work *struct {
			Speak *struct {
				Text   string `xml:"text,attr"`
				Engine string `xml:"engine,attr"`
				Name   string `xml:"name,attr"`
				Bind   []struct {
					Strip string `xml:"strip,attr"`
					Expr  string `xml:",chardata"`
				} `xml:"bind"`
			} `xml:"speak"`
			Hangup *struct{} `xml:"hangup"`
		} `xml:"work"`
	}
	if err := xml.Unmarshal(body, &d); err != nil {
		return fmt.Errorf("%w: %w", errDocument, err)
	}
	if d.Type != "text/freeswitch-httapi" || d.Work == nil || d.Work.Speak == nil || d.Work.Speak.Engine == "" || d.Work.Speak.Text == "" {
		return errDocument
	}
	c.turn, c.bind, c.name = d.Params.Turn, nil, d.Work.Speak.Name
	c.Lines = append(c.Lines, d.Work.Speak.Text)
	if len(d.Work.Speak.Bind) > 0 {
		b := d.Work.Speak.Bind[0]
		expr, isPattern := strings.CutPrefix(b.Expr, "~")
		if !isPattern {
			expr = regexp.QuoteMeta(expr)
		}
		var err error
		if c.bind, err = regexp.Compile("^(?:" + expr + ")$"); err != nil {
			return fmt.Errorf("%w: %w", errDocument, err)
		}
		c.strip = b.Strip
	}
	c.Ended = d.Work.Hangup != nil
	return nil
}

// find gives a call by its id.
func (x *Exchange) find(id string) *Call {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.calls[id]
}
