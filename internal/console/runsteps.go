package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/charge"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// runPause stops a run or the issuing of its bills. What has ended meanwhile stays ended.
func (m *Module) runPause(w http.ResponseWriter, r *http.Request) error {
	return m.once(w, r, func(actor string) (string, error) {
		run, s, err := m.standOf(r)
		if err != nil {
			return "", err
		}
		switch {
		case s.pub != nil && s.pub.State == bill.PublicationRunning:
			err = m.Bills.PausePublication(r.Context(), run.ID, actor)
		case run.State == charge.StateRunning:
			err = m.Charges.Pause(r.Context(), run.ID, actor)
		}
		return runHref(run.ID), err
	})
}

// runResume goes on with a run or with the issuing of its bills.
func (m *Module) runResume(w http.ResponseWriter, r *http.Request) error {
	return m.once(w, r, func(actor string) (string, error) {
		run, s, err := m.standOf(r)
		if err != nil {
			return "", err
		}
		switch {
		case run.Kind == charge.KindMonth && (run.State == charge.StatePaused || run.State == charge.StateRunning):
			_, err = m.BeginCharge(r.Context(), charge.Request{Month: run.Month, Buildings: run.Buildings, Actor: actor})
		case s.pub != nil && s.pub.State == bill.PublicationPaused && may(r, "publish"):
			err = m.BeginPublication(r.Context(), bill.PublishRequest{Run: run.ID, Pause: -1, Actor: actor})
		}
		return runHref(run.ID), err
	})
}

// standOf is the run the address names and how it stands.
func (m *Module) standOf(r *http.Request) (run *charge.Run, s *standing, err error) {
	if run, err = m.runOf(r); err != nil {
		return nil, nil, err
	}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		s, err = m.stand(r.Context(), tx, run)
		return err
	})
	return run, s, err
}

// askRun begins the page that asks before a step, with the figures of the run.
func (m *Module) askRun(r *http.Request, s *standing, title, step, button string) view.Ask {
	base := runHref(s.run.ID)
	return view.Ask{
		Page: m.page(r, title), Action: base + step, Key: web.NewKey(), Button: button, Back: base,
		Facts: []view.AskFact{
			{Name: "Месяц", Value: s.run.Month.Title()}, {Name: "Дома", Value: scopeWord(len(s.run.Buildings))}, {Name: "Семей", Value: count(s.progress.Households)},
			{Name: "Начислено Квитом", Sum: s.progress.Amount, IsSum: true}, {Name: "Услуг без строки или не как обычно", Value: count(s.progress.Issues)}, {Name: "Начал", Value: who(s.run.CreatedBy)},
		},
	}
}

func (m *Module) askApprove(w http.ResponseWriter, r *http.Request) error {
	run, s, err := m.standOf(r)
	if err != nil {
		return err
	}
	if run.CreatedBy == access.FromContext(r.Context()).String() {
		return web.SeeOther(w, r, runHref(run.ID)) // its page says why not
	}
	return web.Render(w, r, http.StatusOK, view.AskPage(m.askRun(r, s, "Утвердить расчёт за "+run.Month.Title(), "/approve", "Утвердить расчёт")))
}

func (m *Module) approve(w http.ResponseWriter, r *http.Request) error {
	return m.once(w, r, func(actor string) (string, error) {
		run, err := m.runOf(r)
		if err != nil {
			return "", err
		}
		if run.ApprovedBy == actor { // pressed on another page
			return runHref(run.ID), nil
		}
		return runHref(run.ID), m.Charges.Approve(r.Context(), run.ID, actor)
	})
}

func (m *Module) askPublish(w http.ResponseWriter, r *http.Request) error {
	return m.showPublish(w, r, http.StatusOK, nil)
}

