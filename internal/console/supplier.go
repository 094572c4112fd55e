package console

import (
	"encoding/csv"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/inert"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/web"
)

var stateOf = map[string]view.IntakeState{exchange.StateReceived: view.IntakeReading, exchange.StateJudged: view.IntakeJudged, exchange.StateApplied: view.IntakeApplied,
	exchange.StateDuplicate: view.IntakeDuplicate, exchange.StateRefused: view.IntakeRefused}

func intakeRow(f *exchange.FileInfo) view.IntakeRow {
	return view.IntakeRow{File: f.Name, Href: "/s/intakes/" + strconv.FormatInt(f.ID, 10), Month: f.Month, At: f.CreatedAt, State: stateOf[f.State], Rows: f.Tally.Rows,
		Issues: f.Tally.Repaired + f.Tally.Ignored + f.Tally.Quarantined}
}

func (m *Module) supplierHome(w http.ResponseWriter, r *http.Request) error {
	sc, err := scope(r, "intake", "read")
	if err != nil {
		return err
	}
	v := view.Home{Page: m.page(r, "Что ждёт"), UploadTo: "/s/intakes"}
	if access.FromContext(r.Context()).SupplierID != 0 {
		s, err := m.supplierOf(r)
		if err != nil {
			return err
		}
		v.Supplier = s.Name
		if !s.HasRequisites() {
			v.Waits = append(v.Waits, view.Wait{Title: "Реквизиты", Text: "Банковские реквизиты не переданы: на счетах нет вашего QR-кода", Count: 1, Tone: web.Warn})
		}
		if err := m.requisitesWait(r, s.ID, &v); err != nil {
			return err
		}
		if x, part, err := m.gisWait(r, s.ID); err != nil {
			return err
		} else if part && x.Count > 0 {
			v.Waits = append(v.Waits, x)
		}
	}
	files, err := m.Exchange.ListFiles(r.Context(), sc, 10)
	if err != nil {
		return err
	}
	quarantined := 0
	for i := range files {
		v.Intakes = append(v.Intakes, intakeRow(&files[i]))
		quarantined += files[i].Tally.Quarantined
		v.Month = max(v.Month, files[i].Month)
	}
	if quarantined > 0 {
		v.Waits = append(v.Waits, view.Wait{Title: "Строки не загружены", Text: "Исправьте их в файле и загрузите его снова", Href: "/s/intakes", Count: quarantined, Tone: web.Bad})
	}
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	if v.PaidCount, v.PaidToday, err = m.paidOn(r, sc, today); err != nil {
		return err
	}
	v.CloseOn = today.Month().Last()
	v.DaysLeft = v.CloseOn.Days(today)
	return web.Render(w, r, http.StatusOK, view.HomePage(v))
}

func (m *Module) paidOn(r *http.Request, sc access.Scope, day calendar.Date) (n int, sum money.Amount, err error) {
	lines, err := m.dayLines(r, sc, day)
	for i := range lines {
		n++
		sum += lines[i].Amount
	}
	return n, sum, err
}

func (m *Module) dayLines(r *http.Request, sc access.Scope, day calendar.Date) (lines []payment.DayLine, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		all, err := m.Payments.DayLines(r.Context(), tx, day)
		lines = nil
		for i := range all {
			if sc.Sees(all[i].SupplierID) {
				lines = append(lines, all[i])
			}
		}
		return err
	})
	return lines, err
}

func (m *Module) intakes(w http.ResponseWriter, r *http.Request) error {
	return m.showIntakes(w, r, http.StatusOK, nil)
}

func (m *Module) showIntakes(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	sc, err := scope(r, "intake", "read")
	if err != nil {
		return err
	}
	v := view.Intakes{Page: m.page(r, "Загрузки"), WithOwners: sc.All, Errors: web.ErrorsOf(failed)}
	if access.FromContext(r.Context()).Require("intake", "write") == nil {
		v.UploadTo, v.Key = "/s/intakes", web.NewKey()
	}
	const most = 100
	files, err := m.Exchange.ListFiles(r.Context(), sc, most)
	if err != nil {
		return err
	}
	v.Paging.Total = len(files)
	for i := range files {
		v.Rows = append(v.Rows, intakeRow(&files[i]))
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.IntakesPage(v))
}

func (m *Module) protocol(w http.ResponseWriter, r *http.Request) error {
	return m.showProtocol(w, r, http.StatusOK, mending{})
}

// mending is a value a person gave for a row that could not be kept.
type mending struct {
	issue int64
	value string
	err   error
}

