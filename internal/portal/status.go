package portal

import (
	"fmt"
	"net/http"

	"kvit/internal/portal/view"
	"kvit/internal/status"
	"kvit/internal/web"
)

// statusStates are the marks of components and incidents; statusSays tells the whole in a sentence.
var (
	statusStates = map[status.State]web.State{
		status.OK: {Word: "работает", Tone: web.OK}, status.Degraded: {Word: "с перебоями", Tone: web.Warn}, status.Stopped: {Word: "не работает", Tone: web.Bad},
	}
	statusSays = map[status.State]string{
		status.OK: "Всё работает", status.Degraded: "Часть сервиса работает с перебоями", status.Stopped: "Сервис сейчас не работает",
	}
)

// serviceStatus is P8: is the service all right.
func (m *Module) serviceStatus(w http.ResponseWriter, r *http.Request) error {
	return m.showStatus(w, r, http.StatusOK, nil)
}

func (m *Module) showStatus(w http.ResponseWriter, r *http.Request, code int, failed error) error {
	board, err := m.Status.Board(r.Context())
	if err != nil {
		return err
	}
	if as := status.State(r.URL.Query().Get("as")); len(m.Demo) > 0 && statusSays[as] != "" {
		pretend(board, as)
	}
	v := view.ServiceStatus{Page: m.publicPage(w, r, "Состояние сервиса"), State: statusStates[board.State], Says: statusSays[board.State]}
	for i := range board.Components {
		c := &board.Components[i]
		v.SeenAt = max(v.SeenAt, c.SeenAt)
		v.Components = append(v.Components, statusComponent(c))
	}
	v.Incidents, v.Past = incidents(board.Incidents), incidents(board.Past)
	if m.Status.Write != nil {
		v.Subscribe = &view.StatusSubscribe{Action: "/status/subscribe", Sent: r.URL.Query().Get("done") == "asked", Address: r.PostFormValue("email"), Errors: web.ErrorsOf(failed)}
		v.Page.WithErrors(v.Subscribe.Errors)
	}
	return web.Render(w, r, code, view.ServiceStatusPage(v))
}

// pretend shows another state of the service in a demo, for reviewers: nothing of it is kept.
func pretend(b *status.Board, as status.State) {
	b.State, b.Incidents = as, nil
	if as == status.OK || len(b.Components) == 0 {
		return
	}
	b.Components[0].State, b.Components[0].Note = as, "Так выглядит сбой в показе."
	if as == status.Stopped {
		now := b.Components[0].SeenAt
		b.Incidents = []status.Incident{{Title: "Счета не открываются", State: as, BeganAt: now - 1800e6, News: []status.News{{Text: "Меняем диск. Платежи и показания сохранены.", NextAt: now + 3600e6, ToldAt: now - 600e6}}}}
	}
}

func statusComponent(c *status.Component) view.StatusComponent {
	x := view.StatusComponent{Title: c.Title, Note: c.Note, State: statusStates[c.State]}
	if share := c.GoodShare(); share >= 0 {
		x.Share = fmt.Sprintf("%d,%02d\u00a0%%", share/100, share%100)
	}
	for i := range c.Days {
		x.Days = append(x.Days, view.StatusDay{Day: c.Days[i].Day, Tone: statusStates[c.Days[i].Worst()].Tone})
	}
	return x
}

func incidents(list []status.Incident) (rows []view.StatusIncident) {
	for i := range list {
		x := &list[i]
		row := view.StatusIncident{Title: x.Title, State: statusStates[x.State], Began: x.BeganAt, Ended: x.EndedAt, Next: x.NextAt()}
		if x.EndedAt != 0 {
			row.State = web.State{Word: "закончилось", Tone: web.OK}
		}
		for _, n := range x.News {
			row.News = append(row.News, view.StatusNews{Text: n.Text, At: n.ToldAt})
		}
		rows = append(rows, row)
	}
	return rows
}

// serviceNotices are what stands on the first page: the centre's messages, and what does not work now.
func (m *Module) serviceNotices(r *http.Request) (list []web.Notice, err error) {
	messages, err := m.Status.ListMessages(r.Context(), false)
	if err != nil {
		return nil, err
	}
	for i := range messages {
		list = append(list, web.Notice{Tone: web.Info, Title: messages[i].Title, Text: messages[i].Text, Told: true})
	}
	board, err := m.Status.Board(r.Context())
	if err != nil {
		return nil, err
	}
	for i := range board.Incidents {
		x := &board.Incidents[i]
		list = append(list, web.Notice{Tone: web.Warn, Title: x.Title, Text: x.News[0].Text, Told: true, Link: &web.Link{Title: "Что с сервисом", Href: "/status"}})
	}
	return list, nil
}
