package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/exchange"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// upload keeps a file and goes on to its columns.
func (m *Module) upload(w http.ResponseWriter, r *http.Request) error {
	s, err := m.supplierOf(r)
	if err != nil {
		return err
	}
	file, header, err := r.FormFile("file")
	if err != nil {
		return m.showIntakes(w, r, http.StatusUnprocessableEntity, fault.New(fault.Invalid, "upload.empty", "Выберите файл, который нужно загрузить.").WithField("file"))
	}
	defer file.Close()
	u, err := m.Exchange.Keep(r.Context(), s.ID, s.Code, header.Filename, file)
	if fault.Is(err, fault.Invalid) {
		return m.showIntakes(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	next := "/s/uploads/" + u.ID
	if u.Known {
		next += "?known=yes"
	}
	return web.SeeOther(w, r, next)
}

// uploadOf is the upload of the actor's own supplier.
func (m *Module) uploadOf(r *http.Request) (code string, u exchange.Upload, err error) {
	s, err := m.supplierOf(r)
	if err != nil {
		return "", u, err
	}
	u, err = m.Exchange.FindUpload(s.Code, r.PathValue("id"))
	return s.Code, u, err
}

func (m *Module) guess(w http.ResponseWriter, r *http.Request) error {
	code, u, err := m.uploadOf(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.GuessPage(m.guessView(r, code, &u)))
}

// previewRows are how many rows samples are taken from.
const previewRows = 3

func (m *Module) guessView(r *http.Request, code string, u *exchange.Upload) view.Guess {
	p := &u.Profile
	v := view.Guess{Page: m.page(r, "Что в файле"), File: u.Name, Container: cmp.Or(containers[p.Kind], p.Kind), Known: r.URL.Query().Get("known") != "", Action: "/s/uploads/" + u.ID, Key: web.NewKey()}
	if p.Encoding != "" {
		v.Container += ", кодировка " + p.Encoding
	}
	rows, err := m.Exchange.PreviewUpload(r.Context(), code, *u, previewRows)
	if err != nil {
		rows = nil // the columns can be named without samples too
	}
	for i, c := range columnsOf(p) {
		v.Columns = append(v.Columns, view.GuessColumn{Name: "role" + strconv.Itoa(i), Title: c.title(), Samples: samples(c.roles[0], rows), Roles: choicesOf(c.roles[0])})
	}
	if _, named := sources(p)["period"]; !named {
		known, _ := calendar.ParseMonth(p.Period) // zero when the file says none
		v.Months = monthChoices(calendar.DateOf(m.Now().Time().In(m.Zone)), known.String())
	}
	return v
}

// confirm takes the roles a person gave and goes on to the trial. A column that serves several roles keeps them
// all unless the one shown was changed.
func (m *Module) confirm(w http.ResponseWriter, r *http.Request) error {
	code, u, err := m.uploadOf(r)
	if err != nil {
		return err
	}
	next := map[string]register.Source{}
	for i, c := range columnsOf(&u.Profile) {
		chosen := r.PostFormValue("role" + strconv.Itoa(i))
		if chosen == c.roles[0] {
			for _, role := range c.roles {
				next[role] = c.place
			}
		} else if chosen != "" {
			next[chosen] = c.place
		}
	}
	if len(u.Profile.Paths) > 0 {
		u.Profile.Paths = next
	} else {
		u.Profile.Columns = next
	}
	if month, err := calendar.ParseMonth(r.PostFormValue("month")); err == nil {
		u.Profile.Period = month.String()
	}
	if err := u.Profile.Validate(); err != nil {
		v := m.guessView(r, code, &u)
		v.Errors = web.ErrorsOf(err)
		v.Page.WithErrors(v.Errors)
		return web.Render(w, r, http.StatusUnprocessableEntity, view.GuessPage(v))
	}
	if err := m.Exchange.SaveUpload(code, u); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/s/uploads/"+u.ID+"/trial")
}

// trial judges the file without applying it: the verdicts are those of the real run.
func (m *Module) trial(w http.ResponseWriter, r *http.Request) error {
	code, u, err := m.uploadOf(r)
	if err != nil {
		return err
	}
	report, err := m.Exchange.TakeUpload(r.Context(), code, u, true, access.FromContext(r.Context()).String())
	if err != nil {
		return err
	}
	f := &report.Files[0]
	v := view.Protocol{Page: m.page(r, "Проверка файла"), File: u.Name, State: stateOf[f.State], Encoding: f.Encoding, Rows: f.Rows, Done: f.Rows, Key: web.NewKey(), MapHref: "/s/uploads/" + u.ID,
		Totals: view.Totals{Rows: f.Rows, Applied: f.Applied, Repaired: f.Repaired, Ignored: f.Ignored, Quarantine: f.Quarantined}}
	if f.Control != nil {
		v.Totals.HasFile, v.Totals.FileSum, v.Totals.ReadSum = true, f.Control.File, f.Control.Read
	} else if sums, err := m.Exchange.SumUpload(r.Context(), code, u); err == nil {
		v.Totals.ReadSum = sums.Due
	}
	if f.Refusal != nil {
		v.Refusal = f.Refusal.Hint
	}
	if f.State == exchange.StateJudged {
		v.ApplyTo = "/s/uploads/" + u.ID + "/apply"
	}
	if month, err := calendar.ParseMonth(f.Month); err == nil {
		v.Month = month
	}
	v.Groups = groupsOf(report.Issues)
	const shown = 50
	v.Issues = issueViews(report.Issues[:min(len(report.Issues), shown)])
	if len(report.Issues) > shown {
		v.Only = "первые " + strconv.Itoa(shown)
	}
	return web.Render(w, r, http.StatusOK, view.ProtocolPage(v))
}

// groupsOf counts issues by kind, the most frequent first.
func groupsOf(issues []exchange.Issue) (list []view.IssueGroup) {
	at := map[string]int{}
	for i := range issues {
		x := &issues[i]
		n, ok := at[x.Code]
		if !ok {
			n = len(list)
			at[x.Code] = n
			list = append(list, view.IssueGroup{Code: x.Code, Title: issueTitle(x.Type, x.Code), Advice: adviceOn(x.Type), Severity: severity(x.Verdict)})
		}
		list[n].Count++
	}
	slices.SortStableFunc(list, func(x, y view.IssueGroup) int { return cmp.Compare(y.Count, x.Count) })
	return list
}

// apply takes the file in. Pressing again leads to the same protocol: the bytes are known.
func (m *Module) apply(w http.ResponseWriter, r *http.Request) error {
	code, u, err := m.uploadOf(r)
	if err != nil {
		return err
	}
	report, err := m.Exchange.TakeUpload(r.Context(), code, u, false, access.FromContext(r.Context()).String())
	if err != nil {
		return err
	}
	f := &report.Files[0]
	id := f.ID
	if f.DuplicateOf != 0 {
		id = f.DuplicateOf
	}
	return web.SeeOther(w, r, "/s/intakes/"+strconv.FormatInt(id, 10))
}
