package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"kvit/internal/money"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/sbp"
	"kvit/internal/payment/gateway/yookassa"
)

// yookassaSide speaks YooKassa's API v3.
type yookassaSide struct{ s *Server }

func (y *yookassaSide) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v3/payments", y.post(y.create))
	mux.HandleFunc("GET /v3/payments", y.get(y.list))
	mux.HandleFunc("GET /v3/payments/{id}", y.get(y.find))
	mux.HandleFunc("POST /v3/payments/{id}/capture", y.post(y.capture))
	mux.HandleFunc("POST /v3/payments/{id}/cancel", y.post(y.cancel))
	mux.HandleFunc("POST /v3/refunds", y.post(y.refund))
	mux.HandleFunc("GET /v3/refunds", y.get(y.listRefunds))
	mux.HandleFunc("GET /v3/refunds/{id}", y.get(y.findRefund))
	mux.HandleFunc("POST /v3/receipts", y.post(y.receipt))
	mux.HandleFunc("GET /v3/receipts", y.get(y.listReceipts))
}

// answers is what an operation answers: a status and an object.
type answers func(r *http.Request, body []byte) (int, any)

// object is an answer as it is written.
type object map[string]any

func trouble(code, parameter, description string) object {
	return object{"type": "error", "id": "ab5a11cd-13cc-4e33-af8b-75a74e18dd09", "code": code, "parameter": parameter, "description": description}
}

func (y *yookassaSide) get(next answers) http.HandlerFunc {
	return y.s.tempered(func(w http.ResponseWriter, r *http.Request) {
		if !y.admit(w, r) {
			return
		}
		if y.s.silent() {
			write(w, http.StatusInternalServerError, trouble("internal_server_error", "", "silent"))
			return
		}
		y.s.mu.Lock()
		defer y.s.mu.Unlock()
		status, v := next(r, nil)
		write(w, status, v)
	})
}

func (y *yookassaSide) admit(w http.ResponseWriter, r *http.Request) bool {
	shop, secret, ok := r.BasicAuth()
	if !ok || shop != y.s.o.ID || secret != y.s.o.Secret {
		write(w, http.StatusUnauthorized, trouble("invalid_credentials", "", "Basic authentication failed"))
		return false
	}
	return true
}

// post gives the answer of the first call with its key; the same key with another body is refused.
func (y *yookassaSide) post(next answers) http.HandlerFunc {
	return y.s.tempered(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		key := r.Header.Get("Idempotence-Key")
		if !y.admit(w, r) {
			return
		}
		if err != nil || key == "" || len(key) > 64 {
			write(w, http.StatusBadRequest, trouble("invalid_request", "Idempotence-Key", "Idempotence key is missing or too long"))
			return
		}
		y.s.mu.Lock()
		defer y.s.mu.Unlock()
		if before, ok := y.s.keys[key]; ok && time.Since(before.at) < y.s.o.KeyLife {
			if before.body != r.URL.Path+string(body) {
				write(w, http.StatusBadRequest, trouble("invalid_request", "Idempotence-Key", "Idempotence key was used with another request"))
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(before.status)
			w.Write(before.answer) //nolint:errcheck // the client is away
			return
		}
		status, v := next(r, body)
		kept := httptest.NewRecorder()
		write(kept, status, v)
		if status == http.StatusOK {
			y.s.keys[key] = remembered{status, kept.Body.Bytes(), r.URL.Path + string(body), time.Now()}
		}
		write(w, status, v)
	})
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client is away
}

// asked is a payment as a shop asks for it.
type asked struct {
	Amount       yookassa.Amount `json:"amount"`
	Capture      bool            `json:"capture"`
	Confirmation *struct {
		Type      string `json:"type"`
		ReturnURL string `json:"return_url"`
	} `json:"confirmation"`
	MethodData *struct {
		Type string `json:"type"`
	} `json:"payment_method_data"`
	MethodID    string            `json:"payment_method_id"`
	Save        bool              `json:"save_payment_method"`
	Description string            `json:"description"`
	Metadata    map[string]string `json:"metadata"`
	Receipt     any               `json:"receipt"`
}

func (y *yookassaSide) create(_ *http.Request, body []byte) (int, any) {
	var in asked
	err := json.Unmarshal(body, &in)
	sum, badSum := in.Amount.Kopecks()
	switch {
	case err != nil:
		return http.StatusBadRequest, trouble("invalid_request", "", err.Error())
	case badSum != nil || sum <= 0 || in.Amount.Currency != "RUB":
		return http.StatusBadRequest, trouble("invalid_request", "amount.value", "Incorrect sum of payment")
	case in.Confirmation == nil && in.MethodID == "":
		return http.StatusBadRequest, trouble("invalid_request", "confirmation", "Missing confirmation")
	case len([]rune(in.Description)) > 128:
		return http.StatusBadRequest, trouble("invalid_request", "description", "Description is too long")
	}
	r := gateway.Request{Key: in.Metadata["order_id"], Sum: sum, Hold: !in.Capture, Save: in.Save, Saved: in.MethodID, Description: in.Description, Method: gateway.Card}
	if in.MethodData != nil && in.MethodData.Type == "sbp" {
		r.Method = gateway.SBP
	}
	if in.Confirmation != nil {
		r.ReturnURL = in.Confirmation.ReturnURL
	}
	p := y.s.create(r)
	if known := in.MethodID == "" || y.s.tokens[in.MethodID]; !known {
		p.reason = "permission_revoked"
	}
	return http.StatusOK, y.payment(p)
}

