// Package app puts the program together in plain Go: opens the database and the data folder, builds the modules,
// connects them, serves, closes. Nothing here decides anything about accounts or money.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // the binary needs nothing from the system

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/audit"
	"kvit/internal/autopay"
	"kvit/internal/backup"
	"kvit/internal/bill"
	"kvit/internal/blob"
	"kvit/internal/bot"
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
	"kvit/internal/exchange/gis"
	"kvit/internal/exchange/gis/queue"
	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/handover"
	"kvit/internal/housing"
	"kvit/internal/meter"
	"kvit/internal/money"
	"kvit/internal/notice"
	"kvit/internal/online"
	"kvit/internal/payment"
	"kvit/internal/payment/biller"
	"kvit/internal/person"
	"kvit/internal/portal"
	"kvit/internal/privacy"
	"kvit/internal/reading"
	"kvit/internal/reconcile"
	"kvit/internal/refund"
	"kvit/internal/settlement"
	"kvit/internal/signin"
	"kvit/internal/statement"
	"kvit/internal/status"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// Settings say where the data is and how the program is reached.
type Settings struct {
	Data           string
	DatabaseURL    string
	Zone           string     // of the region; Europe/Moscow by default
	BaseURL        string     // of the pages as people reach them
	Acquirers      []Acquirer // who takes online payments, the preferred first
	TrustedProxies []string   // networks whose X-Forwarded-For is believed
	GISURL         string     // of the certified proxy to ГИС ЖКХ; '': files only
	PrivateHosts   []string   // of our own network that webhooks may call: «host» or «host:port»
	EventDays      int        // how long what suppliers were told can be read again; 0: for good
	DeviceDays     int        // how long messages of devices are kept as they came; 0: for good
	AuditAnchor    string     // where checkpoints of the audit log are copied; audit.anchor of the data folder by default
	Centre         bill.Centre
	AssignAbove    money.Amount           // unidentified money below it one person assigns; 0: always two
	ReturnDays     int                    // after so many days unidentified money is due back to its payer; 0: the usual 30
	ESIA           ESIA                   // sign-in by Госуслуги; without a URL there is none
	Register       fiscal.Register        // the on-line cash register; without a URL receipts wait
	Bots           Bots                   // messengers residents talk to us in
	Backup         Backup                 // copies of the installation
	Version        string                 // of the program
	Messaging      Messaging              // how people are told things
	RefundAlone    *money.Amount          // the most one person of the centre gives back alone; nil: 5 000 ₽
	Clock          func() calendar.Micros // of the whole program; nil: the machine's
	Log            *slog.Logger
}

// App is the whole program.
type App struct {
	Settings   Settings
	DB         *db.DB
	Zone       *time.Location
	Blobs      *blob.Store
	Access     *access.Module
	AuditKey   audit.Key
	Suppliers  *supplier.Module
	Houses     *housing.Module
	Tariffs    *tariff.Module
	Charges    *charge.Module
	Records    *record.Module
	Readings   *reading.Module
	Devices    *device.Module
	Meters     *meter.Module
	Online     *online.Module
	Payments   *payment.Module
	Autopay    *autopay.Module
	Bills      *bill.Module
	Exchange   *exchange.Module
	Losses     *losses.Module
	Conflicts  *conflict.Module
	Feed       *feed.Module
	Webhooks   *webhook.Module
	GIS        *queue.Module
	Courier    *courier.Module
	Agents     *biller.Module
	Receipts   *fiscal.Module
	Desks      *cashdesk.Module
	Settlement *settlement.Module
	Reconcile  *reconcile.Module
	People     *person.Module
	SignIn     *signin.Module
	Refunds    *refund.Module
	Appeals    *appeal.Module
	Privacy    *privacy.Module
	Handovers  *handover.Module
	Bots       *bot.Module
	Documents  *statement.Module
	Status     *status.Module
	Notices    *notice.Module
	Log        *slog.Logger
	requests   *slog.Logger                 // one line a request
	outside    *outside                     // who carries messages to people
	phone      func() []portal.PhoneMessage // of a demo

	background background
	served     served // requests since components were last looked at

	remindedVerification calendar.Date // the day ends of verifications were last looked for

	copies      *backup.Maker   // nil: the server makes no copies
	copiesSince calendar.Micros // when it began to
}

