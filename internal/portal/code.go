package portal

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/qr"
	"kvit/internal/qr/scan"
	"kvit/internal/reading/photo"
	"kvit/internal/web"
)

// codeRoutes are the pages of paying by the payment code of a supplier's own paper.
func (m *Module) codeRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/qr", Resource: "quickbill", Action: "read", Handler: m.askCode},
		{Method: http.MethodPost, Pattern: "/qr", Resource: "quickbill", Action: "read", Files: true, Handler: m.readCode},
		{Method: http.MethodGet, Pattern: "/qr/{token}", Resource: "quickbill", Action: "read", Handler: m.codeBill},
		{Method: http.MethodGet, Pattern: "/qr/{token}/check", Resource: "quickbill", Action: "read", Handler: m.codeCheck},
		{Method: http.MethodPost, Pattern: "/qr/{token}/check", Resource: "quickbill", Action: "pay", Handler: m.codePay},
		{Method: http.MethodGet, Pattern: "/bill/bank.svg", Resource: "bill", Action: "read", Handler: m.unlessFormer(m.bankQR)},
	}
}

const codeTitle = "Оплата по QR-коду"

func (m *Module) askCode(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.CodePage(view.Code{Page: m.page(r, codeTitle)}))
}

// readCode opens the account of a pasted code. Whether an account exists is not told to who has no paper of it; a network
// that misses often waits.
func (m *Module) readCode(w http.ResponseWriter, r *http.Request) error {
	v := view.Code{Page: m.page(r, codeTitle), Text: strings.TrimSpace(r.PostFormValue("text"))}
	field := "text"
	text, err := m.photographed(r)
	if text != "" || err != nil {
		field = "photo"
	} else {
		text = v.Text
	}
	address := ""
	if err == nil {
		address, err = m.openCode(r, text)
	}
	if err == nil {
		return web.SeeOther(w, r, address)
	}
	if !web.IsForm(err) && !fault.Is(err, fault.NotFound) {
		return err
	}
	v.Errors = web.Errors{{Field: field, Message: fault.As(err).Message}}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, http.StatusUnprocessableEntity, view.CodePage(v))
}

func (m *Module) openCode(r *http.Request, text string) (address string, err error) {
	x, err := m.findPaper(r, text)
	if err != nil {
		return "", err
	}
	if x.Token != "" {
		return "/pay/" + x.Token, nil
	}
	token, err := m.sealCode(opened{x.Building, x.Account, m.Now() + codeLife})
	return "/qr/" + token, err
}

// photographed is the code on the picture a form brings; ” when it brings none.
func (m *Module) photographed(r *http.Request) (string, error) {
	file, _, err := r.FormFile("photo")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil
	}
	if err != nil {
		return "", fault.New(fault.Invalid, "scan.file", "Снимок не дошёл целиком. Отправьте его ещё раз.").Because(err)
	}
	defer file.Close()
	if err := m.Access.MayTry(r.Context(), paperSubject(r)); err != nil {
		return "", err
	}
	picture, err := photo.Read(file)
	if err != nil {
		return "", err
	}
	return scan.Read(picture.Full)
}

// paperSubject is whose misses are counted: a network's.
func paperSubject(r *http.Request) string { return "paper:" + web.Host(r) }

// findPaper finds what a code of a paper opens; a network that misses often waits.
func (m *Module) findPaper(r *http.Request, text string) (x bill.Opened, err error) {
	subject := paperSubject(r)
	if err := m.Access.MayTry(r.Context(), subject); err != nil {
		return x, err
	}
	x, err = m.Bills.Open(r.Context(), text)
	if fault.Is(err, fault.NotFound) {
		err = errors.Join(err, m.Access.Missed(r.Context(), subject))
	}
	return x, err
}

// codeLife is how long an account stays open after its code was read.
const codeLife = calendar.Micros(24 * 3600 * 1_000_000)

// opened is an account that a paper has opened. It travels sealed: the address tells nothing.
type opened struct {
	Building int64
	Account  int64
	Until    calendar.Micros
}

const codeSeal = "paper"

func (m *Module) sealCode(o opened) (string, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(m.Access.Seal(codeSeal, text)), nil
}

var errCodeOver = fault.New(fault.NotFound, "code.over", "Эта страница больше не открывается. Вставьте код с квитанции ещё раз.")

// codeBillOf is the bill of the one account that a paper has opened, its address masked.
func (m *Module) codeBillOf(r *http.Request) (*bill.Bill, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(r.PathValue("token"))
	if err != nil {
		return nil, errCodeOver
	}
	text, err := m.Access.Unseal(codeSeal, sealed)
	if err != nil {
		return nil, errCodeOver.Because(err)
	}
	var o opened
	if err := json.Unmarshal(text, &o); err != nil || o.Until < m.Now() {
		return nil, errCodeOver
	}
	b, err := m.Bills.AtAccount(r.Context(), o.Building, o.Account, 0)
	if err == nil {
		b.Address = bill.MaskAddress(b.Address)
	}
	return b, err
}

func (m *Module) codeBill(w http.ResponseWriter, r *http.Request) error {
	b, err := m.codeBillOf(r)
	if err != nil {
		return err
	}
	v, err := m.quickView(r, b)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.QuickBillPage(v))
}

func (m *Module) codeCheck(w http.ResponseWriter, r *http.Request) error {
	b, err := m.codeBillOf(r)
	if err != nil {
		return err
	}
	return m.showCheck(w, r, single(b, r.URL.Path), http.StatusOK, nil)
}

func (m *Module) codePay(w http.ResponseWriter, r *http.Request) error {
	b, err := m.codeBillOf(r)
	if err != nil {
		return err
	}
	return m.startPayment(w, r, single(b, r.URL.Path))
}

// bankQR is the picture of the payment code of the whole bill, for the payer's bank program.
func (m *Module) bankQR(w http.ResponseWriter, r *http.Request) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	b.Undivide() // what a bank's program pays is nobody's part
	text, err := m.Bills.WholeCode(r.Context(), b)
	if err != nil {
		return err
	}
	if text == "" {
		return fault.New(fault.NotFound, "bill.no_bank_code", "Расчётный центр ещё не указал счёт, на который платят по этому коду.")
	}
	matrix, err := qr.Encode(text)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err = io.WriteString(w, matrix.SVG("Код для оплаты всего счёта в приложении банка"))
	return err
}
