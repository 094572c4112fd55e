package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	maxclient "kvit/internal/bot/max"
	maxsim "kvit/internal/bot/max/simulator"
	"kvit/internal/bot/room"
	"kvit/internal/bot/telegram"
	telegramsim "kvit/internal/bot/telegram/simulator"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/decimal"
	noticesim "kvit/internal/notice/simulator"
	"kvit/internal/person"
	"kvit/internal/reading"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// hostile is a supplier's name that tries to be more than a name.
const hostile = "УК «Дом» https://evil.example @admin /stop {{.}}\r\n${7*7} evil.ru"

// town is a flat with three meters, a bill of two months, and a bot that its people can reach through a messenger.
type town struct {
	t     *testing.T
	ctx   context.Context
	d     *db.DB
	m     *Module
	c     *messenger
	room  *room.Room
	texts *noticesim.Gateway // of a town whose people write text messages
	code  bill.Code
	chat  int64
	began time.Time
	seen  int // messages of the chat the test has read

	breaks  atomic.Bool // commits go wrong
	commits atomic.Int64
}

var errBroken = errors.New("the line to the database broke")

// commit goes wrong now and then while the town's commits break.
func (w *town) commit(commit func() error) error {
	if !w.breaks.Load() {
		return commit()
	}
	n := w.commits.Add(1)
	if n%7 == 0 {
		return errBroken // not committed
	}
	err := commit()
	if n%11 == 0 {
		return errBroken // committed, and not known
	}
	return err
}

// Meters of the town.
const (
	cold  = 1001
	power = 1002
	hot   = 1003
)

func (w *town) now() calendar.Micros {
	return calendar.MicrosOf(time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC).Add(time.Since(w.began)))
}

// newTown makes the flat, and a bot of a messenger that behaves as the options say.
func newTown(t *testing.T, d *db.DB, kind person.Kind, o room.Options) *town {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := &town{t: t, ctx: ctx, d: d, began: time.Now()}
	d.BreakCommits(w.commit)
	catalog := sample.Catalog()
	charges := charge.New(charge.Deps{DB: d, Now: w.now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return catalog, nil }})
	a, err := access.New(d, t.TempDir(), w.now)
	if err != nil {
		t.Fatal(err)
	}
	today := func() calendar.Date { return 20261120 }
	w.m = New(Deps{
		DB: d, Access: a, People: person.New(d, a, w.now), Bills: bill.New(d, supplier.New(d, w.now), charges, time.UTC, w.now),
		Readings: reading.New(reading.Deps{DB: d, Charges: charges, Now: w.now, Today: today}), Now: w.now, Today: today, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
		Documents: []Document{{Kind: "bill", Title: "Счёт"}, {Kind: "paid", Title: "Справка об оплате", Period: true}},
		Make: func(_ context.Context, a access.Actor, kind, period string) (string, []byte, error) {
			return "spravka.pdf", fmt.Appendf(nil, "%%PDF %s %s %d", kind, period, a.HouseholdID), nil
		},
	})
	w.m.Bills.BaseURL = "https://kvit.example"
	w.live()
	if w.code, err = w.m.Bills.CodeOf(ctx, bill.Ref{Building: 1, Household: 101}); err != nil {
		t.Fatal(err)
	}
	w.open(kind, o)
	done := make(chan struct{})
	go func() { defer close(done); w.m.Run(ctx, "") }()
	t.Cleanup(func() { cancel(); <-done })
	return w
}

// open starts the messenger and gives the bot its client.
func (w *town) open(kind person.Kind, o room.Options) {
	if kind == SMS {
		w.openTexts()
		return
	}
	o.Token = "secret-token"
	var server *httptest.Server
	if kind == person.Telegram {
		s := telegramsim.New(o, 2)
		server, w.room = httptest.NewServer(s.Handler()), s.Room
		w.m.Add(kind, &telegram.Client{Host: server.URL, Token: o.Token, Secret: "hook", Wait: time.Second})
	} else {
		s := maxsim.New(o, 2)
		server, w.room = httptest.NewServer(s.Handler()), s.Room
		w.m.Add(kind, &maxclient.Client{Host: server.URL, Token: o.Token, Secret: "hook", Wait: time.Second, Pause: 5 * time.Millisecond})
	}
	server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), 0)
	w.t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	w.c = w.m.channels[kind]
	w.c.pace, w.c.retry, w.c.lease = newPace(0), 20*time.Millisecond, 300*time.Millisecond
	w.chat = w.room.People(1)[0]
}