func (m *Module) showProtocol(w http.ResponseWriter, r *http.Request, status int, bad mending) error {
	f, err := m.fileOf(r)
	if err != nil {
		return err
	}
	base := "/s/intakes/" + r.PathValue("id")
	v := view.Protocol{Page: m.page(r, "Протокол загрузки"), File: f.Name, State: stateOf[f.State], Month: f.Month, At: f.CreatedAt, Encoding: f.Encoding, Rows: f.Tally.Rows, Done: f.Tally.Rows,
		Totals: view.Totals{Rows: f.Tally.Rows, Applied: f.Tally.Applied, Repaired: f.Tally.Repaired, Ignored: f.Tally.Ignored, Quarantine: f.Tally.Quarantined}}
	if f.Control != nil {
		v.Totals.HasFile, v.Totals.FileSum, v.Totals.ReadSum = true, f.Control.File, f.Control.Read
	}
	if f.Refusal != nil {
		v.Refusal = f.Refusal.Hint
	}
	if f.DuplicateOf != 0 {
		v.DuplicateOf = &web.Link{Title: "прежняя загрузка", Href: "/s/intakes/" + strconv.FormatInt(f.DuplicateOf, 10)}
	}
	if f.Tally.Quarantined > 0 {
		v.BrokenHref = base + "/broken.csv"
	}
	counts, err := m.Exchange.CountIssues(r.Context(), f.ID)
	if err != nil {
		return err
	}
	total := 0
	code := r.URL.Query().Get("code")
	for _, c := range counts {
		v.Groups = append(v.Groups, view.IssueGroup{Code: c.Code, Title: issueTitle(c.Type, c.Code), Advice: adviceOn(c.Type), Count: c.Count, Severity: severity(c.Verdict), Href: base + "?code=" + c.Code + "#rows"})
		if code == "" || code == c.Code {
			total += c.Count
		}
		if code == c.Code {
			v.Only, v.AllHref = issueTitle(c.Type, c.Code), base+"#rows"
		}
	}
	if len(counts) > 0 {
		v.ExportHref = base + "/broken.csv?all=yes"
	}
	const size = 50
	if v.Paging, err = web.PageOf(r, size); err != nil {
		return err
	}
	v.Paging.Total = total
	issues, err := m.Exchange.ListIssues(r.Context(), f.ID, code, v.Paging.Offset(), size)
	if err != nil {
		return err
	}
	v.Issues = issueViews(issues)
	if access.FromContext(r.Context()).Require("intake", "write") == nil {
		if err := m.offerFixes(r, &v, f.ID, issues, bad); err != nil {
			return err
		}
	}
	return web.Render(w, r, status, view.ProtocolPage(v))
}

// offerFixes puts a form beside each row that was not taken, and the button that reads the file again.
func (m *Module) offerFixes(r *http.Request, v *view.Protocol, fileID int64, issues []exchange.Issue, bad mending) error {
	base := "/s/intakes/" + r.PathValue("id")
	for i := range issues {
		x, shown := &issues[i], &v.Issues[i]
		if x.Verdict != exchange.VerdictQuarantined {
			continue
		}
		shown.Solved = solved[x.State]
		if x.State == exchange.IssueReplayed {
			continue
		}
		shown.FixTo, shown.FixName, shown.FixValue = base+"/rows", strconv.FormatInt(x.No, 10), x.Value
		switch {
		case x.No == bad.issue:
			shown.FixValue, shown.FixError = bad.value, fault.As(bad.err).Message
		case x.Fix != nil && x.State == exchange.IssueFixed:
			shown.FixValue = x.Fix.Value
		case x.FixField() == register.WholeRow:
			shown.FixValue = x.Row
		}
	}
	fixed, err := m.Exchange.CountFixed(r.Context(), fileID)
	if fixed > 0 {
		v.ReplayTo, v.Key = base+"/replay", web.NewKey()
	}
	return err
}

var solved = map[string]string{exchange.IssueFixed: "Исправлено, ждёт применения", exchange.IssueReplayed: "Исправлено и применено", exchange.IssueAccepted: "Строка не нужна"}

