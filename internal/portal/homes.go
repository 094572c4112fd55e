package portal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/payer"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// homeRoutes are the homes a resident pays for, and the cards he let be kept.
func (m *Module) homeRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/accounts", Resource: "payment", Action: "pay", Handler: m.accounts},
		{Method: http.MethodPost, Pattern: "/accounts", Resource: "payment", Action: "pay", Handler: m.changeAccounts},
		{Method: http.MethodGet, Pattern: "/cards", Resource: "payment", Action: "pay", Handler: m.cards},
		{Method: http.MethodPost, Pattern: "/cards", Resource: "payment", Action: "pay", Handler: m.forgetCard},
	}
}

func (m *Module) accounts(w http.ResponseWriter, r *http.Request) error {
	return m.showAccounts(w, r, http.StatusOK, nil)
}

// homesTold are the words after something was done.
var homesTold = map[string]string{"added": "Адрес добавлен. Теперь его можно оплатить вместе со своим", "removed": "Адрес убран"}

func (m *Module) showAccounts(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	own, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	links, err := m.Payers.List(r.Context(), payerOf(r))
	if err != nil {
		return err
	}
	v := view.Accounts{Page: m.page(r, "Мои адреса"), Told: homesTold[r.URL.Query().Get("done")], Errors: web.ErrorsOf(failed), Number: r.PostFormValue("number"), Code: r.PostFormValue("code"), Name: r.PostFormValue("title")}
	v.Homes = append(v.Homes, view.AccountHome{Name: own.Address, Due: own.Total, Mine: true})
	total, all := own.Total, "/bill/pay?home="+ownHome
	for i := range links {
		h := view.AccountHome{ID: strconv.FormatInt(links[i].ID, 10), Name: links[i].Title}
		b, err := m.linkedBill(r.Context(), &links[i])
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if h.Gone = err != nil; !h.Gone {
			h.Name, h.Due = b.Address, b.Total
			total, all = total+b.Total, all+"&home="+h.ID
		}
		v.Homes = append(v.Homes, h)
	}
	if total > 0 && len(links) > 0 {
		v.PayHref, v.Total = all, total
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.AccountsPage(v))
}

func (m *Module) changeAccounts(w http.ResponseWriter, r *http.Request) error {
	actor := access.FromContext(r.Context()).String()
	if text := r.PostFormValue("remove"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fault.New(fault.NotFound, "home.unknown", "Такого адреса в вашем списке нет.")
		}
		if err := m.Payers.Remove(r.Context(), actor, payerOf(r), id); err != nil {
			return err
		}
		return web.SeeOther(w, r, "/accounts?done=removed")
	}
	link, err := m.provedHome(r)
	if err == nil {
		link.Title = r.PostFormValue("title")
		err = m.Payers.Add(r.Context(), actor, payerOf(r), link)
	}
	if err != nil {
		if !web.IsForm(err) && !fault.Is(err, fault.NotFound) {
			return err
		}
		return m.showAccounts(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, fault.CodeOf(err), fault.As(err).Message).WithField(fault.As(err).Field))
	}
	return web.SeeOther(w, r, "/accounts?done=added")
}

// provedHome finds the home of a number with the code of its bill, or of a code of a supplier's own paper.
func (m *Module) provedHome(r *http.Request) (l payer.Link, err error) {
	number, code := strings.TrimSpace(r.PostFormValue("number")), strings.TrimSpace(r.PostFormValue("code"))
	if number == "" {
		return l, fault.New(fault.Invalid, "home.number", "Введите номер лицевого счёта или текст кода с квитанции").WithField("number")
	}
	token := ""
	if code == "" {
		x, err := m.findPaper(r, number)
		if err != nil {
			return l, fault.New(fault.KindOf(err), fault.CodeOf(err), fault.As(err).Message).WithField("number")
		}
		if x.Token == "" {
			return m.provedAccount(r, x.Building, x.Account)
		}
		token = x.Token
	} else if token, err = m.Bills.FindByTyped(r.Context(), number, code); err != nil {
		return l, fault.New(fault.KindOf(err), fault.CodeOf(err), fault.As(err).Message).WithField("code")
	}
	ref, err := m.Bills.FindByToken(r.Context(), token)
	return payer.Link{Home: payer.Home{Building: ref.Building, Household: ref.Household}, Proof: payer.ByCode}, err
}

// provedAccount is the one account a supplier's paper opens; one of the payer's own bill is in it already.
func (m *Module) provedAccount(r *http.Request, building, account int64) (l payer.Link, err error) {
	b, err := m.ownBill(r, 0)
	if err == nil && slices.Contains(accountsOf(b), account) {
		err = fault.New(fault.Conflict, "home.own", "Этот счёт уже есть в вашем счёте.").WithField("number")
	}
	return payer.Link{Home: payer.Home{Building: building, Account: account}, Proof: payer.ByPaper}, err
}

func (m *Module) cards(w http.ResponseWriter, r *http.Request) error {
	who := payerOf(r)
	saved, err := m.Payments.ListSaved(r.Context(), who.Building, who.Household)
	if err != nil {
		return err
	}
	v := view.Cards{Page: m.page(r, "Мои карты"), Forgotten: r.URL.Query().Get("done") == "forgotten"}
	for i := range saved {
		v.Cards = append(v.Cards, view.Card{ID: saved[i].ID, Title: saved[i].Title, Expires: saved[i].Expires, Consent: saved[i].Consent, Since: saved[i].CreatedAt})
	}
	return web.Render(w, r, http.StatusOK, view.CardsPage(v))
}

func (m *Module) forgetCard(w http.ResponseWriter, r *http.Request) error {
	who := payerOf(r)
	err := m.Payments.ForgetSaved(r.Context(), access.FromContext(r.Context()).String(), r.PostFormValue("card"), who.Building, who.Household)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/cards?done=forgotten")
}
