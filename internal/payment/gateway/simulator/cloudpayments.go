package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/cloudpayments"
)

// cloudSide speaks the protocol of CloudPayments.
type cloudSide struct{ s *Server }

// isoUTC is how moments are told: UTC without a zone.
const isoUTC = "2006-01-02T15:04:05"

func (x *cloudSide) routes(mux *http.ServeMux) {
	for path, do := range map[string]func(in map[string]any) object{
		"/orders/create": x.order, "/payments/find": x.find, "/payments/list": x.listed, "/payments/confirm": x.confirm, "/payments/void": x.void, "/payments/refund": x.refund,
		"/payments/tokens/charge": x.charge(false), "/payments/tokens/auth": x.charge(true),
	} {
		mux.HandleFunc("POST "+path, x.s.tempered(x.answered(path, do)))
	}
}

func sorry(said string) object { return object{"Success": false, "Message": said} }

// answered answers calls of the site; one with an X-Request-ID that came before gets the first answer while it is remembered.
func (x *cloudSide) answered(path string, do func(map[string]any) object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		login, password, _ := r.BasicAuth()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		in := map[string]any{}
		if err == nil {
			d := json.NewDecoder(bytes.NewReader(body))
			d.UseNumber()
			err = d.Decode(&in)
		}
		question := path == "/payments/find" || path == "/payments/list"
		switch {
		case login != x.s.o.ID || password != x.s.o.Secret:
			w.WriteHeader(http.StatusUnauthorized)
			return
		case question && x.s.silent():
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		case err != nil:
			write(w, http.StatusOK, sorry("Invalid request"))
			return
		}
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		key := r.Header.Get("X-Request-Id")
		if before, ok := x.s.keys[key]; ok && key != "" && time.Since(before.at) < x.s.o.KeyLife {
			w.Header().Set("Content-Type", "application/json")
			w.Write(before.answer) //nolint:errcheck // whoever asked has gone
			return
		}
		out := do(in)
		if b, err := json.Marshal(out); err == nil && key != "" {
			x.s.keys[key] = remembered{http.StatusOK, b, string(body), time.Now()}
		}
		write(w, http.StatusOK, out)
	}
}

func (x *cloudSide) order(in map[string]any) object {
	sum := rubles(in, "Amount")
	if sum <= 0 || text(in, "InvoiceId") == "" || text(in, "Currency") != "RUB" {
		return sorry("Invalid Amount value")
	}
	r := gateway.Request{Key: text(in, "InvoiceId"), Sum: sum, Description: text(in, "Description"), ReturnURL: text(in, "SuccessRedirectUrl"), Payer: text(in, "AccountId"), Hold: in["RequireConfirmation"] == true}
	r.Save = r.Payer != "" // the page keeps the cards of payers it knows
	p := x.s.create(r)
	x.s.byID[cloudpayments.ID(r.Key, sum)] = p
	return object{"Success": true, "Message": nil, "Model": object{"Id": p.link, "Number": x.s.seq, "Amount": json.Number(sum.String()), "Currency": "RUB", "InvoiceId": r.Key, "Url": x.s.o.Base + "/pay/" + p.id}}
}

var cloudWords = map[string]string{gateway.Authorised: "Authorized", gateway.Captured: "Completed", gateway.Cancelled: "Cancelled", gateway.Declined: "Declined", gateway.Expired: "Declined"}

var cloudCodes = map[string]int{"Authorized": 2, "Completed": 3, "Cancelled": 4, "Declined": 5}

// operation is what is told of a payment that its payer did something about.
func (x *cloudSide) operation(p *payment) cloudpayments.Operation {
	sum := p.Sum
	if p.state == gateway.Captured {
		sum = p.taken
	}
	id, _ := strconv.ParseInt(p.id, 10, 64) // our own
	o := cloudpayments.Operation{TransactionID: id, Amount: json.Number(sum.String()), Currency: "RUB", InvoiceID: p.Key, Status: cloudWords[p.state], Refunded: p.returned > 0 && p.returned == p.taken}
	o.StatusCode = cloudCodes[o.Status]
	if !p.paid.IsZero() {
		o.Authorised, o.Confirmed = p.paid.Format(isoUTC), p.paid.Format(isoUTC)
	}
	if p.state == gateway.Declined {
		o.ReasonCode = 5051
	}
	if p.token != "" {
		o.Token, o.CardLastFour, o.CardExpDate = p.token, "4477", "12/30"
	}
	return o
}

