package console

import (
	"bytes"
	"net/http"
	"strconv"

	"kvit/internal/bill"
	"kvit/internal/charge"
	"kvit/internal/console/view"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// drafted tells whether the bills of a run may be looked at as drafts: all is charged, and not all is issued.
func (s *standing) drafted() bool {
	charged := s.run.State == charge.StateChecked || s.run.State == charge.StateApproved || s.failed()
	return s.run.Kind == charge.KindMonth && charged && (s.pub == nil || s.pub.State != bill.PublicationDone)
}

// draftedRun is the run of the address, if it has drafts.
func (m *Module) draftedRun(r *http.Request) (*charge.Run, error) {
	run, s, err := m.standOf(r)
	if err == nil && !s.drafted() {
		err = fault.New(fault.NotFound, "draft.over", "Проектов у этого расчёта нет: он ещё идёт, или счета уже выставлены.")
	}
	return run, err
}

func (m *Module) drafts(w http.ResponseWriter, r *http.Request) error {
	run, err := m.draftedRun(r)
	if err != nil {
		return err
	}
	from := int64(0)
	if q := r.URL.Query().Get("from"); q != "" {
		if from, err = strconv.ParseInt(q, 10, 64); err != nil {
			return fault.New(fault.NotFound, "draft.page", "Такой страницы проектов нет.").Because(err)
		}
	}
	list, next, err := m.Bills.ListDrafts(r.Context(), run, from)
	if err != nil {
		return err
	}
	base := runHref(run.ID) + "/drafts"
	v := view.Drafts{Page: m.page(r, "Проекты счетов за "+run.Month.Title()), Month: run.Month, BackHref: runHref(run.ID)}
	if next != 0 {
		v.NextHref = base + "?from=" + strconv.FormatInt(next, 10)
	}
	for _, d := range list {
		v.Rows = append(v.Rows, view.DraftRow{Address: d.Address, Href: base + "/" + d.Code, Charged: d.Charged, Before: d.Before, HasBefore: d.HasBefore, Total: d.Total})
	}
	return web.Render(w, r, http.StatusOK, view.DraftsPage(v))
}

// draftOf is the draft the address names.
func (m *Module) draftOf(r *http.Request) (*charge.Run, *bill.Bill, error) {
	run, err := m.draftedRun(r)
	if err != nil {
		return nil, nil, err
	}
	ref, err := m.household(r)
	if err != nil {
		return nil, nil, err
	}
	b, err := m.Bills.Draft(r.Context(), ref, run.Month)
	return run, b, err
}

func (m *Module) draft(w http.ResponseWriter, r *http.Request) error {
	run, b, err := m.draftOf(r)
	if err != nil {
		return err
	}
	sellers, err := m.Bills.RecipientsOf(r.Context(), b)
	if err != nil {
		return err
	}
	base := runHref(run.ID) + "/drafts"
	v := view.Draft{
		Page: m.page(r, "Проект счёта"), Address: b.Address, Month: run.Month, BackHref: base, PDFHref: base + "/" + b.Household + "/pdf", AccountHref: "/c/account/" + b.Household,
		Opening: b.Opening, Charge: b.Charge, Recalc: b.Recalc, Penalty: b.Penalty, Paid: b.Paid, Total: b.Total, Advance: b.Advance,
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		v.Lines = append(v.Lines, view.DraftLine{
			Service: supplier.ServiceTitle(l.Service, sellers[l.SupplierID].Services), Supplier: l.SupplierName, Account: l.Account, Volume: decimal.Grouped(l.VolumeText, 0), Rate: decimal.Grouped(l.RateText, 2),
			Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty, Paid: l.Paid, Due: l.Due,
		})
	}
	return web.Render(w, r, http.StatusOK, view.DraftPage(v))
}

func (m *Module) draftPDF(w http.ResponseWriter, r *http.Request) error {
	_, b, err := m.draftOf(r)
	if err != nil {
		return err
	}
	var paper bytes.Buffer
	if err := m.Bills.PDF(r.Context(), &paper, []*bill.Bill{b}); err != nil {
		return err
	}
	web.Show(w, "application/pdf", "draft.pdf")
	_, err = w.Write(paper.Bytes())
	return err
}
