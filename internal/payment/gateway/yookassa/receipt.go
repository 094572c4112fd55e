package yookassa

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// itemNameMax is the length of tag 1030.
const itemNameMax = 128

// receipt are the lines of a fiscal receipt that YooKassa hands to the shop's cash register.
type receipt struct {
	Customer customer `json:"customer"`
	Items    []item   `json:"items"`
}

type customer struct {
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

type item struct {
	Description string    `json:"description"`
	Quantity    string    `json:"quantity"`
	Amount      Amount    `json:"amount"`
	VATCode     int       `json:"vat_code"`
	Mode        string    `json:"payment_mode"`
	Subject     string    `json:"payment_subject"`
	Agent       string    `json:"agent_type,omitempty"`
	Supplier    *supplier `json:"supplier,omitempty"`
}

type supplier struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	INN   string `json:"inn"`
}

func receiptOf(contact string, lines []gateway.Line) *receipt {
	if len(lines) == 0 || contact == "" {
		return nil
	}
	return &receipt{customerOf(contact), itemsOf(lines)}
}

func customerOf(contact string) customer {
	if strings.Contains(contact, "@") {
		return customer{Email: contact}
	}
	return customer{Phone: contact}
}

func itemsOf(lines []gateway.Line) (list []item) {
	for _, l := range lines {
		i := item{Description: cut(l.Name, itemNameMax), Quantity: "1.00", Amount: AmountOf(l.Amount), VATCode: max(1, l.VAT), Mode: l.Mode, Subject: l.Subject}
		if l.SupplierINN != "" {
			i.Agent, i.Supplier = "payment_agent", &supplier{l.SupplierName, l.SupplierTel, l.SupplierINN}
		}
		list = append(list, i)
	}
	return list
}

// Receipt is a fiscal receipt as YooKassa knows it.
type Receipt struct {
	ID        string `json:"id"`
	Type      string `json:"type"`   // payment, refund
	Status    string `json:"status"` // pending, succeeded, canceled
	PaymentID string `json:"payment_id"`
	Number    string `json:"fiscal_document_number,omitempty"` // ФД
	Storage   string `json:"fiscal_storage_number,omitempty"`  // ФН
	Attribute string `json:"fiscal_attribute,omitempty"`       // ФП
}

// CreateReceipt makes a receipt of what was paid before; the same key makes it once.
func (c *Client) CreateReceipt(ctx context.Context, key, kind, paymentID, contact string, lines []gateway.Line) (Receipt, error) {
	var out Receipt
	var total money.Amount
	for _, l := range lines {
		total += l.Amount
	}
	err := c.call(ctx, http.MethodPost, "/receipts", gateway.KeyOf("receipt", key), map[string]any{
		"type": kind, "payment_id": paymentID, "send": true, "customer": customerOf(contact), "items": itemsOf(lines),
		"settlements": []map[string]any{{"type": "prepayment", "amount": AmountOf(total)}},
	}, &out)
	return out, err
}

// ListReceipts gives the receipts of a payment.
func (c *Client) ListReceipts(ctx context.Context, paymentID string) ([]Receipt, error) {
	var page struct {
		Items []Receipt `json:"items"`
	}
	err := c.call(ctx, http.MethodGet, "/receipts?payment_id="+url.QueryEscape(paymentID), "", nil, &page)
	return page.Items, err
}
