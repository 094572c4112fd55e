package console

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/charge"
	"kvit/internal/charge/record"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// runRefresh is how often the page of a working run fetches itself anew, seconds.
const runRefresh = 5

func (m *Module) run(w http.ResponseWriter, r *http.Request) error {
	run, err := m.runOf(r)
	if err != nil {
		return err
	}
	v := view.Run{Page: m.page(r, kindTitles[run.Kind]+" за "+run.Month.Title())}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		s, err := m.stand(r.Context(), tx, run)
		if err != nil {
			return err
		}
		m.fillRun(r, &v, s)
		if s.report == nil {
			return nil
		}
		return m.fillReport(r, tx, &v, s)
	})
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.RunPage(v))
}

// fillRun fills what is known of a run at any time.
func (m *Module) fillRun(r *http.Request, v *view.Run, s *standing) {
	v.RunRow, v.FactsAt, v.ApprovedBy, v.Lines = s.row(), s.run.FactsAt, who(s.run.ApprovedBy), s.progress.Lines
	if s.working() {
		v.Refresh = runRefresh
	}
	if s.run.State == charge.StateRunning || s.run.State == charge.StatePaused {
		p, now := &s.progress, m.Now()
		v.Progress = &view.RunProgress{Buildings: p.Buildings, BuildingsAll: p.BuildingsAll, Households: p.Households, HouseholdsAll: p.HouseholdsAll, Amount: p.Amount, Rate: p.Rate(now), Left: p.Left(now)}
	}
	if s.pub != nil {
		d := &s.published
		v.Publication = &view.Publication{State: publicationStates[s.pub.State], Going: s.pub.State != bill.PublicationDone, Buildings: d.Buildings, BuildingsAll: d.BuildingsAll, Issued: d.Issued, Without: d.Without,
			Already: d.Already, Total: d.Total, Wave: s.pub.Wave, Pause: s.pub.Pause, By: who(s.pub.StartedBy), At: s.pub.StartedAt}
	}
	v.Steps, v.Why = m.steps(r, s)
	if s.drafted() {
		v.Drafts = runHref(s.run.ID) + "/drafts"
	}
	if s.pub != nil && may(r, "start") {
		v.Steps = append(v.Steps, view.RunStep{Title: "Заменить счета, где суммы изменились", Ask: runHref(s.run.ID) + "/reissue", Plain: true})
	}
	if s.run.Kind == charge.KindMonth {
		v.Differences = runHref(s.run.ID) + "/differences"
	}
}

// steps are what the actor may do with a run now, or why the next step is not his.
func (m *Module) steps(r *http.Request, s *standing) (list []view.RunStep, why string) {
	base := runHref(s.run.ID)
	press := func(title, to string) view.RunStep {
		return view.RunStep{Title: title, To: base + to, Plain: true, Key: web.NewKey()}
	}
	switch {
	case s.run.State == charge.StateUndone:
		return nil, ""
	case s.run.State == charge.StateRunning || s.run.State == charge.StatePaused:
		return workSteps(r, s, press)
	}
	if s.run.ApprovedBy == "" {
		return approval(r, s.run)
	}
	if !may(r, "publish") {
		return nil, ""
	}
	if s.run.Kind == charge.KindMonth {
		list = publicationSteps(s, press)
	}
	if s.run.State == charge.StateApproved && (s.pub == nil || s.pub.State == bill.PublicationDone) {
		list = append(list, view.RunStep{Title: "Закрыть месяц", Ask: base + "/close", Plain: true})
	}
	return list, ""
}

// workSteps are those of a run that has buildings to do. A recalculation is begun and gone on with by its command.
func workSteps(r *http.Request, s *standing, press func(title, to string) view.RunStep) (list []view.RunStep, why string) {
	switch {
	case !may(r, "start") || s.run.Kind != charge.KindMonth:
		return nil, ""
	case s.failed():
		return []view.RunStep{press("Проверить снова", "/resume")}, "Расчёт ждёт: проверки не сошлись. Исправьте данные и проверьте снова."
	case s.run.State == charge.StateRunning:
		return []view.RunStep{press("Приостановить", "/pause")}, ""
	}
	return []view.RunStep{press("Продолжить", "/resume")}, ""
}

// approval is the step of the second person.
func approval(r *http.Request, run *charge.Run) (list []view.RunStep, why string) {
	switch {
	case run.CreatedBy == access.FromContext(r.Context()).String():
		return nil, "Этот расчёт начали вы. Утвердить его должен другой человек – так ошибку заметят двое."
	case !may(r, "approve"):
		return nil, "Расчёт ждёт утверждения. Его утверждает бухгалтер расчётного центра."
	}
	return []view.RunStep{{Title: "Утвердить расчёт", Ask: runHref(run.ID) + "/approve"}}, ""
}

