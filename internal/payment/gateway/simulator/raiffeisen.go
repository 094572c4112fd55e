package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"kvit/internal/money"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/raiffeisen"
	"kvit/internal/payment/gateway/sbp"
)

// raiffeisenSide speaks the СБП acquiring of Raiffeisenbank. It waits for its payer on the page its links lead to.
type raiffeisenSide struct{ s *Server }

func (x *raiffeisenSide) routes(mux *http.ServeMux) {
	for pattern, do := range map[string]func(r *http.Request, in map[string]any) object{
		"POST /sbp/v1/qr/register": x.register, "GET /sbp/v1/qr/{id}/payment-info": x.info, "GET /sbp/v2/qrs/{id}": x.code, "DELETE /sbp/v2/qrs/{id}": x.void,
		"POST /sbp/v1/refund": x.refund, "GET /sbp/v1/refund/{id}": x.refunded,
	} {
		mux.HandleFunc(pattern, x.s.tempered(x.answered(pattern, do)))
	}
}

func failure(code, said string) object { return object{"code": "ERROR." + code, "message": said} }

// answered answers calls of the merchant; a code is registered without a secret, as the bank has it.
func (x *raiffeisenSide) answered(pattern string, do func(*http.Request, map[string]any) object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		open := strings.HasSuffix(pattern, "/register")
		switch {
		case !open && r.Header.Get("Authorization") != "Bearer "+x.s.o.Secret:
			write(w, http.StatusUnauthorized, failure("UNAUTHORIZED", "Неверный ключ"))
			return
		case r.Method == http.MethodGet && x.s.silent():
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		in := map[string]any{}
		if r.Method == http.MethodPost {
			d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
			d.UseNumber()
			if d.Decode(&in) != nil {
				write(w, http.StatusBadRequest, failure("INVALID_REQUEST", "Тело запроса не читается"))
				return
			}
		}
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		out := do(r, in)
		status := http.StatusOK
		if code, _ := out["code"].(string); strings.HasPrefix(code, "ERROR") {
			status = http.StatusBadRequest
		}
		write(w, status, out)
	}
}

func text(in map[string]any, name string) string { return call(in).text(name) }

func rubles(in map[string]any, name string) money.Amount {
	sum, err := money.Parse(text(in, name))
	if err != nil {
		return -1
	}
	return sum
}

func (x *raiffeisenSide) register(_ *http.Request, in map[string]any) object {
	sum, order := rubles(in, "amount"), text(in, "order")
	switch {
	case text(in, "sbpMerchantId") != x.s.o.ID:
		return failure("MERCHANT_NOT_REGISTERED", "Партнер не зарегистрирован")
	case sum <= 0:
		return failure("DYNAMIC_QR_WITHOUT_AMOUNT", "Не передана сумма для динамического QR-кода")
	case order == "" || len(order) > 40 || text(in, "qrType") != "QRDynamic" || text(in, "currency") != "RUB":
		return failure("INVALID_REQUEST", "Не передан обязательный параметр")
	}
	for _, p := range x.s.list {
		if p.Key == order && p.state == gateway.Captured {
			return failure("ORDER_NUMBER_ALREADY_REGISTERED", "QR-код с номером заказа и успешными платежами уже зарегистрирован")
		}
	}
	p := x.s.create(gateway.Request{Key: order, Sum: sum, Method: gateway.SBP, Description: text(in, "paymentDetails"), ReturnURL: text(in, "redirectUrl")})
	return object{"code": "SUCCESS", "qrId": p.id, "payload": sbp.Make(x.s.linkBase(), p.link, "100000000007", p.Sum), "qrUrl": x.s.o.Base + "/sbp/v1/qr/" + p.id + "/image"}
}

