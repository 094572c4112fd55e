package console

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// reissueStates are the states of a reissue as a person reads them.
var reissueStates = map[string]web.State{
	bill.ReissueWaiting: {Word: "ждёт второго человека", Tone: web.Warn}, bill.ReissueRunning: {Word: "счета заменяются", Tone: web.Info, Icon: "clock"},
	bill.ReissuePaused: {Word: "замена приостановлена", Tone: web.Warn, Icon: "pause"}, bill.ReissueDone: {Word: "счета заменены", Tone: web.OK},
}

func reissueHref(id int64) string { return "/c/reissues/" + strconv.FormatInt(id, 10) }

func (m *Module) askReissue(w http.ResponseWriter, r *http.Request) error {
	return m.showAskReissue(w, r, http.StatusOK, nil)
}

func (m *Module) showAskReissue(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	run, err := m.runOf(r)
	if err != nil {
		return err
	}
	v := view.ReissueAsk{Page: m.page(r, "Заменить счета за "+run.Month.Title()), Action: runHref(run.ID) + "/reissue", Key: web.NewKey(), Back: runHref(run.ID), Errors: web.ErrorsOf(failed)}
	field := func(name, label, hint string, optional bool) web.Field {
		return web.Field{Name: name, Label: label, Hint: hint, Optional: optional, Value: r.PostFormValue(name), Error: v.Errors.Of(name), MaxLength: 4000, Autocomplete: "off"}
	}
	v.Houses = field("houses", "Дома", "Коды домов через запятую. Пусто – все дома", true)
	v.Suppliers = field("suppliers", "Поставщики", "Коды через запятую: только счета, где изменились их строки. Пусто – все", true)
	v.Reason = field("reason", "Причина", "Её прочитает житель", false)
	v.Page.WithErrors(v.Errors)
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		v.Earlier = nil
		list, err := bill.ListReissues(r.Context(), tx, run.Month)
		for _, x := range list {
			v.Earlier = append(v.Earlier, view.ReissueLink{Title: "№ " + strconv.FormatInt(x.ID, 10) + ", " + x.Reason, Href: reissueHref(x.ID), State: reissueStates[x.State]})
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.Render(w, r, status, view.ReissueAskPage(v))
}

// prepareReissue finds the bills to be replaced and leads to the page that tells of them.
func (m *Module) prepareReissue(w http.ResponseWriter, r *http.Request) error {
	err := m.once(w, r, func(actor string) (string, error) {
		run, err := m.runOf(r)
		if err != nil {
			return "", err
		}
		scope, err := m.reissueScope(r.Context(), r.PostForm)
		if err != nil {
			return "", err
		}
		x, err := m.Bills.PrepareReissue(r.Context(), bill.ReissueRequest{Month: run.Month, Scope: scope, Reason: r.PostFormValue("reason"), Actor: actor})
		if err != nil {
			return "", err
		}
		return reissueHref(x.ID), nil
	})
	if f := fault.As(err); err != nil && refusesForm(err) && f.Code != "charge.no_run" {
		if f.Field == "" {
			err = f.WithField("reason")
		}
		return m.showAskReissue(w, r, http.StatusUnprocessableEntity, err)
	}
	return err
}

// codesOf parts codes as people list them.
func codesOf(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(",; \n\r\t", c) })
}

func (m *Module) reissueScope(ctx context.Context, form url.Values) (scope bill.ReissueScope, err error) {
	if scope.Buildings, err = m.buildingsOf(ctx, codesOf(form.Get("houses"))); err != nil {
		return scope, err
	}
	return scope, m.DB.Read(ctx, func(tx *db.Tx) error {
		scope.Suppliers = nil
		for _, code := range codesOf(form.Get("suppliers")) {
			s, err := supplier.Find(ctx, tx, code)
			if err != nil {
				return fault.As(err).WithField("suppliers")
			}
			scope.Suppliers = append(scope.Suppliers, s.ID)
		}
		return nil
	})
}

// reissueOf is the reissue the address names.
func (m *Module) reissueOf(r *http.Request) (x *bill.Reissue, done bill.Reissued, err error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, done, fault.New(fault.NotFound, "reissue.unknown", "Такой замены счетов нет.").Because(err)
	}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		if x, err = bill.FindReissue(r.Context(), tx, id); err != nil {
			return err
		}
		done, err = bill.CountReissued(r.Context(), tx, x)
		return err
	})
	return x, done, err
}

func (m *Module) reissue(w http.ResponseWriter, r *http.Request) error {
	return m.showReissue(w, r, http.StatusOK, nil)
}

