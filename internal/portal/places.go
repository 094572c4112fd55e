package portal

import (
	"context"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/person"
	"kvit/internal/web"
)

// places is the choice of home at the top of a person's pages; nil where there is none. A page is shown without it when the homes
// cannot be read: what the page itself needs fails louder.
func (m *Module) places(r *http.Request) *web.AccountSwitch {
	a := access.FromContext(r.Context())
	if a.UserID == 0 {
		return nil
	}
	homes, err := m.homesOf(r)
	if err != nil || len(homes) == 0 {
		return nil
	}
	s := &web.AccountSwitch{Current: "Мои адреса", Action: "/accounts/choose", Others: []web.Link{{Title: "Все счета", Href: "/accounts"}}}
	day := m.People.Today()
	for i := range homes {
		name, err := m.nameOf(r.Context(), &homes[i])
		if err != nil {
			return nil
		}
		switch {
		case homes[i].ID == a.HomeID && a.Rights.Has(access.See):
			s.Current = name
		case homes[i].RightsOn(day).Has(access.See):
			s.Homes = append(s.Homes, web.SwitchHome{Value: strconv.FormatInt(homes[i].ID, 10), Title: name})
		}
	}
	return s
}

// nameOf is how a person calls a home: his own name of it and its address, masked where it was opened to him by a paper only.
func (m *Module) nameOf(ctx context.Context, h *person.Home) (name string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if h.Household == 0 {
			of, err := account.FindMember(ctx, tx, h.Building, h.Account, m.Now())
			name = homeName(h.Title, "счёт "+of.Claim.Printed, nil)
			return err
		}
		name, err = m.addressOf(ctx, tx, h)
		return err
	})
	return name, err
}

func (m *Module) addressOf(ctx context.Context, tx *db.Tx, h *person.Home) (string, error) {
	if h.Building <= 0 {
		return homeName(h.Title, "адрес уточняется", nil), nil
	}
	of, err := account.FindHousehold(ctx, tx, h.Building, h.Household, m.Now())
	if err != nil {
		return "", err
	}
	building, err := housing.FindBuilding(ctx, tx, h.Building)
	if err != nil {
		return "", err
	}
	address := housing.Premises(building.Address(), of.Flat, of.Room)
	if !h.Rights.Has(access.See) {
		address = bill.MaskAddress(address)
	}
	return homeName(h.Title, address, nil), nil
}

// chooseHome changes the home a person looks at; it stays chosen. Only his own is taken: who it is asked with every request.
func (m *Module) chooseHome(w http.ResponseWriter, r *http.Request) error {
	a := access.FromContext(r.Context())
	id, err := strconv.ParseInt(r.PostFormValue("home"), 10, 64)
	if err != nil {
		return errNoHome.Because(err)
	}
	if _, err := m.People.Find(r.Context(), a.UserID, id); err != nil {
		return err
	}
	c, err := r.Cookie(m.Site.CookieName(SessionCookie))
	if err != nil {
		return errNoHome.Because(err)
	}
	if err := m.Access.ChooseHome(r.Context(), c.Value, id); err != nil {
		return err
	}
	return web.SeeOther(w, r, landing(r.PostFormValue("next")))
}

// landing is where a page of one home goes when another home is chosen: the same page where every home has it, else the first.
func landing(next string) string {
	for _, same := range []string{"/bill", "/readings", "/payments", "/house", "/autopay", "/devices", "/accounts", "/bills", "/documents", "/appeals"} {
		if next == same {
			return next
		}
	}
	return "/home"
}
