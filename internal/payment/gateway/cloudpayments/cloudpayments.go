// Package cloudpayments is the client of the acquirer CloudPayments (api.cloudpayments.ru): invoices with a page to pay at,
// kept cards, two steps, refunds, notifications.
//
// An invoice has no number of theirs until it is paid: a payment goes under our key and its sum («key.kopecks»), so that one
// that is not found yet can be told from one nobody knows. A call with the same X-Request-ID is done once within an hour;
// before a refund is asked for later, the operations of the days since the payment are looked through for its mark.
// Notifications are forms signed over their raw bytes.
//
// Owns: the protocol. Does not own: orders, what is done with an answer. Source: developers.cloudpayments.ru, formats.md 6.3.
package cloudpayments

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// URL is where CloudPayments answers.
const URL = "https://api.cloudpayments.ru"

// Pages are where payers are sent to.
var Pages = []string{"https://orders.cloudpayments.ru"}

// Client talks for one site.
type Client struct {
	base    string
	auth    string
	secret  string
	sources []netip.Prefix
	calls   *gateway.Caller
	now     func() time.Time
}

// New makes a client of a site (Public ID) at base. sources, when there are any, are where its notifications come from.
func New(base, publicID, secret string, sources []netip.Prefix) *Client {
	return &Client{base: strings.TrimRight(base, "/"), auth: "Basic " + base64.StdEncoding.EncodeToString([]byte(publicID+":"+secret)), secret: secret, sources: sources, calls: gateway.NewCaller(), now: time.Now}
}

// ID is what a payment goes under.
func ID(key string, sum money.Amount) string { return key + "." + strconv.FormatInt(int64(sum), 10) }

// parseID takes such a number apart; one without a sum has none.
func parseID(id string) (key string, sum money.Amount) {
	key, text, _ := strings.Cut(id, ".")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return key, 0
	}
	return key, money.Amount(n)
}

// answer is what every call answers.
type answer struct {
	Success bool            `json:"Success"`
	Message string          `json:"Message"`
	Model   json.RawMessage `json:"Model"`
}

// Create makes an invoice, or charges a kept card. One that may have been asked for is looked for first.
func (c *Client) Create(ctx context.Context, r gateway.Request) (gateway.Payment, error) {
	if r.Again {
		if p, err := c.FindByKey(ctx, r.Key, r.Since); !fault.Is(err, fault.NotFound) {
			return p, err
		}
	}
	in := map[string]any{"Amount": json.Number(r.Sum.String()), "Currency": "RUB", "InvoiceId": r.Key, "Description": r.Description}
	if r.Payer != "" {
		in["AccountId"] = r.Payer
	}
	if r.Saved != "" {
		return c.charge(ctx, r, in)
	}
	in["RequireConfirmation"], in["SendEmail"] = r.Hold, false
	if r.ReturnURL != "" {
		in["SuccessRedirectUrl"], in["FailRedirectUrl"] = r.ReturnURL, r.ReturnURL
	}
	var invoice struct {
		URL string `json:"Url"`
	}
	if err := c.call(ctx, "/orders/create", gateway.KeyOf("create", r.Key), in, &invoice); err != nil {
		return gateway.Payment{}, err
	}
	return gateway.Payment{ID: ID(r.Key, r.Sum), Key: r.Key, State: gateway.Pending, Sum: r.Sum, Currency: "RUB", RedirectURL: invoice.URL}, nil
}

// charge takes the sum by a kept card. A refusal is told by the payment.
func (c *Client) charge(ctx context.Context, r gateway.Request, in map[string]any) (gateway.Payment, error) {
	in["Token"], in["TrInitiatorCode"], in["PaymentScheduled"] = r.Saved, 0, 1
	path := "/payments/tokens/charge"
	if r.Hold {
		path = "/payments/tokens/auth"
	}
	err := c.call(ctx, path, gateway.KeyOf("create", r.Key), in, nil)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return gateway.Payment{}, err
	}
	p, found := c.Find(ctx, ID(r.Key, r.Sum))
	if found == nil && p.State == gateway.Pending && err != nil {
		return gateway.Payment{}, err
	}
	return p, found
}

// Find asks for a payment. An invoice of ours that nobody has paid yet is pending.
func (c *Client) Find(ctx context.Context, id string) (gateway.Payment, error) {
	key, sum := parseID(id)
	o, err := c.operation(ctx, key)
	if fault.Is(err, fault.NotFound) && sum > 0 {
		return gateway.Payment{ID: id, Key: key, State: gateway.Pending, Sum: sum, Currency: "RUB"}, nil
	}
	if err != nil {
		return gateway.Payment{}, err
	}
	p, err := o.ours()
	p.ID = id
	return p, err
}

