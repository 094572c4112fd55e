package yookassa

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// Amount is a sum as YooKassa writes it: «385.50».
type Amount struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

// AmountOf writes a sum.
func AmountOf(a money.Amount) Amount { return Amount{a.String(), "RUB"} }

// Kopecks reads a sum; one that is not two decimals is an error.
func (a Amount) Kopecks() (money.Amount, error) {
	whole, cents, ok := strings.Cut(a.Value, ".")
	roubles, err := strconv.ParseUint(whole, 10, 48)
	kopecks, err2 := strconv.ParseUint(cents, 10, 8)
	if !ok || err != nil || err2 != nil || len(cents) != 2 {
		return 0, fmt.Errorf("sum %q is not roubles with two decimals", a.Value)
	}
	return money.Amount(roubles*100 + kopecks), nil
}

// Payment is the object of a payment, as far as we read it.
type Payment struct {
	ID             string            `json:"id"`
	Status         string            `json:"status"` // pending, waiting_for_capture, succeeded, canceled
	Paid           bool              `json:"paid"`
	Amount         Amount            `json:"amount"`
	RefundedAmount *Amount           `json:"refunded_amount,omitempty"`
	Recipient      *Recipient        `json:"recipient,omitempty"`
	Description    string            `json:"description,omitempty"`
	Metadata       map[string]string `json:"metadata"`
	Method         *Method           `json:"payment_method,omitempty"`
	Confirmation   *Confirmation     `json:"confirmation,omitempty"`
	Cancellation   *Cancellation     `json:"cancellation_details,omitempty"`
	CreatedAt      time.Time         `json:"created_at"`
	CapturedAt     *time.Time        `json:"captured_at,omitempty"`
	ExpiresAt      *time.Time        `json:"expires_at,omitempty"`
	Refundable     bool              `json:"refundable"`
	Test           bool              `json:"test"`
}

// Recipient is the shop that gets the money.
type Recipient struct {
	AccountID string `json:"account_id"`
	GatewayID string `json:"gateway_id"`
}

// Method is the way of paying that was used.
type Method struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	Saved bool   `json:"saved"`
	Title string `json:"title,omitempty"`
	Card  *Plate `json:"card,omitempty"`
	Plate        // payments of the first years have the card's fields here
}

// Plate is what is told of a card.
type Plate struct {
	Last4       string `json:"last4,omitempty"`
	ExpiryYear  string `json:"expiry_year,omitempty"`
	ExpiryMonth string `json:"expiry_month,omitempty"`
}

// Confirmation is where the payer goes.
type Confirmation struct {
	Type      string `json:"type"` // redirect, qr
	ReturnURL string `json:"return_url,omitempty"`
	URL       string `json:"confirmation_url,omitempty"`
	Data      string `json:"confirmation_data,omitempty"` // the link of СБП
}

// Cancellation says who ended a payment, and why.
type Cancellation struct {
	Party  string `json:"party"`
	Reason string `json:"reason"`
}

// Refund is the object of a refund.
type Refund struct {
	ID           string        `json:"id"`
	PaymentID    string        `json:"payment_id"`
	Status       string        `json:"status"` // pending, succeeded, canceled
	Amount       Amount        `json:"amount"`
	Description  string        `json:"description,omitempty"`
	CreatedAt    time.Time     `json:"created_at"`
	Cancellation *Cancellation `json:"cancellation_details,omitempty"`
}

// reasons are the words for reasons of a cancellation.
var reasons = map[string]string{
	"insufficient_funds": "не хватает денег на карте", "general_decline": "банк отказал без объяснения", "3d_secure_failed": "не прошла проверка банка (3-D Secure)",
	"call_issuer": "банк карты просит позвонить ему", "card_expired": "срок карты вышел", "country_forbidden": "карта другой страны", "fraud_suspected": "банк заподозрил обман",
	"identification_required": "кошелёк без подтверждения личности", "internal_timeout": "банк не успел ответить", "invalid_card_number": "номер карты неверный", "invalid_csc": "код карты неверный",
	"issuer_unavailable": "банк карты недоступен", "payment_method_limit_exceeded": "превышен предел карты", "payment_method_restricted": "этой картой платить нельзя",
	"permission_revoked": "разрешение на списание отозвано", "canceled_by_merchant": "центр отменил платёж",
}

// ours reads a payment. What we do not understand decides nothing: it stays pending.
func (p *Payment) ours() (gateway.Payment, error) {
	sum, err := p.Amount.Kopecks()
	if err != nil {
		return gateway.Payment{}, gateway.Away(err)
	}
	out := gateway.Payment{ID: p.ID, Key: p.Metadata["order_id"], State: p.state(), Sum: sum, Currency: p.Amount.Currency}
	if p.RefundedAmount != nil {
		if out.Refunded, err = p.RefundedAmount.Kopecks(); err != nil {
			return gateway.Payment{}, gateway.Away(err)
		}
	}
	if p.Confirmation != nil {
		out.RedirectURL = cmp.Or(p.Confirmation.Data, p.Confirmation.URL)
	}
	if p.CapturedAt != nil {
		out.PaidAt = *p.CapturedAt
	}
	if c := p.Cancellation; c != nil && out.State != gateway.Expired {
		out.Reason = cmp.Or(reasons[c.Reason], reasons["general_decline"])
	}
	if m := p.Method; m != nil && m.Saved {
		out.Saved = &gateway.Saved{Token: m.ID, Title: m.Title, Expires: m.expires()}
	}
	return out, nil
}

func (p *Payment) state() string {
	switch p.Status {
	case "waiting_for_capture":
		return gateway.Authorised
	case "succeeded":
		return gateway.Captured
	case "canceled":
		return p.Cancellation.state()
	}
	return gateway.Pending
}

func (c *Cancellation) state() string {
	switch {
	case c == nil:
		return gateway.Declined
	case c.Reason == "expired_on_confirmation":
		return gateway.Expired
	case c.Reason == "expired_on_capture" || c.Party == "merchant":
		return gateway.Cancelled
	}
	return gateway.Declined
}

func (m *Method) expires() calendar.Month {
	plate := m.Plate
	if m.Card != nil {
		plate = *m.Card
	}
	year, err := strconv.Atoi(plate.ExpiryYear)
	month, err2 := strconv.Atoi(plate.ExpiryMonth)
	if err != nil || err2 != nil || month < 1 || month > 12 {
		return 0
	}
	return calendar.NewMonth(year, month)
}

func (r *Refund) ours() (gateway.Refund, error) {
	sum, err := r.Amount.Kopecks()
	if err != nil {
		return gateway.Refund{}, gateway.Away(err)
	}
	out := gateway.Refund{ID: r.ID, PaymentID: r.PaymentID, Sum: sum, State: gateway.Pending}
	switch r.Status {
	case "succeeded":
		out.State = gateway.Captured
	case "canceled":
		out.State = gateway.Declined
		if r.Cancellation != nil {
			out.Reason = reasons[r.Cancellation.Reason]
		}
	}
	return out, nil
}
