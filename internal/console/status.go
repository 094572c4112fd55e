package console

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/status"
	"kvit/internal/web"
)

// statusRoutes are the page on which the centre tells of incidents and puts messages on the first page.
func (m *Module) statusRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/status", Resource: "status", Action: "read", Handler: m.status},
		{Method: http.MethodPost, Pattern: "/c/status", Resource: "status", Action: "write", Handler: m.tellStatus},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/renew", Resource: "issued", Action: "decide", Handler: m.renewCode},
	}
}

// statusTones are how states look.
var statusTones = map[status.State]web.Tone{status.OK: web.OK, status.Degraded: web.Warn, status.Stopped: web.Bad}

// statusWords are the states of components and incidents.
var statusWords = map[status.State]string{status.OK: "работает", status.Degraded: "с перебоями", status.Stopped: "не работает"}

func (m *Module) status(w http.ResponseWriter, r *http.Request) error {
	return m.showStatus(w, r, http.StatusOK, nil)
}

func (m *Module) showStatus(w http.ResponseWriter, r *http.Request, code int, failed error) error {
	board, err := m.Status.Board(r.Context())
	if err != nil {
		return err
	}
	messages, err := m.Status.ListMessages(r.Context(), true)
	if err != nil {
		return err
	}
	v := view.Status{Page: m.page(r, "Состояние сервиса"), Failed: cmp.Or(r.PostFormValue("id"), r.PostFormValue("do"))}
	v.Errors = statusErrors(v.Failed, failed)
	v.Page.WithErrors(v.Errors)
	for i := range board.Components {
		c := &board.Components[i]
		v.Components = append(v.Components, view.StatusComponent{Title: c.Title, Note: c.Note, Since: c.Since, State: web.State{Word: statusWords[c.State], Tone: statusTones[c.State]}})
	}
	for i := range board.Incidents {
		v.Incidents = append(v.Incidents, incidentRow(&board.Incidents[i]))
	}
	for i := range messages {
		x := &messages[i]
		v.Messages = append(v.Messages, view.StatusMessage{ID: strconv.FormatInt(x.ID, 10), Title: x.Title, Text: x.Text, From: x.From, Until: x.Until})
	}
	if access.FromContext(r.Context()).Require("status", "write") == nil {
		v.TellTo, v.Key = "/c/status", web.NewKey()
		m.fillStatus(r, &v)
	}
	return web.Render(w, r, code, view.StatusPage(v))
}

// statusErrors names fields as the page does: a name stands in several forms, so ids begin with the form.
func statusErrors(form string, failed error) web.Errors {
	list := web.ErrorsOf(failed)
	for i := range list {
		if f := list[i].Field; f != "" && f != "state" {
			list[i].Field = form + "-" + f
		}
	}
	return list
}

func incidentRow(x *status.Incident) view.StatusIncident {
	row := view.StatusIncident{ID: strconv.FormatInt(x.ID, 10), Title: x.Title, State: web.State{Word: statusWords[x.State], Tone: statusTones[x.State]}, Began: x.BeganAt, Next: x.NextAt()}
	for _, n := range x.News {
		row.News = append(row.News, view.StatusNews{Text: n.Text, At: n.ToldAt})
	}
	return row
}

// nextHour is when news are promised unless a person says otherwise.
const nextHour = calendar.Micros(time.Hour / time.Microsecond)

// fillStatus puts what was typed back, or what is usual.
func (m *Module) fillStatus(r *http.Request, v *view.Status) {
	usual := func(name string, at calendar.Micros) string {
		if r.PostForm.Has(name) {
			return r.PostFormValue(name)
		}
		return at.Time().In(m.Zone).Format(momentForm)
	}
	v.Title, v.Text, v.State = r.PostFormValue("title"), r.PostFormValue("text"), r.PostFormValue("state")
	v.Next = usual("next", m.Now()+nextHour)
	v.From, v.Until = usual("from", m.Now()), usual("until", m.Now()+24*nextHour)
}

// momentForm is how browsers write a day with its time.
const momentForm = "2006-01-02T15:04"

// momentOf reads a day with its time in the region's zone; 0 where none can be read.
func (m *Module) momentOf(text string) calendar.Micros {
	for _, form := range []string{momentForm, "02.01.2006 15:04"} {
		if at, err := time.ParseInLocation(form, strings.TrimSpace(text), m.Zone); err == nil {
			return calendar.MicrosOf(at)
		}
	}
	return 0
}

// tellStatus does what one of the forms of the page asks.
func (m *Module) tellStatus(w http.ResponseWriter, r *http.Request) error {
	var refused error
	err := m.once(w, r, func(actor string) (string, error) {
		err := m.doStatus(r, actor)
		if refusedForm(err) {
			refused = err
		}
		return "/c/status", err
	})
	if refused != nil {
		return m.showStatus(w, r, http.StatusUnprocessableEntity, refused)
	}
	return err
}

func (m *Module) doStatus(r *http.Request, actor string) error {
	ctx, id := r.Context(), numberOf(r.PostFormValue("id"))
	report := status.Report{Title: r.PostFormValue("title"), Text: r.PostFormValue("text"), State: status.State(r.PostFormValue("state")), NextAt: m.momentOf(r.PostFormValue("next")), Actor: actor}
	switch r.PostFormValue("do") {
	case "begin":
		_, err := m.Status.Begin(ctx, report)
		return err
	case "tell":
		return m.Status.Tell(ctx, id, report)
	case "end":
		return m.Status.End(ctx, id, report)
	case "say":
		_, err := m.Status.Say(ctx, status.Message{Title: report.Title, Text: report.Text, From: m.momentOf(r.PostFormValue("from")), Until: m.momentOf(r.PostFormValue("until")), Actor: actor})
		return err
	case "withdraw":
		return m.Status.Withdraw(ctx, id, actor)
	}
	return fault.New(fault.Invalid, "status.do", "Такого действия нет. Откройте страницу ещё раз.")
}

func numberOf(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64) // 0 is nobody's number
	return n
}
