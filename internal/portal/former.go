package portal

import (
	"net/http"
	"net/url"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// homeOr leads who has no bill to see from the first page to the page of his homes, and who moved out to the bill of his last day.
func (m *Module) homeOr(show web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		a := access.FromContext(r.Context())
		switch {
		case a.Role == access.Resident && a.Reach("bill", "read") == access.None:
			return web.SeeOther(w, r, "/accounts")
		case m.isFormer(a):
			return web.SeeOther(w, r, "/bill")
		}
		return show(w, r)
	}
}

// asFormer shows who moved out the bill as of his last day, unless he asks for an earlier one.
func (m *Module) asFormer(show web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if a := access.FromContext(r.Context()); m.isFormer(a) && r.URL.Query().Get("at") == "" {
			return web.SeeOther(w, r, "/bill?at="+url.QueryEscape(a.To.String()))
		}
		return show(w, r)
	}
}

// unlessFormer hides what is of the bill as it is now from who moved out.
func (m *Module) unlessFormer(show web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if m.isFormer(access.FromContext(r.Context())) {
			return errOutOfTerm
		}
		return show(w, r)
	}
}

// issuedInTerm opens issued bills of one's own time only.
func (m *Module) issuedInTerm(show web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		a := access.FromContext(r.Context())
		if a.From == 0 && a.To == 0 {
			return show(w, r)
		}
		b, err := m.issuedBill(r, own(r))
		if err != nil {
			return err
		}
		if !m.issuedIn(r, b.Issued) {
			return fault.New(fault.NotFound, "bill.not_issued", "Такого счёта нет. Выставленные счета перечислены внизу страницы «Счёт».")
		}
		return show(w, r)
	}
}

// issuedIn tells whether an issued bill is of the time of the resident who asks: not of a month before his first day's, and, when he
// has moved out, issued by his last day or of a month that ended by then.
func (m *Module) issuedIn(r *http.Request, x *bill.Issued) bool {
	a, of := access.FromContext(r.Context()), month(x.Month)
	if a.From != 0 && of < a.From.Month() {
		return false
	}
	return a.To == 0 || x.Published <= m.endOf(a.To) || of.Last() <= a.To
}
