package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/api"
	"kvit/internal/calendar"
	"kvit/internal/console"
	"kvit/internal/device"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/portal"
	"kvit/internal/web"
)

// ServeOptions say how the pages are served.
type ServeOptions struct {
	Listen string
	Demo   []portal.DemoDoor
	Phone  func() []portal.PhoneMessage // of a demo: what its people were told
	MQTT   MQTTOptions
	Watch  string               // a folder whose files are taken as they come; '' watches nothing
	Ready  func(address string) // called once the port is open
}

// Times of the server.
const (
	stopWait   = 20 * time.Second // for running requests when the program is told to stop
	chorePause = 5 * time.Second
)

// Serve serves pages until the context ends, and does the chores that a crash or a silent bank left.
func (a *App) Serve(ctx context.Context, o ServeOptions) error {
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fault.Newf(fault.Unavailable, "listen", "Адрес %s занят или недоступен. Укажите другой: --listen.", o.Listen).Because(err)
	}
	if a.Settings.BaseURL == "" {
		a.reachedAt("http://" + l.Addr().String())
	}
	a.phone = o.Phone
	handler, err := a.Handler(o.Demo)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	server := web.NewServer(o.Listen, handler, log)
	if err := a.beginCopies(); err != nil {
		return err
	}
	jobs, err := a.startJobs(ctx)
	if err != nil {
		return err
	}
	defer jobs.Stop()
	go a.chores(ctx)
	go a.takeUp(ctx)
	go a.feedEvents(ctx)
	go a.callEndpoints(ctx, jobs)
	go a.tellState(ctx, jobs)
	go a.runAutopay(ctx, jobs)
	go a.tellPeople(ctx)
	go a.watchComponents(ctx)
	go a.keepReconciled(ctx)
	go a.findConflicts(ctx)
	go a.carry(ctx)
	go a.pruneEvents(ctx)
	go a.forgetPhotos(ctx)
	go a.lookAfterAppeals(ctx)
	go a.finishDocuments(ctx)
	go a.lookAfterPrivacy(ctx)
	go a.forgetMessages(ctx)
	go a.forgetAgents(ctx)
	go a.printReceipts(ctx)
	go a.runHandovers(ctx)
	go a.runBots(ctx)
	defer a.keepCopies(ctx)()
	if err := a.serveDevices(ctx, o.MQTT); err != nil {
		return err
	}
	if o.Watch != "" {
		go a.watch(ctx, o.Watch)
	}
	go func() {
		<-ctx.Done()
		a.Feed.Close() // those who follow it would keep the server waiting
		stop, cancel := context.WithTimeout(context.Background(), stopWait)
		defer cancel()
		if err := server.Shutdown(stop); err != nil {
			a.Log.Warn("server did not stop in time", "error", err)
		}
	}()
	if o.Ready != nil {
		o.Ready(l.Addr().String())
	}
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// Handler builds the pages from the table of routes.
func (a *App) Handler(demo []portal.DemoDoor) (http.Handler, error) {
	if err := os.MkdirAll(a.tempDir(), 0o750); err != nil { // data brought back from a copy are without it
		return nil, fmt.Errorf("temporary files: %w", err)
	}
	site, err := a.site()
	if err != nil {
		return nil, err
	}
	routes := a.routes(site, demo)
	for _, r := range routes.List() {
		if !access.Declared(r.Resource, r.Action) {
			return nil, fmt.Errorf("route %s %s: the table of permissions does not know %s:%s", r.Method, r.Pattern, r.Resource, r.Action)
		}
	}
	return routes.Handler(site)
}

// tempDir is where pages and programs write a file before it is sent.
func (a *App) tempDir() string { return filepath.Join(a.Settings.Data, "tmp") }

