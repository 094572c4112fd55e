package tbank

import (
	"cmp"
	"strings"

	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// state is one of T-Bank's words: ours, and how far it is. Rank 0 is a payment nobody was told of.
type state struct {
	ours string
	rank int
}

var states = map[string]state{
	"NEW": {gateway.Pending, 0}, "FORM_SHOWED": {gateway.Pending, 1}, "AUTHORIZING": {gateway.Pending, 1}, "3DS_CHECKING": {gateway.Pending, 1}, "3DS_CHECKED": {gateway.Pending, 1},
	"DEADLINE_EXPIRED": {gateway.Expired, 2}, "REJECTED": {gateway.Declined, 2}, "AUTH_FAIL": {gateway.Declined, 2}, "CANCELED": {gateway.Cancelled, 2}, "REVERSED": {gateway.Cancelled, 2},
	"AUTHORIZED": {gateway.Authorised, 3}, "CONFIRMING": {gateway.Authorised, 3}, "REVERSING": {gateway.Authorised, 3},
	"CONFIRMED": {gateway.Captured, 4}, "REFUNDING": {gateway.Captured, 4}, "ASYNC_REFUNDING": {gateway.Captured, 4}, "PARTIAL_REFUNDED": {gateway.Captured, 4}, "REFUNDED": {gateway.Captured, 4},
}

// reasons are the words for error codes of a refused payment.
var reasons = map[string]string{
	"101": "не прошла проверка банка (3-D Secure)", "116": "не хватает денег на карте", "1051": "не хватает денег на карте", "1014": "номер карты неверный", "1033": "срок карты вышел",
	"1054": "срок карты вышел", "1061": "превышен предел карты", "1065": "превышен предел карты", "1091": "банк карты недоступен",
}

// ours reads a payment. A word we do not know decides nothing: the payment stays pending. Of PARTIAL_REFUNDED it is not
// told how much went back.
func ours(a *Answer, key string, sum money.Amount) (gateway.Payment, error) {
	s, ok := states[a.Status]
	if !ok {
		s.ours = gateway.Pending
	}
	p := gateway.Payment{ID: string(a.PaymentID), Key: cmp.Or(key, a.OrderID), State: s.ours, Sum: sum, Currency: "RUB", RedirectURL: a.PaymentURL}
	if a.OrderID != "" {
		p.Key = a.OrderID
	}
	if a.Status == "REFUNDED" {
		p.Refunded = sum
	}
	if s.ours == gateway.Declined {
		p.Reason = cmp.Or(reasons[string(a.ErrorCode)], "банк отказал без объяснения")
	}
	return p, nil
}

// receiptOf are the lines of a fiscal receipt (ФФД 1.05) that T-Bank hands to the shop's cash register.
func receiptOf(contact string, lines []gateway.Line) map[string]any {
	if len(lines) == 0 || contact == "" {
		return nil
	}
	var items []map[string]any
	for _, l := range lines {
		item := map[string]any{"Name": l.Name, "Price": int64(l.Amount), "Quantity": 1, "Amount": int64(l.Amount), "Tax": taxes[l.VAT], "PaymentMethod": l.Mode, "PaymentObject": l.Subject}
		if item["Tax"] == "" {
			item["Tax"] = "none"
		}
		if l.SupplierINN != "" {
			item["AgentData"] = map[string]any{"AgentSign": "paying_agent"}
			item["SupplierInfo"] = map[string]any{"Name": l.SupplierName, "Inn": l.SupplierINN, "Phones": []string{l.SupplierTel}}
		}
		items = append(items, item)
	}
	r := map[string]any{"Taxation": "osn", "Items": items}
	if strings.Contains(contact, "@") {
		r["Email"] = contact
	} else {
		r["Phone"] = contact
	}
	return r
}

// taxes are T-Bank's words for the codes of VAT.
var taxes = map[int]string{1: "none", 2: "vat0", 3: "vat10", 4: "vat20", 5: "vat110", 6: "vat120", 7: "vat5", 8: "vat7", 9: "vat105", 10: "vat107", 11: "vat22", 12: "vat122"}
