// Package console is the window of those who work: the supplier's operator and the settlement centre.
//
// Owns: handlers that fill the views of console/view; table console_press. Does not own: files, matching, charging, payments,
// who may (access).
// Invariants: a supplier's operator sees his supplier only: every query takes the actor's scope, and a foreign object
// is not found; whatever a person changes goes to the audit log by the operation that does it.
package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/cashdesk"
	"kvit/internal/charge"
	"kvit/internal/charge/losses"
	"kvit/internal/charge/record"
	"kvit/internal/conflict"
	"kvit/internal/db"
	"kvit/internal/device"
	"kvit/internal/event/feed"
	"kvit/internal/event/webhook"
	"kvit/internal/exchange"
	"kvit/internal/exchange/courier"
	"kvit/internal/exchange/gis/queue"
	"kvit/internal/fiscal"
	"kvit/internal/handover"
	"kvit/internal/ledger"
	"kvit/internal/meter"
	"kvit/internal/notice"
	"kvit/internal/payment"
	"kvit/internal/payment/biller"
	"kvit/internal/person"
	"kvit/internal/reading"
	"kvit/internal/reconcile"
	"kvit/internal/refund"
	"kvit/internal/restore"
	"kvit/internal/settlement"
	"kvit/internal/statement"
	"kvit/internal/status"
	"kvit/internal/supplier"
	"kvit/internal/supplier/task"
	"kvit/internal/web"
)

// Deps are what the pages stand on.
type Deps struct {
	DB         *db.DB
	Bills      *bill.Module
	Payments   *payment.Module
	Exchange   *exchange.Module
	Records    *record.Module
	Charges    *charge.Module
	Access     *access.Module
	Feed       *feed.Module
	Losses     *losses.Module
	Conflicts  *conflict.Module
	Webhooks   *webhook.Module
	Notices    *notice.Module
	Zone       *time.Location
	Now        func() calendar.Micros
	Check      func(ctx context.Context) ([]ledger.Breach, error)
	TempDir    string
	GIS        *queue.Module
	Courier    *courier.Module
	Devices    *device.Module
	Readings   *reading.Module
	Meters     *meter.Module
	Agents     *biller.Module
	Receipts   *fiscal.Module
	Desks      *cashdesk.Module
	Settlement *settlement.Module
	Reconcile  *reconcile.Module
	Handovers  *handover.Module
	People     *person.Module
	Status     *status.Module
	// CopyState, LastReturn and FinishStep tell of copies and bring a return of the data on.
	CopyState  func() CopyState
	LastReturn func(ctx context.Context) (*restore.Return, error)
	FinishStep func(ctx context.Context, d restore.Done) error
	Refunds    *refund.Module
	Advances   Advances
	Documents  *statement.Module
	Appeals    *appeal.Module
	// Tasks are what waits for the answer of the supplier an actor works for; CountTasks counts them, and those that are late.
	Tasks      func(ctx context.Context, actor access.Actor) ([]task.Task, error)
	CountTasks func(ctx context.Context, actor access.Actor) (open, late int, err error)
	// MassLooks counts the hours of the last week in which one login opened too many homes.
	MassLooks func(ctx context.Context) (int, error)
	// WritePayoutRegister writes the register of a payout the scope covers into a folder.
	WritePayoutRegister func(ctx context.Context, scope access.Scope, id int64, dir string) (exchange.ManifestRow, error)
	// BeginCharge, BeginPublication and BeginReissue begin what goes on in the background.
	BeginCharge      func(ctx context.Context, req charge.Request) (*charge.Run, error)
	BeginPublication func(ctx context.Context, req bill.PublishRequest) error
	BeginReissue     func(ctx context.Context, s bill.ReissueStart) error
}

