package portal

import (
	"cmp"
	"net/http"

	"kvit/internal/calendar"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// DemoState is a state of a page that a reviewer may look at in the demo.
type DemoState struct {
	Page  string // how states are grouped: «Главная»
	State string // what is to be seen there
	Href  string // where it is seen
	Token string // of the demo link of the person who sees it; '' opens the page as it is
}

// stateRoutes are the pages for reviewers of a demo.
func (m *Module) stateRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/demo/states", Resource: "public", Action: "read", Slow: true, Handler: m.states},
		{Method: http.MethodPost, Pattern: "/demo/states", Resource: "session", Action: "start", Handler: m.enterState},
	}
}

// states lists every state of every page that the demo's data come to.
func (m *Module) states(w http.ResponseWriter, r *http.Request) error {
	list, err := m.States(r.Context())
	if err != nil {
		return err
	}
	v := view.States{Page: m.page(r, "Показ: все состояния страниц"), Action: "/demo/states"}
	at := map[string]int{}
	for _, s := range list {
		i, ok := at[s.Page]
		if !ok {
			i = len(v.Groups)
			at[s.Page], v.Groups = i, append(v.Groups, view.StateGroup{Title: s.Page})
		}
		v.Groups[i].States = append(v.Groups[i].States, view.StateLink{Title: s.State, Href: s.Href, Token: s.Token})
	}
	return web.Render(w, r, http.StatusOK, view.StatesPage(v))
}

// enterState enters as the person who sees a state and opens it; of a state that strangers see it leaves first.
func (m *Module) enterState(w http.ResponseWriter, r *http.Request) error {
	if !onLoopback(r) {
		return errNotLoopback
	}
	next := web.LocalPath(r.PostFormValue("next"), "")
	if r.PostFormValue("door") == "" {
		http.SetCookie(w, m.Site.Cookie(SessionCookie, "", -1))
		return web.SeeOther(w, r, cmp.Or(next, "/"))
	}
	session, actor, err := m.Access.SpendDemoLink(r.Context(), r.PostFormValue("door"))
	if err != nil {
		return err
	}
	return m.enterAs(w, r, session, cmp.Or(next, homes[actor.Role]))
}

// visitorsDay is today, and in a demo the day its visitor asks for, with its end: what depends on the day can be seen without
// waiting for it. at is zero for now.
func (m *Module) visitorsDay(r *http.Request) (today calendar.Date, at calendar.Micros) {
	today = m.today()
	if len(m.Demo) == 0 {
		return today, 0
	}
	asked, err := calendar.ParseDate(r.URL.Query().Get("day"))
	if err != nil || asked == today {
		return today, 0
	}
	return asked, calendar.MicrosOf(asked.AddDays(1).Time(m.Zone)) - 1
}
