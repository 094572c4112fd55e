package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"kvit/internal/money"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/sbp"
	"kvit/internal/payment/gateway/tbank"
)

// tbankSide speaks T-Bank's acquiring protocol, version 2.
type tbankSide struct{ s *Server }

// call is a call's fields.
type call map[string]any

func (c call) text(name string) string {
	if v, ok := c[name]; ok && v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

func (c call) sum(name string, otherwise money.Amount) money.Amount {
	if c.text(name) == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(c.text(name), 10, 64)
	if err != nil {
		return -1
	}
	return money.Amount(n)
}

func (t *tbankSide) routes(mux *http.ServeMux) {
	for method, do := range map[string]func(call) object{"Init": t.init, "Charge": t.charge, "GetState": t.state, "CheckOrder": t.order, "Confirm": t.confirm, "Cancel": t.cancel, "GetQr": t.qr} {
		mux.HandleFunc("POST /v2/"+method, t.s.tempered(t.signed(method, do)))
	}
}

func refusal(code int, message string) object {
	return object{"Success": false, "ErrorCode": strconv.Itoa(code), "Message": message, "Details": message}
}

// signed answers calls whose token is right.
func (t *tbankSide) signed(method string, do func(call) object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in := call{}
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		d.UseNumber()
		err := d.Decode(&in)
		question := method == "GetState" || method == "CheckOrder"
		switch {
		case err != nil:
			write(w, http.StatusOK, refusal(201, "Поля запроса не читаются"))
		case in["TerminalKey"] != t.s.o.ID:
			write(w, http.StatusOK, refusal(205, "Терминал не найден"))
		case in["Token"] != tbank.Token(in, t.s.o.Secret):
			write(w, http.StatusOK, refusal(204, "Неверный токен"))
		case question && t.s.silent():
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			t.s.mu.Lock()
			defer t.s.mu.Unlock()
			out := do(in)
			out["TerminalKey"] = t.s.o.ID
			write(w, http.StatusOK, out)
		}
	}
}

func (t *tbankSide) init(in call) object {
	sum := in.sum("Amount", -1)
	if sum <= 0 || in.text("OrderId") == "" || len(in.text("OrderId")) > 36 {
		return refusal(308, "Неверная сумма или номер заказа")
	}
	r := gateway.Request{Key: in.text("OrderId"), Sum: sum, Description: in.text("Description"), ReturnURL: in.text("SuccessURL"), Hold: in.text("PayType") == "T", Save: in.text("Recurrent") == "Y", Payer: in.text("CustomerKey")}
	p := t.s.create(r)
	out := t.object(p)
	out["Status"] = "NEW"
	out["PaymentURL"] = t.s.o.Base + "/pay/" + p.id
	return out
}

// object is what is told of a payment.
func (t *tbankSide) object(p *payment) object {
	sum := p.Sum
	if p.state == gateway.Captured {
		sum = p.taken
	}
	return object{"Success": true, "ErrorCode": "0", "Status": t.word(p), "PaymentId": p.id, "OrderId": p.Key, "Amount": int64(sum)}
}

func (t *tbankSide) word(p *payment) string {
	switch {
	case p.state == gateway.Captured && p.returned == p.taken:
		return "REFUNDED"
	case p.state == gateway.Captured && p.returned > 0:
		return "PARTIAL_REFUNDED"
	case p.state == gateway.Pending && p.shown:
		return "FORM_SHOWED"
	}
	return map[string]string{gateway.Pending: "NEW", gateway.Authorised: "AUTHORIZED", gateway.Captured: "CONFIRMED", gateway.Declined: "REJECTED", gateway.Expired: "DEADLINE_EXPIRED", gateway.Cancelled: "REVERSED"}[p.state]
}

func (t *tbankSide) find(in call) *payment { return t.s.byID[in.text("PaymentId")] }

func (t *tbankSide) state(in call) object {
	p := t.find(in)
	if p == nil {
		return refusal(255, "Платёж не найден")
	}
	out := t.object(p)
	if p.state == gateway.Declined {
		out["ErrorCode"], out["Message"] = "1051", "Недостаточно средств на карте"
	}
	return out
}

func (t *tbankSide) order(in call) object {
	list := []object{}
	for _, p := range t.s.list {
		if p.Key == in.text("OrderId") {
			list = append(list, object{"PaymentId": p.id, "Amount": int64(p.Sum), "Status": t.word(p), "RRN": "", "Success": "true", "ErrorCode": 0, "Message": "OK"})
		}
	}
	if len(list) == 0 {
		return refusal(335, "Заказ не найден")
	}
	return object{"Success": true, "ErrorCode": "0", "Message": "OK", "OrderId": in.text("OrderId"), "Payments": list}
}

func (t *tbankSide) charge(in call) object {
	p := t.find(in)
	switch {
	case p == nil:
		return refusal(255, "Платёж не найден")
	case t.s.o.Mode == Declined || !t.s.tokens[in.text("RebillId")]:
		t.s.decline(p, declinedNoMoney)
		return refusal(1051, "Недостаточно средств на карте")
	}
	t.s.pay(p)
	return t.object(p)
}

func (t *tbankSide) confirm(in call) object {
	p := t.find(in)
	if p == nil {
		return refusal(255, "Платёж не найден")
	}
	if !t.s.capture(p, in.sum("Amount", p.Sum)) {
		return refusal(8, "Неверный статус транзакции")
	}
	return t.object(p)
}

// cancel lets a held sum go, or gives back what was taken; the same ExternalRequestId gives back once.
func (t *tbankSide) cancel(in call) object {
	p, mark := t.find(in), in.text("ExternalRequestId")
	if p == nil {
		return refusal(255, "Платёж не найден")
	}
	before := p.taken - p.returned
	done := false
	for _, r := range p.refunds {
		done = done || mark != "" && r.mark == mark
	}
	if !done && !t.s.cancel(p) && t.s.giveBack(p, in.sum("Amount", before), mark) == nil {
		return refusal(8, "Неверный статус транзакции")
	}
	out := t.object(p)
	out["OriginalAmount"], out["NewAmount"], out["ExternalRequestId"] = int64(before), int64(p.taken-p.returned), mark
	return out
}

func (t *tbankSide) qr(in call) object {
	p := t.find(in)
	if p == nil {
		return refusal(255, "Платёж не найден")
	}
	p.Method, p.shown = gateway.SBP, true
	return object{"Success": true, "ErrorCode": "0", "Message": "OK", "OrderId": p.Key, "PaymentId": p.id, "Data": sbp.Make(t.s.linkBase(), p.link, "100000000004", p.Sum)}
}

func (t *tbankSide) note(p *payment, _ *refund) note {
	fields := map[string]any{"TerminalKey": t.s.o.ID, "OrderId": p.Key, "Success": p.state == gateway.Captured || p.state == gateway.Authorised, "Status": t.word(p), "PaymentId": json.Number(p.id),
		"ErrorCode": "0", "Amount": int64(p.Sum), "Pan": "430000******0777", "ExpDate": "0730"}
	if p.state == gateway.Captured {
		fields["Amount"] = int64(p.taken)
	}
	if p.token != "" {
		fields["RebillId"] = p.token
	}
	fields["Token"] = tbank.Token(fields, t.s.o.Secret)
	b, err := json.Marshal(fields)
	if err != nil {
		panic(err) // plain values
	}
	return note{body: bytes.TrimSpace(b), contentType: "application/json"}
}
