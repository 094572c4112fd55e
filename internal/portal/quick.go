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
	v, err := m.startView(r)
	if err != nil {
		return err
	}
	v.Page.Public = true
	return web.Render(w, r, http.StatusOK, view.StartPage(v))
}

func (m *Module) startView(r *http.Request) (v view.Start, err error) {
	v = view.Start{Page: m.page(r, "Оплата жилья и услуг одним счётом")}
	if r.FormValue("for") == view.ForReadings {
		v.For, v.Title = view.ForReadings, "Передать показания"
	}
	if v.Known, err = m.known(r); err != nil {
		return v, err
	}
	v.Tiles = m.startTiles(r, v.Known)
	v.Notices, err = m.serviceNotices(r)
	return v, err
}

// known is the home to go on with: that of a resident who is signed in, or the one this device opened last.
func (m *Module) known(r *http.Request) (*view.Known, error) {
	if a := access.FromContext(r.Context()); a.Role == access.Resident {
		return &view.Known{Address: "моим счётом", Href: "/home"}, nil
	}
	token := m.remembered(r)
	if token == "" {
		return nil, nil
	}
	ref, err := m.Bills.FindByToken(r.Context(), token)
	var b *bill.Bill
	if err == nil {
		b, err = m.Bills.At(r.Context(), ref, 0)
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Gone) {
		return nil, nil // the paper opens nothing any more
	}
	if err != nil {
		return nil, err
	}
	return &view.Known{Address: bill.MaskHouse(b.Address), Href: "/pay/" + token, ForgetTo: "/forget"}, nil
}

// startTiles are what people come for most.
func (m *Module) startTiles(r *http.Request, known *view.Known) []view.Tile {
	pay, read := "/qr", "/?for="+view.ForReadings
	switch {
	case access.FromContext(r.Context()).Role == access.Resident:
		pay, read = "/bill/pay", "/readings"
	case known != nil:
		pay, read = known.Href, known.Href+"/readings"
	}
	tiles := []view.Tile{
		{Title: "Оплатить", Text: "По коду на квитанции, без регистрации", Href: pay, Icon: "wallet"},
		{Title: "Передать показания", Text: "Воды, света, тепла, газа", Href: read, Icon: "meter"},
		{Title: "Узнать об отключении", Text: "Кто отвечает за ваш дом и кому звонить", Href: "/city", Icon: "alert"},
	}
	if len(m.Demo) > 0 {
		tiles = append(tiles, view.Tile{Title: "Показ", Text: "Войти как житель, поставщик или расчётный центр", Href: "/demo", Icon: "home"})
	}
	return tiles
}

// forget makes this device forget the bill it opened last.
func (m *Module) forget(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, m.Site.Cookie(billCookie, "", -1))
	return web.SeeOther(w, r, "/")
}

// begin takes the number of an account, then the code of the bill: alone neither opens anything, and whether a
// number exists is not told.
func (m *Module) begin(w http.ResponseWriter, r *http.Request) error {
	v, err := m.startView(r)
	if err != nil {
		return err
	}
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
		token, err := m.findTyped(r, v.Number, v.Code)
		if err == nil && v.For == view.ForReadings {
			return web.SeeOther(w, r, "/pay/"+token+"/readings")
		}
		if err == nil {
			return web.SeeOther(w, r, "/pay/"+token)
		}
		if !fault.Is(err, fault.NotFound) && !web.IsForm(err) {
			return err
		}
		v.AskCode, v.Errors = true, web.Errors{{Field: "code", Message: fault.As(err).Message}}
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, http.StatusUnprocessableEntity, view.StartPage(v))
}

// quick is the bill by its code: no names, the address masked.
func (m *Module) quick(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.Bills.FindByToken(r.Context(), r.PathValue("token"))
	switch {
	case fault.Is(err, fault.NotFound):
		return web.Render(w, r, http.StatusNotFound, view.QuickBillPage(view.QuickBill{Page: m.page(r, "Код не подошёл"), State: view.QuickWrong}))
	case fault.Is(err, fault.Gone):
		return web.Render(w, r, http.StatusGone, view.QuickBillPage(view.QuickBill{Page: m.page(r, "Код больше не действует"), State: view.QuickExpired}))
	case err != nil:
		return err
	}
	newer, err := m.Bills.Newer(r.Context(), ref, r.URL.Query().Get("b"))
	if err != nil {
		return err
	}
	if newer != nil {
		return web.Render(w, r, http.StatusOK, view.QuickBillPage(m.replacedView(r, newer)))
	}
	b, err := m.Bills.At(r.Context(), ref, 0)
	if err != nil {
		return err
	}
	v, err := m.quickView(r, b)
	if err != nil {
		return err
	}
	if v.ReadHref, err = m.quickMeters(r); err != nil {
		return err
	}
	v.SaveHref = addPage + r.PathValue("token")
	m.remember(w, r.PathValue("token"))
	return web.Render(w, r, http.StatusOK, view.QuickBillPage(v))
}

// addPage is where a bill is kept among a person's own, by its code.
const addPage = "/accounts/add/"

// replacedView is a bill that a newer one has followed, as it was issued: there is nothing to pay by it.
func (m *Module) replacedView(r *http.Request, b *bill.Bill) view.QuickBill {
	v := view.QuickBill{Page: m.page(r, "Прежний счёт"), State: view.QuickReplaced, Address: bill.MaskAddress(b.Address), Month: month(b.Month), Due: b.Total, NewerHref: r.URL.Path}
	for i := range b.Lines {
		l := &b.Lines[i]
		v.Lines = append(v.Lines, view.QuickLine{Service: supplier.ServiceTitle(l.Service, nil), Supplier: l.SupplierName, Due: l.Due})
	}
	return v
}

// quickMeters is where readings are given by the code; empty where the home has no meters.
func (m *Module) quickMeters(r *http.Request) (string, error) {
	h, err := m.readingHome(r)
	if err != nil {
		return "", err
	}
	sheet, err := m.Readings.Sheet(r.Context(), h.actor, h.Home)
	if err != nil || len(sheet.Cards) == 0 {
		return "", err
	}
	return h.base, nil
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

// The bill this device opened last, to go on with it next month: only a code that opened a bill here, signed, so that
// nobody plants another.
const (
	billCookie  = "bill"
	billSeconds = 40 * 24 * 3600
)

func (m *Module) remember(w http.ResponseWriter, token string) {
	http.SetCookie(w, m.Site.Cookie(billCookie, m.Site.Signed(billCookie, token), billSeconds))
}

func (m *Module) remembered(r *http.Request) string {
	c, err := r.Cookie(m.Site.CookieName(billCookie))
	if err != nil {
		return ""
	}
	return m.Site.Unsigned(billCookie, c.Value)
}