// Module holds the pages.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// Routes are the pages with who may open them.
func (m *Module) Routes() []web.Route {
	routes := []web.Route{
		{Method: http.MethodGet, Pattern: "/s/home", Resource: "intake", Action: "read", Handler: m.supplierHome},
		{Method: http.MethodGet, Pattern: "/s/intakes", Resource: "intake", Action: "read", Handler: m.intakes},
		{Method: http.MethodPost, Pattern: "/s/intakes", Resource: "intake", Action: "write", Files: true, Handler: m.upload},
		{Method: http.MethodGet, Pattern: "/s/uploads/{id}", Resource: "intake", Action: "write", Handler: m.guess},
		{Method: http.MethodPost, Pattern: "/s/uploads/{id}", Resource: "intake", Action: "write", Handler: m.confirm},
		{Method: http.MethodGet, Pattern: "/s/uploads/{id}/trial", Resource: "intake", Action: "write", Slow: true, Handler: m.trial},
		{Method: http.MethodPost, Pattern: "/s/uploads/{id}/apply", Resource: "intake", Action: "write", Slow: true, Handler: m.apply},
		{Method: http.MethodGet, Pattern: "/s/intakes/{id}", Resource: "intake", Action: "read", Handler: m.protocol},
		{Method: http.MethodGet, Pattern: "/s/intakes/{id}/broken.csv", Resource: "intake", Action: "read", Handler: m.broken},
		{Method: http.MethodPost, Pattern: "/s/intakes/{id}/rows", Resource: "intake", Action: "write", Handler: m.fixRow},
		{Method: http.MethodPost, Pattern: "/s/intakes/{id}/replay", Resource: "intake", Action: "write", Slow: true, Handler: m.replay},
		{Method: http.MethodGet, Pattern: "/s/payments", Resource: "register", Action: "read", Handler: m.days},
		{Method: http.MethodGet, Pattern: "/s/payments/{day}/register", Resource: "register", Action: "read", Slow: true, Handler: m.register},
		{Method: http.MethodGet, Pattern: "/s/webhooks", Resource: "webhook", Action: "read", Handler: m.integration},
		{Method: http.MethodPost, Pattern: "/s/webhooks", Resource: "webhook", Action: "write", Handler: m.createWebhook},
		{Method: http.MethodGet, Pattern: "/s/webhooks/{id}", Resource: "webhook", Action: "read", Handler: m.webhook},
		{Method: http.MethodPost, Pattern: "/s/webhooks/{id}", Resource: "webhook", Action: "write", Handler: m.changeWebhook},
		{Method: http.MethodGet, Pattern: "/s/exchange", Resource: "exchange", Action: "read", Handler: m.exchanges},
		{Method: http.MethodGet, Pattern: "/s/exchange/{supplier}/{code}/{number}", Resource: "exchange", Action: "read", Handler: m.exchangeFile},
		{Method: http.MethodGet, Pattern: "/s/exchange/{supplier}/{code}/{number}/file", Resource: "exchange", Action: "read", Slow: true, Handler: m.downloadFile},
		{Method: http.MethodPost, Pattern: "/s/exchange/{supplier}/{code}/{number}", Resource: "exchange", Action: "resend", Handler: m.resendFile},
		{Method: http.MethodGet, Pattern: "/c/today", Resource: "centre", Action: "read", Handler: m.today},
		{Method: http.MethodPost, Pattern: "/c/today", Resource: "centre", Action: "read", Handler: m.checkNow},
		{Method: http.MethodGet, Pattern: "/c/find", Resource: "subscriber", Action: "read", Handler: m.find},
		{Method: http.MethodGet, Pattern: "/c/account/{code}", Resource: "subscriber", Action: "read", Handler: m.subscriber},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/people", Resource: "subscriber", Action: "tell", Handler: m.decidePerson},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/basket", Resource: "review", Action: "decide", Handler: m.decideBasket},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/facts", Resource: "subscriber", Action: "read", Handler: m.facts},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/facts", Resource: "subscriber", Action: "tell", Handler: m.tellFact},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/facts/{ref}/withdraw", Resource: "subscriber", Action: "tell", Handler: m.askWithdrawFact},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/facts/{ref}/withdraw", Resource: "subscriber", Action: "tell", Handler: m.withdrawFact},
		{Method: http.MethodGet, Pattern: "/c/review", Resource: "review", Action: "read", Handler: m.reviews},
		{Method: http.MethodGet, Pattern: "/c/review/{id}", Resource: "review", Action: "read", Handler: m.reviewCase},
		{Method: http.MethodPost, Pattern: "/c/review/{id}", Resource: "review", Action: "decide", Handler: m.decide},
		{Method: http.MethodPost, Pattern: "/c/decision/{id}/undo", Resource: "review", Action: "decide", Handler: m.undo},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/issued/{month}/withdraw", Resource: "issued", Action: "decide", Handler: m.askWithdraw},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/issued/{month}/withdraw", Resource: "issued", Action: "decide", Handler: m.withdraw},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/issued/{month}/replace", Resource: "issued", Action: "decide", Handler: m.askReplace},
		{Method: http.MethodPost, Pattern: "/c/account/{code}/issued/{month}/replace", Resource: "issued", Action: "decide", Handler: m.replace},
		{Method: http.MethodGet, Pattern: "/c/devices", Resource: "device", Action: "read", Handler: m.devices},
		{Method: http.MethodPost, Pattern: "/c/devices", Resource: "device", Action: "manage", Slow: true, Handler: m.changeDevices},
	}
	return slices.Concat(routes, m.runRoutes(), m.gisRoutes(), m.houseRoutes(), m.houseMeterRoutes(), m.conflictRoutes(), m.meterRoutes(), m.agentRoutes(), m.receiptRoutes(), m.deskRoutes(), m.payoutRoutes(), m.reconcileRoutes(), m.copyRoutes(), m.refundRoutes(), m.handoverRoutes(), m.advanceRoutes(), m.documentRoutes(), m.statusRoutes(), m.noticeRoutes(), m.appealRoutes(), m.waitingRoutes())
}

// page starts a page of a console with the menu of the actor's role.
func (m *Module) page(r *http.Request, title string) web.Page {
	p := web.NewPage(r, title)
	a := access.FromContext(r.Context())
	p.Actor, p.SignOut = a.Name, "/signout"
	if a.SupplierID == 0 {
		p.Search = &web.Search{Action: "/c/find", Value: r.URL.Query().Get("q")}
	}
	menu := menuOf(a)
	p.Nav, p.More = at(menu.daily, r.URL.Path), at(menu.rest, r.URL.Path)
	for i := range p.Nav {
		if p.Nav[i].Href == "/s/waiting" {
			p.Nav[i].Count, p.Nav[i].Counted = m.waits(r), "ждут ответа"
		}
	}
	return p
}

// supplierOf is the supplier the actor works for.
func (m *Module) supplierOf(r *http.Request) (s supplier.Supplier, err error) {
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		s, err = supplier.FindByID(r.Context(), tx, access.FromContext(r.Context()).SupplierID)
		return err
	})
	return s, err
}

// scope is what of a resource the actor reaches.
func scope(r *http.Request, resource, action string) (access.Scope, error) {
	return access.FromContext(r.Context()).Scope(resource, action)
}
