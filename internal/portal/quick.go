package portal

import (
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

func (m *Module) start(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.StartPage(m.startView(r)))
}

func (m *Module) startView(r *http.Request) view.Start {
	v := view.Start{Page: m.page(r, "Оплата жилья и услуг одним счётом")}
	if a := access.FromContext(r.Context()); a.Role == access.Resident {
		v.Known = &view.Known{Address: "моим счётом", Href: "/home"}
	} else if token := m.remembered(r); token != "" {
		if ref, err := m.Bills.FindByToken(r.Context(), token); err == nil {
			if b, err := m.Bills.At(r.Context(), ref, 0); err == nil {
				v.Known = &view.Known{Address: bill.MaskAddress(b.Address), Href: "/pay/" + token}
			}
		}
	}
	if len(m.Demo) > 0 {
		v.Tiles = append(v.Tiles, view.Tile{Title: "Показ", Text: "Войти как житель, поставщик или расчётный центр", Href: "/demo", Icon: "home"})
	}
	return v
}

// begin takes the number of an account, then the code of the bill: alone neither opens anything, and whether a
// number exists is not told.
func (m *Module) begin(w http.ResponseWriter, r *http.Request) error {
	v := m.startView(r)
	v.Number, v.Code = strings.TrimSpace(r.PostFormValue("number")), strings.TrimSpace(r.PostFormValue("code"))
	if v.Code == "" && bill.IsTyped(v.Number) {
		v.Number, v.Code = "", v.Number // the one field takes either of the two
	}
	switch {
	case v.Number == "" && v.Code != "" && !r.PostForm.Has("code"):
		v.AskCode = true
		return web.Render(w, r, http.StatusOK, view.StartPage(v))
	case v.Number == "":
		v.AskCode = v.Code != ""
		v.Errors = web.Errors{{Field: "number", Message: "Введите номер лицевого счёта – он в правом верхнем углу квитанции"}}
	case v.Code == "":
		v.AskCode = true
		return web.Render(w, r, http.StatusOK, view.StartPage(v))
	}
	if v.Errors == nil {
		token, err := m.Bills.FindByTyped(r.Context(), v.Number, v.Code)
		if err == nil {
			return web.SeeOther(w, r, "/pay/"+token)
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		v.AskCode, v.Errors = true, web.Errors{{Field: "code", Message: fault.As(err).Message}}
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, http.StatusUnprocessableEntity, view.StartPage(v))
}

// quick is the bill by its code: no names, the address masked.
func (m *Module) quick(w http.ResponseWriter, r *http.Request) error {
	b, err := m.tokenBill(r)
	if fault.Is(err, fault.NotFound) {
		return web.Render(w, r, http.StatusNotFound, view.QuickBillPage(view.QuickBill{Page: m.page(r, "Код не подошёл"), State: view.QuickExpired}))
	}
	if err != nil {
		return err
	}
	v, err := m.quickView(r, b)
	if err != nil {
		return err
	}
	m.remember(w, r.PathValue("token"))
	return web.Render(w, r, http.StatusOK, view.QuickBillPage(v))
}

// quickView is a bill for somebody who only has a code.
func (m *Module) quickView(r *http.Request, b *bill.Bill) (view.QuickBill, error) {
	v := view.QuickBill{Page: m.page(r, "Счёт за жильё и услуги"), Address: bill.MaskAddress(b.Address), Month: month(b.Month), Due: b.Total, Disputed: b.LeftOut(), DueOn: b.DueOn, PayHref: r.URL.Path + "/check"}
	byID, err := m.Bills.RecipientsOf(r.Context(), b)
	if err != nil {
		return v, err
	}
	if v.Recipients, err = m.recipients(r.Context(), b, byID); err != nil {
		return v, err
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		v.Lines = append(v.Lines, view.QuickLine{Service: supplier.ServiceTitle(l.Service, byID[l.SupplierID].Services), Supplier: l.SupplierName, Due: l.Due})
	}
	return v, m.quickForm(r, &v, b)
}

// quickForm puts the button that pays all on the bill itself: from the QR to the bank is one page. A payment still
// at the bank takes its place; the page of other ways stays open.
func (m *Module) quickForm(r *http.Request, v *view.QuickBill, b *bill.Bill) (err error) {
	if b.Total == 0 {
		v.State, v.PayHref = view.QuickPaid, ""
		return nil
	}
	if v.Waiting, err = m.waiting(r, b); err != nil || v.Waiting != nil {
		return err
	}
	if v.Disputed == b.Total {
		return nil // nothing is left to pay at once: the page of other ways stays open
	}
	v.Pay = &view.PayForm{Action: v.PayHref, Key: web.NewKey(), Total: b.Payable(), Methods: m.methods(), Hidden: []view.HiddenField{{Name: "mode", Value: string(view.PayAll)}}}
	if v.Duplicate, err = m.duplicate(r, single(b, v.PayHref), b.Payable()); v.Duplicate != nil {
		v.Pay.Hidden = append(v.Pay.Hidden, view.HiddenField{Name: "alike", Value: v.Duplicate.ID})
	}
	return err
}

// The bill this device opened last, to go on with it: for a day, and only the code that was already here.
const (
	billCookie  = "bill"
	billSeconds = 24 * 3600
)

func (m *Module) remember(w http.ResponseWriter, token string) {
	http.SetCookie(w, m.Site.Cookie(billCookie, token, billSeconds))
}

func (m *Module) remembered(r *http.Request) string {
	c, err := r.Cookie(m.Site.CookieName(billCookie))
	if err != nil {
		return ""
	}
	return c.Value
}
