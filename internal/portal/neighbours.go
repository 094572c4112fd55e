package portal

import (
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/portal/view"
	"kvit/internal/privacy"
	"kvit/internal/web"
)

// compareCookie remembers that a resident asked to see his flat among the others of the house. Without it nothing is
// compared: he decides (ux.md 15).
const (
	compareCookie = "compare"
	compareLife   = 365 * 24 * 3600 // seconds
)

// addNeighbours adds to the page of a house its totals without persons, whom to ask, and, for who wished so, his own flat
// among the others.
func (m *Module) addNeighbours(w http.ResponseWriter, r *http.Request, v *view.House) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	n, err := m.Bills.Neighbours(r.Context(), b)
	if err != nil {
		return err
	}
	byID, err := m.Bills.RecipientsOf(r.Context(), b)
	if err != nil {
		return err
	}
	v.Contacts = append(v.Contacts, view.HouseContact{Name: "Расчётный центр", Phone: v.HelpPhone, Note: v.HelpHours})
	seen := map[int64]bool{}
	for _, s := range b.Suppliers {
		if x := byID[s.SupplierID]; !seen[x.ID] {
			seen[x.ID] = true
			v.Contacts = append(v.Contacts, view.HouseContact{Name: x.Name, Phone: x.Phone, Note: x.Address})
		}
	}
	if n.Flats < bill.NeighboursLeast {
		return nil
	}
	v.Totals = &view.HouseTotals{Month: n.Month, Flats: n.Flats, Charged: n.Charged, Each: n.Charged / money.Amount(n.Flats), Paid: n.Paid}
	allowed, err := m.Privacy.AllowedNow(r.Context(), access.FromContext(r.Context()).UserID, privacy.Compare)
	if err != nil {
		return err
	}
	v.CompareStopped = !allowed
	if v.Compares = allowed && m.compares(w, r); v.Compares {
		for i := range n.Used {
			v.Own = append(v.Own, among(&n.Used[i]))
		}
	}
	return nil
}

// compares tells whether the flat is compared, and takes the wish of this very request.
func (m *Module) compares(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Query().Get("compare") {
	case "yes":
		http.SetCookie(w, m.Site.Cookie(compareCookie, "yes", compareLife))
		return true
	case "no":
		http.SetCookie(w, m.Site.Cookie(compareCookie, "", -1))
		return false
	}
	c, err := r.Cookie(m.Site.CookieName(compareCookie))
	return err == nil && c.Value == "yes"
}

// among draws a flat among the others, in neutral words.
func among(u *bill.NeighboursUse) web.QuartileChart {
	c := web.QuartileChart{
		Unit: u.Unit, Flats: u.Flats, Low: int64(u.Low), Lower: int64(u.Lower), Middle: int64(u.Middle), Upper: int64(u.Upper), High: int64(u.High), Own: int64(u.Own),
		LowerText: decimal.Shown(u.Lower, 2), MiddleText: decimal.Shown(u.Middle, 2), UpperText: decimal.Shown(u.Upper, 2), OwnText: decimal.Shown(u.Own, 2),
	}
	if c.Unit == "" {
		c.Unit = unitOf(&bill.PastService{Title: u.Title})
	}
	where := "как у половины квартир дома"
	switch {
	case u.Own < u.Lower:
		where = "меньше, чем у трёх четвертей квартир дома"
	case u.Own > u.Upper:
		where = "больше, чем у трёх четвертей квартир дома"
	}
	c.Title = web.Capital(strings.ToLower(u.Title)) + ": у вас " + where
	return c
}
