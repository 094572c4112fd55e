// Package portal is the resident's window: the first page, the bill by its code, home, the bill, payment and its
// result, signing in.
//
// Owns: handlers that fill the views of portal/view. Does not own: bills, payments, who may (access), how pages look.
// Invariants: a resident sees his own household only; addresses carry no account number, name or sum; nothing about a
// payment is believed from the address bar: the acquirer is asked.
package portal

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/autopay"
	"kvit/internal/bill"
	"kvit/internal/bot"
	"kvit/internal/calendar"
	"kvit/internal/charge/losses"
	"kvit/internal/db"
	"kvit/internal/device"
	"kvit/internal/fiscal"
	"kvit/internal/housing"
	"kvit/internal/meter"
	"kvit/internal/notice"
	"kvit/internal/online"
	"kvit/internal/payment"
	"kvit/internal/person"
	"kvit/internal/privacy"
	"kvit/internal/proposal"
	"kvit/internal/reading"
	"kvit/internal/refund"
	"kvit/internal/signin"
	"kvit/internal/statement"
	"kvit/internal/status"
	"kvit/internal/tariff"
	"kvit/internal/web"
)

// Deps are what the pages stand on.
type Deps struct {
	DB        *db.DB
	Bills     *bill.Module
	Payments  *payment.Module
	Autopay   *autopay.Module
	Readings  *reading.Module
	Devices   *device.Module
	Meters    *meter.Module
	Online    *online.Module
	Access    *access.Module
	Losses    *losses.Module
	Receipts  *fiscal.Module
	People    *person.Module
	Flats     *proposal.Module
	Refunds   *refund.Module
	SignIn    *signin.Module
	Bots      *bot.Module
	Site      *web.Site
	Zone      *time.Location
	Now       func() calendar.Micros
	Demo      []DemoDoor // empty outside a demo
	Documents *statement.Module
	Houses    *housing.Module
	Tariffs   *tariff.Module
	Status    *status.Module
	Notices   *notice.Module
	PushKey   string                                              // of the server, for browsers that take pushes
	SMSHint   func(form url.Values) (ids []string, answer string) // reads a gateway's call-back; nil: there is no gateway
	Appeals   *appeal.Module
	Privacy   *privacy.Module
	// Since is when the home a person looks at became his: what was before is not his to see.
	Since func(ctx context.Context, actor access.Actor) (calendar.Micros, error)
	// Phone is what the people of a demo were told; nil: nothing to show.
	Phone func() []PhoneMessage
	// States lists the states of pages the demo's data come to; called only where Demo is not empty.
	States func(ctx context.Context) ([]DemoState, error)
	// Moved tells where the bill of a household is whose house another settlement centre serves now; nil when it is here.
	Moved func(ctx context.Context, ref bill.Ref) (*Moved, error)
}

// DemoDoor lets a visitor of the demo in as somebody, on loopback only.
type DemoDoor struct{ Title, Text, Icon, Token, Home string }

// Module holds the pages.
type Module struct {
	Deps
}

// New makes the module.
func New(d Deps) *Module { return &Module{Deps: d} }

