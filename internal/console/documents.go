package console

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/statement"
	"kvit/internal/web"
)

// documentRoutes are the pages of documents made for households and of papers thought forged.
func (m *Module) documentRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/documents", Resource: "document", Action: "read", Handler: m.documents},
		{Method: http.MethodGet, Pattern: "/c/documents/{number}", Resource: "document", Action: "read", Handler: m.document},
		{Method: http.MethodPost, Pattern: "/c/documents/{number}", Resource: "document", Action: "withdraw", Handler: m.withdrawDocument},
		{Method: http.MethodGet, Pattern: "/c/documents/{number}/pdf", Resource: "document", Action: "read", Slow: true, Handler: m.documentPDF},
		{Method: http.MethodGet, Pattern: "/c/forgeries", Resource: "document", Action: "read", Handler: m.forgeries},
		{Method: http.MethodPost, Pattern: "/c/forgeries", Resource: "document", Action: "withdraw", Handler: m.judgeForgery},
		{Method: http.MethodGet, Pattern: "/c/forgeries/{id}/photo", Resource: "document", Action: "read", Handler: m.forgeryPhoto},
	}
}

// documentsShown bounds the lists.
const documentsShown = 200

// documents lists what was made last; a number leads to its document.
func (m *Module) documents(w http.ResponseWriter, r *http.Request) error {
	v := view.Documents{Page: m.page(r, "Справки и выписки"), Query: strings.TrimSpace(r.URL.Query().Get("number"))}
	status := http.StatusOK
	if v.Query != "" {
		d, err := m.Documents.Find(r.Context(), v.Query)
		if err == nil {
			return web.SeeOther(w, r, "/c/documents/"+d.Number)
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		status, v.Errors = http.StatusNotFound, web.Errors{{Field: "number", Message: fault.As(err).Message}}
		v.Page.WithErrors(v.Errors)
	}
	if err := m.documentLists(r, &v); err != nil {
		return err
	}
	return web.Render(w, r, status, view.DocumentsPage(v))
}

func (m *Module) documentLists(r *http.Request, v *view.Documents) error {
	list, err := m.Documents.Recent(r.Context(), documentsShown)
	if err != nil {
		return err
	}
	for i := range list {
		v.Rows = append(v.Rows, m.documentRow(&list[i]))
	}
	waiting, err := m.Documents.ListWaiting(r.Context(), 0, documentsShown)
	if err != nil {
		return err
	}
	for i := range waiting {
		x := &waiting[i]
		v.Waiting = append(v.Waiting, view.DocumentWait{Title: statement.Titles[x.Kind], SubscriberHref: subscriberHref(x.Ref.Household), Supplier: x.Supplier, Phone: x.Phone, At: x.AskedAt, AnswerBy: x.AnswerBy, Late: x.AnswerBy < m.day()})
	}
	reports, err := m.Documents.ListForgeries(r.Context(), false, documentsShown)
	v.Reports = len(reports)
	return err
}

func subscriberHref(household int64) string { return "/c/account/" + account.HouseholdCode(household) }

func (m *Module) documentRow(d *statement.Document) view.DocumentRow {
	period := "на " + calendar.DateOf(d.MadeAt.Time().In(m.Zone)).Dotted()
	if d.Kind.Dated() {
		period = d.From.Title() + " – " + d.To.Title()
	}
	return view.DocumentRow{
		Number: statement.PrintNumber(d.Number), Href: "/c/documents/" + d.Number, Title: statement.Titles[d.Kind], Period: period, Subscriber: account.HouseholdCode(d.Ref.Household), SubscriberHref: subscriberHref(d.Ref.Household),
		By: who(d.MadeBy), At: d.MadeAt, State: web.State{Word: statement.Labels[d.State], Tone: map[statement.State]web.Tone{statement.Live: web.OK, statement.Replaced: web.Warn, statement.Withdrawn: web.Bad}[d.State]},
	}
}

func (m *Module) document(w http.ResponseWriter, r *http.Request) error {
	return m.showDocument(w, r, http.StatusOK, nil)
}

func (m *Module) showDocument(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	d, err := m.Documents.Find(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	v := view.Document{
		Page: m.page(r, "Документ № "+statement.PrintNumber(d.Number)), DocumentRow: m.documentRow(d), Lead: d.Content.Lead, Digest: d.Digest, PDFHref: "/c/documents/" + d.Number + "/pdf", CheckHref: "/check/" + d.Number,
		Reason: d.Reason, EndedBy: who(d.EndedBy), EndedAt: d.EndedAt, Key: web.NewKey(), Typed: r.PostFormValue("reason"), Errors: web.ErrorsOf(failed),
	}
	if d.Newer != "" {
		v.Newer, v.NewerHref = statement.PrintNumber(d.Newer), "/c/documents/"+d.Newer
	}
	if d.State == statement.Live && access.FromContext(r.Context()).Require("document", "withdraw") == nil {
		v.WithdrawTo = "/c/documents/" + d.Number
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DocumentPage(v))
}

// withdrawDocument takes a document back. Pressed twice, it is taken back once.
func (m *Module) withdrawDocument(w http.ResponseWriter, r *http.Request) error {
	err := m.once(w, r, func(actor string) (string, error) {
		number := r.PathValue("number")
		return "/c/documents/" + number, m.Documents.Withdraw(r.Context(), actor, number, strings.TrimSpace(r.PostFormValue("reason")))
	})
	if refusedForm(err) {
		return m.showDocument(w, r, http.StatusUnprocessableEntity, err)
	}
	return err
}

func (m *Module) documentPDF(w http.ResponseWriter, r *http.Request) error {
	d, err := m.Documents.Find(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := m.Documents.PDF(&pdf, d, false); err != nil {
		return err
	}
	web.Show(w, "application/pdf", d.FileName())
	_, err = w.Write(pdf.Bytes())
	return err
}

func (m *Module) forgeries(w http.ResponseWriter, r *http.Request) error {
	return m.showForgeries(w, r, http.StatusOK, nil)
}

func (m *Module) showForgeries(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	all := r.URL.Query().Get("which") == "all"
	list, err := m.Documents.ListForgeries(r.Context(), all, documentsShown)
	if err != nil {
		return err
	}
	v := view.Forgeries{Page: m.page(r, "Сообщения о подделках"), Errors: web.ErrorsOf(failed), Tabs: []web.Tab{{Title: "Ждут проверки", Href: "/c/forgeries", Current: !all}, {Title: "Все", Href: "/c/forgeries?which=all", Current: all}}}
	for i := range list {
		f := &list[i]
		row := view.ForgeryRow{ID: strconv.FormatInt(f.ID, 10), Number: f.Number, INN: f.INN, Account: f.BankAccount, Comment: f.Comment, Contact: f.Contact, At: f.ToldAt, Answer: f.Answer, DecidedBy: who(f.DecidedBy), Open: f.State == statement.ForgeryOpen,
			State: web.State{Word: statement.ForgeryLabels[f.State], Tone: map[string]web.Tone{statement.ForgeryOpen: web.Warn, statement.ForgeryForged: web.Bad, statement.ForgeryGenuine: web.OK}[f.State]}}
		if f.Photo != "" {
			row.PhotoHref = "/c/forgeries/" + row.ID + "/photo"
		}
		v.Rows = append(v.Rows, row)
	}
	if access.FromContext(r.Context()).Require("document", "withdraw") == nil {
		v.JudgeTo = "/c/forgeries"
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.ForgeriesPage(v))
}

func (m *Module) judgeForgery(w http.ResponseWriter, r *http.Request) error {
	err := m.once(w, r, func(actor string) (string, error) {
		id, err := strconv.ParseInt(r.PostFormValue("id"), 10, 64)
		if err != nil {
			return "", fault.New(fault.Invalid, "forgery.state", "Решите: подделка это или наш документ.")
		}
		return "/c/forgeries?which=all", m.Documents.JudgeForgery(r.Context(), actor, id, r.PostFormValue("state"), strings.TrimSpace(r.PostFormValue("answer")))
	})
	if refusedForm(err) {
		return m.showForgeries(w, r, http.StatusUnprocessableEntity, err)
	}
	return err
}

func (m *Module) forgeryPhoto(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	f, err := m.Documents.OpenPhoto(r.Context(), id)
	if err != nil {
		return err
	}
	defer f.Close()
	return web.Picture(w, r, f)
}
