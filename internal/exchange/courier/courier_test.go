package courier

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// office is the module with one supplier, two of his accounts, and a clock that the test sets.
type office struct {
	t        *testing.T
	db       *db.DB
	m        *Module
	clock    time.Time
	supplier int64
	out      string
	taken    []string
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	ctx := context.Background()
	o := &office{t: t, db: d, clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), out: t.TempDir()}
	if err := os.Mkdir(filepath.Join(o.out, "answers"), 0o750); err != nil {
		t.Fatal(err)
	}
	now := func() calendar.Micros { return calendar.MicrosOf(o.clock) }
	s, err := supplier.New(d, now).Ensure(ctx, "voda")
	if err != nil {
		t.Fatal(err)
	}
	o.supplier = s.ID
	var b account.Batch
	for _, id := range []int64{11, 12} {
		b.Accounts = append(b.Accounts, account.Account{BuildingID: 1, AccountID: id, SupplierID: s.ID, Number: fmt.Sprint("В-", id), OpenedAt: 1})
	}
	o.write(func(tx *db.Tx) error { return b.Write(ctx, tx) })
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.m = New(Deps{DB: d, Blobs: blobs, Feed: feed.New(d, tariff.New(d, now).Current, time.UTC, now), Now: now,
		Layout: func(context.Context, *db.Tx, int64) (register.Layout, error) {
			p := register.Profile{Encoding: "cp1251", Money: register.RubComma}
			return p.Layout(), nil
		},
		Balances: func(_ context.Context, _ int64, each func(Balance) error) error {
			return each(Balance{BuildingID: 1, AccountID: 11, Due: 12345})
		},
		Deliver: func(_ context.Context, _ int64, name, key string, body io.Reader) error {
			text, err := io.ReadAll(body)
			if bytes.HasPrefix(text, []byte("broken")) {
				return fault.New(fault.Invalid, "x", "Файл испорчен.")
			}
			o.taken = append(o.taken, name+" "+string(text)+" "+key[:len("courier:")])
			return err
		}})
	return o
}

func (o *office) write(fn func(tx *db.Tx) error) {
	o.t.Helper()
	if err := o.db.WriteLocal(context.Background(), fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) load(spec string) {
	o.t.Helper()
	list, err := Parse(strings.NewReader(strings.ReplaceAll(spec, "OUT", o.out)))
	if err == nil {
		_, err = o.m.Load(context.Background(), access.Actor{Role: access.System}, list)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

// pay tells of a payment to account 11.
func (o *office) pay(operation string, sum int64) {
	o.t.Helper()
	o.write(func(tx *db.Tx) error {
		return event.Write(context.Background(), tx, []event.Event{{BuildingID: 1, AccountID: 11, At: o.m.Now(), Body: event.Payment{Operation: operation, Day: "2026-11-22", Channel: "online", Sum: sum}}})
	})
	if _, err := o.m.Feed.Catch(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) run(now bool) Done {
	o.t.Helper()
	done, err := o.m.Run(context.Background(), 0, now)
	if err != nil {
		o.t.Fatal(err)
	}
	return done
}

func (o *office) read(name string) string {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.out, name))
	if err != nil {
		o.t.Fatal(err)
	}
	return string(text)
}

func (o *office) file(number int64) File {
	o.t.Helper()
	f, err := o.m.Find(context.Background(), o.supplier, "payments", number)
	if err != nil {
		o.t.Fatal(err)
	}
	return f
}

// answers puts a file of the supplier where it is looked for.
func (o *office) answers(name, text string) {
	o.t.Helper()
	path := filepath.Join(o.out, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		o.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	long := o.clock.Add(-time.Minute)
	if err := os.Chtimes(path, long, long); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) clean() {
	o.t.Helper()
	err := o.db.Read(context.Background(), func(tx *db.Tx) error {
		list, err := Invariants(context.Background(), tx)
		for _, b := range list {
			if b.Count > 0 {
				o.t.Errorf("%s: %v", b.ID, b.Rows)
			}
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

const payments = `
- supplier: voda
  code: payments
  what: payments
  days: [mon, tue, wed]
  hours: ["06:00"]
  zone: Asia/Omsk
  folder: OUT
  layout: {kind: csv, encoding: utf-8, money: rub_dot, file_name: "{ddmmyyyy}.csv", columns: [{role: operation}, {role: account}, {role: date}, {role: amount}]}
  answer:
    folder: answers
    profile: {kind: csv, delimiter: ";", encoding: utf-8, file_mask: '^(?P<name>.*)\.ack$', columns: {operation: 0, status: 1, reason: 2}}
`

// TestEachFactIsInOneFile: files of hours that passed while nothing ran are those that would have been made then; the next
// goes on where the last ended; names do not repeat; nothing goes twice.
func TestEachFactIsInOneFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.pay("before", 100)
		o.clock = o.clock.Add(time.Second)
		o.load(payments)
		o.clock = o.clock.Add(time.Second)
		o.pay("monday", 200)
		o.clock = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
		o.pay("tuesday", 300)
		o.clock = time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC) // two hours have passed; the clock of Omsk is six ahead
		o.pay("wednesday", -50)
		if done := o.run(false); done.Made != 2 || done.Sent != 2 || done.Failed != 0 {
			t.Errorf("%+v", done)
		}
		if got := o.read("24112026.csv"); got != "monday;В-11;22.11.2026;2.00\r\n" {
			t.Errorf("%q", got)
		}
		if got := o.read("25112026.csv"); got != "tuesday;В-11;22.11.2026;3.00\r\n" {
			t.Errorf("%q", got)
		}
		if done := o.run(false); done.Made+done.Sent != 0 {
			t.Errorf("again: %+v", done)
		}
		if done := o.run(true); done.Made != 1 || o.read("25112026_3.csv") != "wednesday;В-11;22.11.2026;-0.50\r\n" {
			t.Errorf("at once: %+v", done)
		}
		if done := o.run(true); done.Made != 0 {
			t.Errorf("nothing more: %+v", done)
		}
		o.clean()
	})
}

// TestAnswersAreKept: a refused row is seen, waits for a person, and goes again with the next file.
func TestAnswersAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), context.Background()
		o.load(payments)
		o.pay("p1", 100)
		o.pay("p2", 200)
		o.clock = o.clock.Add(time.Hour)
		o.run(true)
		o.answers("answers/23112026.ack", "p1;0;\np2;17;нет такого счёта\nчужая;0;\n")
		o.answers("answers/half.part", "p1;1;x\n")
		if done := o.run(true); done.Answers != 1 || done.Failed != 0 {
			t.Errorf("%+v", done)
		}
		if done := o.run(true); done.Answers != 0 {
			t.Errorf("the same answer again: %+v", done)
		}
		f := o.file(1)
		list, err := o.m.Refusals(ctx, &f)
		if err != nil || f.State != Partly || len(list) != 1 || list[0].Row != 2 || list[0].Reason != "нет такого счёта" || list[0].Account != "В-11" {
			t.Errorf("%+v %+v %v", f, list, err)
		}
		if n, err := o.m.Resend(ctx, access.Actor{Role: access.System}, o.supplier, "payments", 1, true); err != nil || n != 1 {
			t.Errorf("%d %v", n, err)
		}
		o.pay("p3", 300)
		o.clock = o.clock.Add(time.Hour)
		o.run(true)
		if got := o.read("23112026_2.csv"); got != "p2;В-11;22.11.2026;2.00\r\np3;В-11;22.11.2026;3.00\r\n" {
			t.Errorf("%q", got)
		}
		if _, err := o.m.Resend(ctx, access.Actor{Role: access.System}, o.supplier, "payments", 1, true); fault.CodeOf(err) != "courier.nothing_refused" {
			t.Errorf("a second time: %v", err)
		}
		o.answers("answers/23112026_2.ack", "p2;принято;\np3;Принято;\n")
		o.clock = o.clock.Add(time.Hour)
		o.run(true)
		if f := o.file(2); f.State != Accepted || f.Again != 1 {
			t.Errorf("%+v", f)
		}
		if _, err := o.m.Resend(ctx, access.Actor{Role: access.System}, o.supplier, "payments", 2, false); err != nil {
			t.Error(err)
		}
		if done := o.run(true); done.Sent != 1 || done.Made != 0 {
			t.Errorf("a file sent again is the same file: %+v", done)
		}
		o.clean()
	})
}

