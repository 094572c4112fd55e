package portal

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/portal/view"
	"kvit/internal/reading/photo"
	"kvit/internal/statement"
	"kvit/internal/web"
)

// checkRoutes are P3: anybody may ask whether a paper is ours, and tell us of one that is not.
func (m *Module) checkRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/check", Resource: "check", Action: "read", Handler: m.checkPaper},
		{Method: http.MethodGet, Pattern: "/check.json", Resource: "check", Action: "read", Handler: m.checkJSON},
		{Method: http.MethodGet, Pattern: "/check/{number}", Resource: "check", Action: "read", Handler: m.checkPaper},
		{Method: http.MethodGet, Pattern: "/check/forgery", Resource: "check", Action: "report", Handler: m.askForgery},
		{Method: http.MethodPost, Pattern: "/check/forgery", Resource: "check", Action: "report", Files: true, Handler: m.reportForgery},
	}
}

const checkTitle = "Проверить документ"

// checked is what anybody who holds a document may be told of it.
type checked struct {
	State      string `json:"state"` // genuine, replaced, withdrawn
	Kind       string `json:"kind"`
	Title      string `json:"title"`
	Number     string `json:"number"`
	Address    string `json:"address"` // masked
	Period     string `json:"period"`
	SumName    string `json:"sumName,omitempty"`
	SumKop     *int64 `json:"sum,omitempty"` // kopecks
	MadeAt     string `json:"madeAt"`
	SHA256     string `json:"sha256"`
	ReplacedBy string `json:"replacedBy,omitempty"`
	Reason     string `json:"reason,omitempty"`

	at, ended calendar.Micros
}

// checkStates are the words of states for whoever checks, and how they look.
var checkStates = map[string]web.State{
	"genuine": {Word: "подлинный, действует", Tone: web.OK}, "replaced": {Word: "подлинный, но заменён", Tone: web.Warn}, "withdrawn": {Word: "отозван", Tone: web.Bad, Icon: "cross"},
}

// findChecked finds a document by what its paper says. Unknown ones are counted against the network that asks.
func (m *Module) findChecked(r *http.Request, number, code string) (*checked, error) {
	subject := "check:" + web.Host(r)
	if err := m.Access.MayTry(r.Context(), subject); err != nil {
		return nil, err
	}
	x, err := m.lookUp(r, number, code)
	if fault.Is(err, fault.NotFound) {
		err = errors.Join(err, m.Access.Missed(r.Context(), subject))
	}
	return x, err
}

func (m *Module) lookUp(r *http.Request, number, code string) (*checked, error) {
	if bill.IsIssuedNumber(number) {
		b, err := m.Bills.FindIssued(r.Context(), number, code)
		if err != nil {
			return nil, err
		}
		return m.checkedBill(b), nil
	}
	d, err := m.Documents.Find(r.Context(), number)
	if err != nil {
		return nil, err
	}
	return m.checkedDocument(d), nil
}

func (m *Module) checkedDocument(d *statement.Document) *checked {
	c := d.Content
	x := &checked{State: string(d.State), Kind: string(d.Kind), Title: c.Title, Number: statement.PrintNumber(d.Number), Address: bill.MaskAddress(c.Address), Period: c.Period, SumName: c.SumName, SHA256: d.Digest, Reason: d.Reason, at: d.MadeAt, ended: d.EndedAt}
	if d.State == statement.Live {
		x.State = "genuine"
	}
	if c.SumName != "" {
		sum := int64(c.Sum)
		x.SumKop = &sum
	}
	if d.Newer != "" {
		x.ReplacedBy = statement.PrintNumber(d.Newer)
	}
	x.MadeAt = m.stamp(d.MadeAt)
	return x
}

func (m *Module) checkedBill(b *bill.Bill) *checked {
	sum := int64(b.Total)
	x := &checked{State: "genuine", Kind: "issued", Title: "Платёжный документ", Number: b.Issued.Number, Address: bill.MaskAddress(b.Address), Period: month(b.Issued.Month).Title(), SumName: "К оплате", SumKop: &sum,
		MadeAt: b.Issued.PublishedAt, SHA256: b.Issued.Digest, at: b.Issued.Published}
	switch b.Issued.State {
	case bill.IssuedReplaced:
		x.State, x.ReplacedBy = "replaced", b.Newer()
	case bill.IssuedWithdrawn:
		x.State, x.Reason, x.ended = "withdrawn", b.Issued.Withdrawal, b.Issued.Withdrawn
	}
	return x
}

func (m *Module) stamp(at calendar.Micros) string {
	return at.Time().In(m.Zone).Format("2006-01-02T15:04:05Z07:00")
}

func (x *checked) view() *view.CheckedDocument {
	v := &view.CheckedDocument{State: checkStates[x.State], Title: x.Title, Number: x.Number, Address: x.Address, Period: x.Period, SumName: x.SumName, HasSum: x.SumKop != nil, At: x.at, EndedAt: x.ended, Newer: x.ReplacedBy, Reason: x.Reason, Digest: x.SHA256}
	if x.SumKop != nil {
		v.Sum = money.Amount(*x.SumKop)
	}
	return v
}

