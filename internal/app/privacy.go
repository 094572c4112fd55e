package app

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/notice"
	"kvit/internal/person"
	"kvit/internal/privacy"
	"kvit/internal/reading"
	"kvit/internal/refund"
	"kvit/internal/signin"
	"kvit/internal/web"
)

// buildPrivacy builds consents, the log of who looked, exports and erasure.
func (a *App) buildPrivacy() error {
	files, err := blob.Open(filepath.Join(a.Settings.Data, "exports"))
	if err != nil {
		return err
	}
	a.Privacy = privacy.New(privacy.Deps{DB: a.DB, Files: files, Zone: a.Zone, Now: a.now, Stop: a.stopUse, Gather: a.gatherPerson, Forget: a.forgetPerson})
	return nil
}

// exportPause is how soon an export that was asked for is begun.
const exportPause = 5 * time.Second

func (a *App) lookAfterPrivacy(ctx context.Context) {
	a.every(ctx, exportPause, "exports of people's data", func() error { return a.Privacy.Work(ctx) })
}

// paymentsTold bounds the payments of one home in an export.
const paymentsTold = 10_000

// gatherPerson is everything that is kept about a person. Payments and bills are those of his homes.
func (a *App) gatherPerson(ctx context.Context, id int64) (map[string]any, error) {
	out := map[string]any{}
	contacts, err := a.People.Contacts(ctx, id)
	if err != nil {
		return nil, err
	}
	homes, err := a.People.Homes(ctx, id)
	if err != nil {
		return nil, err
	}
	consents, err := a.Privacy.Consents(ctx, id)
	if err != nil {
		return nil, err
	}
	appeals, err := a.Appeals.OfPerson(ctx, id)
	if err != nil {
		return nil, err
	}
	out["Контакты"], out["Согласия"], out["Обращения"] = contacts, consents, appeals
	for i := range homes {
		told, err := a.gatherHome(ctx, &homes[i])
		if err != nil {
			return nil, err
		}
		if told != nil {
			out["Адрес: "+told.Bill.Address] = told
		}
	}
	return out, nil
}

// homeData is what is kept about a home.
type homeData struct {
	Role     person.Role    `json:"role"`
	Since    string         `json:"since"`
	Bill     *bill.Bill     `json:"bill"`
	Payments []paymentData  `json:"payments"`
	Meters   *reading.Sheet `json:"meters,omitempty"`
	Looks    []privacy.Look `json:"looks"`
}

type paymentData struct {
	Number string `json:"number"`
	Day    string `json:"day"`
	State  string `json:"state"`
	Sum    int64  `json:"sum"`
}

func (a *App) gatherHome(ctx context.Context, h *person.Home) (*homeData, error) {
	if h.Household == 0 || !h.Rights.Has(access.See) {
		return nil, nil
	}
	b, err := a.Bills.At(ctx, bill.Ref{Building: h.Building, Household: h.Household}, 0)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &homeData{Role: h.Role, Since: h.AddedAt.Time().In(a.Zone).Format(time.RFC3339), Bill: b, Payments: []paymentData{}}
	ids := make([]int64, 0, len(b.Suppliers))
	for _, s := range b.Suppliers {
		ids = append(ids, s.AccountID)
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := a.Payments.ListOrders(ctx, tx, h.Building, ids, paymentsTold)
		out.Payments = out.Payments[:0]
		for i := range list {
			o := &list[i]
			out.Payments = append(out.Payments, paymentData{o.PublicID, o.PaidOn.String(), o.State, int64(o.Sum)})
		}
		return err
	})
	if err == nil {
		out.Meters, err = a.Readings.Sheet(ctx, access.Actor{Role: access.Resident, BuildingID: h.Building, HouseholdID: h.Household}, reading.Home{Building: h.Building, Household: h.Household})
	}
	if err == nil {
		out.Looks, err = a.Privacy.LooksAt(ctx, h.Building, h.Household, h.AddedAt, paymentsTold)
	}
	return out, err
}