// fixRow keeps the value a person gave for a row.
func (m *Module) fixRow(w http.ResponseWriter, r *http.Request) error {
	f, err := m.fileOf(r)
	if err != nil {
		return err
	}
	no, err := strconv.ParseInt(r.PostFormValue("issue"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "issue.unknown", "Такого замечания нет.")
	}
	value := r.PostFormValue("value")
	err = m.Exchange.FixRow(r.Context(), access.FromContext(r.Context()), f.ID, no, "", value)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return m.showProtocol(w, r, http.StatusUnprocessableEntity, mending{no, value, err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/s/intakes/"+r.PathValue("id"))
}

// replay reads the file again with what people put right, and shows its new protocol.
func (m *Module) replay(w http.ResponseWriter, r *http.Request) error {
	f, err := m.fileOf(r)
	if err != nil {
		return err
	}
	report, err := m.Exchange.Replay(r.Context(), access.FromContext(r.Context()), f.ID, false)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/s/intakes/"+strconv.FormatInt(report.Files[0].ID, 10))
}

func (m *Module) fileOf(r *http.Request) (exchange.FileInfo, error) {
	sc, err := scope(r, "intake", "read")
	if err != nil {
		return exchange.FileInfo{}, err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return exchange.FileInfo{}, fault.New(fault.NotFound, "file.unknown", "Такой загрузки нет.")
	}
	return m.Exchange.FindFile(r.Context(), sc, id)
}

func issueViews(issues []exchange.Issue) (list []view.Issue) {
	for i := range issues {
		x := &issues[i]
		list = append(list, view.Issue{Place: unitWord(x.Unit) + " " + strconv.Itoa(x.Pos), Account: x.Account, Title: issueTitle(x.Type, x.Code), Field: fieldWord(x.Field), Value: x.Value, Now: x.Now, Hint: x.Hint, Severity: severity(x.Verdict)})
	}
	return list
}

func severity(verdict string) view.Severity {
	switch verdict {
	case exchange.VerdictQuarantined:
		return view.Blocker
	case exchange.VerdictIgnored:
		return view.Warning
	}
	return view.Note
}

// broken gives the rows that were not taken, with place and reason, as a table to mend.
func (m *Module) broken(w http.ResponseWriter, r *http.Request) error {
	f, err := m.fileOf(r)
	if err != nil {
		return err
	}
	const most = 100_000
	issues, err := m.Exchange.ListIssues(r.Context(), f.ID, "", 0, most)
	if err != nil {
		return err
	}
	every := r.URL.Query().Get("all") != ""
	rows := [][]string{{"место", "строка", "поле", "значение", "что сделать"}}
	for i := range issues {
		if x := &issues[i]; every || x.Verdict == exchange.VerdictQuarantined {
			rows = append(rows, []string{strconv.Itoa(x.Pos), x.Row, x.Field, x.Value, x.Hint})
		}
	}
	return writeCSV(w, "broken.csv", rows)
}

// writeCSV sends a table the way a Russian spreadsheet opens it, and runs nothing of it.
func writeCSV(w http.ResponseWriter, name string, rows [][]string) error {
	web.Attach(w, "text/csv; charset=utf-8", name)
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // a spreadsheet takes it for Russian letters
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	for i := range rows {
		rows[i] = inert.Cells(rows[i]...)
	}
	return out.WriteAll(rows)
}

func (m *Module) days(w http.ResponseWriter, r *http.Request) error {
	sc, err := scope(r, "register", "read")
	if err != nil {
		return err
	}
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	v := view.Days{Page: m.page(r, "Платежи по дням"), Action: "/s/payments"}
	last, err := m.lastPaid(r, today)
	if err != nil {
		return err
	}
	if v.Range, err = web.RangeOf(r, web.DayRange{From: last.AddDays(-30), To: last}); err != nil {
		v.Errors = web.ErrorsOf(err)
	}
	for day := v.Range.To; day >= v.Range.From && day != 0; day = day.AddDays(-1) {
		lines, err := m.dayLines(r, sc, day)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			continue
		}
		d := view.Day{On: day, Count: len(lines), State: web.State{Word: "собрано", Tone: web.OK}, Register: "/s/payments/" + day.String() + "/register"}
		for i := range lines {
			if lines[i].Amount < 0 {
				d.Refunded -= lines[i].Amount
			} else {
				d.Collected += lines[i].Amount
			}
		}
		v.Days = append(v.Days, d)
	}
	return web.Render(w, r, http.StatusOK, view.DaysPage(v))
}

// lastPaid is the last day with payments, today when there are none.
func (m *Module) lastPaid(r *http.Request, today calendar.Date) (day calendar.Date, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		return tx.QueryRowContext(r.Context(), "SELECT coalesce(max(paid_on), 0) FROM payment_part WHERE posted_at > 0").Scan(&day)
	})
	if day == 0 {
		day = today
	}
	return day, err
}

// register gives the supplier's own register of a day, in his layout.
func (m *Module) register(w http.ResponseWriter, r *http.Request) error {
	s, err := m.supplierOf(r)
	if err != nil {
		return err
	}
	day, err := calendar.ParseDate(r.PathValue("day"))
	if err != nil {
		return fault.New(fault.NotFound, "day.unknown", "Такого дня нет.").Because(err)
	}
	dir, err := os.MkdirTemp(m.TempDir, "register-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	manifest, err := m.Exchange.WriteRegisters(r.Context(), day, dir)
	if err != nil {
		return err
	}
	for _, row := range manifest {
		if row.Supplier == s.Code {
			web.Attach(w, "application/octet-stream", row.File)
			http.ServeFile(w, r, filepath.Join(dir, row.File))
			return nil
		}
	}
	return fault.New(fault.NotFound, "register.empty", "В этот день вам не платили.")
}