// what is told of a payment: by the question, and by the notification.
func (x *raiffeisenSide) what(p *payment) raiffeisen.Info {
	info := raiffeisen.Info{Amount: json.Number(p.Sum.String()), Currency: "RUB", Order: p.Key, Status: "IN_PROGRESS", QRID: p.id, Merchant: x.s.o.ID}
	switch p.state {
	case gateway.Captured:
		info.Status, info.TransactionDate, info.TransactionID = "SUCCESS", p.paid.Format(time.RFC3339Nano), "41"
	case gateway.Declined:
		info.Status = "DECLINED"
	}
	return info
}

func objectOf(v any) object {
	b, err := json.Marshal(v)
	out := object{}
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		panic(err) // plain values
	}
	return out
}

func (x *raiffeisenSide) info(r *http.Request, _ map[string]any) object {
	p := x.s.byID[r.PathValue("id")]
	if p == nil {
		return failure("NOT_FOUND", "QR-код не найден у данного партнера")
	}
	info := x.what(p)
	info.Code = "SUCCESS"
	return objectOf(&info)
}

func (x *raiffeisenSide) code(r *http.Request, _ map[string]any) object {
	p := x.s.byID[r.PathValue("id")]
	if p == nil {
		return failure("NOT_FOUND", "QR-код не найден у данного партнера")
	}
	status := map[string]string{gateway.Captured: "PAID", gateway.Expired: "EXPIRED", gateway.Cancelled: "CANCELLED"}[p.state]
	if status == "" {
		status = "NEW"
	}
	return object{"qrId": p.id, "qrStatus": status, "qrExpirationDate": p.created.AddDate(0, 0, 3).Format(time.RFC3339), "payload": "", "qrUrl": ""}
}

func (x *raiffeisenSide) void(r *http.Request, _ map[string]any) object {
	p := x.s.byID[r.PathValue("id")]
	switch {
	case p == nil:
		return failure("NOT_FOUND", "QR-код не найден у данного партнера")
	case p.state != gateway.Pending:
		return failure("INVALID_REQUEST", "QR-код уже оплачен")
	}
	p.state = gateway.Cancelled
	return object{"code": "SUCCESS"}
}

// refund gives back by the number of the order; the same refundId gives back once.
func (x *raiffeisenSide) refund(_ *http.Request, in map[string]any) object {
	sum, mark := rubles(in, "amount"), text(in, "refundId")
	if r := x.s.refunds[mark]; r != nil {
		return object{"code": "SUCCESS", "amount": json.Number(r.sum.String()), "refundStatus": "COMPLETED"}
	}
	for _, p := range x.s.list {
		if p.Key != text(in, "order") || p.state != gateway.Captured {
			continue
		}
		r := x.s.giveBack(p, sum, mark)
		if r == nil {
			return failure("REFUND_INSUFFICIENT_FUNDS", "Сумма возврата больше суммы остатка по платежу")
		}
		x.s.refunds[mark] = r
		return object{"code": "SUCCESS", "amount": json.Number(sum.String()), "refundStatus": "COMPLETED"}
	}
	return failure("NOT_FOUND", "QR-код не найден у данного партнера")
}

func (x *raiffeisenSide) refunded(r *http.Request, _ map[string]any) object {
	back := x.s.refunds[r.PathValue("id")]
	if back == nil {
		return failure("REFUND_NOT_FOUND", "Возврат не найден")
	}
	return object{"code": "SUCCESS", "amount": json.Number(back.sum.String()), "refundStatus": "COMPLETED"}
}

// note tells of payments only: the bank sends no word of refunds.
func (x *raiffeisenSide) note(p *payment, r *refund) note {
	if r != nil || p.state != gateway.Captured && p.state != gateway.Declined {
		return note{}
	}
	info := x.what(p)
	b, err := json.Marshal(&info)
	if err != nil {
		panic(err) // plain values
	}
	return note{body: b, contentType: "application/json", headers: map[string]string{raiffeisen.SignatureHeader: raiffeisen.Sign(&info, x.s.o.Secret)}}
}