// forgetPerson prepares the erasure of a person: what he alone left, and the photos of homes nobody else has.
func (a *App) forgetPerson(ctx context.Context, id int64) (f privacy.Forgetting, err error) {
	contacts, err := a.People.Contacts(ctx, id)
	if err != nil {
		return f, err
	}
	var values []string
	for i := range contacts {
		values = append(values, contacts[i].Value)
	}
	alone, err := a.homesAlone(ctx, id)
	if err != nil {
		return f, err
	}
	pictures, err := a.Appeals.PicturesOf(ctx, id)
	if err != nil {
		return f, err
	}
	name := access.Actor{Role: access.Resident, UserID: id}.String()
	f.Rows = func(ctx context.Context, tx *db.Tx) error {
		for _, forget := range []func() error{
			func() error { return fiscal.Forget(ctx, tx, values) },
			func() error { return signin.Forget(ctx, tx, id) },
			func() error { return notice.Forget(ctx, tx, id) },
			func() error { return a.Bots.ForgetPerson(ctx, tx, id, contacts) },
			func() error { return a.forgetSubscriptions(ctx, tx, contacts) },
			func() error { return refund.Forget(ctx, tx, name) },
			func() error { return appeal.Forget(ctx, tx, id) },
			func() error { return access.ForgetSessions(ctx, tx, id) },
			func() error { return a.People.Forget(ctx, tx, id) },
		} {
			if err := forget(); err != nil {
				return err
			}
		}
		return nil
	}
	f.Files = func(ctx context.Context) error {
		a.Appeals.DropPictures(ctx, pictures)
		for _, h := range alone {
			if err := a.Readings.ForgetHome(ctx, h); err != nil {
				return err
			}
		}
		return nil
	}
	return f, nil
}

// homesAlone are the homes of a person where nobody else may look.
func (a *App) homesAlone(ctx context.Context, id int64) (list []reading.Home, err error) {
	homes, err := a.People.Homes(ctx, id)
	for i := range homes {
		h := &homes[i]
		if err != nil || h.Household == 0 || h.Role == person.Payer {
			continue
		}
		var others []person.Home
		if others, err = a.People.People(ctx, h.Building, h.Household); err == nil && len(others) == 1 {
			list = append(list, reading.Home{Building: h.Building, Household: h.Household})
		}
	}
	return list, err
}

// looked are the pages of a home that staff open, with how a resident is told of them: by the pattern of the route, the longest
// first.
var looked = []struct{ prefix, what string }{
	{"/c/account/{code}/readings", "показания"}, {"/c/account/{code}/facts", "данные для расчёта"}, {"/c/account/{code}/meters", "счётчики"}, {"/c/account/{code}/bill", "счёт"}, {"/c/account/{code}/issued", "выставленный счёт"},
	{"/c/account/{code}", "карточка абонента"}, {"/k/account/{code}/pay", "оплата в кассе"}, {"/k/account/{code}/readings", "показания в кассе"}, {"/k/account/{code}", "счёт в кассе"}, {"/c/runs/{id}/drafts/{code}", "черновик счёта"},
}

// watchLooks keeps who of the staff opens or changes something of a home, before the page is made.
func (a *App) watchLooks(routes []web.Route) []web.Route {
	for i := range routes {
		for _, l := range looked {
			if strings.HasPrefix(routes[i].Pattern, l.prefix) {
				what := l.what
				if routes[i].Method != http.MethodGet {
					what += ", изменение"
				}
				routes[i].Handler = a.looking(what, routes[i].Handler)
				break
			}
		}
	}
	return routes
}

func (a *App) looking(what string, next func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := a.Bills.FindByCode(r.Context(), r.PathValue("code"))
		if err == nil {
			err = a.Privacy.Looked(r.Context(), access.FromContext(r.Context()), privacy.Look{Building: ref.Building, Household: ref.Household, What: what, Why: whyOf(r)})
		}
		if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Invalid) {
			return err
		}
		return next(w, r)
	}
}

// whyOf is the reason a person of the staff gave for opening a page, within a bound.
func whyOf(r *http.Request) string {
	const most = 200
	why := []rune(strings.TrimSpace(r.URL.Query().Get("why")))
	return string(why[:min(len(why), most)])
}

// homeSince is when the home a person looks at became his.
func (a *App) homeSince(ctx context.Context, actor access.Actor) (calendar.Micros, error) {
	homes, err := a.People.Homes(ctx, actor.UserID)
	for i := range homes {
		if homes[i].ID == actor.HomeID {
			return homes[i].AddedAt, err
		}
	}
	return a.now(), err
}

// massDays is how long an hour of mass reading stands on the centre's first page.
const massDays = 7

// massLooks counts the hours of the last days in which one login opened too many homes.
func (a *App) massLooks(ctx context.Context) (int, error) {
	list, err := a.Privacy.Alarms(ctx, a.now()-massDays*24*3600*1_000_000)
	return len(list), err
}
