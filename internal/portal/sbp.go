package portal

import (
	"fmt"
	"net/http"

	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/sbp"
	"kvit/internal/portal/view"
	"kvit/internal/qr"
)

// linkOf is the link of СБП an order waits to be paid by; ” when it has none. A link of another sum is not ours.
func linkOf(o *payment.Order) string {
	if o.Method != gateway.SBP || o.State != payment.StatePending {
		return ""
	}
	l, err := sbp.Parse(o.RedirectURL)
	if err != nil || l.HasSum && l.Sum != o.Sum {
		return ""
	}
	return l.URL
}

func linkView(o *payment.Order) *view.SBPLink {
	link := linkOf(o)
	if link == "" {
		return nil
	}
	return &view.SBPLink{Href: link, Picture: "/paid/" + o.PublicID + "/qr.svg"}
}

// paidQR is the picture of the link of СБП.
func (m *Module) paidQR(w http.ResponseWriter, r *http.Request) error {
	o, err := m.Payments.Find(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	link := linkOf(&o)
	if link == "" {
		return fault.New(fault.NotFound, "payment.no_code", "Этот платёж больше не ждёт оплаты по коду.")
	}
	matrix, err := qr.Encode(link)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err = fmt.Fprint(w, matrix.SVG("Код СБП: оплатить в приложении банка"))
	return err
}

// backWords name what went back of a payment.
var backWords = map[string]string{
	payment.BackRefund: "Возврат", payment.BackOutside: "Возврат, сделанный в банке", payment.BackChargeback: "Банк вернул деньги плательщику по спору", payment.BackWon: "Спор решён, платёж восстановлен",
}

// fillBack lists what went back of a payment. A sum taken in a dispute is told first: the bill waits for it again.
func (m *Module) fillBack(r *http.Request, v *view.PayResult, o *payment.Order) error {
	list, err := m.Payments.ListBack(r.Context(), o.ID)
	if err != nil {
		return err
	}
	for _, b := range list {
		row := view.BackRow{Title: backWords[b.Kind], Sum: b.Sum, At: b.At, Done: b.Posted}
		if b.Kind == payment.BackWon {
			row.Sum = -b.Sum
		}
		v.Back = append(v.Back, row)
	}
	if disputed(list) {
		v.State = view.PayDisputed
	}
	return nil
}

// disputed tells that a bank took money back for a dispute that is not won.
func disputed(list []payment.Back) bool {
	open := 0
	for i := range list {
		switch list[i].Kind {
		case payment.BackChargeback:
			open++
		case payment.BackWon:
			open--
		}
	}
	return open > 0
}