// FindByKey asks for the payment of our key.
func (c *Client) FindByKey(ctx context.Context, key string, _ time.Time) (gateway.Payment, error) {
	o, err := c.operation(ctx, key)
	if err != nil {
		return gateway.Payment{}, err
	}
	return o.ours()
}

// operation is the latest payment of an invoice. The older of the two methods leaves refunds out.
func (c *Client) operation(ctx context.Context, key string) (o Operation, err error) {
	err = c.call(ctx, "/payments/find", "", map[string]any{"InvoiceId": key}, &o)
	return o, err
}

// Capture takes a held sum or a part of it. Repeated, it is answered by the state.
func (c *Client) Capture(ctx context.Context, id, key string, sum money.Amount) (gateway.Payment, error) {
	return c.settle(ctx, id, "/payments/confirm", gateway.KeyOf("capture", key), map[string]any{"Amount": json.Number(sum.String())}, gateway.Captured)
}

// Cancel lets a held sum go.
func (c *Client) Cancel(ctx context.Context, id, key string) (gateway.Payment, error) {
	return c.settle(ctx, id, "/payments/void", gateway.KeyOf("cancel", key), map[string]any{}, gateway.Cancelled)
}

// settle ends a hold and asks for the state. A refusal may mean that it was done before.
func (c *Client) settle(ctx context.Context, id, path, request string, in map[string]any, want string) (gateway.Payment, error) {
	key, _ := parseID(id)
	o, err := c.operation(ctx, key)
	if err != nil {
		return gateway.Payment{}, err
	}
	in["TransactionId"] = o.TransactionID
	refusal := c.call(ctx, path, request, in, nil)
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
func (c *Client) Refund(ctx context.Context, id, key string, sum money.Amount, again bool) (gateway.Refund, error) {
	invoice, _ := parseID(id)
	o, err := c.operation(ctx, invoice)
	if err != nil {
		return gateway.Refund{}, err
	}
	mark := gateway.KeyOf("refund", key)
	done := gateway.Refund{ID: mark, PaymentID: id, Sum: sum, State: gateway.Captured}
	if again {
		if known, err := c.marked(ctx, &o, mark); err != nil || known {
			return done, err
		}
	}
	return done, c.call(ctx, "/payments/refund", mark, map[string]any{"TransactionId": o.TransactionID, "Amount": json.Number(sum.String()), "JsonData": `{"kvit":"` + mark + `"}`}, nil)
}

// listedDays bounds how far back refunds are looked for.
const listedDays = 31

// marked tells whether a refund with our mark is among the operations of the days since a payment.
func (c *Client) marked(ctx context.Context, o *Operation, mark string) (bool, error) {
	today := c.now().UTC()
	from := o.paid()
	if oldest := today.AddDate(0, 0, -listedDays); from.Before(oldest) {
		from = oldest
	}
	for day := from; !day.After(today.AddDate(0, 0, 1)); day = day.AddDate(0, 0, 1) {
		var list []Operation
		if err := c.call(ctx, "/payments/list", "", map[string]any{"Date": day.Format(time.DateOnly), "TimeZone": "UTC"}, &list); err != nil {
			return false, err
		}
		for i := range list {
			if list[i].Type == typeRefund && strings.Contains(list[i].JSONData, mark) {
				return true, nil
			}
		}
	}
	return false, nil
}

// call makes a call. Success false is Refused, but for what was not found.
func (c *Client) call(ctx context.Context, path, request string, in, out any) error {
	headers := map[string]string{"Authorization": c.auth}
	if request != "" {
		headers["X-Request-ID"] = request
	}
	status, body, err := c.calls.Call(ctx, http.MethodPost, c.base+path, headers, in)
	switch {
	case err != nil:
		return err
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return gateway.Closed(fmt.Sprintf("%s: status %d", path, status))
	case status != http.StatusOK:
		return gateway.Away(fmt.Errorf("%s: status %d", path, status))
	}
	var a answer
	if err := gateway.Decode(body, &a); err != nil {
		return err
	}
	switch {
	case !a.Success && strings.EqualFold(a.Message, "Not found"):
		return gateway.Unknown()
	case !a.Success:
		return gateway.Refused(path + ": " + a.Message)
	case out == nil:
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(a.Model))
	d.UseNumber()
	if err := d.Decode(out); err != nil {
		return gateway.Away(fmt.Errorf("%s: %w", path, err))
	}
	return nil
}
