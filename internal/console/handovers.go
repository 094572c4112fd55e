package console

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/handover"
	"kvit/internal/web"
)

// handoverRoutes are the pages of houses that go to other centres and come from them.
func (m *Module) handoverRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/handovers", Resource: "handover", Action: "read", Handler: m.handovers},
		{Method: http.MethodPost, Pattern: "/c/handovers", Resource: "handover", Action: "decide", Slow: true, Handler: m.prepareHandover},
		{Method: http.MethodPost, Pattern: "/c/handovers/file", Resource: "handover", Action: "decide", Files: true, Slow: true, Handler: m.takeHandoverFile},
		{Method: http.MethodPost, Pattern: "/c/handovers/peers", Resource: "handover", Action: "pin", Handler: m.pinCentre},
		{Method: http.MethodGet, Pattern: "/c/handovers/{id}", Resource: "handover", Action: "read", Slow: true, Handler: m.handover},
		{Method: http.MethodPost, Pattern: "/c/handovers/{id}", Resource: "handover", Action: "decide", Slow: true, Handler: m.decideHandover},
		{Method: http.MethodGet, Pattern: "/c/handovers/{id}/messages/{n}", Resource: "handover", Action: "decide", Handler: m.handoverMessage},
	}
}

var handoverTones = map[string]web.Tone{handover.Prepared: web.Warn, handover.Offered: web.Warn, handover.Checked: web.Warn, handover.Accepted: web.Info, handover.Confirmed: web.Info,
	handover.Completed: web.OK, handover.Declined: web.Bad, handover.Cancelled: web.Quiet}

func handoverState(state string) web.State {
	return web.State{Word: handover.Labels[state], Tone: handoverTones[state]}
}

func mayHandOver(r *http.Request) bool {
	return access.FromContext(r.Context()).Require("handover", "decide") == nil
}

func (m *Module) handovers(w http.ResponseWriter, r *http.Request) error {
	return m.showHandovers(w, r, http.StatusOK, nil)
}

func (m *Module) showHandovers(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	v := view.Handovers{Page: m.page(r, "Передача домов"), Errors: web.ErrorsOf(failed), Fingerprint: m.Handovers.Keys.Public().Fingerprint(), OwnKey: m.Handovers.Keys.Public().String(),
		House: r.PostFormValue("house"), Month: r.PostFormValue("month")}
	v.Page.WithErrors(v.Errors)
	list, err := m.Handovers.List(r.Context())
	if err != nil {
		return err
	}
	for i := range list {
		x := &list[i]
		v.Rows = append(v.Rows, view.HandoverRow{Href: "/c/handovers/" + x.ID, Address: x.Address, House: x.House, Centre: x.PeerName, Out: x.Side == handover.Out, Month: x.Month, Accounts: x.Accounts, Due: x.Due,
			Book: x.Book, State: handoverState(x.State), Next: x.Next})
	}
	peers, err := m.Handovers.ListPeers(r.Context())
	if err != nil {
		return err
	}
	for i := range peers {
		p := &peers[i]
		v.Centres = append(v.Centres, view.HandoverCentre{Code: p.Code, Name: p.Name, Fingerprint: p.Fingerprint, URL: p.URL})
		v.Peers = append(v.Peers, web.Choice{Value: p.Code, Label: p.Name, Chosen: p.Code == r.PostFormValue("to")})
	}
	if mayHandOver(r) {
		v.Key = web.NewKey()
	}
	v.MayPin = access.FromContext(r.Context()).Require("handover", "pin") == nil
	return web.Render(w, r, status, view.HandoversPage(v))
}

// again shows the list with what was wrong; anything else is a failure.
func (m *Module) againHandovers(w http.ResponseWriter, r *http.Request, err error) error {
	if refusedForm(err) || fault.Is(err, fault.NotFound) {
		return m.showHandovers(w, r, http.StatusConflict, err)
	}
	return err
}

func (m *Module) prepareHandover(w http.ResponseWriter, r *http.Request) error {
	var month calendar.Month
	if text := strings.TrimSpace(r.PostFormValue("month")); text != "" {
		parsed, err := calendar.ParseMonth(text)
		if err != nil {
			return m.againHandovers(w, r, fault.New(fault.Invalid, "handover.month_text", "Месяц не прочитался. Введите так: 2026-10.").WithField("month"))
		}
		month = parsed
	}
	err := m.once(w, r, func(actor string) (string, error) {
		h, err := m.Handovers.Prepare(r.Context(), actor, strings.TrimSpace(r.PostFormValue("house")), r.PostFormValue("to"), month)
		if err != nil {
			return "", err
		}
		return "/c/handovers/" + h.ID, nil
	})
	return m.againHandovers(w, r, err)
}

