package console

import (
	"net/http"
	"net/url"

	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/meter"
	"kvit/internal/payment"
)

// findPayments looks for a payment by its number, whole or as people read it off a receipt.
func (m *Module) findPayments(r *http.Request, tx *db.Tx, query string) (g view.FindGroup, err error) {
	g.Title = "Платежи"
	o, _, err := payment.FindOrder(r.Context(), tx, query)
	switch {
	case fault.Is(err, fault.NotFound):
		return g, nil
	case fault.Is(err, fault.Conflict):
		g.Items = append(g.Items, view.FindItem{Title: query, Text: fault.As(err).Message})
		return g, nil
	case err != nil:
		return g, err
	}
	text := o.PaidOn.Dotted() + ", " + o.Sum.Format()
	g.Items = append(g.Items, view.FindItem{Title: "№\u00a0" + payment.ShortNumber(o.PublicID), Text: text, Href: "/c/trace?payment=" + url.QueryEscape(o.PublicID)})
	return g, nil
}

// findMeters looks for a meter by the number on it.
func (m *Module) findMeters(r *http.Request, tx *db.Tx, query string) (g view.FindGroup, err error) {
	g.Title = "Счётчики"
	list, err := meter.FindBySerial(r.Context(), tx, query)
	if err != nil {
		return g, err
	}
	for _, f := range list {
		item := view.FindItem{Title: meter.Called(f.Serial), Text: "счётчик дома"}
		if f.Account != 0 {
			member, err := account.FindMember(r.Context(), tx, f.Building, f.Account, m.Now())
			if err != nil {
				return g, err
			}
			if item.Text = "квартира " + member.Claim.Flat; member.Link.HouseholdID != 0 {
				item.Href = "/c/account/" + account.HouseholdCode(member.Link.HouseholdID) + "/meters"
			}
		}
		g.Items = append(g.Items, item)
	}
	return g, nil
}

// findCodes looks for the household of a code of a bill: the public one, or the eight signs typed off paper.
func (m *Module) findCodes(r *http.Request, tx *db.Tx, query string) (g view.FindGroup, err error) {
	g.Title = "Коды счетов"
	refs, err := bill.ListByCode(r.Context(), tx, query)
	for _, ref := range refs {
		code := account.HouseholdCode(ref.Household)
		g.Items = append(g.Items, view.FindItem{Title: code, Text: "семья с таким кодом в счёте", Href: "/c/account/" + code})
	}
	return g, err
}