// payment writes the object of a payment.
func (y *yookassaSide) payment(p *payment) object {
	sum := p.Sum
	if p.state == gateway.Captured {
		sum = p.taken
	}
	o := object{
		"id": p.id, "status": map[string]string{gateway.Pending: "pending", gateway.Authorised: "waiting_for_capture", gateway.Captured: "succeeded"}[p.state], "amount": yookassa.AmountOf(sum),
		"description": p.Description, "recipient": object{"account_id": y.s.o.ID, "gateway_id": "1"}, "created_at": p.created.Format(time.RFC3339Nano), "metadata": map[string]string{"order_id": p.Key},
		"paid": p.state == gateway.Authorised || p.state == gateway.Captured, "refundable": p.state == gateway.Captured && p.returned < p.taken, "test": true,
	}
	if p.Key == "" {
		o["metadata"] = object{}
	}
	switch p.state {
	case gateway.Pending:
		o["confirmation"] = y.confirmation(p)
	case gateway.Authorised:
		o["expires_at"] = p.paid.Add(7 * 24 * time.Hour).Format(time.RFC3339Nano)
	case gateway.Captured:
		o["captured_at"], o["refunded_amount"] = p.paid.Format(time.RFC3339Nano), yookassa.AmountOf(p.returned)
	default:
		party := "payment_network"
		if p.reason == "canceled_by_merchant" {
			party = "merchant"
		} else if p.state == gateway.Expired || p.reason == "permission_revoked" {
			party = "yoo_money"
		}
		o["status"], o["cancellation_details"] = "canceled", object{"party": party, "reason": p.reason}
	}
	if p.state != gateway.Pending {
		o["payment_method"] = y.method(p)
	}
	return o
}

func (y *yookassaSide) confirmation(p *payment) object {
	if p.Method == gateway.SBP {
		return object{"type": "qr", "confirmation_data": sbp.Make(y.s.linkBase(), p.link, "100000000022", p.Sum)}
	}
	return object{"type": "redirect", "return_url": p.ReturnURL, "confirmation_url": y.s.o.Base + "/pay/" + p.id}
}

func (y *yookassaSide) method(p *payment) object {
	id := p.id
	if p.token != "" {
		id = p.token
	}
	if p.Method == gateway.SBP {
		return object{"type": "sbp", "id": id, "saved": p.token != "", "title": "СБП"}
	}
	return object{"type": "bank_card", "id": id, "saved": p.token != "", "title": "Bank card *4477", "card": object{"first6": "555555", "last4": "4477", "expiry_year": "2030", "expiry_month": "07", "card_type": "MasterCard"}}
}

func (y *yookassaSide) find(r *http.Request, _ []byte) (int, any) {
	p, ok := y.s.byID[r.PathValue("id")]
	if !ok {
		return http.StatusNotFound, trouble("not_found", "payment_id", "Payment doesn't exist or access denied")
	}
	return http.StatusOK, y.payment(p)
}

// list gives payments newest first, a page at a time.
func (y *yookassaSide) list(r *http.Request, _ []byte) (int, any) {
	q := r.URL.Query()
	from, _ := time.Parse(time.RFC3339, q.Get("created_at.gte"))
	to, err := time.Parse(time.RFC3339, q.Get("created_at.lt"))
	limit, _ := strconv.Atoi(q.Get("limit"))
	if limit < 1 || limit > 100 {
		limit = 10
	}
	at := len(y.s.list)
	if c := q.Get("cursor"); c != "" {
		if at, _ = strconv.Atoi(c); at > len(y.s.list) || at < 0 {
			return http.StatusBadRequest, trouble("invalid_request", "cursor", "Cursor is unknown")
		}
	}
	items := []object{}
	for at > 0 && len(items) < limit {
		at--
		if p := y.s.list[at]; !p.created.Before(from) && (err != nil || p.created.Before(to)) {
			items = append(items, y.payment(p))
		}
	}
	out := object{"type": "list", "items": items}
	if at > 0 {
		out["next_cursor"] = strconv.Itoa(at)
	}
	return http.StatusOK, out
}

func (y *yookassaSide) capture(r *http.Request, body []byte) (int, any) {
	var in struct {
		Amount *yookassa.Amount `json:"amount"`
	}
	p, ok := y.s.byID[r.PathValue("id")]
	if !ok {
		return http.StatusNotFound, trouble("not_found", "payment_id", "Payment doesn't exist or access denied")
	}
	sum, err := p.Sum, json.Unmarshal(body, &in)
	if err == nil && in.Amount != nil {
		sum, err = in.Amount.Kopecks()
	}
	if err != nil || !y.s.capture(p, sum) {
		return http.StatusBadRequest, trouble("invalid_request", "status", "Incorrect payment status. Expected: waiting_for_capture")
	}
	return http.StatusOK, y.payment(p)
}