func (m *Module) checkPaper(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := view.Check{Page: m.page(r, checkTitle), Number: strings.TrimSpace(q.Get("number")), Code: strings.TrimSpace(q.Get("code")), INN: strings.TrimSpace(q.Get("inn")), Account: strings.TrimSpace(q.Get("account"))}
	if number := r.PathValue("number"); number != "" {
		v.Number = number
	}
	v.ReportHref = "/check/forgery?" + url.Values{"number": {v.Number}, "inn": {v.INN}, "account": {v.Account}}.Encode()
	status := http.StatusOK
	var err error
	switch {
	case q.Has("inn") || q.Has("account"):
		err = m.checkPayee(r, &v)
	case v.Number != "" || q.Has("number"):
		status, err = m.checkNumber(r, &v)
	}
	if err != nil {
		return err
	}
	if len(v.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.CheckPage(v))
}

func (m *Module) checkNumber(r *http.Request, v *view.Check) (status int, err error) {
	switch {
	case v.Number == "":
		v.Errors = web.Errors{{Field: "number", Message: "Введите номер документа – он на первой странице под названием"}}
		return http.StatusUnprocessableEntity, nil
	case bill.IsIssuedNumber(v.Number) && v.Code == "":
		v.AskCode, v.Errors = true, web.Errors{{Field: "code", Message: "Это номер счёта. Введите и код проверки – он в нижней строке счёта"}}
		return http.StatusUnprocessableEntity, nil
	}
	x, err := m.findChecked(r, v.Number, v.Code)
	switch {
	case fault.Is(err, fault.NotFound):
		v.Unknown = true
		return http.StatusNotFound, nil
	case err != nil:
		return 0, err
	}
	v.Found = x.view()
	return http.StatusOK, nil
}

func (m *Module) checkPayee(r *http.Request, v *view.Check) error {
	if v.INN == "" {
		v.Errors = append(v.Errors, web.FieldError{Field: "inn", Message: "Введите ИНН получателя – 10 или 12 цифр"})
	}
	if v.Account == "" {
		v.Errors = append(v.Errors, web.FieldError{Field: "account", Message: "Введите расчётный счёт получателя – 20 цифр"})
	}
	if len(v.Errors) > 0 {
		return nil
	}
	p, err := m.Bills.FindPayee(r.Context(), v.INN, v.Account)
	v.Payee = &view.CheckedPayee{Name: p.Name, Ours: p.Ours, Known: p.Known, Until: p.Until}
	return err
}

// checkJSON is the same answer for programs.
func (m *Module) checkJSON(w http.ResponseWriter, r *http.Request) error {
	x, err := m.findChecked(r, r.URL.Query().Get("number"), r.URL.Query().Get("code"))
	status := http.StatusOK
	switch {
	case fault.Is(err, fault.NotFound):
		x, status = &checked{State: "unknown"}, http.StatusNotFound
	case err != nil:
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if x.State == "unknown" {
		return json.NewEncoder(w).Encode(map[string]string{"state": x.State})
	}
	return json.NewEncoder(w).Encode(x)
}

func (m *Module) askForgery(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := view.ForgeryReport{Page: m.page(r, "Сообщить о подделке"), Key: web.NewKey(), Number: q.Get("number"), INN: q.Get("inn"), Account: q.Get("account"), Report: q.Get("done")}
	v.Done = v.Report != ""
	return web.Render(w, r, http.StatusOK, view.ForgeryPage(v))
}

// reportForgery takes a report with its photo; a network that reports often waits.
func (m *Module) reportForgery(w http.ResponseWriter, r *http.Request) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	subject := "forgery:" + web.Host(r)
	if err := m.Access.MayTry(r.Context(), subject); err != nil {
		return err
	}
	f := statement.Forgery{Key: key, Number: r.PostFormValue("number"), INN: r.PostFormValue("inn"), BankAccount: r.PostFormValue("account"), Comment: r.PostFormValue("comment"), Contact: r.PostFormValue("contact")}
	picture, err := attached(r)
	field, id := "photo", int64(0)
	if err == nil {
		field = "comment"
		id, err = m.Documents.Report(r.Context(), f, picture)
	}
	if fault.Is(err, fault.Invalid) {
		v := view.ForgeryReport{Page: m.page(r, "Сообщить о подделке"), Key: key, Number: f.Number, INN: f.INN, Account: f.BankAccount, Comment: f.Comment, Contact: f.Contact, Errors: web.Errors{{Field: field, Message: fault.As(err).Message}}}
		v.Page.WithErrors(v.Errors)
		return web.Render(w, r, http.StatusUnprocessableEntity, view.ForgeryPage(v))
	}
	if err == nil {
		err = m.Access.Missed(r.Context(), subject)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/check/forgery?done="+strconv.FormatInt(id, 10))
}

// attached is the picture a form brings, made safe; nil when it brings none.
func attached(r *http.Request) (*photo.Image, error) {
	file, _, err := r.FormFile("photo")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "photo.file", "Фото не дошло целиком. Отправьте его ещё раз.").Because(err)
	}
	defer file.Close()
	return photo.Read(file)
}
