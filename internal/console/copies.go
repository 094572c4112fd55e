package console

import (
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/restore"
	"kvit/internal/web"
)

// CopyState is how copies of this server stand.
type CopyState struct {
	On, Late        bool
	Dir, Trouble    string
	WholeAt, LastAt calendar.Micros
}

// copyRoutes are the page of copies and of what a return asks for.
func (m *Module) copyRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/c/copies", Resource: "copy", Action: "read", Handler: m.copies},
		{Method: http.MethodPost, Pattern: "/c/copies", Resource: "copy", Action: "decide", Handler: m.finishStep},
	}
}

func (m *Module) copies(w http.ResponseWriter, r *http.Request) error {
	return m.showCopies(w, r, http.StatusOK, nil)
}

func (m *Module) showCopies(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	last, err := m.LastReturn(r.Context())
	if err != nil {
		return err
	}
	s := m.CopyState()
	v := view.Copies{Page: m.page(r, "Копии"), On: s.On, Late: s.Late, Trouble: s.Trouble, Dir: s.Dir, WholeAt: s.WholeAt, LastAt: s.LastAt, Errors: web.ErrorsOf(failed)}
	v.Page.WithErrors(v.Errors)
	if last != nil {
		v.Return = returnView(last)
		if access.FromContext(r.Context()).Require("copy", "decide") == nil && byHand(v.Return.Step) {
			v.Return.DoneTo, v.Return.Key = "/c/copies", web.NewKey()
		}
	}
	return web.Render(w, r, status, view.CopiesPage(v))
}

// byHand are the steps a person notes as done; the others a command does.
func byHand(step string) bool {
	return step != "" && step != restore.StepCheck && step != restore.StepAcquirers
}

func returnView(last *restore.Return) *view.CopyReturn {
	v := &view.CopyReturn{No: strconv.FormatInt(last.ID, 10), DataAt: last.DataAt, UntilAt: last.UntilAt, Finished: last.FinishedAt != 0}
	next := last.Next()
	for i := range last.Steps {
		s := &last.Steps[i]
		row := view.CopyStep{Title: s.Title, Hint: s.Hint, Command: s.Command, Holds: s.Holds, By: who(s.Actor), At: s.DoneAt, State: web.State{Word: "ждёт", Tone: web.Quiet}}
		switch {
		case s.DoneAt != 0:
			row.State, row.Holds = web.State{Word: "сделан", Tone: web.OK}, ""
		case s == next:
			row.State, row.Now = web.State{Word: "сейчас", Tone: web.Warn}, true
		}
		v.Steps = append(v.Steps, row)
	}
	if next != nil {
		v.Step = next.Code
		if len(next.Choices) > 0 {
			v.Choices = []web.Choice{{Value: restore.ChoiceAgain, Label: "Отправить"}, {Value: restore.ChoiceSent, Label: "Уже отправлено до сбоя"}}
		}
	}
	return v
}

func (m *Module) finishStep(w http.ResponseWriter, r *http.Request) error {
	d := restore.Done{Step: r.PostFormValue("step"), Choice: r.PostFormValue("choice"), Note: r.PostFormValue("note"), Actor: access.FromContext(r.Context()).String()}
	if !byHand(d.Step) {
		return m.showCopies(w, r, http.StatusConflict, errByCommand)
	}
	err := m.FinishStep(r.Context(), d)
	if refusedForm(err) {
		return m.showCopies(w, r, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/c/copies")
}

var errByCommand = fault.New(fault.Conflict, "restore.by_command", "Этот шаг делает команда: она названа в таблице.")

// copyWait is the count of the page «Сегодня»: copies that are late, or a return that is not sorted out.
func (m *Module) copyWait(r *http.Request) (view.Wait, bool, error) {
	last, err := m.LastReturn(r.Context())
	x := view.Wait{Href: "/c/copies", Count: 1, Tone: web.Bad}
	switch {
	case err != nil:
		return x, false, err
	case last != nil && last.FinishedAt == 0:
		x.Title, x.Text = "Возврат данных", "Не сделаны шаги после возврата: деньги и отправки ждут"
		return x, true, nil
	}
	x.Title, x.Text = "Копии отстают", "Последняя удачная копия слишком старая"
	return x, m.CopyState().Late, nil
}
