package portal

import (
	"bytes"
	"net/http"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/privacy"
	"kvit/internal/statement"
	"kvit/internal/web"
)

// documentRoutes are R12: documents, and bills with and without paper.
func (m *Module) documentRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/documents", Resource: "document", Action: "own", Handler: m.documents},
		{Method: http.MethodPost, Pattern: "/documents", Resource: "document", Action: "own", Handler: m.makeDocument},
		{Method: http.MethodGet, Pattern: "/documents/paper", Resource: "document", Action: "paper", Handler: m.paper},
		{Method: http.MethodPost, Pattern: "/documents/paper", Resource: "document", Action: "paper", Handler: m.choosePaper},
		{Method: http.MethodGet, Pattern: "/documents/{number}", Resource: "document", Action: "own", Handler: m.document},
		{Method: http.MethodGet, Pattern: "/documents/{number}/pdf", Resource: "document", Action: "own", Slow: true, Handler: m.documentPDF},
		{Method: http.MethodPost, Pattern: "/documents/{number}/mail", Resource: "document", Action: "own", Handler: m.mailDocument},
		{Method: http.MethodGet, Pattern: "/bill/issued/{month}/xml", Resource: "bill", Action: "read", Handler: m.issuedXML},
	}
}

// Bounds of the page of documents.
const (
	documentsShown = 100
	monthsOffered  = 36
)

const documentsTitle = "Документы"

func (m *Module) documents(w http.ResponseWriter, r *http.Request) error {
	return m.showDocuments(w, r, http.StatusOK, nil, nil)
}

func (m *Module) showDocuments(w http.ResponseWriter, r *http.Request, status int, refused *statement.Refusal, failed error) error {
	b, err := m.ownBill(r, 0)
	if err != nil {
		return err
	}
	v := view.Documents{Page: m.page(r, documentsTitle), Action: "/documents", Key: web.NewKey(), PaperHref: "/documents/paper", Errors: web.ErrorsOf(failed)}
	m.documentForm(r, b, &v)
	if refused != nil {
		v.Refused = refusedView(refused)
	}
	if err := m.documentLists(r, &v); err != nil {
		return err
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.DocumentsPage(v))
}

// documentForm fills the form: the certificate of no debt and the last three months unless something else was chosen.
func (m *Module) documentForm(r *http.Request, b *bill.Bill, v *view.Documents) {
	today := calendar.DateOf(m.Now().Time().In(m.Zone)).Month()
	kind, supplier := r.FormValue("kind"), r.FormValue("supplier")
	if kind == "" {
		kind = string(statement.NoDebt)
	}
	v.Kinds = web.Choices{Name: "kind", Label: "Какой документ", Error: v.Errors.Of("kind")}
	for _, k := range statement.Kinds {
		c := web.Choice{Value: string(k), Label: statement.Titles[k], Chosen: string(k) == kind}
		if !k.Dated() {
			c.Hint = "на сегодня, период не нужен"
		}
		v.Kinds.Items = append(v.Kinds.Items, c)
	}
	v.From = monthChoices("from", "С какого месяца", r.FormValue("from"), today, today.Add(-2), v.Errors.Of("from"))
	v.To = monthChoices("to", "По какой месяц", r.FormValue("to"), today, today, v.Errors.Of("to"))
	seen := map[string]bool{}
	v.Suppliers = web.Choices{Name: "supplier", Label: "По кому", Error: v.Errors.Of("supplier"), Items: []web.Choice{{Value: "", Label: "Все поставщики", Chosen: supplier == ""}}}
	for _, s := range b.Suppliers {
		if !seen[s.Supplier] {
			seen[s.Supplier] = true
			v.Suppliers.Items = append(v.Suppliers.Items, web.Choice{Value: s.Supplier, Label: s.Name, Chosen: s.Supplier == supplier})
		}
	}
	if len(v.Suppliers.Items) < 3 {
		v.Suppliers.Items = nil
	}
}

func monthChoices(name, label, chosen string, today, usual calendar.Month, wrong string) web.Choices {
	c := web.Choices{Name: name, Label: label, Error: wrong, Width: "m"}
	if chosen == "" {
		chosen = usual.String()
	}
	for n := range monthsOffered {
		x := today.Add(-n)
		c.Items = append(c.Items, web.Choice{Value: x.String(), Label: web.Capital(x.Title()), Chosen: x.String() == chosen})
	}
	return c
}

func refusedView(x *statement.Refusal) *view.DocumentRefused {
	v := &view.DocumentRefused{Why: x.Why, AnswerBy: x.AnswerBy}
	for i := range x.Debts {
		d := &x.Debts[i]
		v.Debts = append(v.Debts, view.DocumentDebt{Supplier: d.Supplier, Account: d.Account, Since: d.Since, Sum: d.Principal, Penalty: d.Penalty})
		v.PayHref = "/bill/pay"
	}
	return v
}

