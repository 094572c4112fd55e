package portal

import (
	"net/http"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// Moved is where the bill of a household is that left with its house.
type Moved struct {
	Centre string
	From   calendar.Date // that centre's first day
	Link   string        // of the bill there; '' until that centre has the house
}

// movedPages are the pages that show a live bill or take money for it, by their patterns.
var movedPages = map[string]bool{
	"/home": true, "/bill": true, "/bill/pay": true, "/readings": true, "/autopay": true, "/pay/{token}": true, "/pay/{token}/readings": true, "/pay/{token}/check": true,
}

// watchMoved puts the word about the new centre before the pages of bills that are no more here. What was issued, and how a
// bill looked on an earlier day, can still be read.
func (m *Module) watchMoved(routes []web.Route) {
	if m.Moved == nil {
		return
	}
	for i := range routes {
		if movedPages[routes[i].Pattern] {
			routes[i].Handler = m.unlessMoved(routes[i].Handler)
		}
	}
}

func (m *Module) unlessMoved(show web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := m.refOf(r)
		if err != nil || ref.Household == 0 || r.URL.Query().Get("at") != "" {
			return show(w, r)
		}
		moved, err := m.Moved(r.Context(), ref)
		if err != nil {
			return err
		}
		if moved == nil {
			return show(w, r)
		}
		status := http.StatusOK
		if r.Method == http.MethodPost {
			status = http.StatusConflict
		}
		v := view.Moved{Page: m.page(r, "Дом перешёл в другой расчётный центр"), Centre: moved.Centre, From: moved.From, Link: moved.Link}
		return web.Render(w, r, status, view.MovedPage(v))
	}
}

// refOf is the household a page is about: that of the code in the address, else of whoever asks. A code that opens nothing is
// the page's own affair.
func (m *Module) refOf(r *http.Request) (ref bill.Ref, err error) {
	token := r.PathValue("token")
	if token == "" {
		return own(r), nil
	}
	ref, err = m.Bills.FindByToken(r.Context(), token)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Gone) {
		return bill.Ref{}, nil
	}
	return ref, err
}