// TestSupplierAwayIsWaitedFor: files wait in order, what is wrong is seen, and they go when he is back.
func TestSupplierAwayIsWaitedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.load(payments)
		away := o.out + ".away"
		if err := os.Rename(o.out, away); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			o.pay(fmt.Sprint("p", i), 100)
			o.clock = o.clock.Add(time.Hour)
			if done := o.run(true); done.Made != 1 || done.Sent != 0 || done.Failed != 1 {
				t.Errorf("%+v", done)
			}
		}
		o.clock = o.clock.Add(2 * time.Hour)
		list, err := o.m.Statuses(context.Background(), o.supplier)
		if err != nil || len(list) != 1 || !list[0].Late || list[0].Waiting != 2 || !strings.Contains(list[0].Trouble, "недоступна") {
			t.Errorf("%+v %v", list, err)
		}
		if err := os.Rename(away, o.out); err != nil {
			t.Fatal(err)
		}
		if done := o.run(false); done.Sent != 2 {
			t.Errorf("%+v", done)
		}
		o.read("23112026.csv")
		o.read("23112026_2.csv")
		o.clean()
	})
}

// TestRegistersAreTaken: each once, when it stands still; a broken one does not hold up the others.
func TestRegistersAreTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.load("supplier: voda\ncode: registers\nfolder: OUT\ntake: {file_mask: '\\.dbf$', remove: true}\n")
		o.answers("a.dbf", "broken")
		o.answers("b.dbf", "bytes")
		o.answers("c.txt", "other")
		for range 3 {
			o.clock = o.clock.Add(time.Minute)
			o.run(false)
		}
		if len(o.taken) != 1 || o.taken[0] != "b.dbf bytes courier:" {
			t.Errorf("%q", o.taken)
		}
		if _, err := os.Stat(filepath.Join(o.out, "b.dbf")); !os.IsNotExist(err) {
			t.Error("what was taken is still there")
		}
		o.clean()
	})
}

// TestBalanceIsAsNow: one file however many hours were missed.
func TestBalanceIsAsNow(t *testing.T) {
	d := dbtest.One(t)
	o := newOffice(t, d)
	o.load("supplier: voda\ncode: dues\nwhat: balance\nfrom: 2026-11-01\nhours: [\"06:00\", \"18:00\"]\nfolder: OUT\n")
	if done := o.run(false); done.Made != 1 {
		t.Errorf("%+v", done)
	}
	if got := o.read("dues_23112026_1.csv"); got != "account;fio;address;date;amount\r\n;;;23.11.2026;123,45\r\n" {
		t.Errorf("%q", got)
	}
}
