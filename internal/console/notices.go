package console

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/notice"
	"kvit/internal/web"
)

// noticeRoutes are messages to people: their log, waves, wordings.
func (m *Module) noticeRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/notices", Resource: "notice", Action: "read", Handler: m.notices},
		{Method: http.MethodGet, Pattern: "/c/notices/waves", Resource: "notice", Action: "read", Handler: m.waves},
		{Method: http.MethodPost, Pattern: "/c/notices/waves", Resource: "notice", Action: "decide", Handler: m.setWave},
		{Method: http.MethodGet, Pattern: "/c/notices/wordings", Resource: "notice", Action: "read", Handler: m.wordings},
		{Method: http.MethodGet, Pattern: "/c/notices/wordings/{name}", Resource: "notice", Action: "read", Handler: m.wording},
		{Method: http.MethodPost, Pattern: "/c/notices/wordings/{name}", Resource: "notice", Action: "decide", Handler: m.changeWording},
	}
}

func noticeTabs(current string) (tabs []web.Tab) {
	for _, t := range []web.Tab{{Title: "Журнал", Href: "/c/notices"}, {Title: "Рассылки", Href: "/c/notices/waves"}, {Title: "Тексты", Href: "/c/notices/wordings"}} {
		t.Current = t.Href == current
		tabs = append(tabs, t)
	}
	return tabs
}

// noticeStates are the states of messages as the centre reads them.
var noticeStates = map[notice.State]web.State{
	notice.Waiting: {Word: "ждёт", Tone: web.Quiet}, notice.Sending: {Word: "отправляется", Tone: web.Warn}, notice.Sent: {Word: "отправлено", Tone: web.Info}, notice.Delivered: {Word: "доставлено", Tone: web.OK},
	notice.Failed: {Word: "не доставлено", Tone: web.Bad}, notice.Unknown: {Word: "неизвестно", Tone: web.Warn}, notice.Skipped: {Word: "не отправляли", Tone: web.Quiet},
}

// listedStates are the states in the order of the filter.
var listedStates = []notice.State{notice.Waiting, notice.Sending, notice.Sent, notice.Delivered, notice.Failed, notice.Unknown, notice.Skipped}

// figureDays is how far back the figures of the log reach.
const figureDays = 1

func (m *Module) notices(w http.ResponseWriter, r *http.Request) error {
	q := notice.Query{Contact: r.FormValue("contact"), State: notice.State(r.FormValue("state")), Topic: notice.Topic(r.FormValue("topic"))}
	if before, err := strconv.ParseInt(r.FormValue("before"), 10, 64); err == nil {
		q.Before = calendar.Micros(before)
	}
	list, err := m.Notices.Search(r.Context(), q)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	v := view.Notices{Page: m.page(r, "Сообщения людям"), Tabs: noticeTabs("/c/notices"), Contact: q.Contact, States: stateChoices(q.State), Topics: topicChoices(q.Topic), Errors: web.ErrorsOf(err)}
	v.Page.WithErrors(v.Errors)
	for i := range list {
		v.Rows = append(v.Rows, noticeRow(&list[i]))
	}
	if len(list) == notice.PageMax {
		query := r.URL.Query()
		query.Set("before", strconv.FormatInt(int64(list[len(list)-1].CreatedAt), 10))
		v.Older = "/c/notices?" + query.Encode()
	}
	figures, err := m.Notices.Figures(r.Context(), m.Now()-calendar.Micros(figureDays*24*time.Hour/time.Microsecond))
	for _, f := range figures {
		v.Figures = append(v.Figures, view.NoticeFigure{Way: f.Channel.Title(), State: noticeStates[f.State], Count: f.Count})
	}
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.NoticesPage(v))
}

func stateChoices(chosen notice.State) []web.Choice {
	list := []web.Choice{{Value: "", Label: "любое", Chosen: chosen == ""}}
	for _, s := range listedStates {
		list = append(list, web.Choice{Value: string(s), Label: noticeStates[s].Word, Chosen: s == chosen})
	}
	return list
}

func topicChoices(chosen notice.Topic) []web.Choice {
	list := []web.Choice{{Value: "", Label: "любая", Chosen: chosen == ""}}
	for _, t := range notice.Topics() {
		list = append(list, web.Choice{Value: string(t), Label: t.Title(), Chosen: t == chosen})
	}
	return list
}

func noticeRow(n *notice.Notice) view.NoticeRow {
	row := view.NoticeRow{At: n.CreatedAt, SentAt: n.SentAt, Topic: n.Topic.Title(), Way: n.Channel.Title(), Text: n.Text, State: noticeStates[n.State], Outside: n.OutsideID, Tries: n.Tries}
	if n.Address != "" {
		row.Way += ", " + n.Address
	}
	if row.Why = notice.ReasonWords[n.Reason]; n.Text == "" && row.Why == "" {
		row.Why = "текст составим при отправке"
	}
	if n.State == notice.Waiting {
		row.NextAt = n.NextAt
	}
	return row
}

func (m *Module) waves(w http.ResponseWriter, r *http.Request) error {
	return m.showWaves(w, r, http.StatusOK, nil)
}

