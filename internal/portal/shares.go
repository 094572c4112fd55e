package portal

import (
	"cmp"
	"net/http"
	"slices"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// wholeOf is the bill of the home one looks at, whoever pays what of it, with what was agreed.
func (m *Module) wholeOf(r *http.Request) (*bill.Bill, person.Shares, error) {
	ref := own(r)
	shares, shared, err := m.People.SharesOf(r.Context(), ref.Building, ref.Household)
	if err == nil && !shared {
		err = fault.New(fault.NotFound, "share.none", "Делить нечего: здесь нет и собственника, и нанимателя сразу.")
	}
	if err != nil {
		return nil, nil, err
	}
	b, err := m.Bills.At(r.Context(), ref, 0)
	return b, shares, err
}

func (m *Module) shares(w http.ResponseWriter, r *http.Request) error {
	b, shares, err := m.wholeOf(r)
	if err != nil {
		return err
	}
	role, err := m.roleOf(r)
	if err != nil {
		return err
	}
	byID, err := m.Bills.RecipientsOf(r.Context(), b)
	if err != nil {
		return err
	}
	v := view.AccountShares{Page: m.page(r, "Кто за что платит"), Address: b.Address, Mine: role == person.Owner}
	if r.URL.Query().Get("done") != "" {
		v.Told = "Сохранено. Каждый видит свою часть"
	}
	v.Owner, v.Tenant = partOf(b, shares)
	for i := range b.Lines {
		l := &b.Lines[i]
		at := slices.IndexFunc(v.Services, func(s view.AccountShare) bool { return s.Value == l.ServiceKey() })
		if at < 0 {
			at, v.Services = len(v.Services), append(v.Services, view.AccountShare{
				Value: l.ServiceKey(), Service: cmp.Or(supplier.ServiceTitle(l.Service, byID[l.SupplierID].Services), l.SupplierName), Owner: shares.Of(l.ServiceKey(), l.CapitalRepair()) == person.Owner,
			})
		}
		v.Services[at].Due += l.Due
	}
	return web.Render(w, r, http.StatusOK, view.AccountSharesPage(v))
}

func (m *Module) setShares(w http.ResponseWriter, r *http.Request) error {
	b, _, err := m.wholeOf(r)
	if err != nil {
		return err
	}
	shares := person.Shares{}
	for i := range b.Lines {
		key := b.Lines[i].ServiceKey()
		if shares[key] = person.Tenant; slices.Contains(r.PostForm["owner"], key) {
			shares[key] = person.Owner
		}
	}
	if err := m.People.Share(r.Context(), access.FromContext(r.Context()), shares); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/accounts/shares?done=yes")
}
