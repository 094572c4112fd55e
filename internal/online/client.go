package online

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Headers of a request, as of Standard Webhooks 1.0.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// Request is what a supplier is asked.
type Request struct {
	ID       string    `json:"id"` // of this request; sent again it has the same
	At       time.Time `json:"at"`
	Accounts []string  `json:"accounts"` // as he prints them, up to AccountsMax
}

// Answer is what he answers.
type Answer struct {
	ID       string   `json:"id"` // of the request
	Balances []Told   `json:"balances"`
	Errors   []Absent `json:"errors,omitempty"`
}

// Told is the balance of an account.
type Told struct {
	Account string    `json:"account"`
	Due     *int64    `json:"due"`  // kopecks; below zero: overpaid. An answer without it is none
	AsOf    time.Time `json:"asOf"` // moment of the balance
}

// Absent is an account he cannot tell of.
type Absent struct {
	Account string `json:"account"`
	Code    string `json:"code"` // unknown, closed, busy
}

// Sign is the signature header of a request: HMAC-SHA-256 over «id.timestamp.body».
func Sign(secret []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(append([]byte(id+"."+timestamp+"."), body...))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Query asks a supplier about accounts once, past every cache.
func (m *Module) Query(ctx context.Context, s *supplier.Supplier, ask []Account) (*Answer, error) {
	whole := &Answer{}
	for first := 0; first < len(ask); first += AccountsMax {
		part, err := m.query(ctx, s, ask[first:min(first+AccountsMax, len(ask))], "")
		if err != nil {
			return nil, err
		}
		whole.ID, whole.Balances, whole.Errors = part.ID, append(whole.Balances, part.Balances...), append(whole.Errors, part.Errors...)
	}
	return whole, nil
}

// query sends one request; its id is made unless it is sent again.
func (m *Module) query(ctx context.Context, s *supplier.Supplier, ask []Account, id string) (*Answer, error) {
	if id == "" {
		id = newID()
	}
	now := m.Now().Time()
	r := Request{ID: id, At: now.UTC().Truncate(time.Second)}
	for _, a := range ask {
		r.Accounts = append(r.Accounts, a.Number)
	}
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	secret, err := m.secretOf(s)
	if err != nil {
		return nil, err
	}
	timestamp := strconv.FormatInt(now.Unix(), 10)
	text, err := m.send(ctx, s.Online.URL, id, timestamp, Sign(secret, id, timestamp, body), body)
	if err != nil {
		return nil, err
	}
	a, err := decode(text, ask, now)
	if err == nil && a.ID != id {
		err = broken("ответ на другой запрос", nil)
	}
	return a, err
}

func (m *Module) secretOf(s *supplier.Supplier) ([]byte, error) {
	text, err := m.Secret(s.Online.Secret)
	if err == nil && len(bytes.TrimSpace(text)) < secretMin {
		err = fmt.Errorf("%d bytes", len(text))
	}
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "online.secret", "Ключ поставщика %s не читается: положите его в папку данных, keys/online/%s, не короче %d знаков.", s.Code, s.Online.Secret, secretMin).Because(err)
	}
	return bytes.TrimSpace(text), nil
}

// secretMin is how long a secret must be.
const secretMin = 24

// send posts a signed body and gives what came back with 200.
func (m *Module) send(ctx context.Context, url, id, timestamp, signature string, body []byte) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set(HeaderID, id)
	q.Header.Set(HeaderTimestamp, timestamp)
	q.Header.Set(HeaderSignature, signature)
	answer, err := m.Client.Do(q)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "online.silent", "Поставщик не отвечает.").Because(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, answerMax+1))
	switch {
	case err != nil:
		return nil, fault.New(fault.Unavailable, "online.silent", "Поставщик не отвечает.").Because(err)
	case answer.StatusCode != http.StatusOK:
		return nil, refusal(answer.StatusCode)
	case len(text) > answerMax:
		return nil, broken("ответ больше 1 МБ", nil)
	case !isJSON(answer.Header.Get("Content-Type")):
		return nil, broken("ответ не application/json", nil)
	}
	return text, nil
}

// isJSON tells whether a header says application/json, however it is written.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}

// refusal is a fault of the status of an answer.
func refusal(status int) error {
	return fault.Newf(fault.Unavailable, "online.status", "Поставщик ответил кодом %d.", status).Because(statusError(status))
}

// statusError is the status of an answer that is not 200.
type statusError int

func (s statusError) Error() string { return "HTTP " + strconv.Itoa(int(s)) }

func newID() string {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	return hex.EncodeToString(b[:])
}