// documentLists fills what the household has: documents, those that wait, its bills, and whether they come on paper.
func (m *Module) documentLists(r *http.Request, v *view.Documents) error {
	ref := own(r)
	list, err := m.Documents.List(r.Context(), ref.Household, documentsShown)
	if err != nil {
		return err
	}
	for i := range list {
		d := &list[i]
		v.Rows = append(v.Rows, view.DocumentRow{Title: statement.Titles[d.Kind], Period: m.periodOf(d), Number: statement.PrintNumber(d.Number), Href: documentHref(d), PDFHref: documentHref(d) + "/pdf", At: d.MadeAt, State: documentState(d.State)})
	}
	waiting, err := m.Documents.ListWaiting(r.Context(), ref.Household, documentsShown)
	if err != nil {
		return err
	}
	for i := range waiting {
		x := &waiting[i]
		v.Waiting = append(v.Waiting, view.DocumentWaiting{Title: statement.Titles[x.Kind], Supplier: x.Supplier, AnswerBy: x.AnswerBy})
	}
	issued, err := m.Bills.ListIssued(r.Context(), ref)
	if err != nil {
		return err
	}
	for i := range issued {
		x := &issued[i]
		base := issuedHref("/bill", x)
		v.Bills = append(v.Bills, view.BillFiles{Month: month(x.Month), Number: x.Number, Href: base + versionOf(x), PDF: base + "/pdf" + versionOf(x), Large: base + "/pdf" + versionOf(x) + "&large=1", XML: base + "/xml" + versionOf(x), State: issuedTag(x.State)})
	}
	paperless, err := m.Documents.PaperlessOf(r.Context(), ref)
	v.Paperless = paperless.Given
	return err
}

// periodOf is what time a document is about, in words.
func (m *Module) periodOf(d *statement.Document) string {
	if !d.Kind.Dated() {
		return "на " + calendar.DateOf(d.MadeAt.Time().In(m.Zone)).Dotted()
	}
	if d.From == d.To {
		return d.From.Title()
	}
	return d.From.Title() + " – " + d.To.Title()
}

func documentHref(d *statement.Document) string { return "/documents/" + d.Number }

// documentState is how the state of a document looks.
func documentState(s statement.State) web.State {
	switch s {
	case statement.Replaced:
		return web.State{Word: statement.Labels[s], Tone: web.Warn}
	case statement.Withdrawn:
		return web.State{Word: statement.Labels[s], Tone: web.Bad, Icon: "cross"}
	}
	return web.State{Word: statement.Labels[s], Tone: web.OK}
}

// issuedTag is how the state of an issued bill looks in a list.
func issuedTag(state string) web.State {
	return documentState(map[string]statement.State{bill.IssuedReplaced: statement.Replaced, bill.IssuedWithdrawn: statement.Withdrawn, bill.IssuedLive: statement.Live}[state])
}

// makeDocument makes a document and opens it. Pressed twice it is the same document: the same request has one answer.
func (m *Module) makeDocument(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.FormKey(r); err != nil {
		return err
	}
	req := statement.Request{Ref: own(r), Kind: statement.Kind(r.PostFormValue("kind")), Supplier: r.PostFormValue("supplier"), Actor: access.FromContext(r.Context()).String()}
	if req.Kind.Dated() {
		req.From, req.To = month(r.PostFormValue("from")), month(r.PostFormValue("to"))
	}
	d, refused, err := m.Documents.Make(r.Context(), req)
	switch {
	case err != nil && web.IsForm(err):
		return m.showDocuments(w, r, http.StatusUnprocessableEntity, nil, err)
	case err != nil:
		return err
	case refused != nil:
		return m.showDocuments(w, r, http.StatusOK, refused, nil)
	}
	return web.SeeOther(w, r, documentHref(d)+"?fresh=1")
}

func (m *Module) ownDocument(r *http.Request) (*statement.Document, error) {
	return m.Documents.Own(r.Context(), own(r).Household, r.PathValue("number"))
}

