package portal

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/qr"
	"kvit/internal/web"
)

// codeRoutes are the pages of paying by the payment code of a supplier's own paper.
func (m *Module) codeRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/qr", Resource: "quickbill", Action: "read", Handler: m.askCode},
		{Method: http.MethodPost, Pattern: "/qr", Resource: "quickbill", Action: "read", Handler: m.readCode},
		{Method: http.MethodGet, Pattern: "/qr/{token}", Resource: "quickbill", Action: "read", Handler: m.codeBill},
		{Method: http.MethodGet, Pattern: "/qr/{token}/check", Resource: "quickbill", Action: "read", Handler: m.codeCheck},
		{Method: http.MethodPost, Pattern: "/qr/{token}/check", Resource: "quickbill", Action: "pay", Handler: m.codePay},
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
	token, err := m.openCode(r, v.Text)
	if err == nil {
		return web.SeeOther(w, r, "/qr/"+token)
	}
	if !web.IsForm(err) && !fault.Is(err, fault.NotFound) {
		return err
	}
	v.Errors = web.Errors{{Field: "text", Message: fault.As(err).Message}}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, http.StatusUnprocessableEntity, view.CodePage(v))
}

func (m *Module) openCode(r *http.Request, text string) (token string, err error) {
	code, err := qr.Parse([]byte(text))
	if err != nil {
		return "", err
	}
	subject := "paper:" + web.Host(r)
	if err := m.Access.MayTry(r.Context(), subject); err != nil {
		return "", err
	}
	building, account, err := m.Bills.FindByPaper(r.Context(), code)
	if fault.Is(err, fault.NotFound) {
		return "", errors.Join(err, m.Access.Missed(r.Context(), subject))
	}
	if err != nil {
		return "", err
	}
	return m.sealCode(opened{building, account, m.Now() + codeLife})
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
	return m.showCheck(w, r, b, r.URL.Path, http.StatusOK, nil)
}

func (m *Module) codePay(w http.ResponseWriter, r *http.Request) error {
	b, err := m.codeBillOf(r)
	if err != nil {
		return err
	}
	return m.startPayment(w, r, b, r.URL.Path)
}
