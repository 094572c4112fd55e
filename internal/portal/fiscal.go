package portal

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/fiscal/atol"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/qr"
	"kvit/internal/web"
)

// receiptsOf are the cash receipts of a payment as the payer sees them, or why there is none.
func (m *Module) receiptsOf(r *http.Request, v *view.PayResult, o *payment.Order) error {
	if o.State != payment.StateCaptured && o.State != payment.StateCredited {
		return nil
	}
	list, err := m.Receipts.OfPayment(r.Context(), o.PublicID)
	if err != nil {
		return err
	}
	for i := range list {
		v.Receipts = append(v.Receipts, receiptView(&list[i]))
	}
	if len(list) == 0 {
		v.NoReceipt, err = m.Receipts.Why(r.Context(), o.PublicID)
	}
	return err
}

// receiptView is one receipt. What the register is asked about is «готовится» for the payer: he has nothing to do.
func receiptView(x *fiscal.Receipt) view.FiscalReceipt {
	v := view.FiscalReceipt{Title: receiptTitle(x), Sum: x.Sum, State: web.State{Word: "готовится", Tone: web.Info, Icon: "clock"}}
	if x.State != fiscal.StateDone {
		return v
	}
	v.State, v.FN, v.FD, v.FP, v.At, v.URL = web.State{Word: "готов", Tone: web.OK}, x.FN, x.FD, x.FP, x.PrintedAt, x.URL
	v.QR = fmt.Sprintf("/paid/%s/receipts/%d/qr.svg", x.PublicID, x.ID)
	return v
}

// receiptQR draws the code of a printed receipt.
func (m *Module) receiptQR(w http.ResponseWriter, r *http.Request) error {
	list, err := m.Receipts.OfPayment(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	for i := range list {
		if strconv.FormatInt(list[i].ID, 10) != r.PathValue("n") || list[i].QR == "" {
			continue
		}
		code, err := qr.Encode(list[i].QR)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		_, err = io.WriteString(w, code.SVG("QR-код чека"))
		return err
	}
	return fault.New(fault.NotFound, "receipt.none", "Такого чека нет или он ещё не напечатан.")
}

func receiptTitle(x *fiscal.Receipt) string {
	switch {
	case x.Kind == atol.SellRefund:
		return "Чек возврата"
	case x.Kind == atol.Correction:
		return "Чек коррекции"
	case x.PaidBy == fiscal.PaidPrepaid:
		return "Чек зачёта аванса"
	}
	return "Чек"
}

// cashboxTold takes a call-back of the cash register: a hint to ask it now.
func (m *Module) cashboxTold(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fault.New(fault.Invalid, "cashbox.hint", "Сообщение кассы не прочиталось.").Because(err)
	}
	if err := m.Receipts.Hint(r.Context(), body); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}
