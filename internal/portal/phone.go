package portal

import (
	"net/http"
	"slices"

	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// PhoneMessage is a message somebody of the demo received.
type PhoneMessage = view.PhoneMessage

// phoneShown bounds the page of received messages.
const phoneShown = 200

// phoneRoutes is the page of what the demo's people were told; there is none outside a demo.
func (m *Module) phoneRoutes() []web.Route {
	if len(m.Demo) == 0 {
		return nil
	}
	return []web.Route{{Method: http.MethodGet, Pattern: "/demo/phone", Resource: "public", Action: "read", Handler: m.showPhone}}
}

// showPhone shows the latest messages, on loopback only: codes of signing in are among them.
func (m *Module) showPhone(w http.ResponseWriter, r *http.Request) error {
	if !onLoopback(r) {
		return fault.New(fault.Forbidden, "demo.loopback", "Эта страница показа работает только на этом же компьютере.")
	}
	v := view.Phone{Page: m.page(r, "Показ: телефон и почта")}
	if m.Phone != nil {
		v.Messages = m.Phone()
	}
	slices.SortStableFunc(v.Messages, func(a, b PhoneMessage) int { return int(b.At - a.At) })
	v.Messages = v.Messages[:min(len(v.Messages), phoneShown)]
	return web.Render(w, r, http.StatusOK, view.PhonePage(v))
}