// takeHandoverFile takes a message that came in a file.
func (m *Module) takeHandoverFile(w http.ResponseWriter, r *http.Request) error {
	file, _, err := r.FormFile("file")
	if err != nil {
		return m.againHandovers(w, r, fault.New(fault.Invalid, "upload.empty", "Выберите файл, который прислал другой центр.").WithField("file"))
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	t, err := m.Handovers.Take(r.Context(), raw)
	if err != nil {
		return m.againHandovers(w, r, err)
	}
	return web.SeeOther(w, r, "/c/handovers/"+t.Handover)
}

func (m *Module) pinCentre(w http.ResponseWriter, r *http.Request) error {
	p := handover.Peer{Code: strings.TrimSpace(r.PostFormValue("code")), Name: strings.TrimSpace(r.PostFormValue("name")), INN: strings.TrimSpace(r.PostFormValue("inn")), Key: r.PostFormValue("key"), URL: strings.TrimSpace(r.PostFormValue("url")),
		Supplier: strings.TrimSpace(r.PostFormValue("supplier"))}
	if _, err := m.Handovers.Pin(r.Context(), access.FromContext(r.Context()).String(), p, false); err != nil {
		return m.againHandovers(w, r, err)
	}
	return web.SeeOther(w, r, "/c/handovers")
}

func (m *Module) handover(w http.ResponseWriter, r *http.Request) error {
	return m.showHandover(w, r, http.StatusOK, nil)
}

// balancesShown bounds the accounts of the act on the page; the command line prints all.
const balancesShown = 500

func (m *Module) showHandover(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	x, err := m.Handovers.Show(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := view.Handover{Page: m.page(r, x.Address), Errors: web.ErrorsOf(failed), Centre: x.PeerName, Out: x.Side == handover.Out, Month: x.Month, Cut: x.CutAt, Accounts: x.Accounts, Due: x.Due, Book: x.Book,
		State: handoverState(x.State), Next: x.Next, Reason: x.Reason, Act: x.ActDigest, Late: view.HandoverLate(x.Late)}
	v.Page.WithErrors(v.Errors)
	for _, s := range x.Steps {
		v.Steps = append(v.Steps, view.HandoverStep{What: s.What, Who: s.Who, At: s.At.Micros(), Done: s.Done})
	}
	for _, d := range x.Differences {
		v.Differences = append(v.Differences, view.HandoverDifference{Blocking: d.Blocking, About: aboutDifference(&d), Theirs: d.Theirs, Ours: d.Ours, Cause: d.Cause, Do: d.Do})
	}
	for i, b := range x.Balances {
		if i == balancesShown {
			v.More = len(x.Balances) - i
			break
		}
		row := view.HandoverBalance(b)
		row.Month, row.Oldest = monthText(b.Month), monthText(b.Oldest)
		v.Balances = append(v.Balances, row)
	}
	for _, l := range x.Letters {
		row := view.HandoverLetter{What: handover.LetterLabels[l.Kind], Sent: l.Sent, Made: l.MadeAt.Micros(), Taken: l.TakenAt.Micros(), Trouble: l.Trouble}
		if l.Sent && mayHandOver(r) {
			row.Href = fmt.Sprintf("/c/handovers/%s/messages/%d", x.ID, l.Number)
		}
		v.Letters = append(v.Letters, row)
	}
	m.handoverActions(r, &v, x)
	return web.Render(w, r, status, view.HandoverPage(v))
}

func aboutDifference(d *handover.Difference) string {
	var parts []string
	for _, s := range []string{d.Account, d.Supplier, d.Service} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// handoverActions are what the actor may do now.
func (m *Module) handoverActions(r *http.Request, v *view.Handover, x *handover.View) {
	if !mayHandOver(r) {
		return
	}
	actor := access.FromContext(r.Context()).String()
	v.Action, v.Key = "/c/handovers/"+x.ID, web.NewKey()
	if x.Side == handover.Out {
		v.Confirm = x.State == handover.Accepted && x.First != actor
		v.Cancel = x.State == handover.Prepared || x.State == handover.Accepted
		return
	}
	v.Decline = x.State == handover.Offered || x.State == handover.Checked
	v.Accept = v.Decline && !(x.State == handover.Checked && x.First == actor)
	for i := range x.Differences {
		v.Accept = v.Accept && !x.Differences[i].Blocking
	}
	v.Complete = x.State == handover.Accepted
}

// decideHandover does the step its button names.
func (m *Module) decideHandover(w http.ResponseWriter, r *http.Request) error {
	id, reason := r.PathValue("id"), strings.TrimSpace(r.PostFormValue("reason"))
	err := m.once(w, r, func(actor string) (string, error) {
		var err error
		switch r.PostFormValue("do") {
		case "accept":
			_, err = m.Handovers.Accept(r.Context(), actor, id)
		case "decline":
			_, err = m.Handovers.Decline(r.Context(), actor, id, reason)
		case "confirm":
			_, err = m.Handovers.Confirm(r.Context(), actor, id)
		case "cancel":
			_, err = m.Handovers.Cancel(r.Context(), actor, id, reason)
		case "complete":
			_, err = m.Handovers.Complete(r.Context(), actor, id)
		case "send":
			_, err = m.Handovers.Round(r.Context())
		default:
			err = fault.New(fault.Invalid, "handover.button", "Непонятно, что сделать. Обновите страницу и нажмите кнопку ещё раз.")
		}
		return "/c/handovers/" + id, err
	})
	if refusedForm(err) {
		return m.showHandover(w, r, http.StatusConflict, err)
	}
	return err
}

// handoverMessage gives a message to carry to the other centre.
func (m *Module) handoverMessage(w http.ResponseWriter, r *http.Request) error {
	number, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return fault.New(fault.NotFound, "handover.no_message", "Такого сообщения нет.")
	}
	name, body, err := m.Handovers.Message(r.Context(), r.PathValue("id"), number)
	if err != nil {
		return err
	}
	web.Attach(w, "application/json", name)
	_, err = w.Write(body)
	return err
}

// monthText is a month that a program writes 2026-10, for people; empty for none.
func monthText(text string) string {
	month, err := calendar.ParseMonth(text)
	if err != nil {
		return text
	}
	return month.Title()
}