func (w *town) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.WriteLocal(w.ctx, fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		_, err := tx.ExecContext(w.ctx, query, args...)
		return err
	})
}

func (w *town) count(query string, args ...any) (n int64) {
	w.t.Helper()
	if err := w.d.Read(w.ctx, func(tx *db.Tx) error { return tx.QueryRowContext(w.ctx, query, args...).Scan(&n) }); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// live writes the flat, its accounts, meters, and two months of a supplier's register.
func (w *town) live() {
	w.exec(`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
		VALUES (1, 'Д1', '', '', 'Тестов', 'улица', 'Мира', '', '1', '', '', 2000, 5, 4, '', '', '', 1)`)
	b := account.Batch{Households: []account.Household{{BuildingID: 1, HouseholdID: 101, RecordedAt: 1, Flat: "15"}}}
	for s, name := range []string{"Водоканал", "Энергия", hostile} {
		id, number := int64(s+1), fmt.Sprintf("%d100", s+1)
		w.exec("INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES ($1, $2, $3, '', '', '', '', '', '', '', '', '[]', '', '', 1)", id, fmt.Sprintf("s%d", id), name)
		b.Routes = append(b.Routes, account.Route{SupplierID: id, Number: number, AccountID: 10 + id, BuildingID: 1})
		b.Accounts = append(b.Accounts, account.Account{BuildingID: 1, AccountID: 10 + id, SupplierID: id, Number: number, OpenedAt: 1})
		b.Claims = append(b.Claims, account.Claim{BuildingID: 1, AccountID: 10 + id, RecordedAt: 1, Printed: number, Status: account.StatusPlaced, Flat: "15", Evidence: []byte("{}")})
		b.Links = append(b.Links, account.Link{BuildingID: 1, AccountID: 10 + id, RecordedAt: 1, HouseholdID: 101})
	}
	w.write(func(tx *db.Tx) error { return b.Write(w.ctx, tx) })
	w.exec("INSERT INTO service (service_id, supplier_id, name) VALUES (130, 3, 'Содержание дома'), (110, 1, 'Холодная вода'), (111, 1, 'Горячая вода'), (112, 2, 'Электроэнергия')")
	w.exec("INSERT INTO intake_batch (batch_id, digest, state, actor, recorded_at, done_building, created_at, finished_at) VALUES (1, '', 'applied', '', 1, 0, 1, 1)")
	w.exec(`INSERT INTO intake_file (file_id, batch_id, supplier_id, name, digest, size, purpose, unit, cutoff_day, cutoff_months, profile, month, state, duplicate_of, encoding, refusal, rows, applied, repaired, ignored, quarantined, control_file, control_read, control_given, created_at, applied_at)
		VALUES (1, 1, 3, 'x.csv', '', 1, 'charges', 'line', 31, 0, '', 202610, 'applied', 0, '', '', 1, 1, 0, 0, 0, 0, 0, 0, 1, 1)`)
	for month, sum := range map[int]int64{202609: 100_000, 202610: 120_000} {
		w.exec(`INSERT INTO charge (building_id, account_id, month, service_id, recorded_at, file_id, row_no, opening_kop, charge_kop, recalc_kop, penalty_kop, paid_kop, due_kop, volume_e7, rate_e7, given)
			VALUES (1, 13, $1, 130, 1, 1, 1, 0, $2, 0, 0, 0, $2, 0, 0, 127)`, month, sum)
	}
	w.facts()
}

func (w *town) facts() {
	open := calc.Term{From: 20200101}
	s := &fact.Set{Building: 1, Premises: []fact.Premises{{Household: 101, Area: decimal.FromInt(50), Rooms: 2}}, Stays: []fact.Stay{{Household: 101, ID: 1, Kind: fact.Resident, Persons: 2, Term: open}}}
	for i, x := range []struct {
		account int64
		service string
	}{{11, "cold_water"}, {11, "hot_water"}, {12, "electricity"}} {
		s.Subscriptions = append(s.Subscriptions, fact.Subscription{Household: 101, AccountID: x.account, Service: x.service, SupplierID: x.account - 10, ServiceID: 110 + int64(i), Mode: fact.Computed, MeterOK: true, Term: open})
	}
	s.Meters = []fact.Meter{
		{ID: cold, AccountID: 11, Service: "cold_water", Serial: "4471201", Digits: 5, Registers: 1, VerifiedBy: 20301231, Term: open},
		{ID: power, AccountID: 12, Service: "electricity", Serial: "900100", Digits: 5, Registers: 2, VerifiedBy: 20301231, Term: open},
		{ID: hot, AccountID: 11, Service: "hot_water", Serial: "ГВ55", Digits: 5, Registers: 1, VerifiedBy: 20301231, Term: open},
	}
	for k := range 10 {
		on := calendar.NewDate(2026, k+1, 23)
		for _, x := range []struct {
			meter int64
			zone  calc.Zone
			value int
		}{{cold, calc.AllDay, 100 + 8*k}, {power, calc.Day, 5000 + 120*k}, {power, calc.Night, 2000 + 60*k}, {hot, calc.AllDay, 50 + 3*k}} {
			s.Readings = append(s.Readings, fact.Reading{MeterID: x.meter, ID: fact.ReadingID(x.meter, on, x.zone), On: on, Zone: x.zone, Value: decimal.FromInt(int64(x.value)), Accepted: true})
		}
	}
	out := fact.NewWriter()
	if err := out.Add(s, 1); err != nil {
		w.t.Fatal(err)
	}
	w.write(func(tx *db.Tx) error { return out.Write(w.ctx, tx) })
}

// hear waits for the next message of the bot and checks what is in it.
func (w *town) hear(parts ...string) room.Message {
	w.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) {
		list := w.room.Messages(w.chat)
		for w.seen < len(list) && list[w.seen].Mine {
			w.seen++
		}
		if w.seen < len(list) {
			w.seen++
			m := list[w.seen-1]
			for _, part := range parts {
				if !strings.Contains(strings.ReplaceAll(m.Text, "\u00a0", " "), part) {
					w.t.Fatalf("%q is not in %q", part, m.Text)
				}
			}
			return m
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatalf("the bot is silent; expected %q", parts)
	return room.Message{}
}

func (w *town) say(text string, parts ...string) room.Message {
	w.t.Helper()
	w.room.Say(w.chat, text)
	return w.hear(parts...)
}

func (w *town) press(button string, parts ...string) room.Message {
	w.t.Helper()
	if !w.room.Press(w.chat, button) {
		w.t.Fatalf("there is no button %q", button)
	}
	return w.hear(parts...)
}

// link links the chat by the paper of the flat.
func (w *town) link() {
	w.t.Helper()
	w.room.Open(w.chat, "")
	w.hear("Здравствуйте")
	w.say("1100 "+w.code.Typed, "Чат подключён")
}

// owner is the flat's owner, as the site knows him.
func (w *town) owner() access.Actor {
	w.t.Helper()
	who, _, err := w.m.People.ByContact(w.ctx, person.Phone, "+79001234567")
	if err != nil {
		w.t.Fatal(err)
	}
	home, err := w.m.People.AddHome(w.ctx, person.Home{PersonID: who, Building: 1, Household: 101, Role: person.Owner, Rights: access.AllRights, Actor: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	return access.Actor{Role: access.Resident, UserID: who, HomeID: home, BuildingID: 1, HouseholdID: 101, Rights: access.AllRights}
}

// until waits until a query gives a number.
func (w *town) until(query string, want int64) {
	w.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for w.count(query) != want {
		if time.Now().After(deadline) {
			w.t.Fatalf("%s: %d, expected %d", query, w.count(query), want)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
