package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"kvit/internal/fault"
)

// Bounds of one call.
const (
	callTimeout = 10 * time.Second
	answerMax   = 1 << 20
)

// Caller makes calls to one acquirer: no redirects, bounded time and size.
type Caller struct{ http *http.Client }

// NewCaller makes a caller.
func NewCaller() *Caller {
	return &Caller{&http.Client{Timeout: callTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Call sends in as JSON (nil: no body) and gives the status and the body of the answer. No answer is Unavailable.
func (c *Caller) Call(ctx context.Context, method, url string, headers map[string]string, in any) (status int, answer []byte, err error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return 0, nil, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil, Away(err)
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return 0, nil, Away(err)
	}
	return res.StatusCode, answer, nil
}

// Away says that the outcome of a call is not known.
func Away(err error) error {
	return fault.New(fault.Unavailable, "acquirer.away", "Банк не отвечает. Платёж не потерян: спросим ещё раз.").Because(err)
}

// Refused says that the acquirer refused a call for good: repeating it changes nothing.
func Refused(reason string) error {
	return fault.New(fault.Invalid, "acquirer.refused", "Банк не принял запрос.").Because(fmt.Errorf("%s", reason))
}

// Closed says that the acquirer does not know us: our shop, terminal or secret is wrong. It is repaired by an operator,
// and the outcome is open until then.
func Closed(reason string) error {
	return fault.New(fault.Unavailable, "acquirer.closed", "Банк не узнал магазин. Проверьте номер магазина и секрет эквайера.").Because(fmt.Errorf("%s", reason))
}

// Unknown says that the acquirer knows no such payment or refund.
func Unknown() error {
	return fault.New(fault.NotFound, "acquirer.unknown", "Банк не знает такого платежа.")
}

// Decode reads an answer; one that is no JSON decides nothing.
func Decode(answer []byte, out any) error {
	if err := json.Unmarshal(answer, out); err != nil {
		return Away(fmt.Errorf("answer is not JSON: %w", err))
	}
	return nil
}

// KeyOf makes a key of any length fit for every acquirer: 32 hexadecimal digits.
func KeyOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
