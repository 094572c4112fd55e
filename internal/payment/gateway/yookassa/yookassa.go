// Package yookassa is the client of the acquirer YooKassa, API v3: payments in one and two steps, kept ways of paying,
// СБП, refunds, receipts, notifications.
//
// Calls carry Basic shopId:secretKey; a POST carries Idempotence-Key, and the same key with the same body gives the same
// result for a day. After 500 or silence the outcome is unknown: the call is made again with the same key, or, when the
// key may be older than a day, what there is is looked for in the lists. Notifications have no signature: their source is
// checked, and the object is read again by whoever acts on them.
//
// Owns: the protocol. Does not own: orders, what is done with an answer.
package yookassa

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// URL is where YooKassa answers.
const URL = "https://api.yookassa.ru"

// Sources are the addresses notifications come from, as YooKassa publishes them.
var Sources = []string{"185.71.76.0/27", "185.71.77.0/27", "77.75.153.0/25", "77.75.154.128/25", "77.75.156.11/32", "77.75.156.35/32", "2a02:5180::/32"}

// Pages are where payers are sent to.
var Pages = []string{"https://yoomoney.ru"}

// Bounds.
const (
	descriptionMax = 128
	pageSize       = 100
	pagesMax       = 100 // of a list that is looked through for one payment
	clockSkew      = 10 * time.Minute
)

// Client talks to one shop.
type Client struct {
	base    string
	shop    string
	auth    string
	sources []netip.Prefix
	calls   *gateway.Caller
}

// New makes a client of a shop at base. sources are where its notifications come from.
func New(base, shop, secret string, sources []netip.Prefix) *Client {
	return &Client{base: strings.TrimRight(base, "/") + "/v3", shop: shop, auth: "Basic " + base64.StdEncoding.EncodeToString([]byte(shop+":"+secret)),
		sources: sources, calls: gateway.NewCaller()}
}

// creation is the body that registers a payment.
type creation struct {
	Amount       Amount            `json:"amount"`
	Capture      bool              `json:"capture"`
	Confirmation *Confirmation     `json:"confirmation,omitempty"`
	MethodData   *methodData       `json:"payment_method_data,omitempty"`
	MethodID     string            `json:"payment_method_id,omitempty"`
	Save         bool              `json:"save_payment_method,omitempty"`
	Description  string            `json:"description,omitempty"`
	Metadata     map[string]string `json:"metadata"`
	Receipt      *receipt          `json:"receipt,omitempty"`
}

type methodData struct {
	Type string `json:"type"`
}

// Create registers a payment. One that may have been asked for more than a day ago is looked for first.
func (c *Client) Create(ctx context.Context, r gateway.Request) (gateway.Payment, error) {
	if r.Again {
		if p, err := c.FindByKey(ctx, r.Key, r.Since); !fault.Is(err, fault.NotFound) {
			return p, err
		}
	}
	body := creation{Amount: AmountOf(r.Sum), Capture: !r.Hold, Save: r.Save, MethodID: r.Saved, Description: cut(r.Description, descriptionMax),
		Metadata: map[string]string{"order_id": r.Key}, Receipt: receiptOf(r.Contact, r.Receipt)}
	switch {
	case r.Saved != "":
	case r.Method == gateway.SBP:
		body.MethodData, body.Confirmation = &methodData{"sbp"}, &Confirmation{Type: "qr", ReturnURL: r.ReturnURL}
	default:
		body.MethodData, body.Confirmation = &methodData{"bank_card"}, &Confirmation{Type: "redirect", ReturnURL: r.ReturnURL}
	}
	return c.payment(ctx, http.MethodPost, "/payments", r.Key, body)
}

// Find asks for a payment by YooKassa's id.
func (c *Client) Find(ctx context.Context, id string) (gateway.Payment, error) {
	return c.payment(ctx, http.MethodGet, "/payments/"+url.PathEscape(id), "", nil)
}

// FindByKey looks for the payment of our key among those made since a moment: YooKassa finds payments by its own ids only.
func (c *Client) FindByKey(ctx context.Context, key string, since time.Time) (gateway.Payment, error) {
	cursor := ""
	for range pagesMax {
		list, next, err := c.List(ctx, since.Add(-clockSkew), time.Time{}, cursor)
		if err != nil {
			return gateway.Payment{}, err
		}
		for i := range list {
			if list[i].Key == key {
				return list[i], nil
			}
		}
		if cursor = next; next == "" {
			return gateway.Payment{}, gateway.Unknown()
		}
	}
	return gateway.Payment{}, gateway.Away(fmt.Errorf("more than %d payments since %v", pagesMax*pageSize, since))
}