func publicationSteps(s *standing, press func(title, to string) view.RunStep) []view.RunStep {
	ask := view.RunStep{Title: "Выставить счета", Ask: runHref(s.run.ID) + "/publish"}
	switch {
	case s.pub == nil:
		return []view.RunStep{ask}
	case s.pub.State == bill.PublicationRunning:
		return []view.RunStep{press("Приостановить выставление", "/pause")}
	case s.pub.State == bill.PublicationPaused:
		return []view.RunStep{press("Продолжить выставление", "/resume")}
	case s.published.Buildings < s.published.BuildingsAll: // houses that came later
		ask.Title = "Выставить счета остальных домов"
		return []view.RunStep{ask}
	}
	return nil
}

// fillReport fills what the run came to when it was checked.
func (m *Module) fillReport(r *http.Request, tx *db.Tx, v *view.Run, s *standing) error {
	v.CheckedAt = s.reported
	for _, b := range s.report.Checks {
		v.Checks = append(v.Checks, view.Invariant{ID: b.ID, Title: checkTitle(b.ID), Findings: b.Count})
	}
	sellers, err := suppliersByCode(r.Context(), tx)
	if err != nil {
		return err
	}
	for _, x := range s.report.Services {
		by := sellers[x.Supplier]
		v.Services = append(v.Services, view.ServiceRow{Supplier: by.Name, Service: supplier.ServiceTitle(x.Service, by.Services), Before: x.Before, Now: x.Now})
	}
	for _, x := range s.report.Reasons {
		v.Reasons = append(v.Reasons, view.ReasonRow{Service: record.ServiceWord(x.Service), Title: reasonWord(x.Code), Count: x.Count})
	}
	for _, o := range s.report.Outliers {
		a, err := m.accountSide(r, tx, o.Building, o.Account)
		if err != nil {
			return err
		}
		v.Outliers = append(v.Outliers, view.OutlierRow{Title: a.Title, Text: a.Text, Href: a.Href, Before: o.Before, Now: o.Now})
	}
	return nil
}

// accountSide names an account for people; one that only charging knows is named by its number.
func (m *Module) accountSide(r *http.Request, tx *db.Tx, building, id int64) (view.Side, error) {
	side, err := m.side(r, tx, building, id)
	if fault.Is(err, fault.NotFound) {
		return view.Side{Title: "Счёт без реестра № " + strconv.FormatInt(id, 10)}, nil
	}
	return side, err
}

// suppliersByCode are the suppliers, each named at least by its code.
func suppliersByCode(ctx context.Context, tx *db.Tx) (map[string]supplier.Supplier, error) {
	list, err := supplier.List(ctx, tx)
	byCode := map[string]supplier.Supplier{}
	for _, s := range list {
		s.Name = cmp.Or(s.Name, s.Code)
		byCode[s.Code] = s
	}
	return byCode, err
}

// differencesShown is how many differences the page shows, the largest ones.
const differencesShown = 100

// differencesOf are what the supplier and Kvit have counted differently in a run's month.
func (m *Module) differencesOf(r *http.Request, most int) (v view.Differences, err error) {
	run, err := m.runOf(r)
	if err != nil {
		return v, err
	}
	list, err := m.Charges.Differences(r.Context(), run.Month)
	if err != nil {
		return v, err
	}
	v = view.Differences{Page: m.page(r, "Расхождения за "+run.Month.Title()), Month: run.Month, Total: len(list), Export: runHref(run.ID) + "/differences.csv"}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		v.Rows = nil
		services, err := supplier.ListServiceNames(r.Context(), tx)
		if err != nil {
			return err
		}
		for _, d := range list[:min(len(list), most)] {
			a, err := m.accountSide(r, tx, d.Building, d.Account)
			if err != nil {
				return err
			}
			s, err := supplier.FindByID(r.Context(), tx, d.Supplier)
			if err != nil {
				return err
			}
			v.Rows = append(v.Rows, view.DifferenceRow{Supplier: s.Name, Service: supplier.ServiceTitle(services[d.Service], s.Services), Account: a.Title, Href: a.Href, Theirs: d.Theirs, Ours: d.Ours, Missing: d.Missing})
		}
		return nil
	})
	return v, err
}

func (m *Module) differences(w http.ResponseWriter, r *http.Request) error {
	v, err := m.differencesOf(r, differencesShown)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, view.DifferencesPage(v))
}

func (m *Module) differencesCSV(w http.ResponseWriter, r *http.Request) error {
	const most = 100_000
	v, err := m.differencesOf(r, most)
	if err != nil {
		return err
	}
	rows := [][]string{{"поставщик", "счёт", "услуга", "у поставщика", "в Квите", "разница"}}
	for i := range v.Rows {
		d := &v.Rows[i]
		theirs := d.Theirs.String()
		if d.Missing {
			theirs = ""
		}
		rows = append(rows, []string{d.Supplier, d.Account, d.Service, theirs, d.Ours.String(), (d.Ours - d.Theirs).String()})
	}
	return writeCSV(w, "differences-"+v.Month.String()+".csv", rows)
}
