package console

import (
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/console/view"
	"kvit/internal/supplier/task"
	"kvit/internal/web"
)

// waitingRoutes are the page of what waits for a supplier's answer.
func (m *Module) waitingRoutes() []web.Route {
	return []web.Route{{Method: http.MethodGet, Pattern: "/s/waiting", Resource: "appeal", Action: "read", Handler: m.waitingTasks}}
}

// taskWords are the kinds of tasks in words.
var taskWords = map[string]string{task.Appeal: "Обращение", task.Document: "Документ"}

func (m *Module) waitingTasks(w http.ResponseWriter, r *http.Request) error {
	actor := access.FromContext(r.Context())
	list, err := m.Tasks(r.Context(), actor)
	if err != nil {
		return err
	}
	names, err := m.namesByID(r)
	if err != nil {
		return err
	}
	v := view.Waiting{Page: m.page(r, "Ждут ответа"), Centre: actor.SupplierID == 0}
	for i := range list {
		t := &list[i]
		row := view.WaitingRow{Kind: taskWords[t.Kind], Title: t.Title, Accounts: strings.Join(t.Accounts, ", "), Supplier: names[t.Supplier], AskedAt: t.AskedAt, AnswerBy: t.AnswerBy, Late: t.Late}
		if t.Kind == task.Appeal {
			row.Kind, row.Href = "Обращение № "+appeal.ShowNumber(t.Number), "/s/appeals/"+t.Number
		} else if actor.SupplierID != 0 {
			row.Href = "/s/intakes"
		}
		if t.Late {
			v.Late++
		}
		v.Rows = append(v.Rows, row)
	}
	return web.Render(w, r, http.StatusOK, view.WaitingPage(v))
}

// waits is how many things wait for the supplier of a page's reader. A page that only shows the number does without it when the
// database does not tell.
func (m *Module) waits(r *http.Request) int {
	if m.CountTasks == nil {
		return 0
	}
	open, _, err := m.CountTasks(r.Context(), access.FromContext(r.Context()))
	if err != nil {
		return 0
	}
	return open
}
