package console

import (
	"context"
	"net/http"

	"kvit/internal/access"
	"kvit/internal/console/view"
	"kvit/internal/web"
)

// Advances is how the console sees money paid ahead to suppliers that left the bills.
type Advances struct {
	List func(ctx context.Context) ([]view.AdvanceRow, error)
	// Settle deals with the advance of one account by the rule of the catalogue.
	Settle func(ctx context.Context, actor, supplier, account string) error
}

// advanceRoutes are the pages of such advances.
func (m *Module) advanceRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/advances", Resource: "refund", Action: "read", Handler: m.advances},
		{Method: http.MethodPost, Pattern: "/c/advances", Resource: "refund", Action: "decide", Handler: m.settleAdvance},
	}
}

// refundTabs are the lists of money that goes back.
func refundTabs(current string, alike int) []web.Tab {
	tabs := []web.Tab{{Title: "Ждут решения", Href: "/c/refunds"}, {Title: "Похожие платежи", Href: "/c/refunds?which=alike", Count: alike}, {Title: "Все заявления", Href: "/c/refunds?which=all"},
		{Title: "Авансы ушедших", Href: "/c/advances"}, {Title: "Споры с банками", Href: "/c/disputes"}}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == current
	}
	return tabs
}

func (m *Module) advances(w http.ResponseWriter, r *http.Request) error {
	rows, err := m.Advances.List(r.Context())
	if err != nil {
		return err
	}
	pairs, err := m.Refunds.ListAlike(r.Context(), m.day().AddDays(-alikeDays), refundsShown)
	if err != nil {
		return err
	}
	v := view.Advances{Page: m.page(r, "Авансы у поставщиков, которых больше нет в счёте"), Tabs: refundTabs("/c/advances", len(pairs)), Rows: rows, Settled: r.URL.Query().Get("done") != ""}
	if access.FromContext(r.Context()).Require("refund", "decide") == nil {
		v.SettleTo = "/c/advances"
		for i := range v.Rows {
			v.Rows[i].Key = web.NewKey()
		}
	}
	return web.Render(w, r, http.StatusOK, view.AdvancesPage(v))
}

func (m *Module) settleAdvance(w http.ResponseWriter, r *http.Request) error {
	return m.once(w, r, func(actor string) (string, error) {
		return "/c/advances?done=1", m.Advances.Settle(r.Context(), actor, r.PostFormValue("supplier"), r.PostFormValue("account"))
	})
}