// portalDeps are what the resident's pages stand on.
func (a *App) portalDeps(site *web.Site, demo []portal.DemoDoor) portal.Deps {
	return portal.Deps{
		DB:        a.DB,
		Bills:     a.Bills,
		Payments:  a.Payments,
		Autopay:   a.Autopay,
		Readings:  a.Readings,
		Devices:   a.Devices,
		Meters:    a.Meters,
		Online:    a.Online,
		Access:    a.Access,
		Losses:    a.Losses,
		Receipts:  a.Receipts,
		People:    a.People,
		Flats:     a.proposals(),
		Refunds:   a.Refunds,
		SignIn:    a.SignIn,
		Bots:      a.Bots,
		Site:      site,
		Zone:      a.Zone,
		Now:       a.now,
		Demo:      demo,
		Phone:     a.phone,
		States:    a.listDemoStates,
		Moved:     a.movedTo,
		Documents: a.Documents,
		Houses:    a.Houses,
		Tariffs:   a.Tariffs,
		Status:    a.Status,
		Notices:   a.Notices,
		PushKey:   a.outside.push.PublicKey(),
		SMSHint:   a.outside.hint(),
		Appeals:   a.Appeals,
		Privacy:   a.Privacy,
		Since:     a.homeSince,
	}
}

// routes are all routes of the program.
func (a *App) routes(site *web.Site, demo []portal.DemoDoor) *web.Routes {
	var routes web.Routes
	routes.Add(a.watchActing(a.watchLooks(portal.New(a.portalDeps(site, demo)).Routes()))...)
	routes.Add(a.Devices.Routes()...)
	routes.Add(a.Agents.Routes()...)
	routes.Add(a.Handovers.Routes()...)
	routes.Add(a.Bots.Routes()...)
	routes.Add(a.watchLooks(console.New(a.consoleDeps()).Routes())...)
	routes.Add(api.New(api.Deps{Exchange: a.Exchange, Losses: a.Losses, Conflicts: a.Conflicts, Records: a.Records, Readings: a.Readings, Meters: a.Meters, Appeals: a.Appeals, Tasks: a.tasks, Feed: a.Feed, Webhooks: a.Webhooks, TempDir: a.tempDir(), Log: a.Log}).Routes()...)
	return &routes
}

func (a *App) site() (*web.Site, error) {
	key, err := formKey(filepath.Join(a.Settings.Data, "keys"))
	if err != nil {
		return nil, err
	}
	proxies, err := prefixes(a.Settings.TrustedProxies)
	if err != nil {
		return nil, err
	}
	return &web.Site{
		Name: "Квит", HelpPhone: a.Settings.Centre.Phone, HelpHours: a.Settings.Centre.Hours, Secure: strings.HasPrefix(a.Settings.BaseURL, "https://"),
		FormOrigins: a.payOrigins(), Proxies: proxies, Zone: a.Zone, Key: key, SignInPath: "/signin", Log: a.requests, Identify: a.identify, Allow: allow, Served: a.served.count,
	}, nil
}

// identify finds who is asking: a program by its token, a person by the session.
func (a *App) identify(r *http.Request) (*http.Request, error) {
	actor := access.Actor{Role: access.Anonymous}
	var err error
	session := ""
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && strings.HasPrefix(bearer, device.TokenPrefix) {
		return r.WithContext(access.WithActor(r.Context(), actor)), nil // it opens the doors of devices only, which ask it themselves
	} else if ok {
		if actor, err = a.Access.FindToken(r.Context(), bearer); err != nil {
			return r, err
		}
	} else if c, e := r.Cookie(a.cookieName(portal.SessionCookie)); e == nil {
		session = c.Value
		if actor, err = a.People.EnterSession(r.Context(), session); err != nil {
			return r, err
		}
		if actor.Role == access.Anonymous {
			session = ""
		}
	}
	web.SetActor(r.Context(), fmt.Sprintf("%s/%d", actor.Role, actor.UserID), session)
	return r.WithContext(access.WithActor(r.Context(), actor)), nil
}

func (a *App) cookieName(name string) string {
	return (&web.Site{Secure: strings.HasPrefix(a.Settings.BaseURL, "https://")}).CookieName(name)
}

