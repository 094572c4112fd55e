package portal

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

func (m *Module) start(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.StartPage(m.startView(r)))
}

func (m *Module) startView(r *http.Request) view.Start {
	v := view.Start{Page: m.page(r, "Оплата ЖКУ одним счётом")}
	if a := access.FromContext(r.Context()); a.Role == access.Resident {
		v.Known = &view.Known{Address: "мой счёт", Href: "/home"}
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
	switch {
	case v.Number == "":
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
	if err != nil {
		return err
	}
	v := view.QuickBill{Page: m.page(r, "Счёт за ЖКУ"), Address: mask(b.Address), Month: month(b.Month), Due: b.Total, DueOn: b.DueOn, PayHref: r.URL.Path + "/check"}
	if b.Total == 0 {
		v.State, v.PayHref = view.QuickPaid, ""
	}
	if v.Recipients, err = m.recipients(r.Context(), b); err != nil {
		return err
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		v.Lines = append(v.Lines, view.QuickLine{Service: l.Service, Supplier: l.SupplierName, Due: l.Due})
	}
	return web.Render(w, r, http.StatusOK, view.QuickBillPage(v))
}

// mask hides an address from who only has the code: «ул. Л***, 12, кв. *5».
func mask(address string) string {
	parts := strings.Split(address, ", ")
	for i, p := range parts {
		words := strings.Fields(p)
		last := len(words) - 1
		switch {
		case strings.HasPrefix(p, "кв. ") || strings.HasPrefix(p, "ком. "):
			n := words[last]
			words[last] = "*" + n[len(n)-1:]
		case last >= 0 && !isNumber(words[last]):
			r, _ := utf8.DecodeRuneInString(words[last])
			words[last] = string(r) + "***"
		}
		parts[i] = strings.Join(words, " ")
	}
	return strings.Join(parts, ", ")
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// result is what became of a payment. The address knows only the payment's secret id; the bank is asked, the
// parameters it sends along are not looked at.
func (m *Module) result(w http.ResponseWriter, r *http.Request) error {
	o, err := m.Payments.Confirm(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := view.PayResult{Page: m.page(r, "Платёж"), State: payState(&o), Sum: o.Sum, Number: shortNumber(o.PublicID), At: o.CreatedAt, Reason: o.Reason, Advance: o.Advance(),
		Method: map[string]string{"card": "карта", "sbp": "СБП"}[o.Method]}
	switch v.State {
	case view.PayWaiting:
		v.Page.Refresh = 5
		v.AnswerBy = o.CreatedAt + calendar.Micros(90*time.Minute/time.Microsecond)
	case view.PaySuccess:
		v.CreditOn = calendar.NextWorkday(o.PaidOn.AddDays(1))
	}
	v.Steps = []view.PayStep{{Title: "Платёж создан", At: o.CreatedAt}}
	if o.State == payment.StateCredited {
		v.Steps = append(v.Steps, view.PayStep{Title: "Банк подтвердил, деньги разнесены по счетам", At: o.ChangedAt})
	}
	if access.FromContext(r.Context()).Role == access.Resident {
		v.BillHref, v.HomeHref = "/bill", "/home"
		if v.State == view.PayDeclined || v.State == view.PayExpired {
			v.RetryHref = "/bill/pay"
		}
	}
	if v.Split, err = m.orderSplit(r, &o); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.PayResultPage(v))
}

func payState(o *payment.Order) view.PayState {
	switch {
	case o.Refunded > 0 && o.Refunded == o.Sum:
		return view.PayRefunded
	case o.State == payment.StateDeclined || o.State == payment.StateCancelled:
		return view.PayDeclined
	case o.State == payment.StateExpired:
		return view.PayExpired
	case o.State == payment.StateCaptured || o.State == payment.StateCredited:
		return view.PaySuccess
	}
	return view.PayWaiting
}

// orderSplit names who got what of an order.
func (m *Module) orderSplit(r *http.Request, o *payment.Order) (rows []view.SplitRow, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		rows = nil
		for i := range o.Parts {
			p := &o.Parts[i]
			if p.AccountID == 0 {
				continue
			}
			s, err := supplier.FindByID(r.Context(), tx, p.SupplierID)
			if err != nil {
				return err
			}
			member, err := account.FindMember(r.Context(), tx, p.BuildingID, p.AccountID, m.Now())
			if err != nil {
				return err
			}
			rows = append(rows, view.SplitRow{Supplier: s.Name, Account: member.Claim.Printed, Service: partWord(p.Kind), Pay: p.Amount})
		}
		return nil
	})
	return rows, err
}

func partWord(kind string) string {
	return map[string]string{payment.PartDebt: "оплата", payment.PartPenalty: "пени", payment.PartAdvance: "аванс"}[kind]
}