func (y *yookassaSide) cancel(r *http.Request, _ []byte) (int, any) {
	p, ok := y.s.byID[r.PathValue("id")]
	if !ok {
		return http.StatusNotFound, trouble("not_found", "payment_id", "Payment doesn't exist or access denied")
	}
	if !y.s.cancel(p) {
		return http.StatusBadRequest, trouble("invalid_request", "status", "Incorrect payment status. Expected: waiting_for_capture")
	}
	return http.StatusOK, y.payment(p)
}

func (y *yookassaSide) refund(_ *http.Request, body []byte) (int, any) {
	var in struct {
		PaymentID   string          `json:"payment_id"`
		Amount      yookassa.Amount `json:"amount"`
		Description string          `json:"description"`
	}
	err := json.Unmarshal(body, &in)
	sum, badSum := in.Amount.Kopecks()
	p, ok := y.s.byID[in.PaymentID]
	if err != nil || badSum != nil || !ok {
		return http.StatusBadRequest, trouble("invalid_request", "payment_id", "Payment doesn't exist or the sum is wrong")
	}
	back := y.s.giveBack(p, sum, in.Description)
	if back == nil {
		return http.StatusBadRequest, trouble("invalid_request", "amount.value", "Refund amount exceeds the refundable amount of the payment")
	}
	return http.StatusOK, refundObject(p, back)
}

func refundObject(p *payment, r *refund) object {
	o := object{"id": r.id, "payment_id": p.id, "status": "succeeded", "created_at": r.at.Format(time.RFC3339Nano), "amount": yookassa.AmountOf(r.sum)}
	if r.mark != "" {
		o["description"] = r.mark
	}
	return o
}

func (y *yookassaSide) findRefund(r *http.Request, _ []byte) (int, any) {
	back, ok := y.s.refunds[r.PathValue("id")]
	if !ok {
		return http.StatusNotFound, trouble("not_found", "refund_id", "Refund doesn't exist or access denied")
	}
	return http.StatusOK, refundObject(y.s.owner[back], back)
}

func (y *yookassaSide) listRefunds(r *http.Request, _ []byte) (int, any) {
	items := []object{}
	if p, ok := y.s.byID[r.URL.Query().Get("payment_id")]; ok {
		for _, back := range p.refunds {
			items = append(items, refundObject(p, back))
		}
	}
	return http.StatusOK, object{"type": "list", "items": items}
}

// receipt registers a receipt; a cash register fiscalises it at once.
func (y *yookassaSide) receipt(_ *http.Request, body []byte) (int, any) {
	var in struct {
		Type        string            `json:"type"`
		PaymentID   string            `json:"payment_id"`
		Items       []json.RawMessage `json:"items"`
		Settlements []json.RawMessage `json:"settlements"`
	}
	if err := json.Unmarshal(body, &in); err != nil || len(in.Items) == 0 || len(in.Settlements) == 0 || y.s.byID[in.PaymentID] == nil {
		return http.StatusBadRequest, trouble("invalid_request", "items", "Receipt is wrong")
	}
	y.s.seq++
	o := object{"id": "rt-" + strconv.Itoa(y.s.seq), "type": in.Type, "payment_id": in.PaymentID, "status": "pending", "items": in.Items, "settlements": in.Settlements, "tax_system_code": 1}
	y.s.receipts[in.PaymentID] = append(y.s.receipts[in.PaymentID], o)
	return http.StatusOK, o
}

func (y *yookassaSide) listReceipts(r *http.Request, _ []byte) (int, any) {
	items := []object{}
	for i, o := range y.s.receipts[r.URL.Query().Get("payment_id")] {
		done := object{"status": "succeeded", "fiscal_document_number": strconv.Itoa(3986 + i), "fiscal_storage_number": "9288000100115785", "fiscal_attribute": "2617603921"}
		for name, value := range o {
			if name != "status" {
				done[name] = value
			}
		}
		items = append(items, done)
	}
	return http.StatusOK, object{"type": "list", "items": items}
}

func (y *yookassaSide) note(p *payment, r *refund) note {
	event, v := "", y.payment(p)
	switch {
	case r != nil:
		event, v = "refund.succeeded", refundObject(p, r)
	case p.state == gateway.Authorised:
		event = "payment.waiting_for_capture"
	case p.state == gateway.Captured:
		event = "payment.succeeded"
	default:
		event = "payment.canceled"
	}
	var b bytes.Buffer
	json.NewEncoder(&b).Encode(object{"type": "notification", "event": event, "object": v}) //nolint:errcheck // plain values
	return note{body: bytes.TrimSpace(b.Bytes()), contentType: "application/json"}
}

// kopecksOf reads roubles with a point as a JSON number has them.
func kopecksOf(n json.Number) (money.Amount, error) {
	whole, cents, _ := strings.Cut(n.String(), ".")
	return yookassa.Amount{Value: whole + "." + (cents + "00")[:max(2, len(cents))]}.Kopecks()
}