// allow holds a request to the table of permissions.
func allow(r *http.Request, route *web.Route) error {
	a := access.FromContext(r.Context())
	err := a.Require(route.Resource, route.Action)
	if err != nil && a.Role == access.Resident && a.UserID != 0 && a.HomeID == 0 && access.OfHome(route.Resource, route.Action) {
		return &web.Elsewhere{Fault: fault.New(fault.Forbidden, "home.none", "К вашему входу пока не привязан ни один счёт. Добавьте его."), Path: "/welcome"}
	}
	return err
}

// chores bring on what waits: payments the bank has not answered about, money posted where an account lives no longer, bank
// details whose hour has come, records of the audit log not signed yet. One that fails does not hold up the others.
func (a *App) chores(ctx context.Context) {
	signed, measured := time.Time{}, calendar.Date(0)
	a.every(ctx, chorePause, "chores", func() error {
		_, open := a.Payments.FinishOpen(ctx)
		a.finishRefunds(ctx)
		rests := a.Exchange.PassRests(ctx)
		_, details := a.Suppliers.ApplyRequisites(ctx)
		signed = a.sign(ctx, signed)
		measured = a.measureHouses(ctx, measured)
		return errors.Join(open, rests, details)
	})
}

// takeUp finishes what a crash left: an intake and moves in the middle, runs and publications begun on the pages, and
// deliveries that were being taken in. New deliveries are jobs; one that was taken in is not taken in again.
func (a *App) takeUp(ctx context.Context) {
	if err := a.Exchange.Resume(ctx); err != nil && !fault.Is(err, fault.Conflict) {
		a.Log.Error("an interrupted intake or move did not finish", "error", err)
	}
	if err := a.takeUpRuns(ctx); err != nil && ctx.Err() == nil {
		a.Log.Error("interrupted runs are not taken up", "error", err)
	}
	if err := a.Exchange.RunPending(ctx); err != nil && ctx.Err() == nil {
		a.Log.Error("interrupted deliveries did not finish", "error", err)
	}
}

// feedPause is how soon an event that was written is in the feeds.
const feedPause = 200 * time.Millisecond

// feedEvents gives what is written to the outbox its places in suppliers' feeds. Each server does it: rounds wait for
// each other.
func (a *App) feedEvents(ctx context.Context) {
	a.every(ctx, feedPause, "feed of events", func() error {
		_, err := a.Feed.Catch(ctx)
		return err
	})
}

// formKey is the key form tokens are signed with, made on first use.
func formKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, "form.key")
	key, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		key = access.RandomKey()
		return key, os.WriteFile(path, key, 0o600)
	}
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "form.key_file", "Ключ %s не читается. Проверьте права.", path).Because(err)
	}
	return key, nil
}

func (a *App) consoleDeps() console.Deps {
	return console.Deps{
		DB: a.DB, Bills: a.Bills, Payments: a.Payments, Exchange: a.Exchange, Records: a.Records, Access: a.Access, Feed: a.Feed, Webhooks: a.Webhooks, Charges: a.Charges, Losses: a.Losses, Conflicts: a.Conflicts, Zone: a.Zone, Now: a.now, TempDir: a.tempDir(), GIS: a.GIS, Courier: a.Courier, Devices: a.Devices, Readings: a.Readings, Meters: a.Meters, Agents: a.Agents,
		Receipts: a.Receipts, Desks: a.Desks, Reconcile: a.Reconcile, Refunds: a.Refunds,
		Advances:  a.advancesShown(),
		Documents: a.Documents,
		Notices:   a.Notices,
		Appeals:   a.Appeals,
		Tasks:     a.tasks, CountTasks: a.countTasks,
		MassLooks: a.massLooks,
		CopyState: a.copyState, LastReturn: a.LastReturn, FinishStep: a.finishStep,
		Settlement: a.Settlement, WritePayoutRegister: a.WritePayoutRegister, Handovers: a.Handovers, People: a.People,
		Status:      a.Status,
		BeginCharge: a.BeginCharge, BeginPublication: a.BeginPublication, BeginReissue: a.BeginReissue,
		Check: func(ctx context.Context) ([]ledger.Breach, error) {
			r, err := a.Check(ctx)
			if err != nil {
				return nil, err
			}
			return r.Invariants, nil
		},
	}
}