func (m *Module) document(w http.ResponseWriter, r *http.Request) error {
	d, err := m.ownDocument(r)
	if err != nil {
		return err
	}
	c := d.Content
	v := view.Document{
		Page: m.page(r, c.Title), Number: statement.PrintNumber(d.Number), Digest: d.Digest, At: d.MadeAt, State: documentState(d.State), Reason: d.Reason, Address: c.Address, Payer: c.Payer, Lead: c.Lead,
		Facts: c.Facts, Notes: c.Notes, PDFHref: documentHref(d) + "/pdf", CheckHref: "/check/" + d.Number, Key: web.NewKey(), Back: "/documents",
		Mailed: r.URL.Query().Has("mailed"), Fresh: r.URL.Query().Has("fresh") && d.State == statement.Live,
	}
	if d.Newer != "" {
		v.Newer, v.NewerHref = statement.PrintNumber(d.Newer), "/documents/"+d.Newer
	}
	if c.Bill != nil {
		v.LargeHref = v.PDFHref + "?large=1"
	}
	if m.Documents.Tell != nil && d.State == statement.Live {
		v.MailTo = documentHref(d) + "/mail"
	}
	for i := range c.Tables {
		t := &c.Tables[i]
		v.Tables = append(v.Tables, view.DocumentTable{Title: t.Title, Empty: t.Empty, Columns: t.Columns, Numbers: t.Numbers, Rows: t.Rows, Total: t.Total})
	}
	return web.Render(w, r, http.StatusOK, view.DocumentPage(v))
}

func (m *Module) documentPDF(w http.ResponseWriter, r *http.Request) error {
	d, err := m.ownDocument(r)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := m.Documents.PDF(&pdf, d, r.URL.Query().Get("large") == "1"); err != nil {
		return err
	}
	return sendFile(w, "application/pdf", d.FileName(), pdf.Bytes())
}

// sendFile answers with a file that was made whole first: a failure is a page, not half a file.
func sendFile(w http.ResponseWriter, kind, name string, data []byte) error {
	web.Show(w, kind, name)
	_, err := w.Write(data)
	return err
}

func (m *Module) mailDocument(w http.ResponseWriter, r *http.Request) error {
	d, err := m.ownDocument(r)
	if err != nil {
		return err
	}
	if _, err := web.FormKey(r); err != nil {
		return err
	}
	if err := m.Documents.SendMail(r.Context(), own(r).Household, d.Number); err != nil {
		return err
	}
	return web.SeeOther(w, r, documentHref(d)+"?mailed=1")
}

// issuedXML is an issued bill for programs of the resident's own.
func (m *Module) issuedXML(w http.ResponseWriter, r *http.Request) error {
	b, err := m.issuedBill(r, own(r))
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := b.WriteXML(&text); err != nil {
		return err
	}
	if err := m.delivered(r, b, statement.ByXML); err != nil {
		return err
	}
	return sendFile(w, "application/xml; charset=utf-8", "kvit-"+b.Issued.Month+".xml", text.Bytes())
}

// delivered notes that the resident was shown his issued bill: the proof of delivery where paper is given up.
func (m *Module) delivered(r *http.Request, b *bill.Bill, channel string) error {
	a := access.FromContext(r.Context())
	if a.Role != access.Resident || a.HouseholdID != b.HouseholdID {
		return nil
	}
	return m.Documents.Delivered(r.Context(), b, channel, a.String())
}

func (m *Module) paper(w http.ResponseWriter, r *http.Request) error {
	return m.showPaper(w, r, http.StatusOK, nil)
}

func (m *Module) showPaper(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	p, err := m.Documents.PaperlessOf(r.Context(), own(r))
	if err != nil {
		return err
	}
	v := view.PaperChoice{Page: m.page(r, "Бумажный счёт"), Action: "/documents/paper", Key: web.NewKey(), Text: statement.ConsentText, Version: statement.ConsentVersion, Given: p.Given, Since: p.Since, Errors: web.ErrorsOf(failed), Back: "/documents"}
	switch r.URL.Query().Get("told") {
	case "paper":
		v.Told = "Бумажный счёт придёт со следующего месяца"
	case "paperless":
		v.Told = "Счета будут приходить без бумаги"
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.PaperPage(v))
}

func (m *Module) choosePaper(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.FormKey(r); err != nil {
		return err
	}
	do, given := r.PostFormValue("do"), r.PostFormValue("do") == "paperless"
	if given && r.PostFormValue("agree") != "yes" {
		return m.showPaper(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "statement.agree", "Отметьте согласие – или оставьте бумажный счёт.").WithField("agree"))
	}
	if given {
		if err := m.Privacy.Agreed(r.Context(), access.FromContext(r.Context()).UserID, privacy.Electronic, "page"); err != nil {
			return err
		}
	}
	if err := m.Documents.SetPaperless(r.Context(), access.FromContext(r.Context()).String(), own(r), given); err != nil {
		return err
	}
	if do != "paperless" {
		do = "paper"
	}
	return web.SeeOther(w, r, "/documents/paper?told="+do)
}
