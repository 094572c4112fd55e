// Package tbank is the client of the acquirer T-Bank (securepay.tinkoff.ru/v2): Init, Charge, GetState, CheckOrder,
// Confirm, Cancel, GetQr, notifications.
//
// Every call is a POST of JSON signed by Token: SHA-256 over the values of the root's plain fields and the password, in
// the order of their names. Notifications are signed the same way. Init is not idempotent: before it is repeated,
// CheckOrder tells what there is. A refund is idempotent by ExternalRequestId.
//
// Owns: the protocol. Does not own: orders, what is done with an answer.
package tbank

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// URL is where T-Bank answers.
const URL = "https://securepay.tinkoff.ru"

// Pages are where payers are sent to.
var Pages = []string{"https://securepay.tinkoff.ru", "https://pay.tbank.ru"}

// descriptionMax is the length of Description, in letters.
const descriptionMax = 140

// Client talks to one terminal.
type Client struct {
	base     string
	terminal string
	password string
	notify   string
	sources  []netip.Prefix
	calls    *gateway.Caller
}

// New makes a client of a terminal at base. notify is where its notifications come; sources, when there are any, are where
// they come from.
func New(base, terminal, password, notify string, sources []netip.Prefix) *Client {
	return &Client{base: strings.TrimRight(base, "/") + "/v2/", terminal: terminal, password: password, notify: notify, sources: sources, calls: gateway.NewCaller()}
}