// List gives a page of the payments made from a moment and before another (zero: no end), newest first, and the cursor of
// the next page, ” after the last.
func (c *Client) List(ctx context.Context, from, to time.Time, cursor string) (list []gateway.Payment, next string, err error) {
	q := url.Values{"limit": {fmt.Sprint(pageSize)}, "created_at.gte": {from.UTC().Format(time.RFC3339)}}
	if !to.IsZero() {
		q.Set("created_at.lt", to.UTC().Format(time.RFC3339))
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	var page struct {
		Items      []Payment `json:"items"`
		NextCursor string    `json:"next_cursor"`
	}
	if err := c.call(ctx, http.MethodGet, "/payments?"+q.Encode(), "", nil, &page); err != nil {
		return nil, "", err
	}
	for i := range page.Items {
		p, err := page.Items[i].ours()
		if err != nil {
			return nil, "", err
		}
		list = append(list, p)
	}
	return list, page.NextCursor, nil
}

// Capture takes a held sum or a part of it; the rest goes back to the payer.
func (c *Client) Capture(ctx context.Context, id, key string, sum money.Amount) (gateway.Payment, error) {
	return c.payment(ctx, http.MethodPost, "/payments/"+url.PathEscape(id)+"/capture", gateway.KeyOf("capture", key), map[string]Amount{"amount": AmountOf(sum)})
}

// Cancel lets a held sum go.
func (c *Client) Cancel(ctx context.Context, id, key string) (gateway.Payment, error) {
	return c.payment(ctx, http.MethodPost, "/payments/"+url.PathEscape(id)+"/cancel", gateway.KeyOf("cancel", key), struct{}{})
}

// Refund gives a sum back. One that may have been asked for before is looked for first: YooKassa forgets keys after a day.
func (c *Client) Refund(ctx context.Context, id, key string, sum money.Amount, again bool) (gateway.Refund, error) {
	mark := "Возврат " + gateway.KeyOf("refund", key)
	if again {
		if r, err := c.findRefundBy(ctx, id, mark); !fault.Is(err, fault.NotFound) {
			return r, err
		}
	}
	var out Refund
	err := c.call(ctx, http.MethodPost, "/refunds", gateway.KeyOf("refund", key), map[string]any{"payment_id": id, "amount": AmountOf(sum), "description": mark}, &out)
	if err != nil {
		return gateway.Refund{}, err
	}
	return out.ours()
}

func (c *Client) findRefundBy(ctx context.Context, paymentID, mark string) (gateway.Refund, error) {
	cursor := ""
	for range pagesMax {
		q := url.Values{"payment_id": {paymentID}, "limit": {fmt.Sprint(pageSize)}}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		var page struct {
			Items      []Refund `json:"items"`
			NextCursor string   `json:"next_cursor"`
		}
		if err := c.call(ctx, http.MethodGet, "/refunds?"+q.Encode(), "", nil, &page); err != nil {
			return gateway.Refund{}, err
		}
		for i := range page.Items {
			if page.Items[i].Description == mark {
				return page.Items[i].ours()
			}
		}
		if cursor = page.NextCursor; cursor == "" {
			return gateway.Refund{}, gateway.Unknown()
		}
	}
	return gateway.Refund{}, gateway.Away(fmt.Errorf("more than %d refunds of payment %s", pagesMax*pageSize, paymentID))
}

// FindRefund asks for a refund by YooKassa's id.
func (c *Client) FindRefund(ctx context.Context, id string) (gateway.Refund, error) {
	var out Refund
	if err := c.call(ctx, http.MethodGet, "/refunds/"+url.PathEscape(id), "", nil, &out); err != nil {
		return gateway.Refund{}, err
	}
	return out.ours()
}

func (c *Client) payment(ctx context.Context, method, path, key string, in any) (gateway.Payment, error) {
	var out Payment
	if err := c.call(ctx, method, path, key, in, &out); err != nil {
		return gateway.Payment{}, err
	}
	return out.ours()
}

// problem is the body of an error.
type problem struct {
	Type        string `json:"type"`
	ID          string `json:"id"`
	Code        string `json:"code"`
	Description string `json:"description"`
	Parameter   string `json:"parameter,omitempty"`
	RetryAfter  int    `json:"retry_after,omitempty"`
}

func (c *Client) call(ctx context.Context, method, path, key string, in, out any) error {
	headers := map[string]string{"Authorization": c.auth}
	if key != "" {
		headers["Idempotence-Key"] = key
	}
	status, answer, err := c.calls.Call(ctx, method, c.base+path, headers, in)
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		return gateway.Decode(answer, out)
	}
	var p problem
	_ = json.Unmarshal(answer, &p) // an error without a body is told by its status
	said := fmt.Sprintf("status %d: %s %s %s", status, p.Code, p.Parameter, p.Description)
	switch {
	case status == http.StatusNotFound:
		return gateway.Unknown()
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return gateway.Closed(said)
	case status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout:
		return gateway.Refused(said)
	}
	return gateway.Away(fmt.Errorf("%s", said)) // 202 and 5xx: it may have been done
}

// Verify checks where a notification came from and names its payment. There is no signature.
func (c *Client) Verify(n gateway.Notification) (gateway.Note, error) {
	if !gateway.From(n.From, c.sources) {
		return gateway.Note{}, fmt.Errorf("%w: %v", gateway.ErrSource, n.From)
	}
	if err := gateway.CheckDepth(n.Body); err != nil {
		return gateway.Note{}, err
	}
	var in struct {
		Type   string `json:"type"`
		Event  string `json:"event"`
		Object struct {
			ID        string `json:"id"`
			PaymentID string `json:"payment_id"`
		} `json:"object"`
	}
	if err := json.Unmarshal(n.Body, &in); err != nil || in.Type != "notification" || in.Object.ID == "" {
		return gateway.Note{}, fmt.Errorf("body is no notification: %w", err)
	}
	note := gateway.Note{Event: in.Event + ":" + in.Object.ID + ":" + gateway.Digest(n.Body)}
	switch in.Event {
	case "payment.succeeded":
		note.PaymentID, note.State = in.Object.ID, gateway.Captured
	case "payment.waiting_for_capture":
		note.PaymentID, note.State = in.Object.ID, gateway.Authorised
	case "payment.canceled":
		note.PaymentID, note.State = in.Object.ID, gateway.Declined
	case "refund.succeeded":
		note.PaymentID, note.State = in.Object.PaymentID, gateway.Captured
	}
	return note, nil
}

// Acknowledgment is what a notification is answered with; YooKassa does not read it.
func (c *Client) Acknowledgment() string { return "" }

// cut shortens a text to so many letters.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
