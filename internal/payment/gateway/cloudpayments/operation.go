package cloudpayments

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// Operation is a payment or a refund as they tell it.
type Operation struct {
	TransactionID int64       `json:"TransactionId"`
	Amount        json.Number `json:"Amount"`
	Currency      string      `json:"Currency"`
	InvoiceID     string      `json:"InvoiceId"`
	JSONData      string      `json:"JsonData,omitempty"`
	StatusCode    int         `json:"StatusCode"`
	Status        string      `json:"Status"`
	ReasonCode    int         `json:"ReasonCode"`
	Confirmed     string      `json:"ConfirmDateIso,omitempty"` // UTC, without a zone
	Authorised    string      `json:"AuthDateIso,omitempty"`
	Type          int         `json:"Type"`     // 0: payment, 1: refund
	Refunded      bool        `json:"Refunded"` // whole
	Token         string      `json:"Token,omitempty"`
	CardLastFour  string      `json:"CardLastFour,omitempty"`
	CardExpDate   string      `json:"CardExpDate,omitempty"` // 12/27
}

// typeRefund is the Type of an operation that gives money back.
const typeRefund = 1

var states = map[string]string{"AwaitingAuthentication": gateway.Pending, "Authorized": gateway.Authorised, "Completed": gateway.Captured, "Cancelled": gateway.Cancelled, "Declined": gateway.Declined}

// reasons are the words for codes of refused payments.
var reasons = gateway.NewReasons().
	Because("не хватает денег на карте", "5051").
	Because("срок карты вышел", "5054").
	Because("номер карты неверный", "5014").
	Because("превышен предел карты", "5061", "5065").
	Because("не прошла проверка банка (3-D Secure)", "5206", "5207")

// ours reads a payment. A word we do not know decides nothing. Of a payment given back in part it is not told how much.
func (o *Operation) ours() (gateway.Payment, error) {
	sum, err := money.Parse(o.Amount.String())
	if err != nil {
		return gateway.Payment{}, gateway.Away(fmt.Errorf("sum %q: %w", o.Amount, err))
	}
	p := gateway.Payment{ID: ID(o.InvoiceID, sum), Key: o.InvoiceID, State: states[o.Status], Sum: sum, Currency: o.Currency}
	switch p.State {
	case "":
		p.State = gateway.Pending
	case gateway.Declined:
		p.Reason = reasons.Of(strconv.Itoa(o.ReasonCode))
	case gateway.Captured, gateway.Authorised:
		p.PaidAt = o.paid()
		p.Saved = o.saved()
	}
	if o.Refunded {
		p.Refunded = sum
	}
	return p, nil
}

// paid is when the payer paid; zero when it is not told.
func (o *Operation) paid() time.Time {
	for _, text := range []string{o.Authorised, o.Confirmed} {
		if at, err := time.Parse("2006-01-02T15:04:05", text); err == nil {
			return at
		}
	}
	return time.Time{}
}

func (o *Operation) saved() *gateway.Saved {
	if o.Token == "" {
		return nil
	}
	s := &gateway.Saved{Token: o.Token, Title: "Карта ····" + o.CardLastFour}
	if at, err := time.Parse("01/06", o.CardExpDate); err == nil {
		s.Expires = calendar.NewMonth(at.Year(), int(at.Month()))
	}
	return s
}