func (m *Module) showWaves(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	list, err := m.Notices.Waves(r.Context())
	if err != nil {
		return err
	}
	v := view.Waves{Page: m.page(r, "Рассылки"), Tabs: noticeTabs("/c/notices/waves"), Errors: web.ErrorsOf(failed), May: access.FromContext(r.Context()).Require("notice", "decide") == nil}
	v.Page.WithErrors(v.Errors)
	for i := range list {
		x := &list[i]
		row := view.WaveRow{ID: strconv.FormatInt(x.ID, 10), Title: x.Title, At: x.CreatedAt, Pace: strconv.Itoa(x.PerMinute), Waiting: x.Waiting, Done: x.Done, Paused: x.State == notice.WavePaused, By: who(x.ChangedBy), State: web.State{Word: "идёт", Tone: web.OK}}
		switch {
		case row.Paused:
			row.State = web.State{Word: "на паузе", Tone: web.Warn}
		case x.Waiting == 0:
			row.State = web.State{Word: "отправлена", Tone: web.Quiet}
		}
		v.Rows = append(v.Rows, row)
	}
	return web.Render(w, r, status, view.WavesPage(v))
}

func (m *Module) setWave(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PostFormValue("wave"), 10, 64)
	pace, wrong := strconv.Atoi(r.PostFormValue("pace"))
	if err != nil || wrong != nil {
		id, pace = 0, 0 // the module refuses it in words
	}
	state := notice.WaveRunning
	if r.PostFormValue("do") == "pause" {
		state = notice.WavePaused
	}
	err = m.Notices.SetWave(r.Context(), access.FromContext(r.Context()).String(), id, state, pace)
	if fault.Is(err, fault.Invalid) {
		return m.showWaves(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/notices/waves")
}

func (m *Module) wordings(w http.ResponseWriter, r *http.Request) error {
	now, waiting, err := m.Notices.Templates(r.Context())
	if err != nil {
		return err
	}
	v := view.Wordings{Page: m.page(r, "Тексты сообщений"), Tabs: noticeTabs("/c/notices/wordings")}
	for i := range now {
		v.Rows = append(v.Rows, wordingRow(&now[i]))
	}
	for i := range waiting {
		v.Waiting = append(v.Waiting, wordingRow(&waiting[i]))
	}
	return web.Render(w, r, http.StatusOK, view.WordingsPage(v))
}

func wordingRow(t *notice.Template) view.WordingRow {
	row := view.WordingRow{Name: t.Name, Href: "/c/notices/wordings/" + t.Name, Subject: t.Subject, Text: t.Text, From: t.From, By: who(t.Author), Version: strconv.FormatInt(t.Version, 10), State: web.State{Word: "действует", Tone: web.OK}}
	switch {
	case t.Version == 0:
		row.By = "Квит"
	case t.State == notice.Proposed:
		row.State = web.State{Word: "ждёт второго человека", Tone: web.Warn}
	case t.State == notice.Refused:
		row.State = web.State{Word: "отклонён", Tone: web.Bad}
	}
	return row
}

func (m *Module) wording(w http.ResponseWriter, r *http.Request) error {
	list, err := m.Notices.Versions(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	return m.showWording(w, r, http.StatusOK, list[0], nil)
}

// previewHomes is how many homes a wording is tried on.
const previewHomes = 10

func (m *Module) showWording(w http.ResponseWriter, r *http.Request, status int, t notice.Template, failed error) error {
	list, err := m.Notices.Versions(r.Context(), t.Name)
	if err != nil {
		return err
	}
	v := view.Wording{Page: m.page(r, "Текст: "+t.Name), Tabs: noticeTabs("/c/notices/wordings"), Action: "/c/notices/wordings/" + t.Name, Subject: t.Subject, Text: t.Text, From: r.PostFormValue("from"), Words: notice.Words, Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	if access.FromContext(r.Context()).Require("notice", "decide") == nil {
		v.Key = web.NewKey()
	}
	if v.From == "" {
		v.From = calendar.DateOf(m.Now().Time().In(m.Zone)).AddDays(1).String()
	}
	for i := range list {
		v.Versions = append(v.Versions, wordingRow(&list[i]))
	}
	if failed == nil {
		homes, err := m.Notices.Homes(r.Context(), previewHomes)
		if err != nil {
			return err
		}
		tried, err := m.Notices.Preview(r.Context(), &t, homes)
		if err != nil {
			return err
		}
		for _, p := range tried {
			v.Tried = append(v.Tried, triedView(&p))
		}
	}
	return web.Render(w, r, status, view.WordingPage(v))
}

func triedView(p *notice.Preview) view.Tried {
	t := view.Tried{Home: fmt.Sprintf("семья %d", p.Household), Subject: p.Subject, Text: p.Text}
	switch {
	case p.Done:
		t.Says = "сейчас не отправили бы: уже сделано"
	case p.Lacks:
		t.Says = "не хватает данных: такое сообщение не уйдёт"
	}
	return t
}

func (m *Module) changeWording(w http.ResponseWriter, r *http.Request) error {
	actor, name := access.FromContext(r.Context()).String(), r.PathValue("name")
	t := notice.Template{Name: name, Subject: r.PostFormValue("subject"), Text: r.PostFormValue("text")}
	var err error
	switch do := r.PostFormValue("do"); do {
	case "accept", "refuse":
		version, wrong := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
		if wrong != nil {
			version = 0
		}
		err = m.Notices.Decide(r.Context(), actor, version, map[string]string{"accept": notice.Active, "refuse": notice.Refused}[do])
	case "try":
		if err = t.Check(); err == nil {
			return m.showWording(w, r, http.StatusOK, t, nil)
		}
	default:
		if t.From, err = calendar.ParseDate(r.PostFormValue("from")); err != nil {
			err = fault.New(fault.Invalid, "template.from", "Дату пишут так: 2026-12-31.").WithField("from")
		} else {
			_, err = m.Notices.Propose(r.Context(), actor, t)
		}
	}
	if fault.Is(err, fault.Invalid) {
		return m.showWording(w, r, http.StatusUnprocessableEntity, t, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/notices/wordings/"+name)
}