// latest is the latest payment of an invoice that its payer did something about.
func (x *cloudSide) latest(invoice string) (found *payment) {
	for _, p := range x.s.list {
		if p.Key == invoice && p.state != gateway.Pending {
			found = p
		}
	}
	return found
}

func (x *cloudSide) find(in map[string]any) object {
	p := x.latest(text(in, "InvoiceId"))
	if p == nil {
		return sorry("Not found")
	}
	o := x.operation(p)
	return object{"Success": true, "Message": nil, "Model": &o}
}

// listed are the operations of a day: payments and refunds.
func (x *cloudSide) listed(in map[string]any) object {
	list := []cloudpayments.Operation{}
	on := func(at time.Time) bool { return at.UTC().Format(time.DateOnly) == text(in, "Date") }
	for _, p := range x.s.list {
		if p.state != gateway.Pending && on(p.paid) {
			list = append(list, x.operation(p))
		}
		for _, r := range p.refunds {
			if on(r.at) {
				list = append(list, cloudpayments.Operation{Type: 1, Amount: json.Number(r.sum.String()), Currency: "RUB", InvoiceID: p.Key, Status: "Completed", StatusCode: 3, JSONData: r.mark})
			}
		}
	}
	return object{"Success": true, "Message": nil, "Model": list}
}

func (x *cloudSide) byTransaction(in map[string]any) *payment {
	return x.s.byID[text(in, "TransactionId")]
}

func (x *cloudSide) confirm(in map[string]any) object {
	p := x.byTransaction(in)
	if p == nil || !x.s.capture(p, rubles(in, "Amount")) {
		return sorry("Transaction can not be confirmed")
	}
	return object{"Success": true, "Message": nil}
}

func (x *cloudSide) void(in map[string]any) object {
	if p := x.byTransaction(in); p == nil || !x.s.cancel(p) {
		return sorry("Transaction can not be voided")
	}
	return object{"Success": true, "Message": nil}
}

func (x *cloudSide) refund(in map[string]any) object {
	p := x.byTransaction(in)
	if p == nil || x.s.giveBack(p, rubles(in, "Amount"), text(in, "JsonData")) == nil {
		return sorry("Refund amount exceeds the payment")
	}
	return object{"Success": true, "Message": nil, "Model": object{"TransactionId": 500_000 + x.s.seq}}
}

// charge takes the sum by a kept card, or holds it.
func (x *cloudSide) charge(hold bool) func(in map[string]any) object {
	return func(in map[string]any) object {
		r := gateway.Request{Key: text(in, "InvoiceId"), Sum: rubles(in, "Amount"), Description: text(in, "Description"), Payer: text(in, "AccountId"), Saved: text(in, "Token"), Hold: hold}
		if r.Sum <= 0 || r.Key == "" {
			return sorry("Invalid Amount value")
		}
		p := x.s.create(r)
		o := x.operation(p)
		out := object{"Success": p.state != gateway.Declined, "Message": nil, "Model": &o}
		if p.state == gateway.Pending {
			out["Success"] = false
		}
		return out
	}
}

// note is a form signed over its bytes.
func (x *cloudSide) note(p *payment, r *refund) note {
	o := x.operation(p)
	f := url.Values{"TransactionId": {p.id}, "Amount": {string(o.Amount)}, "Currency": {"RUB"}, "InvoiceId": {p.Key}, "Status": {o.Status}, "OperationType": {"Payment"}, "DateTime": {time.Now().UTC().Format(time.DateTime)}}
	if o.Token != "" {
		f.Set("Token", o.Token)
		f.Set("CardLastFour", o.CardLastFour)
		f.Set("CardExpDate", o.CardExpDate)
	}
	if r != nil {
		f.Set("OperationType", "Refund")
		f.Set("TransactionId", r.id)
		f.Set("PaymentTransactionId", p.id)
		f.Set("Amount", r.sum.String())
	}
	body := []byte(f.Encode())
	return note{body: body, contentType: "application/x-www-form-urlencoded", headers: map[string]string{"Content-HMAC": cloudpayments.Sign(body, x.s.o.Secret)}}
}
