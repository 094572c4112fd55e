package atol

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"kvit/internal/fault"
)

// Bounds of one call.
const (
	callTimeout = 15 * time.Second
	answerMax   = 1 << 20
)

// Codes of the register that say what to do.
const (
	codeTokenExpired = 11
	codeDouble       = 33 // there is a document with this external_id already
)

// Access is how a register is reached.
type Access struct {
	URL      string // without /possystem/v5
	Login    string
	Password string
	Group    string // of the tills: the register's group_code
}

// Client talks to one register.
type Client struct {
	a    Access
	http *http.Client

	mu    sync.Mutex
	token string
}

// New makes a client.
func New(a Access) *Client {
	a.URL = strings.TrimRight(a.URL, "/") + "/possystem/v5"
	return &Client{a: a, http: &http.Client{Timeout: callTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Trouble is why the register did not take or print a document.
type Trouble struct {
	Code int    `json:"code"`
	Type string `json:"type"` // system, driver, timeout, agent, unknown
	Text string `json:"text"`
}

func (t *Trouble) Error() string { return fmt.Sprintf("%s %d: %s", t.Type, t.Code, t.Text) }

// Printed is what the till has printed.
type Printed struct {
	Total         Roubles `json:"total"`
	FNSSite       string  `json:"fns_site"`
	FN            string  `json:"fn_number"`
	Shift         int     `json:"shift_number"`
	DateTime      string  `json:"receipt_datetime"`
	Number        int     `json:"fiscal_receipt_number"`
	FD            int64   `json:"fiscal_document_number"`
	Register      string  `json:"ecr_registration_number"`
	FP            int64   `json:"fiscal_document_attribute"`
	OFDINN        string  `json:"ofd_inn,omitempty"`
	OFDReceiptURL string  `json:"ofd_receipt_url,omitempty"`
}

// States of a document at the register.
const (
	StatusWait = "wait"
	StatusDone = "done"
	StatusFail = "fail"
)

// Report is what became of a document.
type Report struct {
	UUID       string   `json:"uuid"`
	ExternalID string   `json:"external_id,omitempty"`
	Timestamp  string   `json:"timestamp"`
	Status     string   `json:"status"`
	Error      *Trouble `json:"error"`
	Payload    *Printed `json:"payload"`
}

// Register hands a document over and gives the register's id of it; a document sent before gives the id it got then.
// Invalid, caused by a Trouble: refused, nothing will be printed. Everything else is an unknown outcome: ask again under
// the same external_id.
func (c *Client) Register(ctx context.Context, operation string, d *Document) (uuid string, err error) {
	var r Report
	err = c.authorised(ctx, func(token string) error {
		r = Report{}
		return c.call(ctx, http.MethodPost, "/"+url.PathEscape(c.a.Group)+"/"+operation, token, d, &r)
	})
	switch {
	case err != nil:
		return "", err
	case r.Error != nil && r.Error.Code == codeDouble && r.UUID != "":
		return r.UUID, nil
	case r.Error != nil:
		return "", refused(r.Error)
	case r.UUID == "":
		return "", away(errors.New("answer without uuid"))
	}
	return r.UUID, nil
}

// Report asks what became of a document. NotFound: the register knows of none.
func (c *Client) Report(ctx context.Context, uuid string) (*Report, error) {
	r := &Report{}
	err := c.authorised(ctx, func(token string) error {
		*r = Report{}
		return c.call(ctx, http.MethodGet, "/"+url.PathEscape(c.a.Group)+"/report/"+url.PathEscape(uuid), token, nil, r)
	})
	if err != nil {
		return nil, err
	}
	if r.Status == StatusDone && r.Payload == nil {
		return nil, away(errors.New("done without a payload"))
	}
	return r, nil
}

// ReadReport reads what the register calls back with. It is a hint: the document is asked about.
func ReadReport(body []byte) (*Report, error) {
	r := &Report{}
	if err := json.Unmarshal(body, r); err != nil || r.UUID == "" {
		return nil, fault.New(fault.Invalid, "cashbox.hint", "Сообщение кассы не прочиталось.").Because(err)
	}
	return r, nil
}

// authorised does a call with a token, once more with a fresh one when it has run out.
func (c *Client) authorised(ctx context.Context, do func(token string) error) error {
	token, err := c.tokenOf(ctx, "")
	if err == nil {
		err = do(token)
	}
	if fault.CodeOf(err) == "cashbox.token" {
		if token, err = c.tokenOf(ctx, token); err == nil {
			err = do(token)
		}
	}
	return err
}

// tokenOf gives the token, a fresh one when the one known is stale.
func (c *Client) tokenOf(ctx context.Context, stale string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && c.token != stale {
		return c.token, nil
	}
	var answer struct {
		Token string   `json:"token"`
		Error *Trouble `json:"error"`
	}
	if err := c.call(ctx, http.MethodPost, "/getToken", "", map[string]string{"login": c.a.Login, "pass": c.a.Password}, &answer); err != nil {
		return "", err
	}
	if answer.Error != nil {
		return "", errAccess.Because(answer.Error)
	}
	if answer.Token == "" {
		return "", away(errors.New("answer without a token"))
	}
	c.token = answer.Token
	return c.token, nil
}

// errAccess is no refusal of a document: with the right password it will be taken.
var errAccess = fault.New(fault.Unavailable, "cashbox.access", "Касса не приняла логин или пароль. Проверьте настройки кассы.")

func (c *Client) call(ctx context.Context, method, path, token string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("document: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.a.URL+path, body)
	if err != nil {
		return fmt.Errorf("address of the register: %w", err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if token != "" {
		req.Header.Set("Token", token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return away(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return away(err)
	}
	return decode(res.StatusCode, answer, out)
}

// decode reads an answer: a refusal of the register carries its reason in the body, whatever the status.
func decode(status int, answer []byte, out any) error {
	var e struct {
		Error *Trouble `json:"error"`
	}
	plain := json.Unmarshal(answer, &e) != nil
	switch {
	case status == http.StatusNotFound:
		return fault.New(fault.NotFound, "cashbox.unknown", "Касса не знает такого чека.")
	case status >= 500 || status == http.StatusTooManyRequests || plain:
		return away(fmt.Errorf("status %d: %.200s", status, answer))
	case status == http.StatusUnauthorized && (e.Error == nil || e.Error.Code == codeTokenExpired):
		return fault.New(fault.Unavailable, "cashbox.token", "Касса не приняла ключ доступа.")
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return errAccess.Because(fmt.Errorf("status %d: %.200s", status, answer))
	case status >= 400 && e.Error == nil:
		return refused(&Trouble{Code: status, Type: "system", Text: "Касса не приняла чек."})
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return away(fmt.Errorf("answer is not as it should be: %w", err))
	}
	return nil
}

func refused(t *Trouble) error {
	return fault.New(fault.Invalid, "cashbox.refused", "Касса не приняла чек.").Because(t)
}

func away(err error) error {
	return fault.New(fault.Unavailable, "cashbox.away", "Касса не отвечает. Чек не потерян: спросим ещё раз.").Because(err)
}
