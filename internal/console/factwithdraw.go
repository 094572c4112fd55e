package console

import (
	"net/http"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/charge/record"
	"kvit/internal/console/view"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// askWithdrawFact asks why a fact is taken back.
func (m *Module) askWithdrawFact(w http.ResponseWriter, r *http.Request) error {
	return m.showWithdrawFact(w, r, http.StatusOK, nil, nil)
}

// withdrawFact shows what the month costs without a fact, then takes it back.
func (m *Module) withdrawFact(w http.ResponseWriter, r *http.Request) error {
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	s, err := m.withdrawn(r, ref)
	switch {
	case fault.Is(err, fault.NotFound):
		return err
	case refusesForm(err):
		return m.showWithdrawFact(w, r, http.StatusUnprocessableEntity, nil, fault.As(err).WithField("reason"))
	case err != nil:
		return err
	case s != nil:
		return m.showWithdrawFact(w, r, http.StatusOK, s, nil)
	}
	return web.SeeOther(w, r, factsPath(r)+"?told=withdrawn")
}

// factOf is the fact the address names.
func (m *Module) factOf(r *http.Request, ref bill.Ref) (*subject, *record.Known, error) {
	of, err := m.subjectOf(r, ref)
	if err != nil {
		return nil, nil, err
	}
	known, err := of.known.Find(r.PathValue("ref"))
	if err == nil && len(of.members) == 0 {
		err = errNoAccounts
	}
	return of, known, err
}

// withdrawn judges the withdrawal of a fact; written, there is nothing more to show.
func (m *Module) withdrawn(r *http.Request, ref bill.Ref) (*view.FactSupposed, error) {
	of, known, err := m.factOf(r, ref)
	if err != nil {
		return nil, err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	if reason == "" {
		return nil, fault.New(fault.Invalid, "form.reason", "Напишите, почему факт отменяют.").WithField("reason")
	}
	l := record.Load{By: "person:" + access.FromContext(r.Context()).Name, Sources: []record.Source{record.WithdrawalOf(of.members[0], known.Ref, reason)}}
	return m.loadOrSuppose(r, ref, l, known.MonthOf(m.presentMonth()))
}

func (m *Module) showWithdrawFact(w http.ResponseWriter, r *http.Request, status int, s *view.FactSupposed, failed error) error {
	ref, err := m.household(r)
	if err != nil {
		return err
	}
	_, known, err := m.factOf(r, ref)
	if err != nil {
		return err
	}
	v := view.FactWithdrawal{Page: m.page(r, "Отменить факт"), Row: factRow(known, ""), Title: record.TitleOf(known.Fact), BackHref: factsPath(r), Action: factsPath(r) + "/" + known.Ref + "/withdraw", Errors: web.ErrorsOf(failed), Supposed: s}
	v.Reason = reasonField("Причина", "Её увидят в истории: прежнее значение не пропадёт")
	v.Reason.Value, v.Reason.Error = r.PostFormValue("reason"), v.Errors.Of("reason")
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.FactWithdrawalPage(v))
}