// Routes are the pages with who may open them.
func (m *Module) Routes() []web.Route {
	routes := []web.Route{
		{Method: http.MethodGet, Pattern: "/{$}", Resource: "public", Action: "read", Handler: m.start},
		{Method: http.MethodPost, Pattern: "/{$}", Resource: "public", Action: "read", Handler: m.begin},
		{Method: http.MethodGet, Pattern: "/pay/{token}", Resource: "quickbill", Action: "read", Handler: m.quick},
		{Method: http.MethodGet, Pattern: "/pay/{token}/check", Resource: "quickbill", Action: "read", Handler: m.quickCheck},
		{Method: http.MethodPost, Pattern: "/pay/{token}/check", Resource: "quickbill", Action: "pay", Handler: m.quickPay},
		{Method: http.MethodGet, Pattern: "/paid/{id}", Resource: "quickbill", Action: "read", Handler: m.result},
		{Method: http.MethodGet, Pattern: "/home", Resource: "home", Action: "open", Handler: m.homeOr(m.home)},
		{Method: http.MethodGet, Pattern: "/bill", Resource: "bill", Action: "read", Handler: m.asFormer(m.bill)},
		{Method: http.MethodGet, Pattern: "/bills", Resource: "bill", Action: "read", Handler: m.bills},
		{Method: http.MethodGet, Pattern: "/bill.pdf", Resource: "bill", Action: "read", Slow: true, Handler: m.billPDF},
		{Method: http.MethodGet, Pattern: "/bill.json", Resource: "bill", Action: "read", Handler: m.billJSON},
		{Method: http.MethodGet, Pattern: "/bill/why", Resource: "bill", Action: "read", Handler: m.unlessFormer(m.why)},
		{Method: http.MethodGet, Pattern: "/bill/lines/{n}", Resource: "bill", Action: "read", Handler: m.line},
		{Method: http.MethodGet, Pattern: "/bill/qr.svg", Resource: "bill", Action: "read", Handler: m.unlessFormer(m.billQR)},
		{Method: http.MethodGet, Pattern: "/bill/issued/{month}", Resource: "bill", Action: "read", Handler: m.issuedInTerm(m.issued)},
		{Method: http.MethodGet, Pattern: "/bill/issued/{month}/pdf", Resource: "bill", Action: "read", Slow: true, Handler: m.issuedInTerm(m.issuedPDF)},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/issued/{month}", Resource: "subscriber", Action: "read", Handler: m.seenIssued},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/issued/{month}/pdf", Resource: "subscriber", Action: "read", Slow: true, Handler: m.seenIssuedPDF},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/bill", Resource: "subscriber", Action: "read", Handler: m.seenBill},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/bill.pdf", Resource: "subscriber", Action: "read", Slow: true, Handler: m.seenPDF},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/bill/why", Resource: "subscriber", Action: "read", Handler: m.seenWhy},
		{Method: http.MethodGet, Pattern: "/c/account/{code}/bill/lines/{n}", Resource: "subscriber", Action: "read", Handler: m.seenLine},
		{Method: http.MethodGet, Pattern: "/bill/pay", Resource: "payment", Action: "pay", Handler: m.check},
		{Method: http.MethodPost, Pattern: "/bill/pay", Resource: "payment", Action: "pay", Handler: m.pay},
		{Method: http.MethodGet, Pattern: "/payments", Resource: "payment", Action: "read", Handler: m.payments},
		{Method: http.MethodPost, Pattern: "/signout", Resource: "session", Action: "end", Handler: m.signOut},
		{Method: http.MethodPost, Pattern: "/hooks/acquirer/{name}", Resource: "notification", Action: "receive", Machine: true, Handler: m.notified},
		{Method: http.MethodGet, Pattern: "/paid/{id}/receipts/{n}/qr.svg", Resource: "quickbill", Action: "read", Handler: m.receiptQR},
		{Method: http.MethodPost, Pattern: "/hooks/cashbox", Resource: "notification", Action: "receive", Machine: true, Handler: m.cashboxTold},
		{Method: http.MethodGet, Pattern: "/open-data/losses.csv", Resource: "public", Action: "read", Slow: true, Handler: m.openLosses},
		{Method: http.MethodGet, Pattern: "/house", Resource: "bill", Action: "read", Handler: m.house},
		{Method: http.MethodGet, Pattern: "/more", Resource: "person", Action: "own", Handler: m.more},
		{Method: http.MethodGet, Pattern: "/style", Resource: "style", Action: "read", Handler: m.style},
		web.StaticRoute(), web.PrefsRoute(),
	}
	routes = append(routes, web.Route{Method: http.MethodGet, Pattern: "/paid/{id}/qr.svg", Resource: "quickbill", Action: "read", Handler: m.paidQR})
	routes = append(routes, m.staffRoutes()...)
	routes = append(routes, m.proveRoutes()...)
	routes = append(routes, m.profileRoutes()...)
	routes = append(routes, m.readingRoutes()...)
	routes = append(routes, m.deviceRoutes()...)
	routes = append(routes, m.autopayRoutes()...)
	routes = append(routes, m.codeRoutes()...)
	routes = append(routes, m.homeRoutes()...)
	routes = append(routes, web.OfflineRoutes()...)
	routes = append(routes, m.refundRoutes()...)
	routes = append(routes, m.chatRoutes()...)
	routes = append(routes, m.phoneRoutes()...)
	routes = append(routes, m.documentRoutes()...)
	routes = append(routes, m.checkRoutes()...)
	routes = append(routes, m.appealRoutes()...)
	routes = append(routes, m.privacyRoutes()...)
	routes = append(routes, m.noticeRoutes()...)
	routes = append(routes, m.publicRoutes()...)
	routes = append(routes, m.quickReadingRoutes()...)
	routes = append(routes, m.partRoutes()...)
	routes = append(routes, m.actingRoutes()...)
	m.watchMoved(routes)
	if len(m.Demo) > 0 {
		routes = append(routes,
			web.Route{Method: http.MethodGet, Pattern: "/demo", Resource: "public", Action: "read", Handler: m.doors},
			web.Route{Method: http.MethodPost, Pattern: "/demo", Resource: "session", Action: "start", Handler: m.enter})
		routes = append(routes, m.stateRoutes()...)
	}
	return routes
}

// page starts a page of the portal: navigation, who is signed in, the way out.
func (m *Module) page(r *http.Request, title string) web.Page {
	p := web.NewPage(r, title)
	a := access.FromContext(r.Context())
	if a.Role == access.Resident {
		p.Account = m.places(r)
		p.Home = m.Site.Mark(fmt.Sprintf("home/%d/%d", a.BuildingID, a.HouseholdID))
		for _, n := range menu {
			n.Current = belongs(r.URL.Path, n.Href)
			if n.Href == "/more" {
				n.Count, n.Counted = m.unread(r), "не прочитано"
			}
			p.Nav = append(p.Nav, n)
		}
	}
	if a.Role == access.Anonymous {
		p.SignIn = "/signin"
	} else {
		p.Actor, p.SignOut = a.Name, "/signout"
	}
	if a.Acting != nil {
		p.Acting, p.ActingReason = "Вы действуете за жителя до "+p.Clock(a.Acting.Until)+". Он увидит, что вы сделали.", a.Acting.Reason
	}
	return p
}

// besides are the addresses whose pages belong to an entry of the menu beside those below its own.
var besides = map[string][]string{"/bills": {"/bill"}, "/more": append(behindMore(), "/paid")}

// belongs tells whether a page belongs to an entry of the menu.
func belongs(path, entry string) bool {
	for _, root := range append([]string{entry}, besides[entry]...) {
		if path == root || strings.HasPrefix(path, root+"/") {
			return true
		}
	}
	return false
}

// orders are the payments of a bill's accounts, latest first.
func (m *Module) orders(ctx context.Context, b *bill.Bill, limit int) (list []payment.Order, err error) {
	ids := make([]int64, 0, len(b.Suppliers))
	for _, s := range b.Suppliers {
		ids = append(ids, s.AccountID)
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = m.Payments.ListOrders(ctx, tx, b.BuildingID, ids, limit)
		return err
	})
	return list, err
}
