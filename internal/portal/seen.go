package portal

import (
	"fmt"
	"net/http"

	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// seenBill is the resident's bill as the centre sees it while he is on the phone: the same page without the buttons
// that act in his name.
func (m *Module) seenBill(w http.ResponseWriter, r *http.Request) error {
	b, err := m.seen(r)
	if err != nil {
		return err
	}
	back := "/c/account/" + r.PathValue("code")
	v, err := m.billView(r, b, back+"/bill")
	if err != nil {
		return err
	}
	if v.Change, err = m.change(r, b, back+"/bill"); err != nil {
		return err
	}
	if v.IssuedList, err = m.issuedList(r, b, back+"/bill"); err != nil {
		return err
	}
	v.PDFHref = back + "/bill.pdf"
	v.Page.Notices = []web.Notice{{Tone: web.Info, Title: "Так счёт видит житель", Text: "Платить и менять отсюда нельзя.", Link: &web.Link{Title: "Вернуться к абоненту", Href: back}}}
	return web.Render(w, r, http.StatusOK, view.BillPage(v))
}

// seenPDF is the paper the centre prints for a resident.
func (m *Module) seenPDF(w http.ResponseWriter, r *http.Request) error {
	b, err := m.seen(r)
	if err != nil {
		return err
	}
	return m.sendPDF(w, r, b)
}

// seen is the bill of a household by its public code.
func (m *Module) seen(r *http.Request) (*bill.Bill, error) {
	ref, err := m.Bills.FindByCode(r.Context(), r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	b, err := m.Bills.At(r.Context(), ref, 0)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.NotFound, "household.unknown", "Такого абонента нет.").Because(err)
	}
	return b, err
}

// sendPDF writes the paper of a bill.
func (m *Module) sendPDF(w http.ResponseWriter, r *http.Request, b *bill.Bill) error {
	web.Show(w, "application/pdf", fmt.Sprintf("kvit-%s.pdf", b.Month))
	if r.URL.Query().Get("large") == "1" {
		return m.Bills.LargePDF(r.Context(), w, b)
	}
	return m.Bills.PDF(r.Context(), w, []*bill.Bill{b})
}
