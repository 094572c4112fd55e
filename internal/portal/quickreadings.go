package portal

import (
	"net/http"

	"kvit/internal/access"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// quickReadingRoutes let whoever has the paper of a bill give readings: the 80 bits of its link are the right.
func (m *Module) quickReadingRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/pay/{token}/readings", Resource: "quickbill", Action: "read", Handler: m.readings},
		{Method: http.MethodPost, Pattern: "/pay/{token}/readings", Resource: "quickbill", Action: "tell", Files: true, Handler: m.giveReadings},
		{Method: http.MethodGet, Pattern: "/pay/{token}/readings/{id}", Resource: "quickbill", Action: "read", Handler: m.receipt},
	}
}

// readingGuest is the home behind the link of a bill. He may do with its meters what a household does, and no more.
func (m *Module) readingGuest(r *http.Request, token string) (readingHome, error) {
	ref, err := m.Bills.FindByToken(r.Context(), token)
	back := "/pay/" + token
	return readingHome{
		Home: reading.Home{Building: ref.Building, Household: ref.Household}, Origin: reading.Origin{Channel: reading.Page, Author: "по коду счёта"},
		actor: access.Actor{Role: access.Resident, BuildingID: ref.Building, HouseholdID: ref.Household}, base: back + "/readings", back: back, guest: true,
	}, err
}
