package portal

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"net/http"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/status"
	"kvit/internal/web"
)

// statusRoutes are the news of the service: by mail, and as a feed. Whoever leaves needs no page: mail programs press for him
// (RFC 8058).
func (m *Module) statusRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Pattern: "/status/subscribe", Resource: "news", Action: "subscribe", Handler: m.subscribe},
		{Method: http.MethodGet, Pattern: "/status/confirm/{code}", Resource: "news", Action: "subscribe", Handler: m.askConfirm},
		{Method: http.MethodPost, Pattern: "/status/confirm/{code}", Resource: "news", Action: "subscribe", Handler: m.confirmNews},
		{Method: http.MethodGet, Pattern: "/status/leave/{code}", Resource: "news", Action: "subscribe", Handler: m.askLeave},
		{Method: http.MethodPost, Pattern: "/status/leave/{code}", Resource: "news", Action: "subscribe", Machine: true, Handler: m.leaveNews},
		{Method: http.MethodGet, Pattern: "/status/feed.atom", Resource: "public", Action: "read", Machine: true, Handler: m.statusFeed},
	}
}

// subscribe asks an address by a letter. Each counts as a try of its network: nobody has letters sent to many.
func (m *Module) subscribe(w http.ResponseWriter, r *http.Request) error {
	if m.Status.Write == nil {
		return fault.New(fault.NotFound, "status.no_mail", "Подписки по почте здесь нет.")
	}
	address, err := person.Normal(person.Email, r.PostFormValue("email"))
	if err != nil {
		return m.showStatus(w, r, http.StatusUnprocessableEntity, fault.As(err).WithField("email"))
	}
	network := "status-news:" + web.Host(r)
	if err = m.Access.MayTry(r.Context(), network); err == nil {
		err = m.Access.MissedPaper(r.Context(), network)
	}
	switch {
	case fault.Is(err, fault.Limited):
		return m.showStatus(w, r, http.StatusTooManyRequests, fault.As(err).WithField("email"))
	case err != nil:
		return err
	}
	if err := m.Status.Subscribe(r.Context(), address); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/status?done=asked")
}

func (m *Module) askConfirm(w http.ResponseWriter, r *http.Request) error {
	v := m.statusStep(w, r, "Подписка на новости сервиса")
	v.Text, v.Button = "Присылать письма о сбоях на ваш адрес?", "Да, присылать"
	return web.Render(w, r, http.StatusOK, view.StatusStepPage(v))
}

func (m *Module) confirmNews(w http.ResponseWriter, r *http.Request) error {
	if err := m.Status.Confirm(r.Context(), r.PathValue("code")); err != nil {
		return err
	}
	v := m.statusStep(w, r, "Подписка на новости сервиса")
	v.Done = "Подписали. Напишем, если что-то сломается"
	return web.Render(w, r, http.StatusOK, view.StatusStepPage(v))
}

func (m *Module) askLeave(w http.ResponseWriter, r *http.Request) error {
	v := m.statusStep(w, r, "Не писать о сбоях")
	v.Text, v.Button = "Больше не присылать письма о сбоях?", "Больше не писать"
	return web.Render(w, r, http.StatusOK, view.StatusStepPage(v))
}

func (m *Module) leaveNews(w http.ResponseWriter, r *http.Request) error {
	if err := m.Status.Leave(r.Context(), r.PathValue("code")); err != nil {
		return err
	}
	v := m.statusStep(w, r, "Не писать о сбоях")
	v.Done = "Больше не пишем. Адрес стёрли"
	return web.Render(w, r, http.StatusOK, view.StatusStepPage(v))
}

func (m *Module) statusStep(w http.ResponseWriter, r *http.Request, title string) view.StatusStep {
	v := view.StatusStep{Page: m.publicPage(w, r, title), Action: r.URL.Path}
	v.Page.Public = false // its address is a secret of one person
	return v
}

// atom is a feed of news (RFC 4287).
type atom struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Content string   `xml:"content"`
}

// statusFeed is the news of incidents as a feed: an entry each, the newest first.
func (m *Module) statusFeed(w http.ResponseWriter, r *http.Request) error {
	board, err := m.Status.Board(r.Context())
	if err != nil {
		return err
	}
	base := m.Bills.BaseURL
	f := atom{Lang: "ru", ID: base + "/status", Title: "Состояние сервиса", Author: cmp.Or(m.Bills.Centre.Name, "Расчётный центр"), Links: []atomLink{{"self", base + "/status/feed.atom"}, {"", base + "/status"}}}
	var newest calendar.Micros
	for _, list := range [][]status.Incident{board.Incidents, board.Past} {
		for i := range list {
			f.Entries = append(f.Entries, m.entriesOf(&list[i], base)...)
			newest = max(newest, list[i].News[0].ToldAt)
		}
	}
	if newest == 0 {
		newest = m.Now() // nothing was told yet
	}
	f.Updated = stampOf(newest, m.Zone)
	body, err := xml.Marshal(f)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=60")
	_, err = w.Write(append([]byte(xml.Header), body...))
	return err
}

func (m *Module) entriesOf(x *status.Incident, base string) (list []atomEntry) {
	for i := range x.News {
		n := &x.News[i]
		e := atomEntry{ID: fmt.Sprintf("%s/status#%d-%d", base, x.ID, len(x.News)-i), Title: x.Title, Updated: stampOf(n.ToldAt, m.Zone), Link: atomLink{"", base + "/status"}, Content: n.Text}
		if i == 0 && x.EndedAt != 0 {
			e.Title = "Закончилось: " + e.Title
		}
		list = append(list, e)
	}
	return list
}

func stampOf(at calendar.Micros, zone *time.Location) string {
	return at.Time().In(zone).Format(time.RFC3339)
}
