package gis

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// Transport carries a signed envelope to a service and brings its answer. GOST TLS is its work.
type Transport interface {
	Call(ctx context.Context, path, action string, envelope []byte) ([]byte, error)
}

// Signer signs the body of an envelope (XAdES-BES, ГОСТ Р 34.10-2012). Where a proxy signs, it leaves it as it is.
type Signer interface {
	Sign(ctx context.Context, envelope []byte) ([]byte, error)
}

// Unsigned leaves signing to the proxy behind the transport.
type Unsigned struct{}

// Sign gives the envelope back.
func (Unsigned) Sign(_ context.Context, envelope []byte) ([]byte, error) { return envelope, nil }

// answerMax bounds what is read of an answer; callTime one call.
const (
	answerMax = 32 << 20
	callTime  = time.Minute
)

// Proxy is the usual transport: HTTP to a certified proxy of the operator's own network, which adds GOST TLS.
type Proxy struct {
	base string
	http *http.Client
}

// NewProxy makes a transport to the address of a proxy.
func NewProxy(base string) *Proxy {
	return &Proxy{strings.TrimRight(base, "/"), &http.Client{Timeout: callTime}}
}

// Call posts the envelope. An answer of HTTP 500 may be a fault of SOAP: it is given back like any other.
func (p *Proxy) Call(ctx context.Context, path, action string, envelope []byte) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+path, bytes.NewReader(envelope))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "text/xml; charset=utf-8")
	q.Header.Set("SOAPAction", "urn:"+action)
	res, err := p.http.Do(q)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "gis.unavailable", "ГИС ЖКХ или её шлюз не отвечает.").Because(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "gis.unavailable", "ГИС ЖКХ или её шлюз не отвечает.").Because(err)
	}
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusInternalServerError {
		return nil, fault.Newf(fault.Unavailable, "gis.status", "Шлюз ГИС ЖКХ ответил %d.", res.StatusCode)
	}
	return body, nil
}

// Client sends messages and asks what became of them.
type Client struct {
	Transport Transport
	Signer    Signer
	Now       func() calendar.Micros
}

// Refused is a message that ГИС ЖКХ did not take, or does not know.
type Refused struct{ Code, Text string }

// Error is the code with its text.
func (r *Refused) Error() string { return r.Code + ": " + r.Text }

// Class tells what the refusal asks of us.
func (r *Refused) Class() Class { return r.failure().Class() }

func (r *Refused) failure() *Failure { return &Failure{r.Code, r.Text} }

// Send sends a request and gives the GUID it was taken under. A Refused error is an answer; any other leaves it unknown
// whether the request was taken.
func (c *Client) Send(ctx context.Context, r *Request) (guid string, err error) {
	text, err := r.Encode(c.Now())
	if err != nil {
		return "", err
	}
	return c.sent(ctx, Operations[r.Kind], r.Message, text)
}

// sent posts a message and reads its receipt.
func (c *Client) sent(ctx context.Context, op Operation, message string, text []byte) (guid string, err error) {
	a, err := c.call(ctx, op.Path, op.Action, text)
	if err != nil {
		return "", err
	}
	if a.Ack == nil || !ValidGUID(a.Ack.Message) || a.Ack.Own != message {
		return "", fault.New(fault.Unavailable, "gis.answer", "Ответ ГИС ЖКХ не разобран: нет квитанции о приёме.")
	}
	return a.Ack.Message, nil
}

// Ask asks what became of a message, by the GUID ГИС ЖКХ gave it or, when that answer was lost, by ours.
func (c *Client) Ask(ctx context.Context, k Kind, org, guid string) (*State, error) {
	path := Operations[k].Path
	if path == "" {
		path = queries[k].Path
	}
	return c.ask(ctx, path, org, guid)
}

func (c *Client) ask(ctx context.Context, path, org, guid string) (*State, error) {
	text, err := wrap(header{Date: stamp(c.Now()), Message: uuid.NewString(), Org: org}, stateBody{Message: guid})
	if err != nil {
		return nil, err
	}
	a, err := c.call(ctx, path, "getState", text)
	if err != nil {
		return nil, err
	}
	if a.State == nil || a.State.State < StateReceived || a.State.State > StateDone {
		return nil, fault.New(fault.Unavailable, "gis.answer", "Ответ ГИС ЖКХ не разобран: нет состояния сообщения.")
	}
	return a.State, nil
}

// call signs, sends and reads the answer.
func (c *Client) call(ctx context.Context, path, action string, text []byte) (a Answer, err error) {
	if text, err = c.Signer.Sign(ctx, text); err != nil {
		return a, fmt.Errorf("sign a message of the state system: %w", err)
	}
	got, err := c.Transport.Call(ctx, path, action, text)
	if err != nil {
		return a, err
	}
	var e struct {
		Body Answer `xml:"Body"`
	}
	if err := xml.Unmarshal(got, &e); err != nil {
		return a, fault.New(fault.Unavailable, "gis.answer", "Ответ ГИС ЖКХ не разобран.").Because(err)
	}
	if f := e.Body.Fault; f != nil {
		if f.Detail.Code != "" {
			return a, &Refused{f.Detail.Code, f.Detail.Text}
		}
		return a, fault.Newf(fault.Unavailable, "gis.fault", "ГИС ЖКХ ответила ошибкой: %s", f.Text)
	}
	return e.Body, nil
}
