package app

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/notice"
	"kvit/internal/privacy"
	"kvit/internal/web"
)

// deeds are what somebody of the centre does for a resident, in his words, by the beginning of the address.
var deeds = []struct{ prefix, what string }{
	{"/readings", "переданы показания"}, {"/documents", "сделан документ"}, {"/appeals", "обращение"}, {"/bill", "обращение по счёту"},
}

// deedOf says what a request does for a resident.
func deedOf(pattern string) string {
	for _, d := range deeds {
		if strings.HasPrefix(pattern, d.prefix) {
			return d.what
		}
	}
	return "действие на странице " + pattern
}

// watchActing tells residents of what somebody of the centre does for them: each form that was taken stands among who looked at
// their data, with its reason, and they are written to.
func (a *App) watchActing(routes []web.Route) []web.Route {
	for i := range routes {
		r := &routes[i]
		if r.Method != http.MethodPost || r.Handler == nil || !access.OfHome(r.Resource, r.Action) {
			continue
		}
		what, next := deedOf(r.Pattern), r.Handler
		r.Handler = func(w http.ResponseWriter, req *http.Request) error {
			actor := access.FromContext(req.Context())
			if actor.Acting == nil {
				return next(w, req)
			}
			if err := next(w, req); err != nil || web.Answered(w) >= http.StatusBadRequest {
				return err
			}
			return a.tellDeed(req.Context(), actor, what)
		}
	}
	return routes
}

func (a *App) tellDeed(ctx context.Context, actor access.Actor, what string) error {
	err := a.Privacy.Looked(ctx, actor, privacy.Look{Building: actor.BuildingID, Household: actor.HouseholdID, What: what + " по вашей просьбе", Why: actor.Acting.Reason})
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		number, err := access.Did(ctx, tx, actor.Acting, what, a.now())
		if err != nil {
			return err
		}
		return notice.Send(ctx, tx, notice.Order{
			Key: fmt.Sprintf("acting:%d:%d", actor.Acting.ID, number), Topic: notice.Security, Building: actor.BuildingID, Household: actor.HouseholdID, At: a.now(),
			Words: map[string]string{"итог": "Сотрудник расчётного центра за вас: " + what + ". Причина: " + strings.TrimSuffix(actor.Acting.Reason, ".")},
		})
	})
}
