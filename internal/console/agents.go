package console

import (
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/console/view"
	"kvit/internal/payment/biller"
	"kvit/internal/web"
)

// agentRoutes are the pages of banks and networks that pay to us.
func (m *Module) agentRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/agents", Resource: "agent", Action: "read", Handler: m.agents},
		{Method: http.MethodGet, Pattern: "/c/agents/{code}", Resource: "agent", Action: "read", Handler: m.agent},
	}
}

func (m *Module) agents(w http.ResponseWriter, r *http.Request) error {
	list, err := m.Agents.List(r.Context(), access.FromContext(r.Context()))
	if err != nil {
		return err
	}
	v := view.Agents{Page: m.page(r, "Банки и терминалы")}
	for i := range list {
		v.Rows = append(v.Rows, agentRow(&list[i]))
	}
	return web.Render(w, r, http.StatusOK, view.AgentsPage(v))
}

// agentWords are the states of a contract.
var agentWords = map[string]web.State{
	biller.Active: {Word: "принимает", Tone: web.OK}, biller.Paused: {Word: "приостановлен", Tone: web.Bad}, biller.Closed: {Word: "договор закончен", Tone: web.Info},
}

func agentRow(l *biller.Listed) view.AgentRow {
	return view.AgentRow{Name: l.Name, Href: "/c/agents/" + l.Code, Dialect: l.Dialect, State: agentWords[l.State], Count: l.Count, Sum: l.Sum, Asked: l.Asked, Failed: l.Failed, Alarms: l.Alarms, LastAt: l.LastAt}
}

// requestsShown is how many of an agent's requests the page shows.
const requestsShown = 100

// agent shows what an agent asked and was answered, or what it asked about one operation.
func (m *Module) agent(w http.ResponseWriter, r *http.Request) error {
	txn := r.URL.Query().Get("txn")
	list, err := m.Agents.Requests(r.Context(), access.FromContext(r.Context()), r.PathValue("code"), txn, requestsShown)
	if err != nil {
		return err
	}
	v := view.Agent{Page: m.page(r, "Запросы: "+r.PathValue("code")), Action: r.URL.Path, Txn: txn}
	for i := range list {
		v.Rows = append(v.Rows, requestRow(&list[i]))
	}
	return web.Render(w, r, http.StatusOK, view.AgentPage(v))
}

func requestRow(x *biller.Exchange) view.AgentRequest {
	row := view.AgentRequest{At: x.At, Command: x.Command, Txn: x.Txn, Request: x.Request, Answer: x.Answer, Code: strconv.Itoa(x.Code), State: web.State{Word: "сделано", Tone: web.OK}}
	switch {
	case x.Alarm:
		row.State = web.State{Word: "номер с другими данными", Tone: web.Bad}
	case x.Failed:
		row.State = web.State{Word: "отказ", Tone: web.Warn}
	}
	return row
}
