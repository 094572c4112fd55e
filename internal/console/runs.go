package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/web"
)

// runsShown is how many runs the list shows, the latest ones.
const runsShown = 24

// may tells whether the actor's role takes an action on runs.
func may(r *http.Request, action string) bool {
	return access.FromContext(r.Context()).Require("run", action) == nil
}

func (m *Module) runs(w http.ResponseWriter, r *http.Request) error {
	return m.showRuns(w, r, http.StatusOK, nil)
}

func (m *Module) showRuns(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	v := view.Runs{Page: m.page(r, "Начисление"), Houses: r.URL.Query().Get("houses"), Errors: web.ErrorsOf(failed)}
	if may(r, "start") {
		v.NewTo = "/c/runs/new"
		v.Months = monthChoices(calendar.DateOf(m.Now().Time().In(m.Zone)), r.URL.Query().Get("month"))
	}
	v.Page.WithErrors(v.Errors)
	err := m.DB.Read(r.Context(), func(tx *db.Tx) error {
		v.Rows = nil
		list, err := charge.ListRuns(r.Context(), tx, 0)
		if err != nil {
			return err
		}
		slices.Reverse(list)
		for i := range list[:min(len(list), runsShown)] {
			s, err := m.stand(r.Context(), tx, &list[i])
			if err != nil {
				return err
			}
			v.Rows = append(v.Rows, s.row())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return web.Render(w, r, status, view.RunsPage(v))
}

// asked reads the month and the houses a run is asked for.
func (m *Module) asked(ctx context.Context, form url.Values) (month calendar.Month, buildings []int64, codes string, err error) {
	if month, err = calendar.ParseMonth(form.Get("month")); err != nil {
		return 0, nil, "", fault.New(fault.Invalid, "charge.month", "Выберите месяц.").WithField("month").Because(err)
	}
	list := codesOf(form.Get("houses"))
	buildings, err = m.buildingsOf(ctx, list)
	return month, buildings, strings.Join(list, ", "), err
}

// buildingsOf finds houses by their codes; one that is not there is a fault of the field of houses.
func (m *Module) buildingsOf(ctx context.Context, codes []string) (buildings []int64, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		buildings = nil
		for _, code := range codes {
			b, err := housing.FindByCode(ctx, tx, code)
			if fault.Is(err, fault.NotFound) {
				return fault.As(err).WithField("houses")
			}
			if err != nil {
				return err
			}
			buildings = append(buildings, b.ID)
		}
		return nil
	})
	return buildings, err
}

// runNew shows what a run would charge before it begins.
func (m *Module) runNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	month, buildings, codes, err := m.asked(ctx, r.URL.Query())
	if web.IsForm(err) || fault.Is(err, fault.NotFound) {
		return m.showRuns(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	var s charge.Scope
	var closed calendar.Micros
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if closed, err = charge.ClosedAt(ctx, tx, month); err != nil {
			return err
		}
		s, err = charge.CountScope(ctx, tx, month, buildings)
		return err
	})
	if err != nil {
		return err
	}
	if closed != 0 {
		return m.showRuns(w, r, http.StatusUnprocessableEntity, fault.Newf(fault.Conflict, "charge.month_closed", "Месяц %s закрыт. Изменения за него станут перерасчётом в открытом месяце.", month.Title()).WithField("month"))
	}
	v := view.Ask{
		Page: m.page(r, "Начислить "+month.Title()), Action: "/c/runs", Key: web.NewKey(), Button: "Начать расчёт", Back: "/c/runs",
		Hidden: [][2]string{{"month", month.String()}, {"houses", codes}},
		Facts: []view.AskFact{
			{Name: "Месяц", Value: month.Title()}, {Name: "Дома", Value: scopeWord(len(buildings))}, {Name: "Домов к начислению", Value: count(s.Buildings)},
			{Name: "Семей в них", Value: count(s.Households)}, {Name: "За " + month.Add(-1).Word() + " начислено во всех домах", Sum: s.Before, IsSum: true},
		},
	}
	if s.Buildings == 0 {
		v.Notice = &web.Notice{Tone: web.Info, Text: "Все дома этого месяца уже рассчитаны или данных для расчёта нет. Суммы поставщиков попадут в счета без расчёта."}
	}
	return web.Render(w, r, http.StatusOK, view.AskPage(v))
}

// runBegin begins a run and leaves it to the background.
func (m *Module) runBegin(w http.ResponseWriter, r *http.Request) error {
	return m.once(w, r, func(actor string) (string, error) {
		month, buildings, _, err := m.asked(r.Context(), r.PostForm)
		if err != nil {
			return "", err
		}
		run, err := m.BeginCharge(r.Context(), charge.Request{Month: month, Buildings: buildings, Actor: actor})
		if err != nil {
			return "", err
		}
		return runHref(run.ID), nil
	})
}

func runHref(id int64) string { return "/c/runs/" + strconv.FormatInt(id, 10) }

