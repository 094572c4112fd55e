package portal

import (
	"net/http"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// publicRoutes are the pages for everybody: nothing on them is of a person.
func (m *Module) publicRoutes() []web.Route {
	routes := []web.Route{
		{Pattern: "/tariffs", Handler: m.tariffs},
		{Pattern: "/tariffs.csv", Slow: true, Machine: true, Handler: m.tariffsCSV},
		{Pattern: "/city", Handler: m.city},
		{Pattern: "/status", Handler: m.serviceStatus},
		{Pattern: "/help", Handler: m.help},
		{Pattern: "/help/bill", Handler: m.readBill},
		{Pattern: "/accessibility", Handler: m.accessibility},
		{Pattern: "/privacy", Handler: m.privacy},
		{Pattern: "/robots.txt", Machine: true, Handler: m.robots},
		{Pattern: "/.well-known/security.txt", Machine: true, Handler: m.securityText},
	}
	for i := range routes {
		routes[i].Method, routes[i].Resource, routes[i].Action = http.MethodGet, "public", "read"
	}
	routes = append(routes, m.statusRoutes()...)
	return append(routes, web.Route{Method: http.MethodPost, Pattern: "/forget", Resource: "view", Action: "change", Handler: m.forget})
}

// publicPage starts a page for everybody: search engines may show it, and a browser may keep it to go back to.
func (m *Module) publicPage(w http.ResponseWriter, r *http.Request, title string) web.Page {
	p := m.page(r, title)
	p.Public = true
	p.Crumbs = []web.Link{{Title: "Главная", Href: "/"}}
	w.Header().Set("Cache-Control", "private, no-cache") // each carries a form of one browser
	return p
}

// Limits of a search for a house.
const (
	housesShown = 20
	typedMax    = 120 // signs of an address or a question that are looked at
)

// asked is what a person typed into the field of a search.
func asked(r *http.Request) string {
	typed := []rune(r.URL.Query().Get("q"))
	return string(typed[:min(len(typed), typedMax)])
}

// findHouse gives the house a page is asked about: by its code, or by what was typed when only one can be meant. Nil: the
// finder says what to choose from.
func (m *Module) findHouse(r *http.Request, page string) (house *housing.Building, f view.Finder, err error) {
	f = view.Finder{Action: page, Query: asked(r)}
	if code := r.URL.Query().Get("house"); code != "" {
		err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
			b, err := housing.FindByCode(r.Context(), tx, code)
			house = &b
			return err
		})
		if fault.Is(err, fault.NotFound) {
			f.None = true
			return nil, f, nil
		}
		return house, f, err
	}
	if f.Query == "" {
		return nil, f, nil
	}
	found, err := m.Houses.Find(r.Context(), f.Query, housesShown)
	if err != nil {
		return nil, f, err
	}
	if found.Sure {
		return &found.Houses[0], f, nil
	}
	for i := range found.Houses {
		f.Found = append(f.Found, web.Link{Title: found.Houses[i].Address(), Href: houseHref(page, &found.Houses[i])})
	}
	f.None = len(f.Found) == 0
	return nil, f, nil
}