func (m *Module) showReissue(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	x, done, err := m.reissueOf(r)
	if err != nil {
		return err
	}
	f := &x.Found
	v := view.Reissue{
		Page: m.page(r, "Замена счетов за "+x.Month.Title()), Month: x.Month, State: reissueStates[x.State], Scope: reissueScopeWord(&x.Scope), Reason: x.Reason, PreparedBy: who(x.PreparedBy), PreparedAt: x.PreparedAt,
		ConfirmedBy: who(x.ConfirmedBy), Bills: f.Bills, Changed: f.Changed, Other: f.Other, Before: f.Before, After: f.After, Difference: f.Difference, RunHref: "/c/runs", Errors: web.ErrorsOf(failed),
		Going: x.State != bill.ReissueWaiting, Buildings: done.Buildings, BuildingsAll: done.BuildingsAll, Issued: done.Issued, Same: done.Same, DoneOther: done.Other,
	}
	v.Page.WithErrors(v.Errors)
	if x.State == bill.ReissueRunning {
		v.Refresh = runRefresh
	}
	for _, s := range f.Largest {
		v.Largest = append(v.Largest, view.ReissueRow{Address: s.Address, Href: "/c/account/" + s.Code, Before: s.Before, After: s.After, Difference: s.Difference})
	}
	m.reissueSteps(r, x, &v)
	return web.Render(w, r, status, view.ReissuePage(v))
}

func reissueScopeWord(s *bill.ReissueScope) string {
	word := scopeWord(len(s.Buildings))
	if n := len(s.Suppliers); n > 0 {
		word += ", поставщиков: " + strconv.Itoa(n)
	}
	return word
}

// reissueSteps are what the actor may do with a reissue now, or why the next step is not his.
func (m *Module) reissueSteps(r *http.Request, x *bill.Reissue, v *view.Reissue) {
	base := reissueHref(x.ID)
	mine := x.PreparedBy == access.FromContext(r.Context()).String()
	switch {
	case x.State == bill.ReissueWaiting && x.Found.Changed == 0:
		v.Why = "Счетов, где суммы изменились, нет: заменять нечего."
	case x.State == bill.ReissueWaiting && mine:
		v.Why = "Эту замену подготовили вы. Начать её должен другой человек – так ошибку заметят двое."
	case !may(r, "publish"):
		v.Why = map[bool]string{true: "Замену начинает бухгалтер расчётного центра."}[x.State == bill.ReissueWaiting]
	case x.State == bill.ReissueWaiting:
		v.Confirm = &view.ReissueConfirm{Action: base + "/confirm", Key: web.NewKey(), Wave: strconv.Itoa(x.Wave), Pause: "0"}
		if len(v.Errors) > 0 {
			v.Confirm.Wave, v.Confirm.Pause = r.PostFormValue("wave"), r.PostFormValue("pause")
		}
	case x.State == bill.ReissueRunning:
		v.Steps = []view.RunStep{{Title: "Приостановить", To: base + "/pause", Key: web.NewKey()}}
	case x.State == bill.ReissuePaused:
		v.Steps = []view.RunStep{{Title: "Продолжить", To: base + "/resume", Key: web.NewKey()}}
	}
}

// confirmReissue is the second person's word.
func (m *Module) confirmReissue(w http.ResponseWriter, r *http.Request) error {
	wave, pause, err := wavesOf(r)
	if err != nil {
		return m.showReissue(w, r, http.StatusUnprocessableEntity, err)
	}
	return m.onReissue(w, r, func(x *bill.Reissue, actor string) error {
		return m.BeginReissue(r.Context(), bill.ReissueStart{ID: x.ID, Wave: wave, Pause: pause, Actor: actor})
	})
}

func (m *Module) pauseReissue(w http.ResponseWriter, r *http.Request) error {
	return m.onReissue(w, r, func(x *bill.Reissue, actor string) error {
		if x.State != bill.ReissueRunning { // it has ended meanwhile
			return nil
		}
		return m.Bills.PauseReissue(r.Context(), x.ID, actor)
	})
}

func (m *Module) resumeReissue(w http.ResponseWriter, r *http.Request) error {
	return m.onReissue(w, r, func(x *bill.Reissue, actor string) error {
		if x.State != bill.ReissuePaused {
			return nil
		}
		return m.BeginReissue(r.Context(), bill.ReissueStart{ID: x.ID, Pause: -1, Actor: actor})
	})
}

// onReissue takes a press on the page of a reissue.
func (m *Module) onReissue(w http.ResponseWriter, r *http.Request, do func(x *bill.Reissue, actor string) error) error {
	return m.once(w, r, func(actor string) (string, error) {
		x, _, err := m.reissueOf(r)
		if err != nil {
			return "", err
		}
		return reissueHref(x.ID), do(x, actor)
	})
}