// runOf is the run the address names.
func (m *Module) runOf(r *http.Request) (run *charge.Run, err error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.NotFound, "charge.no_run", "Такого расчёта нет.")
	}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		run, err = charge.FindRun(r.Context(), tx, id)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "charge.no_run", "Такого расчёта нет.").Because(err)
	}
	return run, err
}

// standing is a run with everything its page tells.
type standing struct {
	run       *charge.Run
	progress  charge.Progress
	report    *charge.Report
	reported  calendar.Micros
	pub       *bill.Publication
	published bill.Published
}

// stand reads how a run stands.
func (m *Module) stand(ctx context.Context, tx *db.Tx, run *charge.Run) (s *standing, err error) {
	s = &standing{run: run}
	if s.progress, err = charge.CountProgress(ctx, tx, run); err != nil {
		return nil, err
	}
	if s.report, s.reported, err = charge.FindReport(ctx, tx, run.ID); err != nil {
		return nil, err
	}
	if s.pub, err = bill.FindPublication(ctx, tx, run.ID); err != nil || s.pub == nil {
		return s, err
	}
	s.published, err = bill.CountPublished(ctx, tx, run)
	return s, err
}

func (s *standing) row() view.RunRow {
	return view.RunRow{
		Number: s.run.ID, Href: runHref(s.run.ID), Month: s.run.Month, Kind: kindWords[s.run.Kind], Scope: scopeWord(len(s.run.Buildings)), State: s.state(), By: who(s.run.CreatedBy),
		At: s.run.CreatedAt, Households: s.progress.Households, Amount: s.progress.Amount,
	}
}

// failed tells that everything is charged and a check does not hold.
func (s *standing) failed() bool {
	return s.run.State == charge.StateRunning && s.report != nil && !s.report.OK() && s.progress.Buildings == s.progress.BuildingsAll
}

// working tells that figures of the page change by themselves.
func (s *standing) working() bool {
	return s.run.State == charge.StateRunning && !s.failed() || s.pub != nil && s.pub.State == bill.PublicationRunning
}

// state is the run's state in words, that of its bills once they are being issued.
func (s *standing) state() web.State {
	switch {
	case s.failed():
		return web.State{Word: "проверки не сошлись", Tone: web.Bad}
	case s.run.State == charge.StateClosed:
		return web.State{Word: "месяц закрыт", Tone: web.OK}
	case s.pub == nil:
		return runStates[s.run.State]
	}
	return publicationStates[s.pub.State]
}

// runRoutes are the pages of runs: drafts, publication, replacing.
func (m *Module) runRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/runs", Resource: "run", Action: "read", Handler: m.runs},
		{Method: http.MethodGet, Pattern: "/c/runs/new", Resource: "run", Action: "start", Handler: m.runNew},
		{Method: http.MethodPost, Pattern: "/c/runs", Resource: "run", Action: "start", Handler: m.runBegin},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}", Resource: "run", Action: "read", Handler: m.run},
		{Method: http.MethodPost, Pattern: "/c/runs/{id}/pause", Resource: "run", Action: "start", Handler: m.runPause},
		{Method: http.MethodPost, Pattern: "/c/runs/{id}/resume", Resource: "run", Action: "start", Handler: m.runResume},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/approve", Resource: "run", Action: "approve", Handler: m.askApprove},
		{Method: http.MethodPost, Pattern: "/c/runs/{id}/approve", Resource: "run", Action: "approve", Handler: m.approve},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/publish", Resource: "run", Action: "publish", Handler: m.askPublish},
		{Method: http.MethodPost, Pattern: "/c/runs/{id}/publish", Resource: "run", Action: "publish", Handler: m.publish},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/close", Resource: "run", Action: "publish", Handler: m.askClose},
		{Method: http.MethodPost, Pattern: "/c/runs/{id}/close", Resource: "run", Action: "publish", Handler: m.close},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/drafts", Resource: "run", Action: "read", Slow: true, Handler: m.drafts},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/drafts/{code}", Resource: "run", Action: "read", Handler: m.draft},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/drafts/{code}/pdf", Resource: "run", Action: "read", Slow: true, Handler: m.draftPDF},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/reissue", Resource: "run", Action: "start", Handler: m.askReissue},
		{Method: http.MethodPost, Pattern: "/c/runs/{id}/reissue", Resource: "run", Action: "start", Slow: true, Handler: m.prepareReissue},
		{Method: http.MethodGet, Pattern: "/c/reissues/{id}", Resource: "run", Action: "read", Handler: m.reissue},
		{Method: http.MethodPost, Pattern: "/c/reissues/{id}/confirm", Resource: "run", Action: "publish", Handler: m.confirmReissue},
		{Method: http.MethodPost, Pattern: "/c/reissues/{id}/pause", Resource: "run", Action: "publish", Handler: m.pauseReissue},
		{Method: http.MethodPost, Pattern: "/c/reissues/{id}/resume", Resource: "run", Action: "publish", Handler: m.resumeReissue},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/differences", Resource: "run", Action: "read", Slow: true, Handler: m.differences},
		{Method: http.MethodGet, Pattern: "/c/runs/{id}/differences.csv", Resource: "run", Action: "read", Slow: true, Handler: m.differencesCSV},
	}
}