// Token signs a message: its plain fields and the password, by name; nested fields and Token itself are left out.
func Token(fields map[string]any, password string) string {
	plain := map[string]string{"Password": password}
	for name, value := range fields {
		switch v := value.(type) {
		case string:
			plain[name] = v
		case bool:
			plain[name] = strconv.FormatBool(v)
		case int, int64, json.Number, money.Amount:
			plain[name] = fmt.Sprintf("%d", v)
			if n, ok := v.(json.Number); ok {
				plain[name] = n.String()
			} else if a, ok := v.(money.Amount); ok {
				plain[name] = strconv.FormatInt(int64(a), 10)
			}
		}
	}
	delete(plain, "Token")
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(plain)) {
		h.Write([]byte(plain[name]))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Answer is what calls answer, as far as we read it. Numbers come as numbers or as text.
type Answer struct {
	TerminalKey string
	Success     Bool
	ErrorCode   Text
	Message     string
	Details     string
	Status      string
	PaymentID   Text   `json:"PaymentId"`
	OrderID     string `json:"OrderId"`
	Amount      Text
	PaymentURL  string
	Data        string // GetQr: the link of СБП
	Payments    []Operation
}

// Operation is one payment of an order.
type Operation struct {
	PaymentID Text `json:"PaymentId"`
	Amount    Text
	Status    string
	ErrorCode Text
	Message   string
}

// Text is a value that T-Bank writes as a number at times and as text at others.
type Text string

// UnmarshalJSON takes either.
func (t *Text) UnmarshalJSON(b []byte) error {
	*t = Text(strings.Trim(string(b), `"`))
	if string(b) == "null" {
		*t = ""
	}
	return nil
}

// Bool is a boolean that is text at times.
type Bool bool

// UnmarshalJSON takes either.
func (v *Bool) UnmarshalJSON(b []byte) error {
	*v = Bool(strings.Trim(string(b), `"`) == "true")
	return nil
}

// kopecks reads a sum; what is no whole number of kopecks is an error.
func kopecks(t Text) (money.Amount, error) {
	n, err := strconv.ParseUint(string(t), 10, 53)
	if err != nil {
		return 0, gateway.Away(fmt.Errorf("sum %q is not kopecks", t))
	}
	return money.Amount(n), nil
}

// Create registers a payment. One that may have been asked for is looked for first; one whose page nobody was sent to is
// registered anew, for its address is lost.
func (c *Client) Create(ctx context.Context, r gateway.Request) (gateway.Payment, error) {
	if r.Again {
		if p, err := c.FindByKey(ctx, r.Key, r.Since); !fault.Is(err, fault.NotFound) {
			return p, err
		}
	}
	in := map[string]any{"Amount": int64(r.Sum), "OrderId": r.Key, "Description": cut(r.Description), "PayType": map[bool]string{false: "O", true: "T"}[r.Hold]}
	for name, value := range map[string]string{"NotificationURL": c.notify, "SuccessURL": r.ReturnURL, "FailURL": r.ReturnURL} {
		if value != "" {
			in[name] = value
		}
	}
	if r.Save {
		in["Recurrent"], in["CustomerKey"] = "Y", r.Payer
	}
	if receipt := receiptOf(r.Contact, r.Receipt); receipt != nil {
		in["Receipt"] = receipt
	}
	a, err := c.call(ctx, "Init", in)
	if err != nil {
		return gateway.Payment{}, err
	}
	switch {
	case r.Saved != "":
		return c.charge(ctx, &a, r)
	case r.Method == gateway.SBP:
		return c.link(ctx, &a, r)
	}
	return ours(&a, r.Key, r.Sum)
}

// charge takes the sum by a kept way of paying.
func (c *Client) charge(ctx context.Context, made *Answer, r gateway.Request) (gateway.Payment, error) {
	a, err := c.call(ctx, "Charge", map[string]any{"PaymentId": string(made.PaymentID), "RebillId": r.Saved})
	if fault.Is(err, fault.Invalid) {
		return c.Find(ctx, string(made.PaymentID))
	}
	if err != nil {
		return gateway.Payment{}, err
	}
	return ours(&a, r.Key, r.Sum)
}

// link gives a payment its link of СБП.
func (c *Client) link(ctx context.Context, made *Answer, r gateway.Request) (gateway.Payment, error) {
	qr, err := c.call(ctx, "GetQr", map[string]any{"PaymentId": string(made.PaymentID), "DataType": "PAYLOAD"})
	if err != nil {
		return gateway.Payment{}, err
	}
	p, err := ours(made, r.Key, r.Sum)
	p.RedirectURL = qr.Data
	return p, err
}

// Find asks for the state of a payment.
func (c *Client) Find(ctx context.Context, id string) (gateway.Payment, error) {
	a, err := c.call(ctx, "GetState", map[string]any{"PaymentId": id})
	if err != nil {
		return gateway.Payment{}, err
	}
	sum, err := kopecks(a.Amount)
	if err != nil {
		return gateway.Payment{}, err
	}
	return ours(&a, a.OrderID, sum)
}

// FindByKey asks for the payments of our order. One that is new is not told: nobody knows its address, so nobody pays it.
func (c *Client) FindByKey(ctx context.Context, key string, _ time.Time) (gateway.Payment, error) {
	a, err := c.call(ctx, "CheckOrder", map[string]any{"OrderId": key})
	if fault.Is(err, fault.Invalid) {
		return gateway.Payment{}, gateway.Unknown()
	}
	if err != nil {
		return gateway.Payment{}, err
	}
	best := -1
	for i := range a.Payments {
		if s := states[a.Payments[i].Status]; s.rank > 0 && (best < 0 || s.rank > states[a.Payments[best].Status].rank) {
			best = i
		}
	}
	if best < 0 {
		return gateway.Payment{}, gateway.Unknown()
	}
	return c.Find(ctx, string(a.Payments[best].PaymentID))
}

// Capture takes a held sum or a part of it. Repeated, it is answered by the state.
func (c *Client) Capture(ctx context.Context, id, _ string, sum money.Amount) (gateway.Payment, error) {
	return c.settle(ctx, "Confirm", map[string]any{"PaymentId": id, "Amount": int64(sum)}, id, gateway.Captured)
}

// Cancel lets a held sum go.
func (c *Client) Cancel(ctx context.Context, id, _ string) (gateway.Payment, error) {
	return c.settle(ctx, "Cancel", map[string]any{"PaymentId": id}, id, gateway.Cancelled)
}

// settle ends a hold and asks for the state. A refusal may mean that it was done before.
func (c *Client) settle(ctx context.Context, method string, in map[string]any, id, want string) (gateway.Payment, error) {
	_, refusal := c.call(ctx, method, in)
	if refusal != nil && !fault.Is(refusal, fault.Invalid) {
		return gateway.Payment{}, refusal
	}
	p, err := c.Find(ctx, id)
	if err == nil && refusal != nil && p.State != want {
		err = refusal
	}
	return p, err
}

// Refund gives a sum back, once for its key.
func (c *Client) Refund(ctx context.Context, id, key string, sum money.Amount, _ bool) (gateway.Refund, error) {
	mark := gateway.KeyOf("refund", key)
	a, err := c.call(ctx, "Cancel", map[string]any{"PaymentId": id, "Amount": int64(sum), "ExternalRequestId": mark})
	if err != nil {
		return gateway.Refund{}, err
	}
	r := gateway.Refund{ID: mark, PaymentID: id, Sum: sum, State: gateway.Pending}
	switch a.Status {
	case "REFUNDED", "PARTIAL_REFUNDED", "REVERSED", "PARTIAL_REVERSED":
		r.State = gateway.Captured
	}
	return r, nil
}

// call makes a signed call. Success false is Refused, unless the fault is on their side or the terminal is not known.
func (c *Client) call(ctx context.Context, method string, in map[string]any) (a Answer, err error) {
	in["TerminalKey"] = c.terminal
	in["Token"] = Token(in, c.password)
	status, body, err := c.calls.Call(ctx, http.MethodPost, c.base+method, nil, in)
	if err != nil {
		return a, err
	}
	if status != http.StatusOK {
		return a, gateway.Away(fmt.Errorf("%s: status %d", method, status))
	}
	if err := gateway.Decode(body, &a); err != nil {
		return a, err
	}
	if a.Success || a.ErrorCode == "0" {
		return a, nil
	}
	said := fmt.Sprintf("%s: error %s: %s %s", method, a.ErrorCode, a.Message, a.Details)
	switch a.ErrorCode {
	case "204", "205", "202", "2", "501": // the token, the terminal
		return a, gateway.Closed(said)
	case "4", "999", "9999", "103": // their own trouble
		return a, gateway.Away(fmt.Errorf("%s", said))
	case "255", "335": // no such payment, no such order
		return a, gateway.Unknown()
	}
	return a, gateway.Refused(said)
}

// Verify checks the token of a notification, and its source when sources are set up, and names its payment.
func (c *Client) Verify(n gateway.Notification) (gateway.Note, error) {
	if len(c.sources) > 0 && !gateway.From(n.From, c.sources) {
		return gateway.Note{}, fmt.Errorf("%w: %v", gateway.ErrSource, n.From)
	}
	if err := gateway.CheckDepth(n.Body); err != nil {
		return gateway.Note{}, err
	}
	fields := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(n.Body))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		return gateway.Note{}, fmt.Errorf("body is no notification: %w", err)
	}
	got, _ := fields["Token"].(string)
	if subtle.ConstantTimeCompare([]byte(strings.ToLower(got)), []byte(Token(fields, c.password))) != 1 || fields["TerminalKey"] != c.terminal {
		return gateway.Note{}, fmt.Errorf("token of the notification does not match")
	}
	text := func(name string) string {
		if v, ok := fields[name]; ok && v != nil {
			return fmt.Sprint(v)
		}
		return ""
	}
	note := gateway.Note{Event: text("PaymentId") + ":" + text("Status") + ":" + gateway.Digest(n.Body), PaymentID: text("PaymentId"), State: states[text("Status")].ours}
	if rebill := text("RebillId"); rebill != "" {
		note.Saved = &gateway.Saved{Token: rebill, Title: cardTitle(text("Pan")), Expires: expires(text("ExpDate"))}
	}
	return note, nil
}

// Acknowledgment is what T-Bank waits for; anything else makes it send again.
func (c *Client) Acknowledgment() string { return "OK" }

func cardTitle(pan string) string {
	if len(pan) < 4 {
		return "Карта"
	}
	return "Карта ····" + pan[len(pan)-4:]
}

// expires reads «0730»: the month first.
func expires(s string) calendar.Month {
	month, err := strconv.Atoi(s)
	if err != nil || len(s) != 4 || month/100 < 1 || month/100 > 12 {
		return 0
	}
	return calendar.NewMonth(2000+month%100, month/100)
}

func cut(s string) string {
	if r := []rune(s); len(r) > descriptionMax {
		return string(r[:descriptionMax])
	}
	return s
}