// machineClock is the clock where none is set.
func machineClock() calendar.Micros { return calendar.MicrosOf(time.Now()) }

// now is the moment by the only clock of the program.
func (a *App) now() calendar.Micros { return a.Settings.Clock() }

// Open opens the program on its data. SQLite is migrated by itself; PostgreSQL must have been migrated.
func Open(ctx context.Context, s Settings) (*App, error) {
	d, err := openDB(ctx, s)
	if err != nil {
		return nil, err
	}
	if d.Dialect == db.SQLite {
		err = d.Migrate(ctx)
	}
	if err == nil {
		err = d.CheckSchema(ctx) // a newer schema is refused on either database
	}
	if err == nil {
		err = crashAt(d, os.Getenv(CrashVariable))
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	a, err := build(d, s)
	if err != nil {
		d.Close()
		return nil, err
	}
	return a, nil
}

func openDB(ctx context.Context, s Settings) (*db.DB, error) {
	if err := os.MkdirAll(s.Data, 0o750); err != nil {
		return nil, fault.Newf(fault.Unavailable, "data.dir", "Папка данных %s не создаётся. Проверьте путь и права.", s.Data).Because(err)
	}
	return db.Open(ctx, db.Config{Path: filepath.Join(s.Data, "kvit.db"), URL: s.DatabaseURL})
}

// Migrate brings the schema up to date.
func Migrate(ctx context.Context, s Settings) error {
	d, err := openDB(ctx, s)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(ctx)
}

func build(d *db.DB, s Settings) (*App, error) {
	if s.Zone == "" {
		s.Zone = "Europe/Moscow"
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "config.zone", "Часовой пояс %q неизвестен. Пример: Europe/Moscow.", s.Zone).Because(err)
	}
	if s.Log == nil {
		s.Log = slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	if s.Clock == nil {
		s.Clock = machineClock
	}
	now := s.Clock
	a := &App{Settings: s, DB: d, Zone: zone, Log: s.Log, requests: slog.New(slog.NewJSONHandler(os.Stderr, nil))}
	keys := filepath.Join(s.Data, "keys")
	if a.Blobs, err = blob.Open(filepath.Join(s.Data, "blobs")); err != nil {
		return nil, err
	}
	if a.Access, err = access.New(d, keys, now); err != nil {
		return nil, err
	}
	if a.AuditKey, err = audit.OpenKey(keys); err != nil {
		return nil, err
	}
	if a.outside, err = messengers(s.Messaging, keys, s.BaseURL); err != nil {
		return nil, err
	}
	a.People = person.New(d, a.Access, now)
	a.People.Day = func() calendar.Date { return calendar.DateOf(a.now().Time().In(a.Zone)) }
	if err := a.buildSignIn(); err != nil {
		return nil, err
	}
	a.Suppliers = supplier.New(d, now)
	a.Houses = housing.New(d, now)
	a.Tariffs = tariff.New(d, now)
	a.Status = &status.Module{DB: d, Now: now, Zone: zone}
	a.Suppliers.CheckCatalog = a.Tariffs.CheckService
	a.Feed = feed.New(d, a.Tariffs.Current, zone, now)
	a.Webhooks = webhook.New(webhook.Deps{DB: d, Access: a.Access, Feed: a.Feed, Guard: &webhook.Guard{Private: s.PrivateHosts, Own: ownHosts(s.BaseURL)}, Now: now})
	a.Charges = charge.New(charge.Deps{DB: d, Catalog: a.Tariffs.Current, Now: now})
	today := func() calendar.Date { return calendar.DateOf(now().Time().In(zone)) }
	a.Records = record.New(record.Deps{DB: d, Suppliers: a.Suppliers, Charges: a.Charges, Now: now, Today: today})
	a.Meters = meter.New(meter.Deps{DB: d, Engine: a.Charges.Engine, Charged: charge.Charged, Now: now, Today: today})
	a.Online = online.New(online.Deps{DB: d, Now: now, Secret: func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(keys, "online", filepath.Base(name)))
	}})
	photos, err := blob.Open(filepath.Join(s.Data, "photos"))
	if err != nil {
		return nil, err
	}
	a.Readings = reading.New(reading.Deps{DB: d, Charges: a.Charges, Photos: photos, Now: now, Today: today})
	a.Devices = device.New(device.Deps{DB: d, Readings: a.Readings, Now: now, Day: func(at calendar.Micros) calendar.Date { return calendar.DateOf(at.Time().In(zone)) }, Log: s.Log})
	takers, err := acquirers(s.Acquirers, s.BaseURL)
	if err != nil {
		return nil, err
	}
	a.Payments = payment.New(d, takers, zone, now, s.Log)
	a.Bills = bill.New(d, a.Suppliers, a.Charges, zone, now)
	a.Bills.Centre, a.Bills.IntakeRuns, a.Bills.People = s.Centre, exchange.Applying, a.People
	a.Payments.HomeOf = a.homeOf
	a.Autopay = a.newAutopay()
	a.Exchange = exchange.New(exchange.Deps{DB: d, Blobs: a.Blobs, Suppliers: a.Suppliers, Houses: a.Houses, Payments: a.Payments, Dir: s.Data, Now: now, Log: s.Log})
	a.Losses = losses.New(losses.Deps{DB: d, Charges: a.Charges, Zone: zone})
	a.Conflicts = conflict.New(conflict.Deps{DB: d, Houses: a.Houses, Charges: a.Charges, Now: now, Today: today})
	a.GIS = queue.New(queue.Deps{DB: d, Bills: a.Bills, Feed: a.Feed, Readings: a.Readings, Client: gisClient(s.GISURL, now), Zone: zone, Now: now})
	a.Agents = biller.New(biller.Deps{DB: d, Bills: a.Bills, Payments: a.Payments, Access: a.Access, Zone: zone, Now: now, Log: s.Log})
	a.Settlement = a.newSettlement()
	a.Courier = courier.New(courier.Deps{DB: d, Blobs: a.Blobs, Feed: a.Feed, Now: now, Layout: a.Exchange.LayoutOf, Balances: a.balances, Deliver: a.deliver})
	a.Reconcile = a.newReconcile(today)
	if a.Handovers, err = a.newHandover(keys); err != nil {
		return nil, err
	}
	a.Exchange.OnOnward = a.keepOnward
	if a.Documents, err = a.newDocuments(); err != nil {
		return nil, err
	}
	a.buildDesks()
	a.buildRefunds()
	if err = a.buildAppeals(); err != nil {
		return nil, err
	}
	if err = a.buildPrivacy(); err != nil {
		return nil, err
	}
	a.buildBots()
	a.connectPeople()
	a.reachedAt(s.BaseURL)
	return a, nil
}

// gisClient speaks with ГИС ЖКХ through a certified proxy, which signs and encrypts; nil without its address.
func gisClient(url string, now func() calendar.Micros) *gis.Client {
	if url == "" {
		return nil
	}
	return &gis.Client{Transport: gis.NewProxy(url), Signer: gis.Unsigned{}, Now: now}
}

// ownHosts is the name people reach us by: nobody may make us call ourselves.
func ownHosts(baseURL string) []string {
	u, err := url.Parse(baseURL)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	return []string{strings.ToLower(u.Hostname())}
}

// closeWait is how long closing may take to sign the audit log.
const closeWait = 10 * time.Second

// Close signs what came to the audit log and closes the database.
func (a *App) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	if err := a.Checkpoint(ctx); err != nil {
		a.Log.Error("audit checkpoint", "error", err)
	}
	a.DB.Close()
}

// ListSuppliers gives all suppliers by code.
func (a *App) ListSuppliers(ctx context.Context) (list []supplier.Supplier, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = supplier.List(ctx, tx)
		if list == nil {
			list = []supplier.Supplier{}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list suppliers: %w", err)
	}
	return list, nil
}