func (m *Module) showPublish(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	run, s, err := m.standOf(r)
	if err != nil {
		return err
	}
	var t bill.ToPublish
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		t, err = bill.CountToPublish(r.Context(), tx, run)
		return err
	})
	if err != nil {
		return err
	}
	v := m.askRun(r, s, "Выставить счета за "+run.Month.Title(), "/publish", "Выставить счета")
	v.Facts = append(v.Facts, view.AskFact{Name: "Домов, где выставить счета", Value: count(t.Buildings)}, view.AskFact{Name: "Семей в них", Value: count(t.Households)}, view.AskFact{Name: "Утвердил", Value: who(run.ApprovedBy)})
	v.Notice = &web.Notice{Tone: web.Warn, Text: "Выставленный счёт нельзя изменить. Его можно заменить новым или отозвать, и житель это увидит."}
	v.Waves = &view.AskWaves{Wave: strconv.Itoa(bill.WaveDefault), Pause: "0"}
	if failed != nil {
		v.Waves = &view.AskWaves{Wave: r.PostFormValue("wave"), Pause: r.PostFormValue("pause")}
		v.Errors = web.ErrorsOf(failed)
		v.Page.WithErrors(v.Errors)
	}
	return web.Render(w, r, status, view.AskPage(v))
}

// wavesOf reads the size of waves and the pause between them.
func wavesOf(r *http.Request) (wave int, pause time.Duration, err error) {
	wave, err = strconv.Atoi(digits(r.PostFormValue("wave")))
	if err != nil || wave < 1 || wave > 1_000_000 {
		return 0, 0, fault.New(fault.Invalid, "publish.wave", "Напишите число семей в волне, например 5000.").WithField("wave")
	}
	minutes, err := strconv.Atoi(digits(r.PostFormValue("pause")))
	if err != nil || minutes > 24*60 {
		return 0, 0, fault.New(fault.Invalid, "publish.pause", "Напишите паузу в минутах: от 0 до 1440.").WithField("pause")
	}
	return wave, time.Duration(minutes) * time.Minute, nil
}

// digits drops the spaces people put into numbers.
func digits(s string) string { return strings.NewReplacer(" ", "", "\u00a0", "").Replace(s) }

func (m *Module) publish(w http.ResponseWriter, r *http.Request) error {
	wave, pause, err := wavesOf(r)
	if err != nil {
		return m.showPublish(w, r, http.StatusUnprocessableEntity, err)
	}
	return m.once(w, r, func(actor string) (string, error) {
		run, err := m.runOf(r)
		if err != nil {
			return "", err
		}
		return runHref(run.ID), m.BeginPublication(r.Context(), bill.PublishRequest{Run: run.ID, Wave: wave, Pause: pause, Actor: actor})
	})
}

func (m *Module) askClose(w http.ResponseWriter, r *http.Request) error {
	run, s, err := m.standOf(r)
	if err != nil {
		return err
	}
	v := m.askRun(r, s, "Закрыть "+run.Month.Title(), "/close", "Закрыть месяц")
	v.Danger = true
	v.Notice = &web.Notice{Tone: web.Warn, Text: "После закрытия в месяц ничего не добавить. Поздние данные станут перерасчётом следующего месяца."}
	return web.Render(w, r, http.StatusOK, view.AskPage(v))
}

// close closes the month of a run once every run of it has had its second person.
func (m *Module) close(w http.ResponseWriter, r *http.Request) error {
	return m.once(w, r, func(actor string) (string, error) {
		run, err := m.runOf(r)
		if err != nil {
			return "", err
		}
		if err := m.allApproved(r, run); err != nil {
			return "", err
		}
		return runHref(run.ID), m.Charges.Close(r.Context(), run.Month, actor)
	})
}

func (m *Module) allApproved(r *http.Request, run *charge.Run) error {
	return m.DB.Read(r.Context(), func(tx *db.Tx) error {
		list, err := charge.ListRuns(r.Context(), tx, run.Month)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].State == charge.StateChecked {
				return fault.Newf(fault.Conflict, "charge.not_approved", "Расчёт № %d этого месяца ещё не утверждён. Сначала утвердите его.", list[i].ID)
			}
		}
		return nil
	})
}
